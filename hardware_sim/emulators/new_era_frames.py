"""The two framings of New Era pumps. A pump understands both at any time and answers in the form of its mode.

Source: New Era NE-1000 manual 1200-01, pages 33 to 35, as the fact sheet tells it.
"""

from collections.abc import Callable, Iterator

STX, ETX, CR = 0x02, 0x03, b"\r"
LONGEST = 256


def crc(data: bytes) -> bytes:
    """CRC-16/XMODEM, high byte first.

    >>> crc(b"SAF0").hex()
    '5543'
    """
    value = 0
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ (0x1021 if value & 0x8000 else 0)) & 0xFFFF
    return value.to_bytes(2, "big")


class NewEraFrames:
    """Cuts requests out of a stream; `answer` gets the text of one, or None if it came damaged, and returns text.

    In safe mode a request in basic form is not heard (assumed).
    """

    def __init__(self, answer: Callable[[str | None], str]) -> None:
        self.is_safe = False
        self._answer = answer
        self._received = b""

    def receive(self, data: bytes) -> bytes:
        """Answer each whole request; an empty text is one for somebody else."""
        self._received = (self._received + data)[-LONGEST:]
        answers = (self._answer(text) for text in self._texts())
        return b"".join(self._wrapped(answer.encode()) for answer in answers if answer)

    def _texts(self) -> Iterator[str | None]:
        while self._received:
            if self._received[0] == STX:
                if len(self._received) < 2 or len(self._received) < 1 + self._received[1]:
                    return
                frame, self._received = self._received[: 1 + self._received[1]], self._received[1 + self._received[1] :]
                body = frame[2:-3]
                is_whole = len(frame) > 4 and frame[-1] == ETX and crc(body) == frame[-3:-1]
                yield body.decode("ascii", "replace") if is_whole else None
            else:
                start = self._received.find(STX)
                basic, end, rest = self._received[: start if start >= 0 else None].partition(CR)
                if not end and start < 0:
                    return
                self._received = rest + (self._received[start:] if start >= 0 else b"")
                if end and not self.is_safe:
                    yield bytes(byte for byte in basic if 0x20 < byte < 0x7F).decode().upper()

    def _wrapped(self, text: bytes) -> bytes:
        if not self.is_safe:
            return bytes((STX,)) + text + bytes((ETX,))
        return bytes((STX, len(text) + 4)) + text + crc(text) + bytes((ETX,))
