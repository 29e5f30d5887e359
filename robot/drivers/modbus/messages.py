"""Modbus messages (function code and data), built and read by pymodbus. Pure: nothing here opens, waits or logs.

A register's address is its address on the wire, with no offset of one.
Source: MODBUS application protocol V1.1b3.
"""

from collections.abc import Callable
from functools import lru_cache

from pymodbus.pdu import DecodePDU, ModbusPDU
from pymodbus.pdu.register_message import ReadHoldingRegistersRequest, WriteSingleRegisterRequest

READ = 3  # a function code; an exception has its highest bit set
BUSY = 6
EXCEPTIONS = {1: "does not know the function", 2: "does not know the register", 3: "finds the value illegal",
              BUSY: "has no time"}  # fmt: skip

_DECODER = DecodePDU(is_server=False)


class Refusal(Exception):
    """The device answered with a Modbus exception; it did nothing."""

    def __init__(self, code: int) -> None:
        super().__init__(EXCEPTIONS.get(code, f"answers exception {code}"))
        self.is_for_now = code == BUSY


@lru_cache(maxsize=1024)
def ask_registers(address: int, count: int) -> bytes:
    """Ask for `count` registers from `address` on.

    >>> ask_registers(address=1, count=5).hex(" ")
    '03 00 01 00 05'
    """
    return _bytes_of(ReadHoldingRegistersRequest(address=address, count=count))


def set_register(address: int, value: int) -> bytes:
    """Set one register to a value from -32768 to 32767.

    >>> set_register(address=24, value=800).hex(" ")
    '06 00 18 03 20'
    """
    return _bytes_of(WriteSingleRegisterRequest(address=address, registers=[value & 0xFFFF]))


def registers_in(reply: bytes, count: int) -> tuple[int, ...]:
    """Read `count` registers as signed 16-bit numbers.

    >>> registers_in(bytes.fromhex("03 02 FF FB"), count=1)
    (-5,)

    Raises:
        ValueError: it is none of the replies of Modbus, or one with another number of registers.
        Refusal: it is an exception.
    """
    registers = _decode(reply).registers
    if len(registers) != count:
        raise ValueError(f"{len(registers)} registers where {count} were asked for: {reply.hex(' ')}")
    return tuple(value - 0x10000 if value > 0x7FFF else value for value in registers)


def accepts(request: bytes) -> Callable[[bytes], None]:
    """Make a decoder that is content with an echo of the write `request`, and nothing else."""

    def decode(reply: bytes) -> None:
        _decode(reply)
        if reply != request:
            raise ValueError(f"not an echo: {reply.hex(' ')}")

    return decode


def _bytes_of(message: ModbusPDU) -> bytes:
    return bytes((message.function_code,)) + message.encode()


def _decode(reply: bytes) -> ModbusPDU:
    message = _DECODER.decode(reply)
    if message is None:
        raise ValueError(f"no message: {reply.hex(' ')}")
    if message.isError():
        raise Refusal(message.exception_code)
    return message
