"""Two cards, sixteen readers, APDUs of every size, a hundred thousand of them."""

import os
import threading
import time

from harness import *
from smartcard import scard

MOST_KILOBYTES = 30 * 1024


@check("many: two cards in two readers, each with its own state")
def two_cards():
    with World(cards=["fresh-adult", "sign-1-left"]) as world:
        client = Client()
        equal("readers", client.readers(), [world.reader(0), world.reader(1)])
        first, second = (client.connect(world.reader(slot)) for slot in (0, 1))
        for card in (first, second):
            card(select(JPKI))
        first("0020009B", "63C5")
        second("0020009B", "63C1")
        first(verify("ABC123", p2="9B"))
        second(sign(digest_info(b"x"), p2="9A"), "6982")
        first(verify("0000", p2="98"), "63C2")
        second("00200098", "63C3")
        text = run("pkcs15-tool", "--reader", "1", "--list-pins").ok().out
        contains("the second reader by OpenSC", text, "Tries left     : 1")
        client.release()


@check("many: the same card twice keeps two states under --state")
def same_card_twice():
    with Folder() as folder:
        for left in (2, 1):
            with World(cards=["fresh-adult", "fresh-adult"], state=folder / "state") as world:
                client = Client()
                first, second = (client.connect(world.reader(slot)) for slot in (0, 1))
                for card in (first, second):
                    card(select(JPKI))
                first(verify("0000", p2="98"), f"63C{left}")
                second("00200098", "63C3")
                # Out and in again: the same state, not a third one.
                world.service.command("eject").ok()
                world.service.command("insert", "fresh-adult", "--slot", "0").ok()
                equal("tries after out and in", world.service.tries("auth", 0), left)
                client.release()
        state = folder / "state"
        folders = sorted(name for name in os.listdir(state) if os.path.isdir(os.path.join(state, name)))
        equal("state folders", folders, ["fresh-adult", "fresh-adult-2"])


