"""Runs the checks, each in a process of its own, and counts."""

import os
import select as waiting
import signal
import sys
import time
import traceback

import harness

MODULES = ["command_line", "opensc", "pkcs11", "conformance", "client_scripts", "client_scripts_more", "live_reader",
           "many_and_large", "restarts", "hostile_peers", "bad_input", "relying_party", "card_model",
           "coverage", "pin_pad", "safety", "contactless", "hammering", "quick_start"]


def run_check(function, limit):
    """(passed | failed | skipped, text)"""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        os.close(ours)
        verdict = "passed "
        try:
            verdict += function() or ""
        except harness.Skip as reason:
            verdict = f"skipped {reason}"
        except harness.Failure as reason:
            verdict = f"failed {reason}"
        except BaseException:
            verdict = "failed " + traceback.format_exc()
        with os.fdopen(theirs, "w", errors="replace") as file:
            file.write(verdict)
        os._exit(0)
    os.close(theirs)
    text, end = b"", time.monotonic() + limit
    with os.fdopen(ours, "rb", buffering=0) as file:
        while True:
            left = end - time.monotonic()
            if left <= 0 or not waiting.select([file], [], [], left)[0]:
                text = b"failed no end after %d s" % limit
                break
            chunk = file.read(65536)
            if not chunk:
                break
            text += chunk
    # Whatever a failed check has left behind is of its own session.
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        pass
    os.waitpid(child, 0)
    end_daemon()
    verdict, _, detail = text.decode(errors="replace").partition(" ")
    return verdict or "failed", detail


def end_daemon():
    """A killed check's pcscd: it has a session of its own, and its number stands in our private folder."""
    try:
        with open(os.path.join(harness.PCSC_FOLDER, "pcscd.pid")) as file:
            os.kill(int(file.read().rstrip("\0\n")), signal.SIGKILL)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        pass


def main():
    harness.vmyna_path = sys.argv[1]
    words = sys.argv[2:]
    for module in MODULES:
        if os.path.exists(os.path.join(harness.HERE, module + ".py")):
            __import__(module)
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for name, function, limit in harness.CHECKS:
        if words and not any(word in name for word in words):
            continue
        begin = time.monotonic()
        verdict, detail = run_check(function, limit)
        counts[verdict if verdict in counts else "failed"] += 1
        took = f"{time.monotonic() - begin:.1f} s"
        line = {"passed": "ok     ", "skipped": "skipped"}.get(verdict, "FAILED ") + f" {name} ({took})"
        if detail.strip():
            detail = detail.strip()
            line += (": " if "\n" not in detail else "\n    ") + detail.replace("\n", "\n    ")
        print(line, flush=True)
    if counts["skipped"]:
        print(f"{counts['skipped']} skipped")
    print(f"{counts['passed']} passed, {counts['failed']} failed")
    sys.exit(1 if counts["failed"] else 0)


main()
