"""Readers with a keypad (PC/SC part 10): features, VERIFY and MODIFY direct, who types, what stays inside."""

import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import time

import harness
from harness import check, contains, equal, expect

VERIFY, MODIFY, PROPERTIES, TLV, FEATURES = 0x42330006, 0x42330007, 0x4233000A, 0x42330012, 0x42000D48
READER = "vmyna Virtual Reader 00 00"

# What the client does, as a program of its own inside `vmyna run`; each step prints one line.
CLIENT = r'''
import json, struct, sys, time
from smartcard import scard
_, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
reader = sys.argv[1]
steps = json.loads(sys.argv[2])
code, card, protocol = scard.SCardConnect(context, reader, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1)
if code: print("connect", scard.SCardGetErrorMessage(code)); sys.exit(1)
for step in steps:
    begin = time.monotonic()
    if step[0] == "apdu":
        code, answer = scard.SCardTransmit(card, scard.SCARD_PCI_T1, list(bytes.fromhex(step[1])))
    else:
        code, answer = scard.SCardControl(card, step[1], list(bytes.fromhex(step[2])))
    text = bytes(b & 0xFF for b in answer).hex().upper() if code == 0 else "error %08X" % (code & 0xFFFFFFFF)
    print(text, "%.1f" % (time.monotonic() - begin), flush=True)
'''
SELECT = ["apdu", "00A4040C0AD392F000260100000001"]
AUTH = ["apdu", "00A4020C020018"]
COUNTER = ["apdu", "00200080"]


def verify(template="0020008000", time_out=0, low=4, high=16):
    data = bytes.fromhex(template)
    structure = struct.pack("<BBBBBHBBHB3sI", time_out, 0, 0x82, 0, 0, low << 8 | high, 2, 0xFF, 0x0411, 0, b"\0\0\0", len(data)) + data
    return ["control", VERIFY, structure.hex()]


def modify(template="0024018000", confirm=1, time_out=0):
    data = bytes.fromhex(template)
    structure = struct.pack("<BBBBBBBHBBBHBBB3sI", time_out, 0, 0x82, 0, 0, 0, 0, 4 << 8 | 16, confirm, 2, 3, 0x0411, 0, 1, 2,
                            b"\0\0\0", len(data)) + data
    return ["control", MODIFY, structure.hex()]


def client_words(steps, reader=READER):
    return ["/usr/bin/python3", "-c", CLIENT, reader, json.dumps(steps)]


def answers(steps, *words, reader=READER, extra=()):
    result = harness.vmyna("run", *words, *extra, "--", *client_words(steps, reader))
    expect(result.code == 0, result.text)
    return [line.split(" ")[0] if not line.startswith("error") else line.rsplit(" ", 1)[0] for line in result.out.splitlines()]


class Script:
    """A keypad's script in a file."""

    def __init__(self, text):
        self.folder = harness.Folder()
        self.path = os.path.join(self.folder.path, "keypad")
        with open(self.path, "w") as file:
            file.write(text)
        self.words = ["--pin-pad", f"script:{self.path}"]

    def __enter__(self):
        return self

    def __exit__(self, *rest):
        self.folder.__exit__(*rest)


def pin(name="VMYNA_AUTH_PIN"):
    return harness.environment()[name]


@check("keypad: features and properties, only where there is one")
def features():
    steps = [["control", FEATURES, ""], ["control", TLV, ""], ["control", PROPERTIES, ""]]
    plain = answers(steps)
    equal("features of a reader without keypad", plain[0], "120442330012")
    expect(plain[2].startswith("error"), plain[2])
    refused = answers([SELECT, verify()])
    expect(refused[1].startswith("error"), refused[1])
    with Script("") as script:
        pad = answers(steps, *script.words)
        equal("features", pad[0], "120442330012" + "060442330006" + "070442330007" + "0A044233000A")
        equal("properties", pad[1], plain[1] + "01020000" + "020107" + "030100" + "060104" + "070110")
        equal("PIN properties", pad[2], "00000700")
        words = ["--readers", "1", "--pin-pad", f"1:script:{script.path}"]
        equal("slot 0 has none", answers(steps, *words)[0], "120442330012")


@check("keypad: right, wrong, cancelled, too late, too short; the card counts as ever")
def typed():
    with Script(f"9999\ncancel\ntimeout\n12\n{pin()}\n") as script:
        steps = [SELECT, AUTH, verify(), COUNTER, verify(), verify(), verify(), COUNTER, verify(), COUNTER, verify()]
        equal("answers", answers(steps, *script.words),
              ["9000", "9000", "63C2", "63C2", "6401", "6400", "6403", "63C2", "9000", "63C3", "6400"])


