"""Docs/Safety.md: who comes in, what goes out, what is refused."""

import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time

import harness
from harness import check, contains, equal, expect

SOURCES = os.path.join(harness.ROOT, "Sources")
NOBODY = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


class Serve:
    def __init__(self, *words):
        self.folder = tempfile.mkdtemp(prefix="vmyna-safety-")
        os.chmod(self.folder, 0o755)
        self.socket = os.path.join(self.folder, "socket")
        self.process = subprocess.Popen([harness.vmyna_path, "serve", "--socket", self.socket, "--card", "fresh-adult",
                                         "--state", os.path.join(self.folder, "state"), *words], stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        equal("first line", self.process.stdout.readline().strip(), "ready")
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)


HELLO = """
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET); s.settimeout(3)
try:
    s.connect(sys.argv[1]); s.send(b"VMYN\\x01\\x01" + bytes([int(sys.argv[2]), 0]))
    answer = s.recv(100)
    print("accepted" if answer[5:6] == b"\\0" else "closed" if not answer else "refused")
except PermissionError: print("forbidden")
except (BrokenPipeError, ConnectionResetError, TimeoutError) as e: print("closed")
"""


def hello(path, role, *user):
    return harness.run(*user, "/usr/bin/python3", "-c", HELLO, path, role).out.strip()


@check("safety: the service's socket and state are their owner's; another user is kept out")
def sockets_of_owner():
    with Serve() as serve:
        equal("mode of the socket", oct(mode(serve.socket)), "0o600")
        for folder, _, files in os.walk(os.path.join(serve.folder, "state")):
            expect(mode(folder) & 0o077 == 0, f"{folder} has mode {oct(mode(folder))}")
            break
        equal("another user", [hello(serve.socket, role, *NOBODY) for role in (0, 1, 2)], ["forbidden"] * 3)
        equal("its owner", [hello(serve.socket, role) for role in (0, 1, 2)], ["accepted"] * 3)


@check("safety: a user of pcscd's may be a driver, and may not control")
def pcscd_user():
    with Serve("--pcscd-user", "nobody") as serve:
        equal("that user", [hello(serve.socket, role, *NOBODY) for role in (0, 1, 2)], ["accepted", "accepted", "closed"])
        other = ["setpriv", "--reuid", "65533", "--regid", "65533", "--clear-groups"]
        equal("another one", [hello(serve.socket, role, *other) for role in (0, 1, 2)], ["closed"] * 3)


CROWD = """
import socket, sys
held = []
for _ in range(400):
    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET); s.settimeout(5); s.connect(sys.argv[1]); held.append(s)
print(sum(not s.recv(100) for s in held), flush=True)
sys.stdin.read()
"""


