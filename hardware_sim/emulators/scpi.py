"""SCPI on the answering side: lines of commands, long and short forms, paths, and the queue of errors.

Source: SCPI-99, volume 1; the Series 2400 user's manual as the fact sheet tells it.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator
from functools import lru_cache

UNDEFINED_HEADER = (-113, "Undefined header")
MISSING_PARAMETER = (-109, "Missing parameter")
DATA_TYPE_ERROR = (-104, "Data type error")
OUT_OF_RANGE = (-222, "Parameter data out of range")
ILLEGAL_VALUE = (-224, "Illegal parameter value")
QUEUE_OVERFLOW = (-350, "Queue overflow")
LONGEST_QUEUE = 10
LONGEST_LINE = 4096

WORDS = (
    "SYSTem ERRor RSENse SOURce FUNCtion CURRent VOLTage RESistance SENSe PROTection RANGe AUTO MODE NPLCycles OUTPut "
    "READ MEASure FORMat ELEMents DELay ROUTe TERMinals INITiate ABORt TRIGger COUNt DISPlay ENABle AZERo BEEPer "
    "OCOMpensated AVERage TCONtrol CONCurrent LOCal REMote ALL"
)
"""Every word of a header, its short form in capitals."""
DEFAULT_WORDS = frozenset({"LEV", "LEVEL", "IMM", "IMMEDIATE", "AMPL", "AMPLITUDE", "STAT", "STATE", "NEXT", "ON"})
"""Words that may be left out."""
SHORT = {word.upper(): re.sub("[a-z]", "", word) for word in WORDS.split()}
SHORT |= {short: short for short in SHORT.values()}


class ScpiError(Exception):
    """An error for the queue."""

    def __init__(self, error: tuple[int, str]) -> None:
        super().__init__(error)
        self.error = error


class ScpiLines:
    """Cuts commands out of a stream; `do` is handed a short header without its colon, and its parameters."""

    def __init__(self, do: Callable[[str, str], str | None]) -> None:
        self._do = do
        self._received = b""
        self._errors: deque[tuple[int, str]] = deque()

    def receive(self, data: bytes) -> bytes:
        """Do each whole line; the answers to one line come back as one line."""
        self._received = (self._received + data)[-LONGEST_LINE:]
        *lines, self._received = re.split(rb"[\r\n]+", self._received)
        return b"".join(map(self._do_line, lines))

    def next_error(self) -> str:
        """Take out the oldest error."""
        code, text = self._errors.popleft() if self._errors else (0, "No error")
        return f'{code},"{text}"'

    def note_error(self, error: tuple[int, str]) -> None:
        """Put an error into the queue; a full one says so and forgets the newest."""
        if len(self._errors) < LONGEST_QUEUE:
            self._errors.append(error)
        else:
            self._errors[-1] = QUEUE_OVERFLOW

    def clear(self) -> None:
        """Forget all errors."""
        self._errors.clear()

    def forget(self) -> None:
        """Power was lost: no error, no half a line."""
        self._errors.clear()
        self._received = b""

    def _do_line(self, line: bytes) -> bytes:
        answers = []
        for header, parameters in _commands(line.decode("ascii", "replace")):
            try:
                answer = self._do(header, parameters)
            except ScpiError as err:
                self.note_error(err.error)
                break
            if answer is not None:
                answers.append(answer)
        return ";".join(answers).encode() + b"\n" if answers else b""


def _commands(line: str) -> Iterator[tuple[str, str]]:
    """Full short headers and parameters: each command continues the path of the one before, unless a colon leads."""
    path: list[str] = []
    for command in line.split(";"):
        header, _, parameters = command.strip().partition(" ")
        if not header:
            continue
        if header.startswith("*"):
            yield header.upper(), parameters.strip()
            continue
        words = header.lstrip(":").split(":")
        full = words if header.startswith(":") else [*path, *words]
        path = full[:-1]
        yield short_header(":".join(full)), parameters.strip()


@lru_cache(maxsize=512)
def short_header(header: str) -> str:
    """Spell a header in short forms; an unknown word stays as it is, and no command is called so.

    >>> short_header("SENSe1:VOLTage:DC:PROTection:LEVel?"), short_header("outp:stat?"), short_header("SYST:ERR?")
    ('SENS:VOLT:PROT?', 'OUTP?', 'SYST:ERR?')
    """
    words = [word.rstrip("1") for word in header.upper().removesuffix("?").split(":")]
    kept = [SHORT.get(word, f"{word}!") for word in words if word not in DEFAULT_WORDS and word != "DC"]
    return ":".join(kept) + "?" * header.endswith("?")


def number(text: str, low: float, high: float) -> float:
    """Read a numeric parameter.

    Raises:
        ScpiError: it is missing, no number, or out of range.
    """
    if not text:
        raise ScpiError(MISSING_PARAMETER)
    try:
        value = float(text)
    except ValueError as err:
        raise ScpiError(DATA_TYPE_ERROR) from err
    if not low <= value <= high:
        raise ScpiError(OUT_OF_RANGE)
    return value


def switch(text: str) -> bool:
    """Read an on-off parameter.

    Raises:
        ScpiError: it is something else.
    """
    states = {"1": True, "ON": True, "0": False, "OFF": False}
    if text.upper() not in states:
        raise ScpiError(ILLEGAL_VALUE if text else MISSING_PARAMETER)
    return states[text.upper()]
