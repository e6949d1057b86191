"""What every check needs: worlds of a private pcscd and a card service, clients, expectations. Docs: Tests/RealClients/README.md."""

import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time

from smartcard import scard

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
GOLDEN = os.path.join(ROOT, "Tests", "Golden")
PCSC_FOLDER = "/run/pcscd"
PKCS11_LIMIT = 120
CHECKS = []

# Whoever starts this in the background may have it ignore signals, and an ignored signal is inherited.
for ignored in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
    signal.signal(ignored, signal.SIG_DFL)

vmyna_path = None  # set by main.py


class Failure(Exception):
    pass


class Skip(Exception):
    pass


def check(name, limit=180):
    """Registers a check; it runs in a process of its own and is killed after `limit` seconds."""
    def register(function):
        CHECKS.append((name, function, limit))
        return function
    return register


def expect(condition, text):
    if not condition:
        raise Failure(text)


def equal(what, got, wanted):
    if got != wanted:
        raise Failure(f"{what}: got {got!r}, wanted {wanted!r}")


def contains(what, text, *parts):
    for part in parts:
        if part not in text:
            raise Failure(f"{what}: no {part!r} in\n{text}")


def matches(what, text, pattern):
    if not re.search(pattern, text, re.MULTILINE | re.DOTALL):
        raise Failure(f"{what}: nothing like {pattern!r} in\n{text}")


# ---------------------------------------------------------------------------------------------------- programs

class Result:
    def __init__(self, process):
        self.code, self.out, self.err = process.returncode, process.stdout, process.stderr

    @property
    def text(self):
        return self.out + self.err

    def ok(self, what="the command"):
        if self.code != 0:
            raise Failure(f"{what}: exit code {self.code}\n{self.text}")
        return self

    def fails(self, code, what="the command"):
        if self.code != code:
            raise Failure(f"{what}: exit code {self.code}, wanted {code}\n{self.text}")
        return self


def run(*command, limit=120, **options):
    """A program to its end. `input` may be text."""
    process = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             timeout=limit, text=options.pop("text", True), **options)
    return Result(process)


def vmyna(*words, **options):
    return run(vmyna_path, *words, **options)


def in_world(*command, card=("fresh-adult",), state=None, extra=(), **options):
    """`vmyna run` around a command."""
    words = ["run"]
    for name in card:
        words += ["--card", name]
    if state:
        words += ["--state", state]
    return vmyna(*words, *extra, "--", *command, **options)


def environment(card="fresh-adult"):
    """The variables that `vmyna show --env` prints."""
    text = vmyna("show", card, "--env").ok("show --env").out
    return dict(re.match(r"(\w+)='(.*)'$", line).groups() for line in text.splitlines())


