"""A reader that stays: insertion and removal under a watching client, the security status over resets, the control commands."""

import json
import subprocess
import threading
import time

from harness import *
from smartcard import scard

INFO = digest_info(b"security status")


def live(name, cards=("fresh-adult",), readers=0, **options):
    def register(function):
        def body():
            with World(cards=list(cards), readers=readers) as world:
                client = Client()
                try:
                    return function(client, world)
                finally:
                    client.release()
        return check("reader: " + name, **options)(body)
    return register


class Watcher(threading.Thread):
    """A client that waits for changes of a reader, and keeps the moments."""

    def __init__(self, reader):
        super().__init__(daemon=True)
        self.reader, self.seen, self.ends = reader, [], False
        self.client = Client()
        self.state = self.client.state(reader)
        self.start()

    def run(self):
        while not self.ends:
            state = self.client.state(self.reader, self.state, 200)
            if (state ^ self.state) & (scard.SCARD_STATE_PRESENT | scard.SCARD_STATE_EMPTY):
                self.seen.append((bool(state & scard.SCARD_STATE_PRESENT), time.monotonic()))
            self.state = state

    def wait(self, count, seconds=5):
        end = time.monotonic() + seconds
        while len(self.seen) < count and time.monotonic() < end:
            time.sleep(0.002)
        equal("changes seen", [present for present, _ in self.seen[:count]], [i % 2 == 1 for i in range(count)])

    def stop(self):
        self.ends = True
        self.join()
        self.client.release()


def verified_card(client, world):
    card = client.connect(world.reader())
    card(select(JPKI))
    card(ef(AUTH_PIN_FILE))
    card(verify("1234"))
    card(ef(AUTH_KEY))
    return card


@live("a watching client sees removal and insertion, in order")
def watch(client, world):
    watcher = Watcher(world.reader())
    for round in range(5):
        world.service.command("eject").ok()
        watcher.wait(2 * round + 1)
        world.service.command("insert", "fresh-adult").ok()
        watcher.wait(2 * round + 2)
    watcher.stop()


