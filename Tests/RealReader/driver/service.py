"""A stand-in for the card service that speaks Docs/Protocol.md, well or badly.

Commands come as lines on standard input, each answered by one JSON line:
  insert N, eject N, swap N   change slot N; the answer tells when (monotonic clock)
  behave NAME                 see Behaviour below; "good" is the right one
  log                         kinds received since the last log, as [slot, kind] pairs
  links                       number of open role 0 and role 1 connections
"""

import json
import os
import socket
import struct
import sys
import threading
import time

PRESENCE, POWER_ON, RESET, POWER_OFF, TRANSMIT, CONTROL = range(1, 7)
OK, NO_CARD, MUTE, BAD_REQUEST = range(4)
MESSAGE_MAX = 65556
APDU_MAX = 65548
ATR = bytes.fromhex("3BDA13FF8131FB468012392F31C173C601C03B")


class Slot:
    def __init__(self, number, present):
        self.number = number
        self.present = present
        self.powered = False
        self.counter = 0
        self.commands = None
        self.events = None
        self.lock = threading.Lock()


class Service:
    def __init__(self, path, slots, present):
        self.slots = [Slot(n, present) for n in range(slots)]
        self.behaviour = "good"
        self.lists = None
        self.log = []
        if os.path.exists(path):
            os.unlink(path)
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.listener.bind(path)
        self.listener.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            if self.behaviour == "no-accept":
                time.sleep(0.02)
                continue
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            self.hello(connection)
        except OSError:
            pass
        finally:
            connection.close()

    def hello(self, connection):
        message = connection.recv(MESSAGE_MAX + 1)
        bad = HELLOS.get(self.behaviour)
        if bad is not None:
            bad(connection)
            return
        if len(message) != 8 or message[:4] != b"VMYN":
            return
        lowest, highest, role, number = message[4:8]
        if not lowest <= 1 <= highest or role > 1:
            connection.send(b"VMYN\0\1\0\0")
            return
        if number >= len(self.slots):
            connection.send(b"VMYN\1\2\0\0")
            return
        slot = self.slots[number]
        name = "events" if role else "commands"
        with slot.lock:
            busy = getattr(slot, name) is not None
            if not busy:
                setattr(slot, name, connection)
        if busy:
            connection.send(b"VMYN\1\3\0\0")
            return
        try:
            with slot.lock:
                connection.send(b"VMYN\1\0\0\0")
                if role:
                    self.send_event(slot)
            self.watch(connection, slot) if role else self.commands(connection, slot)
        finally:
            with slot.lock:
                setattr(slot, name, None)
                if not role:
                    slot.powered = False

    def watch(self, connection, slot):
        """The client sends nothing; whatever comes is its end."""
        bad = EVENTS.get(self.behaviour)
        if bad is not None:
            bad(self, connection, slot)
            return
        connection.recv(1)

    def commands(self, connection, slot):
        while True:
            message = connection.recv(MESSAGE_MAX + 1)
            if len(message) < 4 or len(message) > MESSAGE_MAX:
                return
            kind, sequence = message[0], message[1]
            self.log.append([slot.number, kind])
            bad = COMMANDS.get(self.behaviour)
            if bad is not None and kind == TRANSMIT:
                if bad(self, connection, slot, message) is not True:
                    continue
            status, payload = self.run(slot, kind, message[4:])
            answer = bytes([kind | 0x80, sequence, status, 0]) + payload
            connection.send(answer)

    def run(self, slot, kind, payload):
        with slot.lock:
            present, powered = slot.present, slot.powered
            if kind == PRESENCE:
                return OK, bytes([present])
            if kind in (POWER_ON, RESET):
                slot.powered = present
                return (OK, ATR) if present else (NO_CARD, b"")
            if kind == POWER_OFF:
                slot.powered = False
                return OK, b""
        if kind == CONTROL and self.lists is not None and payload[:4] in (b"\x42\0\x0D\x48", b"\x42\x33\0\x12"):
            return OK, self.lists
        if kind == CONTROL:
            return (OK, payload[::-1]) if payload[:4] == b"\x42\0\0\7" else (BAD_REQUEST, b"")
        if kind != TRANSMIT:
            return BAD_REQUEST, b""
        if not present:
            return NO_CARD, b""
        if not powered:
            return MUTE, b""
        instruction = payload[1] if len(payload) > 1 else 0
        if instruction == 0xB0:
            return OK, bytes(range(256)) + b"\x90\0"
        if instruction == 0xEE:
            return OK, (payload[::-1] + b"\x90\0")[-APDU_MAX:]
        if instruction == 0xEF:
            return OK, bytes([slot.number]) + b"\x90\0"
        if instruction == 0xED:
            time.sleep(0.4)
            return OK, b"\x90\0"
        return OK, b"\x6D\0"

    def send_event(self, slot):
        """The slot is locked."""
        if slot.events is not None:
            kind = 1 if slot.present else 2
            try:
                slot.events.send(struct.pack(">BBHI", kind, slot.number, 0, slot.counter))
            except OSError:
                pass

    def change(self, slot, present):
        with slot.lock:
            if slot.present != present:
                slot.present = present
                slot.powered = False
                slot.counter = (slot.counter + 1) % 2**32
                self.send_event(slot)


