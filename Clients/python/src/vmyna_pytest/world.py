"""The pcscd of this pytest process: the one that `vmyna run -- pytest` has made, or one of its own."""

import json
import os
import subprocess
import sys

from .program import Program, VmynaError

# What a world's command does here: tell its process and variables, then wait until we are done.
HOLDER = """
import json, os, sys
names = ("VMYNA_SOCKET", "PCSCLITE_CSOCK_NAME", "VMYNA_HOME", "VMYNA_READER")
print(json.dumps({"pid": os.getpid(), **{name: os.environ.get(name) for name in names}}), flush=True)
sys.stdin.read()
"""


class World:
    """A private pcscd with one reader. Its variables stand in os.environ while it lives."""

    def __init__(self, vmyna):
        self.process = None
        self.saved = {}
        if os.environ.get("VMYNA_SOCKET") and os.environ.get("VMYNA_READER"):
            # pytest itself runs inside `vmyna run`.
            self.reader = os.environ["VMYNA_READER"]
            self.program = Program(vmyna, os.environ["VMYNA_SOCKET"])
            return
        self.start(vmyna)

    def start(self, vmyna):
        self.process = subprocess.Popen([vmyna, "run", "--", sys.executable, "-c", HOLDER], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            self.process.stdin.close()
            message = self.process.stderr.read().strip()
            self.process.wait()
            raise VmynaError(message or "vmyna run ended before the reader was there")
        told = json.loads(line)

        def here(path):
            # The world may have its own view of the file system; this is the way into it.
            return path and f"/proc/{told['pid']}/root{path}"

        self.reader = told["VMYNA_READER"]
        self.program = Program(vmyna, here(told["VMYNA_SOCKET"]))
        self.set("PCSCLITE_CSOCK_NAME", here(told["PCSCLITE_CSOCK_NAME"]) or "/run/pcscd/pcscd.comm")
        self.set("VMYNA_SOCKET", self.program.socket)
        self.set("VMYNA_HOME", here(told["VMYNA_HOME"]))
        self.set("VMYNA_READER", self.reader)

    def set(self, name, value):
        self.saved.setdefault(name, os.environ.get(name))
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value

    def close(self):
        for name, value in self.saved.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        if self.process is None:
            return
        self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()
