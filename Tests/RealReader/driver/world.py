"""A private pcscd and stand-in services for one check. Runs in a mount namespace of its own (run.sh), as root."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from smartcard import scard

HERE = os.path.dirname(os.path.abspath(__file__))
RUN_FOLDER = "/run/pcscd"


class Service:
    def __init__(self, path, slots=1, present=True):
        self.path, self.slots, self.present = path, slots, present
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "service.py"), self.path, str(self.slots),
             "present" if self.present else "empty"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()
        return self

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)


def private_pcscd():
    """Process id of the pcscd of this mount namespace; None when there is none."""
    try:
        with open(os.path.join(RUN_FOLDER, "pcscd.pid")) as file:
            return int(file.read().rstrip("\0\n"))
    except FileNotFoundError:
        return None


def end_private_pcscd():
    """For a check that was cut short and could not tidy up."""
    pid = private_pcscd()
    if pid is not None:
        os.kill(pid, signal.SIGKILL)


class World:
    """with World(driver) as world: …  Ends by process id what it has started."""

    def __init__(self, driver):
        self.driver = driver
        self.folder = tempfile.mkdtemp(prefix="vmyna-driver-")
        self.services = []
        self.pid = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for service in self.services:
            service.kill()
        self.stop_pcscd()
        shutil.rmtree(self.folder, ignore_errors=True)

    def service(self, slots=1, present=True, start=True):
        service = Service(os.path.join(self.folder, f"socket{len(self.services)}"), slots, present)
        self.services.append(service)
        return service.start() if start else service

    def start_pcscd(self, device_names):
        """Returns how long the start took, in seconds. Without names pcscd reads its folder, as the system's does."""
        for name in os.listdir(RUN_FOLDER):
            os.unlink(os.path.join(RUN_FOLDER, name))
        options = []
        if device_names is not None:
            configuration = os.path.join(self.folder, "reader.conf")
            with open(configuration, "w") as file:
                for number, name in enumerate(device_names):
                    file.write(f'FRIENDLYNAME "vmyna"\nDEVICENAME {name}\n')
                    file.write(f"LIBPATH {self.driver}\nCHANNELID {number}\n\n")
            options += ["-c", configuration]
        help_text = subprocess.run(["pcscd", "--help"], capture_output=True, text=True).stdout
        if "disable-polkit" in help_text:
            options.append("--disable-polkit")
        begin = time.monotonic()
        subprocess.run(["pcscd", *options], check=True)
        took = time.monotonic() - begin
        self.pid = private_pcscd()
        return took

    def stop_pcscd(self, how=signal.SIGTERM):
        """Returns how long it took, in seconds; kills after ten."""
        begin = time.monotonic()
        if self.pid is not None:
            os.kill(self.pid, how)
            while self.pcscd_lives() and time.monotonic() - begin < 10:
                time.sleep(0.01)
            if self.pcscd_lives():
                os.kill(self.pid, signal.SIGKILL)
            self.pid = None
        return time.monotonic() - begin

    def pcscd_lives(self):
        try:
            with open(f"/proc/{self.pid}/stat") as file:
                return file.read().rsplit(")", 1)[1].split()[0] not in "ZX"
        except FileNotFoundError:
            return False

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))


class Failure(Exception):
    pass


def expect(condition, text):
    if not condition:
        raise Failure(text)


def name_of(code):
    return scard.SCardGetErrorMessage(code)


class Client:
    def __init__(self):
        code, self.context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
        expect(code == 0, f"no context: {name_of(code)}")

    def readers(self):
        code, readers = scard.SCardListReaders(self.context, [])
        return readers if code == 0 else []

    def state(self, reader, known=scard.SCARD_STATE_UNAWARE, milliseconds=0):
        code, states = scard.SCardGetStatusChange(self.context, milliseconds, [(reader, known)])
        expect(code in (0, scard.SCARD_E_TIMEOUT), f"GetStatusChange: {name_of(code)}")
        return states[0][1]

    def present(self, reader):
        return bool(self.state(reader) & scard.SCARD_STATE_PRESENT)

    def wait_present(self, reader, present, seconds):
        """Returns seconds waited, or None."""
        begin = time.monotonic()
        while self.present(reader) != present:
            left = seconds - (time.monotonic() - begin)
            if left <= 0:
                return None
            self.state(reader, self.state(reader), int(left * 1000) + 1)
        return time.monotonic() - begin

    def connect(self, reader, mode=scard.SCARD_SHARE_SHARED,
                protocol=scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1):
        code, card, self.protocol = scard.SCardConnect(self.context, reader, mode, protocol)
        return code, card

    def must_connect(self, reader, **options):
        code, card = self.connect(reader, **options)
        expect(code == 0, f"connect: {name_of(code)}")
        return card

    def transmit(self, card, data):
        """(code, response bytes)"""
        code, response = scard.SCardTransmit(card, scard.SCARD_PCI_T1, list(data))
        return code, bytes(b & 0xFF for b in response or [])
