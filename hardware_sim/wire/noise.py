"""A line that misbehaves: what leaves a device is not always what arrives. Planned before the run, struck by count.

Faults 1 to 5, 7 and 9 of what a simulator owes its drivers: dropped byte, flipped bit, late reply, lost request, local
echo, garbage, and an answer from somebody else's address. (A lost reply whose command was done is `LostReply`.)
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

NOISES = ("dropped-byte", "flipped-bit", "garbage", "late-reply", "lost-request", "local-echo", "foreign-reply")


@dataclass(frozen=True)
class LineNoise:
    """The `nth` exchange on a device's line goes wrong in one way; `local-echo` stays from then on."""

    device: str
    kind: str
    nth: int


class NoisyLines:
    """Strikes the planned noises; a function of the order of exchanges alone, so that a replay repeats them."""

    def __init__(self, noises: Sequence[LineNoise], note: Callable[[LineNoise], None]) -> None:
        self._noises = noises
        self._note = note
        self._exchanges: Counter[str] = Counter()
        self._late: dict[str, bytes] = {}

    def exchange(self, device: str, request: bytes, answer: Callable[[bytes], bytes]) -> bytes:
        """Let a request pass to a device and its answer back, unless something happens on the way."""
        if not request or not any(noise.device == device for noise in self._noises):
            return answer(request)
        self._exchanges[device] += 1
        number = self._exchanges[device]
        struck = [noise for noise in self._noises if noise.device == device and _strikes(noise, number)]
        late = self._late.pop(device, b"")
        reply = b"" if any(noise.kind == "lost-request" for noise in struck) else answer(request)
        for noise in struck:
            if noise.nth == number:
                self._note(noise)
            reply = self._spoil(noise, request, reply)
        return late + reply

    def _spoil(self, noise: LineNoise, request: bytes, reply: bytes) -> bytes:
        rng = np.random.default_rng([crc32(noise.device.encode()), noise.nth])
        match noise.kind:
            case "late-reply":
                self._late[noise.device] = reply
                return b""
            case "garbage":
                return rng.bytes(int(rng.integers(1, 12))) + reply
            case "local-echo":
                return request + reply
            case "lost-request":
                return reply
        if not reply:
            return reply
        place = int(rng.integers(len(reply)))
        if noise.kind == "dropped-byte":
            return reply[:place] + reply[place + 1 :]
        place = place if noise.kind == "flipped-bit" else 0  # an address stands first
        spoiled = bytearray(reply)
        spoiled[place] ^= 1 << int(rng.integers(8))
        return bytes(spoiled)


def _strikes(noise: LineNoise, number: int) -> bool:
    return number == noise.nth or (noise.kind == "local-echo" and number > noise.nth)
