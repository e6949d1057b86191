"""Types PINs into the dialog of a headless Chromium, then prints the text of its page.

    chromium_pin.py UI_PORT PAGE_PORT PIN…

A headless Chromium draws its PIN dialog like any other, on no screen. --enable-ui-devtools=UI_PORT lets the dialog be
seen and typed into; --remote-debugging-port=PAGE_PORT shows the page. One PIN for each time that the dialog comes."""

import base64
import json
import os
import re
import socket
import struct
import sys
import time
import urllib.request

LIMIT = 60


class Connection:
    """A WebSocket that speaks the DevTools protocol."""

    def __init__(self, port, path):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=LIMIT)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        self.file = self.socket.makefile("rb")
        while self.file.readline().strip():
            pass
        self.number = 0

    def receive(self):
        text = b""
        while True:
            first, second = self.file.read(2)
            length = second & 0x7F
            if length == 126:
                length, = struct.unpack(">H", self.file.read(2))
            elif length == 127:
                length, = struct.unpack(">Q", self.file.read(8))
            text += self.file.read(length)
            if first & 0x80:
                return json.loads(text)

    def call(self, method, **parameters):
        self.number += 1
        data = json.dumps({"id": self.number, "method": method, "params": parameters}).encode()
        mask = os.urandom(4)
        size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xFE" + struct.pack(">H", len(data))
        self.socket.sendall(b"\x81" + size + mask + bytes(byte ^ mask[place % 4] for place, byte in enumerate(data)))
        while True:
            message = self.receive()
            if message.get("id") == self.number:
                if "error" in message:
                    sys.exit(f"{method}: {message['error']['message']}")
                return message["result"]


def until(what, condition):
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    sys.exit(f"{what} did not happen in {LIMIT} s")


def reachable(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


def nodes(node):
    yield node
    for child in node.get("children", []):
        yield from nodes(child)


def name(node):
    attributes = node.get("attributes", [])
    return dict(zip(attributes[::2], attributes[1::2])).get("name")


def field(dialog):
    return next(part["nodeId"] for part in nodes(dialog) if name(part) == "Textfield")


class Screen:
    """What a headless Chromium would show."""

    def __init__(self, port):
        self.connection = Connection(port, "/0")
        self.connection.call("DOM.enable")
        self.connection.call("CSS.enable")

    def dialog(self):
        root = self.connection.call("DOM.getDocument")["root"]
        for node in nodes(root):
            if name(node) == "CryptoModulePasswordDialogView" and any(name(part) == "Textfield" for part in nodes(node)):
                return node
        return None

    def property(self, node, wanted):
        rules = self.connection.call("CSS.getMatchedStylesForNode", nodeId=node)["matchedCSSRules"]
        for rule in rules:
            for entry in rule["rule"]["style"]["cssProperties"]:
                if entry["name"] == wanted:
                    return entry["value"]
        return None

    def type(self, dialog, pin):
        """Types until it stands there: a dialog that is still being put up on a busy machine takes no keys."""
        def typed():
            if not self.property(field(dialog), "Text"):
                for character in pin:
                    event = {"type": "keyPressed", "keyCode": ord(character), "code": 0, "flags": 0, "key": ord(character),
                             "isChar": True}
                    self.connection.call("DOM.dispatchKeyEvent", nodeId=field(dialog), event=event)
            end = time.monotonic() + 3
            while time.monotonic() < end:
                if self.property(field(dialog), "Text") == pin:
                    return True
                time.sleep(0.1)
            return False

        until("the PIN in the dialog", typed)

    def press(self, pin):
        """Presses the dialog's button; True once the dialog with this PIN is gone. An empty field is the next dialog's."""
        dialog = self.dialog()
        if not dialog or self.property(field(dialog), "Text") != pin:
            return True
        for button in nodes(dialog):
            if name(button) == "MdTextButton" and self.property(button["nodeId"], "IsDefault") == "true":
                for kind in ("mousePressed", "mouseReleased"):
                    event = {"type": kind, "button": "left", "x": 5, "y": 5, "wheelDirection": "none"}
                    self.connection.call("DOM.dispatchMouseEvent", nodeId=button["nodeId"], event=event)
        # A dialog is deaf to clicks while it is new, against those that were meant for what it hides; each click then
        # makes it new again for half a second.
        time.sleep(1)
        return False


def page_text(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/json", timeout=LIMIT) as answer:
        page = next(entry for entry in json.load(answer) if entry["type"] == "page")
    connection = Connection(port, re.sub(r"^ws://[^/]*", "", page["webSocketDebuggerUrl"]))
    expression = "document.readyState == 'complete' && document.body ? document.body.innerText.trim() : ''"
    return until("the page", lambda: connection.call("Runtime.evaluate", expression=expression)["result"]["value"])


def main():
    ui_port, page_port, *pins = sys.argv[1:]
    until("the start of Chromium", lambda: reachable(int(ui_port)) and reachable(int(page_port)))
    screen = Screen(int(ui_port))
    for pin in pins:
        screen.type(until("the PIN dialog", screen.dialog), pin)
        until("the end of the PIN dialog", lambda: screen.press(pin))
    print(page_text(int(page_port)))


main()
