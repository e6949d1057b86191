"""Many clients at once: two that hammer one card, eight cards in eight readers; no wrong answer, no lost event, flat memory.

HAMMER_APDUS=200000 is the whole of it (`make torture` does that); the test run does a twentieth.
"""

import contextlib
import json
import os
import random
import signal
import subprocess
import time
import traceback

import harness
from harness import *
from smartcard import scard

APDUS = int(os.environ.get("HAMMER_APDUS", "10000"))
SEED = int(os.environ.get("SEED", random.SystemRandom().randrange(1 << 32)))
# Eight cards that differ in what is read: a mix-up between slots would show.
CARDS = ["fresh-adult", "child-10", "foreign-stay", "feb-29", "pin-s-16", "permanent", "long-address", "renewed-pair"]
FILES = [AUTH_CERTIFICATE, AUTH_CA, SIGN_CA]
MOST_GROWTH = 2000  # kB
WRONG_PIN, RIGHT_PIN, AUTH_TRIES = "0000", "1234", 3


class Hammer:
    """A client that knows what every answer must be."""

    def __init__(self, reader, seed):
        self.client, self.source, self.sent = Client(), random.Random(seed), 0
        self.card = self.client.connect(reader)
        self.contents, self.signature, self.tries = {}, None, AUTH_TRIES

    def __call__(self, command, status="9000", **wanted):
        self.sent += 1
        return self.card(command, status, **wanted)

    def learn(self):
        """The files as a first, undisturbed reading shows them."""
        self(select(JPKI))
        for file in FILES:
            self(ef(file))
            self.contents[file] = b"".join(self(read(offset, 256)) for offset in range(0, 1280, 256))
        self(verify(RIGHT_PIN, p2="98"))
        self.signature = self(sign(digest_info(b"hammer"), p2="97"), length=256)

    def read_some(self, file):
        self(ef(file))
        for _ in range(self.source.randrange(1, 12)):
            offset, length = self.source.randrange(1024), self.source.randrange(1, 256)
            self(read(offset, length), data=self.contents[file][offset:offset + length])

    def sign_once(self):
        self(verify(RIGHT_PIN, p2="98"))
        self.tries = AUTH_TRIES
        self(sign(digest_info(b"hammer"), p2="97"), data=self.signature)

    def guess(self):
        """A wrong PIN while there is more than one try, else the right one; the counter before and after."""
        self("00200098", f"63C{self.tries}")
        if self.tries > 1:
            self.tries -= 1
            self(verify(WRONG_PIN, p2="98"), f"63C{self.tries}")
        else:
            self(verify(RIGHT_PIN, p2="98"))
            self.tries = AUTH_TRIES
        self("00200098", f"63C{self.tries}")

    def step(self):
        chance = self.source.random()
        if chance < 0.02:
            self.sign_once()
        elif chance < 0.2:
            self.guess()
        else:
            self.read_some(self.source.choice(FILES))

    def transaction(self):
        """A few steps that nobody else's commands may come between: another client selects other files and guesses too."""
        with self.alone():
            self(select(JPKI))
            self.tries = self.left()
            for _ in range(self.source.randrange(1, 4)):
                self.step()

    @contextlib.contextmanager
    def alone(self):
        code = scard.SCardBeginTransaction(self.card.card)
        expect(code == 0, f"SCardBeginTransaction: {name_of(code)}")
        yield
        code = scard.SCardEndTransaction(self.card.card, scard.SCARD_LEAVE_CARD)
        expect(code == 0, f"SCardEndTransaction: {name_of(code)}")

    def left(self):
        """The tries that the other client has left."""
        self.sent += 1
        return self.card.send(bytes.fromhex("00200098"))[1] & 0x0F


def at_once(bodies):
    """Runs each body in a process of its own; what they return, or the first failure."""
    started = []
    for body in bodies:
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(ours)
            try:
                report = {"value": body()}
            except Failure as failure:
                report = {"failure": str(failure)}
            except BaseException:
                report = {"failure": traceback.format_exc()}
            with os.fdopen(theirs, "w") as file:
                json.dump(report, file)
            os._exit(0)
        os.close(theirs)
        started.append((child, ours))
    reports = []
    for child, ours in started:
        with os.fdopen(ours) as file:
            text = file.read()
        os.waitpid(child, 0)
        reports.append(json.loads(text) if text else {"failure": "a client died"})
    for number, report in enumerate(reports):
        expect("failure" not in report, f"client {number}, seed {SEED}: {report.get('failure')}")
    return [report["value"] for report in reports]


def hammering(reader, seed, count, in_transactions=False):
    """A body for `at_once`: how many APDUs were sent, all answered rightly."""
    def body():
        hammer = Hammer(reader, seed)
        with hammer.alone():
            hammer.learn()
        while hammer.sent < count:
            if in_transactions:
                hammer.transaction()
            else:
                hammer.step()
        hammer.client.release()
        return hammer.sent
    return body


