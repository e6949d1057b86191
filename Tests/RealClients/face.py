#!/usr/bin/python3
"""Reads a card's faces through pcscd as a stranger would, and checks every signature up to the test authority's keys.

    vmyna run --card fresh-adult -- /usr/bin/python3 Tests/RealClients/face.py [--vmyna PROGRAM] [--save FOLDER]

Needs pyscard and openssl, nothing of vmyna but the authority's keys (vmyna pki verifiable, vmyna pki terminal). With Pillow
installed it opens the pictures too. Exit code 0 when everything is as it must be; else the first thing that is not.
"""
import argparse
import hashlib
import os
import struct
import subprocess
import sys
import tempfile
import zlib

from smartcard.System import readers

JPKI = 'D392F000260100000001'
TEXT = 'D3921000310001010408'
VISUAL = 'D3921000310001010402'
COMMON = 'D3921000310001010100'
SHA256_INFO = bytes.fromhex('3031300D060960864801650304020105000420')
# The card face's own DigestInfo: SHA-256 by name, three hashes inside.
FACE_INFO = bytes.fromhex('3071300D060960864801650304020105000460')


def need(condition, what):
    if not condition:
        sys.exit('face.py: ' + what)


class Card:
    def __init__(self, name):
        found = [r for r in readers() if name is None or str(r) == name]
        need(found, 'no reader' + (f' {name}' if name else ''))
        self.connection = found[0].createConnection()
        self.connection.connect()
        self.count = 0

    def send(self, header, data=b'', le=None, want=0x9000):
        apdu = bytes.fromhex(header)
        long = len(data) > 255 or (le or 0) > 256
        if data:
            apdu += (b'\0' + struct.pack('>H', len(data)) if long else bytes([len(data)])) + data
        if le is not None:
            if long:
                apdu += (b'' if data else b'\0') + struct.pack('>H', le % 65536)
            else:
                apdu += bytes([le % 256])
        answer, sw1, sw2 = self.connection.transmit(list(apdu))
        self.count += 1
        need(sw1 << 8 | sw2 == want, f'{apdu.hex().upper()} answered {sw1:02X}{sw2:02X}, not {want:04X}')
        return bytes(answer)

    def select(self, name):
        self.send('00A4040C', bytes.fromhex(name))

    def file(self, number):
        self.send('00A4020C', struct.pack('>H', number))

    def verify(self, number, value):
        self.file(number)
        self.send('00200080', value.encode())

    def read(self, number):
        """The object in a file: its first bytes tell how long it is, the rest comes in blocks of 256."""
        self.file(number)
        data = self.send('00B00000', le=256)
        if len(data) == 256:
            length, start = lengths(data)
            while len(data) < start + length:
                data += self.send('00B0%04X' % len(data), le=min(256, start + length - len(data)))
        return data

    def refused(self, number, want=0x6982):
        self.file(number)
        self.send('00B00000', le=4, want=want)


def lengths(data, at=0):
    """Length of the value and where it begins, of the object at `at`; tags have two bytes, or one (90, 91)."""
    at += 2 if data[at] & 0x1F == 0x1F else 1
    first = data[at]
    if first < 0x80:
        return first, at + 1
    need(first == 0x82, f'a length begins with {first:02X}')
    return data[at + 1] << 8 | data[at + 2], at + 3


def objects(data, start=0):
    """Tag, place, all bytes and value of every object."""
    result = []
    at = start
    while at < len(data):
        tag = int.from_bytes(data[at:at + (2 if data[at] & 0x1F == 0x1F else 1)], 'big')
        length, value = lengths(data, at)
        need(value + length <= len(data), f'object {tag:04X} is cut off')
        result.append((tag, at, data[at:value + length], data[value:value + length]))
        at = value + length
    return result


class Record:
    def __init__(self, data, tag):
        length, start = lengths(data)
        need(int.from_bytes(data[:2], 'big') == tag, f'the record is {data[:2].hex()}, not {tag:04X}')
        self.objects = objects(data[:start + length], start)
        table = next((o for o in self.objects if o[0] == 0xDF21), None)
        if table and tag == 0xFF20:
            offsets = list(struct.unpack(f'>{len(table[3]) // 2}H', table[3]))
            need(offsets == [o[1] for o in self.objects[1:]], 'the offset table is wrong')

    def value(self, tag):
        return next(o[3] for o in self.objects if o[0] == tag)

    def whole(self, *tags):
        return b''.join(next(o[2] for o in self.objects if o[0] == tag) for tag in tags)


def modulus(key):
    parts = {o[0]: o[3] for o in objects(key)}
    need(parts[0x90] == b'\1\0\1' and len(parts[0x91]) == 256, 'a public key is not RSA-2048 with 65537')
    return int.from_bytes(parts[0x91], 'big')


