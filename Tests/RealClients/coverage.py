"""vmyna run --coverage and vmyna coverage: what a program met and what never, thresholds, records of several runs."""

import json
import os
import threading

from harness import *

LOGIN = 'pkcs11-tool --slot-index 0 --login --pin "$1" --sign --id 01 -m SHA256-RSA-PKCS -i /etc/hostname -o /dev/null 2>/dev/null || true'
READ = "pkcs15-tool --read-certificate 01 >/dev/null"
READ_SIGN = 'pkcs15-tool --verify-pin --auth-id 02 --pin "$VMYNA_SIGN_PIN" --read-certificate 02 >/dev/null'
PIN = "opensc-tool -s 00A4040C0AD392F000260100000001 -s 00A4020C020018 -s "
WRONG = PIN + "00:20:00:80:04:39:39:39:39"


def covered(*words, card=(), limit=120, code=0):
    """(the exit code's Result, the JSON of what was met)"""
    with Folder() as folder:
        options = [word for name in card for word in ("--card", name)]
        result = vmyna("run", *options, "--coverage-file", folder / "file", "--", *words, limit=limit)
        if code is not None:
            equal("exit code", result.code, code)
        return json.loads(vmyna("coverage", "--json", folder / "file").ok("vmyna coverage").out)


def group(report, name):
    return next(group for group in report["groups"] if group["name"] == name)


def met(report, name):
    return {item["name"]: item["count"] for item in group(report, name)["met"]}


