"""Modbus TCP on the answering side: a header of transaction, protocol 0, length and unit before each message.

Source: MODBUS messaging on TCP/IP implementation guide V1.0b.
"""

import struct

from hardware_sim.emulators.modbus import ModbusUnit

HEADER_BYTES = 7
GATEWAY_IS_DEAF = 0x0B  # exception: nobody behind this address has that unit


class ModbusTcp:
    """One caller's stream. Unit 255 and 0 mean the device that was called, whatever its unit."""

    def __init__(self, unit: int, registers: ModbusUnit) -> None:
        self._units = {unit, 0, 0xFF}
        self._registers = registers
        self._received = b""

    def receive(self, data: bytes) -> bytes:
        """Answer each whole message; a stream that is no Modbus is forgotten."""
        self._received += data
        replies = []
        while len(self._received) >= HEADER_BYTES:
            transaction, protocol, length, unit = struct.unpack(">HHHB", self._received[:HEADER_BYTES])
            if protocol != 0 or length < 2:
                self._received = b""
                break
            if len(self._received) < 6 + length:
                break
            message, self._received = self._received[HEADER_BYTES : 6 + length], self._received[6 + length :]
            reply = self._answer(unit, message)
            replies.append(struct.pack(">HHHB", transaction, 0, len(reply) + 1, unit) + reply)
        return b"".join(replies)

    def hang_up(self) -> None:
        """The caller has gone; nothing is left of what he said by half."""
        self._received = b""

    def _answer(self, unit: int, message: bytes) -> bytes:
        return self._registers.answer(message) if unit in self._units else bytes((message[0] | 0x80, GATEWAY_IS_DEAF))
