"""How a Modbus message becomes bytes on a line, and how its reply is found there. Pure; pymodbus knows the bytes.

Sources: MODBUS over serial line V1.02; MODBUS messaging on TCP/IP V1.0b.
"""

from functools import lru_cache
from typing import Protocol

from pymodbus.framer import FramerRTU, FramerSocket
from pymodbus.pdu import DecodePDU

from robot.drivers.modbus.messages import READ
from robot.wire.base import Framer

EXCEPTION_BYTES = 5  # in RTU: unit, function, code, CRC
WRITE_REPLY_BYTES = 8
HEADER_BYTES = 7  # in TCP: transaction, protocol, length, unit

_DECODER = DecodePDU(is_server=False)
_RTU = FramerRTU(_DECODER)
_SOCKET = FramerSocket(_DECODER)


class Framing(Protocol):
    """One of the two."""

    def frame(self, unit: int, message: bytes, transaction: int) -> bytes:
        """Address a message; `transaction` numbers it where frames have numbers."""

    def reply_to(self, request: bytes) -> Framer:
        """Find the frame that answers `request`, whatever noise, echo or belated answer lies before it."""

    def message(self, frame: bytes) -> bytes:
        """Take the message out of a frame."""


class _Rtu:
    """Unit, message, CRC. A frame has no number: who lost a reply must let the line fall silent."""

    def frame(self, unit: int, message: bytes, transaction: int) -> bytes:
        return _rtu_frame(unit, message)

    def reply_to(self, request: bytes) -> Framer:
        return _rtu_reply_to(request)

    def message(self, frame: bytes) -> bytes:
        return frame[1:-2]


class _Tcp:
    """A header with a number that the reply repeats: a belated answer is known for one."""

    def frame(self, unit: int, message: bytes, transaction: int) -> bytes:
        return _SOCKET.encode(message, unit, transaction & 0xFFFF)

    def reply_to(self, request: bytes) -> Framer:
        transaction, unit = request[:2], request[6]

        def find(received: bytes) -> bytes | None:
            while len(received) >= HEADER_BYTES:
                if received[2:4] != b"\0\0":
                    raise ValueError(f"not Modbus TCP: {received.hex(' ')}")
                end = 6 + int.from_bytes(received[4:6], "big")
                frame, received = received[:end], received[end:]
                if len(frame) == end and frame[:2] == transaction and frame[6] == unit:
                    return frame
            return None

        return find

    def message(self, frame: bytes) -> bytes:
        return frame[HEADER_BYTES:]


RTU: Framing = _Rtu()
TCP: Framing = _Tcp()


@lru_cache(maxsize=1024)
def _rtu_frame(unit: int, message: bytes) -> bytes:
    """Add unit and CRC.

    >>> _rtu_frame(1, bytes.fromhex("03 00 01 00 01")).hex(" ")
    '01 03 00 01 00 01 d5 ca'
    """
    return _RTU.encode(message, unit, 0)


@lru_cache(maxsize=1024)
def _rtu_reply_to(request: bytes) -> Framer:
    unit, function = request[0], request[1]
    size = EXCEPTION_BYTES + 2 * request[5] if function == READ else WRITE_REPLY_BYTES

    def find(received: bytes) -> bytes | None:
        for start in range(len(received) - EXCEPTION_BYTES + 1):
            if received[start] != unit or received[start + 1] & 0x7F != function:
                continue
            end = start + (size if received[start + 1] == function else EXCEPTION_BYTES)
            if end <= len(received) and _is_sound(received[start:end]):
                return received[start:end]
        return None

    return find


def _is_sound(frame: bytes) -> bool:
    return FramerRTU.check_CRC(frame[:-2], int.from_bytes(frame[-2:], "big"))
