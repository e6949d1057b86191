"""The scripts of the other clients: phones, browsers, libraries, sweeps."""

from client_scripts import *


@client_check("jpki-rs: header, then from 0 in steps of 256; SHA-1 DigestInfo; every command twice")
def jpki_rs(card, holder):
    for _ in range(2):
        card(select(JPKI))
        card(ef(AUTH_CERTIFICATE))
    length = der_length(card(read(0, 7)))
    for at in range(0, length, 256):
        card(read(at, min(256, length - at) & 0xFF))
    card(ef(AUTH_PIN_FILE))
    card(verify("0000"), "63C2")
    card(verify("0000"), "63C1")
    card(verify(holder.auth))
    card(ef(AUTH_KEY))
    card(sign(digest_info(MESSAGE, "sha1")), length=256)


@client_check("pyjpki: selects before every call and relies on the PIN staying")
def pyjpki(card, holder):
    for pin_file, pin, key in ((AUTH_PIN_FILE, holder.auth, AUTH_KEY), (SIGN_PIN_FILE, holder.sign, SIGN_KEY)):
        card(select(JPKI))
        card(ef(pin_file))
        card(verify(pin))
        card(select(JPKI))
        card(ef(key))
        # Its DigestInfo has no NULL.
        card(sign("302F300B0609608648016503040201" + "0420" + hashlib.sha256(MESSAGE).hexdigest()), length=256)
    for file in (AUTH_CERTIFICATE, SIGN_CERTIFICATE):
        card(select(JPKI))
        card(ef(file))
        at = 0
        while True:
            answer = card.send(bytes.fromhex(read(at, 255)))
            if answer == b"\x6B\x00":
                break
            equal("status", answer[-2:].hex(), "9000")
            at += len(answer) - 2
            expect(at <= 8192 and len(answer) > 2, "the loop does not end")


@client_check("pyjpki: attributes in one read with a one-byte length", "textInput/0002")
def pyjpki_attributes(card, holder):
    card(select(TEXT))
    card(ef("0011"))
    card(verify(holder.text))
    card(select(TEXT))
    card(ef("0002"))
    data = card(read(0, 256), length=256)
    expect(data[:2] == b"\xFF\x20" and data[2] < 0x80, f"the record begins {data[:4].hex()}; its length needs one byte for this client")


