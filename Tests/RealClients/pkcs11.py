"""pkcs11-tool with OpenSC's module: slots, objects, signatures that openssl verifies, the whole ladder to a locked PIN."""

import os
import re

from harness import *

LADDER = {  # PIN of the slot: (slot, right, wrong, tries)
    "auth": (0, "1234", "9999", 3),
    "sign": (1, "ABC123", "XYZ999", 5),
}


def login(slot, pin, *words):
    return run("pkcs11-tool", "--slot-index", slot, "--login", "--pin", pin, *(words or ["-O"]))


@check("pkcs11-tool: slots and tokens")
def slots():
    with World():
        text = run("pkcs11-tool", "-L").ok().out
        matches("pkcs11-tool -L", text, r"JPKI \(User Authentication PIN\).*pin min/max        : 4/4")
        matches("pkcs11-tool -L", text, r"JPKI \(Digital Signature PIN\).*pin min/max        : 6/16")
        contains("token flags", text, "login required, token initialized, PIN initialized")


@check("pkcs11-tool: objects before and after login")
def objects():
    with World():
        before = run("pkcs11-tool", "-O").ok().out
        contains("before login", before, "User Authentication Certificate", "Digital Signature Certificate CA")
        expect("Private Key Object" not in before, "private keys are listed before login")
        for slot, pin, name in ((0, "1234", "User Authentication"), (1, "ABC123", "Digital Signature")):
            after = login(slot, pin).ok(f"login to slot {slot}").out
            contains(f"slot {slot}", after, "Private Key Object", f"{name} Key", f"{name} Certificate", f"{name} Public Key")


@check("pkcs11-tool: both keys sign with SHA256-RSA-PKCS and RSA-PKCS, openssl verifies")
def signatures():
    with Folder() as folder, World():
        with open(folder / "data", "wb") as file:
            file.write(os.urandom(5000))
        hashed = run("openssl", "dgst", "-sha256", "-binary", folder / "data", text=False).ok().out
        with open(folder / "info", "wb") as file:
            file.write(bytes.fromhex(DIGEST_INFO["sha256"]) + hashed)
        for slot, pin, number in ((0, "1234", "01"), (1, "ABC123", "02")):
            login(slot, pin, "--read-object", "--type", "cert", "--id", number, "-o", folder / "cert").ok("the certificate")
            key = run("openssl", "x509", "-inform", "DER", "-in", folder / "cert", "-noout", "-pubkey").ok().out
            with open(folder / "key", "w") as file:
                file.write(key)
            for mechanism, source in (("SHA256-RSA-PKCS", "data"), ("RSA-PKCS", "info"), ("SHA1-RSA-PKCS", "data"),
                                      ("SHA512-RSA-PKCS", "data")):
                login(slot, pin, "--sign", "--id", number, "-m", mechanism, "-i", folder / source,
                      "-o", folder / "signature").ok(f"{mechanism} with key {number}")
                digest = {"SHA1-RSA-PKCS": "-sha1", "SHA512-RSA-PKCS": "-sha512"}.get(mechanism, "-sha256")
                contains(f"{mechanism} with key {number}", run(
                    "openssl", "dgst", digest, "-verify", folder / "key", "-signature", folder / "signature",
                    folder / "data").text, "Verified OK")


@check("pkcs11-tool: raw RSA-PKCS of 36 and 245 bytes (what TLS 1.0 sends, and the most there is)")
def raw_blocks():
    with Folder() as folder, World():
        for length in (1, 36, 245):
            with open(folder / "block", "wb") as file:
                file.write(b"\x5A" * length)
            login(0, "1234", "--sign", "--id", "01", "-m", "RSA-PKCS", "-i", folder / "block",
                  "-o", folder / "signature").ok(f"{length} bytes")
            run("pkcs15-tool", "--read-certificate", "01", "-o", folder / "certificate").ok()
            run("openssl", "x509", "-in", folder / "certificate", "-noout", "-pubkey", "-out", folder / "key").ok()
            opened = run("openssl", "pkeyutl", "-verifyrecover", "-pubin", "-inkey", folder / "key", "-in",
                         folder / "signature", text=False).ok().out
            equal(f"what is in the signature of {length} bytes", opened, b"\x5A" * length)


@check("pkcs11-tool --test with the authentication key")
def self_test():
    with World():
        # The random-number and unwrap parts have nothing on this card; signatures and their verification do.
        text = login(0, "1234", "--test").text
        expect("ERR" not in text.replace("ERR: C_GenerateRandom", ""), text)
        contains("pkcs11-tool --test", text, "Signatures", "No errors")


@check("pkcs11-tool: the ladder of both PINs to the lock and the way back", limit=240)
def ladder():
    with World() as world:
        for name, (slot, right, wrong, tries) in LADDER.items():
            other = next(pin for pin in LADDER if pin != name)
            for left in range(tries - 1, -1, -1):
                text = login(slot, wrong).fails(1, f"{name}, wrong PIN").err
                contains(f"{name}, {left} left", text, "CKR_PIN_INCORRECT")
                equal(f"{name}: tries", world.service.tries(name), left)
                flags = re.findall(r"token flags +: (.*)", run("pkcs11-tool", "-L").ok().out)[slot]
                note = {1: "final user PIN try", 0: "user PIN locked"}.get(left)
                if note:
                    contains(f"{name}: flags with {left} left", flags, note)
            # 69 84: OpenSC has no name for it.
            for pin in (wrong, right):
                contains(f"{name}, locked", login(slot, pin).fails(1).err, "CKR_GENERAL_ERROR")
            equal(f"{name}: the lock stays", world.service.tries(name), 0)
            equal(f"{other} is not touched", world.service.tries(other), LADDER[other][3])
            world.service.command("operator", "reset-pin", name, "--new", right).ok("the ward office's reset")
            equal(f"{name}: tries after the reset", world.service.tries(name), tries)
            login(slot, right).ok(f"{name} after the reset")


@check("pkcs11-tool: a right PIN in between fills the counter")
def refill():
    with World() as world:
        for name, (slot, right, wrong, tries) in LADDER.items():
            login(slot, wrong).fails(1)
            equal(name, world.service.tries(name), tries - 1)
            login(slot, right).ok()
            equal(name, world.service.tries(name), tries)


@check("pkcs11-tool: a PIN of the wrong length is refused by OpenSC and costs nothing")
def wrong_length():
    with World() as world:
        contains("three digits", login(0, "123").fails(1).err, "CKR_PIN_LEN_RANGE")
        equal("tries", world.service.tries("auth"), 3)


@check("pkcs11-tool: lock, then reset to another PIN; the old one is wrong")
def reset_to_another():
    with World(cards=["sign-locked"]) as world:
        contains("locked", login(1, "ABC123").fails(1).err, "CKR_GENERAL_ERROR")
        world.service.command("operator", "reset-pin", "sign", "--new", "NEW456").ok()
        contains("the old PIN", login(1, "ABC123").fails(1).err, "CKR_PIN_INCORRECT")
        login(1, "NEW456").ok("the new PIN")
        equal("tries", world.service.tries("sign"), 5)
