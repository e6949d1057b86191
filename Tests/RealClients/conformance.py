"""What clients turned out to rely on, one check each; and the order of checks of every command. APDUs by pyscard."""

import hashlib

from harness import *

FOREIGN = {
    "coolkey": "627601FF000000", "muscle": "A00000000101", "sc-hsm": "E82B0601040181C31F0201", "PIV": "A000000308000010000100",
    "CAC": "A0000000790300", "CAC alias": "A000000116DB00", "isoApplet": "F276A288BCFBA69D34F31001", "GIDS": "A000000397425446590201",
    "OpenPGP": "D27600012401", "licence loader": "A0000002310400000000000000000000", "licence module": "A0000002310500000000000000000000",
    "licence application": "A0000002310600000000000000000000", "longer than ours": JPKI + "00",
}


def card_check(name, cards=("fresh-adult",), **options):
    """A check that is handed a connected card and the world around it."""
    def register(function):
        def body():
            with World(cards=list(cards)) as world:
                client = Client()
                try:
                    return function(client.connect(world.reader()), world)
                finally:
                    client.release()
        return check("conformance: " + name, **options)(body)
    return register


@card_check("the answer to reset is A1, byte by byte")
def atr(card, world):
    equal("answer to reset", card.answer_to_reset().hex().upper(), "3BDA13FF8131FB468012392F31C173C601C03B")


@card_check("VERIFY, then the query: 9000, then 63C3")
def query_after_success(card, world):
    card(select(JPKI))
    for file, pin, tries in ((AUTH_PIN_FILE, "1234", 3), (SIGN_PIN_FILE, "ABC123", 5)):
        card(ef(file))
        card(QUERY, f"63C{tries}")
        card(verify(pin))
        card(QUERY, f"63C{tries}")


@card_check("three wrong PINs: 63C2 63C1 63C0, then 6984; the query 63C0; the other PIN untouched")
def lockout(card, world):
    card(select(JPKI))
    card(ef(AUTH_PIN_FILE))
    for left in (2, 1, 0):
        card(verify("9999"), f"63C{left}")
    for pin in ("9999", "1234", "1", "12345678"):
        card(verify(pin), "6984")
    card(QUERY, "63C0")
    card(ef(SIGN_PIN_FILE))
    card(QUERY, "63C5")
    for left in (4, 3, 2, 1, 0):
        card(verify("XYZ999"), f"63C{left}")
    card(verify("ABC123"), "6984")
    card(QUERY, "63C0")


@card_check("selecting the same application keeps the PIN, another one clears it")
def same_application(card, world):
    block = sign(digest_info(b"x"))
    for aid in (TEXT, VISUAL, JUKI, COMMON, MANAGER):
        card(select(JPKI))
        card(ef(AUTH_PIN_FILE))
        card(verify("1234"))
        card(select(JPKI))
        card(ef(AUTH_KEY))
        card(block, length=256)
        card(select(aid))
        card(select(JPKI))
        card(ef(AUTH_KEY))
        card(block, "6982")


@card_check("a failed SELECT by name keeps application and PIN")
def failed_select(card, world):
    card(select(JPKI))
    card(ef(AUTH_PIN_FILE))
    card(verify("1234"))
    card(select("A00000000101"), "6A82")
    card(ef(AUTH_KEY))
    card(sign(digest_info(b"x")), length=256)


@card_check("the signature certificate: 9000 to SELECT, 6982 to READ; after the password 30 82")
def signature_certificate(card, world):
    card(select(JPKI))
    card(ef(SIGN_CERTIFICATE))
    card(read(0, 4), "6982")
    card(ef(AUTH_PIN_FILE))
    card(verify("1234"))
    card(ef(SIGN_CERTIFICATE))
    card(read(0, 4), "6982")
    card(ef(SIGN_PIN_FILE))
    card(verify("ABC123"))
    card(ef(SIGN_CERTIFICATE))
    card(read(0, 4), starts="3082", length=4)


@card_check("the other three certificates are free, and are what the image holds")
def free_certificates(card, world):
    with Folder() as folder:
        vmyna("mint", "fresh-adult", "-o", folder / "image").ok()
        card(select(JPKI))
        for file in (AUTH_CERTIFICATE, AUTH_CA, SIGN_CA):
            card(ef(file))
            length = der_length(card(read(0, 4)))
            got = b"".join(card(read(at, min(256, length - at))) for at in range(0, length, 256))
            with open(folder / f"image/jpki/{file}.der", "rb") as stream:
                equal(f"EF {file}", hashlib.sha256(got).hexdigest(), hashlib.sha256(stream.read()).hexdigest())


