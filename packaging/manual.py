#!/usr/bin/python3
"""Writes the manual pages from the command line itself: vmyna.1, one page per sub-command, and ja/vmyna.1 in Japanese, whose sentences are those
of manual.ja.json; a command that has none there keeps its English one.

    vmyna --experimental-dump-help | packaging/manual.py FOLDER VERSION DATE
"""

import json
import os
import sys

SECTIONS = {
    "EXIT STATUS": """.TP
.B 0
Done.
.TP
.B 1
The answer is "no": a check failed, a card refused.
.TP
.B 2
The command was used wrongly.
.TP
.B 3
The machine lacks something: pcscd, a permission. The message says how to mend it.
.PP
.B vmyna run
gives the exit status of the command that it ran; 124 when its time was over, 126 or 127 when it could not be started,
128 and the signal when a signal ended it.
""",
    "ENVIRONMENT": """.TP
.B VMYNA_SOCKET
The card service's socket, where no \\fB\\-\\-socket\\fR is given.
.TP
.B VMYNA_CARDS
The folder of the gallery.
.TP
.B VMYNA_DRIVER
The reader driver that \\fBvmyna run\\fR uses.
.TP
.B VMYNA_PCSCD
The pcscd that \\fBvmyna run\\fR uses.
.TP
.B VMYNA_RUN_ROAD
The only way to a private pcscd that \\fBvmyna run\\fR tries: \\fBnamespace\\fR, \\fBuser\\-namespace\\fR, \\fBsocket\\fR or \\fBmachine\\fR.
.TP
.B PCSCLITE_CSOCK_NAME
pcscd's socket, for clients. \\fBvmyna run\\fR sets it for its command.
""",
    "FILES": """.TP
.I /etc/reader.conf.d/vmyna
The readers that pcscd shows.
.TP
.I /usr/lib/pcsc/drivers/serial/libifdvmyna.so
The reader driver.
.TP
.I /run/vmyna/socket
The socket of the card service that runs as vmyna.service.
.TP
.I /etc/default/vmyna
Options of that service.
.TP
.I /usr/share/vmyna/CardImages
The gallery: one file per invented resident.
""",
    "NOTES": """The card answers with a test root only, its residents are invented, and no real service accepts it: that is its purpose.
""",
}


def escape(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.split("\n"))


def name_of(name):
    return ("--" if name["kind"] == "long" else "-") + name["name"]


def is_shown(argument):
    return argument.get("shouldDisplay", True)


def synopsis(path, command):
    words = [f".B {escape(' '.join(path))}"]
    subcommands = [sub for sub in command.get("subcommands", []) if sub["commandName"] != "help"]
    for argument in filter(is_shown, command.get("arguments", [])):
        if argument["kind"] == "positional":
            word = f"\\fI{escape(argument['valueName'])}\\fR" + (" ..." if argument["isRepeating"] else "")
        else:
            word = f"\\fB{escape(name_of(argument['preferredName']))}\\fR"
            if argument["kind"] == "option":
                word += f" \\fI{escape(argument['valueName'])}\\fR"
            word += " ..." if argument["isRepeating"] else ""
        words.append(f"[{word}]" if argument["isOptional"] else word)
    if subcommands:
        words.append("\\fIcommand\\fR ...")
    return "\n".join(words) + "\n"


def options(command):
    text = ""
    for argument in filter(is_shown, command.get("arguments", [])):
        if argument["kind"] == "positional":
            head = f"\\fI{escape(argument['valueName'])}\\fR"
        else:
            head = ", ".join(f"\\fB{escape(name_of(name))}\\fR" for name in argument["names"])
            if argument["kind"] == "option":
                head += f" \\fI{escape(argument['valueName'])}\\fR"
        about = escape(argument.get("abstract", ""))
        values = argument.get("allValues")
        if values:
            about += f" One of {escape(', '.join(values))}."
        if argument.get("defaultValue") is not None and argument["kind"] != "flag":
            about += f" Default: {escape(argument['defaultValue'])}."
        text += f".TP\n{head}\n{about or 'No more is to be said.'}\n"
    return text


def commands(path, command):
    text = ""
    for sub in command.get("subcommands", []):
        if sub["commandName"] != "help" and sub.get("shouldDisplay", True):
            page = escape("-".join(path + [sub["commandName"]]))
            text += f".TP\n.BR {page} (1)\n{escape(sub.get('abstract', ''))}\n"
    return text


