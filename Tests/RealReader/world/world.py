"""The real-machine tests of `vmyna run`. Standard library only; started by run.sh."""

import json
import os
import pty
import re
import select
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import uuid

VMYNA = os.environ["VMYNA"]
ROOT = os.geteuid() == 0
ROADS = ["namespace", "user-namespace", "socket", "machine"] if ROOT else ["user-namespace", "socket"]
# A pcscd that takes no socket from its parent has no "socket" road: VMYNA_TEST_ROADS=namespace,user-namespace,machine
ROADS = os.environ.get("VMYNA_TEST_ROADS", ",".join(ROADS)).split(",")
TESTS = []


def test(function):
    TESTS.append(function)
    return function


# --- Tools ---------------------------------------------------------------------------------------------------------


class World:
    """One `vmyna run`, whose processes are known by a variable in their environment."""

    def __init__(self, command, options=(), user=None, before=(), vmyna=None, **variables):
        self.mark = uuid.uuid4().hex
        environment = dict(os.environ, VMYNA_TEST_MARK=self.mark, **variables)
        prefix = list(before)
        if user is not None:
            prefix += ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
        self.output = tempfile.TemporaryFile()
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            prefix + [vmyna or VMYNA, "run", *options, "--", *command],
            env=environment, stdin=subprocess.DEVNULL, stdout=self.output, stderr=self.errors, start_new_session=True)

    def end(self, limit=20):
        try:
            self.code = self.process.wait(limit)
        except subprocess.TimeoutExpired:
            for pid in self.pids():
                os.kill(pid, signal.SIGKILL)
            raise AssertionError(f"still runs after {limit} s")
        self.out, self.err = (self.text(file) for file in (self.output, self.errors))
        return self

    @staticmethod
    def text(file):
        file.seek(0)
        return file.read().decode(errors="replace")

    def pids(self):
        """Processes that carry the mark, zombies aside."""
        found = {}
        for entry in os.listdir("/proc"):
            try:
                with open(f"/proc/{entry}/environ", "rb") as file:
                    if self.mark.encode() in file.read():
                        with open(f"/proc/{entry}/comm") as name:
                            found[int(entry)] = name.read().strip()
            except (OSError, ValueError):
                pass
        return found

    def pid(self, name, limit=10):
        return wait(lambda: next((p for p, n in self.pids().items() if n == name), None), limit, f"no process {name}")

    def await_line(self, word, limit=10):
        wait(lambda: word in self.text_now(), limit, f"the command never said {word}")

    def text_now(self):
        with open(f"/proc/{os.getpid()}/fd/{self.output.fileno()}", "rb") as file:
            return file.read().decode(errors="replace")

    def assert_gone(self, limit=5):
        wait(lambda: not self.pids(), limit, lambda: f"left behind: {self.pids()}")


def wait(condition, limit, complaint):
    deadline = time.monotonic() + limit
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(complaint() if callable(complaint) else complaint)
        time.sleep(0.01)


def run(command, *options, limit=20, **more):
    world = World(command, options, **more).end(limit)
    world.assert_gone()
    return world


def equal(found, expected, what=""):
    if found != expected:
        raise AssertionError(f"{what}: expected {expected!r}, found {found!r}")


def error_form(text, word):
    if not re.search(r"^vmyna: .+, .+\n  fix: .+\n", text, re.MULTILINE) or word not in text:
        raise AssertionError(f"no error of the right form with {word!r}: {text!r}")


def traces():
    """What a world could leave on the machine."""
    folders = sorted(name for name in os.listdir("/tmp") if name.startswith("vmyna-run-"))
    with open("/proc/self/mountinfo") as file:
        mounts = [line for line in file if "vmyna" in line]
    socket = os.path.exists("/run/pcscd/pcscd.comm"), os.path.exists("/run/pcscd/vmyna")
    return folders, mounts, socket