@check("keypad: after the PIN the key signs")
def signs():
    with Script(pin()) as script:
        steps = [SELECT, AUTH, verify(), ["apdu", "00A4020C020017"], ["apdu", "802A008014" + "5A" * 20 + "00"]]
        result = answers(steps, *script.words)
        expect(result[-1].endswith("9000") and len(result[-1]) == 516, result[-1])


@check("keypad: the short identifier in P2; a long password; a structure that is none")
def forms():
    with Script(f"{pin('VMYNA_SIGN_PIN')}\n1234\n") as script:
        steps = [SELECT, verify("0020009B00"), verify("00D6000000"), verify("0020"), ["control", VERIFY, "00" * 10],
                 ["control", VERIFY, ""], ["control", 0x42330099, "00"]]
        result = answers(steps, *script.words)
        equal("answers", result[:6], ["9000", "9000", "6B80", "6B80", "6B80", "6B80"])
        expect(result[6].startswith("error"), result[6])


@check("keypad: changing a PIN, typed twice; two that differ change nothing")
def changes():
    with Script(f"{pin()}\n4321\n4322\n4321\n4321\n{pin()}\n4321\n") as script:
        steps = [SELECT, AUTH, verify(), modify(), modify(), verify(), verify()]
        equal("answers", answers(steps, *script.words), ["9000", "9000", "9000", "6402", "9000", "63C2", "9000"])


@check("keypad: a person who takes eight seconds; the driver waits")
def slow():
    with Script(f"wait 8000\n{pin()}\n") as script:
        equal("answers", answers([SELECT, AUTH, verify()], *script.words), ["9000", "9000", "9000"])


@check("keypad: a fault between keypad and card; no power; no PIN in the trace, not even unmasked")
def inside():
    with harness.Folder() as folder, Script(f"{pin()}\n87654321\n") as script:
        trace = os.path.join(folder.path, "trace")
        answers([SELECT, AUTH, verify(), verify("002000800487654321")], *script.words, "--trace", trace, "--unmask")
        text = open(trace).read()
        contains("trace", text, "002000800")
        for secret in (pin(), "87654321"):
            expect(secret.encode().hex().upper() not in text.upper().replace(" ", ""), f"{secret} stands in the trace")


# Drives both sides from inside one `vmyna run`.
REMOTE = r'''
import json, os, subprocess, sys, time
vmyna, client = sys.argv[1], sys.argv[2:]
def keys(*words):
    return subprocess.run([vmyna, "pin-pad", *words], capture_output=True, text=True)
print("early", keys("enter", "1").returncode)
process = subprocess.Popen(client, stdout=subprocess.PIPE, text=True)
end = time.monotonic() + 10
while keys("show").returncode and time.monotonic() < end: time.sleep(0.02)
print("asks", keys("show").stdout.strip(), keys("show", "--json").stdout.strip())
print("enter", keys("enter", os.environ["VMYNA_AUTH_PIN"]).returncode)
print("cancel", keys("cancel", "--wait", "10").returncode)
time.sleep(0.2)
print("ejecting", keys("show").stdout.strip())
end = time.monotonic() + 10
while keys("show").returncode and time.monotonic() < end: time.sleep(0.02)
begin = time.monotonic()
subprocess.run([vmyna, "eject"], check=True)
print(process.communicate(timeout=30)[0].split("\n"))
print("ended", time.monotonic() - begin < 5)
'''


@check("keypad: remote, as a page or a test types on it; the card taken out while somebody types")
def remote():
    client = client_words([SELECT, AUTH, verify(), verify(time_out=20), verify(time_out=20), COUNTER])
    result = harness.vmyna("run", "--pin-pad", "remote", "--", "/usr/bin/python3", "-c", REMOTE, harness.vmyna_path, *client)
    text = result.ok("remote keypad").out
    contains("text", text, "early 1", 'asks verify auth {"asked":true,"purpose":"verify","pin":"auth","shortest":4,"longest":16}', "enter 0",
             "cancel 0", "ended True")
    lines = re.findall(r"'([^']*) [\d.]+'", text)
    equal("answers", lines[:4], ["9000", "9000", "9000", "6401"])
    expect(all(line.startswith("error") for line in lines[4:]) and len(lines) == 6, str(lines))
    result = harness.in_world(harness.vmyna_path, "pin-pad", "enter", "1234").fails(1)
    contains("error", result.err, "has no remote keypad", "--pin-pad remote")


