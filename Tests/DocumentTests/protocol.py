"""The control connection against Docs/Protocol.md: the conversation in it is held with a service, and every key compared.

    protocol.py VMYNA      the program whose service is meant; exit code 1 when anything differs
"""

import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
DOCUMENT = TOP / "Docs" / "Protocol.md"
SERVICE = TOP / "Sources" / "CardService"
CALL = re.compile(r"With `vmyna (serve [^`]+)`")
# Keys that are names of their own.
FREE = {"snapshots"}
# Lists that may be empty with one card and full with another.
MAY_BE_EMPTY = {"pins", "remarks", "changes", "faults", "events"}


def shape(value, key=None):
    """What must not change: keys and kinds of values."""
    if isinstance(value, dict):
        return "object" if key in FREE else {name: shape(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def agree(ours, theirs, place):
    """Where two shapes differ."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in sorted(ours.keys() | theirs.keys()):
            if name not in ours or name not in theirs:
                yield f"{place}.{name} is only in the {'document' if name in theirs else 'answer'}"
            else:
                yield from agree(ours[name], theirs[name], f"{place}.{name}")
    elif isinstance(ours, list) and isinstance(theirs, list):
        if ours and theirs:
            yield from agree(ours[0], theirs[0], place + "[]")
        elif ours != theirs and place.rsplit(".", 1)[-1] not in MAY_BE_EMPTY:
            yield f"{place} is empty on one side"
    elif ours != theirs:
        yield f"{place} is {ours} in the answer, {theirs} in the document"


def connect(path):
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    connection.settimeout(20)
    connection.connect(path)
    connection.send(b"VMYN\x01\x01\x02\x00")
    if connection.recv(64)[5] != 0:
        sys.exit("the hello was refused")
    return connection


def answers(path, pairs):
    """What the service says to each request: `watch` has a connection of its own."""
    connection = connect(path)
    for request, _ in pairs:
        here = connect(path) if request["action"] == "watch" else connection
        here.send(json.dumps(request).encode())
        yield json.loads(here.recv(1 << 17))


def main():
    text = DOCUMENT.read_text(encoding="utf-8")
    section = text[text.index("## Role 2: control"):text.index("## Time limits")]
    block = section[section.index("```text"):]
    lines = [line for line in block.splitlines() if line.startswith(("> ", "< "))]
    pairs = [(json.loads(ask[2:]), json.loads(said[2:])) for ask, said in zip(lines[::2], lines[1::2])]
    faults = []

    # The actions: those of the code, of the table, and of the conversation.
    code = "".join((SERVICE / name).read_text() for name in ("ControlActions.swift", "ControlConnection.swift"))
    known = {name for line in re.findall(r"case ((?:\"\w+\"(?:, )?)+):", code) for name in re.findall(r"\w+", line)}
    table = set(re.findall(r"^\| `(\w+)` \|[^\n]*\|[^\n]*\|$", section[section.index("| `action` | `arguments`"):], re.M))
    told = {request["action"] for request, _ in pairs}
    for name in sorted(known - table):
        faults.append(f"the action {name} is not in the table")
    for name in sorted(known - told):
        faults.append(f"the action {name} is not in the conversation")

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "socket")
        words = CALL.search(section)[1].split()
        service = subprocess.Popen([sys.argv[1], *words, "--socket", path], stdout=subprocess.PIPE, text=True)
        try:
            if service.stdout.readline() != "ready\n":
                sys.exit("the service does not start")
            for (request, said), answer in zip(pairs, answers(path, pairs)):
                for fault in agree(shape(answer), shape(said), ""):
                    faults.append(f"{request['action']}: {fault}")
        finally:
            service.terminate()
            service.wait()
    for fault in faults:
        print(f"Docs/Protocol.md: {fault}")
    print(f"protocol: {len(pairs)} requests, {'no fault' if not faults else f'{len(faults)} faults'}")
    sys.exit(1 if faults else 0)


main()
