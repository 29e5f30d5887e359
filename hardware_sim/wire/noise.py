"""A line that misbehaves: what leaves a device is not always what arrives. Planned before the run, struck by count.

Of the twenty-two faults that a simulator owes its drivers these are 1 to 5, 7, 9, 11 and 12: dropped byte, flipped bit,
late reply, lost request, local echo, garbage, an answer from somebody else's address, a cable pulled and plugged in
again, a connection that is half open, a server that starts anew. (A lost reply whose command was done is `LostReply`.)
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

NOISES = ("dropped-byte", "flipped-bit", "garbage", "late-reply", "lost-request", "foreign-reply")
"""What can happen on any line."""
ECHO = "local-echo"
"""Only where several share a line, on RS-485, does one hear oneself."""
PULLED = "unplugged"
"""Only a serial line can be pulled: it is gone, and comes back with a new number."""
NETWORK_NOISES = ("half-open", "server-restart")
"""Only a connection over the network can be half open, or be cut by a server that starts anew."""
DOWN_S = 20.0
"""How long a cable stays pulled, or a server takes to start (assumed)."""


class LineDown(ConnectionError):
    """Nothing passes: the cable is pulled, or nobody listens."""


@dataclass(frozen=True)
class LineNoise:
    """The `nth` exchange on a device's line, or that of one of its parts (device/part), goes wrong in one way; `local-echo` stays from then on."""

    device: str
    kind: str
    nth: int


class NoisyLines:
    """Strikes the planned noises; a function of the order of exchanges and their times, so that a replay repeats them."""

    def __init__(self, noises: Sequence[LineNoise], note: Callable[[LineNoise], None]) -> None:
        self._noises = noises
        self._noisy = {noise.device for noise in noises}
        self._note = note
        self._exchanges: Counter[str] = Counter()
        self._late: dict[str, bytes] = {}
        self._dead: set[str] = set()
        self._down_until_s: dict[str, float] = {}

    def check_up(self, port: str, now_s: float) -> None:
        """Raise LineDown while a port, or a device on the network, cannot be had."""
        if now_s < self._down_until_s.get(port, 0.0):
            raise LineDown(f"{port} is unplugged, or its server is not up")

    def hang_up(self, line: str) -> None:
        """A connection is over; another may bear its name."""
        self._dead.discard(line)
        self._late.pop(line, None)

    def exchange(
        self, device: str, line: str, port: str, now_s: float, request: bytes, answer: Callable[[bytes], bytes]
    ) -> bytes:
        """Let a request pass to a device and its answer back, unless something happens on the way.

        Args:
            device: whose exchanges are counted.
            line: the connection; late answers come on the one they were asked on.
            port: what is unplugged: its serial port, which others may share, or the device itself on the network.
            now_s: bench time.
            request: all of it.
            answer: the device.

        Raises:
            LineDown: the port is unplugged, from now on or still.
        """
        if not self._noisy:
            return answer(request)
        self.check_up(port, now_s)
        if line in self._dead:
            return b""
        if not request or not (device in self._noisy or line in self._noisy):
            return answer(request)
        self._exchanges.update({device, line})
        struck = [
            noise
            for noise in self._noises
            if noise.device in (device, line) and _strikes(noise, self._exchanges[noise.device])
        ]
        for noise in struck:
            if noise.nth == self._exchanges[noise.device]:
                self._note(noise)
        kinds = {noise.kind for noise in struck}
        if kinds & {PULLED, "server-restart"}:
            self._down_until_s[port] = now_s + DOWN_S
            self.check_up(port, now_s)
        if "half-open" in kinds:
            self._dead.add(line)
            return b""
        late = self._late.pop(line, b"")
        reply = b"" if "lost-request" in kinds else answer(request)
        for noise in struck:
            reply = self._spoil(noise, line, request, reply)
        return late + reply

    def _spoil(self, noise: LineNoise, line: str, request: bytes, reply: bytes) -> bytes:
        rng = np.random.default_rng([crc32(noise.device.encode()), noise.nth])
        match noise.kind:
            case "late-reply":
                self._late[line] = reply
                return b""
            case "garbage":
                return rng.bytes(int(rng.integers(1, 12))) + reply
            case _ if noise.kind == ECHO:
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
    return number == noise.nth or (noise.kind == ECHO and number > noise.nth)
