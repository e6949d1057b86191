"""House rules that neither the compiler nor the formatter checks (CONTRIBUTING.md). Exit code 1 with one line a fault."""
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
# The card is a function: these modules know no clock, no file, no thread and no randomness of their own.
PURE = {"ISO7816": set(), "CardKernel": {"ISO7816"}, "MyNumberCard": {"CardKernel", "ISO7816"}, "CardRules": set(),
        "CounterTraining": {"CardRules", "MyNumberCard"}, "Scenario": {"MyNumberCard", "CardKernel", "ISO7816"},
        "Coverage": {"Trace", "MyNumberCard", "CardKernel", "ISO7816"}, "CardModel": {"ISO7816"}}
LONGEST_FILE = 400
# Generated tables and the prime pool are data, not code to read.
DATA = ("PrimePool", "Repertoire")

faults = []


def complain(path, line, text):
    faults.append(f"{path.relative_to(TOP)}:{line}: {text}")


def tracked():
    names = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, stdout=subprocess.PIPE, check=True).stdout
    return [TOP / name for name in names.decode().split("\0") if name and (TOP / name).is_file()]


def check_source(path, lines):
    module = path.relative_to(TOP / "Sources").parts[0]
    if len(lines) > LONGEST_FILE and not any(word in path.name for word in DATA):
        complain(path, len(lines), f"more than {LONGEST_FILE} lines: is it one thing?")
    for number, line in enumerate(lines, 1):
        code = line.split("//")[0]
        imported = re.match(r"\s*(?:public |@testable )?import (\w+)", code)
        if imported and module in PURE and imported[1] not in PURE[module]:
            complain(path, number, f"{module} may not import {imported[1]}")
        if imported and imported[1] == "COpenSSL" and module != "Cryptography":
            complain(path, number, "only Cryptography may import COpenSSL")
        if path.suffix == ".swift" and re.search(r"\btry!|\bas!|\bfatalError\(|\bpreconditionFailure\(", code):
            complain(path, number, "this can trap")


def check_text(path, lines):
    for number, line in enumerate(lines, 1):
        if re.search(r"\b(TODO|FIXME|XXX)\b", line) and path.name != "tidy.py":
            complain(path, number, "a left-over")
        if re.match(r"(<<<<<<<|>>>>>>>) ", line):
            complain(path, number, "a conflict that was never settled")
        if re.search(r"O=JPKI[,/\"' ]*$", line) and path.suffix in {".pem", ".der"}:
            complain(path, number, "a real authority's certificate")


for path in tracked():
    if path.name in {"Package.resolved"} or ".build" in path.parts:
        complain(path, 1, "build products are not kept")
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        continue
    check_text(path, lines)
    if path.is_relative_to(TOP / "Sources") and path.suffix in {".swift", ".c", ".h"}:
        check_source(path, lines)

print("\n".join(faults) if faults else "tidy: no fault")
sys.exit(1 if faults else 0)
