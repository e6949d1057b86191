"""vmyna conformance: the card model's rows against a card in a reader, through pcscd."""

import json
import os
import pty
import re
import select
import signal
import time

import harness
from harness import check, contains, equal, expect

NAMES = ["sign", "auth", "textInput", "residentRecord", "common", "numberA", "numberB", "faceNumberA", "faceNumberB", "birthDate"]
READER = "vmyna Virtual Reader 00 00"


def compare(*words, card="fresh-adult", extra=()):
    return harness.in_world(harness.vmyna_path, "conformance", "--reader", READER, *words, card=(card,), extra=extra)


def report_of(path):
    with open(path) as file:
        return json.load(file)


@check("conformance: every harmless row is equal on our own card, through pcscd")
def all_rows_equal():
    with harness.Folder() as folder:
        path, state = os.path.join(folder.path, "report.json"), os.path.join(folder.path, "state")
        result = compare("--json", path, extra=("--state", state)).ok("vmyna conformance")
        report = report_of(path)
        contains("text", result.out, f"{report['counts']['equal']} rows equal, 0 different, 0 failed")
        expect(report["counts"]["equal"] >= 270, f"only {report['counts']} rows")
        equal("all rows", len(report["rows"]), sum(report["counts"].values()))
        reasons = {row["reason"] for row in report["rows"] if row["result"] == "leftOut"}
        expect("unreadable" not in reasons, f"something could not be read: {reasons}")
        history = harness.vmyna("apdu", "--card", "fresh-adult", "--state", state, input="\n")
        history.ok("the card afterwards")
        return f"{report['counts']['equal']} rows"


@check("conformance: the report holds no byte of the card")
def masked():
    with harness.Folder() as folder:
        path = os.path.join(folder.path, "report.json")
        # A card of another municipality and another answer to reset differs, and the report says where.
        compare("--json", path, card="sign-1-left").ok()
        text = open(path).read()
        pins = harness.environment("sign-1-left")
        for name in ("VMYNA_NUMBER_A", "VMYNA_NUMBER_B", "VMYNA_NAME", "VMYNA_ADDRESS"):
            expect(pins[name] not in text, f"{name} stands in the report")
        notes = [row.get("note") for row in json.loads(text)["rows"] if row["id"] == "VER-02"]
        equal("the counter", notes, ["1 of 5 tries left"])


def on_terminal(answers, *words):
    """The command on a terminal of its own, each answer typed after its question; (exit code, what was shown)"""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(harness.vmyna_path, [harness.vmyna_path, "run", "--", harness.vmyna_path, "conformance", "--reader", READER,
                                      "--with-pins", *words])
    shown, waiting, end = "", list(answers), time.monotonic() + 120
    try:
        while time.monotonic() < end:
            if select.select([terminal], [], [], 0.2)[0]:
                try:
                    part = os.read(terminal, 65536)
                except OSError:
                    break
                if not part:
                    break
                shown += part.decode(errors="replace")
            if waiting and re.search(waiting[0][0], shown[-200:]):
                os.write(terminal, waiting.pop(0)[1].encode() + b"\n")
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status), shown
    finally:
        os.close(terminal)
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            pass


def pins_of(environment, **changed):
    values = {
        "sign": environment["VMYNA_SIGN_PIN"], "auth": environment["VMYNA_AUTH_PIN"], "textInput": environment["VMYNA_TEXT_INPUT_PIN"],
        "residentRecord": environment["VMYNA_RESIDENT_RECORD_PIN"], "numberA": environment["VMYNA_NUMBER_A"],
        "numberB": environment["VMYNA_NUMBER_B"], "faceNumberA": environment["VMYNA_NUMBER_A"], "faceNumberB": environment["VMYNA_NUMBER_B"],
        **changed}
    return [(rf"{name} \(empty: leave it out\): $", values.get(name, "")) for name in NAMES]


AGREED = [(r"name of the reader to go on: $", READER), (r"'the holder agrees' to go on: $", "the holder agrees")]


@check("conformance --with-pins: asks twice, hides what is typed, spends nothing")
def with_pins():
    with harness.Folder() as folder:
        path = os.path.join(folder.path, "report.json")
        environment = harness.environment()
        code, shown = on_terminal(AGREED + pins_of(environment), "--json", path)
        equal(f"exit code\n{shown}", code, 0)
        report = report_of(path)
        expect(report["counts"]["equal"] >= 350, f"only {report['counts']}")
        equal("refused", report["refusedPINs"], [])
        for name in ("VMYNA_NUMBER_A", "VMYNA_NUMBER_B", "VMYNA_SIGN_PIN"):
            if name == "VMYNA_SIGN_PIN":  # is ABC123, as in the model's own stories, on the cards of the gallery
                expect(environment[name] not in shown, f"{name} was shown on the terminal")
                continue
            expect(environment[name] not in shown, f"{name} was shown on the terminal")
            expect(environment[name] not in open(path).read(), f"{name} stands in the report")
        return f"{report['counts']['equal']} rows"


@check("conformance --with-pins: a mistyped PIN is presented once")
def mistyped_pin():
    with harness.Folder() as folder:
        path = os.path.join(folder.path, "report.json")
        code, shown = on_terminal(AGREED + pins_of(harness.environment(), auth="9999"), "--json", path)
        equal(f"exit code\n{shown}", code, 0)
        report = report_of(path)
        equal("refused", report["refusedPINs"], ["auth"])
        notes = [row.get("note") for row in report["rows"] if row["id"] == "VER-01"]
        equal("the counter afterwards", notes, ["2 of 3 tries left"])


@check("conformance --with-pins: without the two sentences nothing is sent")
def not_confirmed():
    for answers in ([(r"to go on: $", "yes")], [AGREED[0], (r"agrees' to go on: $", "y")]):
        code, shown = on_terminal(answers)
        equal(f"exit code\n{shown}", code, 1)
        contains("answer", shown, "nothing was sent")
    result = compare("--with-pins", extra=())
    equal("without a terminal", result.code, 2)


@check("conformance: no such reader, no pcscd, no card, no model")
def bad_words():
    result = harness.in_world(harness.vmyna_path, "conformance", "--reader", "no such").fails(3)
    contains("error", result.err, "no such reader", "  fix: name a reader as")
    with harness.Folder() as folder:
        path = os.path.join(folder.path, "empty.md")
        open(path, "w").close()
        result = compare("--model", path).fails(2)
        contains("error", result.err, "this is no card model")
    result = harness.vmyna("run", "--readers", "1", "--", harness.vmyna_path, "conformance", "--reader", "vmyna Virtual Reader 01 00")
    result.fails(3)
    contains("error", result.err, "there is no card", "  fix: put the card in")
    result = compare("--json", "/no/such/folder/report.json").fails(3)
    contains("error", result.err, "the report cannot be written")
