"""Every command: its help, its output, its exit codes, and the form of its errors. UPDATE=1 rewrites Tests/Golden."""

import json
import os
import re
import signal
import subprocess
import time

from harness import *

AT = ["--at", "2026-11-20"]


def normal(text, folder=None):
    """Without what differs from machine to machine."""
    if folder:
        text = text.replace(folder, "FOLDER")
    text = text.replace(ROOT, "ROOT")
    return re.sub(r"in use by process \d+", "in use by process N", text)


def commands():
    """All commands and sub-commands, from the help itself."""
    found, open_list = [], [[]]
    while open_list:
        words = open_list.pop(0)
        text = vmyna(*words, "--help").ok(" ".join(words) + " --help").out
        found.append((words, text))
        section = re.search(r"SUBCOMMANDS:\n(.*?)(?:\n\n  See|\Z)", text, re.DOTALL)
        if words and not section:
            continue
        for line in text[text.index("OPTIONS:"):].splitlines():
            name = re.match(r"  ([a-z][a-z-]*)(?:,[ a-z]*)?(?: \(default\))?(?:\s{2,}|$)", line)
            if name and name.group(1) != "help":
                open_list.append(words + [name.group(1)])
    return found


@check("help: of every command, the golden one")
def help_texts():
    found = commands()
    expect(len(found) > 12, f"only {len(found)} commands found")
    golden("help.txt", "\n".join(f"$ vmyna {' '.join(words + ['--help'])}\n{text}" for words, text in found))
    return f"{len(found)} texts"


@check("errors: typical ones of every command, the golden ones, each in the one form")
def errors():
    with Folder() as folder:
        vmyna("mint", "fresh-adult", *AT, "-o", folder / "image").ok()
        with open(folder / "broken.yaml", "w") as file:
            file.write("format: 1\nholder:\n  name: 見本　花子\n  birth: 1990-13-40\n  colour: red\npins:\n  sign: abc\n")
        with open(folder / "no.yaml", "w") as file:
            file.write("format: [1\n")
        service = Service(folder.path).start()
        cases = [
            ("nonsense", 2), ("show", 2), ("show nobody", 2), ("show fresh-adult --colour", 2), ("cards extra", 2),
            ("mint", 2), ("mint fresh-adult", 2), ("mint fresh-adult -o FOLDER/image", 1), ("mint fresh-adult -o /dev/null/x", 1),
            ("mint FOLDER/image -o FOLDER/new", 2), ("mint fresh-adult -o FOLDER/new --at yesterday", 2),
            ("mint fresh-adult -o FOLDER/new --seed -1", 2), ("mint FOLDER/broken.yaml -o FOLDER/new", 1), ("mint FOLDER/no.yaml -o FOLDER/new", 1),
            ("show FOLDER", 1), ("show FOLDER/none", 2), ("apdu --card nobody", 2), ("apdu --state /proc/none", 3),
            ("run", 2), ("run --card nobody -- true", 2), ("run --readers -1 -- true", 2), ("run --readers 17 -- true", 2),
            ("run --timeout 0 -- true", 2), ("run -- /no/such/program", 127), ("serve --socket FOLDER/socket", 3),
            ("serve --socket FOLDER/none/socket", 3), ("serve --card nobody --socket FOLDER/s2", 2), ("serve --readers 17 --socket FOLDER/s2", 2),
            ("serve --readers -1", 2), (f"serve --socket /{'x' * 120}", 3), ("serve --socket FOLDER/broken.yaml", 3),
            ("reader-conf --readers 0", 2), ("reader-conf --socket relative\\ path", 2),
            ("insert --socket FOLDER/socket", 2), ("insert nobody --slot 0 --socket FOLDER/socket", 1), ("insert fresh-adult --socket FOLDER/none", 3),
            ("eject --socket FOLDER/none", 3), ("eject --slot 3 --socket FOLDER/socket", 2), ("status --socket FOLDER/none", 3),
            ("status --slot 9 --socket FOLDER/socket", 2), ("set --socket FOLDER/socket", 2), ("set sign.tries=9 --socket FOLDER/socket", 2),
            ("set sign=1 --socket FOLDER/socket", 2), ("set auth.pin=12 --socket FOLDER/socket", 2),
            ("operator reset-pin nobody --new 1234 --socket FOLDER/socket", 2), ("operator reset-pin sign --socket FOLDER/socket", 2),
            ("operator reset-pin sign --new abc --socket FOLDER/socket", 2),
            ("rules validity", 2), ("rules validity --born 1990-01-01", 2), ("rules validity --born tomorrow --issued 2026-01-01", 2),
        ]
        lines, wrong = [], []
        for words, code in cases:
            actual = [word.replace("FOLDER", folder.path) for word in re.split(r"(?<!\\) ", words) if word]
            result = vmyna(*[word.replace("\\ ", " ") for word in actual], input="", limit=60)
            try:
                equal(f"exit code ({result.text.strip()[:200]})", result.code, code)
                error_form(result)
                equal("standard output", result.out, "")
            except Failure as failure:
                wrong.append(f"{words}: {failure}")
            lines.append(f"$ vmyna {words}\n{normal(result.err, folder.path)}exit code {code}\n")
        service.stop()
        expect(not wrong, "\n".join(wrong))
        golden("errors.txt", "\n".join(lines))
        return f"{len(cases)} errors"


