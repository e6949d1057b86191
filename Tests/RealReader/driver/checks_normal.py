"""Normal use: cards, power, events, absence and return of the service, several readers."""

import os
import statistics
import subprocess
import threading
import time

from smartcard import scard

from register import DRIVER, READ, check, reading
from world import Client, expect, name_of


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
def service_adds_features_and_properties(world):
    service = world.service()
    world.start_pcscd([f"vmyna:0:{service.path}"])
    client = Client()
    card = client.must_connect("vmyna 00 00")
    own = bytes.fromhex("120442330012")

    def asked(code):
        result, answer = scard.SCardControl(card, code, [])
        expect(result == 0, f"control: {name_of(result)}")
        return bytes(answer)

    plain = asked(0x42330012)
    more = "060442330006070442330007"
    for good in ("", more, "0A00", "0100" * 64):
        service.ask(f"lists {good}")
        expect(asked(0x42000D48) == own + bytes.fromhex(good), f"features with {good}")
        expect(asked(0x42330012) == plain + bytes.fromhex(good), f"properties with {good}")
    # Cut off, too long for itself, too long for the driver: as if nothing had been added.
    for bad in ("06", "0604423300", more + "07", "06FF00", "0100" * 65, "00" * 60000):
        service.ask(f"lists {bad}")
        expect(asked(0x42000D48) == own, f"features with {bad[:20]}")
        expect(asked(0x42330012) == plain, f"properties with {bad[:20]}")
    service.kill()
    expect(asked(0x42000D48) == own, "features without a service")


@check
def installed_driver_needs_no_option(world):
    """install.sh into this namespace's own empty folders (run.sh), then pcscd as the system starts it."""
    service = world.service(slots=3)
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../ifd-bundle/install.sh")
    options = ["--readers", "3", "--socket", service.path, "--driver", DRIVER]
    subprocess.run([script, *options], check=True, capture_output=True)
    world.start_pcscd(None)
    client = Client()
    expect(client.readers() == [f"vmyna Virtual Reader 0{n} 00" for n in range(3)], f"{client.readers()}")
    expect(reading(client, client.must_connect("vmyna Virtual Reader 02 00")), "read")
    world.stop_pcscd()
    subprocess.run([script, "--remove"], check=True, capture_output=True)
    world.start_pcscd(None)
    expect(Client().readers() == [], "readers after --remove")


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
    expect(took < 5, f"pcscd took {took:.2f} s to start")
    client = Client()
    expect(not client.present("vmyna 00 00"), "a card without service")
    code, _ = client.connect("vmyna 00 00")
    expect(code == scard.SCARD_E_NO_SMARTCARD, f"connect: {name_of(code)}")
    waits = []
    for _ in range(5):
        service.start()
        waited = client.wait_present("vmyna 00 00", True, 2)
        expect(waited is not None and waited < 2, f"card back after {waited} s")
        waits.append(waited)
        expect(reading(client, client.must_connect("vmyna 00 00")), "read after recovery")
        service.kill()
        waited = client.wait_present("vmyna 00 00", False, 10)
        expect(waited is not None, "the card stays though its service is gone")
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
    expect(reading(client, cards[1]), "read of reader 1")
    ended, _ = os.waitpid(pid, os.WNOHANG)
    expect(ended == 0, "reader 1 waited for reader 0")
    os.waitpid(pid, 0)
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
    names = ["vmyna:", "vmyna:16:/run/x", "vmyna:0:relative", f"vmyna:0:{long_path}", "other:0:/run/x",
             f"vmyna:3:{service.path}"]
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