# A descendant that leaves its session and group and refuses to go.
STUBBORN = "setsid sh -c 'trap \"\" TERM HUP INT; while :; do sleep 1; done' & "
LIST = "timeout 5 pcsc_scan -r"


def names(count):
    return [f"{slot}: vmyna Virtual Reader {slot:02X} 00" for slot in range(count)]


# --- The command ---------------------------------------------------------------------------------------------------


@test
def exit_codes():
    for script, code in [("true", 0), ("false", 1), ("exit 42", 42), ("kill -KILL $$", 137), ("kill -TERM $$", 143),
                         ("kill -SEGV $$", 139)]:
        equal(run(["sh", "-c", script]).code, code, script)


@test
def commands_that_cannot_run():
    plain = tempfile.NamedTemporaryFile(suffix=".txt")
    for command, code, word in [("no-such-command", 127, "No such file"), ("/no/such", 127, "No such file"),
                                ("/tmp", 126, "Permission denied"), (plain.name, 126, "Permission denied")]:
        world = run([command])
        equal(world.code, code, command)
        error_form(world.err, word)


@test
def a_checkout_on_a_volume():
    """As a container has it: the program lies on a mount of its own, whose name is lost in another mount namespace."""
    if ROOT:
        top = os.path.realpath(VMYNA)
        while not os.path.exists(os.path.join(top, "CardImages")):
            top = os.path.dirname(top)
            if top == "/":
                return  # an installed program has its cards in /usr/share
        volume = ["unshare", "-m", "sh", "-c", f"mount --bind '{top}' /mnt && cd / && exec \"$@\"", "sh"]
        inside = "/mnt" + os.path.realpath(VMYNA).removeprefix(top)
        for road in ROADS:
            world = run(["sh", "-c", LIST], before=volume, vmyna=inside, VMYNA_RUN_ROAD=road)
            equal(world.out.splitlines(), names(1), f"{road}: {world.err}")


@test
def a_road_that_is_none():
    done = run(["true"], VMYNA_RUN_ROAD="by-sea")
    equal(done.code, 2, done.err)
    error_form(done.err, "by-sea")


@test
def a_pcscd_that_does_not_answer_help():
    if ROOT:
        with tempfile.TemporaryDirectory() as folder:
            program, real = os.path.join(folder, "pcscd"), os.path.join(folder, "real")
            shutil.copy("/usr/sbin/pcscd", real)
            with open(program, "w") as file:
                file.write('#!/bin/sh\n[ "$1" = --help ] && exec sleep 57\n'
                           f'exec {real} "$@"\n')
            os.chmod(program, 0o755)
            script = f'mount --bind {program} /usr/sbin/pcscd && exec "$@"'
            start = time.monotonic()
            run(["true"], before=["unshare", "-m", "sh", "-c", script, "sh"], limit=40)
            if time.monotonic() - start > 35:
                raise AssertionError("the help was waited for")


@test
def used_wrongly():
    for arguments in [[], ["--"], ["--readers", "-1", "--", "true"], ["--timeout", "0", "--", "true"]]:
        done = subprocess.run([VMYNA, "run", *arguments], capture_output=True, timeout=10)
        if done.returncode in (0, 1, 3):
            raise AssertionError(f"{arguments}: exit code {done.returncode}")
    equal(run(["true"], "--readers", "16").code, 2, "17 readers")


@test
def command_is_untouched():
    script = "import os, sys; print(sys.argv[1:], os.fsencode(sys.argv[1]), os.environ['PASSED'], sys.stdin.read(), " \
             "os.read(7, 9), os.getcwd(), os.umask(0))"
    reader, writer = os.pipe()
    os.write(writer, b"seven")
    os.dup2(reader, 7)
    os.umask(0o027)
    done = subprocess.run(
        [VMYNA, "run", "--", "python3", "-c", script, b"\x8f\x80\xff", "", "--", "-x"], input=b"in", pass_fds=[7],
        capture_output=True, timeout=20, cwd="/usr", env=dict(os.environ, PASSED="yes"))
    os.umask(0o022)
    os.close(7)
    found = done.stdout.decode()
    for part in ["b'\\x8f\\x80\\xff'", "'', '--', '-x'", "yes in b'seven' /usr 23"]:
        if part not in found:
            raise AssertionError(f"{part!r} is not in {found!r} {done.stderr!r}")


