"""Torture: nothing that is done to the card service hands a try back or leaves a state that does not load.

Usage: Tests/Torture/torture.py VMYNA_BINARY [SECONDS [SEED]]     (60 seconds; the seed is printed)
       FULL=1 sweeps every byte position of image and state instead of as many as the time allows.

kill        kill -9 at a random instant of guessing, changing and resetting PINs. After each: every guess that was answered is
            spent, nothing else is lost but the one command that was under way, and the state loads.
begin       kill -9 at a random instant of the first start, while image and journal are made: the next start works.
compaction  the same while the journal is rewritten.
full disk   guesses while the disk fills and empties, then kill -9: a guess that was compared is spent.
damage      image and state with a byte changed or cut off anywhere: an error with its fix, or a state that the card once had.
residents   resident files with damage: a fault with its line, or a card.
"""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "RealClients"))

import harness  # noqa: E402
from harness import (JPKI, TEXT, Failure, Link, LinkCard, Service, expect, run, select, vmyna)  # noqa: E402

RIGHT = {"sign": b"ABC123", "auth": b"1234"}
WRONG = {"sign": b"WRONG1", "auth": b"0000"}
TRIES = {"sign": 5, "auth": 3}
SFI = {"sign": 0x9B, "auth": 0x98}
STATUS_FORM = re.compile(r"\A(vmyna: [^\n]+\n  fix: [^\n]+\n)+\Z")


class Tally(dict):
    def add(self, name, count=1):
        self[name] = self.get(name, 0) + count

    def merge(self, other):
        for name, count in other.items():
            self.add(name, count)


class Card:
    """What must be true of one card's counters, whatever is killed."""

    def __init__(self, folder, image, source, tally):
        self.state, self.source, self.tally = os.path.join(folder, "state"), source, tally
        self.service = Service(folder, [image], state=self.state)
        self.least = dict(TRIES)   # the fewest and the most tries that may be left
        self.most = dict(TRIES)

    def start(self):
        self.service.start()
        link = Link(self.service.socket)
        expect(link.status == 0, f"hello status {link.status}")
        link.request(Link.POWER_ON)
        card = LinkCard(link)
        card(select(JPKI))
        for pin in TRIES:
            left = self.query(card, pin)
            if left > self.most[pin]:
                self.tally.add("wrongly free", left - self.most[pin])
                raise Failure(f"{pin}: {left} tries left, at most {self.most[pin]} are right")
            if left < self.least[pin]:
                self.tally.add("wrongly lost", self.least[pin] - left)
                raise Failure(f"{pin}: {left} tries left, at least {self.least[pin]} are right")
            self.least[pin] = self.most[pin] = left
        return link

    @staticmethod
    def query(card, pin):
        answer = card.send(bytes([0, 0x20, 0, SFI[pin]]))
        expect(answer[0] == 0x63, f"the query answers {answer.hex()}")
        return answer[1] & 0x0F

    def guess(self, link, pin, right, kill):
        """One VERIFY. `kill`: seconds after sending at which the service dies, or None. Returns whether it still lives."""
        value = (RIGHT if right else WRONG)[pin]
        self.tally.add("guesses attempted")
        command = bytes([0, 0x20, 0, SFI[pin], len(value)]) + value
        link.sequence = (link.sequence + 1) & 0xFF
        link.socket.send(bytes([Link.TRANSMIT, link.sequence, 0, 0]) + command)
        if kill is not None:
            pause(kill)
            self.service.process.kill()
        answer = link.receive()
        if kill is not None:
            self.service.process.wait()
        if answer:
            expect(answer[2] == 0, f"TRANSMIT: status {answer[2]}")
            self.note(pin, right, answer[4:])
        else:
            expect(kill is not None, "the service went away by itself")
            # Under way when the power went: spent or not, and refilled or not, but no answer was given.
            self.tally.add("guesses cut off")
            if self.most[pin] > 0:
                self.least[pin] -= 1
                if right:
                    self.most[pin] = TRIES[pin]
        return kill is None

    def note(self, pin, right, word):
        word = word.hex()
        before = self.most[pin]
        self.tally.add("guesses answered")
        if before == 0:
            expect(word == "6984", f"{pin} is locked and answers {word}")
        elif right:
            expect(word == "9000", f"the right {pin} PIN answers {word}")
            self.least[pin] = self.most[pin] = TRIES[pin]
        else:
            expect(word == f"63c{before - 1}", f"{pin}: {word} with {before} tries before")
            self.tally.add("tries spent")
            self.least[pin] = self.most[pin] = before - 1

    def reset(self, pin, kill):
        """The ward office's reset, perhaps cut off."""
        link = Link(self.service.socket, Link.CONTROL)
        link.socket.send(json.dumps({"action": "resetPIN", "slot": 0, "arguments": [pin, RIGHT[pin].decode()]}).encode())
        if kill is not None:
            pause(kill)
            self.service.process.kill()
        answer = link.receive()
        link.close()
        self.most[pin] = TRIES[pin]
        if kill is not None:
            self.service.process.wait()
        if answer:
            expect("error" not in json.loads(answer), f"reset: {answer!r}")
            self.least[pin] = TRIES[pin]
        return kill is None


