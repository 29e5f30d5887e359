r"""Packages of RTDE, version 2. Pure: nothing here opens, waits or logs.

A package is `size u16 | type u8 | payload`, everything big-endian; the size counts all of it. What the robot is to tell
is agreed upon once for a connection; then it tells it at every period until it is paused.
Source: UR "Real-Time Data Exchange (RTDE) guide", with its numbers of modes.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from robot.geometry import BenchPoint
from robot.wire.base import Framer

PROTOCOL, OUTPUTS, START, PAUSE, DATA = b"VOSPU"
FREQUENCY_HZ = 125.0
COUNT_REGISTER = 24  # the lowest output register that no fieldbus uses

_FIELDS = {
    "actual_TCP_pose": ("VECTOR6D", "6d"),
    "robot_mode": ("INT32", "i"),
    "safety_status": ("INT32", "i"),
    "runtime_state": ("UINT32", "I"),
    "actual_digital_output_bits": ("UINT64", "Q"),
    "actual_digital_input_bits": ("UINT64", "Q"),
    f"output_int_register_{COUNT_REGISTER}": ("INT32", "i"),
}
_TYPES = ",".join(kind for kind, _ in _FIELDS.values()).encode()
_LAYOUT = ">B" + "".join(code for _, code in _FIELDS.values())

RUNNING, COMING_UP = 7, {2, 4, 5}  # of robot_mode; the latter booting, power on, idle behind its brakes
MODES = {
    -1: "no controller", 0: "disconnected", 1: "confirm safety", 2: "booting", 3: "power off", 4: "power on", 5: "idle",
    6: "backdrive", 7: "running", 8: "updating firmware",
}  # fmt: skip
HEALTHY = {1, 2}  # of safety_status: normal, reduced speed
SAFETY = {
    3: "protective stop: it met something, or cannot go there", 4: "recovery mode", 5: "safeguard stop",
    6: "emergency stop of the system", 7: "emergency stop of the robot", 8: "safety violation", 9: "safety fault",
    10: "joint to be validated", 11: "safety mode undefined", 12: "safeguard stop of the automatic mode",
    13: "three-position switch of the system", 14: "three-position switch of the pendant",
}  # fmt: skip
STOPPED = 1  # of runtime_state; all others: a program plays, pauses, or is on its way there


@dataclass(frozen=True)
class Sample:
    """What the robot told at one instant."""

    position: BenchPoint
    mode: int
    safety: int
    runtime: int
    outputs: int
    inputs: int
    count: int

    @property
    def is_at_work(self) -> bool:
        """Does a program run, or does the robot come up?"""
        return self.runtime != STOPPED or self.mode in COMING_UP

    @property
    def troubles(self) -> tuple[str, ...]:
        """What is wrong, in words."""
        found = [] if self.safety in HEALTHY else [SAFETY.get(self.safety, f"safety status {self.safety}")]
        if self.mode != RUNNING and self.mode not in COMING_UP:
            found.append(f"it is not running: {MODES.get(self.mode, self.mode)}")
        return tuple(found)


def encode(kind: int, payload: bytes = b"") -> bytes:
    """Wrap a payload.

    >>> encode(PROTOCOL, bytes((0, 2))).hex(" ")
    '00 05 56 00 02'
    """
    return struct.pack(">HB", 3 + len(payload), kind) + payload


ASK_PROTOCOL = encode(PROTOCOL, b"\x00\x02")
ASK_OUTPUTS = encode(OUTPUTS, struct.pack(">d", FREQUENCY_HZ) + ",".join(_FIELDS).encode())
ASK_START = encode(START)
ASK_PAUSE = encode(PAUSE)


def reply_to(request: bytes) -> Framer:
    """Find the package that answers a request, whatever data comes before it."""
    return _first(lambda kind, payload: kind == request[2])


def sample_where(is_awaited: Callable[[Sample], bool]) -> Framer:
    """Find the first data that show what is awaited."""
    return _first(lambda kind, payload: kind == DATA and is_awaited(_sample(payload)))


def decode_accepted(reply: bytes) -> None:
    """Read a yes; raise ValueError if it is a no."""
    if _last(reply) != b"\x01":
        raise ValueError(f"refused: {reply!r}")


def decode_agreed(reply: bytes) -> None:
    """Read which types the robot will tell; raise ValueError if it does not know all names."""
    if _last(reply)[1:] != _TYPES:
        raise ValueError(f"it does not tell what is asked for: {reply!r}")


def decode_sample(reply: bytes) -> Sample:
    """Read the last data in a reply."""
    return _sample(_last(reply))


def _sample(payload: bytes) -> Sample:
    if len(payload) != struct.calcsize(_LAYOUT):
        raise ValueError(f"not the data agreed upon: {payload!r}")
    _, x_m, y_m, z_m, _, _, _, mode, safety, runtime, outputs, inputs, count = struct.unpack(_LAYOUT, payload)
    return Sample(BenchPoint(x_m * 1000, y_m * 1000, z_m * 1000), mode, safety, runtime, outputs, inputs, count)


def _packages(received: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Type, payload and end of each whole package."""
    start = 0
    while start + 3 <= len(received):
        size, kind = struct.unpack_from(">HB", received, start)
        if size < 3:
            raise ValueError(f"not RTDE: {received[start:]!r}")
        if start + size > len(received):
            return
        yield kind, received[start + 3 : start + size], start + size
        start += size


def _first(is_it: Callable[[int, bytes], bool]) -> Framer:
    def frame(received: bytes) -> bytes | None:
        return next((received[:end] for kind, payload, end in _packages(received) if is_it(kind, payload)), None)

    return frame


def _last(reply: bytes) -> bytes:
    """The payload of the last package."""
    return list(_packages(reply))[-1][1]