@check("safety: a crowd of another user's takes nobody's place, and is not waited for")
def crowd():
    with Serve("--pcscd-user", "nobody") as serve:
        other = ["setpriv", "--reuid", "65533", "--regid", "65533", "--clear-groups", "/usr/bin/python3", "-c", CROWD, serve.socket]
        process = subprocess.Popen(other, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        equal("closed without a hello", process.stdout.readline(), "400\n")
        equal("the owner", [hello(serve.socket, role) for role in (0, 1, 2)], ["accepted"] * 3)
        process.communicate("", 10)


# Listens in a folder of its own, as `/tmp/vmyna-UID` may be another user's, and prints what it was told.
FALSE_SERVICE = """
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET); s.bind(sys.argv[1]); os.chmod(sys.argv[1], 0o666); s.listen(4)
print("ready", flush=True); s.settimeout(20); c, _ = s.accept(); c.settimeout(20)
try:
    c.send(b"VMYN" + bytes([1, 0, 0, 0]))
    told = c.recv(100)
except (BrokenPipeError, ConnectionResetError): told = b""
print(told, flush=True)
"""


@check("safety: another user's service is told nothing, and a PIN least of all")
def false_service():
    folder = tempfile.mkdtemp(prefix="vmyna-safety-")
    os.chmod(folder, 0o777)
    path = os.path.join(folder, "socket")
    with subprocess.Popen([*NOBODY, "/usr/bin/python3", "-c", FALSE_SERVICE, path], stdout=subprocess.PIPE, text=True) as false:
        equal("first line", false.stdout.readline().strip(), "ready")
        got = harness.run(harness.vmyna_path, "set", "--socket", path, "auth.pin=4321")
        equal("exit code", got.code, 3)
        contains("error", got.err, "the service there is another user's")
        equal("what it was told", false.stdout.readline().strip(), "b''")
    shutil.rmtree(folder)


def inet_sockets(pid):
    """Local addresses of a process's TCP and UDP sockets, as the kernel writes them."""
    inodes = set()
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            found = re.match(r"socket:\[(\d+)\]", os.readlink(f"/proc/{pid}/fd/{name}"))
        except FileNotFoundError:
            continue
        if found:
            inodes.add(found.group(1))
    addresses = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        with open(f"/proc/{pid}/net/{table}") as file:
            for line in file.readlines()[1:]:
                fields = line.split()
                if fields[9] in inodes:
                    addresses.append((table, fields[1], fields[3]))
    return addresses


@check("safety: nothing listens to other machines")
def nothing_listens():
    with Serve() as serve:
        equal("sockets of vmyna serve", inet_sockets(serve.process.pid), [])
    with harness.Folder() as folder:
        process = subprocess.Popen([harness.vmyna_path, "pki", "ocsp", "--port", "0", "--registry", folder.path], stdout=subprocess.PIPE, text=True)
        process.stdout.readline()
        addresses = inet_sockets(process.pid)
        process.terminate()
        process.wait(10)
        expect(addresses, "no socket")
        for table, address, _ in addresses:
            expect(table == "tcp" and address.startswith("0100007F:"), f"{table} {address}")


@check("safety: everything works without a network, loopback included")
def no_network():
    with harness.Folder() as folder:
        image = os.path.join(folder.path, "image")
        script = (f'set -e; V="{harness.vmyna_path}"; $V mint fresh-adult -o "{image}" >/dev/null; $V check "{image}"; $V show fresh-adult >/dev/null; '
                  f'$V pki crl auth >/dev/null 2>&1 || $V pki root auth >/dev/null; $V run -- opensc-tool --atr; '
                  f'$V run -- $V conformance --reader "vmyna Virtual Reader 00 00" | tail -n 1; echo 00A40000 | $V apdu --card "{image}"')
        result = harness.run("unshare", "--net", "sh", "-c", script).ok("without a network")
        contains("text", result.out, "no fault", "3b:da:13", "0 different", "6A86")


@check("safety: sockets of the network stand where they belong")
def sockets_in_sources():
    allowed = {"vmyna/Commands/PKI/LoopbackHTTPServer.swift", "CardService/VPCD/TCPConnection.swift", "CardService/VPCD/VPCDAddress.swift"}
    words = re.compile(r"AF_INET|getaddrinfo|gethostby|URLSession|FoundationNetworking|inet_pton|SOCK_STREAM|SOCK_DGRAM|curl_")
    found = set()
    for folder, _, files in os.walk(SOURCES):
        for name in files:
            if name.endswith((".swift", ".c", ".h")):
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as file:
                    if words.search(file.read()):
                        found.add(os.path.relpath(path, SOURCES))
    # The private world and the tests of it speak over Unix sockets, of which some are streams.
    unix = {path for path in found if path.startswith(("CPrivateWorld/", "PrivatePCSC/", "CMachineProbe/"))}
    for path in unix:
        text = open(os.path.join(SOURCES, path), encoding="utf-8").read()
        expect("AF_INET" not in text and "getaddrinfo" not in text, path)
    expect(found - unix <= allowed, f"{sorted(found - unix - allowed)} use the network")


@check("safety: the issuer is never the real authority")
def issuers():
    names = [line.split()[0] for line in harness.vmyna("cards").ok().out.splitlines() if re.match(r"[a-z]", line)]
    expect(len(names) > 5, "no gallery")
    with harness.Folder() as folder:
        for name in names[::6]:
            image = os.path.join(folder.path, name)
            harness.vmyna("mint", name, "-o", image).ok(name)
            for file in ("0001", "0002", "000A", "000B"):
                path = os.path.join(image, "jpki", file + ".der")
                if not os.path.exists(path) or os.path.getsize(path) == 0:
                    continue
                text = harness.run("openssl", "x509", "-inform", "DER", "-in", path, "-noout", "-issuer", "-subject").out
                for organization in re.findall(r"O\s*=\s*([^,\n]+)", text):
                    expect(organization.strip() in ("JPKI-VIRTUAL", "JPKI-TEST"), f"{name} {file}: {text}")


@check("safety: a real certificate is refused by whatever loads a card")
def real_certificate():
    with harness.Folder() as folder, Serve() as serve:
        for file in ("0001", "0002", "000A", "000B"):
            image = os.path.join(folder.path, file)
            harness.vmyna("mint", "fresh-adult", "-o", image).ok()
            harness.run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", os.path.join(folder.path, "key.pem"), "-days", "9",
                        "-subj", "/C=JP/O=JPKI/OU=JPKI for user authentication", "-outform", "DER",
                        "-out", os.path.join(image, "jpki", file + ".der")).ok("openssl")
            for words in (["check", image], ["show", image], ["apdu", "--card", image], ["run", "--card", image, "--", "true"],
                          ["serve", "--card", image, "--socket", os.path.join(folder.path, "s")],
                          ["insert", image, "--socket", serve.socket]):
                if words[0] == "insert":
                    harness.vmyna("eject", "--socket", serve.socket)
                result = harness.vmyna(*words, input="")
                expect(result.code == 1, f"{words[0]}: exit code {result.code}\n{result.text}")
                contains(words[0], result.text, "names the real authority (O=JPKI)", "somebody's identity", "  fix: ")
