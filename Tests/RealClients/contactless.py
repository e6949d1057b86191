"""A card behind a contactless reader: the answer to reset, FF CA 00 00 00, what a reset does."""

import os

from smartcard import scard

import harness
from harness import World, check, equal, expect

FRESH = os.path.join(harness.ROOT, "CardImages", "fresh-adult.yaml")
ESCAPES = (0x42000001, 0x42000DAC)


def resident(folder, personality):
    path = os.path.join(folder.path, f"on-{personality}.yaml")
    with open(FRESH, encoding="utf-8") as source, open(path, "w", encoding="utf-8") as file:
        file.write(source.read().replace("\ncard:\n", f"\ncard:\n  personality: {personality}\n"))
    return path


def atr_of(card):
    code, _, _, _, atr = scard.SCardStatus(card)
    equal("SCardStatus", code, 0)
    return bytes(b & 0xFF for b in atr).hex().upper()


def transmit(card, protocol, command):
    pci = scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1
    code, answer = scard.SCardTransmit(card, pci, list(bytes.fromhex(command)))
    expect(code == 0, f"{command}: {scard.SCardGetErrorMessage(code)}")
    return bytes(b & 0xFF for b in answer).hex().upper()


def connect(reader):
    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    equal("context", code, 0)
    code, card, protocol = scard.SCardConnect(context, reader, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1)
    equal("connect", code, 0)
    return card, protocol


def reconnect(card, how):
    code, protocol = scard.SCardReconnect(card, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1, how)
    equal("reconnect", code, 0)
    return protocol


@check("contactless: every answer to reset comes through pcscd, and the card works behind it")
def answers_to_reset():
    wanted = {"N1": "3B888001004B51FFB381D1000F", "N2": "3B888001004B51FF0081D100BC", "N3": "3B888001000041E0B381A1003B",
              "N4": "3B888001000005E0B381A1007F", "O1": "3BF59100FF918171FE400042000100D1D6", "O2": "3BF59100FF918171FE4000420001B3A115"}
    with harness.Folder() as folder:
        names = list(wanted)
        with World(cards=[resident(folder, name) for name in names]) as world:
            for number, name in enumerate(names):
                card, protocol = connect(world.reader(number))
                equal(name, atr_of(card), wanted[name])
                equal(f"{name}: SELECT", transmit(card, protocol, "00A4040C0AD392F000260100000001"), "9000")
                equal(f"{name}: counter", transmit(card, protocol, "00200098"), "63C3")
                scard.SCardDisconnect(card, scard.SCARD_UNPOWER_CARD)


@check("contactless: FF CA 00 00 00 gives the identifier: new at power-up, the same after a reset; as an escape too")
def identifier():
    with harness.Folder() as folder, World(cards=[resident(folder, "N1"), "fresh-adult"]) as world:
        card, protocol = connect(world.reader(0))
        first = transmit(card, protocol, "FFCA000000")
        expect(len(first) == 12 and first.endswith("9000"), first)
        equal("with Le 4", transmit(card, protocol, "FFCA000004"), first)
        equal("again", transmit(card, protocol, "FFCA000000"), first)
        equal("inside an application", [transmit(card, protocol, c) for c in ("00A4040C0AD392F000260100000001", "FFCA000000")], ["9000", first])
        for code in ESCAPES:
            result, answer = scard.SCardControl(card, code, list(bytes.fromhex("FFCA000000")))
            equal("escape", (result, bytes(b & 0xFF for b in answer).hex().upper()), (0, first))
            for other in ([], [0xFF], list(bytes.fromhex("00A40000"))):
                expect(scard.SCardControl(card, code, other)[0] != 0, f"escape with {other}")
        protocol = reconnect(card, scard.SCARD_RESET_CARD)
        equal("after a reset", transmit(card, protocol, "FFCA000000"), first)
        protocol = reconnect(card, scard.SCARD_UNPOWER_CARD)
        second = transmit(card, protocol, "FFCA000000")
        expect(second != first and second.endswith("9000") and len(second) == 12, f"{first}, then {second}")

        contact, protocol = connect(world.reader(1))
        equal("a card with contacts", transmit(contact, protocol, "FFCA000000"), "6E00")
        for code in ESCAPES:
            expect(scard.SCardControl(contact, code, list(bytes.fromhex("FFCA000000")))[0] != 0, "an escape at contacts")


@check("contactless: a PIN outlives a reset, and not the power")
def resets():
    with harness.Folder() as folder, World(cards=[resident(folder, "N1")]) as world:
        pin = harness.environment()["VMYNA_AUTH_PIN"]
        card, protocol = connect(world.reader())
        sign = "802A009714" + "5A" * 20 + "00"
        equal("PIN", [transmit(card, protocol, c) for c in ("00A4040C0AD392F000260100000001", "0020009804" + pin.encode().hex())], ["9000", "9000"])
        protocol = reconnect(card, scard.SCARD_RESET_CARD)
        expect(transmit(card, protocol, sign).endswith("9000"), "after a reset")
        protocol = reconnect(card, scard.SCARD_UNPOWER_CARD)
        transmit(card, protocol, "00A4040C0AD392F000260100000001")
        equal("after power", transmit(card, protocol, sign), "6982")


@check("contactless: OpenSC reads such a card")
def opensc():
    with harness.Folder() as folder:
        card = resident(folder, "N1")
        result = harness.in_world("pkcs15-tool", "--read-certificate", "1", card=(card,)).ok("pkcs15-tool")
        harness.contains("certificate", result.out, "BEGIN CERTIFICATE")
