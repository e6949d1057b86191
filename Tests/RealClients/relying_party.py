"""Relying parties: a TLS server that asks for the authentication certificate, openssl verify and openssl ocsp over the gallery."""

import json
import os
import re
import socket
import subprocess
import tempfile
import time

from harness import check, equal, expect, contains, Failure
import harness

# What the server's openssl says when it refuses.
SIGNATURE, EXPIRED, REVOKED = 7, 10, 23


def vmyna(*words, home):
    done = subprocess.run([harness.vmyna_path, *words], capture_output=True, text=True, timeout=120,
                          env={**os.environ, "VMYNA_HOME": home})
    expect(done.returncode == 0, f"vmyna {' '.join(words)}: {done.stderr}")
    return done.stdout


class Authority:
    """The roots and the complete lists, and card images on disk."""

    def __init__(self, folder):
        self.folder, self.home = folder, os.path.join(folder, "home")
        self.trust = {}
        for kind in ("sign", "auth"):
            text = vmyna("pki", "root", kind, "--all", home=self.home) + vmyna("pki", "crl", kind, home=self.home)
            self.trust[kind] = self.write(f"{kind}.pem", text)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write(text)
        return path

    def card(self, name):
        """The folder of the card's image."""
        folder = os.path.join(self.folder, name)
        if not os.path.exists(folder):
            vmyna("mint", name, "-o", folder, home=self.home)
        return folder

    def certificate(self, name, kind):
        """The certificate in PEM, or None."""
        file = os.path.join(self.card(name), "jpki", "0001.der" if kind == "sign" else "000A.der")
        if not os.path.exists(file):
            return None
        return self.convert(file, f"{name}-{kind}.pem")

    def root(self, name, kind):
        file = os.path.join(self.card(name), "jpki", "0002.der" if kind == "sign" else "000B.der")
        return self.convert(file, f"{name}-{kind}-root.pem")

    def convert(self, file, name):
        path = os.path.join(self.folder, name)
        subprocess.run(["openssl", "x509", "-inform", "DER", "-in", file, "-out", path], check=True, capture_output=True)
        return path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def handshake(authority, name):
    """The server's verify errors for a card's authentication certificate; none when it is let in."""
    port, folder = free_port(), authority.folder
    key, certificate = os.path.join(folder, "server.key"), os.path.join(folder, "server.pem")
    if not os.path.exists(key):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate,
                        "-subj", "/CN=localhost", "-days", "2"], check=True, capture_output=True)
    server = subprocess.Popen(
        ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-naccept", "1", "-cert", certificate, "-key", key,
         "-Verify", "2", "-verify_return_error", "-CAfile", authority.trust["auth"], "-crl_check", "-brief"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        for _ in range(200):
            try:
                # s_server counts connections, so this only looks whether the port is taken.
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            except OSError:
                break
            time.sleep(0.02)
        subprocess.run(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-cert", authority.certificate(name, "auth"), "-key",
             os.path.join(authority.card(name), "jpki", "0017.pem"), "-CAfile", certificate, "-brief"],
            input="Q\n", capture_output=True, text=True, timeout=20)
        out, _ = server.communicate(timeout=20)
    finally:
        if server.poll() is None:
            server.kill()
    errors = [int(n) for n in re.findall(r"verify error:num=(\d+)", out)]
    if not errors:
        contains(f"the server on {name}", out, "Verification: OK")
    return errors


@check("relying party: a TLS server lets the good cards in and refuses the others, each with the right reason")
def tls_server():
    with tempfile.TemporaryDirectory() as folder:
        authority = Authority(folder)
        for name in ("fresh-adult", "last-day", "revoked-after-move", "child-10", "sign-locked", "renewed-pair"):
            equal(name, handshake(authority, name), [])
        for name, reason in (("abolished", REVOKED), ("stopped", REVOKED), ("deceased", REVOKED),
                             ("expired-yesterday", EXPIRED), ("expired-long", EXPIRED), ("wrong-root", SIGNATURE),
                             ("old-root", EXPIRED)):
            errors = handshake(authority, name)
            expect(errors[:1] == [reason], f"{name}: the server's errors are {errors}, wanted {reason} first")


def gallery():
    return [json.loads(line)["name"] for line in vmyna("cards", "--json", home="/nonexistent").splitlines()]


@check("relying party: openssl verify with lists and openssl ocsp agree with the registry for every card", limit=600)
def every_card():
    with tempfile.TemporaryDirectory() as folder:
        authority = Authority(folder)
        responder = subprocess.Popen([harness.vmyna_path, "pki", "ocsp", "--port", "0"], stdout=subprocess.PIPE, text=True,
                                     env={**os.environ, "VMYNA_HOME": authority.home})
        try:
            url = responder.stdout.readline().split()[-1]
            for name in gallery():
                shown = json.loads(vmyna("show", name, "--json", home=authority.home))
                for kind in ("sign", "auth"):
                    facts = shown["certificates"][kind]
                    if facts is not None:
                        one_certificate(authority, url, name, kind, facts["status"])
        finally:
            responder.terminate()
            responder.wait(10)


