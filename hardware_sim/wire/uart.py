"""What an asynchronous receiver makes of bits sent at its own settings, or at others."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class LineSettings:
    """Speed and form of the characters on a serial line, with one stop bit."""

    baudrate: int = 9600
    bytesize: int = 8
    parity: str = "N"

    @property
    def byte_s(self) -> float:
        """How long one character takes."""
        return (2 + self.bytesize + (self.parity != "N")) / self.baudrate

    def __str__(self) -> str:
        return f"{self.baudrate} baud {self.bytesize}{self.parity}1"


def received(data: bytes, sent_at: LineSettings, read_at: LineSettings) -> bytes:
    r"""Read a burst of characters with a receiver of its own settings; what is framed or paired wrongly is lost.

    >>> received(b"?\r", LineSettings(9600), LineSettings(9600))
    b'?\r'
    >>> received(b"?\r", LineSettings(9600), LineSettings(19200))
    b'\xfe\x98\xf8'
    """
    if sent_at == read_at:
        return data
    bits = [bit for byte in data for bit in _character(byte, sent_at)]
    return bytes(_characters(bits, sent_at.baudrate / read_at.baudrate, read_at))


def _character(byte: int, line: LineSettings) -> Iterator[int]:
    yield 0
    ones = 0
    for place in range(line.bytesize):
        bit = byte >> place & 1
        ones += bit
        yield bit
    if line.parity != "N":
        yield (ones + (line.parity == "O")) & 1
    yield 1


def _characters(bits: list[int], bits_per_bit: float, line: LineSettings) -> Iterator[int]:
    """Wait for a start bit's edge, then look into the middle of each bit; bits are counted in those of the sender."""

    def level(at: float) -> int:
        return bits[int(at)] if at < len(bits) else 1  # an idle line is high

    at = 0.0
    while at < len(bits):
        if level(at):
            at = int(at) + 1.0
            continue
        samples = [
            level(at + (place + 0.5) * bits_per_bit) for place in range(line.bytesize + 2 + (line.parity != "N"))
        ]
        value = sum(bit << place for place, bit in enumerate(samples[1 : 1 + line.bytesize]))
        is_paired = line.parity == "N" or (sum(samples[1:-1]) + (line.parity == "O")) % 2 == 0
        if samples[-1] and is_paired:
            yield value
        at += (len(samples) - 0.5) * bits_per_bit