def page(path, command, version, date):
    name = "-".join(path)
    text = f'.TH {escape(name).upper()} 1 "{date}" "vmyna {version}" "vmyna"\n'
    text += f".SH NAME\n{escape(name)} \\- {escape(command.get('abstract', '').rstrip('.'))}\n"
    text += ".SH SYNOPSIS\n.nh\n.ad l\n" + synopsis(path, command) + ".ad\n.hy\n"
    if command.get("discussion"):
        text += ".SH DESCRIPTION\n" + escape(command["discussion"]).replace("\n\n", "\n.PP\n") + "\n"
    listed = commands(path, command)
    if listed:
        text += ".SH COMMANDS\n" + listed
    text += ".SH OPTIONS\n" + options(command)
    sections = SECTIONS if len(path) == 1 else {"EXIT STATUS": SECTIONS["EXIT STATUS"]}
    for title, body in sections.items():
        text += f".SH {title}\n{body}"
    related = [path[:-1]] if len(path) > 1 else []
    others = [f".BR {escape('-'.join(p))} (1)" for p in related] + [".BR pcscd (8)", ".BR opensc-tool (1)".replace("-", "\\-")]
    return text + ".SH SEE ALSO\n" + ",\n".join(others) + "\n"


def write(folder, path, command, version, date):
    with open(os.path.join(folder, "-".join(path) + ".1"), "w", encoding="utf-8") as file:
        file.write(page(path, command, version, date))
    for sub in command.get("subcommands", []):
        if sub["commandName"] != "help" and sub.get("shouldDisplay", True):
            write(folder, path + [sub["commandName"]], sub, version, date)


def breakable(text):
    """Japanese with the places where a line may end, which troff does not know of: not before a closing sign, not after an opening one."""
    result = ""
    for before, after in zip(text, text[1:] + " "):
        wide = before > "\u2fff" and after > "\u2fff"
        result += before + ("\\:" if wide and after not in "、。）」』ー…っゃゅょッャュョ" and before not in "（「『" else "")
    return result


def japanese(command, version, date):
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "manual.ja.json"), encoding="utf-8") as file:
        words = json.load(file)
    name = command["commandName"]
    text = f'.TH {escape(name).upper()} 1 "{date}" "vmyna {version}" "vmyna"\n'
    text += f".SH 名前\n{escape(name)} \\- {escape(words['abstract'])}\n"
    text += ".SH 書式\n" + synopsis([name], command) + ".SH 説明\n" + escape(words["description"]) + "\n.SH コマンド\n"
    for sub in command.get("subcommands", []):
        if sub["commandName"] != "help" and sub.get("shouldDisplay", True):
            page_name = escape(f"{name}-{sub['commandName']}")
            text += f".TP\n.BR {page_name} (1)\n{escape(words['commands'].get(sub['commandName'], sub.get('abstract', '')))}\n"
    text += ".SH オプション\n"
    for argument in filter(is_shown, command.get("arguments", [])):
        names = [name_of(entry) for entry in argument.get("names") or []]
        about = next((words["options"][entry] for entry in names if entry in words["options"]), argument.get("abstract", ""))
        text += ".TP\n" + ", ".join(f"\\fB{escape(entry)}\\fR" for entry in names) + f"\n{escape(about)}\n"
    text += ".SH 終了コード\n" + "".join(f".TP\n.B {code}\n{about}\n" for code, about in words["exit"])
    text += f".PP\n{words['run']}\n.SH 注意\n{words['notes']}\n"
    text += ".SH 関連項目\n.BR vmyna\\-run (1),\n.BR pcscd (8)\n"
    lines = [line if line.startswith((".TH", ".SH", ".BR", ".TP")) else breakable(line) for line in text.split("\n")]
    return "\n".join(lines).replace("\n.SH", "\n.ad l\n.SH", 1)


def main():
    if len(sys.argv) != 4:
        print("vmyna: three words are needed, manual.py\n  fix: manual.py FOLDER VERSION DATE", file=sys.stderr)
        return 2
    folder, version, date = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    top = json.load(sys.stdin)["command"]
    write(folder, [top["commandName"]], top, version, date)
    os.makedirs(os.path.join(folder, "ja"), exist_ok=True)
    with open(os.path.join(folder, "ja", top["commandName"] + ".1"), "w", encoding="utf-8") as file:
        file.write(japanese(top, version, date))
    return 0


sys.exit(main())
