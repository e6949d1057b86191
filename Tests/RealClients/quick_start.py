"""The commands of the quick start pages, run as they stand there."""

import os
import re

from harness import *

PAGES = ("QuickStart.md", "QuickStart.ja.md")
# What belongs to the machine and not to vmyna.
NOT_HERE = ("apt-get", "systemctl", "vmyna doctor")
# The page's wrong PIN.
MAY_FAIL = ("WRONG99",)


def blocks(page):
    """Blocks of shell commands, each as lines without comments."""
    with open(os.path.join(ROOT, "Docs", page), encoding="utf-8") as file:
        text = file.read()
    for block in re.findall(r"^ *```sh\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL):
        lines = [re.sub(r"\s+#.*", "", line).strip() for line in block.splitlines()]
        yield [line for line in lines if line and not any(word in line for word in NOT_HERE)]


@check("quick start: every command of the pages, in English and Japanese")
def quick_start():
    places = dict(os.environ, PATH=os.path.dirname(vmyna_program()) + ":" + os.environ["PATH"])
    count = 0
    found = [list(blocks(page)) for page in PAGES]
    equal("the commands of the two pages", [[re.sub("explain ..", "", line) for line in block] for block in found[0]],
          [[re.sub("explain ..", "", line) for line in block] for block in found[1]])
    for page, lists in zip(PAGES, found):
        for lines in filter(None, lists):
            # With a reader that stays: all of them with one card, which knows what came before.
            stays = any(line.startswith("sudo vmyna") for line in lines)
            script = "\n".join(line.removeprefix("sudo ") + (" || true" if any(word in line for word in MAY_FAIL) else "")
                               for line in lines)
            with Folder() as folder:
                words = ["sh", "-ec", script]
                result = in_world(*words, env=places, cwd=folder.path) if stays else run(*words, env=places, cwd=folder.path)
                result.ok(f"{page}:\n{script}\n")
                if stays:
                    contains(page, result.out, "sign           ●●●●● 5/5", "63C0")
            count += len(lines)
    return f"{count} commands"


def vmyna_program():
    import harness
    return harness.vmyna_path
