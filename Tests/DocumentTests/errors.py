"""The texts of every error, collected from the sources, against the index in Docs/Errors.md.

    errors.py            what is missing in the index, and what is in it without need; exit code 1 when anything is
    errors.py --list     the texts that were found

An error is a string literal that is the first word of an error type, or of any call that also names a `fix:`. What is
filled in stands as `…`.
"""

import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
INDEX = TOP / "Docs" / "Errors.md"
TYPES = ("AuthorityError", "ContentFault", "FaceFault", "FaultSyntax", "HistoryFault", "ImageFault", "OfficeRefusal", "PCSCFault",
         "ResidentFault", "ServiceFault", "StoryFault", "StoryRefusal", "UserError", "ValidationError", "WorldError")
# Every finding of doctor explains itself in both languages.
SPEAKS_FOR_ITSELF = {"Doctor"}
CALL = re.compile(r"\b(\w+)\(\s*(?:problem:\s*)?(?=\")")
# Makers of errors whose fix is always the same.
MAKERS = TYPES + ("fault", "refuse")


def literal(text, place):
    """The string literal at `place`, with `…` for what is filled in, and the place after it."""
    result = ""
    place += 1
    while text[place] != '"':
        if text[place] == "\\" and text[place + 1] == "(":
            depth, place = 1, place + 2
            while depth:
                if text[place] == '"':
                    _, place = literal(text, place)
                    continue
                depth += {"(": 1, ")": -1}.get(text[place], 0)
                place += 1
            result += "…"
        elif text[place] == "\\":
            result += {"n": " ", "t": " "}.get(text[place + 1], text[place + 1])
            place += 2
        else:
            result += text[place]
            place += 1
    return result, place + 1


def names_a_fix(source, place):
    """Whether the call that goes on at `place` has an argument `fix:`."""
    depth = 1
    while place < len(source) and depth:
        if source[place] == '"':
            _, place = literal(source, place)
            continue
        if depth == 1 and source.startswith("fix:", place):
            return True
        depth += {"(": 1, ")": -1}.get(source[place], 0)
        place += 1
    return False


def texts_of(source):
    # Texts over several lines are pages, not errors.
    source = re.sub(r'"""(?:.|\n)*?"""', '""', source)
    for match in CALL.finditer(source):
        if source.rfind("//", source.rfind("\n", 0, match.start()) + 1, match.start()) >= 0 or source[:match.start()].endswith("func "):
            continue
        text, place = literal(source, match.end())
        while True:
            more = re.compile(r"\s*\+\s*(?=\")").match(source, place)
            if not more:
                break
            added, place = literal(source, more.end())
            text += added
        if match[1] in MAKERS or names_a_fix(source, place):
            yield " ".join(re.sub(r"…+", "…", text).split())


def collected():
    """Text to the module that tells it."""
    found = {}
    for path in sorted((TOP / "Sources").rglob("*.swift")):
        module = path.relative_to(TOP / "Sources").parts[0]
        for text in texts_of(path.read_text(encoding="utf-8")):
            # A text that is only passed on has its birthplace elsewhere.
            if " " in text and re.search("[a-z]", text) and module not in SPEAKS_FOR_ITSELF:
                found.setdefault(text, module)
    return found


def indexed():
    """The first column of every table in the index that holds errors."""
    texts = []
    for line in INDEX.read_text(encoding="utf-8").splitlines():
        match = re.match(r"\| `(.+?)` \| (.+) \| (.+) \|$", line)
        if match:
            texts.append((match[1], match[2].strip(), match[3].strip()))
    return texts


def main():
    found = collected()
    if sys.argv[1:] == ["--list"]:
        for text, module in sorted(found.items(), key=lambda item: (item[1], item[0])):
            print(f"{module}\t{text}")
        return 0
    faults = []
    index = indexed()
    names = [text for text, _, _ in index]
    faults += [f"{module}: not in Docs/Errors.md: `{text}`" for text, module in found.items() if text not in names]
    faults += [f"Docs/Errors.md: no source tells `{text}`" for text in names if text not in found]
    faults += [f"Docs/Errors.md: twice: `{text}`" for text in set(names) if names.count(text) > 1]
    for text, english, japanese in index:
        if not re.search("[ぁ-ん一-龥ァ-ン]", japanese) or not re.search("[a-z]", english):
            faults.append(f"Docs/Errors.md: not in both languages: `{text}`")
    for fault in faults:
        print(fault)
    print(f"errors: {len(found)} in the sources, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
