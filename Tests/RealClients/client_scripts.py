"""What each known client sends, as APDU scripts with what it accepts. Where the card's image lacks the data the reason is printed."""

import hashlib

from harness import *

MESSAGE = b"client scripts"
BLOCK = DIGEST_INFO["sha256"] + hashlib.sha256(MESSAGE).hexdigest()


class Holder:
    """The card's own words: PINs and numbers; and which files its image has."""

    def __init__(self):
        own = environment()
        self.sign, self.auth, self.text = (own[f"VMYNA_{name}_PIN"] for name in ("SIGN", "AUTH", "TEXT_INPUT"))
        self.number_a, self.number_b = own["VMYNA_NUMBER_A"], own["VMYNA_NUMBER_B"]
        self.own = own

    def needs(self, *paths):
        with Folder() as folder:
            vmyna("mint", "fresh-adult", "-o", folder / "image").ok()
            missing = [path for path in paths if not has_file(folder / "image", path)]
        if missing:
            raise Skip("this card's image has no " + ", ".join(missing))


def client_check(name, *paths):
    """A script over PC/SC. `paths`: what the card's image must hold for it."""
    def register(function):
        def body():
            holder = Holder()
            if paths:
                holder.needs(*paths)
            with World() as world:
                client = Client()
                try:
                    return function(client.connect(world.reader()), holder)
                finally:
                    client.release()
        return check("client: " + name)(body)
    return register


def myna_entry(card):
    card(select(JPKI))
    card(ef("0006"))
    equal("label", card(read(0, 32), length=32).rstrip(b"\0 "), b"JPKIAPICCTOKEN2")


def myna_read(card, at=0):
    """read_binary_all: 7 bytes, the length from the BER header, Le=00 while more than 255 are left."""
    data = card(read(at, 7), length=7)
    head = 2 if data[0] & 0x1F != 0x1F else 3
    length = data[head - 1]
    if length & 0x80:
        count = length & 0x7F
        length = int.from_bytes(data[head:head + count], "big")
        head += count
    whole = head + length
    while len(data) < whole:
        left = whole - len(data)
        part = card(read(at + len(data), 0 if left > 255 else left))
        expect(part, "an empty answer")
        data += part
    return data[:whole]


@client_check("myna jpki cert and pkey sign")
def myna_jpki(card, holder):
    for file in (AUTH_CERTIFICATE, AUTH_CA, SIGN_CA):
        myna_entry(card)
        card(ef(file))
        expect(myna_read(card)[0] == 0x30, file)
    myna_entry(card)
    card(ef(SIGN_PIN_FILE))
    card(verify(holder.sign))
    card(ef(SIGN_CERTIFICATE))
    expect(myna_read(card)[0] == 0x30, "the signature certificate")
    for pin_file, pin, key, algorithm in ((AUTH_PIN_FILE, holder.auth, AUTH_KEY, "sha256"), (SIGN_PIN_FILE, holder.sign, SIGN_KEY, "sha512")):
        myna_entry(card)
        card(ef(pin_file))
        card(verify(pin))
        card(ef(key))
        card(sign(digest_info(MESSAGE, algorithm)), length=256)


@client_check("myna jpki cms sign: PIN, certificate, key, signature")
def myna_cms(card, holder):
    myna_entry(card)
    card(ef(SIGN_PIN_FILE))
    card(verify(holder.sign))
    card(ef(SIGN_CERTIFICATE))
    myna_read(card)
    card(ef(SIGN_KEY))
    card(sign(BLOCK), length=256)


@client_check("myna pin status: 3, 10, 10, 10, 10, 3, 5")
def myna_status(card, holder):
    seen = []
    for aid, files in ((TEXT, ("0011", "0014", "0015")), (VISUAL, ("0013", "0012"))):
        card(select(aid))
        for file in files:
            card(ef(file))
            seen.append(card.send(bytes.fromhex(QUERY)).hex())
    myna_entry(card)
    for file in (AUTH_PIN_FILE, SIGN_PIN_FILE):
        card(ef(file))
        seen.append(card.send(bytes.fromhex(QUERY)).hex())
    equal("tries", seen, [f"63c{count:x}" for count in (3, 10, 10, 10, 10, 3, 5)])


