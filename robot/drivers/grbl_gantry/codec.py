r"""Lines of GRBL 1.1. Pure: nothing here opens, waits or logs.

A line is answered by `ok` or `error:N` once it is planned, not done; `<...>`, `ALARM:N`, `[MSG:...]` and the banner of
a reset may come at any time. The S word (spindle speed), without use where no spindle turns, bears our command's
number: the parser remembers it and `$G` tells it, until a reset makes it 0.
Sources: gnea/grbl `doc/markdown/interface.md`, `commands.md`, `grbl/report.c`, `doc/csv/*_codes_en_US.csv`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from robot.geometry import BenchPoint
from robot.wire.base import Framer, through

ASK_STATUS = b"?"  # these three are acted on at once, between the bytes of any line, and are not acknowledged
HOLD = b"!"
RESET = b"\x18"
ASK_MODES = b"$G\n"
ASK_VERSION = b"$I\n"
ASK_SETTINGS = b"$$\n"
UNLOCK = b"$X\n"

SOFT_LIMITS, HOMING, REPORT_MASK, INCHES = 20, 22, 10, 13  # numbers of settings
ACCELERATION, TRAVEL = (120, 121, 122), (130, 131, 132)

ERRORS: Mapping[int, tuple[str, str]] = {
    5: ("homing is switched off", "Set $22=1 once the limit switches work"),
    8: ("it is not idle", "Wait until it is"),
    9: ("it is locked: not homed, or an alarm stands", "Look at it, then home it"),
    15: ("the target is beyond its travel", "Change the step"),
}
"""What an error's number means and what to do; all others find fault with the line."""

ALARMS: Mapping[int, tuple[str, str]] = {
    1: ("a limit switch was hit and its position is lost", "Free it, then home it"),
    2: ("the target was beyond its soft limits", "Is travel_mm in lab.yaml what the machine has?"),
    3: ("it was reset while it moved and its position is lost", "Look at it, then home it"),
    6: ("homing was broken off by a reset", "Home it again"),
    7: ("homing was broken off by its door", "Close the door"),
    8: ("homing did not get off a limit switch", "Look at the switches"),
    9: ("homing found no limit switch", "Look at the switches"),
}

HEALTHY = {"Idle", "Run", "Jog", "Home"}
TROUBLES: Mapping[str, tuple[str, str]] = {
    "Alarm": ERRORS[9],
    "Hold": ("it was held", "Look at it, make it safe, and home it"),
    "Door": ("its safety door is open", "Close the door"),
    "Sleep": ("it sleeps", "Reset it"),
    "Check": ("it only checks G-code", "Send $C"),
}
"""What a state that is not healthy means and what to do."""

_STATUS = re.compile(rb"<(?P<state>[A-Z][a-z]+(?::\d)?)\|MPos:(?P<place>[^|>]+)[^<>]*>\r\n")
_ACKNOWLEDGED = re.compile(rb"(?:^|\n)(?:ok|error:\d+|ALARM:\d+|Grbl [^\r\n]*)\r\n")
_ERROR = rb"(?:^|\n)error:\d+\r\n"
_REPLIES = {
    ASK_STATUS: _STATUS,
    ASK_MODES: re.compile(rb"\[GC:(?P<modes>[^\]\r\n]*)\]\r\nok\r\n|" + _ERROR),
    ASK_VERSION: re.compile(rb"\[VER:(?P<version>[^:\]\r\n]*)[^\r\n]*\r\n\[OPT:[^\r\n]*\r\nok\r\n|" + _ERROR),
    ASK_SETTINGS: re.compile(rb"(?:\$\d+=[^\r\n]*\r\n)+ok\r\n|" + _ERROR),
    RESET: re.compile(rb"Grbl [^\r\n]*\r\n(?:\[MSG:[^\r\n]*\r\n)?"),
}


@dataclass(frozen=True)
class Status:
    """One answer to `?`."""

    state: str
    place: BenchPoint
    """Of the machine: 0 at its home, in general negative."""
    probe_is_on: bool = False
    """Is its probe input among the pins that are on?"""

    @property
    def kind(self) -> str:
        """The state without its stage."""
        return self.state.partition(":")[0]


@dataclass(frozen=True)
class Modes:
    """What the parser remembers."""

    count: int | None
    """The S word; None if this firmware was built without it."""
    coolant_is_on: bool