@card_check("reads past the end: the rest with 9000, then 6B00")
def past_the_end(card, world):
    card(select(JPKI))
    card(ef("0008"))
    card(read(0, 256), length=3)
    card(read(2, 4), length=1)
    card(read(3, 1), "6B00", data="")
    card("00B07FFF00", "6B00", data="")
    card(ef("0006"))
    card(read(0, 256), length=160, starts="4A504B49415049434354 4F4B454E32 20".replace(" ", ""))
    card(read(160, 1), "6B00")
    card("00B0000000FFFF", length=160)
    card("00B00000000000", length=160)
    card(ef(AUTH_CERTIFICATE))
    card("00B00000000000", length=2048)
    card("00B007FF00", length=1, data="FF")
    card("00B0080000", "6B00")


@card_check("text EF 0001: 17 bytes, offset 17 is 6B00")
def my_number(card, world):
    require(world, TEXT, "textInput/0001")
    card(select(TEXT))
    card(ef("0011"))
    card(verify("1234"))
    card(ef("0001"))
    card(read(0, 256), length=17, starts="FF100C")
    card(read(17, 1), "6B00")


@card_check("JPKI with P2=00 and Le; text application signs without a PIN")
def jsapdu(card, world):
    card(f"00A404000A{JPKI}00", data="6F0C840A" + JPKI)
    require(world, TEXT, "textInput/0013")
    card(select(TEXT))
    for scheme in ("05", "00"):
        card(sign(bytes(32), p1=scheme, p2="00"), length=256)


@card_check("pyjpki's certificate loop of 255 bytes ends on 6B00")
def pyjpki_loop(card, world):
    card(select(JPKI))
    card(ef(AUTH_CERTIFICATE))
    data, at = b"", 0
    while True:
        answer = card.send(bytes.fromhex(read(at, 255)))
        if answer[-2:] == b"\x6B\x00":
            break
        equal("status", answer[-2:].hex(), "9000")
        expect(len(answer) > 2, "an empty answer")
        data += answer[:-2]
        at += len(answer) - 2
        expect(at <= 4096, "no end")
    equal("bytes", len(data), 2048)


@card_check("foreign applications answer 6A82")
def foreign(card, world):
    for aid in FOREIGN.values():
        card(select(aid), "6A82")
        card(f"00A40400{len(aid) // 2:02X}{aid}00", "6A82")
    card("00CADF3005", "6A88")


@card_check("selection by partial name: first and next, in the order of installation")
def partial(card, world):
    card("00A4040001D3" + "00", data="6F0C840A" + COMMON)
    for aid in (JUKI, VISUAL, TEXT, JPKI):
        card("00A4040201D3" + "00", data="6F0C840A" + aid)
    card("00A4040C05D392F00026")
    card(ef(AUTH_PIN_FILE))
    card(QUERY, "63C3")


@card_check("other SELECT forms")
def select_forms(card, world):
    card("00A40000", "6A86")
    card("00A4000C023F00", "6A82")
    card("00A40000023F00", "6A82")
    card(ef("0001"), "6A82")
    card(select(JPKI))
    card("00A40000")
    card("00A4000C")
    card("00A4000C023F00", "6A82")
    for p1 in ("08", "09"):
        card(f"00A4{p1}0C02000A", "6A86")
    card("00A4020002000A00", "6A86")
    card("00A402040200 0A".replace(" ", ""), "6A86")
    card(ef("001F"), "6A82")
    card("00A4040C00", "6700")
    card("00A4040C11" + "D3" * 17, "6700")
    for identifier in ("0001", "0002", "0005", "0006", "0008", "0009", "000A", "000B", "0010", "0016", "0017", "0018",
                       "0019", "001A", "001B", "001C", "001E"):
        card(ef(identifier))


@card_check("VERIFY: wrong lengths, parameters and files")
def verify_forms(card, world):
    card(QUERY, "6986")
    card(verify("1234"), "6986")
    card(select(JPKI))
    card(QUERY, "6986")
    card(ef(AUTH_PIN_FILE))
    card("0020008000", "6700")
    card("00200180", "6A86")
    card("00200000", "6A86")
    card("00200001", "6A86")
    card(verify("1" * 17), "6700")
    card(QUERY, "63C3")
    card(verify("123"), "63C2")
    card(verify("1234"))
    card(verify("12345"), "63C2")
    card(verify("1234"))
    card("00200098", "63C3")
    card("0020009B", "63C5")
    card("00200082", "6981")
    card("0020009F", "6A82")
    card("00200097", "6985")
    card(ef(AUTH_CERTIFICATE))
    card(QUERY, "6981")
    card(ef(AUTH_KEY))
    card(QUERY, "6985")
    card(verify("1234", p2="98"))
    card(QUERY, "63C3")