@check("coverage: a log-in by OpenSC, as text and as JSON")
def login():
    with Folder() as folder:
        result = vmyna("run", "--coverage", "--coverage-file", folder / "file", "--", "sh", "-c", LOGIN, "sh", "1234").ok()
        contains("the text", result.err, "cards: fresh-adult", "never: signature private key (001A): used",
                 "never: a locked PIN (vmyna run --card auth-locked, or sign-locked)")
        expect("1234" not in open(folder / "file").read(), "the PIN stands in the file")
        report = json.loads(vmyna("coverage", "--json", folder / "file").ok().out)
        equal("cards", report["cards"], ["fresh-adult"])
        used = met(report, "jpki")
        for name in ("selected", "jpki/0018 right", "jpki/0017 used", "jpki/000A read"):
            expect(name in used, f"{name} was not met")
        for name in ("jpki/001B right", "jpki/0018 wrong"):
            expect(name not in used, f"{name} was met")
        for part in report["groups"]:
            equal(part["name"], part["percent"], 100 * len(part["met"]) // (len(part["met"]) + len(part["missing"])))
        equal("all", report["all"], sum(len(part["met"]) + len(part["missing"]) for part in report["groups"]))
        contains("Japanese", vmyna("coverage", "--explain", "ja", folder / "file").ok().out, "網羅率", "未経験: ロックした暗証番号")
        # Nobody asked: nothing is said.
        equal("standard error without --coverage", vmyna("run", "--", "true").ok().err, "")


SITUATIONS = {
    "wrongPIN": ((), WRONG),
    "lastTry": (("auth-1-left",), PIN + "00200080"),
    "locking": ((), f"vmyna set auth.tries=1 && {WRONG}"),
    "locked": (("auth-locked",), WRONG),
    "notVerified": ((), "opensc-tool -s 00A4040C0AD392F000260100000001 -s 00A4020C020001 -s 00B0000004"),
    "removed": ((), f"vmyna fault remove during sign && {{ {LOGIN}; }}"),
    "inserted": ((), "vmyna eject && vmyna insert fresh-adult"),
    "noAnswer": ((), f"vmyna fault mute at verify && {{ {LOGIN}; }}"),
    "slow": ((), f"vmyna fault delay 2s at sign && {{ {LOGIN}; }}"),
    "expiredAuth": (("auth-expired-only",), READ),
    "expiredSign": (("sign-expired-only",), READ_SIGN),
    "revokedAuth": (("stopped",), READ),
    "revokedSign": (("revoked-after-move",), READ_SIGN),
    "noAuth": (("sign-only",), "opensc-tool -s 00A4040C0AD392F000260100000001"),
    "noSign": (("child-10",), "opensc-tool -s 00A4040C0AD392F000260100000001"),
}


@check("coverage: each situation comes about as the advice says", limit=300)
def situations():
    known = {item["name"] for part in ("met", "missing") for item in group(covered("true"), "situations")[part]}
    equal("the situations", sorted(known), sorted(SITUATIONS))
    program = os.path.dirname(vmyna_program())
    for name, (card, command) in SITUATIONS.items():
        report = covered("sh", "-c", f'PATH={program}:$PATH; {command}', "sh", "1234", card=card, code=None)
        expect(name in met(report, "situations"), f"{name} was not met by: {command}")


def vmyna_program():
    import harness
    return harness.vmyna_path


@check("coverage: the records of several runs, one after the other and at once")
def records():
    with Folder() as folder:
        file = folder / "file"
        runs = [threading.Thread(target=lambda: vmyna("run", "--coverage-file", file, "--", "sh", "-c", WRONG).ok())
                for _ in range(4)]
        for thread in runs:
            thread.start()
        for thread in runs:
            thread.join()
        vmyna("run", "--card", "auth-locked", "--coverage-file", file, "--", "sh", "-c", WRONG)
        report = json.loads(vmyna("coverage", "--json", file).ok().out)
        equal("cards", report["cards"], ["auth-locked", "fresh-adult"])
        equal("wrong PINs", met(report, "jpki")["jpki/0018 wrong"], 4)
        equal("locked", met(report, "jpki")["jpki/0018 locked"], 1)
        both = json.loads(vmyna("coverage", "--json", file, file).ok().out)
        equal("the same twice", met(both, "jpki")["jpki/0018 wrong"], 8)


@check("coverage: thresholds and exit codes")
def thresholds():
    with Folder() as folder:
        file = folder / "file"
        vmyna("run", "--coverage-threshold", "0", "--coverage-threshold", "jpki=5", "--coverage-file", file, "--",
              "sh", "-c", LOGIN, "sh", "1234").ok("thresholds that are reached")
        for words, place in ((["100"], "all groups together"), (["jpki=99"], "jpki"), (["0", "situations=50"], "situations")):
            options = [word for text in words for word in ("--coverage-threshold", text)]
            for result in (vmyna("run", *options, "--", "sh", "-c", LOGIN, "sh", "1234"), vmyna("coverage", *options, file)):
                error_form(result, 1)
                contains("the error", result.err, f"are asked for, {place}")
        error_form(vmyna("run", "--coverage-threshold", "nobody=5", "--", "true"), 2)
        # The command's own failure goes before.
        equal("exit code", vmyna("run", "--coverage-threshold", "100", "--", "sh", "-c", "exit 7").code, 7)


@check("coverage: bad files and bad thresholds are refused before anything runs")
def refusals():
    with Folder() as folder:
        damaged, newer, missing = folder / "damaged", folder / "newer", folder / "missing"
        with open(damaged, "w") as file:
            file.write('{"format": 1, "cards"')
        with open(newer, "w") as file:
            file.write('{"format": 99, "cards": {}, "met": {}}')
        for path, words in ((damaged, "no record of coverage"), (newer, "format 99"), (folder.path, "no record of coverage")):
            for result in (vmyna("run", "--coverage-file", path, "--", "touch", folder / "ran"), vmyna("coverage", path)):
                error_form(result, 2)
                contains("the error", result.err, words)
        expect(not os.path.exists(folder / "ran"), "the command ran")
        error_form(vmyna("coverage", missing), 2)
        error_form(vmyna("run", "--coverage-threshold", "much", "--", "true"), 2)
        error_form(vmyna("run", "--coverage-file", folder / "no" + "/such/file", "--", "true"), 3)
        # What cannot be written is told, and what was there stays.
        with open(damaged) as file:
            equal("the damaged file", file.read(), '{"format": 1, "cards"')
