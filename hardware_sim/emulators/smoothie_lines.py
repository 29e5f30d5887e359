"""Lines of Smoothieware as it reads them: several codes on a line, each with its words."""

import re
from dataclasses import dataclass
from typing import Self

CODES = re.compile(r"[GM][^GM]*")
NAME = re.compile(r"[GM]\d*\.?\d*")
WORD = re.compile(r"([A-Z])(-?(?:\d+\.?\d*|\.\d+))?")


class NotGcode(Exception):
    """The line is none; says what is wrong with it."""


def waits_for_rest(line: str) -> bool:
    """Homing, waiting and switching come after all motion before them."""
    return re.search(r"(?:G28\.2|M400|M4[23])(?!\d)", line) is not None


@dataclass(frozen=True)
class Code:
    """One code of a line, such as `G0 X10 F600`."""

    name: str
    words: dict[str, float | None]
    """By letter; None where no number follows."""

    @classmethod
    def all_in(cls, line: str) -> list[Self]:
        """Cut a line into its codes.

        >>> Code.all_in("G90G0X1.5F600")
        [Code(name='G90', words={}), Code(name='G0', words={'X': 1.5, 'F': 600.0})]
        """
        if not re.match(r"[GM]\d", line):
            raise NotGcode(f"Invalid content: {line}")
        return [cls._read(part) for part in CODES.findall(line)]

    @classmethod
    def _read(cls, part: str) -> Self:
        name = NAME.match(part)[0]  # type: ignore[index]
        found = WORD.findall(part, len(name))
        return cls(name, {letter: float(number) if number else None for letter, number in found})

    @property
    def axes(self) -> dict[str, float]:
        """The words that name axes of the gantry."""
        axes = {letter: value for letter, value in self.words.items() if letter in "XYZ"}
        for value in axes.values():
            if value is None:
                raise NotGcode("invalid value 'None'")
        return {letter: value for letter, value in axes.items() if value is not None}
