"""A service that breaks the protocol, says nothing, or keeps going away."""

import os
import time

from smartcard import scard

from register import READ, check, reading
from world import Client, expect, name_of


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
            expect(took < 8, f"{behaviour}: took {took:.1f} s")
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
        expect(took < 2, f"{behaviour}: the reader beside took {took:.2f} s")
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
    return hostile(world, ["hello-half", "hello-magic", "hello-version", "hello-no-common", "hello-status",
                           "hello-long", "hello-busy", "hello-silent", "hello-close", "no-accept"], transmit=False)


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
    expect(took < 2, f"the reader beside took {took:.2f} s")
    # The last extension was one millisecond: it ends the wait.
    bad.ask("behave good")
    _, status = os.waitpid(pid, 0)
    expect(status == 0 and time.monotonic() - begin < 2, "the flood's end does not end the exchange")


@check
def frozen_service_does_not_block_pcscd(world):
    frozen, good = world.service(slots=15), world.service()
    frozen.freeze()
    took = world.start_pcscd([f"vmyna:{n}:{frozen.path}" for n in range(15)] + [f"vmyna:0:{good.path}"])
    expect(took < 5, f"pcscd took {took:.1f} s to start")
    client = Client()
    expect(not client.present("vmyna 00 00"), "card of a frozen service")
    expect(reading(client, client.must_connect("vmyna 0F 00")), "the reader beside")
    frozen.thaw()
    for reader in client.readers():
        expect(client.wait_present(reader, True, 3) is not None, f"{reader}: card after thawing")
    frozen.freeze()
    took = world.stop_pcscd()
    expect(took < 8, f"pcscd took {took:.1f} s to stop")


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
