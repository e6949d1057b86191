#!/usr/bin/env python3
"""Faults as pcscd and a PC/SC client see them.

    Tests/RealClients/faults.py [VMYNA_BINARY]

Each check runs in a world of its own (`vmyna run`), as this script with --inside NAME.
"""

import os
import subprocess
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CHECKS = {}
NAMES = {
    0: "ok", 0x8010000C: "E_NO_SMARTCARD", 0x80100066: "W_UNRESPONSIVE_CARD", 0x80100067: "W_UNPOWERED_CARD",
    0x80100068: "W_RESET_CARD", 0x80100069: "W_REMOVED_CARD", 0x80100016: "E_NOT_TRANSACTED",
    0x8010002F: "E_COMM_DATA_LOST", 0x80100013: "F_COMM_ERROR", 0x80100017: "E_READER_UNAVAILABLE",
}
LOST = ("E_NOT_TRANSACTED", "F_COMM_ERROR", "E_COMM_DATA_LOST")
GONE = ("W_REMOVED_CARD", "E_NO_SMARTCARD")
JPKI = "00A4040C0AD392F000260100000001"


def check(card="fresh-adult"):
    def register(function):
        CHECKS[function.__name__] = (function, card)
        return function
    return register


def name(code):
    return NAMES.get(code & 0xFFFFFFFF, hex(code & 0xFFFFFFFF))


class Client:
    """One PC/SC client with the reader of this world."""

    def __init__(self):
        from smartcard import scard
        self.scard, self.reader, self.card, self.protocol = scard, os.environ["VMYNA_READER"], None, None
        code, self.context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
        assert code == 0, name(code)

    def connect(self):
        code, self.card, self.protocol = self.scard.SCardConnect(
            self.context, self.reader, self.scard.SCARD_SHARE_SHARED,
            self.scard.SCARD_PROTOCOL_T0 | self.scard.SCARD_PROTOCOL_T1)
        return name(code)

    def reconnect(self, unpower=True):
        code, self.protocol = self.scard.SCardReconnect(
            self.card, self.scard.SCARD_SHARE_SHARED, self.scard.SCARD_PROTOCOL_T0 | self.scard.SCARD_PROTOCOL_T1,
            self.scard.SCARD_UNPOWER_CARD if unpower else self.scard.SCARD_LEAVE_CARD)
        return name(code)

    def send(self, text):
        pci = self.scard.SCARD_PCI_T1 if self.protocol == self.scard.SCARD_PROTOCOL_T1 else self.scard.SCARD_PCI_T0
        code, answer = self.scard.SCardTransmit(self.card, pci, list(bytes.fromhex(text)))
        return bytes(answer).hex().upper() if code == 0 else name(code)

    def select(self, file):
        expect("SELECT of the application", self.send(JPKI), "9000")
        expect("SELECT of " + file, self.send("00A4020C02" + file), "9000")

    def verify(self, pin="1234"):
        return self.send("0020008004" + pin.encode().hex())

    def sign(self):
        self.select("0017")
        return self.send("802A038003616263" + "00")

    def wait(self, present, limit=10):
        """Until the reader has a card, or none."""
        state, end = self.scard.SCARD_STATE_UNAWARE, time.monotonic() + limit
        wanted = self.scard.SCARD_STATE_PRESENT if present else self.scard.SCARD_STATE_EMPTY
        while time.monotonic() < end:
            code, states = self.scard.SCardGetStatusChange(self.context, 1000, [(self.reader, state)])
            state = states[0][1] & ~self.scard.SCARD_STATE_CHANGED
            if state & wanted:
                return
        raise SystemExit(f"the reader did not see the card {'come' if present else 'go'}")


def fault(*words, code=0):
    result = subprocess.run([os.environ["VMYNA"], "fault", *words], capture_output=True, text=True)
    expect("exit code of vmyna fault " + " ".join(words), result.returncode, code)
    return result.stdout + result.stderr


def expect(what, got, *wanted):
    if got not in wanted:
        raise SystemExit(f"{what}: got {got!r}, wanted {' or '.join(map(repr, wanted))}")


def connected():
    client = Client()
    expect("connect", client.connect(), "ok")
    return client


@check("dead-chip")
def a_dead_chip_is_present_and_does_not_answer():
    client = Client()
    client.wait(True)
    expect("connect", client.connect(), "W_UNRESPONSIVE_CARD", "W_UNPOWERED_CARD")
    fault("clear")
    subprocess.run([os.environ["VMYNA"], "eject"], check=True)
    client.wait(False)
    subprocess.run([os.environ["VMYNA"], "insert", "fresh-adult"], check=True)
    client.wait(True)
    expect("connect to another card", client.connect(), "ok")


@check("removed-mid-sign")
def a_card_that_leaves_while_it_signs():
    client = connected()
    client.select("0018")
    expect("VERIFY", client.verify(), "9000")
    expect("the signature", client.sign(), *GONE)
    expect("the next command", client.send("00200080"), *GONE)
    client.wait(True)
    expect("the old handle, the card is back", client.send("00200080"), *GONE)
    expect("reconnect", client.reconnect(unpower=False), "ok")
    expect("what was verified is gone", client.sign(), "6982")
    client.select("0018")
    expect("VERIFY again", client.verify(), "9000")
    expect("signature again", client.sign()[-4:], "9000")


@check("slow-card")
def a_slow_card_works():
    client = connected()
    start = time.monotonic()
    client.select("0018")
    expect("VERIFY", client.verify(), "9000")
    spent = time.monotonic() - start
    if not 4.4 < spent < 8:
        raise SystemExit(f"three commands took {spent:.1f} s, wanted 4.5")