class Folder:
    """A folder that vanishes with its check."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="vmyna-clients-")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def __truediv__(self, name):
        return os.path.join(self.path, name)


def error_form(result, code=None):
    """Every error: what is wrong, and the fix on the next line."""
    if code is not None:
        equal(f"exit code ({result.err.strip()})", result.code, code)
    matches("the form of the error", result.err, r"\Avmyna: [^\n]+\n  fix: [^\n]+\n")


# ---------------------------------------------------------------------------------------------------- the service

class Service:
    """`vmyna serve`."""

    def __init__(self, folder, cards=("fresh-adult",), readers=0, state=None, name="socket"):
        self.socket = os.path.join(folder, name)
        self.log = os.path.join(folder, name + ".log")
        self.words = ["serve", "--socket", self.socket]
        for card in cards:
            self.words += ["--card", card]
        if readers:
            self.words += ["--readers", str(readers)]
        if state:
            self.words += ["--state", state]
        self.process = None

    def start(self):
        self.process = subprocess.Popen([vmyna_path, *self.words], stdout=subprocess.PIPE,
                                        stderr=open(self.log, "w"), text=True)
        line = self.process.stdout.readline()
        if line != "ready\n":
            code = self.process.wait()
            raise Failure(f"vmyna serve said {line!r}, exit code {code}: {open(self.log).read()}")
        return self

    def stop(self, how=signal.SIGTERM, limit=5):
        if self.process is None:
            return None
        self.process.send_signal(how)
        try:
            code = self.process.wait(limit)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise Failure(f"vmyna serve did not end within {limit} s of signal {how}")
        finally:
            self.process = None
        return code

    def kill(self):
        self.stop(signal.SIGKILL)

    @property
    def pid(self):
        return self.process.pid

    @property
    def alive(self):
        return self.process is not None and self.process.poll() is None

    def resident_kilobytes(self):
        with open(f"/proc/{self.pid}/status") as file:
            return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1))

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def threads(self):
        return len(os.listdir(f"/proc/{self.pid}/task"))

    def command(self, *words):
        return vmyna(*words, "--socket", self.socket)

    def status(self, slot=0):
        lines = self.command("status", "--json", "--slot", slot).ok("status").out.splitlines()
        return json.loads(lines[0])

    def tries(self, pin, slot=0):
        return self.status(slot)["pins"][pin]["triesLeft"]


class World:
    """with World(cards=[…]) as world: a private pcscd, a service beside it, and this process as a client."""

    def __init__(self, cards=("fresh-adult",), readers=0, state=None):
        self.folder = tempfile.mkdtemp(prefix="vmyna-clients-")
        self.readers_count = max(1, len(cards) + readers)
        self.service = Service(self.folder, cards, readers, state)
        self.pid = None

    def __enter__(self):
        try:
            self.service.start()
            self.start_pcscd()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        try:
            self.stop_pcscd()
            if self.service.alive:
                self.service.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def start_pcscd(self):
        for name in os.listdir(PCSC_FOLDER):
            os.unlink(os.path.join(PCSC_FOLDER, name))
        configuration = os.path.join(self.folder, "reader.conf")
        with open(configuration, "w") as file:
            file.write(vmyna("reader-conf", "--readers", self.readers_count, "--socket", self.service.socket).ok().out)
        options = []
        if "disable-polkit" in run("pcscd", "--help").out:
            options.append("--disable-polkit")
        subprocess.run(["pcscd", *options, "-c", configuration], check=True)
        with open(os.path.join(PCSC_FOLDER, "pcscd.pid")) as file:
            self.pid = int(file.read().rstrip("\0\n"))

    def stop_pcscd(self):
        if self.pid is None:
            return
        os.kill(self.pid, signal.SIGTERM)
        begin = time.monotonic()
        while self.pcscd_lives() and time.monotonic() - begin < 10:
            time.sleep(0.01)
        if self.pcscd_lives():
            os.kill(self.pid, signal.SIGKILL)
        self.pid = None

    def pcscd_lives(self):
        try:
            with open(f"/proc/{self.pid}/stat") as file:
                return file.read().rsplit(")", 1)[1].split()[0] not in "ZX"
        except FileNotFoundError:
            return False

    def reader(self, number=0):
        return f"vmyna Virtual Reader {number:02X} 00"


# ---------------------------------------------------------------------------------------------------- PC/SC

def name_of(code):
    return scard.SCardGetErrorMessage(code)


class Client:
    """A PC/SC client on the bare functions."""

    def __init__(self):
        code, self.context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
        equal("SCardEstablishContext", code, 0)

    def release(self):
        scard.SCardReleaseContext(self.context)

    def readers(self):
        code, readers = scard.SCardListReaders(self.context, [])
        return readers if code == 0 else []

    def state(self, reader, known=scard.SCARD_STATE_UNAWARE, milliseconds=0):
        code, states = scard.SCardGetStatusChange(self.context, milliseconds, [(reader, known)])
        expect(code in (0, scard.SCARD_E_TIMEOUT), f"SCardGetStatusChange: {name_of(code)}")
        return states[0][1]

    def present(self, reader):
        return bool(self.state(reader) & scard.SCARD_STATE_PRESENT)

    def await_present(self, reader, present=True, seconds=5):
        """How long it took, in seconds."""
        begin = time.monotonic()
        while True:
            state = self.state(reader)
            if bool(state & scard.SCARD_STATE_PRESENT) == present:
                return time.monotonic() - begin
            left = seconds - (time.monotonic() - begin)
            expect(left > 0, f"the reader's state did not become {'present' if present else 'empty'} in {seconds} s")
            self.state(reader, state, int(left * 1000) + 1)

    def connect(self, reader, mode=scard.SCARD_SHARE_SHARED):
        code, card, protocol = scard.SCardConnect(
            self.context, reader, mode, scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1)
        expect(code == 0, f"SCardConnect to {reader}: {name_of(code)}")
        return Connection(self, card)

    def connect_code(self, reader, mode=scard.SCARD_SHARE_SHARED,
                     protocols=scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1):
        return scard.SCardConnect(self.context, reader, mode, protocols)[0]


class APDUs:
    """Scripts of APDUs; whoever inherits says how one is sent."""

    def send(self, command):
        raise NotImplementedError

    def __call__(self, command, status="9000", data=None, length=None, starts=None):
        """Sends one command; checks the status word (a regular expression) and, when given, the data. Returns the data."""
        command = re.sub(r"\s", "", command) if isinstance(command, str) else command.hex()
        answer = self.send(bytes.fromhex(command))
        shown = command.upper() if len(command) < 80 else command[:76].upper() + "…"
        expect(len(answer) >= 2, f"{shown}: the answer has {len(answer)} bytes")
        body, word = answer[:-2], answer[-2:].hex().upper()
        expect(re.fullmatch(status, word), f"{shown}: {word}, wanted {status}")
        if data is not None:
            wanted = bytes.fromhex(data) if isinstance(data, str) else data
            expect(body == wanted, f"{shown}: data {body.hex()[:120]}, wanted {wanted.hex()[:120]}")
        if length is not None:
            equal(f"{shown}: number of bytes", len(body), length)
        if starts is not None:
            expect(body.hex().upper().startswith(starts.upper()), f"{shown}: {body.hex()[:40]} does not start with {starts}")
        return body


class Connection(APDUs):
    """A connected card: call it with an APDU in hex and the status word that is right."""

    def __init__(self, client, card):
        self.client, self.card = client, card

    def raw(self, data):
        """(PC/SC code, answer)"""
        code, answer = scard.SCardTransmit(self.card, scard.SCARD_PCI_T1, list(data))
        return code, bytes(byte & 0xFF for byte in answer or [])

    def send(self, command):
        code, answer = self.raw(command)
        expect(code == 0, f"SCardTransmit {command[:20].hex()}: {name_of(code)}")
        return answer

    def disconnect(self, how=scard.SCARD_LEAVE_CARD):
        return scard.SCardDisconnect(self.card, how)

    def reconnect(self, how, mode=scard.SCARD_SHARE_SHARED):
        code, _ = scard.SCardReconnect(self.card, mode, scard.SCARD_PROTOCOL_T1, how)
        return code

    def answer_to_reset(self):
        code, _, _, _, atr = scard.SCardStatus(self.card)
        expect(code == 0, f"SCardStatus: {name_of(code)}")
        return bytes(byte & 0xFF for byte in atr)


class Piped(APDUs):
    """`vmyna apdu`: the same scripts without pcscd."""

    def __init__(self, *words):
        self.process = subprocess.Popen([vmyna_path, "apdu", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def line(self, text):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def send(self, command):
        return bytes.fromhex(self.line(command.hex()))

    def close(self):
        self.process.stdin.close()
        equal("exit code of vmyna apdu", self.process.wait(10), 0)


# ---------------------------------------------------------------------------------------------------- the driver's protocol

class Link:
    """A connection to the card service's socket, as Docs/Protocol.md has it."""

    COMMANDS, EVENTS, CONTROL = 0, 1, 2
    POWER_ON, RESET, POWER_OFF, TRANSMIT = 2, 3, 4, 5

    def __init__(self, path, role=COMMANDS, slot=0, hello=True, limit=10):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.connect(path)
        self.socket.settimeout(limit)
        self.sequence = 0
        if hello:
            self.socket.send(b"VMYN" + bytes([1, 1, role, slot]))
            self.status = (self.receive() or b"\0" * 8)[5]

    def receive(self):
        """One message; empty at the end of the connection."""
        try:
            return self.socket.recv(65557)
        except ConnectionResetError:
            return b""

    def request(self, kind, payload=b""):
        """(status, payload); None at the end of the connection."""
        self.sequence = (self.sequence + 1) & 0xFF
        self.socket.send(bytes([kind, self.sequence, 0, 0]) + payload)
        answer = self.receive()
        if not answer:
            return None
        expect(answer[0] == kind | 0x80 and answer[1] == self.sequence, f"the answer's header is {answer[:4].hex()}")
        return answer[2], answer[4:]

    def event(self):
        message = self.receive()
        if not message:
            return None
        return message[0], message[1], struct.unpack(">I", message[4:8])[0]

    def close(self):
        self.socket.close()


