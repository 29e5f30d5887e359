r"""Lines of the PreciseFlex TCP command server in PC mode. Pure: nothing here opens, waits or logs.

One request, one reply: `<code>[ data]\r\n`, 0 for yes and negative for no. A move is answered when it is accepted.
Sources: Brooks TCS 3.0C1 (its own GPL source: numbers of states, status port); PyLabRobot `precise_flex_backend.py`,
`error_codes.py`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import atan2, degrees

from robot.geometry import BenchPoint
from robot.wire.base import until

ASK_VERSION = b"version\n"
ASK_PLACE = b"wherec\n"
ASK_JOINTS = b"wherej\n"
ASK_MOTION = b"state\n"
ASK_SYSTEM = b"sysState\n"
ASK_HOMED = b"pd 2800\n"
SELECT_ROBOT = b"selectRobot 1\n"  # of the status server: whose state the questions are about
ATTACH = b"attach 1\n"
HALT = b"halt\n"
POWER_ON = b"hp 1 20\n"  # and wait for it, up to 20 s
HOME = b"home\n"

FULL_SPEED_MM_PER_S, FULL_ACCELERATION_MM_PER_S2 = 500.0, 2500.0  # what 100 % are along a straight line; assumed
PROFILE = 1
LEVEL_PITCH_DEG, LEVEL_ROLL_DEG = 90, 180  # the only ones this arm knows

AT_REST = {0, 1, 10}  # halted, idle, jogged by hand; all other states of motion are on the way
COMING_UP = {8, 9, 10, 11, 12}
HOMING = 28
NOT_ATTACHED = -1009

SYSTEM_TROUBLES: Mapping[int, tuple[str, str]] = {
    0: ("its power is off", "Home it: that switches the power on"),
    1: ("a fatal error switched its power off", "Restart its controller"),
    2: ("a fault switched its power off", "Look at the arm, then home it"),
    3: ("its power is going down", "Home it: that switches the power on"),
    4: ("a fault switches its power off", "Look at the arm, then home it"),
    5: ("a fault switched its power off", "Look at the arm, then home it"),
    6: ("its power is off", "Home it: that switches the power on"),
    7: ("its power is off", "Home it: that switches the power on"),
    15: ("its emergency stop is pressed", "Look at the arm, release the stop, then home it"),
}
"""States of the controller (DataID 234) in which it will not move, and what to do."""

REFUSALS: Mapping[int, tuple[str, str]] = {
    -1006: ("another client holds the robot", "Stop that one"),
    -1007: ("the robot is not ready to be attached", "Home it: that switches the power on"),
    -1012: ("a joint would go out of range", "Change the step"),
    -1021: ("it is not homed", "Clear the space around it, then home it"),
    -1025: ("its power did not come on in time", "Look at its controller"),
    -1028: ("its emergency stop is pressed", "Look at the arm, release the stop, then home it"),
    -1046: ("its power is off", "Home it: that switches the power on"),
    -2805: ("its command server does not know the command", "Which TCS does it run?"),
}
COLLISIONS = range(-3199, -3099)  # envelope errors: the arm was not where it should be, power drops

frame = until(b"\r\n")
_REPLY = re.compile(rb"(-?\d+)(?: ([^\r\n]*))?\r\n")


@dataclass(frozen=True)
class Answer:
    """One reply."""

    code: int
    data: str


def encode_set_up(speed_mm_per_s: float, acceleration_mm_per_s2: float, open_mm: float, closed_mm: float) -> bytes:
    r"""Speed, acceleration and slowing down in percent, straight lines; the fingers' two positions.

    >>> encode_set_up(150.0, 500.0, 100.0, 70.0)
    b'Profile 1 30 0 20 20 0 0 10 -1\nGripOpenPos 100\nGripClosePos 70\n'
    """
    speed = 100 * speed_mm_per_s / FULL_SPEED_MM_PER_S
    acceleration = 100 * acceleration_mm_per_s2 / FULL_ACCELERATION_MM_PER_S2
    profile = f"Profile {PROFILE} {speed:g} 0 {acceleration:g} {acceleration:g} 0 0 10 -1"
    return f"{profile}\nGripOpenPos {open_mm:g}\nGripClosePos {closed_mm:g}\n".encode("ascii")


def encode_move(to: BenchPoint) -> bytes:
    r"""Move straight to a point, the fingers pointing away from the column.

    >>> encode_move(BenchPoint(300.0, 300.0, 50.0))
    b'moveC 1 300.000 300.000 50.000 45.000 90 180\n'
    """
    yaw_deg = degrees(atan2(to.y_mm, to.x_mm))
    place = f"{to.x_mm:.3f} {to.y_mm:.3f} {to.z_mm:.3f} {yaw_deg:.3f}"
    return f"moveC {PROFILE} {place} {LEVEL_PITCH_DEG} {LEVEL_ROLL_DEG}\n".encode("ascii")


def encode_signal_question(number: int) -> bytes:
    """Ask whether a digital signal is on."""
    return f"sig {number}\n".encode("ascii")


def encode_grip(closed: bool) -> bytes:
    """Bring the fingers to one of their two positions."""
    return b"gripper 2\n" if closed else b"gripper 1\n"


def decode(reply: bytes) -> Answer:
    r"""Read a reply.

    >>> decode(b"0 170.0 0.0\r\n"), decode(b"-1021 *Robot not homed*\r\n").code
    (Answer(code=0, data='170.0 0.0'), -1021)

    Raises:
        ValueError: no number leads it, as in its verbose mode.
    """
    match = _REPLY.fullmatch(reply)
    if match is None:
        raise ValueError(f"no reply in PC mode (send `mode 0`): {reply!r}")
    return Answer(int(match[1]), (match[2] or b"").decode("ascii"))


def decode_numbers(reply: bytes) -> tuple[float, ...]:
    r"""Read the numbers of an answer.

    >>> decode_numbers(b"0 269.913 81.507\r\n")
    (269.913, 81.507)

    Raises:
        ValueError: it is a refusal, or holds something else.
    """
    answer = decode(reply)
    if answer.code != 0 or not answer.data:
        raise ValueError(f"no numbers: {reply!r}")
    return tuple(map(float, answer.data.split()))


def decode_place(reply: bytes) -> BenchPoint:
    """Read where the fingers are; how the arm is bent is not used."""
    x_mm, y_mm, z_mm, _, _, _, _ = decode_numbers(reply)
    return BenchPoint(x_mm, y_mm, z_mm)


def decode_number(reply: bytes) -> int:
    """Read a single whole number."""
    (number,) = decode_numbers(reply)
    return int(number)


def decode_signal(reply: bytes) -> bool:
    r"""Read whether a signal is on: its number, then 0 or another.

    >>> decode_signal(b"0 10001 1\r\n")
    True
    """
    _, value = decode_numbers(reply)
    return value != 0


def decode_width_mm(reply: bytes) -> float:
    """Read how far the fingers are apart: the fifth axis, after column, shoulder, elbow and wrist."""
    return decode_numbers(reply)[4]
