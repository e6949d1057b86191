"""The driver in a real pcscd against a stand-in service. Each check has its own processes; usage: checks.py DRIVER [NAME…]"""

import os
import statistics
import subprocess
import sys
import threading
import time
import traceback

from smartcard import scard

from world import Client, Failure, World, expect, name_of

LIMIT_SECONDS = 90
READ = bytes.fromhex("00B0000000")
CHECKS = {}
DRIVER = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else ""


def check(function):
    CHECKS[function.__name__] = function
    return function


def reading(client, card):
    code, response = client.transmit(card, READ)
    return code == 0 and response == bytes(range(256)) + b"\x90\0"


@check
def library_exports_IFDH_only_and_needs_libc_only(_):
    names = subprocess.run(["nm", "-D", "--defined-only", DRIVER], capture_output=True, text=True, check=True).stdout
    symbols = [line.split()[-1] for line in names.splitlines()]
    expect(symbols and all(s.startswith("IFDH") for s in symbols), f"exports {symbols}")
    dynamic = subprocess.run(["readelf", "-d", DRIVER], capture_output=True, text=True, check=True).stdout
    needed = [line.split("[")[1].rstrip("]") for line in dynamic.splitlines() if "(NEEDED)" in line]
    expect(needed == ["libc.so.6"], f"needs {needed}")
    expect("NODELETE" in dynamic, "not marked nodelete")


@check
def card_is_read(world):
    service = world.service()
    world.start_pcscd([f"vmyna:0:{service.path}"])
    client = Client()
    expect(client.readers() == ["vmyna 00 00"], f"readers {client.readers()}")
    card = client.must_connect("vmyna 00 00")
    expect(client.protocol == scard.SCARD_PROTOCOL_T1, "not T=1")
    expect(reading(client, card), "READ BINARY")
    code, _, _, _, atr = scard.SCardStatus(card)
    expect(bytes(atr).hex() == "3bda13ff8131fb468012392f31c173c601c03b", f"ATR {bytes(atr).hex()}")
    code, _ = client.connect("vmyna 00 00", protocol=scard.SCARD_PROTOCOL_T0)
    expect(code != 0, "T=0 accepted on a T=1 card")


@check
def attributes_and_features(world):
    service = world.service()
    world.start_pcscd([f"vmyna:0:{service.path}"])
    client = Client()
    card = client.must_connect("vmyna 00 00")

    def attribute(tag):
        code, value = scard.SCardGetAttrib(card, tag)
        expect(code == 0, f"attribute {tag:x}: {name_of(code)}")
        return bytes(value)

    expect(attribute(scard.SCARD_ATTR_VENDOR_NAME) == b"vmyna\0", "vendor name")
    expect(len(attribute(scard.SCARD_ATTR_VENDOR_IFD_VERSION)) == 4, "version")
    expect(attribute(scard.SCARD_ATTR_VENDOR_IFD_SERIAL_NO) == b"vmyna-00\0", "serial number")
    expect(attribute(scard.SCARD_ATTR_ATR_STRING)[:2] == b"\x3B\xDA", "ATR")
    expect(int.from_bytes(attribute(0x7A007), "little") == 65548, "MAXINPUT")
    expect(attribute(scard.SCARD_ATTR_ICC_PRESENCE) == b"\2", "presence")
    code, _ = scard.SCardGetAttrib(card, 0x12345)
    expect(code == scard.SCARD_E_UNSUPPORTED_FEATURE, f"unknown attribute: {name_of(code)}")

    code, features = scard.SCardControl(card, 0x42000D48, [])
    expect(code == 0 and bytes(features) == bytes.fromhex("120442330012"), f"features {features}")
    code, properties = scard.SCardControl(card, 0x42330012, [])
    expect(code == 0 and bytes.fromhex("0A0400000100") in bytes(properties), f"properties {properties}")
    code, _ = scard.SCardControl(card, 0x42000001, [1, 2])
    expect(code == scard.SCARD_E_UNSUPPORTED_FEATURE, f"unknown control code: {name_of(code)}")
    code, data = scard.SCardControl(card, 0x42000007, [1, 2])
    expect(code == 0 and bytes(data) == b"\2\1\7\0\0\x42", f"control {data}")