def one_certificate(authority, url, name, kind, status):
    leaf, root = authority.certificate(name, kind), authority.root(name, kind)
    verify = subprocess.run(["openssl", "verify", "-crl_check", "-CAfile", authority.trust[kind], leaf],
                            capture_output=True, text=True)
    numbers = [int(n) for n in re.findall(r"error (\d+) at", verify.stderr)]
    wanted = {"good": None, "expired": EXPIRED, "revoked": REVOKED, "hold": REVOKED, "unknown": SIGNATURE}[status]
    if name == "old-root":
        wanted = EXPIRED
    if name == "tampered" and kind == "sign":
        wanted = SIGNATURE
    equal(f"openssl verify of {name} {kind} ({status})", numbers[:1], [] if wanted is None else [wanted])
    ocsp = subprocess.run(["openssl", "ocsp", "-issuer", root, "-cert", leaf, "-url", url, "-CAfile", authority.trust[kind]],
                          capture_output=True, text=True)
    # Under a root whose time is over, an answer cannot be good either.
    contains(f"ocsp of {name} {kind}", ocsp.stderr, "has expired" if name == "old-root" else "Response verify OK")
    answer = re.search(r": (good|revoked|unknown)", ocsp.stdout)
    expect(answer, ocsp.stdout + ocsp.stderr)
    told = {"good": "good", "expired": "good", "revoked": "revoked", "hold": "revoked", "unknown": "unknown"}[status]
    equal(f"ocsp of {name} {kind} ({status})", answer[1], told)
    if status == "hold":
        contains(f"ocsp of {name} {kind}", ocsp.stdout, "certificateHold")


@check("ward office: a renewal is on the card at the client's next read, and the old key is gone")
def renewal_at_next_read():
    script = """
set -e
read_auth() { pkcs15-tool --read-certificate 1 2>/dev/null || pkcs15-tool --list-certificates; }
vmyna() { "$VMYNA" "$@"; }
pkcs15-tool --read-certificate 1 > before.pem
vmyna operator renew --json > renewed.json
pkcs15-tool --read-certificate 1 > after.pem
printf 'to sign' > text
openssl x509 -in after.pem -noout -pubkey > after.pub
openssl x509 -in before.pem -noout -pubkey > before.pub
pkcs11-tool --module opensc-pkcs11.so --slot-index 0 --login --pin 1234 --sign --mechanism SHA256-RSA-PKCS --input-file text --output-file signature >/dev/null 2>&1
openssl dgst -sha256 -verify after.pub -signature signature text
! openssl dgst -sha256 -verify before.pub -signature signature text
vmyna pki status --kind auth > status
"""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([harness.vmyna_path, "run", "--card", "in-window", "--", "sh", "-c", script], cwd=folder,
                              capture_output=True, text=True, timeout=120,
                              env={**os.environ, "VMYNA": harness.vmyna_path})
        expect(done.returncode == 0, done.stdout + done.stderr)

        def serial(name):
            return subprocess.run(["openssl", "x509", "-in", name, "-noout", "-serial"], cwd=folder, capture_output=True,
                                  text=True, check=True).stdout.strip().partition("=")[2]
        before, after = serial("before.pem"), serial("after.pem")
        report = json.load(open(os.path.join(folder, "renewed.json")))
        states = {c["serial"]: c["status"] for c in report["certificates"]}
        equal("the old certificate", states[before], "superseded")
        equal("the new certificate", states[after], "good")
        status = open(os.path.join(folder, "status")).read()
        contains("vmyna pki status", status, f"{after}  auth  good", f"{before}  auth  superseded")


@check("ward office: what it revokes today, vmyna show tells today")
def revoked_at_once():
    script = '"$VMYNA" operator revoke sign >/dev/null && "$VMYNA" show fresh-adult --json'
    done = subprocess.run([harness.vmyna_path, "run", "--", "sh", "-c", script], capture_output=True, text=True, timeout=60,
                          env={**os.environ, "VMYNA": harness.vmyna_path})
    expect(done.returncode == 0, done.stderr)
    states = [json.loads(done.stdout)["certificates"][kind]["status"] for kind in ("sign", "auth")]
    equal("states", states, ["revoked", "good"])


@check("ward office: what the rules refuse is refused with the rule, and nothing changes")
def refused_by_rule():
    cases = [("fresh-adult", "renew", "rule R6"), ("child-10", "issue sign --pin sign=ABC123", "rule R15"),
             ("adult-ward", "issue sign --pin sign=ABC123", "rule 3.1"), ("stopped", "issue", "rule 3.9"),
             ("abolished", "reset-pin sign --new XYZ789", "rule 3.9"), ("juki-locked", "move --address 架空町", "rule 4.11"),
             ("revoked-after-move", "renew sign", "rule 4.3"), ("undelivered", "hand-over", "rule 4.1"),
             ("permanent", "extend", "rule R11"), ("expired-long", "revoke sign", "rule 4.10")]
    for card, order, rule in cases:
        script = f'"$VMYNA" history > a; "$VMYNA" operator {order}; code=$?; "$VMYNA" history > b; cmp a b && exit $code'
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([harness.vmyna_path, "run", "--card", card, "--", "sh", "-c", script], cwd=folder,
                                  capture_output=True, text=True, timeout=60,
                                  env={**os.environ, "VMYNA": harness.vmyna_path})
            expect(done.returncode == 1 and rule in done.stderr, f"{card} {order}: {done.returncode} {done.stdout} {done.stderr}")


@check("gallery: all cards mint, two at a time, the same bytes twice", limit=300)
def gallery_speed():
    with tempfile.TemporaryDirectory() as folder:
        names = [name for name in gallery()]
        equal("cards", len(names), 62)
        words = ["--at", "2026-11-20T10:00:00+09:00", "--seed", "7"]
        for run in ("a", "b"):
            begin = time.monotonic()
            done = subprocess.run(
                ["xargs", "-P2", "-I{}", harness.vmyna_path, "mint", "{}", "-o", os.path.join(folder, run, "{}"), *words],
                input="\n".join(names), text=True, capture_output=True, timeout=240)
            took = time.monotonic() - begin
            expect(done.returncode == 0, done.stderr)
        equal("the second minting", subprocess.run(["diff", "-r", f"{folder}/a", f"{folder}/b"]).returncode, 0)
        return f"{took:.1f} s"
