"""The real-machine tests of `vmyna doctor`. Standard library only; started by run.sh.

Every case runs in a mount namespace of its own: /run, reader.conf.d and the folder of drivers are empty there, so that
nothing of this machine is touched.
"""

import ctypes
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

VMYNA, DRIVER = os.path.realpath(os.environ["VMYNA"]), os.path.realpath(os.environ["VMYNA_DRIVER"])
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
CONFIGURATION, DRIVERS, SOCKET = "/etc/reader.conf.d", "/usr/lib/pcsc/drivers/serial", "/run/vmyna/socket"
CLIENTS_SOCKET = "/run/pcscd/pcscd.comm"
USER = 64123
CASES = []


def case(function):
    CASES.append(function)
    return function


class Failure(Exception):
    pass


def expect(condition, text):
    if not condition:
        raise Failure(text)


def wait(condition, complaint, limit=10):
    deadline = time.monotonic() + limit
    while not condition():
        if time.monotonic() > deadline:
            raise Failure(complaint)
        time.sleep(0.01)


# --- The machine of a case ------------------------------------------------------------------------------------------

started = []


def start(words, **options):
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    started.append(process)
    return process


def keep_checkout():
    """A checkout may lie in a folder that a case covers, or that other users may not enter: it is reached by /mnt."""
    global VMYNA, DRIVER
    subprocess.run(["mount", "--bind", ROOT, "/mnt"], check=True)
    VMYNA, DRIVER = ("/mnt" + path.removeprefix(ROOT) if path.startswith(ROOT + "/") else path
                     for path in (VMYNA, DRIVER))
    os.environ["VMYNA_DRIVER"] = DRIVER
    os.chdir("/")


def empty_machine():
    keep_checkout()
    for folder in ("/run", CONFIGURATION, DRIVERS, "/root"):
        subprocess.run(["mount", "-t", "tmpfs", "t", folder], check=True)
    for folder in ("/run/pcscd", "/run/vmyna"):
        os.mkdir(folder)
    # A folder that a service of another user may listen in.
    os.chmod("/run/vmyna", 0o777)
    shutil.copy(DRIVER, DRIVERS)
    os.environ.update(HOME="/run/home")
    os.mkdir("/run/home")
    os.chmod("/run/home", 0o777)
    for name in ("XDG_CACHE_HOME", "PCSCLITE_CSOCK_NAME", "VMYNA_SOCKET"):
        os.environ.pop(name, None)


def configure(readers=1, where=SOCKET, change=lambda text: text):
    words = [VMYNA, "reader-conf", "--readers", str(readers), "--socket", where,
             "--driver", f"{DRIVERS}/libifdvmyna.so"]
    text = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    with open(f"{CONFIGURATION}/vmyna", "w") as file:
        file.write(change(text))


def serve(*options, where=SOCKET, before=()):
    service = start([*before, VMYNA, "serve", "--socket", where, *options], stdout=subprocess.PIPE, text=True)
    expect(service.stdout.readline() == "ready\n", "the service is not ready")
    return service


def daemon(before=(), comes_up=True):
    process = start([*before, "pcscd", "--foreground"], stdout=subprocess.DEVNULL)
    if comes_up:
        wait(lambda: os.path.exists(CLIENTS_SOCKET) and os.path.exists("/run/pcscd/pcscd.pid"), "pcscd did not start")
        # pcscd powers cards after it has begun to answer.
        time.sleep(0.3)
    else:
        process.wait(10)
    return process


def machine(**how):
    """Everything as it should be."""
    service = serve(**{key: how[key] for key in ("where",) if key in how})
    configure(**how)
    return service, daemon()


def doctor(*before, **environment):
    words = [*before, VMYNA, "doctor", "--json"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, env={**os.environ, **environment})
    expect(done.stderr == "", f"on standard error: {done.stderr}")
    report = json.loads(done.stdout)
    findings = report["findings"]
    wrong = {finding["check"] for finding in findings if finding["verdict"] == "wrong"}
    expect(report["ok"] == (not wrong) and done.returncode == (1 if wrong else 0), f"exit code {done.returncode}")
    for finding in findings:
        if finding["verdict"] in ("wrong", "warning"):
            for text in (finding["meaning"], finding["fix"]):
                expect(re.search("[ぁ-ん一-龥]", text["ja"]) and text["en"].isascii(), f"languages: {text}")
    return findings, wrong