@card_check("a wrong guess takes the verified status of its own PIN away, the other keeps it")
def wrong_guess_revokes(card, world):
    card(select(JPKI))
    card(verify("1234", p2="98"))
    card(verify("ABC123", p2="9B"))
    card(verify("0000", p2="98"), "63C2")
    card(sign(digest_info(b"x"), p2="97"), "6982")
    card(sign(digest_info(b"x"), p2="9A"), length=256)


@card_check("READ BINARY: parameters, lengths, files")
def read_forms(card, world):
    card("00B0000004", "6986")
    card(select(JPKI))
    card("00B0000004", "6986")
    card("00B08A0004", starts="3082", length=4)
    card("00B0000A04", length=4)
    card("00B08100 04".replace(" ", ""), "6982")
    card("00B09F0004", "6A82")
    card("00B0A00004", "6A86")
    card("00B0C10004", "6A86")
    card(ef(AUTH_CERTIFICATE))
    card("00B00000", "6700")
    for file in ("0017", "0018", "0016", "0010", "001E"):
        card(ef(file))
        card("00B0000004", "6981")
    for file in ("0005", "0009"):
        card(ef(file))
        card("00B0000004", "6982")


@card_check("COMPUTE DIGITAL SIGNATURE: schemes, lengths, keys")
def signature_forms(card, world):
    info = digest_info(b"x")
    card(sign(info), "6986|6A86")
    card(select(JPKI))
    card(sign(info), "6986")
    card(sign(info, p2="00"), "6A86")
    card(ef(AUTH_KEY))
    card(sign(info), "6982")
    card(verify("1234", p2="98"))
    card(ef(AUTH_KEY))
    card(sign(info), length=256)
    card(sign(info, p1="06"), "6A86")
    card(sign(info, p2="9F"), "6A82")
    card(sign("00" * 32, p2="9A"), "6982")
    for scheme, length, status in (("00", 245, "9000"), ("00", 246, "6700"), ("02", 32, "9000"), ("02", 31, "6985"),
                                   ("04", 32, "9000"), ("04", 33, "6985"), ("01", 200, "9000"), ("03", 200, "9000"),
                                   ("05", 200, "9000")):
        card(sign(b"\x11" * length, p1=scheme, p2="97"), status, length=256 if status == "9000" else 0)
    card("802A0097", "6700")
    card(sign(info, p2="97")[:-2], length=256)
    card(ef(AUTH_CERTIFICATE))
    card(sign(info), "6981")
    card("002A9E9A20" + "00" * 32 + "00", "6D00")


@card_check("signatures are those of the certified keys, in every scheme", limit=240)
def signature_values(card, world):
    with Folder() as folder:
        card(select(JPKI))
        card(verify("1234", p2="98"))
        card(verify("ABC123", p2="9B"))
        message = b"the message that is signed"
        with open(folder / "message", "wb") as file:
            file.write(message)
        digest = hashlib.sha256(message).digest()
        pss = ("-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32")
        for key, certificate in (("97", AUTH_CERTIFICATE), ("9A", SIGN_CERTIFICATE)):
            card(ef(certificate))
            der = card("00B00000000000")
            with open(folder / "certificate", "wb") as file:
                file.write(der[:der_length(der)])
            run("openssl", "x509", "-inform", "DER", "-in", folder / "certificate", "-noout", "-pubkey", "-out", folder / "key").ok()
            for scheme, given, options in (("00", bytes.fromhex(digest_info(message)), ()), ("02", digest, ()), ("03", message, ()),
                                           ("04", digest, pss), ("05", message, pss)):
                with open(folder / "signature", "wb") as file:
                    file.write(card(sign(given, p1=scheme, p2=key), length=256))
                contains(f"scheme {scheme} with key {key}", run(
                    "openssl", "dgst", "-sha256", *options, "-verify", folder / "key", "-signature", folder / "signature",
                    folder / "message").text, "Verified OK")
            bare = card(sign(message, p1="01", p2=key), length=256)
            with open(folder / "signature", "wb") as file:
                file.write(bare)
            opened = run("openssl", "pkeyutl", "-verifyrecover", "-pubin", "-inkey", folder / "key", "-in",
                         folder / "signature", text=False).ok().out
            equal("what scheme 01 signs", opened, digest)