@client_check("JPKIReader (GEB): blocks by P1 alone, SHA-1, token check, FF CA")
def jpki_reader(card, holder):
    card("FFCA000000", "6E00")
    card(select(JPKI))
    card(ef(AUTH_CERTIFICATE))
    length = der_length(card(read(0, 4)))
    for block in range((length + 255) // 256):
        card(f"00B0{block:02X}0000", length=256)
    card(ef(SIGN_PIN_FILE))
    card(QUERY, "63C5")
    card(verify(holder.sign))
    card(ef(SIGN_KEY))
    card(sign(digest_info(MESSAGE, "sha1")), length=256)


@client_check("flutter_nfc_mynumber: my number, fixed 71 bytes of attributes, all counters", "textInput/0001", "textInput/0002")
def flutter(card, holder):
    card(select(TEXT))
    card(ef("0011"))
    card(QUERY, "63C3")
    card(verify(holder.text))
    card(ef("0001"))
    card("00B0000000", length=17)
    card(ef("0002"))
    card("00B0000201", length=1)
    card("00B0000071", length=0x71)


@client_check("TRETJapanNFCReader: label, and every counter")
def tret(card, holder):
    card(select(JPKI))
    card(ef("0006"))
    card("00B0000014", length=20, starts=b"JPKIAPICCTOKEN2".hex())
    for aid, file, tries in ((JPKI, AUTH_PIN_FILE, 3), (JPKI, SIGN_PIN_FILE, 5), (TEXT, "0011", 3), (COMMON, "001C", 3)):
        card(select(aid))
        card(ef(file))
        card(QUERY, f"63C{tries}")


@client_check("readmynumber-plus (DAD): PIN, then blocks of 256 whose last is exact")
def readmynumber(card, holder):
    card(select(JPKI))
    card(ef(AUTH_PIN_FILE))
    card(verify("9999"), "63C2")
    card(verify(holder.auth))
    card(ef(AUTH_CERTIFICATE))
    length = der_length(card(read(0, 4)))
    for block in range((length + 255) // 256):
        size = min(256, length - block * 256)
        card(f"00B0{block:02X}00{size & 0xFF:02X}", length=size)


@client_check("jpki-local-signer (NUN): exact chunks, then a SHA-256 signature")
def nun(card, holder):
    card(select(JPKI))
    card(ef(SIGN_PIN_FILE))
    card(QUERY, "63C5")
    card(verify(holder.sign))
    card(ef(SIGN_CERTIFICATE))
    length = der_length(card(read(0, 4)))
    at = 0
    while at < length:
        size = min(256, length - at)
        at += len(card(read(at, size & 0xFF), length=size))
    card(ef(SIGN_KEY))
    card(sign(BLOCK), length=256)
    card(ef(AUTH_CERTIFICATE))


@client_check("jpki-signer-android (LUL): 8 bytes first, chunks of FF")
def lul(card, holder):
    card(select(JPKI))
    card(ef(SIGN_PIN_FILE))
    card(QUERY, "63C5")
    card(verify(holder.sign))
    card(ef(SIGN_CERTIFICATE))
    length = der_length(card(read(0, 8), length=8))
    at = 0
    while at < length:
        at += len(card(read(at, min(255, length - at))))
    card(ef(SIGN_KEY))
    card(sign(BLOCK), length=256)


@client_check("mynumbercard-idp (C3L): the whole file by extended Le from 0, again from where it stopped")
def c3l(card, holder):
    for pin_file, pin, tries, certificate, key in ((AUTH_PIN_FILE, holder.auth, 3, AUTH_CERTIFICATE, AUTH_KEY),
                                                   (SIGN_PIN_FILE, holder.sign, 5, SIGN_CERTIFICATE, SIGN_KEY)):
        card(select(JPKI))
        card(ef(pin_file))
        card(QUERY, f"63C{tries}")
        card(ef(pin_file))
        card(verify(pin))
        card(ef(certificate))
        length = der_length(card(read(0, 4)))
        data = b""
        while len(data) < length:
            data += card(read_extended(len(data), length - len(data)))
        equal("length", len(data), length)
        card(ef(key))
        card(sign(BLOCK), length=256)
    card(ef(AUTH_PIN_FILE))
    for left in (2, 1, 0):
        card(verify("0000"), f"63C{left}")
    card(verify("0000"), "6984")


@client_check("jpki-web (JWB): query in both forms, reads of E0 until short or 6B00")
def jwb(card, holder):
    card(select(JPKI))
    card(ef(SIGN_PIN_FILE))
    card(QUERY, "63C5")
    card(QUERY + "00", "6700")
    card(verify(holder.sign))
    card(ef(SIGN_CERTIFICATE))
    at = 0
    while True:
        answer = card.send(bytes.fromhex(read(at, 0xE0)))
        if answer == b"\x6B\x00":
            break
        equal("status", answer[-2:].hex(), "9000")
        at += len(answer) - 2
        if len(answer) - 2 < 0xE0:
            break
    equal("bytes", at, 3072)
    card(ef(SIGN_KEY))
    card(sign(BLOCK), length=256)


@client_check("mynumber.py (TEX): header, the rest by extended Le")
def tex(card, holder):
    for file in (AUTH_CERTIFICATE, SIGN_CERTIFICATE):
        card(select(JPKI))
        if file == SIGN_CERTIFICATE:
            card(ef(SIGN_PIN_FILE))
            card(verify(holder.sign))
        card(ef(file))
        length = der_length(card(read(0, 4)))
        card(read_extended(4, length - 4), length=length - 4)


@client_check("MyNumberCardReader (SWR): certificate in steps of FF without a PIN")
def swr(card, holder):
    card(select(JPKI))
    card(ef(AUTH_CERTIFICATE))
    length = der_length(card(read(0, 4)))
    at = 4
    while at < length:
        at += len(card(read(at, min(255, length - at))))
    card(ef("001F"), "6A82")


@client_check("jsapdu (AOK): everything by short identifier and extended Le")
def jsapdu(card, holder):
    card(f"00A404000A{JPKI}00")
    card("00200098", "63C3")
    card("0020009B", "63C5")
    card(verify(holder.auth, p2="98"))
    card(verify(holder.sign, p2="9B"))
    for sfi, length in (("81", 3072), ("82", 2048), ("8A", 2048), ("8B", 2048), ("86", 160), ("88", 3)):
        card(f"00B0{sfi}0000" + "0000", length=length)
    for scheme in ("01", "03", "05"):
        card(sign(MESSAGE, p1=scheme, p2="97"), length=256)
    card(ef("0016"))
    card("80A200C1000100" + "00" * 256 + "0000", "6700")
    card(f"00A404000A{TEXT}00")
    card("00200091", "63C3")
    card("00200094", "63CA")
    card("00200095", "63CA")


@client_check("jsapdu (AOK): text and visual applications whole", "textInput/0001", "textInput/0003", "textInput/0013", "visualInspection/0004")
def jsapdu_text(card, holder):
    card(f"00A404000A{TEXT}00")
    card(sign(bytes(32), p1="05", p2="00"), length=256)
    card(sign(bytes(32), p1="00", p2="00"), length=256)
    card(verify(holder.text, p2="91"))
    for sfi, length in (("81", 17), ("82", 512), ("83", 336), ("84", 568), ("85", 256)):
        card(f"00B0{sfi}00000000", length=length)
    card(f"00A404000A{VISUAL}00")
    card("00B08400000000", length=568)
    card("00B08500000000", "6982")
    card(verify(holder.number_b, p2="92"))
    card("00B08200000000", starts="FF20")
    card("00B08500000000", "6982")
    card(verify(holder.number_a, p2="93"))
    card("00B08500000000", starts="FF40")


@client_check("myna-card (SMC) and myna-sign (SMS): short identifiers, schemes, the card manager at the end")
def smc(card, holder):
    card(select(JPKI))
    card("00A40000")
    card("00B0860000", length=160)
    card("00B0880000", data="8F8F00")
    for file in ("0010", "0016", "0017", "0018", "001A", "001B"):
        card(ef(file))
        card("00B0000000", "6981")
    card(verify(holder.sign, p2="9B"))
    digest = hashlib.sha256(MESSAGE).hexdigest()
    for _ in range(3):
        card(select(JPKI))
        card(sign(digest, p1="02", p2="9A"), length=256)
        card(sign(digest, p1="04", p2="9A"), length=256)
    card("0084000020", length=32)
    card("80FC0000", "6700")
    card("80AE0000000100" + "00" * 256 + "0000", "6982")
    card(select(MANAGER))
    card("00A40000", "6A86")
    card(select(JPKI))
    card(sign(digest, p1="02", p2="9A"), "6982")


@client_check("myna-card (SMC): INTERNAL AUTHENTICATE and the data objects", "common/0019")
def smc_common(card, holder):
    card(select(COMMON))
    card(ef("0001"))
    card("00B2010500", starts="011C")
    card("0088009908" + "22" * 8 + "00", length=256)
    card("80AE0000000100" + "00" * 256 + "0000", "66F1")
    card(select(MANAGER))
    for tag in ("0042", "0045", "00F0", "00F2", "00F7"):
        card(f"00CA{tag}00")


@client_check("sc-tools-myna (YUK): both PINs, signatures over all parameters, exhaustive sweeps")
def yuk(card, holder):
    card(select(JPKI))
    for number in range(0x31):
        card(ef(f"{number:04X}"), "9000|6A82")
    for number in range(0x2F00, 0x3000, 0x11):
        card(ef(f"{number:04X}"), "6A82")
    card(verify(holder.auth, p2="98"))
    card(verify(holder.sign, p2="9B"))
    for p1 in range(16):
        for p2 in ("00", "80", "97", "9A"):
            answer = card.send(bytes.fromhex(sign(bytes(32), p1=f"{p1:02X}", p2=p2)))
            wanted = p1 <= 5 and p2 in ("97", "9A")
            expect((answer[-2:] == b"\x90\x00") == wanted or p2 == "80", f"P1 {p1:02X} P2 {p2}: {answer[-2:].hex()}")
    for cla in (0x00, 0x80, 0x08, 0x0C, 0x90, 0xB0):
        for ins in range(256):
            answer = card.send(bytes([cla, ins, 0, 0]))
            expect(len(answer) >= 2, f"CLA {cla:02X} INS {ins:02X}")
    card(select(JPKI))
    card("00200098", "63C3")
    card("0020009B", "63C5")


@client_check("vsmartcard's relay (MOJ): 00 A4 00 0C at power-off and reset")
def mojashi(card, holder):
    card("00A4000C", "6A86")
    card(select(JPKI))
    card("00A4000C")


@client_check("the driver-licence reader (HMP): the application is not on this card")
def licence(card, holder):
    card(select("A0000002310600000000000000000000"), "6A82")


@client_check("WebUSB-MyNumberCard (ARU): SHA-1 to SHA-512 with the authentication key")
def aru(card, holder):
    card(select(JPKI))
    card(ef(AUTH_PIN_FILE))
    card(verify(holder.auth))
    card(ef(AUTH_KEY))
    for algorithm in DIGEST_INFO:
        card(sign(digest_info(MESSAGE, algorithm)), length=256)
    card(ef(AUTH_CERTIFICATE))
    card(read(0, 7), length=7)
