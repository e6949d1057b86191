"""The coverage table of the lessons: every rule, lesson and test that it names exists, and lessons and table agree.

    training.py             checks Docs/Training/Coverage.md; exit code 1 when anything is wrong
    training.py --fill      writes the lessons' column anew from the lessons' `statements:`
"""

import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
TABLE = TOP / "Docs/Training/Coverage.md"
STATEMENTS = 25


def rules():
    text = (TOP / "Docs/Rules.md").read_text(encoding="utf-8").split("## Sources")[0]
    return set(re.findall(r"^\| ([A-Z0-9][\w.-]*) \|", text, re.MULTILINE))


def listed(text, key):
    """The items of a list that stands in one line or below its key."""
    found = re.search(rf"^{key}:[ \t]*(\[[^\]]*\]|(?:\n[ ]*- .*)+)", text, re.MULTILINE)
    return [item.strip(" \"'-\n") for item in re.split(r"[,\n]", found[1].strip("[]\n")) if item.strip()] if found else []


def lessons():
    """Name of each lesson: the statements and the rules that it claims."""
    found = {}
    for path in sorted((TOP / "Training/lessons").glob("*.yaml")):
        text = "\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
        found[path.stem] = ([int(number) for number in listed(text, "statements")], listed(text, "rules"))
    return found


def tests():
    """`Suite/function` of every test, and `Suite/`."""
    found = set()
    for path in (TOP / "Tests").rglob("*.swift"):
        suite = None
        for line in path.read_text(encoding="utf-8").splitlines():
            head = re.match(r"(?:struct|final class|extension) (\w+)", line)
            suite = head[1] if head else suite
            function = re.match(r"  func (\w+)", line)
            if suite:
                found.add(f"{suite}/")
            if suite and function:
                found.add(f"{suite}/{function[1]}")
    return found


def rows():
    for number, line in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 5 and cells[0].isdigit():
            yield number, int(cells[0]), cells


def fill():
    claimed = lessons()
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    for number, statement, cells in rows():
        cells[3] = ", ".join(name for name, (statements, _) in claimed.items() if statement in statements) or "-"
        lines[number - 1] = "| " + " | ".join(cells) + " |"
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def faults():
    known, claimed, existing, seen = rules(), lessons(), tests(), []
    place = TABLE.relative_to(TOP)
    for number, statement, cells in rows():
        seen.append(statement)
        named = [name for name in re.split(r",\s*", cells[3]) if name not in ("", "-")]
        for rule in re.split(r",\s*", cells[2]):
            if rule not in known:
                yield f"{place}:{number}: there is no rule '{rule}'"
        for name in named:
            if name not in claimed:
                yield f"{place}:{number}: there is no lesson '{name}'"
            elif statement not in claimed[name][0]:
                yield f"{place}:{number}: lesson {name} does not name statement {statement} in 'statements:'"
        for name, (statements, _) in claimed.items():
            if statement in statements and name not in named:
                yield f"{place}:{number}: lesson {name} names statement {statement}; run training.py --fill"
        names = re.findall(r"`([^`]+)`", cells[4])
        for test in names:
            if test not in existing:
                yield f"{place}:{number}: there is no test '{test}'"
        if not named and not names:
            yield f"{place}:{number}: statement {statement} is neither practised nor tested"
    if seen != list(range(1, STATEMENTS + 1)):
        yield f"{place}: the rows are {seen}, not 1 to {STATEMENTS}"
    for name, (statements, used) in claimed.items():
        for rule in used:
            if rule not in known:
                yield f"Training/lessons/{name}.yaml: there is no rule '{rule}'"
        for statement in statements:
            if not 1 <= statement <= STATEMENTS:
                yield f"Training/lessons/{name}.yaml: there is no statement {statement}"
        if not (TOP / f"Training/plays/{name}/right.play").exists():
            yield f"Training/plays/{name}: there is no right.play"


if __name__ == "__main__":
    if sys.argv[1:] == ["--fill"]:
        fill()
    found = list(faults())
    print("\n".join(found) if found else f"training: {len(lessons())} lessons, {STATEMENTS} statements")
    sys.exit(1 if found else 0)
