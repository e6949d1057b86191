"""vmyna connect: a real vpcd driver in a real pcscd, then peers that lie. One line per check."""

import os
import re
import signal
import socket
import statistics
import struct
import subprocess
import sys
import threading
import time

from smartcard import scard

VMYNA, DRIVER, WORK = sys.argv[1:4]
WORDS = sys.argv[4:]
ATR = "3BDA13FF8131FB468012392F31C173C601C03B"
JPKI = "00A4040C0AD392F000260100000001"
CHECKS = []


def check(name):
    def register(function):
        CHECKS.append((name, function))
        return function
    return register


class Failure(Exception):
    pass


def expect(condition, text):
    if not condition:
        raise Failure(text)


def equal(what, got, wanted):
    expect(got == wanted, f"{what}: got {got!r}, wanted {wanted!r}")


def until(what, condition, seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise Failure(f"{what}: not within {seconds} s")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Daemon:
    """A pcscd with one vpcd slot. vpcd listens while it runs."""

    def __init__(self, port):
        self.port = port
        path = os.path.join(WORK, "reader.conf")
        with open(path, "w") as file:
            file.write(f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:0x{port:X}\nLIBPATH {DRIVER}\nCHANNELID 0x{port:X}\n')
        for name in os.listdir("/run/pcscd"):
            os.unlink(os.path.join("/run/pcscd", name))
        self.process = subprocess.Popen(["pcscd", "--foreground", "-c", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until("pcscd", lambda: os.path.exists("/run/pcscd/pcscd.comm"))

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Card:
    """`vmyna connect`, its lines, and its control socket."""

    def __init__(self, port, *words, card="fresh-adult"):
        self.socket = os.path.join(WORK, "control")
        self.lines = []
        self.process = subprocess.Popen(
            [VMYNA, "connect", "--vpcd", f"127.0.0.1:{port}", "--card", card, "--socket", self.socket, *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.append(line.strip())

    def says(self, word, count=1, seconds=10):
        until(word, lambda: sum(line.startswith(word) for line in self.lines) >= count, seconds)

    def count(self, word):
        return sum(line.startswith(word) for line in self.lines)

    def control(self, *words):
        result = subprocess.run([VMYNA, *words, "--socket", self.socket], capture_output=True, text=True, timeout=30)
        expect(result.returncode == 0, f"{words}: {result.stderr}")
        return result.stdout

    def memory(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(10)
        expect(not os.path.exists(self.socket), "the control socket is still there")
        return code


class Reader:
    """A PC/SC client of the only reader."""

    def __init__(self):
        result, self.context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
        equal("SCardEstablishContext", result, 0)
        result, names = scard.SCardListReaders(self.context, [])
        equal("SCardListReaders", result, 0)
        self.name = names[0]
        self.card = None

    def present(self):
        _, states = scard.SCardGetStatusChange(self.context, 0, [(self.name, scard.SCARD_STATE_UNAWARE)])
        return bool(states[0][1] & scard.SCARD_STATE_PRESENT)

    def connect(self):
        until("the card in the reader", self.present)
        result, self.card, self.protocol = scard.SCardConnect(
            self.context, self.name, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1)
        equal("SCardConnect", result, 0)
        return self

    def send(self, command):
        pci = scard.SCARD_PCI_T1 if self.protocol == scard.SCARD_PROTOCOL_T1 else scard.SCARD_PCI_T0
        result, answer = scard.SCardTransmit(self.card, pci, list(bytes.fromhex(command)))
        expect(result == 0, f"{command}: {scard.SCardGetErrorMessage(result)}")
        return bytes(answer).hex().upper()

    def close(self):
        if self.card:
            scard.SCardDisconnect(self.card, scard.SCARD_UNPOWER_CARD)
        scard.SCardReleaseContext(self.context)


class World:
    def __init__(self, *words, card="fresh-adult", daemon=True):
        self.port = free_port()
        self.daemon = Daemon(self.port) if daemon else None
        self.card = Card(self.port, *words, card=card)
        self.readers = []

    def __enter__(self):
        if self.daemon:
            self.card.says("connected")
        return self

    def reader(self):
        self.readers.append(Reader())
        return self.readers[-1].connect()

    def __exit__(self, kind, *_):
        for reader in self.readers:
            reader.close()
        try:
            code = self.card.stop()
            if kind is None:
                equal("exit code of vmyna connect", code, 0)
        finally:
            self.card.process.kill()
            if self.daemon:
                self.daemon.stop()


def environment():
    text = subprocess.run([VMYNA, "show", "fresh-adult", "--env"], capture_output=True, text=True, check=True).stdout
    return dict(re.match(r"(\w+)='(.*)'$", line).groups() for line in text.splitlines())


# ----------------------------------------------------------------------------------------------------- a real vpcd

@check("opensc-tool, pkcs15-tool: list, ATR, certificate")
def opensc():
    with World() as world:
        world.reader()
        text = subprocess.run(["opensc-tool", "--list-readers", "--atr"], capture_output=True, text=True).stdout
        expect("Virtual PCD" in text, text)
        expect(ATR.lower() in text.replace(":", "").lower(), text)
        text = subprocess.run(["pkcs15-tool", "--read-certificate", "1"], capture_output=True, text=True).stdout
        expect("BEGIN CERTIFICATE" in text, text)


@check("pyscard: PIN, signature, the certificate verifies it; extended lengths")
def signature():
    with World() as world:
        reader = world.reader()
        pin = environment()["VMYNA_AUTH_PIN"]
        equal("SELECT", reader.send(JPKI), "9000")
        equal("EF", reader.send("00A4020C020018"), "9000")
        equal("counter", reader.send("00200080"), "63C3")
        equal("VERIFY", reader.send(f"00200080{len(pin):02X}{pin.encode().hex()}"), "9000")
        equal("key", reader.send("00A4020C020017"), "9000")
        info = "3031300D060960864801650304020105000420" + "5A" * 32
        signature = reader.send(f"802A0080{len(info) // 2:02X}{info}00")
        equal("status", signature[-4:], "9000")
        certificate = reader.send("00B08A00000000")
        equal("extended read", certificate[-4:], "9000")
        expect(len(certificate) > 3000, f"{len(certificate) // 2} bytes")
        paths = {name: os.path.join(WORK, name) for name in ("certificate.der", "key.pem", "signature")}
        with open(paths["certificate.der"], "wb") as file:
            data = bytes.fromhex(certificate[:-4])
            file.write(data[:4 + struct.unpack(">H", data[2:4])[0]])
        with open(paths["signature"], "wb") as file:
            file.write(bytes.fromhex(signature[:-4]))
        key = subprocess.run(["openssl", "x509", "-inform", "DER", "-in", paths["certificate.der"], "-noout", "-pubkey"],
                             capture_output=True, check=True).stdout
        with open(paths["key.pem"], "wb") as file:
            file.write(key)
        block = subprocess.run(["openssl", "pkeyutl", "-verifyrecover", "-pubin", "-inkey", paths["key.pem"], "-in", paths["signature"]],
                               capture_output=True, check=True).stdout
        equal("what was signed", block.hex().upper(), info)


@check("an APDU takes no 40 ms: no write waits for an acknowledgement")
def speed():
    with World() as world:
        reader = world.reader()
        equal("SELECT", reader.send(JPKI), "9000")
        times = []
        for _ in range(40):
            begin = time.monotonic()
            reader.send("00B0860000")
            times.append((time.monotonic() - begin) * 1000)
        median = statistics.median(times)
        expect(median < 35, f"median {median:.1f} ms")
        return f"median {median:.2f} ms"


@check("taken out and put in: seen by the client; the security status is gone, the counter is not")
def removal():
    with World() as world:
        reader = world.reader()
        reader.send(JPKI)
        equal("wrong PIN", reader.send("002000980430303030"), "63C2")
        equal("PIN", reader.send("0020009804" + environment()["VMYNA_AUTH_PIN"].encode().hex()), "9000")
        equal("wrong PIN", reader.send("002000980430303030"), "63C2")
        status = world.card.control("status", "--json")
        expect('"triesLeft":2' in status, status)
        begin = time.monotonic()
        world.card.control("eject")
        until("removal", lambda: not reader.present())
        took = time.monotonic() - begin
        world.card.control("insert", "sign-1-left")
        other = world.reader()
        other.send(JPKI)
        equal("another card", other.send("0020009B"), "63C1")
        equal("not verified", other.send("802A00970430303030"), "6982")
        return f"removal seen after {took * 1000:.0f} ms"


@check("pcscd ends and comes back: the card comes back too, with its state")
def restart():
    state = os.path.join(WORK, "state")
    with World("--state", state) as world:
        reader = world.reader()
        reader.send(JPKI)
        equal("wrong PIN", reader.send("002000980430303030"), "63C2")
        world.daemon.stop()
        world.card.says("disconnected")
        world.card.says("waiting")
        world.daemon = Daemon(world.port)
        world.card.says("connected", 2)
        world.readers.clear()
        reader = world.reader()
        reader.send(JPKI)
        equal("the try stays spent", reader.send("00200098"), "63C2")
    with World("--state", state) as world:
        reader = world.reader()
        reader.send(JPKI)
        equal("in the next process too", reader.send("00200098"), "63C2")


# ------------------------------------------------------------------------------------------------ peers that lie

class Peer:
    """Plays vpcd."""

    def __init__(self, port):
        self.listener = socket.create_server(("127.0.0.1", port))
        self.listener.settimeout(10)

    def accept(self):
        connection, _ = self.listener.accept()
        connection.settimeout(10)
        return connection

    def close(self):
        self.listener.close()


def receive(connection, count):
    data = b""
    while len(data) < count:
        part = connection.recv(count - len(data))
        expect(part, "the card closed the connection")
        data += part
    return data


def message(payload):
    return struct.pack(">H", len(payload)) + payload


def answer(connection):
    return receive(connection, struct.unpack(">H", receive(connection, 2))[0])


def ask_atr(connection):
    connection.sendall(message(b"\x04"))
    return answer(connection).hex().upper()


def closed(connection, seconds):
    connection.settimeout(seconds)
    try:
        while connection.recv(65536):
            pass
        return True
    except (ConnectionResetError, BrokenPipeError):
        return True
    except TimeoutError:
        return False


class Hostile:
    """A card with a peer of ours; afterwards an honest peer must be served as ever."""

    def __enter__(self):
        self.world = World(daemon=False)
        self.peer = Peer(self.world.port)
        self.card = self.world.card
        return self

    def __exit__(self, kind, *rest):
        try:
            if kind is None:
                end = time.monotonic() + 15
                while True:
                    connection = self.peer.accept()
                    try:
                        equal("ATR for an honest peer", ask_atr(connection), ATR)
                        break
                    except (Failure, OSError):
                        if time.monotonic() > end:
                            raise
                connection.sendall(message(b"\x01") + message(bytes.fromhex(JPKI)))
                equal("SELECT for an honest peer", answer(connection).hex(), "9000")
                connection.close()
        finally:
            self.peer.close()
            self.world.__exit__(kind, *rest)


@check("messages in any pieces: one byte at a time, many at once, nothing, the longest command")
def pieces():
    with Hostile() as hostile:
        connection = hostile.peer.accept()
        for byte in message(b"\x04") + message(b"\x01") + message(bytes.fromhex(JPKI)):
            connection.sendall(bytes([byte]))
            time.sleep(0.003)
        equal("ATR", answer(connection).hex().upper(), ATR)
        equal("SELECT", answer(connection).hex(), "9000")
        connection.sendall(message(b"") * 1000 + message(bytes.fromhex("00B0860004")) * 50)
        for _ in range(50):
            equal("READ", answer(connection).hex().upper(), "4A504B499000")
        connection.sendall(message(bytes.fromhex("00A4040C00FFF6") + b"\x5A" * 65528))
        equal("the longest command", answer(connection).hex().upper(), "6700")
        connection.sendall(message(b"\x02") + message(b"\x00"))
        equal("ATR after power-off", ask_atr(connection), ATR)
        connection.close()


@check("a control byte that does not exist ends the connection")
def unknown_control():
    with Hostile() as hostile:
        for byte in (b"\x03", b"\x05", b"\xFF"):
            connection = hostile.peer.accept()
            equal("ATR", ask_atr(connection), ATR)
            connection.sendall(message(byte))
            expect(closed(connection, 5), "the connection is still there")
        expect(any("does not keep" in line for line in hostile.card.lines), str(hostile.card.lines))


@check("a command without power: the card is mute, and the connection ends")
def no_power():
    with Hostile() as hostile:
        connection = hostile.peer.accept()
        connection.sendall(message(bytes.fromhex(JPKI)))
        expect(closed(connection, 5), "the connection is still there")


@check("a peer that closes at once makes no busy loop")
def closes_at_once():
    with Hostile() as hostile:
        end, count = time.monotonic() + 2, 0
        while time.monotonic() < end:
            hostile.peer.accept().close()
            count += 1
        expect(2 <= count <= 12, f"{count} connections in 2 s")


@check("a message that does not end is given up; silence between messages is not")
def silence():
    with Hostile() as hostile:
        connection = hostile.peer.accept()
        equal("ATR", ask_atr(connection), ATR)
        time.sleep(2)
        equal("ATR after silence", ask_atr(connection), ATR)
        connection.sendall(b"\xFF\xFF" + b"\x00" * 1000)
        expect(closed(connection, 15), "the connection is still there")
        expect(any("in the middle" in line for line in hostile.card.lines), str(hostile.card.lines))


@check("a flood that takes no answers: the connection ends, memory stays")
def flood():
    with Hostile() as hostile:
        connection = hostile.peer.accept()
        equal("ATR", ask_atr(connection), ATR)
        before = hostile.card.memory()
        connection.settimeout(20)
        connection.sendall(message(b"\x01"))
        request = message(bytes.fromhex("00B08A00000000")) * 2000
        ended = False
        try:
            for _ in range(8000):
                connection.sendall(request)
        except (ConnectionResetError, BrokenPipeError, TimeoutError):
            ended = True
        expect(ended, "it took everything")
        until("an end", lambda: hostile.card.count("disconnected") >= 1, 15)
        after = hostile.card.memory()
        expect(after < before + 40_000, f"{before} kB before, {after} kB after")
        connection.close()


@check("a flood of random bytes")
def garbage():
    generator = __import__("random").Random(7)
    with Hostile() as hostile:
        for _ in range(6):
            connection = hostile.peer.accept()
            try:
                for _ in range(40):
                    connection.sendall(generator.randbytes(65536))
            except OSError:
                pass
            connection.close()
        expect(hostile.card.process.poll() is None, "vmyna has ended")


# ----------------------------------------------------------------------------------------------------------- words

def fails(code, *words):
    result = subprocess.run([VMYNA, "connect", "--card", "fresh-adult", *words], capture_output=True, text=True, timeout=30)
    equal(f"exit code of {words}\n{result.stderr}", result.returncode, code)
    expect(re.match(r"vmyna: .*\n  fix: .*\n$", result.stderr), result.stderr)
    return result.stderr


@check("other machines need leave; addresses that are none are refused")
def words():
    for address in ("192.0.2.1:35963", "example.invalid", "[2001:db8::1]:35963", "0.0.0.0:1"):
        expect("--allow-other-hosts" in fails(2, "--vpcd", address), address)
    for address in ("", ":35963", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:x", "::1:35963", "[::1", "127.0.0.1:-1"):
        fails(2, "--vpcd", address)
    process = subprocess.Popen([VMYNA, "connect", "--card", "fresh-adult", "--vpcd", "192.0.2.1:35963", "--allow-other-hosts"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    warning = process.stderr.readline()
    process.terminate()
    equal("exit code", process.wait(10), 0)
    expect(warning.startswith("vmyna: warning: 192.0.2.1:35963 is another machine"), warning)
    for address in ("localhost", "[::1]:35963", "127.9.9.9:4"):
        process = subprocess.Popen([VMYNA, "connect", "--card", "fresh-adult", "--vpcd", address], stdout=subprocess.PIPE, text=True)
        line = process.stdout.readline()
        process.terminate()
        equal("exit code", process.wait(10), 0)
        expect(line.startswith("waiting "), line)


def main():
    failed = 0
    for name, function in CHECKS:
        if WORDS and not any(word in name for word in WORDS):
            continue
        begin = time.monotonic()
        try:
            detail = function()
            verdict = "ok     "
        except (Failure, OSError, subprocess.SubprocessError, AssertionError) as reason:
            detail, verdict = f"{type(reason).__name__}: {reason}", "FAILED "
            failed += 1
        print(f"{verdict} vpcd: {name} ({time.monotonic() - begin:.1f} s){': ' + detail if detail else ''}", flush=True)
    sys.exit(1 if failed else 0)


main()
