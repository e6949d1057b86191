"""Hostile peers on the service's socket, while a good client goes on working through pcscd."""

import json
import os
import random
import socket
import threading
import time

from harness import *

SEED = int(os.environ.get("SEED", "20261122"))
HELLO = b"VMYN\x01\x01"


class GoodClient(threading.Thread):
    """Signs and reads all the time, and knows how long the longest exchange took."""

    def __init__(self, world, slot=0):
        super().__init__(daemon=True)
        self.world, self.slot = world, slot
        self.failure, self.count, self.longest, self.ends = None, 0, 0.0, False
        self.start()

    def run(self):
        try:
            client = Client()
            card = client.connect(self.world.reader(self.slot))
            card(select(JPKI))
            card(verify("1234", p2="98"))
            while not self.ends:
                begin = time.monotonic()
                card(sign(digest_info(b"%d" % self.count), p2="97"), length=256)
                card("00B08A0000", length=256)
                self.longest = max(self.longest, time.monotonic() - begin)
                self.count += 1
            client.release()
        except Failure as failure:
            self.failure = failure

    def stop(self):
        self.ends = True
        self.join(20)
        if self.failure:
            raise Failure(f"the good client: {self.failure}")
        expect(self.count > 10, f"the good client did {self.count} rounds only")
        expect(self.longest < 5, f"the good client once waited {self.longest:.1f} s")
        return f"{self.count} rounds beside it, {self.longest * 1000:.0f} ms at most"


def packet_socket(path):
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    # A timeout would make the connection non-blocking, and that fails at once when the queue is full.
    peer.connect(path)
    peer.settimeout(5)
    return peer


def closed(peer, seconds=5):
    """Whether the service closes, whatever it says before."""
    peer.settimeout(seconds)
    try:
        while peer.recv(65557):
            pass
        return True
    except (ConnectionResetError, BrokenPipeError):
        return True
    except socket.timeout:
        return False


def hostile(name, readers=1, **options):
    def register(function):
        def body():
            with World(readers=readers) as world:
                files, threads = world.service.descriptors(), world.service.threads()
                good = GoodClient(world)
                time.sleep(0.1)
                note = function(world.service.socket, world)
                report = good.stop()
                expect(world.service.alive, "the service is gone")
                expect(world.pcscd_lives(), "pcscd is gone")
                end = time.monotonic() + 10
                while world.service.descriptors() > files + 2 or world.service.threads() > threads + 2:
                    expect(time.monotonic() < end, f"files {files}, now {world.service.descriptors()}; threads {threads}, now {world.service.threads()}")
                    time.sleep(0.1)
                equal("exit code", world.service.stop(), 0)
                return f"{note + ', ' if note else ''}{report}"
        return check("hostile: " + name, **options)(body)
    return register


@hostile("rubbish instead of a hello, and half a hello")
def rubbish(path, world):
    source = random.Random(SEED)
    for number in range(300):
        peer = packet_socket(path)
        peer.send(source.randbytes(source.choice([1, 4, 7, 8, 9, 100, 65556])))
        if number < 60:
            expect(closed(peer), "a rubbish hello is kept open")
        peer.close()
    for hello in (HELLO[:5], b"VMYN\x02\x01\x00\x00", b"vmyn\x01\x01\x00\x00", HELLO + b"\0\0\0", b"\0"):
        peer = packet_socket(path)
        peer.send(hello)
        expect(closed(peer), f"open after {hello!r}")
        peer.close()
    return f"seed {SEED}"