@card_check("CHANGE REFERENCE DATA: who may, which forms; the counter is full after it")
def change(card, world):
    new_auth, new_sign = "00240180 04 35363738".replace(" ", ""), "00240180 06 58595A373839".replace(" ", "")
    card(new_auth, "6986")
    card(select(JPKI))
    card(ef(AUTH_PIN_FILE))
    card(new_auth, "6982")
    card(verify("0000"), "63C2")
    card(verify("1234"))
    card("0024008004" + "35363738", "6A86")
    card("0024018003353637", "6700")
    card("00240180053536373839", "6700")
    card("0024018004353637 41".replace(" ", ""), "6A80")
    card("00240180", "6700")
    card(new_auth)
    card(QUERY, "63C3")
    card(verify("1234"), "63C2")
    card(verify("5678"))
    card(ef(SIGN_PIN_FILE))
    card(new_sign, "6982")
    card(verify("ABC123"))
    card("0024018006" + b"abc123".hex(), "6A80")
    card("0024018006" + b"ABCDEF".hex(), "6A80")
    card("0024018006" + b"123456".hex(), "6A80")
    card("0024018005" + b"ABC12".hex(), "6700")
    card("0024018011" + b"A1".hex() * 8 + "41", "6700")
    card(new_sign)
    card(verify("XYZ789"))
    card(verify("ABC123"), "63C4")


@card_check("GET CHALLENGE, everywhere")
def challenge(card, world):
    for aid in (None, JPKI, TEXT, COMMON, VISUAL, JUKI):
        if aid:
            card(select(aid))
        first, second = card("0084000008", length=8), card("0084000008", length=8)
        expect(first != second, "the same challenge twice")
        card("0084000000", length=256)
        card("0084000100", "6A86")
        card("00840000000101", "6985")


@card_check("unknown classes, channels and instructions")
def classes(card, world):
    for aid in (None, JPKI):
        if aid:
            card(select(aid))
        for cla in ("B0", "A0", "FF", "84"):
            card(cla + "B0000004", "6E00")
        for cla in ("01", "02", "03"):
            card(cla + "B0000004", "6881")
        for ins in ("00", "2C", "C0", "C2", "FF", "70"):
            card(f"00{ins}000000", "6D00")
        card("80FC0000", "6700")


@card_check("lengths that lie")
def lying_lengths(card, world):
    card(select(JPKI))
    card(ef(AUTH_PIN_FILE))
    for command in ("0020008004313233", "002000800531323334", "00200080 04 3132333400 00".replace(" ", ""),
                    "00200080000004313233", "002000800000043132333435", "00A4040C0BD392F000260100000001",
                    "00B00000000001020304", "0020008000FFFF31323334"):
        card(command, "6700")
    card(QUERY, "63C3")


@card_check("every APDU of one to three bytes is refused with two bytes")
def fragments(card, world):
    for command in ("00", "FF", "0020", "00A404", "802A00"):
        code, answer = card.raw(bytes.fromhex(command))
        expect(code != 0 or answer == b"\x67\x00", f"{command}: {name_of(code)} {answer.hex()}")
    card(select(JPKI))


@card_check("the common application: the identifier record, INTERNAL AUTHENTICATE where the image has its key")
def common(card, world):
    card(select(COMMON))
    record = card("00B2010C00", starts="011C", length=30)
    expect(record[2:].isdigit(), f"the record: {record}")
    card("00B2010400", data=record)
    card("00B2020C00", "6A83")
    card("00B2000C00", "6A83")
    card("00B2011400", "9000|6A83")
    card("00B201FC00", "6A82")
    card("00B0000004", "6981")
    require(world, COMMON, "common/0019")
    first = card("0088009908" + "11" * 8 + "00", length=256)
    card("0088009908" + "11" * 8 + "00", data=first)


@card_check("data objects of the card manager, where the image has them")
def manager(card, world):
    card("00CA006700", "6A88")
    answer = card.send(bytes.fromhex("00CA00F000"))
    if answer[-2:] != b"\x90\x00":
        raise Skip("this card's image has no data objects")
    expect(answer[:-2].isdigit() and len(answer) == 7, f"F0: {answer[:-2]}")
    card("00CA004200", length=16)
    card("00CA00F200", length=8)
    card(select(JPKI))
    card("00CA00F000", "6A88")


@card_check("commands that need an issuer's key")
def issuer(card, world):
    card(select(JPKI))
    card(ef(AUTH_CERTIFICATE))
    card("00D6000001AA", "6982")
    card("8032008004" + "31323334", "6985|6986|6981")
    card("80A200C1000100" + "00" * 256 + "0000", "67..|69..")
    for p1p2 in ("0000", "00AE", "8000", "00B6"):
        card(f"80A2{p1p2}08" + "00" * 8 + "00", "6A86")
    card(ef("0016"))
    card("80A200C1000100" + "00" * 256 + "0000", "6700")


def require(world, aid, path):
    """Skips what the card's image has no data for."""
    with Folder() as folder:
        vmyna("mint", "fresh-adult", "-o", folder / "image").ok()
        if not has_file(folder / "image", path):
            raise Skip(f"this card's image has no {path}")
