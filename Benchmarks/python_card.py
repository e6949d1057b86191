"""A card in Python behind vsmartcard's vpcd: what one would use instead of vmyna. Nothing but what the benchmark asks of it.

    python_card.py PORT KEY.pem [--quick]     connects to vpcd on loopback; each line on standard input takes the card out or puts it in;
                                              --quick acknowledges at once, which nobody does without knowing why

vsmartcard's own loop (VirtualICC.run) speaks with vpcd, as it comes from Debian; the card below it is the smallest that can answer, and signs with
libcrypto (python3-cryptography), so that what is measured is the road and not the arithmetic.
"""
import logging
import socket
import sys
import threading

# Debian's package lies where Python does not look, and wants PyCryptodome under the name of its dead ancestor.
sys.path.insert(0, "/usr/lib/python3/site-packages/virtualsmartcard")
import Cryptodome.Cipher.AES, Cryptodome.Cipher.ARC4, Cryptodome.Cipher.DES, Cryptodome.Cipher.DES3  # noqa: E401,E402
import Cryptodome.Hash.HMAC, Cryptodome.Hash.SHA  # noqa: E401,E402
sys.modules.update({"Crypto" + name[10:]: module for name, module in list(sys.modules.items()) if name.split(".")[0] == "Cryptodome"})
from virtualsmartcard.VirtualSmartcard import SmartcardOS, VirtualICC  # noqa: E402
from cryptography.hazmat.primitives import hashes, serialization  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import padding, utils  # noqa: E402

ATR = bytes.fromhex("3BDA13FF8131FB468012392F31C173C601C03B")
DIGEST_INFO = bytes.fromhex("3031300D060960864801650304020105000420")


class Card(SmartcardOS):
    """SELECT, VERIFY, READ BINARY and a signature; whatever is asked for is there."""

    def __init__(self, key):
        self.file = bytes(range(256)) * 8
        with open(key, "rb") as file:
            self.key = serialization.load_pem_private_key(file.read(), None)

    def getATR(self):
        return ATR

    def execute(self, msg):
        instruction = msg[1]
        if instruction == 0xB0:
            start = msg[2] << 8 | msg[3]
            return self.file[start:start + (msg[4] or 256)] + b"\x90\x00"
        if instruction == 0x2A:
            digest = msg[5 + len(DIGEST_INFO):5 + msg[4]]
            return self.key.sign(digest, padding.PKCS1v15(), utils.Prehashed(hashes.SHA256())) + b"\x90\x00"
        return b"\x90\x00"


class QuickSocket:
    """vpcd sends length and command in two pieces and waits for the first one's acknowledgement, which Linux holds back for 40 ms."""

    def __init__(self, inner):
        self.inner = inner

    def recv(self, size):
        self.inner.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        data = self.inner.recv(size)
        self.inner.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        return data

    def __getattr__(self, name):
        return getattr(self.inner, name)


def main():
    port = int(sys.argv[1])
    card = Card(sys.argv[2])
    while True:
        # Any of its own cards will do: it is replaced before the first word.
        reader = VirtualICC(None, "iso7816", "127.0.0.1", port, logginglevel=logging.ERROR)
        reader.os = card
        if "--quick" in sys.argv:
            reader.sock = QuickSocket(reader.sock)
        threading.Thread(target=quietly(reader.run), daemon=True).start()
        print("in", flush=True)
        if not sys.stdin.readline():
            break
        reader.sock.shutdown(2)
        reader.sock.close()
        print("out", flush=True)
        if not sys.stdin.readline():
            break


def quietly(run):
    """Its loop ends the thread by an exception when the connection is closed."""
    def body():
        try:
            run()
        except (SystemExit, OSError, TypeError):
            pass
    return body


main()
