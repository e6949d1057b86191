"""What outlives what: tries over restarts of service and pcscd, `vmyna run --state`, clients over an absence of the service."""

import os
import signal
import time

from harness import *
from smartcard import scard


@check("restart: tries stay over SIGTERM and kill -9 of the service, the reader comes back by itself", limit=120)
def service_restart():
    with Folder() as folder, World(state=folder / "state") as world:
        client = Client()
        expected = 5
        for how in (signal.SIGTERM, signal.SIGKILL, signal.SIGTERM, signal.SIGKILL):
            card = client.connect(world.reader())
            card(select(JPKI))
            expected -= 1
            card(verify("XYZ999", p2="9B"), f"63C{expected}")
            code = world.service.stop(how)
            equal("exit code", code, 0 if how == signal.SIGTERM else -9)
            client.await_present(world.reader(), False)
            card.disconnect()
            world.service.start()
            client.await_present(world.reader(), True)
            equal("tries", world.service.tries("sign"), expected)
        # Locked for good, and back by the ward office: both outlive the service too.
        card = client.connect(world.reader())
        card(select(JPKI))
        card(verify("XYZ999", p2="9B"), "63C0")
        card(verify("ABC123", p2="9B"), "6984")
        world.service.kill()
        world.service.start()
        equal("locked", world.service.tries("sign"), 0)
        world.service.command("operator", "reset-pin", "sign", "--new", "NEW456").ok()
        world.service.kill()
        world.service.start()
        client.await_present(world.reader(), True)
        card = client.connect(world.reader())
        card(select(JPKI))
        card(verify("NEW456", p2="9B"))
        client.release()


@check("restart: OpenSC's ladder with pcscd and the service restarted between the guesses", limit=240)
def ladder_over_restarts():
    with Folder() as folder, World(state=folder / "state") as world:
        for left in (2, 1, 0):
            result = run("pkcs11-tool", "--slot-index", "0", "--login", "--pin", "9999", "-O")
            contains("the guess", result.err, "CKR_PIN_INCORRECT")
            world.stop_pcscd()
            world.service.stop(signal.SIGKILL if left == 1 else signal.SIGTERM)
            world.service.start()
            world.start_pcscd()
            matches("list-pins", run("pkcs15-tool", "--list-pins").ok().out, f"Tries left     : {left}")
        contains("locked", run("pkcs11-tool", "--slot-index", "0", "--login", "--pin", "1234", "-O").err, "CKR_GENERAL_ERROR")


@check("restart: pcscd alone; the card loses power and PIN, not the tries")
def pcscd_restart():
    with World() as world:
        client = Client()
        card = client.connect(world.reader())
        card(select(JPKI))
        card(verify("0000", p2="98"), "63C2")
        card(verify("ABC123", p2="9B"))
        world.stop_pcscd()
        deadline = time.monotonic() + 5
        while world.service.status()["powered"]:
            expect(time.monotonic() < deadline, "the card kept its power without a reader")
            time.sleep(0.02)
        world.start_pcscd()
        client = Client()
        card = client.connect(world.reader())
        card(QUERY, "6986")
        card(select(JPKI))
        card("00200098", "63C2")
        card(sign(digest_info(b"x"), p2="9A"), "6982")
        client.release()


@check("restart: pcscd starts before the service; the reader is empty, then not")
def pcscd_first():
    with World() as world:
        world.stop_pcscd()
        world.service.stop()
        world.start_pcscd()
        client = Client()
        equal("readers", client.readers(), [world.reader()])
        expect(not client.present(world.reader()), "a card without a service")
        world.service.start()
        took = client.await_present(world.reader(), True)
        client.connect(world.reader())(select(JPKI))
        client.release()
        return f"present after {took * 1000:.0f} ms"


@check("restart: fresh state without --state, kept state with it")
def run_state():
    guess = ["pkcs11-tool", "--slot-index", "0", "--login", "--pin", "9999", "-O"]
    with Folder() as folder:
        for wanted in ("2", "1"):
            in_world(*guess, state=folder / "state").fails(1)
            pins = in_world("pkcs15-tool", "--list-pins", state=folder / "state").ok().out
            matches("kept", pins, f"Tries left     : {wanted}")
        in_world(*guess).fails(1)
        matches("fresh", in_world("pkcs15-tool", "--list-pins").ok().out, "Tries left     : 3")
        piped = Piped("--state", folder / "state")
        piped(select(JPKI))
        piped("00200098", "63C1")
        piped.close()


@check("restart: the service is frozen; a client gets an error within seconds, pcscd lives, and it thaws", limit=120)
def frozen():
    with World() as world:
        client = Client()
        card = client.connect(world.reader())
        card(select(JPKI))
        world.service.process.send_signal(signal.SIGSTOP)
        begin = time.monotonic()
        code, _ = card.raw(bytes.fromhex("0084000008"))
        took = time.monotonic() - begin
        expect(code != 0, "an answer from a frozen service")
        expect(took < 10, f"the client waited {took:.1f} s")
        world.service.process.send_signal(signal.SIGCONT)
        card.disconnect(scard.SCARD_UNPOWER_CARD)
        deadline = time.monotonic() + 20
        while client.connect_code(world.reader()) != 0:
            expect(time.monotonic() < deadline, "the reader did not come back")
            time.sleep(0.1)
        client.release()
        return f"error after {took:.1f} s"


@check("restart: SIGTERM while clients sign: a clean end, every time", limit=120)
def end_while_signing():
    for _ in range(15):
        with Folder() as folder:
            service = Service(folder.path, ["fresh-adult", "fresh-adult"]).start()
            links = []
            for slot in (0, 1):
                link = Link(service.socket, slot=slot)
                link.request(Link.POWER_ON)
                card = LinkCard(link)
                card(select(JPKI))
                card(verify("1234", p2="98"))
                links.append(link)
            command = bytes.fromhex(sign(digest_info(b"x"), p2="97"))
            children = []
            for link in links:
                child = os.fork()
                if child == 0:
                    try:
                        while link.request(Link.TRANSMIT, command):
                            pass
                    finally:
                        os._exit(0)
                children.append(child)
            time.sleep(0.03)
            code = service.stop()
            for child in children:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
            equal("exit code", code, 0)
            expect(not os.path.exists(service.socket), "the socket is still there")
