"""Curves in a terminal, drawn in braille: two dots wide and four high to a character. Pure."""

from collections.abc import Mapping, Sequence
from math import isfinite

DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # Unicode 2800: by row, then column
LABEL_COLUMNS = 9


def plot(curves: Mapping[str, Sequence[float]], columns: int, rows: int) -> dict[str, list[str]]:
    """Draw curves on one scale, the newest value at the right; by curve its rows of characters, top row first.

    >>> for row in plot({"up": [0.0, 1.0, 2.0, 3.0]}, columns=2, rows=1)["up"]:
    ...     print(row)
    ⡠⠊

    Args:
        curves: values by name, oldest first; what is not a number is left out. As many as fit are shown.
        columns: width in characters.
        rows: height in characters.
    """
    low, high = scale(curves)
    drawn = {}
    for name, values in curves.items():
        cells = [[0] * columns for _ in range(rows)]
        for place, value in enumerate(values[-2 * columns :]):
            if isfinite(value):
                down = round((high - value) / (high - low) * (4 * rows - 1))
                cells[down // 4][place // 2] |= DOTS[down % 4][place % 2]
        drawn[name] = ["".join(chr(0x2800 + cell) if cell else " " for cell in row) for row in cells]
    return drawn


def scale(curves: Mapping[str, Sequence[float]]) -> tuple[float, float]:
    """The lowest and the highest value, kept apart.

    >>> scale({"flat": [20.0, 20.0]})
    (19.5, 20.5)
    """
    values = [value for curve in curves.values() for value in curve if isfinite(value)] or [0.0]
    low, high = min(values), max(values)
    return (low, high) if high - low > 1e-9 else (low - 0.5, high + 0.5)
