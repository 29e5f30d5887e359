"""Modbus RTU on the answering side: unit, message, CRC.

A frame is known by its CRC, not by the silence that ends it: pseudo-terminals and fast clocks keep no silences.
Source: MODBUS over serial line specification V1.02.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache

from hardware_sim.emulators.modbus import ModbusUnit

LONGEST_FRAME = 256


def _crc_of_byte(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ (0xA001 if byte & 1 else 0)
    return byte


CRC_TABLE = [_crc_of_byte(byte) for byte in range(256)]


@lru_cache(1024)
def crc(data: bytes) -> bytes:
    """CRC-16/MODBUS, low byte first.

    >>> crc(bytes.fromhex("010300010001")).hex()
    'd5ca'
    """
    value = 0xFFFF
    for byte in data:
        value = value >> 8 ^ CRC_TABLE[(value ^ byte) & 0xFF]
    return value.to_bytes(2, "little")


class ModbusRtu:
    """One unit on a line. `read` gives the two bytes of a register, `write` sets registers from an address on."""

    def __init__(self, unit: int, read: Callable[[int], bytes], write: Callable[[int, list[int]], None]) -> None:
        self._address = unit
        self._unit = ModbusUnit(read, write)
        self._received = b""

    def concerns(self, data: bytes) -> bool:
        """Must this be looked into? Nothing, and a whole frame for another unit, need not."""
        return bool(data) and (bool(self._received) or not self._is_for_another(data))

    def receive(self, data: bytes) -> bytes:
        """Answer each frame for this unit; broadcasts are done in silence."""
        self._received += data
        return b"".join(self._answer(frame) for frame in self._frames())

    def _frames(self) -> Iterator[bytes]:
        """Cut out whatever has a right CRC, wherever it begins."""
        at = 0
        while at + 4 <= len(self._received):
            end = at + _frame_length(self._received[at:])
            if end <= len(self._received) and crc(self._received[at : end - 2]) == self._received[end - 2 : end]:
                frame, self._received = self._received[at : end - 2], self._received[end:]
                at = 0
                yield frame
            else:
                at += 1
        self._received = self._received[-LONGEST_FRAME:]

    def _is_for_another(self, data: bytes) -> bool:
        """Whole frames that begin with another unit's address are not looked into."""
        if data[0] in (0, self._address) or len(data) < 4 or len(data) != _frame_length(data):
            return False
        return crc(data[:-2]) == data[-2:]

    def _answer(self, frame: bytes) -> bytes:
        address = frame[0]
        if address not in (0, self._address):
            return b""
        reply = bytes((address,)) + self._unit.answer(frame[1:])
        return reply + crc(reply) if address else b""


def _frame_length(data: bytes) -> int:
    """How long the frame is that begins here, CRC included."""
    if data[1] != 16:
        return 8
    return 9 + data[6] if len(data) > 6 else 9 + LONGEST_FRAME