@test
def careless_parents():
    for prepare in (lambda: os.closerange(0, 3), lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN),
                    lambda: os.umask(0o777)):
        for road in ROADS:
            done = subprocess.run([VMYNA, "run", "--", "sh", "-c", LIST + " >/dev/null || exit 8; exit 5"], timeout=20,
                                  preexec_fn=prepare, env={**os.environ, "VMYNA_RUN_ROAD": road})
            equal(done.returncode, 5, road)
    if ROOT:
        strict = ["sh", "-c", 'umask 0777 && exec "$@"', "sh"]
        for road in [road for road in ROADS if road in ("user-namespace", "socket")]:
            world = run(["sh", "-c", LIST + "; umask"], before=strict, user=64123, VMYNA_RUN_ROAD=road)
            equal(world.out.splitlines(), names(1) + ["0777"], road)
    done = subprocess.run([VMYNA, "run", "--", "/bin/sh", "-c", "exit 6"], timeout=20,
                          env={key: os.environ[key] for key in os.environ
                               if key.startswith("VMYNA_") or key == "LD_LIBRARY_PATH"})
    equal(done.returncode, 6, "no PATH")


@test
def long_commands_pass():
    world = run(["sh", "-c", 'printf %s "$*" | wc -c', "sh"] + ["x" * 1000] * 1500)
    equal(world.out.strip(), str(1500 * 1001 - 1), world.err)


@test
def reader_names():
    for empty in (0, 3, 15):
        world = run(["sh", "-c", LIST], "--readers", str(empty))
        equal(world.out.splitlines(), names(empty + 1), world.err)


@test
def every_road():
    for road in ROADS:
        before = traces()
        world = run(["sh", "-c", LIST + "; id -u"], VMYNA_RUN_ROAD=road)
        equal(world.out.splitlines(), names(1) + [str(os.geteuid())], f"{road}: {world.err}")
        equal(traces(), before, road)


@test
def ordinary_user():
    if ROOT:
        for road in ["", *(road for road in ROADS if road in ("user-namespace", "socket"))]:
            world = run(["sh", "-c", LIST + "; id -u; id -g; grep CapEff /proc/self/status"], user=64123,
                        VMYNA_RUN_ROAD=road)
            equal(world.out.splitlines(), names(1) + ["64123", "64123", "CapEff:\t0000000000000000"], world.err)


# --- Time and signals ----------------------------------------------------------------------------------------------


@test
def time_limit():
    start = time.monotonic()
    world = run(["sh", "-c", "sleep 60; true"], "--timeout", "0.3")
    equal(world.code, 124)
    error_form(world.err, "longer than 0.3")
    if time.monotonic() - start > 30:
        raise AssertionError("the command's own 60 seconds were waited for")
    world = run(["sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"], "--timeout", "0.3")
    equal(world.code, 124)
    error_form(world.err, "was killed")


@test
def signals_are_passed_on():
    for number, name in [(signal.SIGTERM, "TERM"), (signal.SIGINT, "INT"), (signal.SIGHUP, "HUP"),
                         (signal.SIGQUIT, "QUIT")]:
        world = World(["python3", "-uc", f"""
import signal, sys
signal.signal(signal.SIG{name}, lambda *_: sys.exit(9))
print('ready')
while True: signal.pause()
"""])
        world.await_line("ready")
        world.process.send_signal(number)
        equal(world.end().code, 9, name)
        world.assert_gone()
        world = World(["sh", "-c", "echo ready; exec sleep 60"])
        world.await_line("ready")
        world.process.send_signal(number)
        equal(world.end().code, 128 + number, name)
        world.assert_gone()