@check("check: every fault of a resident with line and advice, exit code 1; none, exit code 0")
def check_command():
    with Folder() as folder:
        with open(folder / "broken.yaml", "w") as file:
            file.write("format: 1\nholder:\n  name: 見本　花子\n  birth: 1990-13-40\n  colour: red\npins:\n  sign: abc\n")
        result = vmyna("check", folder / "broken.yaml").fails(1)
        golden("check.txt", normal(result.text, folder.path))
        for line in vmyna("check", folder / "broken.yaml", "--json").fails(1).out.splitlines():
            equal("keys", sorted(json.loads(line)), ["fix", "location", "problem"])
        vmyna("mint", "fresh-adult", "-o", folder / "image").ok()
        for good in ("fresh-adult", "child-10", folder / "image"):
            vmyna("check", good).ok()


@check("cards: the gallery, in both forms")
def cards():
    names = [line.split()[0] for line in vmyna("cards").ok().out.splitlines()]
    objects = [json.loads(line) for line in vmyna("cards", "--json").ok().out.splitlines()]
    equal("names", names, [item["name"] for item in objects])
    for wanted in ("fresh-adult", "sign-locked", "auth-locked", "sign-1-left", "child-10"):
        expect(wanted in names, wanted)
    for item in objects:
        expect(item["ja"] and item["en"], f"{item}")


@check("show: JSON keys, text, and variables that a shell can read")
def show():
    facts = json.loads(vmyna("show", "fresh-adult", "--json").ok().out)
    for key in ("name", "holder", "cardEnd", "certificates", "pins"):
        expect(key in facts, key)
    equal("PINs", {name: pin["triesLeft"] for name, pin in facts["pins"].items() if name in ("sign", "auth")}, {"sign": 5, "auth": 3})
    contains("text", vmyna("show", "sign-locked").ok().out, "LOCKED")
    script = run("sh", "-c", 'eval "$("$1" show fresh-adult --env)"; openssl x509 -in "$VMYNA_ROOT_SIGN" -noout && echo "$VMYNA_SIGN_PIN/$VMYNA_NUMBER_A"',
                 "sh", harness_vmyna()).ok().out.strip()
    matches("the shell's view", script, r"^[A-Z0-9]{6,16}/\d{12}$")


def harness_vmyna():
    import harness
    return harness.vmyna_path


@check("mint: same seed and date, same bytes; another seed, other bytes; an image for its owner only")
def mint():
    with Folder() as folder:
        for name, words in (("a", []), ("b", []), ("c", ["--seed", "1"])):
            vmyna("mint", "fresh-adult", *AT, *words, "-o", folder / name).ok()
        equal("twice the same", run("diff", "-r", folder / "a", folder / "b").code, 0)
        equal("another seed", run("diff", "-rq", folder / "a", folder / "c").code, 1)
        equal("mode", os.stat(folder / "a").st_mode & 0o777, 0o700)
        run("openssl", "x509", "-inform", "DER", "-in", os.path.join(folder / "a", "jpki", "000A.der"), "-noout").ok()
        begin = time.monotonic()
        vmyna("mint", "fresh-adult", "-o", folder / "d").ok()
        took = time.monotonic() - begin
        return f"{took * 1000:.0f} ms"