@client_check("myna pin change card, auth and sign")
def myna_change(card, holder):
    for aid, file, old, new in ((TEXT, "0011", holder.text, "9876"), (JPKI, AUTH_PIN_FILE, holder.auth, "9876"),
                                (JPKI, SIGN_PIN_FILE, holder.sign, "CHANGE99")):
        card(select(aid))
        card(ef(file))
        card(verify(old))
        card(f"00240180{len(new):02X}{new.encode().hex()}")
        card(verify(new))


@client_check("myna mpa: several signatures after one PIN")
def myna_mpa(card, holder):
    myna_entry(card)
    card(ef(SIGN_PIN_FILE))
    card(verify(holder.sign))
    for number in range(5):
        card(ef(SIGN_KEY))
        card(sign(digest_info(b"%d" % number)), length=256)
    card(ef(SIGN_CERTIFICATE))
    myna_read(card)
    card(select(COMMON))
    record = card("00B2010C00")
    expect(record[2:2 + 28].isdigit(), "the identifier record")


@client_check("myna text basic-info", "textInput/0005")
def myna_text_info(card, holder):
    card(select(TEXT))
    card(ef("0005"))
    expect(myna_read(card)[:2] == b"\xFF\x40", "FF40")


@client_check("myna text mynumber and attrs", "textInput/0001", "textInput/0002")
def myna_text(card, holder):
    card(select(TEXT))
    card(ef("0011"))
    card(verify(holder.text))
    card(ef("0001"))
    equal("my number", card(read(0, 17), length=17)[3:15].decode(), holder.number_a)
    card(ef("0002"))
    attributes = myna_read(card)
    for word in (holder.own["VMYNA_NAME"], holder.own["VMYNA_ADDRESS"], holder.own["VMYNA_BIRTH"]):
        expect(word.encode() in attributes, f"{word} is not in the attributes")


@client_check("myna visual: basic-info, then the face by my number", "visualInspection/0003", "visualInspection/0002")
def myna_visual(card, holder):
    card(select(VISUAL))
    card(ef("0003"))
    myna_read(card)
    card(select(VISUAL))
    card(ef("0013"))
    card(verify(holder.number_a))
    card(ef("0002"))
    face = myna_read(card)
    expect(face[:2] == b"\xFF\x20" and holder.own["VMYNA_BIRTH"].encode() in face, "the card's face")


@client_check("myna unknown number")
def myna_unknown(card, holder):
    card(select(COMMON))
    card("00B2010C00", starts="011C", length=30)


@client_check("myna (Go): entry, certificate read twice from the start, find_ap by growing names")
def myna_go(card, holder):
    myna_entry(card)
    card(ef(AUTH_CERTIFICATE))
    length = der_length(card(read(0, 7)))
    data = b""
    while len(data) < length:
        data += card(read(len(data), min(length - len(data), 256) & 0xFF))
    expect(len(data) >= length, "short")
    for count in range(1, 11):
        card(f"00A4040C{count:02X}{JPKI[:2 * count]}")
    for aid in (COMMON, JUKI):
        card(select(aid))
        card(ef("001C"))
        card(QUERY, "63C3")
        card(verify("1234"))
        card("8032008004" + b"4321".hex())
        card(verify("4321"))


@client_check("OpenSC's own sequence, blocks of 256, re-selection on logout")
def opensc_sequence(card, holder):
    card(select(JPKI))
    card(ef(AUTH_PIN_FILE))
    card(QUERY, "63C3")
    card(ef(SIGN_PIN_FILE))
    card(QUERY, "63C5")
    for file in (AUTH_CERTIFICATE, AUTH_CA, SIGN_CA):
        card(ef(file))
        length = der_length(card(read(0, 4), length=4))
        for at in range(0, length, 256):
            card(read(at, min(256, length - at) & 0xFF), length=min(256, length - at))
    card(ef(SIGN_CERTIFICATE))
    card(read(0, 4), "6982")
    card(ef(SIGN_PIN_FILE))
    card(QUERY, "63C5")
    card(verify(holder.sign))
    for _ in range(3):
        card(ef(SIGN_PIN_FILE))
        card(verify(holder.sign))
        card(ef(SIGN_KEY))
        card(sign(BLOCK), length=256)
    card(select(JPKI))
