#!/usr/bin/env python3
"""Traces of a real pcscd: `vmyna run --trace`, `vmyna trace`, captures that tshark opens, tokens that repeat a session.

    Tests/RealClients/traces.py [VMYNA_BINARY]
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VMYNA = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else next(
    path for path in (f"{TOP}/.build/release/vmyna", f"{TOP}/.build/debug/vmyna") if os.path.exists(path))
STORY = """card fresh-adult
verify sign wrong -> 4 left
verify sign ABC123
read sign-certificate
verify textInput 1234
read my-number
sign auth "log-in" -> 6982
verify auth 1234
sign auth "log-in" -> length 256
00 84 00 00 08
"""
failures = 0


def check(name, condition, detail=""):
    global failures
    print(("ok    " if condition else "FAIL  ") + name + ("" if condition else f"\n      {detail}"))
    failures += not condition


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **options)


def main():
    folder = tempfile.mkdtemp(prefix="vmyna-traces-")
    story = os.path.join(folder, "story.apdu")
    with open(story, "w") as file:
        file.write(STORY)
    trace, capture = os.path.join(folder, "t.jsonl"), os.path.join(folder, "t.pcap")
    inside = (f'"{VMYNA}" play -q --reader "$VMYNA_READER" {story} && "{VMYNA}" trace --json > {folder}/live.jsonl && '
              f'"{VMYNA}" trace --explain ja > {folder}/live.ja && "{VMYNA}" trace --pcap {folder}/live.pcap && '
              f'"{VMYNA}" trace --unmask --json > {folder}/open.jsonl; exit 7')
    result = run(VMYNA, "run", "--trace", trace, "--", "sh", "-c", inside, env={**os.environ, "LC_ALL": "en_US.UTF-8"})
    check("the command's exit code is kept", result.returncode == 7, result.stderr)

    events = [json.loads(line) for line in open(trace)]
    live = [json.loads(line) for line in open(f"{folder}/live.jsonl")]
    check("the file and the live trace say the same", events[:len(live)] == live)
    check("the numbers have no gap", [event["seq"] for event in events] == list(range(1, len(events) + 1)))
    text = open(trace).read() + open(f"{folder}/live.ja").read() + result.stderr
    secrets = {"ABC123": "414243313233", "1234": "0431323334"}
    check("no PIN is in any trace", not any(code in text for code in secrets.values()))
    check("with --unmask they are", all(code in open(f"{folder}/open.jsonl").read() for code in secrets.values()))
    number = next((event for event in events if event.get("file") == "0001" and event["application"] == "textInput"
                   and event["command"].startswith("00B0")), None)
    check("my number is masked", number is not None and set(number["response"][:-4]) <= {"·"}, number)
    check("explained in Japanese", "署名用" in open(f"{folder}/live.ja").read())
    check("a failing command's last exchanges are explained", "a PIN must be verified" in result.stderr or
          "signed" in result.stderr, result.stderr)
    check("the trace is its owner's alone", os.stat(trace).st_mode & 0o077 == 0)

    token = re.search(r"vmyna1-[A-Za-z0-9_-]+", result.stderr)
    check("a token is printed", token is not None, result.stderr)
    for what, session in (("token", token.group(0) if token else ""), ("trace", trace)):
        again = run(VMYNA, "replay", session)
        check(f"the {what} repeats the session", again.returncode == 0 and "same answers" in again.stdout,
              again.stdout + again.stderr)
    other = run(VMYNA, "replay", trace, "--card", "sign-locked")
    check("with another card the differences are shown", other.returncode == 1 and "- 63C4" in other.stdout
          and "+ 6984" in other.stdout, other.stdout + other.stderr)
    cut = os.path.join(folder, "cut.jsonl")
    with open(cut, "w") as file:
        file.write(open(trace).read()[:-40])
    cut_off = run(VMYNA, "replay", cut)
    check("a trace that is cut off is repeated as far as it goes", cut_off.returncode == 0
          and "cut off" in cut_off.stderr, cut_off.stdout + cut_off.stderr)
    lines = open(trace).read().split("\n")
    with open(cut, "w") as file:
        file.write("\n".join(lines[:5] + ["{"] + lines[5:]))
    damaged = run(VMYNA, "replay", cut)
    check("a damaged line is told", damaged.returncode == 1 and "cut.jsonl:6" in damaged.stderr, damaged.stderr)

    run(VMYNA, "run", "--trace", capture, "--", "sh", "-c",
        f'"{VMYNA}" play -q --reader "$VMYNA_READER" {story}')
    skipped = ""
    if shutil.which("tshark") is None:
        skipped = "; SKIPPED: what tshark makes of captures (apt-get install tshark)"
    else:
        for name, path in (("vmyna run --trace FILE.pcap", capture), ("vmyna trace --pcap", f"{folder}/live.pcap")):
            shown = run("tshark", "-r", path)
            count = sum(event["kind"] == "exchange" for event in live)
            rows = shown.stdout.splitlines()
            check(f"tshark dissects {name}", len(rows) >= count and all("GSM SIM" in row for row in rows)
                  and any("SELECT Application d392f000260100000001" in row for row in rows)
                  and any("VERIFY CHV" in row for row in rows) and "Malformed" not in shown.stdout, shown.stdout)
    with open(trace, "rb") as file, open(cut, "wb") as other_ends:
        other_ends.write(file.read().replace(b"\n", b"\r\n"))
    windows = run(VMYNA, "replay", cut)
    check("a trace with other line ends is repeated", windows.returncode == 0 and "cut off" not in windows.stderr,
          windows.stderr)
    both = run(VMYNA, "trace", "--json", "--pcap", capture)
    check("one form of a trace at a time", both.returncode == 2 and "two forms" in both.stderr, both.stderr)
    quiet = run(VMYNA, "run", "--", "false")
    check("a command that never spoke to a card is not explained", quiet.returncode == 1 and quiet.stderr == "",
          quiet.stderr)
    nowhere = run(VMYNA, "run", "--trace", "/nowhere/t", "--", "true")
    check("a trace that cannot be written is told before anything starts", nowhere.returncode == 3
          and "fix:" in nowhere.stderr, nowhere.stderr)
    shutil.rmtree(folder)
    print((f"{failures} failed" if failures else "traces ok") + skipped)
    sys.exit(1 if failures else 0)


main()
