r"""Bytes of the New Era NE-1000. Pure: nothing here opens, waits or logs.

Basic mode: a request is `address text CR`, an answer `STX address status data ETX`. Safe mode: either is
`STX length text CRC CRC ETX`, the length counting itself and all that follows. A pump in basic mode understands safe
requests and answers them in basic form; no length is a digit, so the forms cannot be confused.
Sources: New Era NE-1000 manual 1200-01, pages 33 to 35; NESP-Lib `pump.py`.
"""

import re
from binascii import crc_hqx
from dataclasses import dataclass

STX, ETX = b"\x02", b"\x03"
LONGEST_SAFE = 0x30  # a longer one could be taken for a basic answer, whose address begins with a digit

ASK_STATUS = ""
ASK_VERSION = "VER"
ASK_DISPENSED = "DIS"
RUN, STOP = "RUN", "STP"

MOVING = "IWX"
"""Statuses of a pump that infuses, withdraws or purges."""
PAUSED = "P"
ALARMS = {
    "R": "it has been without power",
    "S": "its plunger stalled",
    "T": "its watchdog heard nothing for too long and stopped it",
    "E": "its programme is wrong",
    "O": "its programme is out of range",
}
ERRORS = {
    "": ("it does not know the command", "Is it an NE-1000?"),
    "NA": ("it cannot do that now", "Stop it first"),
    "OOR": ("the value is out of its range", "Check diameter_mm and flow in lab.yaml"),
    "COM": ("the command reached it damaged", "Check the cable"),
    "IGN": ("it ignored the command", "Is another command under way?"),
}
FOR_NOW = {"NA", "IGN"}
"""Errors of a pump that may do in a moment what it did not do now."""

_BASIC = re.compile(rb"\x02(\d\d)([A-Z])([^\x02\x03]*)\x03")
_TEXT = re.compile(r"(\d\d)([A-Z])(.*)", re.DOTALL)


@dataclass(frozen=True)
class Answer:
    """What the pump said: its status, an alarm instead of it, an error, data if it was asked for some."""

    address: int
    status: str
    alarm: str = ""
    error: str | None = None
    data: str = ""


def encode_basic(address: int, text: str) -> bytes:
    r"""Wrap a command for a pump in basic mode.

    >>> encode_basic(0, "DIA20.00")
    b'00DIA20.00\r'
    """
    return f"{address:02d}{text}\r".encode("ascii")


def encode_safe(address: int, text: str) -> bytes:
    """Wrap a command with length and CRC-16/XMODEM.

    >>> encode_safe(0, "RUN").hex(" ")
    '02 09 30 30 52 55 4e 48 e9 03'
    """
    body = f"{address:02d}{text}".encode("ascii")
    return STX + bytes((len(body) + 4,)) + body + crc_hqx(body, 0).to_bytes(2, "big") + ETX


def frame(received: bytes) -> bytes | None:
    r"""Find the first whole answer of either form, whatever noise lies before it.

    >>> frame(b"\xff\x02\x0700S\xaa\xa6\x03"), frame(b"\x0200S\x03")
    (b'\x02\x0700S\xaa\xa6\x03', b'\x0200S\x03')
    """
    starts = [match.start() for match in re.finditer(STX, received)]
    return next((reply for start in starts if (reply := _frame_at(received[start:])) is not None), None)


def _frame_at(received: bytes) -> bytes | None:
    basic = _BASIC.match(received)
    if basic is not None:
        return basic[0]
    if len(received) < 2 or not 4 < received[1] < LONGEST_SAFE:
        return None
    safe = received[: 1 + received[1]]
    body, check = safe[2:-3], safe[-3:-1]
    is_whole = len(safe) == 1 + received[1] and safe[-1:] == ETX
    return safe if is_whole and crc_hqx(body, 0) == int.from_bytes(check, "big") else None


def decode(reply: bytes) -> Answer:
    r"""Read an answer of either form, or raise ValueError showing the bytes.

    >>> decode(b"\x0200SI1.500W0.000ML\x03")
    Answer(address=0, status='S', alarm='', error=None, data='I1.500W0.000ML')
    >>> decode(b"\x0200A?R\x03").alarm, decode(b"\x0200S?OOR\x03").error
    ('R', 'OOR')
    """
    body = reply[1:-1] if _BASIC.fullmatch(reply) else reply[2:-3]
    match = _TEXT.fullmatch(body.decode("ascii", "replace"))
    if match is None:
        raise ValueError(f"not an answer: {reply!r}")
    address, status, data = int(match[1]), match[2], match[3]
    if status == "A" and data[:1] == "?":
        return Answer(address, "S", alarm=data[1:])
    if data[:1] == "?":
        return Answer(address, status, error=data[1:])
    return Answer(address, status, data=data)


def encode_number(value: float) -> str:
    """Write a figure as the pump keeps it: four digits, at most three of them decimals; more it would cut silently.

    >>> encode_number(20.0), encode_number(333.333), encode_number(1500.0), encode_number(0.25)
    ('20.00', '333.3', '1500', '0.250')

    Raises:
        ValueError: it has more than four digits before the point.
    """
    for decimals in (3, 2, 1, 0):
        text = f"{value:.{decimals}f}"
        if len(text.replace(".", "")) <= 4:
            return text
    raise ValueError(f"{value} has more than four digits")


def decode_number(data: str, units: str = "") -> float:
    """Read a figure, whose units must be as asked for; raise ValueError showing it.

    >>> decode_number("2.500MM", "MM")
    2.5
    """
    match = re.fullmatch(r"(\d+\.?\d*)([A-Z]*)", data)
    if match is None or match[2] != units:
        raise ValueError(f"not a figure in {units!r}: {data!r}")
    return float(match[1])


def decode_dispensed(data: str) -> tuple[float, float, str]:
    """Read what was infused and withdrawn since the counters were cleared, and its units.

    >>> decode_dispensed("I1.500W0.000ML")
    (1.5, 0.0, 'ML')
    """
    match = re.fullmatch(r"I(\d+\.?\d*)W(\d+\.?\d*)(ML|UL)", data)
    if match is None:
        raise ValueError(f"not what was dispensed: {data!r}")
    return float(match[1]), float(match[2]), match[3]
