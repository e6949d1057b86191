"""The benchmark table: this product against a do-nothing driver, openssl, and vsmartcard with a card in Python, all in one run.

Usage: bench.py BUILD_FOLDER [--json]    (make bench, make bench JSON=1)
Everything is pinned to one processor where the machine allows it; every figure is a median.
"""
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import vpcd

BUILD = os.path.abspath(sys.argv[1])
TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VMYNA = f"{BUILD}/release/vmyna"
CLIENT = f"{BUILD}/benchmarks/pcsc-client"
FLOOR = f"{BUILD}/benchmarks/libifdfloor.so"
# Many short rounds in turn: what the machine does beside us then falls on both sides of a pair.
ROUNDS = 25
SIGN_ROUNDS = 7
READS = 3_000
SELECT_JPKI = "00A4040C0AD392F000260100000001"
SELECT_AUTH_CERTIFICATE = "00A4020C02000A"
VERIFY_AUTH = "0020009804"
SIGN_AUTH = "802A009733" + "3031300D060960864801650304020105000420" + "5A" * 32 + "00"


def pin():
    """Everything from here on shares the last processor, so that waking another one is not measured."""
    try:
        processor = max(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {processor})
        return processor
    except (AttributeError, OSError):
        return None


def output(*command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, timeout=120,
                          **options)
    if done.returncode != 0:
        sys.exit(f"bench: {' '.join(command)} ended with {done.returncode}\n{done.stderr}")
    return done.stdout


def figure(text, name):
    return float(re.search(rf"^{name}=([0-9.]+)$", text, re.M).group(1))


def card_read():
    text = output(VMYNA, "run", "--", "sh", "-c",
                  f'"{CLIENT}" read "$VMYNA_READER" {READS} {SELECT_JPKI} {SELECT_AUTH_CERTIFICATE}')
    return figure(text, "readMicroseconds")


def floor_read(folder):
    """The same client and pcscd over a handler that answers at once."""
    configuration = f"{folder}/floor.conf"
    with open(configuration, "w") as file:
        file.write(f'FRIENDLYNAME "floor"\nDEVICENAME x:y\nCHANNELID 1\nLIBPATH {FLOOR}\n')
    script = (
        "set -e; mkdir -p /run/pcscd; mount -t tmpfs tmpfs /run/pcscd; o=; "
        "pcscd --help | grep -q disable-polkit && o=--disable-polkit; "
        f'pcscd $o -c "{configuration}"; trap \'kill "$(cat /run/pcscd/pcscd.pid)"\' EXIT; '
        f'"{CLIENT}" read floor {READS}')
    return figure(output("unshare", "--mount", "sh", "-c", script), "readMicroseconds")


def signs():
    text = output(VMYNA, "run", "--", "sh", "-c",
                  f'p=$(printf %s "$VMYNA_AUTH_PIN" | od -An -tx1 | tr -d " \\n"); '
                  f'"{CLIENT}" sign "$VMYNA_READER" 3000 {SELECT_JPKI} {VERIFY_AUTH}$p {SIGN_AUTH}')
    return figure(text, "signPerSecond")


def openssl_signs():
    # By the clock on the wall, as our own figure: by processor time openssl would not feel a busy machine.
    text = output("openssl", "speed", "-elapsed", "-seconds", "1", "rsa2048")
    return float(re.search(r"^rsa 2048 bits.*?([0-9.]+)\s+[0-9.]+\s*$", text, re.M).group(1))


def insertions():
    """Milliseconds from the request to insert to the client that hears of it."""
    text = output(VMYNA, "run", "--", sys.executable, "-B", os.path.abspath(__file__), BUILD, "--inside-insert")
    return [float(word) for word in text.split()]


def control_connection():
    control = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    control.connect(os.environ["VMYNA_SOCKET"])
    control.send(b"VMYN\x01\x01\x02\x00")
    control.recv(64)

    def ask(**request):
        control.send(json.dumps(request).encode())
        return json.loads(control.recv(1 << 17))

    return ask


def inside_insert():
    ask = control_connection()
    changes = 40
    # The client prints the state that it finds, then one line per change, and ends.
    client = subprocess.Popen([CLIENT, "events", os.environ["VMYNA_READER"], str(2 * changes)],
                              stdout=subprocess.PIPE, text=True)
    client.stdout.readline()
    for _ in range(changes):
        ask(action="eject", slot=0)
        client.stdout.readline()
        # From the request on, loading the card's image included; the client's clock is the same CLOCK_MONOTONIC.
        start = time.clock_gettime(time.CLOCK_MONOTONIC) * 1000
        ask(action="insert", slot=0, card=os.environ["VMYNA_BENCH_IMAGE"])
        print(float(client.stdout.readline().split("=")[1]) - start)
    client.wait()


