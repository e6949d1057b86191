"""The desk as a process, and its interface as the page uses it."""

import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parent.parent.parent


class Refused(Exception):
    def __init__(self, status, body):
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body


class Desk:
    """`vmyna desk` on a free port, in a folder of its own unless one is given."""

    def __init__(self, vmyna, data=None, port=0, more=()):
        self.vmyna = vmyna
        self.folder = None if data else tempfile.TemporaryDirectory(prefix="vmyna-desk-")
        self.data = data or self.folder.name
        self.process = subprocess.Popen([vmyna, "desk", "--port", str(port), "--data", self.data, *more],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.address = self.trainer = None
        for line in self.process.stdout:
            words = line.split()
            if words[0] == "desk":
                self.address = words[1]
            elif words[0] == "trainer":
                self.trainer = words[1]
            elif words[0] == "ready":
                break
        if not self.address:
            raise RuntimeError(f"the desk did not start: {self.process.stderr.read()}")
        self.port = int(re.search(r":(\d+)/", self.address)[1])
        self.key = self.trainer.split("key=")[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """Asks it to end; gives back how long that took and its exit code."""
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=20)
        if self.folder:
            self.folder.cleanup()
        return time.monotonic() - began, code

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def memory(self):
        """The largest resident memory so far, in MB."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
        return 0

    def call(self, method, path, body=None, token=None, headers=None, raw=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {"Content-Type": "application/json"} if body is not None or raw is not None else {}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        sent.update(headers or {})
        data = raw if raw is not None else None if body is None else json.dumps(body).encode()
        try:
            connection.request(method, path, data, sent)
            answer = connection.getresponse()
            text = answer.read().decode()
            content = json.loads(text) if answer.getheader("Content-Type", "").startswith("application/json") else text
        finally:
            connection.close()
        if answer.status >= 400:
            raise Refused(answer.status, content)
        return content

    def sit(self, alias):
        taken = self.call("POST", "/api/seats", {"alias": alias})
        return Seat(self, taken["seat"], taken["token"])

    def lessons(self):
        return [lesson["name"] for lesson in self.call("GET", "/api/lessons", token=self.key)]


class Seat:
    def __init__(self, desk, seat, token):
        self.desk = desk
        self.id = seat
        self.token = token

    def call(self, method, rest="", body=None):
        return self.desk.call(method, f"/api/seats/{self.id}{rest}", body, self.token)

    def view(self):
        return self.call("GET")["exercise"]

    def begin(self, lesson, seed=0):
        return self.call("POST", "/lesson", {"name": lesson, "seed": seed})["exercise"]

    def act(self, action, turn):
        return self.call("POST", "/actions", {"action": action, "turn": turn})["exercise"]


def play(lesson, name="right"):
    """The actions of a played file."""
    path = TOP / "Training" / "plays" / lesson / f"{name}.play"
    lines = [line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line]


def plays():
    """The lessons that have a right play."""
    return sorted(path.parent.name for path in (TOP / "Training" / "plays").glob("*/right.play"))


if __name__ == "__main__":
    print(os.linesep.join(plays()))