@check
def power_and_resets_reach_the_service(world):
    service = world.service()
    world.start_pcscd([f"vmyna:0:{service.path}"])
    client = Client()
    card = client.must_connect("vmyna 00 00")
    expect([kind for _, kind in service.ask("log")["log"]] == [2], "power on at start")
    for how, kinds in ((scard.SCARD_RESET_CARD, [3]), (scard.SCARD_UNPOWER_CARD, [4, 2]), (scard.SCARD_LEAVE_CARD, [])):
        code, _ = scard.SCardReconnect(card, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T1, how)
        seen = [kind for _, kind in service.ask("log")["log"]]
        expect(code == 0 and seen == kinds, f"reconnect {how}: {name_of(code)}, kinds {seen}")
        expect(reading(client, card), "read after reconnect")
        service.ask("log")
    scard.SCardDisconnect(card, scard.SCARD_UNPOWER_CARD)
    seen = [kind for _, kind in service.ask("log")["log"]]
    expect(4 in seen, f"disconnect: kinds {seen}")


@check
def largest_apdus_pass_both_ways(world):
    service = world.service()
    world.start_pcscd([f"vmyna:0:{service.path}"])
    client = Client()
    card = client.must_connect("vmyna 00 00")
    for size in (5, 261, 4096, 65546, 65548):
        command = bytes([0x80, 0xEE]) + bytes(i * 7 % 251 for i in range(size - 2))
        code, response = client.transmit(card, command)
        wanted = (command[::-1] + b"\x90\0")[-65548:]
        expect(code == 0 and response == wanted, f"{size} bytes: {name_of(code)}, {len(response)} bytes back")
    code, _ = client.transmit(card, bytes(65549))
    expect(code != 0, "65 549 bytes accepted")
    expect(reading(client, card), "read afterwards")


@check
def without_service_the_reader_is_empty_and_recovers(world):
    service = world.service(start=False)
    took = world.start_pcscd([f"vmyna:0:{service.path}"])
    expect(took < 1, f"pcscd took {took:.2f} s to start")
    client = Client()
    expect(not client.present("vmyna 00 00"), "a card without service")
    code, _ = client.connect("vmyna 00 00")
    expect(code == scard.SCARD_E_NO_SMARTCARD, f"connect: {name_of(code)}")
    waits = []
    for _ in range(5):
        service.start()
        waited = client.wait_present("vmyna 00 00", True, 2)
        expect(waited is not None and waited < 0.25, f"card back after {waited} s")
        waits.append(waited)
        expect(reading(client, client.must_connect("vmyna 00 00")), "read after recovery")
        service.kill()
        waited = client.wait_present("vmyna 00 00", False, 2)
        expect(waited is not None and waited < 0.1, f"removal seen after {waited} s")
    return f"back within {max(waits) * 1000:.0f} ms"


@check
def service_restarts_under_a_client(world):
    service = world.service()
    world.start_pcscd([f"vmyna:0:{service.path}"])
    client = Client()
    card = client.must_connect("vmyna 00 00")
    expect(reading(client, card), "read")
    service.kill()
    service.start()
    expect(client.wait_present("vmyna 00 00", True, 2) is not None, "card back")
    code, _ = client.transmit(card, READ)
    gone = (scard.SCARD_W_REMOVED_CARD, scard.SCARD_W_RESET_CARD)
    expect(code in gone + (scard.SCARD_E_NO_SMARTCARD, scard.SCARD_E_NOT_TRANSACTED), f"old handle: {name_of(code)}")
    deadline = time.monotonic() + 2
    while code not in gone and time.monotonic() < deadline:
        code, _ = client.transmit(card, READ)
    expect(code in gone, f"old handle is told nothing: {name_of(code)}")
    expect(reading(client, client.must_connect("vmyna 00 00")), "read with a new handle")


@check
def pcscd_killed_and_started_again(world):
    service = world.service()
    names = [f"vmyna:0:{service.path}"]
    world.start_pcscd(names)
    expect(reading(Client(), Client().must_connect("vmyna 00 00")), "read")
    world.stop_pcscd(9)
    deadline = time.monotonic() + 2
    while service.ask("links")["links"] and time.monotonic() < deadline:
        time.sleep(0.005)
    world.start_pcscd(names)
    client = Client()
    expect(reading(client, client.must_connect("vmyna 00 00")), "read after restart")


