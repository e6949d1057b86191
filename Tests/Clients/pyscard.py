# pyscard: APDUs from Python.
# needs: python3-pyscard
import os

# >>> Docs/Clients.md
from smartcard.System import readers
from smartcard.util import toHexString

reader = next(reader for reader in readers() if str(reader) == os.environ["VMYNA_READER"])
connection = reader.createConnection()
connection.connect()
print(toHexString(connection.getATR()))


def transmit(text):
    data, sw1, sw2 = connection.transmit(list(bytes.fromhex(text)))
    return bytes(data), sw1 << 8 | sw2


# The four attributes, with 券面事項入力補助's PIN.
pin = os.environ["VMYNA_TEXT_INPUT_PIN"].encode()
assert transmit("00A4040C0A D3921000310001010408")[1] == 0x9000
assert transmit("00A4020C02 0011")[1] == 0x9000
assert transmit(f"00200080{len(pin):02X}{pin.hex()}")[1] == 0x9000
assert transmit("00A4020C02 0002")[1] == 0x9000
attributes, status = transmit("00B0000000")
assert status == 0x9000 and os.environ["VMYNA_NAME"].encode() in attributes

# One wrong PIN: 63C2, two tries left.
assert transmit("00A4020C02 0011")[1] == 0x9000
assert transmit("00200080 04 39393939")[1] == 0x63C2
# <<<

# What an extended length brings in one answer, and what the card says of a reset.
assert transmit("00A4040C0A D392F000260100000001")[1] == 0x9000
assert transmit("00A4020C02 000A")[1] == 0x9000
certificate, status = transmit("00B00000 000800")
assert status == 0x9000 and len(certificate) == 2048
from smartcard.scard import SCARD_RESET_CARD  # noqa: E402

connection.disconnect()
connection.connect(disposition=SCARD_RESET_CARD)
assert transmit("00200080")[1] in (0x6985, 0x6986), "no file is current after a reset"
import importlib.metadata  # noqa: E402

print(f"pyscard {importlib.metadata.version('pyscard')}: APDUs short and extended, a PIN, a reset")
