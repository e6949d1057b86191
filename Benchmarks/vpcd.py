"""The same measures over vsmartcard's vpcd with a card in Python: a pcscd, its driver and the card, in a mount namespace of their own."""
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
PYTHON_CARD = os.path.join(HERE, "python_card.py")
# An APDU takes its road some forty milliseconds, so a few will do.
READS = 40
SIGNS = 40
QUICK_READS = 2000
INSERTS = 8
STARTS = 5


def is_there():
    """Whether Debian's packages are."""
    words = ["/usr/bin/python3", "-B", "-c", "import Cryptodome, cryptography"]
    return (os.path.exists(DRIVER) and os.path.isdir("/usr/lib/python3/site-packages/virtualsmartcard")
            and subprocess.run(words, stderr=subprocess.DEVNULL, check=False).returncode == 0)


def measure(client):
    """All figures, by name; the caller is root."""
    words = ["unshare", "--mount", sys.executable, "-B", os.path.abspath(__file__), client]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True, timeout=300)
    return {name: float(value) for name, value in (line.split("=") for line in done.stdout.split())}


class World:
    """pcscd with vpcd's driver, and the card."""

    def __init__(self, folder, client, *options_of_card):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        configuration = os.path.join(folder, "vpcd.conf")
        with open(configuration, "w") as file:
            file.write(f'FRIENDLYNAME "vpcd"\nDEVICENAME /dev/null:0x{port:X}\nLIBPATH {DRIVER}\nCHANNELID 0x{port:X}\n')
        key = os.path.join(folder, "key.pem")
        if not os.path.exists(key):
            subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-out", key], check=True, stderr=subprocess.DEVNULL)
        for name in os.listdir("/run/pcscd"):
            os.unlink(os.path.join("/run/pcscd", name))
        options = ["--disable-polkit"] if "disable-polkit" in subprocess.run(
            ["pcscd", "--help"], capture_output=True, text=True, check=False).stdout else []
        self.begin = time.clock_gettime(time.CLOCK_MONOTONIC) * 1000
        self.pcscd = subprocess.Popen(["pcscd", "--foreground", *options, "-c", configuration],
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        # What everybody's script does in the place of this is to sleep.
        while not os.path.exists("/run/pcscd/pcscd.comm"):
            time.sleep(0.001)
        self.wait_for_port(port)
        self.card = subprocess.Popen(["/usr/bin/python3", "-B", PYTHON_CARD, str(port), key, *options_of_card],
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.events = subprocess.Popen([client, "events", "vpcd", "100000"], stdout=subprocess.PIPE, text=True)
        self.card.stdout.readline()
        self.present()
        self.started = self.last - self.begin

    @staticmethod
    def wait_for_port(port):
        """vpcd listens as soon as pcscd has loaded it; a connection of ours would be a card."""
        wanted = f":{port:04X} "
        while not any(wanted in line and line.split()[3] == "0A" for line in open("/proc/net/tcp")):
            time.sleep(0.001)

    def present(self):
        """Waits until the client sees the card."""
        while True:
            word, value = self.events.stdout.readline().strip().split("=")
            self.last = float(value)
            if word == "present":
                return

    def stop(self):
        for process in (self.events, self.card, self.pcscd):
            process.terminate()
            process.wait()


def main(client):
    subprocess.run("mkdir -p /run/pcscd && mount -t tmpfs tmpfs /run/pcscd", shell=True, check=True)
    starts, inserts = [], []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(STARTS):
            world = World(folder, client)
            starts.append(world.started)
            if number < STARTS - 1:
                world.stop()
        reads = run(client, "read", "vpcd", READS, "00A4040C0AD392F000260100000001", "00A4020C02000A")
        signs = run(client, "sign", "vpcd", SIGNS, "802A009733" + "3031300D060960864801650304020105000420" + "5A" * 32 + "00")
        for _ in range(INSERTS):
            world.card.stdin.write("\n")
            world.card.stdin.flush()
            world.card.stdout.readline()
            # Until the client has seen the empty reader.
            world.events.stdout.readline()
            begin = time.clock_gettime(time.CLOCK_MONOTONIC) * 1000
            world.card.stdin.write("\n")
            world.card.stdin.flush()
            world.present()
            inserts.append(world.last - begin)
            world.card.stdout.readline()
        world.stop()
        world = World(folder, client, "--quick")
        quick = run(client, "read", "vpcd", QUICK_READS, "00A4040C0AD392F000260100000001", "00A4020C02000A")
        world.stop()
    print(f"vpcdQuickReadMicroseconds={value(quick, 'readMicroseconds')}")
    print(f"vpcdReadMicroseconds={value(reads, 'readMicroseconds')}")
    print(f"vpcdSignsPerSecond={value(signs, 'signPerSecond')}")
    print(f"vpcdInsertMilliseconds={statistics.median(inserts):.3f}")
    print(f"vpcdStartMilliseconds={statistics.median(starts):.3f}")


def run(client, *words):
    done = subprocess.run([client, *map(str, words)], stdout=subprocess.PIPE, text=True, check=True)
    return dict(line.split("=") for line in done.stdout.split())


def value(figures, name):
    return float(figures[name])


if __name__ == "__main__":
    main(sys.argv[1])