def traced():
    """Reads per second with nobody listening and with `vmyna trace --follow`, in turn: a list of pairs."""
    # On all processors: whoever listens is not to take the card's one.
    pinned = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    text = output(VMYNA, "run", "--", sys.executable, "-B", os.path.abspath(__file__), BUILD, "--inside-trace")
    os.sched_setaffinity(0, pinned)
    return [tuple(float(word) for word in line.split()) for line in text.splitlines()]


def inside_trace():
    def reads():
        return figure(output(CLIENT, "read", os.environ["VMYNA_READER"], str(READS), SELECT_JPKI,
                             SELECT_AUTH_CERTIFICATE), "readPerSecond")

    for _ in range(ROUNDS):
        alone = reads()
        listener = subprocess.Popen([VMYNA, "trace", "--follow"], stdout=subprocess.PIPE)
        listener.stdout.readline()
        sink = subprocess.Popen(["cat"], stdin=listener.stdout, stdout=subprocess.DEVNULL)
        print(alone, reads())
        for process in (listener, sink):
            process.terminate()
            process.wait()


def moves():
    """Milliseconds of `undo` and of `restore`, as a control client sees them, with the state on disk."""
    with tempfile.TemporaryDirectory() as state:
        text = output(VMYNA, "run", "--state", state, "--", sys.executable, "-B", os.path.abspath(__file__), BUILD,
                      "--inside-moves")
    return [tuple(float(word) for word in line.split()) for line in text.splitlines()]


def inside_moves():
    ask = control_connection()

    def took(**request):
        start = time.monotonic()
        answer = ask(slot=0, **request)
        if "error" in answer:
            sys.exit(f"bench: {answer['error']}")
        return (time.monotonic() - start) * 1000

    # In a history as long as it may be: the worst case.
    for number in range(1_900):
        ask(action="set", slot=0, arguments=[f"auth.tries={number % 3}"])
    ask(action="snapshot", slot=0, arguments=["here"])
    for _ in range(15):
        ask(action="set", slot=0, arguments=["sign.tries=1", "auth.tries=1"])
        ask(action="set", slot=0, arguments=["sign.tries=2", "auth.tries=2"])
        print(took(action="undo"), took(action="restore", arguments=["here"]))


def resets():
    return figure(output(VMYNA, "run", "--", "sh", "-c", f'"{CLIENT}" reset "$VMYNA_READER" 300'), "resetMicroseconds")


def start():
    """Milliseconds of one `vmyna run -- true`: all of it, pcscd's own start until a client sees the card, and the way there."""
    begin = time.monotonic()
    report = json.loads(output(VMYNA, "run", "--json", "--", "true"))["milliseconds"]
    whole = (time.monotonic() - begin) * 1000
    return whole, report["pcscd"], whole - report["command"] - report["cleanUp"]


def timed(*command):
    start = time.monotonic()
    output(*command)
    return (time.monotonic() - start) * 1000


def resident_megabytes():
    """The service's memory after work, with one card."""
    script = (f'"{CLIENT}" read "$VMYNA_READER" {READS} {SELECT_JPKI} {SELECT_AUTH_CERTIFICATE} >/dev/null; '
              # The command's parent is the guardian, and its parent is the service.
              'grep VmRSS "/proc/$(sed -n "s/^PPid:[[:space:]]*//p" "/proc/$PPID/status")/status"')
    return int(re.search(r"VmRSS:\s+(\d+)", output(VMYNA, "run", "--", "sh", "-c", script)).group(1)) / 1024


