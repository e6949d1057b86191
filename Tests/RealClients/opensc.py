"""OpenSC's tools: the card under its own driver, four certificates, two PINs."""

import os
import re

from harness import *

ANSWER_TO_RESET = "3b:da:13:ff:81:31:fb:46:80:12:39:2f:31:c1:73:c6:01:c0:3b"


@check("opensc-tool: readers, answer to reset, the card's driver")
def opensc_tool():
    with World() as world:
        matches("opensc-tool -l", run("opensc-tool", "-l").ok().out, r"0\s+Yes\s+" + re.escape(world.reader()))
        equal("opensc-tool -a", run("opensc-tool", "-a").ok().out.strip(), ANSWER_TO_RESET)
        equal("opensc-tool -n", run("opensc-tool", "-n").ok().out.strip(), "jpki")


@check("opensc-tool: an APDU by hand")
def opensc_send():
    with World():
        text = run("opensc-tool", "-s", select(JPKI), "-s", ef(AUTH_PIN_FILE), "-s", QUERY).ok().out
        matches("opensc-tool -s", text, r"SW1=0x90, SW2=0x00.*SW1=0x90, SW2=0x00.*SW1=0x63, SW2=0xC3")


@check("pcsc_scan sees reader and card")
def pcsc_scan():
    with World() as world:
        # It watches for ever: a quarter of a second is enough for what is there already.
        text = run("timeout", "2", "pcsc_scan", "-n").out
        contains("pcsc_scan", text, world.reader(), "Card inserted", ANSWER_TO_RESET.replace(":", " ").upper())


def golden_of_dump(text):
    """What is the same for every card of this kind: serial numbers and keys are not."""
    text = re.sub(r"(Encoded serial : 02 04 )\w+", r"\1SERIAL", text)
    return re.sub(r"(MD:guid        : )[-\w]+", r"\1GUID", text)


@check("pkcs15-tool: the dump is the golden one")
def dump():
    with World():
        golden("pkcs15-dump.txt", golden_of_dump(run("pkcs15-tool", "--dump").ok().text))


@check("pkcs15-tool: two PINs, 3 and 5 tries")
def list_pins():
    with World():
        text = run("pkcs15-tool", "--list-pins").ok().out
        tries = re.findall(r"PIN \[(.*?)\].*?Tries left     : (\d+)", text, re.DOTALL)
        equal("PINs", tries, [("User Authentication PIN", "3"), ("Digital Signature PIN", "5")])


@check("pkcs15-tool: tries of the gallery's cards", limit=240)
def tries_of_the_gallery():
    for card, auth, sign_tries in (("sign-locked", 3, 0), ("auth-locked", 0, 5), ("sign-1-left", 3, 1)):
        with World(cards=[card]):
            text = run("pkcs15-tool", "--list-pins").ok(card).out
            equal(card, re.findall(r"Tries left     : (\d+)", text), [str(auth), str(sign_tries)])


@check("pkcs15-tool: four certificates, and who may read them")
def read_certificates():
    own = environment()
    with Folder() as folder, World():
        for number, name in (("01", "auth"), ("03", "auth-ca"), ("04", "sign-ca")):
            run("pkcs15-tool", "--read-certificate", number, "-o", folder / name).ok(f"certificate {number}")
        refused = run("pkcs15-tool", "--read-certificate", "02")
        expect(refused.code != 0, "certificate 02 was read without its PIN")
        run("pkcs15-tool", "--verify-pin", "--auth-id", "02", "--pin", own["VMYNA_SIGN_PIN"], "--read-certificate", "02",
            "-o", folder / "sign").ok("certificate 02 after its PIN")
        for name in ("auth", "sign"):
            contains(f"openssl verify {name}", run(
                "openssl", "verify", "-CAfile", folder / f"{name}-ca", folder / name).ok().out, "OK")
        subject = run("openssl", "x509", "-in", folder / "auth", "-noout", "-subject").ok().out
        matches("the subject of the authentication certificate", subject, r"C = JP, CN = \w{22}A$")
        subject = run("openssl", "x509", "-in", folder / "sign", "-noout", "-subject").ok().out
        matches("the subject of the signature certificate", subject, r"C = JP, L = .*, CN = \w+A$")
        for name in ("auth", "sign"):
            root = own["VMYNA_ROOT_" + name.upper()]
            equal(f"the root of {name} on the card and beside it", run(
                "openssl", "x509", "-in", folder / f"{name}-ca", "-outform", "DER", "-out", "-", text=False).out,
                run("openssl", "x509", "-in", root, "-outform", "DER", "-out", "-", text=False).out)


