"""The two framings of Cavro pumps. The first valid frame after power-up decides which one holds until power-off.

Source: Tecan Cavro XLP 6000 operating manual 734237-C, chapter 3.
"""

from collections.abc import Callable, Iterator
from functools import reduce
from operator import itemgetter, xor
from typing import Literal

LONGEST = 270  # a command string of 255 characters and its frame
ALL_PUMPS = ord("_")

Answer = Callable[[bytes], bytes]
"""Takes a command string, gives status byte and data."""


class CavroFrames:
    """Cuts requests out of a stream and wraps what `answer` says to each."""

    def __init__(self, address: int, answer: Answer) -> None:
        self._address = 0x30 + address
        self._answer = answer
        self._received = b""
        self._protocol: Literal["DT", "OEM"] | None = None
        self._last_oem: tuple[tuple[int, bytes], bytes] | None = None
        """Number and text of the last request, and what was answered."""

    def forget(self) -> None:
        """Power was lost: the next frame decides anew."""
        self._received, self._protocol, self._last_oem = b"", None, None

    def receive(self, data: bytes) -> bytes:
        """Answer every whole request addressed to this pump; a broadcast is done in silence."""
        self._received = (self._received + data)[-2 * LONGEST :]
        return b"".join(self._requests())

    def _requests(self) -> Iterator[bytes]:
        while (reply := self._next_reply()) is not None:
            yield reply

    def _next_reply(self) -> bytes | None:
        """Answer the request that begins first; None if no whole one is there."""
        cuts = {"DT": (b"/", self._dt), "OEM": (b"\x02", self._oem)}
        starts = [
            (at, cut)
            for protocol, (mark, cut) in cuts.items()
            if self._protocol in (None, protocol) and (at := self._received.find(mark)) >= 0
        ]
        replies = (cut(at) for at, cut in sorted(starts, key=itemgetter(0)))
        return next((reply for reply in replies if reply is not None), None)

    def _dt(self, start: int) -> bytes | None:
        """`/` address string CR; None if it is not whole yet."""
        end = self._received.find(b"\r", start)
        if end < 0:
            return None
        request = self._received[start:end].rpartition(b"/")[2]  # a slash within: the one before was noise
        self._received = self._received[end + 1 :]
        if request[:1] not in (bytes((self._address,)), bytes((ALL_PUMPS,))):
            return b""
        self._protocol = "DT"
        answer = self._answer(request[1:])
        return b"" if request[0] == ALL_PUMPS else b"/0" + answer + b"\x03\r\n"

    def _oem(self, start: int) -> bytes | None:
        """STX address sequence string ETX sum; None if it is not whole yet."""
        end = self._received.find(b"\x03", start)
        if end < 0 or end + 1 >= len(self._received):
            return None
        frame, check = self._received[start : end + 1], self._received[end + 1]
        if reduce(xor, frame) != check or len(frame) < 4:
            self._received = self._received[start + 1 :]  # not a frame, or a broken one: no answer, look further on
            return b""
        self._received = self._received[end + 2 :]
        if frame[1] != self._address:
            return b""
        self._protocol = "OEM"
        answer = self._answer_once(frame[2], frame[3:-1])
        reply = b"\x020" + answer + b"\x03"
        return reply + bytes((reduce(xor, reply),))

    def _answer_once(self, sequence: int, text: bytes) -> bytes:
        """A frame with the repeat bit that we have done already is answered again, not done again."""
        key = (sequence & 0x07, text)
        if sequence & 0x08 and self._last_oem is not None and self._last_oem[0] == key:
            return self._last_oem[1]
        answer = self._answer(text)
        self._last_oem = (key, answer)
        return answer
