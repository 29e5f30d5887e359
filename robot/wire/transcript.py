"""Every byte on a wire as readable text: written while it happens, read back as a witness.

A line is `seconds > 01 03 00 01` for bytes sent and `seconds < 01 83` for bytes received; the time may be left out,
`#` begins a remark. `~` instead of `<` marks an example: another bench answers in the same form with other figures.
A line `= title` begins a scene: what follows was said by a device just switched on.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from robot.clock import Clock

_LINE = re.compile(r"(?:(?P<at>\d+\.\d+) +)?(?P<way>[<>~]) +(?P<data>[0-9A-Fa-f]{2}(?: +[0-9A-Fa-f]{2})*)")


@dataclass(frozen=True)
class Exchange:
    """What was sent in one go, and all that came before the next was sent."""

    sent: bytes
    received: bytes = b""
    is_example: bool = False
    """May another bench answer with other figures?"""


class Diverged(AssertionError):
    """A replay was asked for something that the transcript does not hold."""


class TranscriptRecorder:
    """Writes what passes a `Wire`, with bench time."""

    def __init__(self, out: TextIO, clock: Clock) -> None:
        self._out = out
        self._clock = clock

    def sent(self, data: bytes) -> None:
        """These bytes went out."""
        self._note(">", data)

    def received(self, data: bytes) -> None:
        """These bytes came in."""
        self._note("<", data)

    def _note(self, way: str, data: bytes) -> None:
        shown = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in data)
        self._out.write(f"{self._clock.now_s():.6f} {way} {data.hex(' ').upper()}  # {shown}\n")
        self._out.flush()


def parse_exchanges(lines: Iterable[str]) -> Iterator[Exchange]:
    r"""Read exchanges from lines of a transcript.

    >>> list(parse_exchanges(["# status", "1.25 > 2F 31 51 0D", "1.27 < 2F 30 60", "1.28 < 03 0D 0A  # ready"]))
    [Exchange(sent=b'/1Q\r', received=b'/0`\x03\r\n', is_example=False)]

    Raises:
        ValueError: a line is none of a transcript.
    """
    sent, received, is_example = b"", b"", False
    for line in lines:
        passage = line.partition("#")[0].strip()
        if not passage:
            continue
        match = _LINE.fullmatch(passage)
        if match is None:
            raise ValueError(f"no line of a transcript: {line!r}")
        data = bytes.fromhex(match["data"])
        if match["way"] == ">":
            if sent:
                yield Exchange(sent, received, is_example)
            sent, received, is_example = data, b"", False
        else:
            received += data
            is_example = match["way"] == "~"
    if sent:
        yield Exchange(sent, received, is_example)


def read_transcript(path: Path) -> dict[str, tuple[Exchange, ...]]:
    """Read a transcript's scenes by title; a recording is one scene without a title.

    Raises:
        ValueError: a line is none of a transcript.
    """
    scenes: dict[str, list[str]] = {}
    title = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("="):
            title = line.removeprefix("=").strip()
        else:
            scenes.setdefault(title, []).append(line)
    exchanges = {title: tuple(parse_exchanges(lines)) for title, lines in scenes.items()}
    return {title: scene for title, scene in exchanges.items() if scene}


class ReplayPort:
    """A `Port` that answers as a transcript says, and fails as soon as other bytes are sent."""

    def __init__(self, exchanges: Sequence[Exchange]) -> None:
        self._coming = list(exchanges)
        self._waiting = b""

    @property
    def is_finished(self) -> bool:
        """Was everything sent that the transcript holds?"""
        return not self._coming

    def write(self, data: bytes) -> None:
        """Take what is sent; raise Diverged if the transcript says otherwise."""
        if not self._coming:
            raise Diverged(f"sent {data.hex(' ')} after the transcript's end")
        exchange = self._coming.pop(0)
        if data != exchange.sent:
            raise Diverged(f"sent {data.hex(' ')} where the transcript has {exchange.sent.hex(' ')}")
        self._waiting += exchange.received

    def read(self, timeout_s: float) -> bytes:
        """Return what the transcript has received next, at once."""
        data, self._waiting = self._waiting, b""
        return data

    def discard_input(self) -> None:
        """Forget what was not read."""
        self._waiting = b""

    def close(self) -> None:
        """Nothing to give back."""