def half(connection):
    connection.send(b"VMYN")
    time.sleep(0.3)


HELLOS = {
    "hello-half": half,
    "hello-magic": lambda c: c.send(b"VMYX\1\0\0\0"),
    "hello-version": lambda c: c.send(b"VMYN\7\0\0\0"),
    "hello-no-common": lambda c: c.send(b"VMYN\0\1\0\0"),
    "hello-status": lambda c: c.send(b"VMYN\1\x09\0\0"),
    "hello-long": lambda c: c.send(b"VMYN\1\0\0\0" + b"x" * 5000),
    "hello-busy": lambda c: c.send(b"VMYN\1\3\0\0"),
    "hello-silent": lambda c: time.sleep(3),
    "hello-close": lambda c: None,
}


def flood_events(service, connection, slot):
    while service.behaviour == "event-flood":
        slot.counter += 1
        connection.send(struct.pack(">BBHI", slot.counter % 2 + 1, slot.number, 0, slot.counter % 2**32))


def event(connection, message):
    connection.send(message)
    time.sleep(1)


EVENTS = {
    "event-short": lambda sv, c, s: event(c, b"\2"),
    "event-long": lambda sv, c, s: event(c, b"\2" * 70000),
    "event-kind": lambda sv, c, s: event(c, struct.pack(">BBHI", 9, s.number, 0, s.counter + 1)),
    "event-slot": lambda sv, c, s: event(c, struct.pack(">BBHI", 2, s.number + 1, 0, s.counter + 1)),
    "event-same": lambda sv, c, s: event(c, struct.pack(">BBHI", 1, s.number, 0, s.counter + 1)),
    "event-counter": lambda sv, c, s: event(c, struct.pack(">BBHI", 2, s.number, 0, s.counter + 5)),
    "event-flood": flood_events,
    "event-close": lambda sv, c, s: None,
}


def answer(status=0, payload=b"\x90\0", kind=0x85, shift=0, reserved=0):
    def act(service, connection, slot, message):
        connection.send(bytes([kind, (message[1] + shift) % 256, status, reserved]) + payload)
    return act


def flood_answers(service, connection, slot, message):
    wrong = bytes([0x85, (message[1] + 1) % 256, 0, 0]) + b"\x90\0"
    while service.behaviour == "answer-flood":
        connection.send(wrong)


def flood_more_time(service, connection, slot, message):
    while service.behaviour == "more-time-flood":
        connection.send(bytes([0xFF, message[1], 0, 0, 0, 0, 0, 1]))
        time.sleep(0.0005)


def more_time(service, connection, slot, message):
    for _ in range(3):
        connection.send(bytes([0xFF, message[1], 0, 0]) + struct.pack(">I", 7000))
        time.sleep(2.1)
    return True


def remove_meanwhile(service, connection, slot, message):
    service.change(slot, False)
    return True


def close(service, connection, slot, message):
    raise OSError


def late(service, connection, slot, message):
    time.sleep(5.5)
    return True


COMMANDS = {
    "answer-empty-payload": answer(payload=b""),
    "answer-one-byte": answer(payload=b"\x90"),
    "answer-header-cut": lambda sv, c, s, m: c.send(b"\x85"),
    "answer-too-long": answer(payload=b"z" * (APDU_MAX + 1)),
    "answer-far-too-long": answer(payload=b"z" * 150000),
    "answer-wrong-sequence": answer(shift=1),
    "answer-wrong-kind": answer(kind=0x86),
    "answer-wrong-status": answer(status=77, payload=b""),
    "answer-reserved": answer(reserved=1),
    "answer-flood": flood_answers,
    "answer-close": close,
    "answer-silent": lambda sv, c, s, m: None,
    "answer-late": late,
    "answer-mute": answer(status=MUTE, payload=b""),
    "answer-removed": remove_meanwhile,
    "more-time": more_time,
    "more-time-flood": flood_more_time,
    "more-time-cut": lambda sv, c, s, m: c.send(bytes([0xFF, m[1], 0, 0, 1])),
    "more-time-short": lambda sv, c, s, m: c.send(bytes([0xFF, m[1], 0, 0, 0, 0, 0, 50])),
}


def main():
    sys.setswitchinterval(0.0001)  # else a thread that wakes may wait 5 ms for the interpreter
    path, slots, present = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "present"
    service = Service(path, slots, present)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        words = line.split()
        result = {}
        if words[0] in ("insert", "eject", "swap"):
            slot = service.slots[int(words[1])]
            result["at"] = time.monotonic()
            if words[0] != "insert":
                service.change(slot, False)
            if words[0] != "eject":
                service.change(slot, True)
        elif words[0] == "behave":
            service.behaviour = words[1]
        elif words[0] == "lists":
            service.lists = bytes.fromhex(words[1]) if len(words) > 1 else b""
        elif words[0] == "log":
            result["log"], service.log = service.log, []
        elif words[0] == "links":
            result["links"] = sum((s.commands is not None) + (s.events is not None) for s in service.slots)
        print(json.dumps(result), flush=True)


main()