class LinkCard(APDUs):
    """APDU scripts over the service's socket, without pcscd."""

    def __init__(self, link):
        self.link = link

    def send(self, command):
        answer = self.link.request(Link.TRANSMIT, command)
        expect(answer is not None, "the service closed the connection")
        status, response = answer
        expect(status == 0, f"TRANSMIT: status {status}")
        return response


# ---------------------------------------------------------------------------------------------------- the card's words

JPKI = "D392F000260100000001"
TEXT = "D3921000310001010408"
VISUAL = "D3921000310001010402"
JUKI = "D3921000310001010401"
COMMON = "D3921000310001010100"
MANAGER = "A0000001510000"
AUTH_PIN_FILE, SIGN_PIN_FILE, AUTH_KEY, SIGN_KEY = "0018", "001B", "0017", "001A"
AUTH_CERTIFICATE, SIGN_CERTIFICATE, AUTH_CA, SIGN_CA = "000A", "0001", "000B", "0002"
QUERY = "00200080"
DIGEST_INFO = {
    "sha1": "3021300906052B0E03021A05000414",
    "sha256": "3031300D060960864801650304020105000420",
    "sha384": "3041300D060960864801650304020205000430",
    "sha512": "3051300D060960864801650304020305000440",
}


def select(aid):
    return f"00A4040C{len(aid) // 2:02X}{aid}"