@check("pkcs15-tool: the authentication PIN does not open the signature certificate")
def wrong_pin_for_certificate():
    with World():
        refused = run("pkcs15-tool", "--verify-pin", "--auth-id", "01", "--pin", "1234", "--read-certificate", "02")
        expect(refused.code != 0, "certificate 02 was read with the authentication PIN")


@check("pkcs15-tool: a wrong PIN costs one try of its own PIN only")
def wrong_pin():
    with World() as world:
        failed = run("pkcs15-tool", "--verify-pin", "--auth-id", "01", "--pin", "9999")
        expect(failed.code != 0, "a wrong PIN was accepted")
        equal("tries", (world.service.tries("auth"), world.service.tries("sign")), (2, 5))
        run("pkcs15-tool", "--verify-pin", "--auth-id", "01", "--pin", "1234").ok("the right PIN")
        equal("tries after the right PIN", world.service.tries("auth"), 3)


@check("pkcs15-crypt: both keys sign, openssl verifies")
def pkcs15_crypt():
    with Folder() as folder, World():
        with open(folder / "data", "wb") as file:
            file.write(b"a document\n")
        run("openssl", "dgst", "-sha256", "-binary", "-out", folder / "hash", folder / "data").ok()
        for number, pin, name in (("01", "1234", "auth"), ("02", "ABC123", "sign")):
            run("pkcs15-crypt", "--sign", "--key", number, "--pin", pin, "--sha-256", "--pkcs1", "-f", "bin",
                "-i", folder / "hash", "-o", folder / name).ok(f"pkcs15-crypt with key {number}")
            # Not --read-public-key: OpenSC 0.23 finds no key of this card by that way.
            run("pkcs15-tool", "--verify-pin", "--auth-id", number, "--pin", pin, "--read-certificate", number,
                "-o", folder / "certificate").ok()
            run("openssl", "x509", "-in", folder / "certificate", "-noout", "-pubkey", "-out", folder / "key").ok()
            contains("openssl", run("openssl", "dgst", "-sha256", "-verify", folder / "key", "-signature", folder / name,
                                    folder / "data").ok().out, "Verified OK")


@check("opensc: a card without a signature certificate binds, and signs with the other key")
def child():
    with Folder() as folder, World(cards=["child-10"]):
        equal("opensc-tool -n", run("opensc-tool", "-n").ok().out.strip(), "jpki")
        run("pkcs15-tool", "--read-certificate", "01", "-o", folder / "auth").ok("the authentication certificate")
        with open(folder / "data", "w") as file:
            file.write("school")
        run("pkcs11-tool", "--slot-index", "0", "--login", "--pin", environment("child-10")["VMYNA_AUTH_PIN"], "--sign", "--id", "01",
            "-m", "SHA256-RSA-PKCS", "-i", folder / "data", "-o", folder / "signature").ok("a signature")


@check("opensc with an answer to reset it does not know: its probes fail properly and it finds the card by name", limit=60)
def other_personality():
    with Folder() as folder:
        vmyna("mint", "fresh-adult", "-o", folder / "card").ok()
        manifest = os.path.join(folder / "card", "card.json")
        with open(manifest) as file:
            text = file.read()
        names = re.findall(r"use one of: (.*)", vmyna_check_with_personality(folder, text, "no-such").text)
        expect(names, "the error names no personalities")
        seen = []
        for name in names[0].split(", "):
            with open(manifest, "w") as file:
                file.write(re.sub(r'"personality" : "[^"]*"', f'"personality" : "{name}"', text))
            with World(cards=[folder / "card"]):
                equal(f"opensc-tool -n with {name}", run("opensc-tool", "-n").ok().out.strip(), "jpki")
                contains(name, run("pkcs15-tool", "--list-pins").ok().out, "Tries left     : 3", "Tries left     : 5")
            seen.append(name)
        return ", ".join(seen)


def vmyna_check_with_personality(folder, text, name):
    with open(os.path.join(folder / "card", "card.json"), "w") as file:
        file.write(re.sub(r'"personality" : "[^"]*"', f'"personality" : "{name}"', text))
    return vmyna("check", folder / "card")
