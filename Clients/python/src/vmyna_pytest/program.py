"""The vmyna program: where it is, and calls of it."""

import os
import shutil
import subprocess

LIMIT = 60


class VmynaError(Exception):
    """vmyna refused, or is not there; the text has the fix."""


def find(chosen=None):
    """The program: the one that is named, else $VMYNA, else the one in PATH."""
    for candidate in (chosen, os.environ.get("VMYNA")):
        if candidate:
            path = shutil.which(candidate)
            if path is None:
                raise VmynaError(f"there is no program, {candidate}\n  fix: name vmyna with --vmyna or in VMYNA")
            return os.path.abspath(path)
    path = shutil.which("vmyna")
    if path is None:
        raise VmynaError("vmyna is not in PATH\n  fix: install it, or name it with --vmyna or in VMYNA")
    return path


class Program:
    """vmyna, speaking to one card service."""

    def __init__(self, path, socket=None):
        self.path, self.socket = path, socket

    def __call__(self, *words, check=True):
        """Standard output of `vmyna WORDS`. Options go before a `--`, so that a PIN cannot become one."""
        environment = dict(os.environ)
        if self.socket:
            environment["VMYNA_SOCKET"] = self.socket
        try:
            process = subprocess.run([self.path, *map(str, words)], env=environment, stdin=subprocess.DEVNULL,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=LIMIT)
        except subprocess.TimeoutExpired:
            raise VmynaError(f"no answer in {LIMIT} s, vmyna {' '.join(map(str, words))}") from None
        if check and process.returncode != 0:
            raise VmynaError(process.stderr.strip() or f"exit code {process.returncode}, vmyna {' '.join(map(str, words))}")
        return process.stdout