@check("apdu: answers in order, comments, resets, lines that are no APDU")
def apdu():
    lines = ["# a comment", "", "00A4040C0A D392F000260100000001", "00 20 00 98  # the query", "xyz", "0", "00", "reset", "00200098", "power",
             "00A40000", "00 A4 04 0C 0A D3 92 F0 00 26 01 00 00 00 01", "00200098"]
    out = vmyna("apdu", input="\n".join(lines) + "\n").ok().out.splitlines()
    wanted = ["9000", "63C3", "error: ", "error: ", "6700", "3BDA13FF8131FB468012392F31C173C601C03B", "6A82", "3BDA13FF.*", "6A86", "9000", "63C3"]
    equal("lines", len(out), len(wanted))
    for got, want in zip(out, wanted):
        matches("apdu", got, "^(" + want + ")")
    vmyna("apdu", input="00A40000").ok()
    # Somebody who stops reading is no error.
    run("sh", "-c", 'yes 00A40000 | "$1" apdu | head -1', "sh", harness_vmyna(), limit=20).ok()


@check("run: exit codes, environment, several cards, a time limit")
def run_command():
    equal("exit code", in_world("sh", "-c", "exit 7").code, 7)
    equal("killed", in_world("sh", "-c", "kill -9 $$").code, 137)
    equal("time limit", vmyna("run", "--timeout", "0.5", "--", "sleep", "30").code, 124)
    text = in_world("env", card=("fresh-adult", "sign-1-left")).ok().out
    for name in ("CARD", "READER", "SIGN_PIN", "AUTH_PIN", "TEXT_INPUT_PIN", "RESIDENT_RECORD_PIN", "NUMBER_A", "NUMBER_B", "NAME", "ADDRESS",
                 "BIRTH", "SEX", "ROOT_SIGN", "ROOT_AUTH"):
        for suffix in ("", "_2"):
            expect(f"\nVMYNA_{name}{suffix}=" in "\n" + text, f"VMYNA_{name}{suffix} is missing")
    contains("the second reader", text, "VMYNA_READER_2=vmyna Virtual Reader 01 00", "VMYNA_CARD_2=sign-1-left")
    control = in_world("sh", "-c", '"$1" set auth.tries=1 && "$1" status --json', "sh", harness_vmyna()).ok().out
    equal("control from inside", json.loads(control)["pins"]["auth"]["triesLeft"], 1)


@check("serve: 'ready', a socket for its owner only, a clean end, and a start after a kill")
def serve():
    with Folder() as folder:
        service = Service(folder.path).start()
        equal("mode of the socket", os.stat(service.socket).st_mode & 0o777, 0o600)
        equal("exit code", service.stop(), 0)
        expect(not os.path.exists(service.socket), "the socket is still there")
        service.start()
        service.kill()
        expect(os.path.exists(service.socket), "kill -9 leaves the socket")
        service.start()
        service.status()
        equal("SIGINT", service.stop(signal.SIGINT), 0)
        empty = Service(folder.path, cards=[], readers=2, name="empty").start()
        equal("two empty readers", [line.split(": ")[1] for line in empty.command("status").ok().out.splitlines()], ["empty", "empty"])
        empty.stop()


@check("serve: two that begin together: one serves, the other is refused")
def serve_twice():
    for _ in range(5):
        with Folder() as folder:
            socket = folder / "socket"
            if _ % 2:
                # A dead service's socket is in the way.
                dead = Service(folder.path).start()
                dead.kill()
            both = [subprocess.Popen([harness_vmyna(), "serve", "--socket", socket], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                    for _ in range(2)]
            lines = [process.stdout.readline() for process in both]
            equal("ready", sorted(lines), ["", "ready\n"])
            loser, winner = (both if lines[0] == "" else reversed(both))
            equal("exit code of the loser", loser.wait(10), 3)
            contains("the loser", loser.stderr.read(), "a card service is running already", "fix: ")
            vmyna("status", "--socket", socket).ok("the winner answers")
            winner.terminate()
            equal("exit code of the winner", winner.wait(10), 0)


@check("reader-conf names the socket on which serve listens by default")
def default_socket():
    text = vmyna("reader-conf").ok().out
    path = re.search(r"DEVICENAME +vmyna:0:(\S+)", text).group(1)
    result = vmyna("status", env={k: v for k, v in os.environ.items() if k != "VMYNA_SOCKET"})
    if result.code == 3:
        contains("where the commands look", result.err, path)
    contains("the help of serve", vmyna("serve", "--help").out, "VMYNA_SOCKET")


@check("every command survives a closed standard output and standard error")
def closed_outputs():
    for words in (["cards"], ["show", "fresh-adult"], ["show", "nobody"], ["--help"], ["rules", "list"]):
        for closing in ("1>&-", "2>&-", "1>&- 2>&-"):
            code = run("sh", "-c", f'"$@" {closing}', "sh", harness_vmyna(), *words).code
            expect(code < 126, f"{words} {closing}: exit code {code}")
