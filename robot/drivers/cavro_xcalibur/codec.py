r"""Bytes of the Cavro XCalibur in its DT protocol. Pure: nothing here opens, waits or logs.

A request is `/ address data CR`, an answer `/0 status data ETX CR LF`; neither has a checksum, so only absolute moves
are used: sent twice, they end in the same place.
Sources: Tecan Cavro XLP 6000 operating manual 734237-C, chapter 3; pycont `dtprotocol.py`; tecancavro `models.py`.
"""

import re
from dataclasses import dataclass

STROKE_INCREMENTS = 3000  # of the XCalibur in mode N0
MIN_SPEED, MAX_SPEED = 5, 6000  # increments a second

ASK_STATUS = "Q"
ASK_POSITION = "?"
ASK_VALVE = "?6"
ASK_FIRMWARE = "&"
STOP = "T"

NO_ERROR = 0
NOT_INITIALISED = 7
OVERFLOW = 15  # sent while it moved, and not taken
ERRORS = {  # what happened, what to do
    1: ("its initialisation failed", "Look at syringe and valve, then initialise it once more"),
    2: ("it does not know the command", "Is it an XCalibur?"),
    3: ("the operand is out of its range", "Check syringe_ul and the valve in lab.yaml"),
    4: ("the command sequence makes no sense to it", "Is it an XCalibur?"),
    6: ("its EEPROM is broken", "Have it repaired"),
    NOT_INITIALISED: ("it is not initialised", "Initialise it; what is in the syringe goes to waste"),
    9: ("its plunger stalled", "Its volume is unknown: clear the line, then initialise it to waste"),
    10: ("its valve stalled", "Its volume is unknown: clear the valve, then initialise it to waste"),
    11: ("its plunger may not move with the valve where it is", "Turn the valve to a port"),
    OVERFLOW: ("it still moves", "Wait until it is ready"),
}
LOST_HOME = {1, NOT_INITIALISED, 9, 10}
"""Errors after which it knows its position no longer."""

_ANSWER = re.compile(rb"/0([@-O`-o])([^\x03]*)\x03\r\n")


@dataclass(frozen=True)
class Answer:
    """What the pump said: is it ready for a command, its error code, and data if it was asked for some."""

    ready: bool
    error: int
    data: str


def encode(address: int, data: str) -> bytes:
    r"""Wrap a command for the pump at an address from 1.

    >>> encode(1, ASK_STATUS)
    b'/1Q\r'
    """
    return f"/{chr(0x30 + address)}{data}\r".encode("ascii")


def initialisation(waste_port: int) -> str:
    """Mode N0, then home the plunger at full force with the valve on `waste_port`, where the syringe empties.

    >>> initialisation(9)
    'N0Z0,0,9R'
    """
    return f"N0Z0,0,{waste_port}R"


def valve_turn(port: int) -> str:
    """Turn the valve clockwise to a port."""
    return f"I{port}R"


def plunger_move(increments: int, speed: int) -> str:
    """Move the plunger to an absolute position at a top speed in increments a second.

    >>> plunger_move(600, 450)
    'V450A600R'
    """
    return f"V{speed}A{increments}R"


def frame(received: bytes) -> bytes | None:
    r"""Find the first whole answer, whatever noise lies before it.

    >>> frame(b"\xff/0`600\x03\r\n")
    b'/0`600\x03\r\n'
    """
    match = _ANSWER.search(received)
    return None if match is None else match[0]


def decode(reply: bytes) -> Answer:
    r"""Read an answer, or raise ValueError showing the bytes.

    >>> decode(b"/0`600\x03\r\n")
    Answer(ready=True, error=0, data='600')
    """
    match = _ANSWER.fullmatch(reply)
    if match is None:
        raise ValueError(f"not an answer: {reply!r}")
    status = match[1][0]
    return Answer(bool(status & 0x20), status & 0x0F, match[2].decode("ascii"))


def decode_number(reply: bytes) -> int:
    """Read an answer that consists of a number, or raise ValueError showing the bytes."""
    return int(decode(reply).data)


def decode_port(reply: bytes) -> int:
    """Read where the valve stands; 0 if it does not say a port's number."""
    data = decode(reply).data
    return int(data) if data.isdecimal() else 0