def finds(*checks, before=(), about="", **environment):
    """Doctor finds exactly these wrong; `about` is in the first one's text."""
    findings, wrong = doctor(*before, **environment)
    expect(wrong == set(checks), f"found {sorted(wrong)}, wanted {sorted(checks)}: "
           + json.dumps([f for f in findings if f["verdict"] in ("wrong", "warning")], ensure_ascii=False))
    first = next((finding for finding in findings if checks and finding["check"] == checks[0]), None)
    text = first and f"{first['subject']} {first['meaning']['en']} {first['fix']['en']}"
    expect(not about or about in text, f"{about!r} is not in {text!r}")


def notes(check):
    findings, wrong = doctor()
    noted = {finding["check"] for finding in findings if finding["verdict"] == "warning"}
    expect(not wrong and noted == {check}, f"noted {noted}, wrong {wrong}")


AS_USER = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
# What pcscd 2.3's unit leaves it: root by name only.
WITHOUT_RIGHTS = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]


# --- Nothing is wrong -----------------------------------------------------------------------------------------------


@case
def all_is_well():
    machine(readers=1)
    finds()
    finds(before=AS_USER)
    text = subprocess.run([VMYNA, "doctor"], capture_output=True, text=True).stdout
    expect(text.endswith("doctor: 0 wrong, 0 to note\n"), text)


@case
def all_is_well_in_vmyna_run():
    for road in ("namespace", "socket"):
        done = subprocess.run([VMYNA, "run", "--", VMYNA, "doctor"], capture_output=True, text=True,
                              env={**os.environ, "VMYNA_RUN_ROAD": road})
        expect(done.returncode == 0, f"{road}: {done.stdout}{done.stderr}")


@case
def service_open_to_a_pcscd_without_rights():
    serve("--pcscd-user", "nobody", "--pcscd-user", "no-such-user", before=AS_USER)
    configure()
    daemon(before=WITHOUT_RIGHTS)
    finds()


# --- Installation ---------------------------------------------------------------------------------------------------


def hide(path):
    subprocess.run(["mount", "--bind", "/dev/null", path], check=True)


@case
def pcscd_missing():
    configure()
    serve()
    hide(shutil.which("pcscd"))
    finds("pcscd", "pcscd-running", about="apt-get install pcscd")


@case
def libpcsclite_missing():
    machine()
    for folder, _, names in os.walk("/usr/lib"):
        for name in names:
            if name.startswith("libpcsclite.so.1") and not os.path.islink(f"{folder}/{name}"):
                hide(f"{folder}/{name}")
    finds("libpcsclite", about="apt-get install libpcsclite1")


@case
def no_reader_configured():
    daemon()
    finds("reader-conf", about="vmyna run works without")


# --- Driver ---------------------------------------------------------------------------------------------------------


@case
def wrong_path_in_reader_conf():
    serve()
    configure(change=lambda text: text.replace("libifdvmyna.so", "libifdvmina.so"))
    daemon(comes_up=False)
    finds("driver-path", "pcscd-running", about=f"{CONFIGURATION}/vmyna:6")


@case
def driver_missing():
    serve()
    configure()
    os.remove(f"{DRIVERS}/libifdvmyna.so")
    daemon(comes_up=False)
    finds("driver-path", "pcscd-running", about="make install")


@case
def wrong_device_in_reader_conf():
    configure(change=lambda text: text.replace("vmyna:0:", ""))
    daemon(comes_up=False)
    finds("driver-path", "pcscd-running", about="DEVICENAME")


@case
def driver_for_another_machine():
    serve()
    configure()
    with open(f"{DRIVERS}/libifdvmyna.so", "r+b") as file:
        file.seek(18)
        file.write(b"\xb7\x00")
    daemon()
    finds("driver-architecture", about="aarch64")


@case
def driver_that_is_no_library():
    serve()
    configure()
    with open(f"{DRIVERS}/libifdvmyna.so", "w") as file:
        file.write("no library")
    daemon()
    finds("driver-architecture", about="no library")