@check
def events_reach_a_client_within_5_ms(world):
    service = world.service(present=False)
    world.start_pcscd([f"vmyna:0:{service.path}"])
    client = Client()
    times = {"insert": [], "eject": []}
    for number in range(60):
        order = "insert" if number % 2 == 0 else "eject"
        known = client.state("vmyna 00 00")
        seen = {}

        def wait():
            state = client.state("vmyna 00 00", known, 3000)
            seen["at"], seen["present"] = time.monotonic(), bool(state & scard.SCARD_STATE_PRESENT)

        thread = threading.Thread(target=wait)
        thread.start()
        time.sleep(0.02)
        at = service.ask(f"{order} 0")["at"]
        thread.join()
        expect(seen.get("present") == (order == "insert"), f"{order}: {seen}")
        times[order].append((seen["at"] - at) * 1000)
    medians = {order: statistics.median(values) for order, values in times.items()}
    text = ", ".join(f"{order} {value:.2f} ms" for order, value in medians.items())
    expect(max(medians.values()) < 5, text)
    return text


@check
def exchange_of_cards_is_seen(world):
    service = world.service()
    world.start_pcscd([f"vmyna:0:{service.path}"])
    client = Client()
    for _ in range(20):
        card = client.must_connect("vmyna 00 00")
        expect(reading(client, card), "read")
        count = client.state("vmyna 00 00") >> 16
        service.ask("swap 0")
        deadline = time.monotonic() + 2
        code, response = client.transmit(card, READ)
        # The new card has no power until pcscd has seen it, so the old handle never reads it.
        expect(code != 0, f"the old handle read the new card: {response[:4].hex()}")
        while code != scard.SCARD_W_REMOVED_CARD and time.monotonic() < deadline:
            code, _ = client.transmit(card, READ)
        expect(code == scard.SCARD_W_REMOVED_CARD, f"old handle: {name_of(code)}")
        scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)
        expect(client.wait_present("vmyna 00 00", True, 2) is not None, "new card")
        expect((client.state("vmyna 00 00") >> 16) - count & 0xFFFF == 2, "two events")


@check
def removal_and_silence_during_a_command(world):
    service = world.service()
    world.start_pcscd([f"vmyna:0:{service.path}"])
    client = Client()
    card = client.must_connect("vmyna 00 00")
    service.ask("behave answer-mute")
    code, _ = client.transmit(card, READ)
    expect(code == scard.SCARD_E_NOT_TRANSACTED, f"mute: {name_of(code)}")
    service.ask("behave good")
    expect(reading(client, card), "read after mute")
    service.ask("behave answer-removed")
    code, _ = client.transmit(card, READ)
    expect(code in (scard.SCARD_E_NO_SMARTCARD, scard.SCARD_W_REMOVED_CARD), f"removed: {name_of(code)}")
    service.ask("behave good")
    service.ask("insert 0")
    expect(client.wait_present("vmyna 00 00", True, 1) is not None, "inserted again")


@check
def two_readers_work_side_by_side(world):
    service = world.service(slots=2)
    world.start_pcscd([f"vmyna:{n}:{service.path}" for n in range(2)])
    client = Client()
    expect(client.readers() == ["vmyna 00 00", "vmyna 01 00"], f"{client.readers()}")
    cards = [client.must_connect(reader) for reader in client.readers()]
    for number, card in enumerate(cards):
        code, response = client.transmit(card, bytes.fromhex("80EF000000"))
        expect(code == 0 and response[0] == number, f"slot {number}: {name_of(code)} {response.hex()}")
    other = Client()
    slow = other.must_connect("vmyna 00 00")
    # In a process of its own: pyscard may hold the interpreter's lock during a transmit.
    pid = os.fork()
    if pid == 0:
        own = Client()
        own.transmit(own.must_connect("vmyna 00 00"), bytes.fromhex("80ED000000"))
        os._exit(0)
    time.sleep(0.1)
    begin = time.monotonic()
    expect(reading(client, cards[1]), "read of reader 1")
    took = time.monotonic() - begin
    os.waitpid(pid, 0)
    expect(took < 0.1, f"reader 1 waited {took:.2f} s for reader 0")
    service.ask("eject 1")
    expect(client.wait_present("vmyna 01 00", False, 1) is not None, "removal of card 1")
    expect(reading(client, cards[0]) and reading(other, slow), "card 0 is not concerned")


