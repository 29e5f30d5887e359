"""What a Modbus unit answers, whatever carries its messages: functions 3, 4, 6, 8 and 16.

Source: MODBUS application protocol V1.1b3.
"""

import struct
from collections.abc import Callable

ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE, BUSY = 1, 2, 3, 6
MOST_WORDS = 125


class Refused(Exception):
    """A Modbus exception, by its code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class ModbusUnit:
    """Registers by message. `read` gives the two bytes of a register, `write` sets registers from an address on."""

    def __init__(self, read: Callable[[int], bytes], write: Callable[[int, list[int]], None]) -> None:
        self._read_word = read
        self._write = write

    def answer(self, message: bytes) -> bytes:
        """Do what a message says, or refuse: function code and data, there and back."""
        function, body = message[0], message[1:]
        try:
            return bytes((function,)) + self._do(function, body)
        except Refused as refusal:
            return bytes((function | 0x80, refusal.code))

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
                if not 1 <= second <= MOST_WORDS or len(body) != 5 + 2 * second or body[4] != 2 * second:
                    raise Refused(ILLEGAL_VALUE)
                self._write(first, list(struct.unpack(f">{second}H", body[5:])))
                return body[:4]
        raise Refused(ILLEGAL_FUNCTION)

    def _read(self, address: int, count: int) -> bytes:
        if not 1 <= count <= MOST_WORDS:
            raise Refused(ILLEGAL_VALUE)
        data = b"".join(self._read_word(address + offset) for offset in range(count))
        return bytes((len(data),)) + data