@check()
def taken_out_now():
    client = connected()
    client.select("0018")
    fault("remove")
    expect("the next command", client.send("00200080"), *GONE)
    client.wait(False)
    expect("and the next", client.send("00200080"), "W_REMOVED_CARD", "E_NO_SMARTCARD")
    expect("connect", Client().connect(), "E_NO_SMARTCARD")


@check()
def taken_out_for_a_moment():
    client = connected()
    client.select("0018")
    expect("VERIFY", client.verify(), "9000")
    fault("remove", "for", "300ms")
    client.wait(False)
    client.wait(True)
    expect("the old handle", client.send("00200080"), "W_REMOVED_CARD")
    expect("reconnect", client.reconnect(unpower=False), "ok")
    expect("what was verified is gone", client.sign(), "6982")


@check()
def mute_once():
    client = connected()
    client.select("0018")
    fault("mute", "at", "verify")
    expect("VERIFY", client.verify(), *LOST)
    expect("the next command", client.send("00200080"), "63C3")
    fault("mute", "during", "verify")
    expect("VERIFY, the answer lost", client.verify("9999"), *LOST)
    expect("the try is spent", client.send("00200080"), "63C2")


@check()
def late_with_and_without_asking_for_time():
    client = connected()
    client.select("0018")
    fault("delay", "7s", "at", "verify")
    start = time.monotonic()
    expect("VERIFY, seven seconds late", client.verify(), "9000")
    if not 6.9 < time.monotonic() - start < 9:
        raise SystemExit(f"it took {time.monotonic() - start:.1f} s")
    fault("delay", "7s", "silently", "at", "verify")
    start = time.monotonic()
    expect("VERIFY, too late", client.verify(), *LOST)
    if not 4.5 < time.monotonic() - start < 6.5:
        raise SystemExit(f"the reader gave up after {time.monotonic() - start:.1f} s")
    # The driver has closed the connection, and the card lost its power with it; the reader comes back.
    end = time.monotonic() + 15
    while client.reconnect() != "ok":
        if time.monotonic() > end:
            raise SystemExit("the reader does not come back")
        time.sleep(0.1)
    client.select("0018")
    expect("VERIFY afterwards", client.verify(), "9000")


@check()
def other_answers():
    client = connected()
    client.select("0018")
    fault("answer", "6F00", "at", "2", "2", "times")
    expect("the first", client.send("00200080"), "63C3")
    expect("the second", client.send("00200080"), "6F00")
    expect("the third", client.send("00200080"), "6F00")
    expect("the fourth", client.send("00200080"), "63C3")
    fault("corrupt")
    expect("corrupted", client.send("00200080"), "62C3")
    expect("whole again", client.send("00200080"), "63C3")


@check()
def power_cuts():
    client = connected()
    client.select("0018")
    expect("VERIFY", client.verify(), "9000")
    fault("power")
    expect("the next command", client.send("00200080"), *LOST)
    expect("power", client.reconnect(), "ok")
    expect("what was verified is gone", client.sign(), "6982")
    for words, verify, left in (
        (("power", "before", "write"), "9999", "63C3"), (("power", "after", "write"), "9999", "63C2"),
        (("power", "before", "write", "2"), "1234", "63C1"), (("power", "after", "write", "2"), "1234", "63C3"),
    ):
        client.select("0018")
        fault(*words)
        expect("VERIFY, " + " ".join(words), client.verify(verify), *LOST)
        expect("power", client.reconnect(), "ok")
        client.select("0018")
        expect("tries after " + " ".join(words), client.send("00200080"), left)


@check()
def words_that_are_none():
    for words, advice in (
        (("mute", "at", "verfy"), "did you mean 'verify'?"), (("mut",), "did you mean 'mute'?"),
        (("delay", "3"), "300ms"), (("mute", "before", "write"), "power before write"),
        (("answer", "6F0"), "four hexadecimal digits"), (("mute", "at", "20"), "at INS 20"),
        (("remove", "always"), "name a trigger"),
    ):
        text = fault(*words, code=2)
        if "fix: " not in text or advice not in text:
            raise SystemExit(f"{words}: {text}")
    expect("nothing waits", fault("list"), "")
    expect("what waits is shown", fault("mute", "at", "verify", "3", "times"), "mute at verify 3 times\n")
    expect("and in JSON", fault("list", "--json"), '{"fault":"mute at verify 3 times"}\n')
    expect("and forgotten", fault("clear"), "")


def main():
    if sys.argv[1:2] == ["--inside"]:
        CHECKS[sys.argv[2]][0]()
        return
    vmyna = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else next(
        path for path in (f"{TOP}/.build/release/vmyna", f"{TOP}/.build/debug/vmyna") if os.path.exists(path))
    failed = 0
    for title, (_, card) in CHECKS.items():
        process = subprocess.run(
            [vmyna, "run", "--card", card, "--timeout", "60", "--", sys.executable, os.path.abspath(__file__), "--inside", title],
            capture_output=True, text=True, env={**os.environ, "VMYNA": vmyna})
        print(("ok    " if process.returncode == 0 else "FAIL  ") + title.replace("_", " "), flush=True)
        if process.returncode != 0:
            failed += 1
            print("      " + "\n      ".join((process.stdout + process.stderr).splitlines()[:12]))
    print(f"{failed} failed" if failed else "faults ok")
    sys.exit(1 if failed else 0)


main()
