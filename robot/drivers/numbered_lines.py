r"""Our own framing for instruments that somebody builds: ASCII lines with a number and a checksum. Pure, save `Session`.

    request   17 SCAN 4 10000 80000*C68D\r\n
    reply     17 OK 4*D844\r\n          or          17 NO 21*E201\r\n

The reply repeats the request's number, so that a belated one is known for what it is. docs/protocols/numbered_lines.md
describes it byte by byte.
"""

import re
from binascii import crc_hqx
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import cycle
from typing import TypeVar

from robot.drivers.dialogue import Dialogue
from robot.errors import CommandRefused, ReplyLost
from robot.wire.base import Framer, Wire

NUMBERS = range(1, 1000)
"""Of requests; after the last comes the first."""
CRC_START = 0xFFFF

_LINE = re.compile(rb"(\d{1,3}) (OK|NO)((?: [!-)+-~]+)*)\*([0-9A-F]{4})\r\n")

Reading = TypeVar("Reading")


@dataclass(frozen=True)
class Refusal:
    """What a device means by an error code: the cause, what to do, and which error it is."""

    cause: str
    remedy: str
    kind: type[CommandRefused] = CommandRefused


REFUSALS: Mapping[int, Refusal] = {
    1: Refusal("it does not know the command", "Is it this model?"),
    2: Refusal("it does not understand the figures", "Is it this model?"),
}
"""Error codes that every instrument shares."""


@dataclass(frozen=True)
class Answer:
    """One reply: consent with words, or an error code."""

    number: int
    words: tuple[str, ...]
    error: int | None = None


def crc(data: bytes) -> int:
    """CRC-16/CCITT-FALSE: polynomial 1021h, start FFFFh, nothing reflected.

    >>> f"{crc(b'123456789'):04X}"
    '29B1'
    """
    return crc_hqx(data, CRC_START)


def encode(number: int, *words: object) -> bytes:
    r"""Write a request.

    >>> encode(7, "STATE")
    b'7 STATE*30A2\r\n'
    """
    text = " ".join(map(str, (number, *words))).encode("ascii")
    return b"%b*%04X\r\n" % (text, crc(text))


def decode(reply: bytes) -> Answer:
    r"""Read a reply, or raise ValueError showing the bytes.

    >>> decode(b"7 OK idle 3*5371\r\n")
    Answer(number=7, words=('idle', '3'), error=None)
    >>> decode(b"7 NO 21*23FE\r\n").error
    21
    """
    match = _LINE.fullmatch(reply)
    if match is None or not _is_whole(match):
        raise ValueError(f"no numbered line: {reply!r}")
    words = tuple(match[3].decode("ascii").split())
    return Answer(int(match[1]), words) if match[2] == b"OK" else Answer(int(match[1]), words[1:], int(words[0]))


def reply_to(request: bytes) -> Framer:
    r"""Find the whole line that answers a request: noise, echo and answers to other requests are passed over.

    >>> reply_to(encode(7, "STATE"))(b"\xff6 OK*ED2B\r\n7 OK idle 3*5371\r\n")
    b'7 OK idle 3*5371\r\n'
    """
    number = request.partition(b" ")[0]

    def frame(received: bytes) -> bytes | None:
        lines = (match for match in _LINE.finditer(received) if match[1] == number)
        return next((match[0] for match in lines if _is_whole(match)), None)

    return frame


def _is_whole(match: re.Match[bytes]) -> bool:
    return crc(match[0][:-7]) == int(match[4], 16) and (match[2] == b"OK" or bool(re.match(rb" \d+", match[3])))


class Session:
    """A device's side of a wire on which each request has a number of its own.

    Args:
        refusals: what its own error codes mean.
    """

    def __init__(self, device: str, wire: Wire, timeout_s: float, refusals: Mapping[int, Refusal]) -> None:
        self._device = device
        self._dialogue = Dialogue(device, wire, timeout_s)
        self._refusals = {**REFUSALS, **refusals}
        self._numbers = cycle(NUMBERS)

    def ask(self, *words: object) -> tuple[str, ...]:
        """Say what the device takes for the same if it comes again: a question, or an order with a number of its own.

        Raises:
            CommandRefused: the device said no.
            ReplyLost: no usable answer to any of the tries.
        """
        request = encode(next(self._numbers), *words)
        answer = self._dialogue.read(request, reply_to(request), decode)
        if answer.error is None:
            return answer.words
        refusal = self._refusals.get(answer.error, Refusal(f"error {answer.error}", "Look it up in its manual"))
        raise refusal.kind(self._device, f"refused {' '.join(map(str, words))}: {refusal.cause}", refusal.remedy)

    def read(self, *words: object, decode: Callable[[tuple[str, ...]], Reading]) -> Reading:
        """Ask, and make sense of the words; raise ReplyLost if they have none, beside what `ask` raises."""
        answered = self.ask(*words)
        try:
            return decode(answered)
        except ValueError as err:
            what = f"no usable answer to {' '.join(map(str, words))}: {err}"
            raise ReplyLost(self._device, what, "Is it this model?") from err
