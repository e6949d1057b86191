"""Images, states and residents that are damaged, folders that cannot be written, a second process: one clear error with its fix."""

import os
import shutil
import subprocess

from harness import *


def tolerated(result, what):
    """No signal, no trap; an error in its form, or it works."""
    expect(0 <= result.code < 126, f"{what}: exit code {result.code}\n{result.text[-2000:]}")
    if result.code != 0:
        error_form(result)


@check("bad input: files of an image that are missing, empty, truncated, too long, or are no files")
def image_files():
    with Folder() as folder:
        vmyna("mint", "fresh-adult", "-o", folder / "good").ok()
        names = []
        for base, _, files in os.walk(folder / "good"):
            names += [os.path.relpath(os.path.join(base, name), folder / "good") for name in files]
        refused = 0
        script = f"{select(JPKI)}\n00B08A0000\n{verify('1234', p2='98')}\n{sign(digest_info(b'x'), p2='97')}\n"
        for name in sorted(names):
            for damage in ("missing", "empty", "half", "long", "folder", "pipe", "loop"):
                shutil.rmtree(folder / "bad", ignore_errors=True)
                shutil.copytree(folder / "good", folder / "bad")
                path = os.path.join(folder / "bad", name)
                with open(path, "rb") as file:
                    content = file.read()
                os.unlink(path)
                if damage == "empty":
                    open(path, "w").close()
                elif damage == "half":
                    with open(path, "wb") as file:
                        file.write(content[:len(content) // 2])
                elif damage == "long":
                    with open(path, "wb") as file:
                        file.write(content + bytes(70000))
                elif damage == "folder":
                    os.mkdir(path)
                elif damage == "pipe":
                    os.mkfifo(path)
                elif damage == "loop":
                    os.symlink(path, path)
                for words in (["check", folder / "bad"], ["apdu", "--card", folder / "bad"]):
                    result = vmyna(*words, input=script, limit=20)
                    if words[0] == "check":
                        expect(result.code in (0, 1), f"{name} {damage}: exit code {result.code}")
                        refused += result.code
                    else:
                        tolerated(result, f"{name} {damage}")
        expect(refused > len(names), f"only {refused} faults found")
        for extra in ("jpki/note.txt", "jpki/ZZZZ.der", "jpki/0001-0.bin", "jpki/0001-999.bin", "nowhere/0001.bin", "jpki/00FF.bin"):
            shutil.rmtree(folder / "bad", ignore_errors=True)
            shutil.copytree(folder / "good", folder / "bad")
            os.makedirs(os.path.dirname(os.path.join(folder / "bad", extra)), exist_ok=True)
            with open(os.path.join(folder / "bad", extra), "w") as file:
                file.write("x")
            result = vmyna("check", folder / "bad").fails(1, extra)
            contains(extra, result.text, extra.split("/")[1].split(".")[0].split("-")[0], "fix: ")


@check("bad input: formats of the future are refused with the way out")
def future_formats():
    with Folder() as folder:
        vmyna("mint", "fresh-adult", "-o", folder / "image").ok()
        manifest = os.path.join(folder / "image", "card.json")
        with open(manifest) as file:
            text = file.read()
        for format in ("99", "0", "-1", "1.5", '"1"', "null"):
            with open(manifest, "w") as file:
                file.write(text.replace('"format" : 1', f'"format" : {format}'))
            result = vmyna("check", folder / "image").fails(1, f"format {format}")
            contains(f"format {format}", result.text, "card.json", "fix: ")
        vmyna("apdu", "--state", folder / "state", input=f"{select(JPKI)}\n{verify('0000', p2='98')}\n").ok()
        journal = os.path.join(folder / "state", "fresh-adult", "state.journal")
        with open(journal) as file:
            text = file.read()
        for first, what in (("vmyna-state 99 card=00000000", "format 99"), (text.split("\n")[0].replace("card=", "card=FF"), "another card"),
                            ("something else", "no state")):
            with open(journal, "w") as file:
                file.write(first + "\n" + text.split("\n", 1)[1])
            result = vmyna("apdu", "--state", folder / "state", input="")
            error_form(result, 1)
            contains(first, result.err, what, journal)


@check("bad input: a journal that is somebody else's file is refused and left as it is")
def foreign_journal():
    with Folder() as folder:
        vmyna("apdu", "--state", folder / "state", input="").ok()
        journal = os.path.join(folder / "state", "fresh-adult", "state.journal")
        for content in (b"my diary", b"vmyna", b"vmyna-state 1 card=0", b"x" * 100000, b"\0" * 10, b"\n", b"\n\n"):
            with open(journal, "wb") as file:
                file.write(content)
            result = vmyna("apdu", "--state", folder / "state", input="")
            if result.code == 0:
                # What can be the beginning of our own first line is begun again.
                expect(b"vmyna-state".startswith(content[:11]), f"{content[:20]!r} was overwritten")
                continue
            error_form(result, 1)
            with open(journal, "rb") as file:
                equal("the file", file.read(), content)


@check("bad input: a second process on the same card is refused with the fix; the card is free when the first one ends")
def second_process():
    with Folder() as folder:
        first = subprocess.Popen([command_path(), "apdu", "--state", folder / "state"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        first.stdin.write(select(JPKI) + "\n")
        first.stdin.flush()
        first.stdout.readline()
        for words in (["apdu", "--state", folder / "state"], ["run", "--state", folder / "state", "--", "true"],
                      ["serve", "--state", folder / "state", "--socket", folder / "socket"]):
            result = vmyna(*words, input="")
            error_form(result, 1)
            contains(words[0], result.err, f"in use by process {first.pid}", "fix: end that process, or name another folder with --state")
        first.kill()
        first.wait()
        vmyna("apdu", "--state", folder / "state", input="").ok("after the first process was killed")


@check("bad input: a state folder that cannot be written, as an ordinary user")
def read_only():
    with Folder() as folder:
        os.chmod(folder.path, 0o755)
        script = f"{select(JPKI)}\n{verify('0000', p2='98')}\n"
        vmyna("apdu", "--state", folder / "state", input=script).ok()
        for base, folders, files in os.walk(folder / "state"):
            os.chown(base, 65534, 65534)
            os.chmod(base, 0o555)
            for name in files:
                os.chown(os.path.join(base, name), 65534, 65534)
                os.chmod(os.path.join(base, name), 0o444)
        before = open(os.path.join(folder / "state", "fresh-adult", "state.journal")).read()
        copy = folder / "vmyna"
        environment = {**os.environ, "HOME": folder.path, "VMYNA_CARDS": folder / "cards"}
        shutil.copy(command_path(), copy)
        shutil.copytree(os.path.join(ROOT, "CardImages"), folder / "cards")
        result = run("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", copy, "apdu", "--state", folder / "state", input=script,
                     env=environment)
        error_form(result)
        contains("the error", result.err, "state", "fix: ")
        result = run("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", copy, "apdu", "--state", "/proc/1/state", input=script,
                     env=environment)
        error_form(result, 3)
        equal("the journal", open(os.path.join(folder / "state", "fresh-adult", "state.journal")).read(), before)


@check("bad input: a folder that becomes read-only under the card: tries still count")
def becomes_read_only():
    with Folder() as folder:
        os.mkdir(folder / "state")
        run("mount", "-t", "tmpfs", "tmpfs", folder / "state").ok()
        try:
            card = Piped("--state", folder / "state")
            card(select(JPKI))
            card(verify("0000", p2="98"), "63C2")
            # The service holds the journal open for writing, so the kernel refuses the plain remount: it is told by force of a bind.
            if run("mount", "-o", "remount,ro", folder / "state").code == 0:
                card(verify("0000", p2="98"), "6581")
                card("00200098", "63C1")
            card.close()
        finally:
            run("umount", "-l", folder / "state")


@check("bad input: the disk is full: the try is spent, the answer is 6581, the card stays usable, nothing is lost")
def full_disk():
    with Folder() as folder:
        os.mkdir(folder / "disk")
        run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder / "disk").ok()
        try:
            card = Piped("--state", folder / "disk")
            card(select(JPKI))
            card(verify("0000", p2="98"), "63C2")
            fill(folder / "disk")
            # The journal's last page has room for some lines still.
            answers = []
            for _ in range(200):
                answer = card.send(bytes.fromhex(verify("ABC123", p2="9B"))).hex()
                answers.append(answer)
                if answer == "6581":
                    break
            equal("the answer on a full disk", answers[-1], "6581")
            left = int(card.send(bytes.fromhex("0020009B")).hex()[3])
            expect(left in (4, 5), f"{left} tries after the failure")
            card("00B08A0004", length=4)
            card("0084000008", length=8)
            before = left
            card(verify("WRONG1", p2="9B"), "6581")
            card("0020009B", f"63C{before - 1}")
            card(sign(digest_info(b"x"), p2="9A"), "6982|9000")
            os.unlink(os.path.join(folder / "disk", "filler"))
            card(verify("ABC123", p2="9B"))
            card("0020009B", "63C5")
            card(sign(digest_info(b"x"), p2="9A"), length=256)
            card("00200098", "63C2")
            card.close()
            again = Piped("--state", folder / "disk")
            again(select(JPKI))
            again("00200098", "63C2")
            again("0020009B", "63C5")
            again.close()
            # A card that cannot even begin.
            fill(folder / "disk")
            result = vmyna("apdu", "--card", "child-10", "--state", folder / "disk", input="")
            error_form(result)
            os.unlink(os.path.join(folder / "disk", "filler"))
            vmyna("apdu", "--card", "child-10", "--state", folder / "disk", input="").ok("after room was made")
        finally:
            run("umount", "-l", folder / "disk")


@check("bad input: set and operator on a full disk say so and change nothing")
def full_disk_set():
    with Folder() as folder:
        os.mkdir(folder / "disk")
        run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder / "disk").ok()
        try:
            service = Service(folder.path, state=folder / "disk").start()
            fill(folder / "disk")
            for number in range(300):
                result = service.command("set", f"sign.tries={number % 4}")
                if result.code != 0:
                    break
            error_form(result, 3)
            tries = service.tries("sign")
            equal("tries", tries, (number - 1) % 4)
            error_form(service.command("operator", "reset-pin", "sign", "--new", "NEW456"), 3)
            equal("tries", service.tries("sign"), tries)
            error_form(service.command("insert", "fresh-adult"), 1)
            os.unlink(os.path.join(folder / "disk", "filler"))
            service.command("set", "sign.tries=5").ok()
            service.stop()
        finally:
            run("umount", "-l", folder / "disk")


@check("bad input: residents that are nested, huge, binary, or no file")
def residents():
    with Folder() as folder:
        for name, content in (("deep.yaml", b"[" * 100000), ("deep2.yaml", b"{a: " * 60000), ("indent.yaml", b"".join(b" " * i + b"a:\n" for i in range(600))),
                              ("binary.yaml", bytes(range(256)) * 10), ("empty.yaml", b""), ("null.yaml", b"null\n"), ("list.yaml", b"- 1\n"),
                              ("huge.yaml", b"a: " + b"x" * 300000), ("bomb.yaml", b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
                                  b"%c: &%c [%s]\n" % (98 + i, 98 + i, b",".join([b"*%c" % (97 + i)] * 9)) for i in range(12))),
                              ("tag.yaml", b"format: !!binary x\nholder: !!python/object:x {}\n"), ("twice.yaml", b"format: 1\nformat: 1\n"),
                              ("number.yaml", b"format: 99999999999999999999999\n"), ("dash-n.yaml", b"---\n---\n"), ("tab.yaml", b"a:\tb\n\tc: d\n")):
            with open(folder / name, "wb") as file:
                file.write(content)
            result = vmyna("check", folder / name, limit=20)
            equal(f"{name}: exit code ({result.text[:300]})", result.code, 1)
            contains(name, result.text, "fix: ")
            if name in ("deep.yaml", "deep2.yaml", "bomb.yaml"):
                service = Service(folder.path, cards=[], readers=1, name="s").start()
                error_form(service.command("insert", folder / name))
                expect(service.alive, f"the service did not survive {name}")
                equal("exit code", service.stop(), 0)
        for path in ("/dev/null", "/dev/zero", "/proc/self/mem"):
            result = vmyna("check", path, limit=20)
            expect(result.code in (1, 2), f"{path}: {result.code}")


def fill(disk):
    file = os.open(os.path.join(disk, "filler"), os.O_WRONLY | os.O_CREAT)
    try:
        while True:
            os.write(file, bytes(4096))
    except OSError:
        os.close(file)


def command_path():
    import harness
    return harness.vmyna_path


@check("bad input: a port that is taken, a socket's path that is; what stood there stays")
def taken():
    import socket
    with socket.create_server(("127.0.0.1", 0)) as other:
        result = vmyna("pki", "ocsp", "--port", other.getsockname()[1])
        error_form(result, 3)
        contains("the error", result.err, "the port cannot be had")
    with Folder() as folder:
        with open(folder / "socket", "w") as file:
            file.write("a file of somebody's")
        error_form(vmyna("serve", "--socket", folder / "socket"), 3)
        equal("the file", open(folder / "socket").read(), "a file of somebody's")
        service = Service(folder.path, name="other").start()
        error_form(vmyna("serve", "--socket", folder / "other"), 3)
        vmyna("status", "--socket", folder / "other").ok("the service that was first")
        # Killed, it leaves its socket behind, and the next one takes its place.
        service.process.kill()
        service.process.wait()
        again = Service(folder.path, name="other").start()
        vmyna("status", "--socket", folder / "other").ok("the service after a killed one")
        again.stop()