@case
def driver_needs_a_library_that_is_missing():
    serve()
    configure()
    with open("/run/empty.c", "w") as file:
        file.write("int nowhere(void) { return 0; }\nint nowhere2(void);\nint IFDHX(void) { return nowhere2(); }\n")
    for words in (["-DX", "-Dnowhere=nowhere2", "-Dnowhere2=nowhere3", "-Wl,--unresolved-symbols=ignore-all",
                   "-o", "/run/libnowhere.so"],
                  ["-L/run", "-Wl,--no-as-needed", "-lnowhere", "-o", f"{DRIVERS}/libifdvmyna.so"]):
        subprocess.run(["cc", "-shared", "-fPIC", "/run/empty.c", *words], check=True)
    os.remove("/run/libnowhere.so")
    daemon()
    finds("driver-libraries", about="libnowhere.so")


# --- pcscd ----------------------------------------------------------------------------------------------------------


@case
def pcscd_not_running():
    configure()
    serve()
    finds("pcscd-running", about="as root: pcscd")
    os.makedirs("/run/systemd/system")
    finds("pcscd-running", about="systemctl enable --now pcscd.socket")


@case
def pcscd_died():
    _, process = machine()
    process.kill()
    process.wait()
    finds("pcscd-running", about="died")


@case
def socket_named_wrongly():
    machine()
    finds("pcscd-running", about="unset PCSCLITE_CSOCK_NAME", PCSCLITE_CSOCK_NAME="/run/none")


@case
def socket_permission():
    machine()
    os.chmod(CLIENTS_SOCKET, 0o600)
    finds("pcscd-socket", before=AS_USER, about="chmod 666")


@case
def pcscd_hangs():
    _, process = machine()
    process.send_signal(signal.SIGSTOP)
    finds("pcscd-answers", about="systemctl restart pcscd")
    process.send_signal(signal.SIGCONT)


@case
def configuration_changed_after_the_start():
    machine()
    time.sleep(2.2)
    os.utime(f"{CONFIGURATION}/vmyna")
    finds("configuration-read", about="systemctl restart pcscd")


# --- A stand-in for pcscds that cannot be had here ------------------------------------------------------------------


READER_STATE = 128 + 6 * 4 + 36  # PUBLIC_READER_STATE: a name, numbers and an answer to reset