@live("insertion reaches a client in milliseconds", readers=0)
def latency(client, world):
    control = Link(world.service.socket, Link.CONTROL)
    watcher = Watcher(world.reader())
    delays = []
    for round in range(21):
        control.socket.send(b'{"action":"eject"}')
        equal("eject", json.loads(control.receive()), {})
        watcher.wait(2 * round + 1)
        begin = time.monotonic()
        control.socket.send(b'{"action":"insert","card":"fresh-adult"}')
        equal("insert", json.loads(control.receive()), {})
        answered = time.monotonic()
        watcher.wait(2 * round + 2)
        # From the moment when the card was in the slot: minting comes before it and is no matter of the reader.
        delays.append(max(0.0, watcher.seen[2 * round + 1][1] - answered) * 1000)
    watcher.stop()
    median = sorted(delays)[len(delays) // 2]
    expect(median < 50, f"{median:.2f} ms (median)")
    return f"{median:.2f} ms after the service's answer (median)"


@live("a client whose card is taken out: SCARD_W_REMOVED_CARD, SCARD_E_NO_SMARTCARD, and works again after")
def removed(client, world):
    card = client.connect(world.reader())
    card(select(JPKI))
    world.service.command("eject").ok()
    client.await_present(world.reader(), False)
    code, _ = card.raw(bytes.fromhex(QUERY))
    expect(code in (scard.SCARD_W_REMOVED_CARD, scard.SCARD_E_NO_SMARTCARD), f"SCardTransmit: {name_of(code)}")
    equal("SCardReconnect", name_of(card.reconnect(scard.SCARD_LEAVE_CARD)), name_of(scard.SCARD_E_NO_SMARTCARD))
    equal("SCardConnect", name_of(client.connect_code(world.reader())), name_of(scard.SCARD_E_NO_SMARTCARD))
    card.disconnect()
    world.service.command("insert", "fresh-adult").ok()
    client.await_present(world.reader(), True)
    client.connect(world.reader())(select(JPKI))


@live("a card that is exchanged: the old connection is dead, the new card is another one, without power or PIN")
def exchanged(client, world):
    card = verified_card(client, world)
    world.service.command("eject").ok()
    world.service.command("insert", "sign-1-left").ok()
    time.sleep(0.2)
    code, _ = card.raw(bytes.fromhex(sign(INFO)))
    expect(code != 0, "the old connection reached the new card")
    card.disconnect()
    new = client.connect(world.reader())
    new(QUERY, "6986")
    new(select(JPKI))
    new("0020009B", "63C1")


@live("security status: reset, unpower and cold reset clear it, leave keeps it, counters stay")
def security_status(client, world):
    for how, code, kept in (("reset", scard.SCARD_RESET_CARD, False), ("unpower", scard.SCARD_UNPOWER_CARD, False),
                            ("leave", scard.SCARD_LEAVE_CARD, True)):
        card = verified_card(client, world)
        card("0020009B", "63C5")
        equal(f"SCardReconnect with {how}", card.reconnect(code), 0)
        if kept:
            card(sign(INFO, p2="97"), length=256)
        else:
            card(QUERY, "6986")
            card("00A40000", "6A86")
            card(select(JPKI))
            card(sign(INFO, p2="97"), "6982")
        equal(f"SCardDisconnect with {how}", card.disconnect(code), 0)
        card = client.connect(world.reader())
        if kept:
            card(sign(INFO, p2="97"), length=256)
        else:
            card(QUERY, "6986")
        card.disconnect(scard.SCARD_RESET_CARD)
    card = client.connect(world.reader())
    card(select(JPKI))
    card(verify("0000", p2="98"), "63C2")
    card.reconnect(scard.SCARD_UNPOWER_CARD)
    card(select(JPKI))
    card("00200098", "63C2")


@live("another client's reset is told: SCARD_W_RESET_CARD, and the PIN is gone")
def reset_by_another(client, world):
    card = verified_card(client, world)
    other = Client()
    second = other.connect(world.reader())
    second(sign(INFO), length=256)
    equal("reset by the other", second.disconnect(scard.SCARD_RESET_CARD), 0)
    code, _ = card.raw(bytes.fromhex(sign(INFO)))
    equal("SCardTransmit", name_of(code), name_of(scard.SCARD_W_RESET_CARD))
    equal("SCardReconnect", card.reconnect(scard.SCARD_LEAVE_CARD), 0)
    card(select(JPKI))
    card(sign(INFO, p2="97"), "6982")
    other.release()


@live("an unused card loses power after some seconds, and the PIN with it; T=0 alone is refused", limit=60)
def auto_power_off(client, world):
    equal("T=0 alone", name_of(client.connect_code(world.reader(), protocols=scard.SCARD_PROTOCOL_T0)),
          name_of(scard.SCARD_E_PROTO_MISMATCH))
    verified_card(client, world).disconnect()
    deadline = time.monotonic() + 20
    while world.service.status()["powered"]:
        expect(time.monotonic() < deadline, "pcscd never took the power away")
        time.sleep(0.1)
    card = client.connect(world.reader())
    card(select(JPKI))
    card(sign(INFO, p2="97"), "6982")


@live("exclusive connection and transactions keep others out")
def exclusive(client, world):
    card = client.connect(world.reader(), scard.SCARD_SHARE_EXCLUSIVE)
    other = Client()
    equal("a second connection", name_of(other.connect_code(world.reader())), name_of(scard.SCARD_E_SHARING_VIOLATION))
    card.disconnect()
    card = client.connect(world.reader())
    equal("begin", scard.SCardBeginTransaction(card.card), 0)
    card(select(JPKI))
    answered = []

    def wait():
        client = Client()
        second = client.connect(world.reader())
        second(ef(AUTH_PIN_FILE))
        answered.append(time.monotonic())
        client.release()

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    time.sleep(0.3)
    card(verify("1234", p2="98"))
    card(sign(INFO, p2="97"), length=256)
    equal("answers to others within the transaction", answered, [])
    equal("end", scard.SCardEndTransaction(card.card, scard.SCARD_LEAVE_CARD), 0)
    thread.join(5)
    equal("answers to others after it", len(answered), 1)
    other.release()


@live("status: card, application and every PIN, while a client works")
def status(client, world):
    equal("before", (world.service.status()["card"], world.service.status()["application"]), ("fresh-adult", "cardManager"))
    card = verified_card(client, world)
    state = world.service.status()
    for key, wanted in (("slot", 0), ("reader", world.reader()), ("card", "fresh-adult"), ("powered", True), ("application", "jpki")):
        equal(key, state[key], wanted)
    for pin, tries in (("sign", 5), ("auth", 3), ("textInput", 3), ("residentRecord", 3), ("common", 3), ("numberA", 10), ("numberB", 10)):
        equal(pin, state["pins"][pin], {"triesLeft": tries, "triesMax": tries, "verified": pin == "auth", "set": True})
    card("00200098" + "04" + "30303030", "63C2")
    contains("the text", world.service.command("status").ok().out, "auth           ●●○ 2/3", "sign           ●●●●● 5/5", "jpki")
    world.service.command("eject").ok()
    equal("empty", world.service.status()["card"], None)
    contains("the text", world.service.command("status").ok().out, "empty")


@live("status --watch prints each change")
def status_watch(client, world):
    process = subprocess.Popen([harness_path(), "status", "--watch", "--json", "--socket", world.service.socket],
                               stdout=subprocess.PIPE, text=True)
    try:
        equal("first", json.loads(process.stdout.readline())["pins"]["auth"]["triesLeft"], 3)
        world.service.command("set", "auth.tries=1").ok()
        equal("after set", json.loads(process.stdout.readline())["pins"]["auth"]["triesLeft"], 1)
        world.service.command("eject").ok()
        equal("after eject", json.loads(process.stdout.readline())["card"], None)
    finally:
        process.terminate()
        process.wait()


def harness_path():
    import harness
    return harness.vmyna_path


@live("set: tries and PINs without spending, seen by the next command")
def set_pins(client, world):
    card = client.connect(world.reader())
    card(select(JPKI))
    world.service.command("set", "sign.tries=1", "auth.pin=7777", "auth.tries=2").ok()
    card("0020009B", "63C1")
    card("00200098", "63C2")
    card(verify("1234", p2="98"), "63C1")
    card(verify("7777", p2="98"))
    world.service.command("set", "auth.pin=8888").ok()
    card(sign(INFO, p2="97"), "6982")
    card(verify("8888", p2="98"))
    world.service.command("set", "sign.tries=0").ok()
    card(verify("ABC123", p2="9B"), "6984")


@live("set refuses what cannot be, says why, and changes nothing")
def set_refused(client, world):
    before = world.service.status()
    for words, code in ((["sign.tries=6"], 2), (["sign.tries=-1"], 2), (["sign.tries=x"], 2), (["nobody.tries=1"], 2), (["sign.colour=1"], 2),
                        (["sign"], 2), (["sign.pin=abc"], 2), (["auth.pin=12345"], 2), (["auth.pin="], 2),
                        (["auth.tries=1", "sign.pin=x"], 2), (["--slot", "7", "auth.tries=1"], 2), ([], 2)):
        error_form(world.service.command("set", *words), code)
    equal("the card", world.service.status(), before)


@live("operator reset-pin: the ward office's reset of each PIN", cards=["sign-locked"])
def operator(client, world):
    card = client.connect(world.reader())
    card(select(JPKI))
    card(verify("ABC123", p2="9B"), "6984")
    world.service.command("operator", "reset-pin", "sign", "--new", "NEW456").ok()
    card("0020009B", "63C5")
    card(verify("ABC123", p2="9B"), "63C4")
    card(verify("NEW456", p2="9B"))
    world.service.command("set", "residentRecord.tries=0", "common.tries=0").ok()
    world.service.command("operator", "reset-pin", "residentRecord", "--new", "4321").ok()
    equal("both objects of the number", (world.service.tries("residentRecord"), world.service.tries("common")), (3, 3))
    for words, code in ((["sign", "--new", "short"], 2), (["nobody", "--new", "1234"], 2), (["auth", "--new", "12345"], 2)):
        error_form(world.service.command("operator", "reset-pin", *words), code)


@live("insert and eject say what is wrong", readers=1)
def insert_errors(client, world):
    error_form(world.service.command("insert", "fresh-adult", "--slot", "0"), 1)
    error_form(world.service.command("insert", "no-such-card"), 2)
    error_form(world.service.command("insert", "fresh-adult", "--slot", "9"), 2)
    error_form(world.service.command("eject", "--slot", "1"), 1)
    error_form(world.service.command("eject", "--slot", "-1"), 2)
    world.service.command("insert", "child-10").ok()
    equal("slot 1", world.service.status(1)["card"], "child-10")
    error_form(world.service.command("insert", "fresh-adult"), 1)


@live("a hundred quick exchanges of the card: the reader ends in the right state", limit=120)
def churn(client, world):
    control = Link(world.service.socket, Link.CONTROL)
    for number in range(100):
        control.socket.send(b'{"action":"eject"}')
        equal("eject", json.loads(control.receive()), {})
        control.socket.send(b'{"action":"insert","card":"fresh-adult"}')
        equal("insert", json.loads(control.receive()), {})
    client.await_present(world.reader(), True, 10)
    card = client.connect(world.reader())
    card(select(JPKI))
    expect(world.service.descriptors() < 30, f"{world.service.descriptors()} open files in the service")
