"""Modbus RTU on the answering side: CRC, functions 3, 4, 6, 8 and 16.

A frame is known by its CRC, not by the silence that ends it: pseudo-terminals and fast clocks keep no silences.
Source: MODBUS over serial line specification V1.02; MODBUS application protocol V1.1b3.
"""

import struct
from collections.abc import Callable, Iterator

ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE = 1, 2, 3
LONGEST_FRAME = 256
MOST_WORDS = 125


def _crc_of_byte(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ (0xA001 if byte & 1 else 0)
    return byte


CRC_TABLE = [_crc_of_byte(byte) for byte in range(256)]


def crc(data: bytes) -> bytes:
    """CRC-16/MODBUS, low byte first.

    >>> crc(bytes.fromhex("010300010001")).hex()
    'd5ca'
    """
    value = 0xFFFF
    for byte in data:
        value = value >> 8 ^ CRC_TABLE[(value ^ byte) & 0xFF]
    return value.to_bytes(2, "little")


class Refused(Exception):
    """A Modbus exception, by its code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class ModbusRtu:
    """One unit on a line. `read` gives the two bytes of a register, `write` sets registers from an address on."""

    def __init__(self, unit: int, read: Callable[[int], bytes], write: Callable[[int, list[int]], None]) -> None:
        self._unit = unit
        self._read_word = read
        self._write = write
        self._received = b""

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

    def _answer(self, frame: bytes) -> bytes:
        unit, function, body = frame[0], frame[1], frame[2:]
        if unit not in (0, self._unit):
            return b""
        try:
            reply = bytes((unit, function)) + self._do(function, body)
        except Refused as refusal:
            reply = bytes((unit, function | 0x80, refusal.code))
        return reply + crc(reply) if unit else b""

    def _do(self, function: int, body: bytes) -> bytes:
        first, second = struct.unpack(">HH", body[:4]) if len(body) >= 4 else (0, 0)
        match function:
            case 3 | 4:
                return self._read(first, second)
            case 6:
                self._write(first, [second])
                return body
            case 8:
                return body
            case 16:
                if not 1 <= second <= MOST_WORDS or body[4] != 2 * second:
                    raise Refused(ILLEGAL_VALUE)
                self._write(first, list(struct.unpack(f">{second}H", body[5:])))
                return body[:4]
        raise Refused(ILLEGAL_FUNCTION)

    def _read(self, address: int, count: int) -> bytes:
        if not 1 <= count <= MOST_WORDS:
            raise Refused(ILLEGAL_VALUE)
        data = b"".join(self._read_word(address + offset) for offset in range(count))
        return bytes((len(data),)) + data


def _frame_length(data: bytes) -> int:
    """How long the frame is that begins here, CRC included."""
    if data[1] != 16:
        return 8
    return 9 + data[6] if len(data) > 6 else 9 + LONGEST_FRAME