class Listener:
    """`vmyna trace --follow`: which events came, and how many exchanges a slot had."""

    def __init__(self, world):
        self.world = world
        self.process = subprocess.Popen(
            [harness.vmyna_path, "trace", "--follow", "--json", "--socket", world.service.socket],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.ours, theirs = os.pipe()
        self.child = os.fork()
        if self.child == 0:
            exchanges, last, gaps = {}, None, 0
            # The last slot's card is taken out when all is said.
            for line in self.process.stdout:
                event = json.loads(line)
                gaps += last is not None and event["seq"] != last + 1
                last = event["seq"]
                if event["kind"] == "exchange":
                    exchanges[event["slot"]] = exchanges.get(event["slot"], 0) + 1
                elif event["kind"] == "removed":
                    break
            with os.fdopen(theirs, "w") as file:
                json.dump({"exchanges": exchanges, "gaps": gaps, "events": last}, file)
            os._exit(0)
        os.close(theirs)

    def finish(self, slots):
        """Exchanges by slot, and the number of events."""
        self.world.service.command("eject", "--slot", "0").ok()
        with os.fdopen(self.ours) as file:
            report = json.loads(file.read())
        os.waitpid(self.child, 0)
        self.process.send_signal(signal.SIGINT)
        complaint = self.process.stderr.read().decode()
        self.process.wait()
        equal("what the listener complains of", complaint, "")
        equal("gaps in the trace", report["gaps"], 0)
        return [report["exchanges"].get(str(slot), 0) for slot in range(slots)], report["events"]


def pcscd_kilobytes(world):
    with open(f"/proc/{world.pid}/status") as file:
        return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1))


def hammer_world(world, bodies_of, slots):
    """A tenth to warm up, then all, with somebody listening: what was sent, and what it took."""
    listener = Listener(world)
    sent = at_once(bodies_of(max(APDUS // 10, 1000)))
    before = world.service.resident_kilobytes(), pcscd_kilobytes(world), world.service.descriptors()
    begin = time.monotonic()
    measured = at_once(bodies_of(APDUS))
    took = time.monotonic() - begin
    time.sleep(0.3)
    after = world.service.resident_kilobytes(), pcscd_kilobytes(world), world.service.descriptors()
    heard, events = listener.finish(slots)
    expect(after[0] - before[0] < MOST_GROWTH, f"the service's memory grew from {before[0]} to {after[0]} kB")
    expect(after[1] - before[1] < MOST_GROWTH, f"pcscd's memory grew from {before[1]} to {after[1]} kB")
    equal("open files of the service", after[2], before[2])
    equal("exchanges that the listener heard of", sum(heard), sum(sent) + sum(measured))
    text = (f"{sum(measured)} APDUs in {took:.1f} s, {events} events heard, service {before[0]} → {after[0]} kB, "
            f"pcscd {before[1]} → {after[1]} kB, seed {SEED}")
    return text, [a + b for a, b in zip(sent, measured)], heard


@check("hammer: two clients on one card, in transactions: no wrong answer, no lost event", limit=60 + APDUS // 500)
def one_card():
    with World() as world:
        def bodies(count):
            return [hammering(world.reader(), SEED + number, count // 2, in_transactions=True) for number in (0, 1)]
        return hammer_world(world, bodies, 1)[0]


@check("hammer: eight cards in eight readers at once: no wrong answer, no lost event, flat memory", limit=60 + APDUS // 500)
def eight_cards():
    with World(cards=CARDS) as world:
        def bodies(count):
            return [hammering(world.reader(slot), SEED + slot, count // len(CARDS)) for slot in range(len(CARDS))]
        text, sent, heard = hammer_world(world, bodies, len(CARDS))
        equal("exchanges by reader", heard, sent)
        return text


@check("hammer: a card goes in and out while seven others work: every change is seen", limit=60 + APDUS // 500)
def in_and_out():
    with World(cards=CARDS) as world:
        slot, rounds = len(CARDS) - 1, max(20, APDUS // 500)

        def watch():
            client, reader, seen = Client(), world.reader(slot), 0
            present = True
            while seen < 2 * rounds:
                client.await_present(reader, not present, seconds=20)
                present = not present
                seen += 1
                with open(ready, "a") as file:
                    file.write("x")
            client.release()
            return seen

        def move():
            for number in range(rounds):
                for word in (["eject"], ["insert", CARDS[slot]]):
                    count = os.path.getsize(ready)
                    world.service.command(*word, "--slot", str(slot)).ok()
                    end = time.monotonic() + 20
                    while os.path.getsize(ready) == count:
                        expect(time.monotonic() < end, f"{word[0]} number {number} was not seen")
                        time.sleep(0.001)
            return 2 * rounds

        ready = os.path.join(world.folder, "seen")
        open(ready, "w").close()
        others = [hammering(world.reader(other), SEED + other, APDUS // len(CARDS)) for other in range(slot)]
        seen, moved, *sent = at_once([watch, move, *others])
        equal("changes seen", seen, moved)
        return f"{seen} changes, {sum(sent)} APDUs meanwhile"