def stand_in(minor, version_answer, establish_answer):
    """Speaks the first words of the protocol (winscard_msg.h) on pcscd's socket."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(CLIENTS_SOCKET)
    listener.listen(8)

    def talk(client):
        while True:
            header = client.recv(8)
            if len(header) < 8:
                return
            size, command = struct.unpack("II", header)
            body = client.recv(size)
            if command == 0x11:
                client.sendall(struct.pack("iiI", 4, minor, version_answer))
            elif command == 0x12:  # CMD_GET_READERS_STATE: sixteen places, all empty
                client.sendall(bytes(READER_STATE * 16))
            else:
                client.sendall(body[:-4] + struct.pack("I", establish_answer))

    def accept():
        while True:
            if version_answer is None:
                listener.accept()[0].close()
                continue
            threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()


@case
def protocol_mismatch():
    serve()
    configure()
    stand_in(99, 0x8010001D, 0)
    finds("protocol", about="4:99")


@case
def protocol_mismatch_in_a_container():
    serve()
    configure()
    hide(shutil.which("pcscd"))
    stand_in(99, 0x8010001D, 0)
    finds("protocol", about="use vmyna run")


@case
def polkit_refuses():
    serve()
    configure()
    probe = socket.socket(socket.AF_UNIX)
    minor = client_minor()
    stand_in(minor, 0, 0x8010006A)
    finds("polkit", about="--disable-polkit")
    os.mkdir("/run/dbus")
    probe.bind("/run/dbus/system_bus_socket")
    finds("polkit", about="/etc/polkit-1/rules.d/")


@case
def polkit_refuses_without_a_word():
    serve()
    configure()
    stand_in(0, None, 0)
    finds("polkit", about="--disable-polkit")


@case
def pcscd_elsewhere_has_no_reader_of_ours():
    stand_in(client_minor(), 0, 0)
    finds("readers", about="sidecar")


def client_minor():
    findings, _ = doctor()
    line = next(finding["subject"] for finding in findings if finding["check"] == "libpcsclite")
    return int(line.split(":")[1])


# --- The card service -----------------------------------------------------------------------------------------------


@case
def service_not_running():
    service, _ = machine()
    service.terminate()
    service.wait()
    finds("service-running", about="systemctl start vmyna")


@case
def service_socket_permission():
    serve(before=AS_USER)
    configure()
    daemon(before=WITHOUT_RIGHTS)
    finds("service-socket", about="--pcscd-user")


@case
def service_folder_permission():
    os.mkdir("/run/closed")
    os.chown("/run/closed", USER, USER)
    os.chmod("/run/closed", 0o700)
    serve(where="/run/closed/socket", before=AS_USER)
    configure(where="/run/closed/socket")
    daemon(before=WITHOUT_RIGHTS)
    finds("service-socket", about="/run/closed ")


@case
def socket_hidden_by_private_tmp():
    subprocess.run(["mount", "-t", "tmpfs", "t", "/tmp"], check=True)
    serve(where="/tmp/socket")
    configure(where="/tmp/socket")
    daemon(before=["unshare", "--mount", "sh", "-c", "mount -t tmpfs t /tmp && exec \"$@\"", "sh"])
    finds("service-hidden", about="/run/vmyna/")


@case
def socket_hidden_by_the_unit():
    os.makedirs("/run/systemd/system/pcscd.service.d")
    for name, text in (("pcscd.service", "[Service]\nExecStart=/usr/sbin/pcscd\nProtectHome=no\n"),
                       ("pcscd.service.d/sandbox.conf", "[Service]\nProtectHome=yes\n")):
        with open(f"/run/systemd/system/{name}", "w") as file:
            file.write(text)
    # The machine's own unit, if it has one, comes after that of /etc only.
    subprocess.run(["mount", "-t", "tmpfs", "t", "/etc/systemd"], check=False)
    serve(where="/root/socket")
    configure(where="/root/socket")
    finds("service-hidden", "pcscd-running", about="ProtectHome=yes")


# --- Readers and cards ----------------------------------------------------------------------------------------------


@case
def too_many_readers():
    configure(16, change=lambda text: text + text.replace("vmyna:0:", "vmyna:1:")[text.index("FRIENDLYNAME"):])
    serve("--readers", "15", "--card", "fresh-adult")
    daemon()
    finds("readers", about="takes 16")


CLIENT = """
import ctypes, sys, time
library = ctypes.CDLL("libpcsclite.so.1")
context, card, protocol = ctypes.c_long(), ctypes.c_long(), ctypes.c_ulong()
assert library.SCardEstablishContext(2, None, None, ctypes.byref(context)) == 0
assert library.SCardConnect(context, b"vmyna Virtual Reader 00 00", 1, 3, ctypes.byref(card), ctypes.byref(protocol)) == 0
print("held", flush=True)
time.sleep(60)
"""


@case
def card_held_by_another_program():
    machine()
    client = start([sys.executable, "-c", CLIENT], stdout=subprocess.PIPE, text=True)
    expect(client.stdout.readline() == "held\n", "the card could not be taken")
    finds("card-free", about=f"python3 ({client.pid})")
    client.kill()
    client.wait()
    finds()


@case
def no_card():
    machine()
    subprocess.run([VMYNA, "eject", "--socket", SOCKET], check=True)
    time.sleep(0.3)
    notes("card")


@case
def opensc_cache():
    machine()
    os.makedirs("/run/home/.cache/opensc")
    notes_before, _ = doctor()
    with open("/run/home/.cache/opensc/00000000_0", "w") as file:
        file.write("old")
    notes("opensc-cache")


# --- All of them ----------------------------------------------------------------------------------------------------


def run_case(name):
    """In the namespace."""
    empty_machine()
    try:
        next(function for function in CASES if function.__name__ == name)()
        return 0
    except Failure as failure:
        print(failure)
        return 1
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--case":
        return run_case(sys.argv[2])
    word = sys.argv[2] if len(sys.argv) == 3 and sys.argv[1] == "-k" else ""
    failed = 0
    chosen = [function.__name__ for function in CASES if word in function.__name__]
    for name in chosen:
        begin = time.monotonic()
        words = ["unshare", "--mount", "--propagation", "private", sys.executable, "-B", __file__, "--case", name]
        try:
            done = subprocess.run(words, capture_output=True, text=True, timeout=90)
            code, text = done.returncode, (done.stdout + done.stderr).strip()
        except subprocess.TimeoutExpired:
            code, text = 1, "took longer than 90 s"
        failed += code != 0
        print(f"ok    {name} ({time.monotonic() - begin:.1f} s)" if code == 0 else f"FAIL  {name}: {text}", flush=True)
    print(f"doctor: {failed} failed" if failed else f"doctor: all {len(chosen)} passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