def main():
    processor = pin()
    with tempfile.TemporaryDirectory() as folder:
        reads, floors = [], []
        for _ in range(ROUNDS):
            reads.append(card_read())
            floors.append(floor_read(folder))
        ours, theirs = [], []
        for _ in range(SIGN_ROUNDS):
            ours.append(signs())
            theirs.append(openssl_signs())
        image = f"{folder}/card"
        output(VMYNA, "mint", "fresh-adult", "-o", image)
        os.environ["VMYNA_BENCH_IMAGE"] = image
        inserts = insertions()
        starts = [start() for _ in range(15)]
        runs = [timed(VMYNA, "run", "--", "true") for _ in range(15)]
        mints = [timed(VMYNA, "mint", "fresh-adult", "-o", f"{folder}/mint{n}") for n in range(9)]
        engine = output(f"{BUILD}/release/engine-benchmark", f"{TOP}/CardImages/fresh-adult.yaml", BUILD)
        memory = resident_megabytes()
        traces = traced()
        undos, restores = zip(*moves())
        reset = resets()


        python = vpcd.measure(CLIENT) if vpcd.is_there() else {}
    median = statistics.median
    # Ratios pair by pair: neighbours in time share the machine's mood.
    figures = {
        "readMicroseconds": median(reads),
        "readFloorMicroseconds": median(floors),
        "readRatio": median(a / b for a, b in zip(reads, floors)),
        "signsPerSecond": median(ours),
        "opensslSignsPerSecond": median(theirs),
        "signRatio": median(a / b for a, b in zip(ours, theirs)),
        "insertMilliseconds": median(inserts),
        "runMilliseconds": median(runs),
        "pcscdStartMilliseconds": median(pcscd for _, pcscd, _ in starts),
        "runBeyondPCSCDMilliseconds": median(whole - pcscd for whole, pcscd, _ in starts),
        "connectedMilliseconds": median(connected for _, _, connected in starts),
        "mintMilliseconds": median(mints),
        "residentMegabytes": memory,
        "tracedReadsPerSecond": median(pair[1] for pair in traces),
        "untracedReadsPerSecond": median(pair[0] for pair in traces),
        "traceRatio": median(pair[1] / pair[0] for pair in traces),
        "undoMilliseconds": median(undos),
        "restoreMilliseconds": median(restores),
        "resetMilliseconds": reset / 1000,
        "verifyMicroseconds": figure(engine, "verifyMicroseconds"),
        "verifyProcessMicroseconds": figure(engine, "verifyProcessMicroseconds"),
        "verifyMachineMicroseconds": figure(engine, "verifyMachineMicroseconds"),
        "engineReadMicroseconds": figure(engine, "engineReadMicroseconds"),
        "engineSignsPerSecond": figure(engine, "engineSignsPerSecond"),
    }
    where = f"pinned to processor {processor}" if processor is not None else "not pinned"
    table = [
        ("READ BINARY of 256 bytes through pcscd", "readMicroseconds", "µs"),
        ("the same, do-nothing handler", "readFloorMicroseconds", "µs"),
        ("ratio", "readRatio", "× (at most 1.7)"),
        ("RSA-2048 signatures through pcscd", "signsPerSecond", "/s"),
        ("openssl speed rsa2048, one thread", "opensslSignsPerSecond", "/s"),
        ("ratio", "signRatio", "× (at least 0.85)"),
        ("insertion to a client's event", "insertMilliseconds", "ms (under 5)"),
        ("vmyna run -- true", "runMilliseconds", "ms (under 250)"),
        ("  of these pcscd's own start", "pcscdStartMilliseconds", "ms"),
        ("  all beyond it", "runBeyondPCSCDMilliseconds", "ms (under 100)"),
        ("  start to a client that sees the card", "connectedMilliseconds", "ms"),
        ("vmyna mint fresh-adult", "mintMilliseconds", "ms"),
        ("resident memory of the service", "residentMegabytes", "MB (under 30)"),
        ("reads on all processors, nobody listening", "untracedReadsPerSecond", "/s"),
        ("the same, vmyna trace --follow", "tracedReadsPerSecond", "/s"),
        ("ratio", "traceRatio", "× (at least 0.9)"),
        ("undo, 1 900 events of history", "undoMilliseconds", "ms (under 10)"),
        ("restore", "restoreMilliseconds", "ms (under 10)"),
        ("reset of the card through pcscd", "resetMilliseconds", "ms (under 1)"),
        ("engine alone, VERIFY, state in memory", "verifyMicroseconds", "µs"),
        ("the same, --state: outlives kill -9", "verifyProcessMicroseconds", "µs"),
        ("the same, --sync: outlives a power loss", "verifyMachineMicroseconds", "µs"),
        ("engine alone, READ BINARY of 256 bytes", "engineReadMicroseconds", "µs"),
        ("engine alone, signatures", "engineSignsPerSecond", "/s"),
    ]
    table += [
        ("vpcd, card in Python: READ BINARY", "vpcdReadMicroseconds", "µs"),
        ("  with its acknowledgements sent at once", "vpcdQuickReadMicroseconds", "µs"),
        ("  RSA-2048 signatures", "vpcdSignsPerSecond", "/s"),
        ("  insertion to a client's event", "vpcdInsertMilliseconds", "ms"),
        ("  start to a client that sees the card", "vpcdStartMilliseconds", "ms"),
    ]
    figures.update(python)
    print(f"Medians, {where}, all in this run:\n")
    for title, name, unit in table:
        if name in figures:
            print(f"  {title:42} {figures[name]:10.2f} {unit}")
    if not python:
        print("  vpcd: not measured (apt-get install vsmartcard-vpcd vsmartcard-vpicc python3-cryptography python3-pycryptodome)")
    if "--json" in sys.argv:
        print(json.dumps({name: round(value, 3) for name, value in figures.items()}))


if "--inside-insert" in sys.argv:
    inside_insert()
elif "--inside-trace" in sys.argv:
    inside_trace()
elif "--inside-moves" in sys.argv:
    inside_moves()
else:
    main()