@check
def sixteen_readers(world):
    service = world.service(slots=16)
    world.start_pcscd([f"vmyna:{n}:{service.path}" for n in range(16)])
    client = Client()
    expect(len(client.readers()) == 16, f"{len(client.readers())} readers")
    for number, reader in enumerate(client.readers()):
        code, response = client.transmit(client.must_connect(reader), bytes.fromhex("80EF000000"))
        expect(code == 0 and response[0] == number, f"{reader}: {name_of(code)} {response.hex()}")


@check
def unusable_device_names_give_an_empty_reader(world):
    service = world.service(slots=1)
    long_path = "/" + "x" * 107
    names = ["vmyna:", "vmyna:16:/run/x", "vmyna:0:relative", f"vmyna:0:{long_path}", "other:0:/run/x", f"vmyna:3:{service.path}"]
    world.start_pcscd(names + [f"vmyna:0:{service.path}"])
    client = Client()
    expect(len(client.readers()) == 7, f"{client.readers()}")
    for reader in client.readers()[:6]:
        expect(not client.present(reader), f"{reader} has a card")
    expect(reading(client, client.must_connect("vmyna 06 00")), "the good one")


@check
def a_slot_is_held_by_one_driver(world):
    service = world.service(slots=1)
    # pcscd itself refuses the same DEVICENAME twice; the same slot written in another way it does not know.
    world.start_pcscd([f"vmyna:0:{service.path}", f"vmyna:00:{service.path}"])
    client = Client()
    expect(reading(client, client.must_connect("vmyna 00 00")), "the first")
    expect(not client.present("vmyna 01 00"), "the second is empty")


def hostile(world, behaviours, transmit):
    """Whatever one service does, pcscd lives, the reader beside it works at once, and the reader itself comes back."""
    bad, good = world.service(), world.service()
    world.start_pcscd([f"vmyna:0:{bad.path}", f"vmyna:0:{good.path}"])
    client = Client()
    beside = client.must_connect("vmyna 01 00")
    before = world.descriptors()
    for behaviour in behaviours:
        expect(client.wait_present("vmyna 00 00", True, 5) is not None, f"before {behaviour}: no card")
        if transmit:
            card = client.must_connect("vmyna 00 00")
            bad.ask(f"behave {behaviour}")
            begin = time.monotonic()
            code, response = client.transmit(card, READ)
            took = time.monotonic() - begin
            expect(code == scard.SCARD_E_NOT_TRANSACTED, f"{behaviour}: {name_of(code)}, {len(response)} bytes")
            expect(took < 6, f"{behaviour}: took {took:.1f} s")
        else:
            # New connections meet the behaviour.
            bad.kill()
            bad.start()
            bad.ask(f"behave {behaviour}")
            time.sleep(0.4)
        begin = time.monotonic()
        expect(world.pcscd_lives(), f"{behaviour}: pcscd died")
        expect(reading(client, beside), f"{behaviour}: the reader beside fails")
        took = time.monotonic() - begin
        expect(took < 0.2, f"{behaviour}: the reader beside took {took:.2f} s")
        bad.ask("behave good")
        if transmit:
            scard.SCardDisconnect(card, scard.SCARD_UNPOWER_CARD)
        deadline = time.monotonic() + 6
        healed = False
        while not healed and time.monotonic() < deadline:
            code, card = client.connect("vmyna 00 00")
            healed = code == 0 and reading(client, card)
            if code == 0:
                scard.SCardDisconnect(card, scard.SCARD_RESET_CARD)
            if not healed:
                time.sleep(0.02)
        expect(healed, f"{behaviour}: does not come back")
    deadline = time.monotonic() + 2
    while world.descriptors() > before + 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    expect(world.descriptors() <= before + 2, f"descriptors grew from {before} to {world.descriptors()}")
    return f"{len(behaviours)} kinds"


@check
def hostile_hellos(world):
    return hostile(world, ["hello-half", "hello-magic", "hello-version", "hello-no-common", "hello-status", "hello-long",
                           "hello-busy", "hello-silent", "hello-close", "no-accept"], transmit=False)


@check
def hostile_events(world):
    return hostile(world, ["event-short", "event-long", "event-kind", "event-slot", "event-same", "event-counter",
                           "event-flood", "event-close"], transmit=False)


@check
def hostile_answers(world):
    return hostile(world, ["answer-empty-payload", "answer-one-byte", "answer-header-cut", "answer-too-long",
                           "answer-far-too-long", "answer-wrong-sequence", "answer-wrong-kind", "answer-wrong-status",
                           "answer-reserved", "answer-flood", "answer-close", "more-time-cut", "more-time-short"],
                   transmit=True)