@test
def a_command_that_ignores_the_end_is_killed():
    world = World(["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"])
    world.await_line("ready")
    world.process.send_signal(signal.SIGTERM)
    equal(world.end().code, 137)
    error_form(world.err, "was killed")
    world.assert_gone()


@test
def descendants_end_with_the_command():
    world = run(["sh", "-c", STUBBORN + "sleep 0.2; exit 5"])
    equal(world.code, 5)
    world = run(["sh", "-c", "(sleep 60 &) ; sh -c 'sleep 60 & exit 0'; exit 6"])
    equal(world.code, 6)


# --- Kills ---------------------------------------------------------------------------------------------------------


def kill_part(part, road):
    before = traces()
    world = World(["sh", "-c", STUBBORN + "echo ready; while :; do sleep 0.2; done"], VMYNA_RUN_ROAD=road)
    world.await_line("ready")
    if part == "vmyna":
        os.kill(world.process.pid, signal.SIGKILL)
    elif part == "command":
        # The child of the guardian that is a shell: the first of the two.
        guardian = world.pid("guardian-vmyna")
        with open(f"/proc/{guardian}/task/{guardian}/children") as file:
            children = [int(pid) for pid in file.read().split()]
        os.kill(next(p for p in children if world.pids().get(p) == "sh"), signal.SIGKILL)
    else:
        os.kill(world.pid(part), signal.SIGKILL)
    world.end()
    world.assert_gone()
    equal(world.code, {"vmyna": -9, "command": 137}.get(part, 3), f"{part} {road} {world.err}")
    if part in ("pcscd", "guardian-vmyna"):
        error_form(world.err, "pcscd")
    if part != "guardian-vmyna" or road in ("namespace", "user-namespace"):
        equal(traces(), before, f"{part} on {road}")


@test
def kill_each_part_on_each_road():
    for road in ROADS:
        for part in ("vmyna", "guardian-vmyna", "pcscd", "command"):
            kill_part(part, road)


@test
def kill_both_keepers_at_once():
    world = World(["sleep", "60"])
    guardian, _ = world.pid("guardian-vmyna"), world.pid("sleep")
    os.kill(guardian, signal.SIGSTOP)
    os.kill(world.process.pid, signal.SIGKILL)
    os.kill(guardian, signal.SIGKILL)
    world.end()
    world.assert_gone()


@test
def kill_while_it_starts():
    for delay in (0, 2, 4, 6, 8, 10, 12, 15, 20, 25, 30):
        world = World(["sleep", "60"])
        time.sleep(delay / 1000)
        os.kill(world.process.pid, signal.SIGKILL)
        world.end()
        world.assert_gone()


# --- Many ----------------------------------------------------------------------------------------------------------


def many(count, kill):
    before = traces()
    worlds = [World(["sh", "-c", f"{LIST}; {'sleep 60' if kill and n % 2 else 'true'}"], ["--readers", str(n % 4)],
                    user=64123 if ROOT and n % 3 == 0 else None) for n in range(count)]
    for number, world in enumerate(worlds):
        if kill and number % 2:
            world.await_line(names(number % 4 + 1)[-1], 30)
            world.process.kill()
    for number, world in enumerate(worlds):
        world.end(60)
        equal(world.code, -9 if kill and number % 2 else 0, world.err)
        equal(world.out.splitlines(), names(number % 4 + 1), world.err)
        world.assert_gone()
    equal(traces(), before)


@test
def four_at_once():
    many(4, False)


@test
def twenty_at_once():
    many(20, False)


@test
def twenty_at_once_half_killed():
    many(20, True)


@test
def nested():
    roads = [road for road in ROADS if road != "machine"]
    for outer in roads:
        for inner in roads:
            script = f"VMYNA_RUN_ROAD={inner} '{VMYNA}' run --readers 1 -- {LIST} && {LIST}"
            world = run(["sh", "-c", script], VMYNA_RUN_ROAD=outer)
            equal(world.out.splitlines(), names(2) + names(1), f"{inner} in {outer}: {world.err}")


