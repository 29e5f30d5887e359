"""The device's side of docs/protocols/numbered_lines.md: cut lines out of a stream, check them, answer with their number.

Written from that page alone. A damaged line is not answered: nobody knows whose number it bears.
"""

import re
from collections.abc import Callable, Mapping

LONGEST = 256  # of a request: what is longer is noise
LINE_END = b"\r\n"
UNKNOWN_COMMAND, BAD_PARAMETER = 1, 2

_REQUEST = re.compile(rb"(\d{1,3} [!-~]+(?: [!-~]+)*)\*([0-9A-F]{4})$")


class Refused(Exception):
    """The device says no: an error code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"error {code}")
        self.code = code


Command = tuple[int, Callable[..., str]]


def require(is_so: bool, code: int) -> None:
    """Say no unless it is so.

    Raises:
        Refused: it is not.
    """
    if not is_so:
        raise Refused(code)


def crc(data: bytes) -> int:
    """CRC-16 with polynomial 1021h from FFFFh, highest bit first.

    >>> hex(crc(b"123456789"))
    '0x29b1'
    """
    value = 0xFFFF
    for byte in data:
        value = (value << 8 & 0xFF00) ^ _DIVIDED[value >> 8 ^ byte]
    return value


def _divided(byte: int) -> int:
    """What is left of a byte that has gone through the polynomial, bit by bit."""
    value = byte << 8
    for _ in range(8):
        value = (value << 1) ^ (0x11021 if value & 0x8000 else 0)
    return value


_DIVIDED = tuple(map(_divided, range(256)))


class NumberedLines:
    """Does what each sound request asks, and answers it.

    Args:
        commands: by word: how many figures follow, and what to do; it returns the words of its answer, or raises `Refused`.
        heard: is called for each request that was understood, before it is done.
    """

    def __init__(self, commands: Mapping[str, Command], heard: Callable[[], object] = lambda: None) -> None:
        self._commands = commands
        self._heard = heard
        self._received = b""

    def receive(self, data: bytes) -> bytes:
        """Answer each whole line."""
        *lines, rest = (self._received + data).split(LINE_END)
        self._received = rest[-LONGEST:]
        return b"".join(map(self._answer, lines))

    def _answer(self, line: bytes) -> bytes:
        text = _sound_text(line)
        if text is None:
            return b""
        number, word, *figures = text.split(" ")
        try:
            said = f"{number} OK {self._do(word, figures)}".rstrip()
        except Refused as refusal:
            said = f"{number} NO {refusal.code}"
        return b"%b*%04X%b" % (said.encode(), crc(said.encode()), LINE_END)

    def _do(self, word: str, figures: list[str]) -> str:
        require(word in self._commands, UNKNOWN_COMMAND)
        count, do = self._commands[word]
        require(len(figures) == count and all(figure.isdecimal() for figure in figures), BAD_PARAMETER)
        self._heard()
        return do(*map(int, figures))


def _sound_text(line: bytes) -> str | None:
    """What stands before the checksum, if that is right."""
    match = _REQUEST.search(line)
    return match[1].decode() if match is not None and crc(match[1]) == int(match[2], 16) else None
