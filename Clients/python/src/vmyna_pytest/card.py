"""The card in the reader: its counters, what it was told, and what can be done to it."""

import json
import os
import re
from dataclasses import dataclass

from .program import VmynaError


@dataclass(frozen=True)
class Exchange:
    """A command and its answer in hexadecimal digits, secrets as `··`, and what it means."""

    command: str
    response: str
    application: str
    file: str

    @property
    def status(self):
        """The status word, `9000`."""
        return self.response[-4:]

    @property
    def instruction(self):
        """The instruction byte, `20`."""
        return self.command[2:4]


class MynaCard:
    """The card of this test."""

    def __init__(self, reader, name):
        self.reader = reader
        self.program = reader.world.program
        self.name = name
        self.env = self._environment()
        self.begin = self._last_event()

    # Cards of the gallery do not change while pytest runs; files may.
    _environments = {}

    def _environment(self):
        text = self._environments.get(self.name)
        if text is None:
            text = self.program("show", "--env", "--", self.name)
            if not os.path.exists(self.name):
                self._environments[self.name] = text
        found = dict(re.findall(r"^(\w+)='(.*)'$", text, re.MULTILINE))
        found["VMYNA_READER"] = self.reader.name
        return found

    # ------------------------------------------------------------------------------------------------ counters

    def status(self):
        """What `vmyna status --json` tells."""
        told = self.reader.status()
        if told is None:
            raise VmynaError("the card is not in the reader\n  fix: call myna_reader.insert(…)")
        return told

    def tries(self, pin):
        """The tries left: sign, auth, textInput, residentRecord, common, numberA, numberB."""
        return self._pin(pin)["triesLeft"]

    def verified(self, pin):
        """Whether the PIN is verified at this moment."""
        return self._pin(pin)["verified"]

    def locked(self, pin):
        """Whether no try is left."""
        return self.tries(pin) == 0

    def _pin(self, name):
        pins = self.status()["pins"]
        if name not in pins:
            raise VmynaError(f"this card has no PIN '{name}'\n  fix: use one of {', '.join(pins)}")
        return pins[name]

    def pin(self, name):
        """The PIN that the card was made with, `myna_card.pin("auth")`."""
        variable = {"sign": "SIGN_PIN", "auth": "AUTH_PIN", "textInput": "TEXT_INPUT_PIN",
                    "residentRecord": "RESIDENT_RECORD_PIN", "numberA": "NUMBER_A", "numberB": "NUMBER_B"}.get(name)
        if variable is None or f"VMYNA_{variable}" not in self.env:
            raise VmynaError(f"nobody has set the PIN '{name}' of {self.name}")
        return self.env[f"VMYNA_{variable}"]

    # ------------------------------------------------------------------------------------------------ hands

    def set(self, pin, tries=None, value=None):
        """Sets a counter or a PIN without spending a try."""
        words = []
        if tries is not None:
            words.append(f"{pin}.tries={tries}")
        if value is not None:
            words.append(f"{pin}.pin={value}")
        self.program("set", "--slot", 0, "--", *words)

    def lock(self, pin):
        """No tries left."""
        self.set(pin, tries=0)

    def reset_pin(self, pin, value):
        """What the ward office does: a new PIN, a full counter."""
        self.program("operator", "reset-pin", "--slot", 0, "--new", value, "--", pin)

    def undo(self, steps=1):
        """Takes back the last steps of the card's state."""
        self.program("undo", "--slot", 0, steps)

    def snapshot(self, name):
        """Gives the present state a name."""
        self.program("snapshot", "--slot", 0, "--", name)

    def restore(self, name="image"):
        """Goes back to a snapshot, or to what the card was in the beginning."""
        self.program("restore", "--slot", 0, "--", name)

    def fault(self, words):
        """Lets something go wrong, in the words of `vmyna fault`: "remove during sign", "mute at verify"."""
        self.program("fault", "--slot", 0, *words.split())

    def clear_faults(self):
        """Takes back what has not happened yet."""
        self.program("fault", "--slot", 0, "clear")

    # ------------------------------------------------------------------------------------------------ what was said

    def _events(self):
        return [json.loads(line) for line in self.program("trace", "--json", "--slot", 0).splitlines() if line.startswith("{")]

    def _last_event(self):
        events = self._events()
        return events[-1]["seq"] if events else 0

    @property
    def exchanges(self):
        """What was said to this card and by it, oldest first; the service keeps the last two thousand events."""
        return [Exchange(event["command"], event["response"], event.get("application", ""), event.get("file") or "")
                for event in self._events() if event["kind"] == "exchange" and event["seq"] > self.begin]

    def explain(self, language="en", most=8):
        """The last exchanges in words; empty when nothing was said."""
        count = len(self.exchanges)
        if count == 0:
            return ""
        lines = self.program("trace", "--slot", 0, "--explain", language).splitlines()
        # An exchange is a line of its own and what is indented under it.
        starts = [number for number, line in enumerate(lines) if re.match(r"\s*\d+ \d\d:", line)]
        begin = starts[-min(most, len(starts))] if starts else 0
        return "\n".join(lines[begin:])

