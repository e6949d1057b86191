"""The functions of the driver called without pcscd: wrong arguments, small buffers, a host without polling thread."""

import ctypes
import os
import subprocess
import time

from register import DRIVER, check
from world import expect

SUCCESS, TAG, COMMUNICATION, PROTOCOL, POWER, NOT_SUPPORTED = 0, 600, 612, 607, 608, 614
PRESENT, NOT_PRESENT, INSUFFICIENT = 615, 616, 618
POWER_UP, POWER_DOWN, RESET = 500, 501, 502
ATR_TAG, SIMULTANEOUS, VENDOR_NAME = 0x0303, 0x0FAF, 0x10100


class Header(ctypes.Structure):
    _fields_ = [("protocol", ctypes.c_ulong), ("length", ctypes.c_ulong)]


class Handler:
    def __init__(self):
        self.library = ctypes.CDLL(DRIVER)
        for name in ("CreateChannel", "CreateChannelByName", "CloseChannel", "GetCapabilities", "SetCapabilities",
                     "SetProtocolParameters", "PowerICC", "TransmitToICC", "Control", "ICCPresence"):
            function = getattr(self.library, "IFDH" + name)
            function.restype = ctypes.c_long
            setattr(self, name, function)

    def create(self, lun, name):
        return self.CreateChannelByName(ctypes.c_ulong(lun), name.encode())

    def presence(self, lun=0):
        return self.ICCPresence(ctypes.c_ulong(lun))

    def capability(self, tag, capacity, lun=0):
        value, length = ctypes.create_string_buffer(256), ctypes.c_ulong(capacity)
        code = self.GetCapabilities(ctypes.c_ulong(lun), ctypes.c_ulong(tag), ctypes.byref(length), value)
        return code, length.value, value.raw[:length.value]

    def power(self, action, lun=0):
        atr, length = ctypes.create_string_buffer(33), ctypes.c_ulong(33)
        code = self.PowerICC(ctypes.c_ulong(lun), ctypes.c_ulong(action), atr, ctypes.byref(length))
        return code, atr.raw[:length.value]

    def transmit(self, command, capacity=65548, lun=0):
        response, length = ctypes.create_string_buffer(65600), ctypes.c_ulong(capacity)
        received = Header()
        code = self.TransmitToICC(ctypes.c_ulong(lun), Header(1, 0), command, ctypes.c_ulong(len(command)), response,
                                  ctypes.byref(length), ctypes.byref(received))
        expect(response.raw[capacity:] == bytes(65600 - capacity), "written past the end of the buffer")
        return code, response.raw[:length.value]

    def control(self, control_code, data=b"", capacity=256):
        response, length = ctypes.create_string_buffer(300), ctypes.c_ulong(9)
        code = self.Control(ctypes.c_ulong(0), ctypes.c_ulong(control_code), data, ctypes.c_ulong(len(data)), response,
                            ctypes.c_ulong(capacity), ctypes.byref(length))
        return code, response.raw[:length.value]


@check
def library_exports_IFDH_only_and_needs_libc_only(_):
    names = subprocess.run(["nm", "-D", "--defined-only", DRIVER], capture_output=True, text=True, check=True).stdout
    symbols = [line.split()[-1] for line in names.splitlines()]
    expect(symbols and all(s.startswith("IFDH") for s in symbols), f"exports {symbols}")
    dynamic = subprocess.run(["readelf", "-d", DRIVER], capture_output=True, text=True, check=True).stdout
    needed = [line.split("[")[1].rstrip("]") for line in dynamic.splitlines() if "(NEEDED)" in line]
    expect(needed == ["libc.so.6"], f"needs {needed}")
    expect("NODELETE" in dynamic, "not marked nodelete")


