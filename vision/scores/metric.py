"""What a metric is: rows of numbers that each picture yields, and a figure that is made of all rows.

Rows let a figure be made again of other draws of the same pictures: that is how intervals are found.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.scores.case import Case

Row = tuple[float, ...]
Rows = NDArray[np.float64]
"""(n, numbers in a row)"""


@dataclass(frozen=True)
class Metric:
    """One line of the table of scores."""

    key: str
    """Its name in JSON."""
    title: str
    rows: Callable[[Case], Iterable[Row]]
    value: Callable[[Rows], float]
    """NaN, where the rows cannot tell."""
    at_least: float | None = None
    excellent: float | None = None
    lower_is_better: bool = False
    hue_shifted: bool = False
    """Asked of hue-shifted copies, not of the pictures as they are."""
    width: int = 1
    """Numbers in a row."""


def ratio(rows: Rows) -> float:
    """Sum of the first numbers over the sum of the second.

    >>> ratio(np.array([[1.0, 2.0], [2.0, 4.0]]))
    0.5
    """
    over, under = rows[:, 0].sum(), rows[:, 1].sum()
    return float(over / under) if under else float("nan")


def mean(rows: Rows) -> float:
    """The mean of all."""
    return float(rows[:, 0].mean()) if len(rows) else float("nan")


def median(rows: Rows) -> float:
    """The median of all."""
    return float(np.median(rows[:, 0])) if len(rows) else float("nan")


def percentile_90(rows: Rows) -> float:
    """What nine of ten stay below."""
    return float(np.percentile(rows[:, 0], 90)) if len(rows) else float("nan")


def balanced_accuracy(rows: Rows) -> float:
    """The mean over true classes of the share of right answers; rows are (class, right: 0 or 1). NaN for a single class.

    >>> balanced_accuracy(np.array([[0, 1], [0, 1], [0, 0], [0, 1], [1, 0]]))
    0.375
    """
    classes = np.unique(rows[:, 0]) if len(rows) else np.array([])
    if len(classes) < 2:
        return float("nan")
    return float(np.mean([rows[rows[:, 0] == each, 1].mean() for each in classes]))