# --- Poor machines -------------------------------------------------------------------------------------------------


@test
def pcscd_missing_or_broken():
    hidden = ["unshare", *([] if ROOT else ["-r"]), "-m", "sh", "-c",
              'mount --bind /dev/null /usr/sbin/pcscd && exec "$@"', "sh"]
    world = run(["true"], before=hidden, VMYNA_PCSCD="")
    equal(world.code, 3, world.err)
    error_form(world.err, "apt-get install pcscd")
    for program in ("/no/pcscd", "/bin/false", "/bin/true"):
        world = run(["true"], VMYNA_PCSCD=program)
        equal(world.code, 3, program)
        error_form(world.err, program)


@test
def driver_missing():
    world = run(["true"], VMYNA_DRIVER="/no/libifdvmyna.so")
    equal(world.code, 3)
    error_form(world.err, "/no/libifdvmyna.so")


@test
def driver_that_is_none():
    with tempfile.NamedTemporaryFile(suffix=".so", mode="w") as file:
        file.write("no library")
        file.flush()
        world = run(["true"], VMYNA_DRIVER=file.name)
        equal(world.code, 3, world.err)
        error_form(world.err, "driver")


# A machine without CAP_SYS_ADMIN and without user namespaces, as Docker's default is; its own empty /run.
CONTAINER = """
mount -t tmpfs t /run && {prepare}
echo 0 > /proc/sys/user/max_user_namespaces
exec setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin "$@"
"""


def container(prepare="true"):
    return ["unshare", "-U", "-r", "-m", "sh", "-c", CONTAINER.format(prepare=prepare), "sh"]


@test
def container_without_rights():
    if ROOT:
        script = LIST + "; echo $PCSCLITE_CSOCK_NAME"
        world = run(["sh", "-c", script], before=container())
        equal(world.out.splitlines()[:1], names(1), world.err)
        if "/tmp/vmyna-run-" not in world.out and "socket" in ROADS:
            raise AssertionError(f"not by a socket of our own: {world.out} {world.err}")
        world = run(["sh", "-c", script], before=container(), VMYNA_RUN_ROAD="machine")
        equal(world.out.splitlines(), names(1) + ["/run/pcscd/pcscd.comm"], world.err)
        for _ in range(2):
            stale = container("mkdir /run/pcscd && echo 1 > /run/pcscd/pcscd.pid && touch /run/pcscd/pcscd.comm")
            world = run(["sh", "-c", script], before=stale, VMYNA_RUN_ROAD="machine")
            equal(world.out.splitlines(), names(1) + ["/run/pcscd/pcscd.comm"], world.err)


@test
def one_at_a_time_on_the_machines_path():
    if ROOT:
        script = f"'{VMYNA}' run -- true; echo inner $?"
        world = run(["sh", "-c", script], VMYNA_RUN_ROAD="machine")
        equal(world.out.strip(), "inner 3", world.err)
        error_form(world.err, "another vmyna run uses")


@test
def no_folder_of_pcscd():
    if ROOT:
        bare = ["unshare", "-m", "sh", "-c", "mount -t tmpfs t /run && mkdir /run/kept && ln -s kept /run/link && "
                "echo x > /run/file && exec \"$@\"", "sh"]
        world = run(["sh", "-c", LIST + "; ls /run; cat /run/file; cd /run/link && pwd -P"], before=bare, user=64123)
        equal(world.out.splitlines(), names(1) + ["file", "kept", "link", "pcscd", "x", "/run/kept"], world.err)
        full = ["unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=4k,nr_inodes=2 t /run && touch /run/full && "
                "exec \"$@\"", "sh"]
        world = run(["sh", "-c", LIST], before=full)
        equal(world.out.splitlines(), names(1), world.err)


