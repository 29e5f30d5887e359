"""Modbus RTU frames of the Eurotherm 2416, built and checked by pymodbus. Pure: nothing here opens, waits or logs.

A parameter's address is its address on the wire, with no offset of one.
Sources: Modbus over serial line V1.02; register list of alab_control `furnace_2416/modbus_addr.csv`.
"""

from collections.abc import Callable
from functools import lru_cache

from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU, ModbusPDU
from pymodbus.pdu.register_message import ReadHoldingRegistersRequest, WriteSingleRegisterRequest

from robot.wire.base import Framer

READ = 3  # a function code; an exception has its highest bit set
EXCEPTION_BYTES = 5
WRITE_REPLY_BYTES = 8
EXCEPTIONS = {1: "does not know the function", 2: "does not know the register", 3: "finds the value illegal"}

_DECODER = DecodePDU(is_server=False)
_FRAMER = FramerRTU(_DECODER)


class Refusal(Exception):
    """The controller answered with a Modbus exception; it did nothing."""


@lru_cache(maxsize=1024)
def encode_read(unit: int, address: int, count: int) -> bytes:
    """Ask for `count` registers from `address` on.

    >>> encode_read(1, address=1, count=1).hex(" ")
    '01 03 00 01 00 01 d5 ca'
    """
    return _FRAMER.buildFrame(ReadHoldingRegistersRequest(dev_id=unit, address=address, count=count))


def encode_write(unit: int, address: int, value: int) -> bytes:
    """Set one register to a value from -32768 to 32767.

    >>> encode_write(1, address=24, value=800).hex(" ")
    '01 06 00 18 03 20 08 e5'
    """
    return _FRAMER.buildFrame(WriteSingleRegisterRequest(dev_id=unit, address=address, registers=[value & 0xFFFF]))


@lru_cache(maxsize=1024)
def reply_to(request: bytes) -> Framer:
    """Find the first sound frame that answers `request`, whatever noise or echo lies before it."""
    unit, function = request[0], request[1]
    size = EXCEPTION_BYTES + 2 * request[5] if function == READ else WRITE_REPLY_BYTES

    def frame(received: bytes) -> bytes | None:
        for start in range(len(received) - EXCEPTION_BYTES + 1):
            if received[start] != unit or received[start + 1] & 0x7F != function:
                continue
            end = start + (size if received[start + 1] == function else EXCEPTION_BYTES)
            if end <= len(received) and _is_sound(received[start:end]):
                return received[start:end]
        return None

    return frame


def decode_registers(reply: bytes) -> tuple[int, ...]:
    """Read registers as signed 16-bit numbers.

    >>> decode_registers(bytes.fromhex("01 03 02 FF FB B8 37"))
    (-5,)

    Raises:
        ValueError: it is none of the replies of Modbus.
        Refusal: it is an exception.
    """
    registers = _decode(reply).registers
    return tuple(value - 0x10000 if value > 0x7FFF else value for value in registers)


def accepts(request: bytes) -> Callable[[bytes], None]:
    """Make a decoder that is content with an echo of the write `request`, and nothing else."""

    def decode(reply: bytes) -> None:
        _decode(reply)
        if reply != request:
            raise ValueError(f"not an echo: {reply.hex(' ')}")

    return decode


def _decode(reply: bytes) -> ModbusPDU:
    message = _DECODER.decode(reply[1:-2])  # its CRC was right, or `reply_to` would not have found it
    if message is None:
        raise ValueError(f"no message: {reply.hex(' ')}")
    if message.isError():
        raise Refusal(EXCEPTIONS.get(message.exception_code, f"answers exception {message.exception_code}"))
    return message


def _is_sound(frame: bytes) -> bool:
    return FramerRTU.check_CRC(frame[:-2], int.from_bytes(frame[-2:], "big"))
