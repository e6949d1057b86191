"""Runs the checks: the driver in a real pcscd against a stand-in service. Usage: checks.py DRIVER [NAME…]"""

import os
import sys
import time
import traceback

import checks_direct  # noqa: F401  (the imports register the checks)
import checks_normal  # noqa: F401
import checks_hostile  # noqa: F401
from register import CHECKS, DRIVER
from world import Failure, World, end_private_pcscd

LIMIT_SECONDS = 90


def run(name):
    """In a process of its own, so that libpcsclite begins anew and a hang ends."""
    reader, writer = os.pipe()
    begin = time.monotonic()
    pid = os.fork()
    if pid == 0:
        text, code = "", 1
        try:
            with World(DRIVER) as world:
                text, code = CHECKS[name](world) or "", 0
        except Failure as failure:
            text = str(failure)
        except Exception:
            text = traceback.format_exc().replace("\n", " | ")
        os.write(writer, text.encode()[:4000])
        os._exit(code)
    os.close(writer)
    deadline = begin + LIMIT_SECONDS
    status = None
    while status is None and time.monotonic() < deadline:
        done, result = os.waitpid(pid, os.WNOHANG)
        status = result if done else None
        time.sleep(0.005)
    if status is None:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        end_private_pcscd()
        text = f"no end after {LIMIT_SECONDS} s"
    else:
        text = os.read(reader, 4000).decode()
    os.close(reader)
    word = "ok  " if status == 0 else "FAIL"
    remark = ": " + text if text else ""
    print(f"{word} {name.replace('_', ' ')} ({time.monotonic() - begin:.1f} s){remark}", flush=True)
    return status == 0


def main():
    names = sys.argv[2:] or list(CHECKS)
    failed = [name for name in names if not run(name)]
    print(f"{len(names) - len(failed)} of {len(names)} checks passed")
    sys.exit(1 if failed else 0)


main()