@hostile("other versions, roles and slots are told so")
def refused(path, world):
    for hello, status in ((b"VMYN\x02\x09\x00\x00", 1), (b"VMYN\x00\x00\x00\x00", 1), (HELLO + b"\x07\x00", 1), (HELLO + b"\x00\x09", 2),
                          (HELLO + b"\x01\xFF", 2), (HELLO + b"\x00\x00", 3), (HELLO + b"\x01\x00", 3)):
        peer = packet_socket(path)
        peer.send(hello)
        answer = peer.recv(100)
        equal(f"{hello!r}", (answer[:4], answer[5], len(answer)), (b"VMYN", status, 8))
        expect(closed(peer), "open after a refusal")
        peer.close()
    peer = packet_socket(path)
    peer.send(b"VMYN\x00\x09\x02\x00")
    equal("a range that holds version 1", peer.recv(100)[4:6], b"\x01\x00")
    peer.close()


@hostile("silence: hundreds that say nothing", limit=60)
def silence(path, world):
    peers = []
    for _ in range(400):
        peer = packet_socket(path)
        peers.append(peer)
    # The good side still comes in, at the latest when the silent ones have used up their time.
    begin = time.monotonic()
    while True:
        result = world.service.command("status")
        if result.code == 0:
            break
        expect(time.monotonic() - begin < 10, f"no control connection: {result.text}")
        time.sleep(0.1)
    took = time.monotonic() - begin
    for peer in peers[:20]:
        expect(closed(peer, 8), "a silent peer is kept for ever")
    for peer in peers:
        peer.close()
    return f"control again after {took:.1f} s"


@hostile("a flood of connections that close at once", limit=60)
def flood(path, world):
    end = time.monotonic() + 5
    count = 0
    while time.monotonic() < end:
        try:
            peer = packet_socket(path)
            if count % 3 == 0:
                peer.send(HELLO + b"\x02\x00")
            peer.close()
            count += 1
        except (BlockingIOError, socket.timeout, ConnectionResetError, BrokenPipeError):
            pass
    return f"{count} connections"


@hostile("random requests on the other slot's command connection", limit=60)
def requests(path, world):
    source = random.Random(SEED)
    end = time.monotonic() + 4
    count = 0
    world.service.command("insert", "child-10", "--slot", "1").ok()
    # pcscd's driver has that slot: the service that we ask is another one, of the same program.
    with Folder() as folder:
        service = Service(folder.path).start()
        while time.monotonic() < end:
            link = Link(service.socket)
            if link.status != 0:
                time.sleep(0.005)
                continue
            for _ in range(source.randrange(1, 40)):
                kind = source.choice([1, 2, 3, 4, 5, 5, 5, 6, 0, 7, 128, 255])
                length = source.choice([0, 0, 1, 4, 5, 20, 300, 65552, 65553])
                message = bytes([kind, source.randrange(256), source.choice([0, 0, 0, 1]), 0]) + source.randbytes(length)
                if source.random() < 0.03:
                    message = message[:source.randrange(0, 4)] or b"\0"
                try:
                    link.socket.send(message)
                    answer = link.receive()
                except (BrokenPipeError, ConnectionResetError):
                    break
                if not answer:
                    break
                expect(len(answer) >= 4 and answer[0] == kind | 0x80, f"{message[:8].hex()}: {answer[:8].hex()}")
                count += 1
            link.close()
        expect(service.alive, "the service is gone")
        equal("exit code", service.stop(), 0)
    return f"{count} requests, seed {SEED}"


@hostile("requests without waiting for answers, and answers that nobody reads", limit=60)
def unread(path, world):
    with Folder() as folder:
        service = Service(folder.path).start()
        for _ in range(20):
            link = Link(service.socket)
            while link.status == 3:
                link.close()
                time.sleep(0.005)
                link = Link(service.socket)
            link.socket.setblocking(False)
            try:
                for number in range(100000):
                    link.socket.send(bytes([2 if number == 0 else 5, number & 0xFF, 0, 0]) + (b"" if number == 0 else bytes.fromhex("00B08A0000FFFF")))
            except (BlockingIOError, BrokenPipeError, ConnectionResetError):
                pass
            link.close()
        # A control client that asks and does not read.
        link = Link(service.socket, Link.CONTROL)
        link.socket.setblocking(False)
        try:
            for _ in range(100000):
                link.socket.send(b'{"action":"status"}')
        except (BlockingIOError, BrokenPipeError, ConnectionResetError):
            pass
        service.status()
        link.close()
        # An event client that never reads is dropped, and the slot is free again.
        watcher = Link(service.socket, Link.EVENTS)
        control = Link(service.socket, Link.CONTROL)
        for _ in range(300):
            for action in (b'{"action":"eject"}', b'{"action":"insert","card":"fresh-adult"}'):
                control.socket.send(action)
                equal("the answer", control.receive(), b"{}")
        watcher.close()
        time.sleep(0.1)
        equal("events again", Link(service.socket, Link.EVENTS).status, 0)
        equal("exit code", service.stop(), 0)


