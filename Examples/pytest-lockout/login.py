"""The program under test: signs a challenge with the authentication key, and never spends the last try unasked."""

from smartcard.System import readers

SELECT_JPKI = "00A4040C0AD392F000260100000001"
PIN_FILE, KEY_FILE = "0018", "0017"


class WrongPIN(Exception):
    def __init__(self, left):
        super().__init__(f"wrong PIN, {left} tries left")
        self.left = left


class Locked(Exception):
    """Only the ward office can help."""


class LastTry(Exception):
    """One more wrong PIN would lock the card; ask the holder first."""


class CardError(Exception):
    """Anything else that the card says."""


class Login:
    def __init__(self, reader_name):
        reader = next(reader for reader in readers() if str(reader) == reader_name)
        self.connection = reader.createConnection()
        self.connection.connect()

    def send(self, command):
        data, sw1, sw2 = self.connection.transmit(list(bytes.fromhex(command)))
        return bytes(data), sw1 << 8 | sw2

    def expect(self, command):
        data, status = self.send(command)
        if status != 0x9000:
            raise CardError(f"{status:04X}")
        return data

    def select(self, file):
        self.expect(f"00A4020C02{file}")

    def tries_left(self):
        self.expect(SELECT_JPKI)
        self.select(PIN_FILE)
        _, status = self.send("00200080")
        if status & 0xFFF0 != 0x63C0:
            raise CardError(f"{status:04X}")
        return status & 0xF

    def sign(self, digest_info, pin, may_lock=False):
        left = self.tries_left()
        if left == 0:
            raise Locked
        if left == 1 and not may_lock:
            raise LastTry
        _, status = self.send(f"00200080{len(pin):02X}{pin.encode().hex()}")
        if status & 0xFFF0 == 0x63C0:
            raise WrongPIN(status & 0xF)
        if status != 0x9000:
            raise CardError(f"{status:04X}")
        self.select(KEY_FILE)
        return self.expect(f"802A0080{len(digest_info):02X}{digest_info.hex()}00")