def on_terminal(words, keys, limit=60):
    """A command on a terminal of its own; `keys` are typed when their question stands there."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(words[0], words)
    shown, waiting, end = "", list(keys), time.monotonic() + limit
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                part = os.read(terminal, 65536)
            except OSError:
                break
            if not part:
                break
            shown += part.decode(errors="replace")
        if waiting and re.search(waiting[0][0], shown[-300:]):
            os.write(terminal, waiting.pop(0)[1])
            shown += "\n"
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), shown


@check("keypad: the terminal, typed unseen, mended with backspace, left with Esc; given back as it was")
def terminal():
    question = r"auth PIN \([^)]*\); Enter, Esc: $"
    right = pin().encode()
    words = [harness.vmyna_path, "run", "--pin-pad", "terminal", "--", *client_words([SELECT, AUTH, verify(), verify(), verify(time_out=1), COUNTER])]
    code, shown = on_terminal(words, [(question, b"99\x7f\x7f" + right + b"\r"), (question, b"12\x1b")])
    equal(f"exit code\n{shown}", code, 0)
    lines = re.findall(r"^([0-9A-F]{4,}) [\d.]+", shown.replace("\r", "\n"), re.MULTILINE)
    equal(f"answers\n{shown}", lines, ["9000", "9000", "9000", "6401", "6400", "63C3"])
    expect(right.decode() not in re.sub(r"^[0-9A-F]+ .*$", "", shown, flags=re.MULTILINE), shown)
    contains("stars", shown, "****")
    result = subprocess.run([harness.vmyna_path, "run", "--pin-pad", "terminal", "--", "true"], capture_output=True, text=True,
                            start_new_session=True)
    equal("without a terminal", result.returncode, 2)
    contains("error", result.stderr, "no terminal", "  fix: ")


@check("keypad: wrong choices")
def choices():
    for words, part in ((["--pin-pad", "keys"], "no keypad"), (["--pin-pad", "5:remote"], "no slot 5"),
                        (["--pin-pad", "script:/no/such"], "cannot be read")):
        contains("error", harness.vmyna("run", *words, "--", "true").fails(2).err, part, "  fix: ")


# As a program of pyscard's users goes about it.
PYSCARD = r'''
import os, sys
from smartcard.System import readers
from smartcard.pcsc.PCSCPart10 import FEATURE_VERIFY_PIN_DIRECT, getFeatureRequest, getTlvProperties, hasFeature
connection = next(r for r in readers() if str(r) == os.environ["VMYNA_READER"]).createConnection()
connection.connect()
code = hasFeature(getFeatureRequest(connection), FEATURE_VERIFY_PIN_DIRECT)
print("properties", sorted(getTlvProperties(connection).items()))
for command in ("00A4040C0AD392F000260100000001", "00A4020C020018"):
    assert connection.transmit(list(bytes.fromhex(command)))[1:] == (0x90, 0x00)
verify = bytes([0, 0, 0x82, 0, 0, 16, 4, 2, 0xFF, 9, 4, 0, 0, 0, 0, 4, 0, 0, 0, 0x00, 0x20, 0x00, 0x80])
for _ in range(2):
    print("verify", bytes(connection.control(code, list(verify))).hex())
'''


@check("keypad: pyscard's part 10 finds features and properties, and has a PIN typed")
def pyscard():
    with Script(f"9999\n{pin()}\n") as script:
        result = harness.vmyna("run", *script.words, "--", "/usr/bin/python3", "-c", PYSCARD)
        contains("pyscard", result.ok().out, "('PCSCv2_PART10_PROPERTY_bMinPINSize', 4)", "('PCSCv2_PART10_PROPERTY_bMaxPINSize', 16)",
                 "verify 63c2", "verify 9000")


@check("keypad: OpenSC sees it")
def opensc():
    with Script(f"{pin()}\n") as script:
        result = harness.vmyna("run", *script.words, "--", "opensc-tool", "--list-readers")
        contains("opensc-tool", result.ok().out, "PIN pad")
        # Its jpki driver cannot leave the PIN to a keypad, and spends no try by trying; with --pin it works as ever.
        tool = ["pkcs11-tool", "--module", "opensc-pkcs11.so", "--login"]
        result = harness.vmyna("run", *script.words, "--", *tool, "--test", stdin=subprocess.DEVNULL)
        contains("login by keypad", result.text, "CKR_ARGUMENTS_BAD")
        result = harness.vmyna("run", *script.words, "--", *tool, "--pin", pin(), "--list-objects", "--type", "privkey")
        contains("login by --pin", result.ok().out, "User Authentication Key")