@hostile("control garbage: no JSON, other JSON, deep JSON, wrong types", limit=60)
def control(path, world):
    source = random.Random(SEED)
    good = [b'{"action":"status"}', b'{"action":"set","slot":1,"arguments":["sign.tries=1"]}', b'{"action":"insert","card":"nobody","slot":1}']
    bad = [b"", b"{", b"[]", b"null", b"7", b'"x"', b'{"action":7}', b'{"action":"fly"}', b'{"action":"status","slot":99999999999999999999}',
           b'{"action":"status","slot":-1}', b'{"action":"insert"}', b'{"action":"insert","card":""}', b'{"action":"insert","card":"\\u0000","slot":1}',
           b'{"action":"insert","card":"/dev/zero","slot":1}', b'{"action":"insert","card":"/proc/self/mem","slot":1}',
           b'{"action":"insert","card":"/","slot":1}', b'{"action":"set"}', b'{"action":"set","slot":0,"arguments":[]}',
           b'{"action":"set","slot":0,"arguments":["=","==",".","sign.tries=","sign.pin=' + b"A" * 60000 + b'"]}',
           b'{"action":"resetPIN","slot":0,"arguments":["sign"]}', b"[" * 65000, b'{"a":' * 13000, b'{"action":"status"' + b" " * 65500 + b"}",
           b"\xFF\xFE" * 100, b'{"action":"\xff"}', b'{"action":"status"}' * 2]
    link = Link(path, Link.CONTROL)
    for message in bad:
        if not message:
            continue
        try:
            link.socket.send(message)
            answer = link.receive()
        except OSError:
            answer = b""
        if not answer:
            link = Link(path, Link.CONTROL)
            equal(f"a new connection after {message[:40]!r}", link.status, 0)
            continue
        value = json.loads(answer)
        expect("error" in value and value["error"]["fix"] or value.get("slots"), f"{message[:60]!r}: {answer[:200]!r}")
    for _ in range(3000):
        message = bytearray(source.choice(good))
        for _ in range(source.randrange(1, 6)):
            message[source.randrange(len(message))] = source.randrange(256)
        if b"eject" in message:
            continue
        link.socket.send(bytes(message))
        answer = link.receive()
        expect(answer, f"no answer to {bytes(message)!r}")
        json.loads(answer)
    link.close()
    return f"seed {SEED}"


@hostile("a peer of another user is not let in", readers=0)
def other_user(path, world):
    os.chmod(os.path.dirname(path), 0o755)
    child = os.fork()
    if child == 0:
        os.setgid(65534)
        os.setuid(65534)
        try:
            packet_socket(path)
            os._exit(1)
        except PermissionError:
            os._exit(0)
        except OSError:
            os._exit(2)
    equal("what the other user got", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)
    # Even where somebody has loosened the socket's mode for pcscd's own user, control stays the owner's.
    os.chmod(path, 0o666)
    child = os.fork()
    if child == 0:
        os.setgid(65534)
        os.setuid(65534)
        try:
            link = Link(path, Link.CONTROL)
            os._exit(0 if not link.receive() and link.status == 0 else 1)
        except OSError:
            os._exit(0)
    equal("control of another user", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)