@check
def silent_and_late_answers(world):
    return hostile(world, ["answer-silent", "answer-late"], transmit=True)


@check
def more_time_prolongs_the_wait(world):
    service = world.service()
    world.start_pcscd([f"vmyna:0:{service.path}"])
    client = Client()
    card = client.must_connect("vmyna 00 00")
    service.ask("behave more-time")
    begin = time.monotonic()
    expect(reading(client, card), "read")
    took = time.monotonic() - begin
    expect(took > 6, f"took {took:.1f} s only")
    return f"{took:.1f} s"


@check
def more_time_without_end_holds_only_its_reader(world):
    bad, good = world.service(), world.service()
    world.start_pcscd([f"vmyna:0:{bad.path}", f"vmyna:0:{good.path}"])
    bad.ask("behave more-time-flood")
    pid = os.fork()
    if pid == 0:
        own = Client()
        code, _ = own.transmit(own.must_connect("vmyna 00 00"), READ)
        os._exit(0 if code == scard.SCARD_E_NOT_TRANSACTED else 1)
    time.sleep(0.5)
    client = Client()
    begin = time.monotonic()
    expect(reading(client, client.must_connect("vmyna 01 00")), "the reader beside")
    took = time.monotonic() - begin
    expect(took < 0.2, f"the reader beside took {took:.2f} s")
    # The last extension was one millisecond: it ends the wait.
    bad.ask("behave good")
    _, status = os.waitpid(pid, 0)
    expect(status == 0 and time.monotonic() - begin < 2, "the flood's end does not end the exchange")


@check
def frozen_service_does_not_block_pcscd(world):
    frozen, good = world.service(), world.service()
    frozen.freeze()
    took = world.start_pcscd([f"vmyna:0:{frozen.path}", f"vmyna:0:{good.path}"])
    expect(took < 2.5, f"pcscd took {took:.1f} s to start")
    client = Client()
    expect(not client.present("vmyna 00 00"), "card of a frozen service")
    expect(reading(client, client.must_connect("vmyna 01 00")), "the reader beside")
    frozen.thaw()
    expect(client.wait_present("vmyna 00 00", True, 3) is not None, "card after thawing")
    frozen.freeze()
    took = world.stop_pcscd()
    expect(took < 3, f"pcscd took {took:.1f} s to stop")


@check
def many_restarts_leak_nothing(world):
    service = world.service()
    world.start_pcscd([f"vmyna:0:{service.path}"])
    client = Client()
    counts = []
    for _ in range(25):
        service.kill()
        service.start()
        expect(client.wait_present("vmyna 00 00", True, 2) is not None, "card back")
        card = client.must_connect("vmyna 00 00")
        expect(reading(client, card), "read")
        scard.SCardDisconnect(card, scard.SCARD_RESET_CARD)
        counts.append(world.descriptors())
    expect(max(counts[5:]) <= max(counts[:5]) + 1, f"descriptors {counts}")


def run(name):
    """In a process of its own, so that libpcsclite begins anew and a hang ends."""
    reader, writer = os.pipe()
    begin = time.monotonic()
    pid = os.fork()
    if pid == 0:
        text, code = "", 1
        try:
            with World(DRIVER) as world:
                text, code = CHECKS[name](world) or "", 0
        except Failure as failure:
            text = str(failure)
        except Exception:
            text = traceback.format_exc().replace("\n", " | ")
        os.write(writer, text.encode()[:4000])
        os._exit(code)
    os.close(writer)
    deadline = begin + LIMIT_SECONDS
    status = None
    while status is None and time.monotonic() < deadline:
        done, result = os.waitpid(pid, os.WNOHANG)
        status = result if done else None
        time.sleep(0.005)
    if status is None:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        text = f"no end after {LIMIT_SECONDS} s"
    else:
        text = os.read(reader, 4000).decode()
    os.close(reader)
    word = "ok  " if status == 0 else "FAIL"
    print(f"{word} {name.replace('_', ' ')} ({time.monotonic() - begin:.1f} s){': ' + text if text else ''}", flush=True)
    return status == 0


def main():
    names = sys.argv[2:] or list(CHECKS)
    failed = [name for name in names if not run(name)]
    print(f"{len(names) - len(failed)} of {len(names)} checks passed")
    sys.exit(1 if failed else 0)


main()