# A machine with a pcscd of its own (or a systemd that would start one), in a namespace: `python3 -c MACHINE KIND ROAD`.
MACHINE = r"""
import os, socket, subprocess, sys, time
kind, road, vmyna = sys.argv[1:]
place, number = "/run/pcscd/pcscd.comm", "/run/pcscd/pcscd.pid"
if kind == "pcscd":
    daemon = subprocess.Popen(["pcscd", "--foreground"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not (os.path.exists(place) and os.path.exists(number)):
        time.sleep(0.01)
else:
    waiting = socket.socket(socket.AF_UNIX)
    waiting.bind(place)
    waiting.listen(1)
    waiting.setblocking(False)
before = os.stat(place), os.path.exists(number) and open(number).read().strip("\n\0")
code = subprocess.run([vmyna, "run", "--", "true"], env=dict(os.environ, VMYNA_RUN_ROAD=road)).returncode
after = os.stat(place), os.path.exists(number) and open(number).read().strip("\n\0")
same = before[0].st_ino == after[0].st_ino and before[1] == after[1]
if kind == "pcscd":
    alive = daemon.poll() is None
    client = socket.socket(socket.AF_UNIX)
    client.connect(place)
    daemon.terminate()
    daemon.wait()
else:
    try:
        waiting.accept()
        alive = False
    except BlockingIOError:
        alive = True
print(code, same, alive)
"""


def machine(kind, road, without_rights=False):
    prepare = "mkdir /run/pcscd"
    before = container(prepare) if without_rights else [
        "unshare", "-m", "sh", "-c", f"mount -t tmpfs t /run && {prepare} && exec \"$@\"", "sh"]
    return subprocess.run(before + ["python3", "-c", MACHINE, kind, road, VMYNA], capture_output=True, text=True, timeout=30)


@test
def a_running_pcscd_is_left_alone():
    if ROOT:
        for kind in ("pcscd", "systemd"):
            done = machine(kind, "machine")
            equal(done.stdout, "3 True True\n", f"{kind}: {done.stderr}")
            error_form(done.stderr, "would disturb it")
        if "socket" in ROADS:
            # Our pcscd writes its number over the other's in passing.
            done = machine("pcscd", "socket", without_rights=True)
            equal(done.stdout, "0 True True\n", done.stderr)


# --- The report ----------------------------------------------------------------------------------------------------


@test
def report_in_json():
    wrong = "import os, sys; print('said'); sys.exit(4)"
    world = run(["python3", "-c", wrong], "--json", "--readers", "1")
    said, line = world.out.splitlines()
    equal(said, "said")
    report = json.loads(line)
    equal((report["exitCode"], report["signal"], report["timedOut"], report["error"]), (4, None, False, None))
    equal(report["command"], ["python3", "-c", wrong])
    equal([reader["card"] for reader in report["readers"]], ["fresh-adult", None])
    equal(report["readers"][0]["pins"]["sign"]["triesLeft"], 5)
    if report["road"] not in ROADS or not os.access(report["pcscd"], os.X_OK):
        raise AssertionError(f"road or pcscd: {report}")
    parts = report["milliseconds"]
    if not abs(parts["total"] - sum(parts[name] for name in ("world", "cards", "pcscd", "command", "cleanUp"))) <= 3:
        raise AssertionError(f"times do not add up: {parts}")
    for command, options, expected in [
            (["sh", "-c", "kill -KILL $$"], [], (137, 9, False, None)),
            (["sleep", "60"], ["--timeout", "0.2"], (124, 15, True, "longer than")),
            (["no-such-command"], [], (127, None, False, "No such file"))]:
        report = json.loads(run(command, "--json", *options).out)
        error = report["error"] and expected[3] in report["error"]["what"] and expected[3]
        equal((report["exitCode"], report["signal"], report["timedOut"], error), expected)
    world = run(["true"], "--json", VMYNA_DRIVER="/no/libifdvmyna.so")
    report = json.loads(world.out)
    equal((world.code, report["exitCode"], report["road"], report["error"]["where"]), (3, 3, None, "/no/libifdvmyna.so"))