def signed(n, signature, block):
    """Whether the signature is PKCS#1 v1.5 type 1 around exactly this block."""
    opened = pow(int.from_bytes(signature, 'big'), 65537, n).to_bytes(256, 'big')
    return opened == b'\0\1' + b'\xff' * (253 - len(block)) + b'\0' + block


def signed_message(n, signature, message):
    return signed(n, signature, SHA256_INFO + hashlib.sha256(message).digest())


def certified(data, root, what):
    """The key of a card-verifiable certificate (without its outer header), after its signature was checked."""
    body, signature = objects(data)
    need(body[0] == 0x5F4E and signature[0] == 0x5F37, f'{what}: not a card-verifiable certificate')
    need(signed_message(root, signature[3], body[3]), f'{what}: the certificate is not the authority\'s')
    return modulus(body[3][32:])


def pem_modulus(path):
    text = subprocess.run(['openssl', 'rsa', '-pubin', '-in', path, '-noout', '-modulus'],
                          check=True, capture_output=True, text=True).stdout
    return int(text.strip().split('=')[1], 16)


def png(data, what, size=None):
    need(data[:8] == b'\x89PNG\r\n\x1a\n', f'{what} is no PNG')
    at, body, head = 8, b'', b''
    while at < len(data):
        length, kind = struct.unpack('>I4s', data[at:at + 8])
        chunk = data[at + 8:at + 8 + length]
        need(zlib.crc32(kind + chunk) == struct.unpack('>I', data[at + 8 + length:at + 12 + length])[0],
             f'{what}: a CRC is wrong')
        head, body = (chunk if kind == b'IHDR' else head), body + (chunk if kind == b'IDAT' else b'')
        at += 12 + length
    width, height, depth = struct.unpack('>IIB', head[:9])
    need(depth == 1 and len(zlib.decompress(body)) == ((width + 7) // 8 + 1) * height, f'{what}: wrong rows')
    need(size is None or (width, height) == size, f'{what} has {width} × {height}')
    return f'{width}×{height}'


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    options = argparse.ArgumentParser()
    options.add_argument('--vmyna', default=os.path.join(here, '../../.build/debug/vmyna'))
    options.add_argument('--save', help='write the pictures into this folder')
    options = options.parse_args()
    environment = os.environ
    card = Card(environment.get('VMYNA_READER'))
    with tempfile.TemporaryDirectory() as folder:
        for command in ('verifiable', 'terminal'):
            subprocess.run([options.vmyna, 'pki', command, '-o', folder], check=True)
        roots = {name: pem_modulus(f'{folder}/{name}.pem')
                 for name in ('visualInspection', 'textInput', 'cardManager', 'terminal')}
        terminal = {name: open(f'{folder}/{name}.bin', 'rb').read() for name in ('first', 'second')}

        # The card manager: the chain of certificates, identification.
        upper = certified(card.send('00CA00F8', le=65536), roots['cardManager'], '00F8')
        certified(card.send('00CA7F21', le=65536), upper, '7F21')
        code = card.send('00CA00F0', le=256).decode()
        end = card.send('00CA00F2', le=256).decode()
        card.select(COMMON)
        record = card.send('00B2010C', le=256)
        need(record[:2] == b'\x01\x1c' and record[17:].decode() == code + end, 'the card identifier is another')

        # Text: number and attributes.
        card.select(TEXT)
        for file in (1, 2, 3, 6, 7, 8):
            card.refused(file)
        issuer = certified(card.read(4)[5:], roots['textInput'], 'text 0004')
        card.verify(0x11, environment['VMYNA_TEXT_INPUT_PIN'])
        number_file = card.read(1)
        number = number_file[3:15].decode()
        need(number == environment['VMYNA_NUMBER_A'], 'my number is another')
        attributes = Record(card.read(2), 0xFF20)
        name, address = attributes.value(0xDF22).decode(), attributes.value(0xDF23).decode()
        need((name, address) == (environment['VMYNA_NAME'], environment['VMYNA_ADDRESS']), 'name or address is another')
        need(attributes.value(0xDF24).decode() == environment['VMYNA_BIRTH'], 'the birth date is another')
        need(attributes.value(0xDF25).decode() == environment['VMYNA_SEX'], 'the sex is another')
        integrity = Record(card.read(3), 0xFF30)
        need(integrity.value(0xDF31) == hashlib.sha256(number_file).digest(), 'the hash of the number is wrong')
        need(integrity.value(0xDF32) == hashlib.sha256(attributes.whole(0xDF22, 0xDF23, 0xDF24, 0xDF25)).digest(),
             'the hash of the attributes is wrong')
        need(signed_message(issuer, integrity.value(0xDF33), integrity.whole(0xDF31, 0xDF32)),
             'the integrity record is not the issuer\'s')
        key = Record(card.read(7), 0xFF50)
        need(signed_message(issuer, key.value(0xDF52), key.whole(0xDF51)), 'the signing key is not the issuer\'s')
        challenge = os.urandom(32)
        proof = card.send('802A0000', SHA256_INFO + hashlib.sha256(challenge).digest(), le=256)
        need(signed_message(modulus(key.value(0xDF51)), proof, challenge), 'the text application is a copy')

        # Visual: age, face, number.
        card.select(VISUAL)
        for file in (1, 2, 5, 6):
            card.refused(file)
        issuer = certified(card.read(4)[5:], roots['visualInspection'], 'visual 0004')
        card.verify(0x11, environment['VMYNA_NUMBER_B'][:6])
        age = Record(card.read(1), 0xFF10)
        need(signed_message(issuer, age.value(0xDF13), age.whole(0xDF11, 0xDF12)), 'the age record is not the issuer\'s')
        card.refused(2)
        card.verify(0x12, environment['VMYNA_NUMBER_B'])
        before = card.count
        face = Record(card.read(2), 0xFF20)
        commands = card.count - before
        hashes = b''.join(hashlib.sha256(face.whole(*tags)).digest()
                          for tags in ((0xDF22, 0xDF23, 0xDF24), (0xDF25, 0xDF26), (0xDF27,)))
        need(signed(issuer, face.value(0xDF28), FACE_INFO + hashes), 'the card face is not the issuer\'s')
        need(face.value(0xDF29).decode() == end, 'the last day is another')
        card.refused(5)
        card.verify(0x13, environment['VMYNA_NUMBER_A'])
        picture = Record(card.read(5), 0xFF40)
        need(signed_message(issuer, picture.value(0xDF43), picture.whole(0xDF41, 0xDF42)),
             'the picture of the number is not the issuer\'s')
        need(age.value(0xDF12) == face.value(0xDF24) == picture.value(0xDF42), 'the three records have other keys')
        proof = card.send('802A0000', SHA256_INFO + hashlib.sha256(challenge).digest(), le=256)
        need(signed_message(modulus(face.value(0xDF24)), proof, challenge), 'the visual application is a copy')
        pictures = {'name.png': face.value(0xDF25), 'address.png': face.value(0xDF26), 'photograph.jp2': face.value(0xDF27),
                    'code.png': face.value(0xDF2A), 'number.png': picture.value(0xDF41)}
        sizes = [png(pictures['name.png'], 'the name'), png(pictures['address.png'], 'the address'),
                 png(pictures['code.png'], 'the security code', (24, 12)),
                 png(pictures['number.png'], 'the number', (72, 12))]
        need(pictures['photograph.jp2'][4:8] == b'jP  ', 'the photograph is no JP2')
        try:
            from PIL import Image
            import io
            photograph = Image.open(io.BytesIO(pictures['photograph.jp2']))
            photograph.load()
            sizes.append(f'{photograph.width}×{photograph.height} {photograph.mode}')
        except ImportError:
            sizes.append('not opened (no Pillow)')
        if options.save:
            os.makedirs(options.save, exist_ok=True)
            for file, data in pictures.items():
                with open(os.path.join(options.save, file), 'wb') as out:
                    out.write(data)

        # An authorised terminal signs with the authentication key without its PIN.
        card.select(JPKI)
        card.file(0x17)
        card.send('802A0380', b'nobody asked', le=256, want=0x6982)
        card.file(0x16)
        card.send('80A206C1', terminal['first'], le=65536)
        card.send('80A200C1', terminal['second'], le=65536)
        challenge = card.send('00840000', le=8)
        proof = subprocess.run(['openssl', 'dgst', '-sha256', '-sign', f'{folder}/key.pem'],
                               input=challenge, check=True, capture_output=True).stdout
        card.send('00820000', proof)
        card.file(0x17)
        signature = card.send('802A0380', b'without a PIN', le=256)
        certificate = card.read(0x0A)
        text = subprocess.run(['openssl', 'x509', '-inform', 'DER', '-noout', '-modulus'],
                              input=certificate, check=True, capture_output=True, text=False).stdout.decode()
        need(signed_message(int(text.strip().split('=')[1], 16), signature, b'without a PIN'), 'the signature is wrong')

    print(f'{name}, {number}: every signature is good up to the test authority; pictures {", ".join(sizes)}; '
          f'the face came in {commands} commands')


main()
