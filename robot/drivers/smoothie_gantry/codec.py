r"""Lines of Smoothieware, as Opentrons speaks it. Pure: nothing here opens, waits or logs.

Each line ends with `\r\n\r\n`: the blank line after it is answered too, so that every answer ends with `ok\r\nok\r\n`. A
move is answered once it is planned, homing when it is over. A firmware that is halted refuses with `error:Alarm lock`, or
`!!`, all but `M114`, `M119` and `M999`.
Sources: opentrons 8.5.1, `hardware_control/emulation/smoothie.py` and `drivers/smoothie_drivers`; Smoothieware,
`GcodeDispatch.cpp`, `Robot.cpp`, `Endstops.cpp`, `SerialConsole.cpp`, `Switch.cpp`.
"""

import re
from collections.abc import Mapping

from robot.geometry import BenchPoint
from robot.wire.base import Framer, through

END = b"\r\n\r\n"
ASK_PLACE = b"M114.2" + END
"""Where its steppers are at this moment."""
ASK_AIM = b"M114.4" + END
"""Where the last planned move ends; a firmware that does not know the question only acknowledges it."""
ASK_HOMED = b"G28.6" + END
ASK_VERSION = b"version" + END
ASK_SWITCHES = b"M119" + END
HOME = b"G28.2XYZ" + END
HALT = b"\x18" + END + b"M112" + END
"""Ctrl-X is heard between any two bytes, by consoles that know it; the others read a line of no meaning, then M112."""
CLEAR = b"M999" + END
FORGET_HOME = b"G28.5" + END

NOT_HOMED = ("it has not found its home", "Home it")
HALTED = ("it is halted: a switch, a button or somebody stopped it", "Look at it, then clear its alarms and home it")

_OK = rb"ok[^\r\n]*\r?\nok[^\r\n]*\r?\n"
_REFUSAL = rb"(?P<refusal>(?:[Ee]rror|ERROR|ALARM|!!)[^\r\n]*)\r?\n(?:[^\r\n]+\r?\n)*?ok[^\r\n]*\r?\n(?:ok\r?\n)?"
_PLACE = rb"ok %s:(?P<axes>(?: ?[A-Z]:-?[\d.]+)+) ?\r?\nok\r?\n(?:ok\r?\n)?"
_REPLIES = {
    ASK_PLACE: re.compile(_PLACE % b"MCS"),
    ASK_AIM: re.compile(_PLACE % b"MP" + rb"|^ok\r?\nok\r?\n"),
    ASK_HOMED: re.compile(rb"(?P<axes>(?:[A-Z]:[01] ?)+)\r?\n" + _OK + rb"|" + _REFUSAL),
    ASK_SWITCHES: re.compile(rb"X_max:[^\r\n]* Probe: (?P<probe>[01])\r?\n" + _OK),
    ASK_VERSION: re.compile(rb"Build version: (?P<version>[^,\r\n]*)[^\r\n]*\r?\n" + _OK),
}
_AXIS = re.compile(r"([A-Z]):(-?[\d.]+)")
_ACKNOWLEDGED = re.compile(rb"(?:^|\n)" + _OK + rb"|(?:^|\n)" + _REFUSAL)


def reply_to(request: bytes) -> Framer:
    """Find the answer to a request, whatever is said before it; what has no answer of its own is acknowledged."""
    return through(_REPLIES.get(request, _ACKNOWLEDGED))


def encode_move(to: BenchPoint, speed_mm_per_s: float) -> bytes:
    r"""Move straight to a place of the machine; always absolute, so that a line done twice ends where it ends once.

    >>> encode_move(BenchPoint(100.0, 50.5, 0.0), 10.0)
    b'G21G90G0X100.000Y50.500Z0.000F600\r\n\r\n'
    """
    words = f"G21G90G0X{to.x_mm:.3f}Y{to.y_mm:.3f}Z{to.z_mm:.3f}F{speed_mm_per_s * 60:.0f}"
    return words.encode("ascii") + END


def encode_switch(on: bool) -> bytes:
    r"""Set the switched output, once all motion is over.

    >>> encode_switch(True)
    b'M400M42\r\n\r\n'
    """
    return (b"M400M42" if on else b"M400M43") + END


def decode_refusal(reply: bytes) -> str | None:
    r"""Read an acknowledgement: None is consent.

    >>> decode_refusal(b"error:Alarm lock\nok\r\n")
    'error:Alarm lock'
    """
    match = _ACKNOWLEDGED.search(reply)
    if match is None:
        raise ValueError(f"neither consent nor refusal: {reply!r}")
    return None if match["refusal"] is None else match["refusal"].decode("ascii", "replace")


def decode_place(reply: bytes) -> BenchPoint:
    r"""Read where it is.

    >>> decode_place(b"ok MCS: A:218.0 B:0.0 C:0.0 X:100.0 Y:50.0 Z:20.5\r\nok\r\nok\r\n")
    BenchPoint(x_mm=100.0, y_mm=50.0, z_mm=20.5)
    """
    return _point(_axes(ASK_PLACE, reply))


def decode_aim(reply: bytes) -> BenchPoint | None:
    r"""Read where it goes, or stands if it has arrived; None if it does not tell.

    >>> decode_aim(b"ok MP: X:1.0000 Y:2.0000 Z:3.0000\r\nok\r\n")
    BenchPoint(x_mm=1.0, y_mm=2.0, z_mm=3.0)
    >>> decode_aim(b"ok\r\nok\r\n") is None
    True
    """
    match = _REPLIES[ASK_AIM].search(reply)
    return None if match is None or match["axes"] is None else _point(_axes(ASK_AIM, reply))


def decode_is_homed(reply: bytes) -> bool | None:
    r"""Read whether it has found home on all three axes; None if it refuses to say so because it is halted.

    >>> decode_is_homed(b"X:1 Y:1 Z:0 A:0 B:0 C:0\r\nok\r\nok\r\n")
    False
    """
    match = _REPLIES[ASK_HOMED].search(reply)
    if match is not None and match["refusal"] is not None:
        return None
    axes = _axes(ASK_HOMED, reply)
    return all(axes[axis] == 1 for axis in "XYZ")


def decode_probe_is_on(reply: bytes) -> bool:
    r"""Read whether its probe input is on.

    >>> decode_probe_is_on(b"X_max:0 Y_max:0 Z_max:0 _pins (XL)2.01:0 Probe: 1\r\nok\r\nok\r\n")
    True
    """
    match = _REPLIES[ASK_SWITCHES].search(reply)
    if match is None:
        raise ValueError(f"no state of its switches: {reply!r}")
    return match["probe"] == b"1"


def decode_version(reply: bytes) -> str:
    r"""Read the firmware's version.

    >>> decode_version(b"Build version: edge-8414642, Build date: CURRENT, MCU: NONE\r\nok\r\nok\r\n")
    'edge-8414642'
    """
    match = _REPLIES[ASK_VERSION].search(reply)
    if match is None:
        raise ValueError(f"no version: {reply!r}")
    return match["version"].decode("ascii", "replace")


def _axes(request: bytes, reply: bytes) -> Mapping[str, float]:
    match = _REPLIES[request].search(reply)
    axes = {} if match is None else {name: float(value) for name, value in _AXIS.findall(match["axes"].decode())}
    if not axes.keys() >= set("XYZ"):
        raise ValueError(f"not all of X, Y and Z: {reply!r}")
    return axes


def _point(axes: Mapping[str, float]) -> BenchPoint:
    return BenchPoint(axes["X"], axes["Y"], axes["Z"])