@test
def report_in_a_file():
    with tempfile.TemporaryDirectory() as folder:
        world = run(["sh", "-c", "echo said"], "--report", f"{folder}/report.json")
        equal(world.out, "said\n")
        with open(f"{folder}/report.json") as file:
            equal(json.load(file)["exitCode"], 0)
        world = run(["true"], "--report", f"{folder}/none/report.json")
        equal(world.code, 3)
        error_form(world.err, "report cannot be written")


# --- Terminal ------------------------------------------------------------------------------------------------------


class Terminal:
    def __init__(self, command):
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.environ.update(PS1="$ ", TERM="dumb", LC_ALL="C.UTF-8")
            os.execvp(command[0], command)
        self.seen = ""

    def type(self, text):
        os.write(self.file, text.encode())

    def expect(self, word, limit=10):
        deadline = time.monotonic() + limit
        while word not in self.seen:
            if not select.select([self.file], [], [], max(0, deadline - time.monotonic()))[0]:
                raise AssertionError(f"{word!r} never came: {self.seen!r}")
            self.seen += os.read(self.file, 4096).decode(errors="replace")
        before, _, self.seen = self.seen.partition(word)
        return before

    def end(self):
        try:
            while os.read(self.file, 4096):
                pass
        except OSError:
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


@test
def shell_with_job_control():
    terminal = Terminal([VMYNA, "run", "--", "bash", "--norc", "-i"])
    if "job control" in terminal.expect("$ "):
        raise AssertionError("the shell has no job control")
    terminal.type("sleep 61\n")
    time.sleep(0.3)
    terminal.type("\x1a")
    terminal.expect("Stopped")
    terminal.type("jobs; fg\n")
    terminal.expect("sleep 61")
    time.sleep(0.3)
    terminal.type("\x03")
    terminal.expect("$ ")
    terminal.type("echo code=$?\n")
    terminal.expect("code=130")
    terminal.type("exit 7\n")
    equal(terminal.end(), 7)


@test
def job_of_a_shell():
    terminal = Terminal(["bash", "--norc", "-i"])
    terminal.expect("$ ")
    terminal.type(f"'{VMYNA}' run -- sh -c 'echo up; cat; sleep 62'\n")
    terminal.expect("up\r\n")
    terminal.type("\x1a")
    terminal.expect("Stopped")
    terminal.type("fg\n")
    time.sleep(0.3)
    terminal.type("typed\n")
    terminal.expect("typed\r\ntyped")
    terminal.type("\x03")
    terminal.expect("$ ")
    terminal.type("echo code=$?\n")
    terminal.expect("code=130")
    terminal.type("exit 0\n")
    equal(terminal.end(), 0)




def main():
    # Whoever starts this in the background may have it ignore signals, and an ignored signal is inherited.
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM, signal.SIGTSTP):
        signal.signal(number, signal.SIG_DFL)
    word = sys.argv[2] if len(sys.argv) > 2 and sys.argv[1] == "-k" else ""
    for tool in ("pcsc_scan", "setpriv", "unshare"):
        if shutil.which(tool) is None:
            print(f"vmyna: {tool} is missing, PATH\n  fix: apt-get install pcsc-tools util-linux")
            return 3
    first = subprocess.run([VMYNA, "run", "--", "true"])
    if first.returncode != 0:
        return first.returncode
    failed = 0
    for function in TESTS:
        if word in function.__name__:
            start = time.monotonic()
            try:
                function()
                print(f"ok    {function.__name__} ({time.monotonic() - start:.1f} s)", flush=True)
            except (AssertionError, subprocess.SubprocessError, OSError) as error:
                failed += 1
                print(f"FAIL  {function.__name__}: {error}", flush=True)
    print(f"world: {failed} failed" if failed else "world: all passed")
    return 1 if failed else 0


sys.exit(main())
