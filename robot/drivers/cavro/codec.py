r"""Bytes of Cavro pumps in both their protocols. Pure: nothing here opens, waits or logs.

DT: a request is `/ address data CR`, an answer `/0 status data ETX CR LF`; neither has a checksum. OEM: a request is
`STX address sequence data ETX sum`, an answer `STX 0 status data ETX sum`; a request that says it is a repetition is
answered again, not done again. Only absolute moves are used: sent twice, they end in the same place.
Sources: Tecan Cavro XLP 6000 operating manual 734237-C, chapter 3; pycont `dtprotocol.py`; tecancavro `models.py`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import xor

from robot.wire.base import Framer

STROKE_INCREMENTS = {"cavro_xcalibur": 3000, "cavro_xlp_6000": 6000}  # in mode N0
NAMES = {"cavro_xcalibur": "XCALIBUR", "cavro_xlp_6000": "XLP"}  # how a firmware may call its pump
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
    2: ("it does not know the command", "Is it this model?"),
    3: ("the operand is out of its range", "Check syringe_ul and the valve in lab.yaml"),
    4: ("the command sequence makes no sense to it", "Is it this model?"),
    6: ("its EEPROM is broken", "Have it repaired"),
    NOT_INITIALISED: ("it is not initialised", "Initialise it; what is in the syringe goes to waste"),
    9: ("its plunger stalled", "Its volume is unknown: clear the line, then initialise it to waste"),
    10: ("its valve stalled", "Its volume is unknown: clear the valve, then initialise it to waste"),
    11: ("its plunger may not move with the valve where it is", "Turn the valve to a port"),
    OVERFLOW: ("it still moves", "Wait until it is ready"),
}
LOST_HOME = {1, NOT_INITIALISED, 9, 10}
"""Errors after which it knows its position no longer."""

_DT_ANSWER = re.compile(rb"/0[@-O`-o][^\x03]*\x03\r\n")
_OEM_ANSWER = re.compile(rb"\x020[@-O`-o][^\x03]*\x03", re.DOTALL)
_CONTENT = re.compile(rb"[/\x02]0([@-O`-o])([^\x03]*)\x03(?:\r\n|.)", re.DOTALL)
REPEATED = 0x08


@dataclass(frozen=True)
class Answer:
    """What the pump said: is it ready for a command, its error code, and data if it was asked for some."""

    ready: bool
    error: int
    data: str


@dataclass(frozen=True)
class Framing:
    """One of the two protocols."""

    encode: Callable[[int, str, int], tuple[bytes, ...]]
    """Address from 1, command, sequence number 1 to 7: the request, then its repetitions that are not done again."""
    frame: Framer


def encode_dt(address: int, data: str, sequence: int = 1) -> tuple[bytes, ...]:
    r"""Wrap a command; DT knows no sequence numbers and no repetitions.

    >>> encode_dt(1, ASK_STATUS)
    (b'/1Q\r',)
    """
    return (f"/{chr(0x30 + address)}{data}\r".encode("ascii"),)


def encode_oem(address: int, data: str, sequence: int = 1) -> tuple[bytes, ...]:
    r"""Wrap a command, once fresh and once as its own repetition.

    >>> [request.hex(" ") for request in encode_oem(1, "ZR", 1)]
    ['02 31 31 5a 52 03 09', '02 31 39 5a 52 03 01']
    """
    tries = (0x30 | sequence, 0x30 | sequence | REPEATED)
    requests = (b"\x02%c%c%b\x03" % (0x30 + address, number, data.encode("ascii")) for number in tries)
    return tuple(request + _sum(request) for request in requests)


def _sum(data: bytes) -> bytes:
    return bytes((reduce(xor, data),))


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


def frame_dt(received: bytes) -> bytes | None:
    r"""Find the first whole answer, whatever noise lies before it.

    >>> frame_dt(b"\xff/0`600\x03\r\n")
    b'/0`600\x03\r\n'
    """
    match = _DT_ANSWER.search(received)
    return None if match is None else match[0]


def frame_oem(received: bytes) -> bytes | None:
    r"""Find the first whole answer with a right sum, whatever noise lies before it.

    >>> frame_oem(b"\xff\x020`600\x03g")
    b'\x020`600\x03g'
    """
    answers = (received[match.start() : match.end() + 1] for match in _OEM_ANSWER.finditer(received))
    return next((answer for answer in answers if _sum(answer[:-1]) == answer[-1:]), None)


FRAMINGS = {"dt": Framing(encode_dt, frame_dt), "oem": Framing(encode_oem, frame_oem)}


def decode(reply: bytes) -> Answer:
    r"""Read an answer in either protocol, or raise ValueError showing the bytes.

    >>> decode(b"/0`600\x03\r\n")
    Answer(ready=True, error=0, data='600')
    """
    match = _CONTENT.fullmatch(reply)
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
