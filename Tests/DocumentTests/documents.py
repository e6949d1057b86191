"""Links and commands in every document: a link leads somewhere, a `make` target, a `vmyna` command and its options exist.

    documents.py VMYNA      the program whose commands are meant; exit code 1 when anything is wrong
"""

import json
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
# Paths in other repositories.
ELSEWHERE = {"Sources/SelfVerify/TrustAnchors"}
LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)>\s]+)>?(?:\s+\"[^\"]*\")?\)")
# Where a command can begin: a line, a pipe, a list, `--` of `vmyna run`, behind variables and words that run others.
COMMAND = re.compile(r"(?:^|[|;&(`]|\s--|\b(?:sudo|exec|then|do|RUN|run:|CMD))\s*(?:[A-Z_]+=\S*\s+)*(?:\S*/)?(vmyna|make)\s+([^|;&)`#\n]*)")


def files(*patterns):
    names = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=TOP, stdout=subprocess.PIPE, check=True).stdout
    return [TOP / name for name in names.decode().split("\0") if name and (TOP / name).exists()]


def slug(heading):
    """A heading's anchor, as the usual hosts make it."""
    text = re.sub(r"`|\*|\[([^\]]*)\]\([^)]*\)", lambda match: match[1] or "", heading.strip().lower())
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def anchors(path):
    found, inside = {}, False
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            inside = not inside
        heading = None if inside else re.match(r"#+ (.*)", line)
        if heading:
            name = slug(heading[1])
            count = found[name] = found.get(name, -1) + 1
            if count:
                found[f"{name}-{count}"] = 0
    return set(found)


def code(lines):
    """What is code: number of the line, the text, and whether it is a block."""
    fenced, before_blank = None, True
    for number, line in enumerate(lines, 1):
        fence = re.match(r"\s*(```+|~~~+)(\w*)", line)
        if fence:
            fenced = None if fenced is not None else fence[2]
        elif fenced is not None:
            if fenced in ("", "sh", "shell", "bash", "console", "yaml", "dockerfile"):
                yield number, line, True
        elif line.startswith("    ") and before_blank:
            yield number, line, True
        else:
            for span in re.findall(r"`([^`]+)`", line):
                yield number, span, False
        before_blank = not line.strip() or (line.startswith("    ") and before_blank)


class Commands:
    def __init__(self, vmyna):
        text = subprocess.run([vmyna, "--experimental-dump-help"], stdout=subprocess.PIPE, check=True).stdout
        self.top = json.loads(text)["command"]
        makefile = (TOP / "Makefile").read_text(encoding="utf-8")
        self.targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))

    @staticmethod
    def find(command, name):
        return next((sub for sub in command.get("subcommands", []) if sub["commandName"] == name), None)

    def fault(self, program, rest):
        words = rest.split()
        if program == "make":
            unknown = [word for word in words if re.fullmatch(r"[a-z][a-z-]*", word) and word not in self.targets]
            return f"the Makefile has no target '{unknown[0]}'" if unknown and words[0] == unknown[0] else None
        command, path = self.top, ["vmyna"]
        while words and self.find(command, words[0]):
            path.append(words[0])
            command = self.find(command, words.pop(0))
        if command is self.top and words and re.fullmatch(r"[a-z][a-z-]*", words[0]):
            return f"there is no 'vmyna {words[0]}'"
        known = {("--" if name["kind"] == "long" else "-") + name["name"]
                 for argument in command.get("arguments", []) for name in argument.get("names") or []} | {"--help", "-h", "--version"}
        for word in words:
            if word == "--":
                break
            option = re.match(r"\[?(--[a-z][a-z-]*)", word)
            if option and option[1] not in known:
                return f"'{' '.join(path)}' has no {option[1]}"
        return None


def check(path, commands):
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    where = path.relative_to(TOP)
    plain = re.sub(r"```.*?```", lambda match: "\n" * match[0].count("\n"), text, flags=re.DOTALL)
    for number, line in enumerate(plain.splitlines(), 1):
        for target in LINK.findall(re.sub(r"`[^`]*`", "", line)):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            goal = (path.parent / name).resolve() if name else path
            if not goal.exists():
                yield f"{where}:{number}: the link leads nowhere: {target}"
            elif anchor and goal.suffix == ".md" and anchor not in anchors(goal):
                yield f"{where}:{number}: no such heading: {target}"
    folders = {entry.name for entry in TOP.iterdir() if entry.is_dir() and not entry.name.startswith(".")}
    for number, span, is_block in code(lines):
        for program, rest in COMMAND.findall(span):
            # In running text the words behind a command's name may be prose.
            fault = commands.fault(program, rest)
            if fault:
                yield f"{where}:{number}: {fault}"
        if not is_block and re.fullmatch(r"[\w.-]+(/[\w.-]+)+/?", span) and span.split("/")[0] in folders:
            # A capital N stands for any number.
            if span not in ELSEWHERE and not re.search(r"-N\b", span) and not (TOP / span).exists():
                yield f"{where}:{number}: there is no {span}"


def main():
    if len(sys.argv) != 2:
        print("vmyna: the program is missing, documents.py\n  fix: documents.py .build/debug/vmyna", file=sys.stderr)
        return 2
    commands = Commands(sys.argv[1])
    documents = files("*.md")
    faults = [fault for path in documents for fault in check(path, commands)]
    for fault in faults:
        print(fault)
    print(f"documents: {len(documents)} read, {len(faults)} faults")
    return 1 if faults else 0


sys.exit(main())