@check
def functions_refuse_wrong_arguments(world):
    service, handler = world.service(), Handler()
    name = f"vmyna:0:{service.path}"

    for lun in (0, 16 << 16, 0xFFFFFFFF):
        expect(handler.presence(lun) == NOT_PRESENT, f"Lun {lun:x} before its channel: presence")
        expect(handler.capability(SIMULTANEOUS, 1, lun)[0] == COMMUNICATION, f"Lun {lun:x}: capability")
        expect(handler.power(POWER_UP, lun) == (COMMUNICATION, b""), f"Lun {lun:x}: power")
        expect(handler.transmit(b"\0\xB0\0\0\0", lun=lun) == (COMMUNICATION, b""), f"Lun {lun:x}: transmit")
    expect(handler.create(16 << 16, name) == COMMUNICATION, "a seventeenth reader")
    expect(handler.create(0, name) == SUCCESS, "create")
    expect(handler.create(0, name) == SUCCESS, "create again without close")
    time.sleep(0.15)

    expect(handler.presence() == PRESENT, "presence")
    expect(handler.capability(ATR_TAG, 33)[:2] == (SUCCESS, 0), "ATR before power")
    expect(handler.power(POWER_UP)[1][:2] == b"\x3B\xDA", "power up")
    expect(handler.capability(ATR_TAG, 33)[1] == 19, "ATR")
    expect(handler.capability(ATR_TAG, 18) == (INSUFFICIENT, 19, bytes(19)), "ATR into 18 bytes")
    expect(handler.capability(SIMULTANEOUS, 1) == (SUCCESS, 1, b"\x10"), "simultaneous access")
    expect(handler.capability(VENDOR_NAME, 0)[:2] == (INSUFFICIENT, 6), "vendor name into no room")
    expect(handler.capability(0x7777, 9)[0] == TAG, "unknown tag")
    expect(handler.SetCapabilities(0, 0x7777, 0, None) == TAG, "set")

    for protocol, code in ((1, SUCCESS), (2, SUCCESS), (4, PROTOCOL), (0, PROTOCOL)):
        expect(handler.SetProtocolParameters(0, protocol, 0, 0, 0, 0) == code, f"protocol {protocol}")

    expect(handler.transmit(b"\0\xB0\0\0\0")[1][-2:] == b"\x90\0", "transmit")
    expect(handler.transmit(b"\0\xB0\0\0\0", capacity=258)[0] == SUCCESS, "a response that just fits")
    expect(handler.transmit(b"\0\xB0\0\0\0", capacity=257) == (INSUFFICIENT, b""), "a response too long by one")
    expect(handler.transmit(b"") == (COMMUNICATION, b""), "no command")
    expect(handler.transmit(bytes(65549)) == (COMMUNICATION, b""), "a command too long by one")
    expect(handler.transmit(b"\0\xB0\0\0\0")[0] == SUCCESS, "transmit afterwards")

    expect(handler.power(777)[0] == NOT_SUPPORTED, "unknown power action")
    expect(handler.power(RESET)[1][:2] == b"\x3B\xDA", "reset")
    expect(handler.power(POWER_DOWN) == (SUCCESS, b""), "power down")
    expect(handler.capability(ATR_TAG, 33)[1] == 0, "ATR after power down")
    expect(handler.transmit(b"\0\xB0\0\0\0") == (613, b""), "a card without power")

    expect(handler.control(0x42000D48, capacity=5) == (INSUFFICIENT, b""), "features into 5 bytes")
    expect(handler.control(0x42000001) == (606, b""), "unknown control code")
    expect(handler.control(0x42000007, b"ab", capacity=5) == (INSUFFICIENT, b""), "control answer into 5 bytes")

    expect(handler.CloseChannel(0) == SUCCESS, "close")
    expect(handler.CloseChannel(0) == COMMUNICATION, "close twice")
    expect(handler.CreateChannel(0, 5) == SUCCESS and handler.presence() == NOT_PRESENT, "no DEVICENAME")


@check
def a_host_without_polling_thread_sees_changes(world):
    service, handler = world.service(present=False), Handler()
    before = len(os.listdir("/proc/self/fd"))
    expect(handler.create(0, f"vmyna:0:{service.path}") == SUCCESS, "create")
    for _ in range(3):
        expect(handler.presence() == NOT_PRESENT, "empty")
        expect(handler.power(POWER_UP) == (POWER, b""), "power without card")
        service.ask("insert 0")
        expect(handler.presence() == PRESENT, "inserted")
        service.ask("swap 0")
        expect([handler.presence() for _ in range(3)] == [NOT_PRESENT, PRESENT, PRESENT], "exchanged")
        service.ask("eject 0")
    expect(handler.presence() == NOT_PRESENT, "ejected")
    expect(handler.CloseChannel(0) == SUCCESS, "close")
    expect(len(os.listdir("/proc/self/fd")) == before, "descriptors left open")
