"""The commands in Docs/Clients.md are those that the clients here run, word for word. UPDATE=1 rewrites the page.

In a client, what is shown stands between ">>> Docs/Clients.md" and "<<<". In the page, the code block under a line
<!-- Tests/Clients/NAME --> shows the next such part of that file."""

import os
import re
import sys
import textwrap

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PAGE = os.path.join(ROOT, "Docs", "Clients.md")
SHOWN = re.compile(r"^[ \t]*(?:#|//) >>> Docs/Clients\.md\n(.*?)^[ \t]*(?:#|//) <<<$", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"(<!-- (Tests/Clients/\S+) -->\n```\w*\n)(.*?)(^```$)", re.MULTILINE | re.DOTALL)
NO_CLIENTS = {"run.sh", "compare.py", "pytest-plugin.sh"}


def shown_parts(path):
    with open(os.path.join(ROOT, path)) as file:
        return [textwrap.dedent(part) for part in SHOWN.findall(file.read())]


def main():
    with open(PAGE) as file:
        page = file.read()
    faults, used = [], {}

    def block(match):
        path = match.group(2)
        parts, number = shown_parts(path), used.get(path, 0)
        used[path] = number + 1
        if number >= len(parts):
            faults.append(f"{path} has no part {number + 1} that is to be shown")
            return match.group(0)
        if match.group(3) != parts[number]:
            faults.append(f"the page differs from part {number + 1} of {path}")
        return match.group(1) + parts[number] + match.group(4)

    updated = BLOCK.sub(block, page)
    if os.environ.get("UPDATE") == "1":
        with open(PAGE, "w") as file:
            file.write(updated)
        faults = [fault for fault in faults if not fault.startswith("the page differs")]
    for name in sorted(os.listdir(HERE)) + ["lib/" + name for name in sorted(os.listdir(os.path.join(HERE, "lib")))]:
        path = f"Tests/Clients/{name}"
        if name in NO_CLIENTS or not os.path.isfile(os.path.join(ROOT, path)):
            continue
        missing = len(shown_parts(path)) - used.get(path, 0)
        if missing > 0:
            faults.append(f"the page does not show all of {path}: {missing} parts are missing")
        if not name.startswith("lib/") and path not in page:
            faults.append(f"the page does not name {path}")
    for fault in faults:
        print(f"FAILED  Docs/Clients.md: {fault}")
    if faults:
        print("    UPDATE=1 Tests/Clients/compare.py takes the commands over from the tests")
        sys.exit(1)
    print(f"ok      Docs/Clients.md: {sum(used.values())} code blocks are what the tests run")


if __name__ == "__main__":
    main()