def ef(identifier):
    return f"00A4020C02{identifier}"


def verify(pin, p2="80"):
    data = pin.encode()
    return f"002000{p2}{len(data):02X}{data.hex()}"


def read(offset, length):
    return f"00B0{offset >> 8:02X}{offset & 0xFF:02X}{length & 0xFF:02X}"


def read_extended(offset, length):
    return f"00B0{offset >> 8:02X}{offset & 0xFF:02X}00{length >> 8:02X}{length & 0xFF:02X}"


def sign(block, p1="00", p2="80"):
    data = bytes.fromhex(block) if isinstance(block, str) else block
    return f"802A{p1}{p2}{len(data):02X}{data.hex()}00"


def digest_info(message, algorithm="sha256"):
    import hashlib
    return DIGEST_INFO[algorithm] + hashlib.new(algorithm, message).hexdigest()


def der_length(header):
    """The whole length of the object that begins with these bytes."""
    expect(header[0] == 0x30 and header[1] == 0x82, f"no long DER sequence: {header.hex()}")
    return (header[2] << 8 | header[3]) + 4


def has_file(card_image, path):
    """Whether an image holds a file, such as text's 0002."""
    folder, name = os.path.split(path)
    try:
        return any(entry.split(".")[0].split("-")[0] == name for entry in os.listdir(os.path.join(card_image, folder)))
    except FileNotFoundError:
        return False


# ---------------------------------------------------------------------------------------------------- golden files

def golden(name, text):
    """Compares with Tests/Golden/name; UPDATE=1 rewrites it."""
    path = os.path.join(GOLDEN, name)
    if os.environ.get("UPDATE") == "1":
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
        return
    try:
        with open(path) as file:
            wanted = file.read()
    except FileNotFoundError:
        raise Failure(f"there is no Tests/Golden/{name}; run with UPDATE=1 to write it")
    if text != wanted:
        import difflib
        lines = difflib.unified_diff(wanted.splitlines(), text.splitlines(), f"Tests/Golden/{name}", "now", lineterm="")
        raise Failure("\n".join(lines))