def pause(seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass


def kill_while_guessing(folder, image, seed, end, tally):
    source = random.Random(seed)
    card = Card(folder, image, source, tally)
    while time.monotonic() < end:
        link = card.start()
        for _ in range(source.randrange(1, 12)):
            pin = source.choice(list(TRIES))
            last = source.random() < 0.25
            delay = source.choice([0, source.uniform(0, 0.0002), source.uniform(0, 0.002)]) if last else None
            if card.most[pin] == 0 or source.random() < 0.05:
                lives = card.reset(pin, delay)
            else:
                lives = card.guess(link, pin, source.random() < 0.3, delay)
            if not lives:
                break
        else:
            card.service.process.kill()
            card.service.process.wait()
        link.close()
        tally.add("kills")
    card.start()
    card.service.stop()


def kill_at_the_beginning(folder, image, seed, end, tally):
    source = random.Random(seed)
    number = 0
    while time.monotonic() < end:
        number += 1
        place = os.path.join(folder, f"begin{number}")
        os.mkdir(place)
        service = Service(place, [image], state=os.path.join(place, "state"))
        for _ in range(source.randrange(1, 4)):
            process = subprocess.Popen([harness.vmyna_path, *service.words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            time.sleep(source.uniform(0, 0.04))
            process.kill()
            process.wait()
            tally.add("kills while it begins")
        card = Card(place, image, source, tally)
        card.start()
        equal = card.service.stop()
        expect(equal == 0, f"exit code {equal}")
        shutil.rmtree(place)


def kill_while_compacting(folder, image, seed, end, tally):
    source = random.Random(seed)
    card = Card(folder, image, source, tally)
    link = card.start()
    journal = os.path.join(card.state, os.listdir(card.state)[0], "state.journal")
    # How many right guesses it takes until the journal is rewritten; then the state just before that.
    count, size = 0, 0
    while os.path.getsize(journal) >= size:
        size = os.path.getsize(journal)
        for _ in range(100):
            card.guess(link, "sign", True, None)
        count += 100
        expect(count < 100_000, "the journal is never rewritten")
    card.service.stop()
    shutil.rmtree(card.state)
    link = card.start()
    for _ in range(count - 150):
        card.guess(link, "sign", True, None)
    card.service.stop()
    kept = card.state + ".kept"
    shutil.copytree(card.state, kept)
    end = max(end, time.monotonic() + 3)
    while time.monotonic() < end:
        shutil.rmtree(card.state)
        shutil.copytree(kept, card.state)
        card.least, card.most = dict(TRIES), dict(TRIES)
        link = card.start()
        before = os.path.getsize(journal)
        while os.path.getsize(journal) >= before:
            # Every guess may be the one that rewrites: each has its chance to be the last.
            if not card.guess(link, "sign", True, source.uniform(0, 0.003) if source.random() < 0.01 else None):
                break
        else:
            tally.add("journals rewritten")
            for _ in range(source.randrange(4)):
                card.guess(link, "auth", False, None)
            card.service.process.kill()
            card.service.process.wait()
        tally.add("kills with a long journal")
        link.close()
        card.start()
        card.service.process.kill()
        card.service.process.wait()


def full_disk(folder, image, seed, end, tally):
    source = random.Random(seed)
    disk = os.path.join(folder, "disk")
    os.mkdir(disk)
    if run("mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", disk).code != 0:
        tally.add("full disk: skipped, no mount here")
        return
    filler = os.path.join(disk, "filler")
    try:
        service = Service(folder, [image], state=os.path.join(disk, "state"), name="full")
        tries = {"sign": 5, "auth": 3}     # what the disk knows, at most
        while time.monotonic() < end:
            service.start()
            link = Link(service.socket)
            link.request(Link.POWER_ON)
            card = LinkCard(link)
            card(select(JPKI))
            memory = {}
            for pin in tries:
                memory[pin] = Card.query(card, pin)
                if memory[pin] > tries[pin]:
                    tally.add("wrongly free")
                    raise Failure(f"{pin}: {memory[pin]} tries on disk, {tries[pin]} at most are right")
                tries[pin] = memory[pin]
            for _ in range(source.randrange(5, 60)):
                action = source.random()
                if action < 0.08:
                    fill(filler)
                elif action < 0.14 and os.path.exists(filler):
                    os.unlink(filler)
                pin = source.choice(list(tries))
                right = source.random() < 0.4
                value = (RIGHT if right else WRONG)[pin]
                word = card.send(bytes([0, 0x20, 0, SFI[pin], len(value)]) + value).hex()
                left = Card.query(card, pin)
                tally.add("guesses beside a full disk" if os.path.exists(filler) else "guesses with room again")
                if memory[pin] == 0:
                    expect(word == "6984" and left == 0, f"{pin} locked: {word}, {left}")
                elif word == "6581":
                    tally.add("answered 6581")
                    # Not looked at, or not refilled: spent in the card's memory in any case.
                    expect(left in (memory[pin] - 1, TRIES[pin] if right else memory[pin] - 1), f"{pin}: 6581 and {left} of {memory[pin]} left")
                elif right:
                    expect(word == "9000" and left == TRIES[pin], f"{pin}: {word}, {left}")
                    tries[pin] = left
                else:
                    expect(word == f"63c{memory[pin] - 1}" and left == memory[pin] - 1, f"{pin}: {word}, {left} of {memory[pin]}")
                    tries[pin] = min(tries[pin], left)
                memory[pin] = left
                expect(len(card.send(bytes.fromhex("00B08A0004"))) == 6, "the card is not usable")
            if source.random() < 0.7:
                service.process.kill()
                service.process.wait()
            else:
                expect(service.stop() == 0, "exit code")
            tally.add("kills on a full disk")
            if os.path.exists(filler):
                os.unlink(filler)
            for pin in tries:
                if tries[pin] == 0:
                    service.start()
                    service.command("operator", "reset-pin", pin, "--new", RIGHT[pin].decode()).ok()
                    service.stop()
                    tries[pin] = TRIES[pin]
    finally:
        run("umount", "-l", disk)


def fill(path):
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        for size in (4096, 64, 1):
            try:
                while True:
                    os.write(file, bytes(size))
            except OSError:
                pass
    finally:
        os.close(file)


def judge(result, what, codes=(0, 1)):
    expect(result.code in codes, f"{what}: exit code {result.code}\n{result.text[-1500:]}")
    if result.code != 0:
        expect(STATUS_FORM.match(result.err or result.out), f"{what}: no error with its fix\n{result.text[-1500:]}")


def mutations(content, source, full):
    """(what, damaged content) without end, or every position once."""
    if full:
        for position in range(len(content)):
            yield f"cut at {position}", content[:position]
            value = content[position] ^ source.randrange(1, 256)
            yield f"byte {position} is {value:02X}", content[:position] + bytes([value]) + content[position + 1:]
        return
    while True:
        position = source.randrange(len(content))
        if source.random() < 0.3:
            yield f"cut at {position}", content[:position]
        else:
            value = content[position] ^ source.randrange(1, 256)
            yield f"byte {position} is {value:02X}", content[:position] + bytes([value]) + content[position + 1:]


def damaged_state(folder, image, seed, end, tally):
    source = random.Random(seed)
    state = os.path.join(folder, "state")
    script = [select(JPKI), "0020009806" + "3030303030 30".replace(" ", ""), "002000980430303030", "0020009B06" + RIGHT["sign"].hex(), "0020009B06" + WRONG["sign"].hex()]
    result = vmyna("apdu", "--card", image, "--state", state, input="\n".join(script) + "\n").ok()
    journal = os.path.join(state, os.listdir(state)[0], "state.journal")
    with open(journal, "rb") as file:
        good = file.read()
    query = "\n".join([select(JPKI), "00200098", "0020009B"]) + "\n"
    lines = good.splitlines(keepends=True)
    # A state that the card once had: the journal up to some line.
    possible = set()
    for count in range(len(lines) + 1):
        with open(journal, "wb") as file:
            file.write(b"".join(lines[:count]))
        possible.add(vmyna("apdu", "--card", image, "--state", state, input=query).ok().out)
    full = os.environ.get("FULL") == "1"
    for what, content in mutations(good, source, full):
        if not full and time.monotonic() > end:
            break
        with open(journal, "wb") as file:
            file.write(content)
        result = vmyna("apdu", "--card", image, "--state", state, input=query)
        judge(result, f"state.journal, {what}")
        if result.code == 0:
            expect(result.out in possible, f"state.journal, {what}: a state that the card never had: {result.out}")
            tally.add("damaged states: loaded up to a torn end")
        else:
            tally.add("damaged states: refused")


def damaged_image(folder, image, seed, end, tally):
    source = random.Random(seed)
    bad = os.path.join(folder, "bad")
    shutil.copytree(image, bad)
    names = []
    for base, _, files in os.walk(bad):
        names += [os.path.relpath(os.path.join(base, name), bad) for name in files]
    script = "\n".join([select(JPKI), "00B08A0000", "002000980431323334", "802A009708" + "11" * 8 + "00", "0020009B06" + RIGHT["sign"].hex(),
                        "802A009A08" + "11" * 8 + "00", "00B08100000000", select(TEXT), "00200091", "00B08500000000"]) + "\n"
    full = os.environ.get("FULL") == "1"
    queues = {}
    for name in names:
        with open(os.path.join(image, name), "rb") as file:
            content = file.read()
        queues[name] = (content, mutations(content, source, full and name.endswith((".json", ".pem"))))
    weighted = [name for name in names if queues[name][0]]
    while weighted and (full or time.monotonic() < end):
        # The manifest has the most meaning.
        name = "card.json" if "card.json" in weighted and source.random() < 0.6 else source.choice(weighted)
        content, stream = queues[name]
        try:
            what, damaged = next(stream)
        except StopIteration:
            weighted.remove(name)
            continue
        if full and not name.endswith((".json", ".pem")) and time.monotonic() > end:
            weighted.remove(name)
            continue
        path = os.path.join(bad, name)
        with open(path, "wb") as file:
            file.write(damaged)
        judge(vmyna("check", bad), f"check {name}, {what}")
        result = vmyna("apdu", "--card", bad, input=script)
        judge(result, f"apdu {name}, {what}")
        for line in result.out.splitlines():
            expect(re.fullmatch(r"([0-9A-F]{2}){2,}|error: .*", line), f"{name}, {what}: the answer {line!r}")
        tally.add("damaged images: refused" if result.code else "damaged images: a card, as far as it goes")
        with open(path, "wb") as file:
            file.write(content)


TOKENS = [b": ", b"- ", b"\n", b"  ", b"'", b'"', b"[", b"{", b"}", b"&a ", b"*a ", b"!!int ", b"|", b">", b"#", b"\t", b"\0", b"\xEF\xBB\xBF", b"\xFF",
          b"today -99999999999999999999d", b"today +9999999y", b"9999-12-31", b"-1", b"1e99", b"0x7fffffffffffffff", b"\xF0\x9F\x8C\xB8", b"null", b"~",
          b"A" * 5000, "見".encode() * 400, b"sign", b"tries:", b"\xE2\x80\xAE"]


def damaged_residents(folder, image, seed, end, tally):
    source = random.Random(seed)
    cards = os.path.join(harness.ROOT, "CardImages")
    originals = []
    for name in sorted(os.listdir(cards)):
        if name.endswith(".yaml"):
            with open(os.path.join(cards, name), "rb") as file:
                originals.append(file.read())
    path = os.path.join(folder, "resident.yaml")
    while time.monotonic() < end:
        text = bytearray(source.choice(originals))
        for _ in range(source.choice([1, 1, 2, 5])):
            at = source.randrange(len(text))
            kind = source.randrange(5)
            if kind == 0:
                text[at] = source.randrange(256)
            elif kind == 1:
                text[at:at] = source.choice(TOKENS)
            elif kind == 2:
                del text[at:at + source.randrange(1, 30)]
            elif kind == 3:
                lines = bytes(text).split(b"\n")
                line = source.randrange(len(lines))
                lines.insert(source.randrange(len(lines)), lines[line])
                text = bytearray(b"\n".join(lines))
            else:
                lines = bytes(text).split(b"\n")
                line = source.randrange(len(lines))
                key, mark, _ = lines[line].partition(b": ")
                lines[line] = key + mark + source.choice(TOKENS)
                text = bytearray(b"\n".join(lines))
            if not text:
                text = bytearray(b"\n")
        with open(path, "wb") as file:
            file.write(text)
        for words in (["check", path], ["show", path], ["mint", path, "-o", os.path.join(folder, "minted")]):
            result = vmyna(*words)
            if result.code not in (0, 1) or result.code == 1 and "fix: " not in result.text:
                kept = os.path.join(tempfile.gettempdir(), f"vmyna-resident-{seed}.yaml")
                shutil.copy(path, kept)
                raise Failure(f"{words[0]}: exit code {result.code}, the file is kept: {kept}\n{result.text[-1500:]}")
            if words[0] == "check" and result.code == 1:
                break
        shutil.rmtree(os.path.join(folder, "minted"), ignore_errors=True)
        tally.add("damaged residents: " + ("a card" if result.code == 0 else "a fault with its advice"))


PARTS = [  # name, function, share of the time, processes
    ("kill", kill_while_guessing, 0.45, 2),
    ("begin", kill_at_the_beginning, 0.08, 2),
    ("compaction", kill_while_compacting, 0.12, 1),
    ("full disk", full_disk, 0.10, 1),
    ("state", damaged_state, 0.09, 2),
    ("image", damaged_image, 0.10, 2),
    ("residents", damaged_residents, 0.08, 2),
]


def worker(function, image, seed, seconds):
    """Runs one part in a child; returns the end of a pipe and the child's number."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        os.setsid()
        tally, failure = Tally(), None
        folder = tempfile.mkdtemp(prefix="vmyna-torture-")
        try:
            function(folder, image, seed, time.monotonic() + seconds, tally)
        except Failure as reason:
            failure = str(reason)
        except BaseException:
            failure = traceback.format_exc()
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        with os.fdopen(theirs, "w") as file:
            json.dump({"tally": tally, "failure": failure}, file)
        os._exit(0)
    os.close(theirs)
    return ours, child


def main():
    harness.vmyna_path = os.path.realpath(sys.argv[1])
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 60.0
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(1 << 32)
    words = os.environ.get("ONLY", "").split(",") if os.environ.get("ONLY") else []
    print(f"seed {seed}, {seconds:.0f} s", flush=True)
    failed = False
    total = Tally()
    with harness.Folder() as folder:
        image = os.path.join(folder.path, "image")
        vmyna("mint", "fresh-adult", "-o", image).ok("mint")
        for name, function, share, processes in PARTS:
            if words and name not in words:
                continue
            started = [worker(function, image, seed + 1000 * number, seconds * (1 if words else share)) for number in range(processes)]
            tally = Tally()
            for ours, child in started:
                with os.fdopen(ours) as file:
                    text = file.read()
                try:
                    os.killpg(child, signal.SIGKILL)
                except ProcessLookupError:
                    pass
                os.waitpid(child, 0)
                report = json.loads(text) if text else {"tally": {}, "failure": "no report"}
                tally.merge(report["tally"])
                if report["failure"]:
                    failed = True
                    print(f"FAILED  {name}: {report['failure']}", flush=True)
            total.merge(tally)
            print(f"{name}: " + ", ".join(f"{count} {what}" for what, count in sorted(tally.items())), flush=True)
    free = total.get("wrongly free", 0)
    kills = sum(count for what, count in total.items() if what.startswith("kills"))
    print(f"{kills} kills, {total.get('guesses attempted', 0)} guesses attempted, {total.get('tries spent', 0)} tries spent, {free} wrongly free, "
          f"{total.get('wrongly lost', 0)} wrongly lost")
    print("torture FAILED" if failed else "torture ok")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