def troubles(status: Status) -> tuple[tuple[str, str], ...]:
    """What is wrong and what to do, if anything is.

    >>> troubles(Status("Door:1", BenchPoint(0.0, 0.0, 0.0)))
    (('its safety door is open', 'Close the door'),)
    """
    if status.kind in HEALTHY:
        return ()
    return (TROUBLES.get(status.kind, (f"it is in state {status.state}", "Look it up in its manual")),)


def reply_to(request: bytes) -> Framer:
    """Find the answer to a request, whatever is said before it; what has no answer of its own is acknowledged."""
    return through(_REPLIES.get(request, _ACKNOWLEDGED))


def encode_move(to: BenchPoint, speed_mm_per_s: float, count: int | None) -> bytes:
    r"""Move straight to a place of the machine; always absolute, so that a line done twice ends where it ends once.

    >>> encode_move(BenchPoint(-10.0, -20.5, 0.0), 10.0, 7)
    b'G21G90G94G53G1X-10.000Y-20.500Z0.000F600S7\n'
    """
    words = f"G21G90G94G53G1X{to.x_mm:.3f}Y{to.y_mm:.3f}Z{to.z_mm:.3f}F{speed_mm_per_s * 60:.0f}"
    return _numbered(words, count)


def encode_coolant(on: bool, count: int | None) -> bytes:
    r"""Switch the coolant's output.

    >>> encode_coolant(True, 8)
    b'M8S8\n'
    """
    return _numbered("M8" if on else "M9", count)


def encode_homing(count: int | None) -> bytes:
    r"""Home, then count: the second line is done only when homing has succeeded.

    >>> encode_homing(1)
    b'$H\nG21S1\n'
    """
    return b"$H\n" + _numbered("G21", count)


def decode_status(reply: bytes) -> Status:
    r"""Read state and place.

    >>> decode_status(b"<Run|MPos:0.244,0.000,-1.000|FS:162,0|Pn:PZ|Ov:100,100,100>\r\n")
    Status(state='Run', place=BenchPoint(x_mm=0.244, y_mm=0.0, z_mm=-1.0), probe_is_on=True)
    """
    match = _STATUS.search(reply)
    if match is None:
        raise ValueError(f"no status: {reply!r}")
    x_mm, y_mm, z_mm = map(float, match["place"].split(b","))
    pins = re.search(rb"\|Pn:([A-Z]+)", reply)
    return Status(match["state"].decode(), BenchPoint(x_mm, y_mm, z_mm), pins is not None and b"P" in pins[1])


def decode_modes(reply: bytes) -> Modes:
    r"""Read what the parser remembers.

    >>> decode_modes(b"[GC:G1 G54 G17 G21 G90 G94 M5 M8 T0 F600 S12]\r\nok\r\n")
    Modes(count=12, coolant_is_on=True)
    """
    words = _part(ASK_MODES, reply, "modes").split()
    counts = [int(float(word[1:])) for word in words if word.startswith(b"S")]
    return Modes(counts[0] if counts else None, b"M9" not in words)


def decode_version(reply: bytes) -> str:
    r"""Read the firmware's version.

    >>> decode_version(b"[VER:1.1h.20190830:]\r\n[OPT:V,15,128]\r\nok\r\n")
    '1.1h.20190830'
    """
    return _part(ASK_VERSION, reply, "version").decode("ascii")


def decode_settings(reply: bytes) -> dict[int, float]:
    r"""Read all settings by number.

    >>> decode_settings(b"$0=10\r\n$130=200.000\r\nok\r\n")
    {0: 10.0, 130: 200.0}
    """
    settings = {int(number): float(value) for number, value in re.findall(rb"\$(\d+)=([-\d.]+)", reply)}
    if not settings:
        raise ValueError(f"no settings: {reply!r}")
    return settings


def decode_acknowledgement(reply: bytes) -> bytes:
    r"""Read the line that ends an answer: `ok`, `error:N`, `ALARM:N` or the banner of a reset.

    >>> decode_acknowledgement(b"[MSG:Caution: Unlocked]\r\nok\r\n")
    b'ok'
    """
    return reply.removesuffix(b"\r\n").rpartition(b"\n")[2]


def _part(request: bytes, reply: bytes, name: str) -> bytes:
    match = _REPLIES[request].search(reply)
    if match is None or match[name] is None:
        raise ValueError(f"no answer to {request!r}: {reply!r}")
    part: bytes = match[name]
    return part


def _numbered(words: str, count: int | None) -> bytes:
    return f"{words}{'' if count is None else f'S{count}'}\n".encode("ascii")
