r"""Lines of MT-SICS, levels 0 and 1. Pure: nothing here opens, waits or logs.

A line ends with CR LF; an answer begins with the word of its command, save for weights (`S`) and complaints. There is
no checksum and no number, so every answer's first word is compared with the command.
Sources: MT-SICS reference manual for weigh modules 11781363; Janelia's and PyLabRobot's drivers for the spellings.
"""

import re
from dataclasses import dataclass

from robot.wire.base import Framer

RESET = b"@\r\n"
ASK_SERIAL_NUMBER = b"I4\r\n"
ASK_MODEL = b"I2\r\n"
ASK_WEIGHT = b"SI\r\n"
ASK_TARE = b"TA\r\n"
TARE = b"TI\r\n"

ANSWER_WORDS = {RESET: b"I4", ASK_WEIGHT: b"S"}
"""First words of answers that differ from the command's."""
COMPLAINTS = {
    "ES": ("it does not know the command", "Is it a balance with MT-SICS?"),
    "ET": ("the command reached it damaged", "Check baud rate, parity and cable"),
    "EL": ("it cannot carry the command out", "Look at its display"),
}
FAULTS = {
    "1": "its start-up failed", "2": "its brand data are wrong", "3": "its checksum is wrong",
    "9": "an option failed", "10": "its EEPROM failed", "11": "its parts do not match",
    "12": "a part was unplugged", "14": "weigh module and electronics do not match", "15": "it needs to be adjusted",
}  # fmt: skip

_LINE = re.compile(rb"([A-Z][A-Z0-9]*)(?: ([^\r\n]*))?\r\n")


@dataclass(frozen=True)
class Answer:
    """One line: its first word, the letter that says how it went, and the rest."""

    word: str
    letter: str
    rest: str


def reply_to(request: bytes) -> Framer:
    r"""Find the answer to a request: lines that answer something else are passed over.

    >>> reply_to(ASK_WEIGHT)(b"T S      1.0000 g\r\nS S     12.3456 g\r\n")
    b'S S     12.3456 g\r\n'
    """
    wanted = ANSWER_WORDS.get(request, request.split()[0])
    words = {wanted, *(word.encode() for word in COMPLAINTS)}

    def frame(received: bytes) -> bytes | None:
        return next((match[0] for match in _LINE.finditer(received) if match[1] in words), None)

    return frame


def decode(reply: bytes) -> Answer:
    r"""Read a line, or raise ValueError showing the bytes.

    >>> decode(b'I4 A "B021002593"\r\n')
    Answer(word='I4', letter='A', rest='B021002593')
    >>> decode(b"S I\r\n"), decode(b"ES\r\n")
    (Answer(word='S', letter='I', rest=''), Answer(word='ES', letter='', rest=''))
    """
    match = _LINE.fullmatch(reply)
    if match is None or (match[2] is None) is not (match[1].decode() in COMPLAINTS):
        raise ValueError(f"no line of MT-SICS: {reply!r}")
    letter, _, rest = (match[2] or b"").decode("ascii").partition(" ")
    return Answer(match[1].decode(), letter, rest.strip().strip('"'))


def decode_weight(text: str) -> tuple[float, str]:
    """Read a figure and its unit, or raise ValueError.

    >>> decode_weight("12.3456 g")
    (12.3456, 'g')
    """
    match = re.fullmatch(r"(-?\d+(?:\.\d*)?) (\S+)", text)
    if match is None:
        raise ValueError(f"not a weight: {text!r}")
    return float(match[1]), match[2]


def decode_capacity_g(model: str) -> float:
    """Read the capacity at the end of a balance's type, or raise ValueError.

    >>> decode_capacity_g("XS204 Excellence 220.0090 g")
    220.009
    """
    match = re.search(r"(\d+(?:\.\d*)?) g$", model)
    if match is None:
        raise ValueError(f"no capacity in grams: {model!r}")
    return float(match[1])