@check("many: two clients sign on two cards at once", limit=60)
def parallel():
    with World(cards=["fresh-adult", "sign-1-left"]) as world:
        failures = []

        def work(slot):
            try:
                client = Client()
                card = client.connect(world.reader(slot))
                card(select(JPKI))
                card(verify("1234", p2="98"))
                for number in range(200):
                    card(sign(digest_info(b"%d" % number), p2="97"), length=256)
                client.release()
            except Failure as failure:
                failures.append(str(failure))

        threads = [threading.Thread(target=work, args=(slot,)) for slot in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        equal("failures", failures, [])


@check("many: sixteen readers, a card in each; a seventeenth is refused with the fix", limit=120)
def sixteen():
    with World(cards=["fresh-adult"] * 15, readers=1) as world:
        client = Client()
        readers = client.readers()
        equal("readers", len(readers), 16)
        equal("the last one", readers[-1], world.reader(15))
        for slot in range(15):
            card = client.connect(world.reader(slot))
            card(select(JPKI))
            card(verify("000%d" % (slot % 10), p2="98"), "63C2")
        expect(not client.present(world.reader(15)), "a card in the empty reader")
        world.service.command("insert", "child-10", "--slot", "15").ok()
        client.await_present(world.reader(15), True)
        equal("status", len(world.service.command("status", "--json").ok().out.splitlines()), 16)
        expect(world.service.resident_kilobytes() < 2 * MOST_KILOBYTES, f"{world.service.resident_kilobytes()} kB")
        client.release()
    with Folder() as folder:
        error_form(vmyna("serve", "--readers", "17", "--socket", folder / "socket"), 2)
        error_form(vmyna("reader-conf", "--readers", "17"), 2)
        error_form(vmyna("reader-conf", "--readers", "0"), 2)
        error_form(vmyna("run", "--readers", "16", "--", "true"), 2)


@check("large: extended APDUs up to 65 544 bytes of command, answers of a whole file")
def large():
    with World() as world:
        client = Client()
        card = client.connect(world.reader())
        card(select(JPKI))
        card(verify("1234", p2="98"))
        for length in (256, 1000, 4096, 16384, 32767, 65534, 65535):
            body = bytes(i * 31 & 0xFF for i in range(length))
            for scheme in ("01", "03", "05"):
                card(bytes.fromhex(f"802A{scheme}9700{length:04X}") + body + b"\0\0", length=256)
        longest = bytes.fromhex("802A039700FFFF") + bytes(65535) + b"\0\0"
        equal("the longest APDU", len(longest), 65544)
        card(longest, length=256)
        for length in (65536, 65544):
            card(bytes.fromhex("802A0397") + bytes(length - 4), "6700")
        card("00B08A0000FFFF", length=2048)
        card("00200098", "63C3")
        client.release()


@check("large: 65 548 bytes through the service's socket; one more ends the connection and the service lives")
def largest_message():
    with Folder() as folder:
        service = Service(folder.path).start()
        link = Link(service.socket)
        link.request(Link.POWER_ON)
        equal("65 548 bytes", link.request(Link.TRANSMIT, bytes(65548)), (0, b"\x67\x00"))
        equal("65 549 bytes", link.request(Link.TRANSMIT, bytes(65549))[0], 3)
        link.socket.send(bytes([Link.TRANSMIT, 9, 0, 0]) + bytes(65553))
        equal("65 557 bytes", link.receive(), b"")
        link = Link(service.socket)
        equal("TRANSMIT without power", link.request(Link.TRANSMIT, b"\0\x84\0\0\x08")[0], 2)
        equal("exit code", service.stop(), 0)


@check("many: 100 000 APDUs: no growth of memory, files or threads; under 30 MB", limit=300)
def hundred_thousand():
    with Folder() as folder, World(state=folder / "state") as world:
        client = Client()
        card = client.connect(world.reader())
        card(select(JPKI))
        card(verify("1234", p2="98"))
        commands = [bytes.fromhex(text) for text in (ef(AUTH_CERTIFICATE), read(0, 256), read(256, 256), "00B0000000" + "0800", "0084000020",
                                                     ef("0006"), read(0, 160), QUERY, "00200098", "00FFFFFF", "00A40400")]
        commands.append(bytes.fromhex(verify("1234", p2="98")))
        signature = bytes.fromhex(sign(digest_info(b"x"), p2="97"))

        def burst(count):
            send, handle, pci = scard.SCardTransmit, card.card, scard.SCARD_PCI_T1
            lists = [list(command) for command in commands]
            for number in range(count):
                code, _ = send(handle, pci, lists[number % len(lists)])
                if code != 0:
                    raise Failure(f"APDU {number}: {name_of(code)}")
            for _ in range(count // 100):
                card(signature, length=256)

        burst(10_000)
        before = (world.service.resident_kilobytes(), world.service.descriptors(), world.service.threads())
        begin = time.monotonic()
        burst(100_000)
        took = time.monotonic() - begin
        after = (world.service.resident_kilobytes(), world.service.descriptors(), world.service.threads())
        client.release()
        expect(after[0] < MOST_KILOBYTES, f"{after[0]} kB resident")
        expect(after[0] - before[0] < 2000, f"memory grew from {before[0]} to {after[0]} kB")
        equal("open files", after[1], before[1])
        expect(after[2] <= before[2], f"threads: {before[2]}, then {after[2]}")
        return f"{before[0]} kB before, {after[0]} kB after, {took:.0f} s"


@check("many: a thousand connections of control and driver leave no file or thread behind", limit=120)
def connections():
    with Folder() as folder:
        service = Service(folder.path).start()
        Link(service.socket, Link.CONTROL).close()
        time.sleep(0.2)
        before = (service.descriptors(), service.threads())
        for number in range(1000):
            link = Link(service.socket, (Link.COMMANDS, Link.EVENTS, Link.CONTROL)[number % 3])
            # The service frees a slot when it has seen the connection before end; a driver asks again, and so does this.
            end = time.monotonic() + 5
            while link.status == 3 and time.monotonic() < end:
                link.close()
                time.sleep(0.002)
                link = Link(service.socket, (Link.COMMANDS, Link.EVENTS, Link.CONTROL)[number % 3])
            expect(link.status != 3, f"connection {number} finds the slot busy for good")
            link.close()
        time.sleep(0.5)
        after = (service.descriptors(), service.threads())
        expect(after[0] <= before[0] and after[1] <= before[1], f"files and threads: {before}, then {after}")
        equal("exit code", service.stop(), 0)
