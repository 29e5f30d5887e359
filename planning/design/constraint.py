"""What must hold of a point's numbers: sums between limits, steps, and which parts of a mixture are there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class LinearConstraint:
    """`lower <= sum of coefficient times parameter <= upper`, over the flat names of a point."""

    coefficients: Mapping[str, float]
    lower: float = -np.inf
    upper: float = np.inf

    def value(self, point: Mapping[str, float]) -> float:
        """The sum in the middle."""
        return sum(coefficient * point[name] for name, coefficient in self.coefficients.items())

    def allows(self, point: Mapping[str, float], tolerance: float) -> bool:
        """Does the point keep both limits, or break them by no more than the tolerance?"""
        return self.lower - tolerance <= self.value(point) <= self.upper + tolerance

    def is_sound(self, may_be_open: bool) -> bool:
        """Are all numbers finite, but for the one of two limits that may be left open?"""
        finite = np.isfinite([self.lower, self.upper, *self.coefficients.values()])
        return bool(finite[2:].all() and (finite[:2].any() if may_be_open else finite[:2].all()))

    def __str__(self) -> str:
        """As a chemist would write it.

        >>> print(LinearConstraint({"blend.p3ht": 1.0, "blend.dwnt": -2.0}, lower=0.15))
        blend.p3ht - 2 blend.dwnt >= 0.15
        """
        terms = [
            f"{'-' if size < 0 else '+'} {'' if abs(size) == 1 else f'{abs(size):g} '}{name}"
            for name, size in self.coefficients.items()
        ]
        middle = " ".join(terms).removeprefix("+ ")
        if self.lower == self.upper:
            return f"{middle} = {self.lower:g}"
        if np.isinf(self.upper):
            return f"{middle} >= {self.lower:g}"
        if np.isinf(self.lower):
            return f"{middle} <= {self.upper:g}"
        return f"{self.lower:g} <= {middle} <= {self.upper:g}"


@dataclass(frozen=True)
class Steps:
    """A number that takes only some values, given in rising order: whole numbers, the sizes of a sieve."""

    name: str
    values: Sequence[float]

    def allows(self, point: Mapping[str, float], tolerance: float) -> bool:
        """Is the number one of the values?"""
        return any(abs(point[self.name] - value) <= tolerance for value in self.values)

    def __str__(self) -> str:
        """As a chemist would write it.

        >>> print(Steps("layers", range(1, 11)))
        layers is one of 1, 2, ..., 10
        """
        texts = [f"{value:g}" for value in self.values]
        return f"{self.name} is one of {', '.join(texts if len(texts) <= 6 else [*texts[:2], '...', texts[-1]])}"


@dataclass(frozen=True)
class Presence:
    """How many of some fractions are not zero, and how much of each there is at least when it is there.

    Args:
        mixture: whose parts they are.
        parts: flat names.
        at_least: parts that are there.
        at_most: parts that are there.
        minimum: of each part, (k,), when it is there.
    """

    mixture: str
    parts: Sequence[str]
    at_least: int
    at_most: int
    minimum: Sequence[float]

    def allows(self, point: Mapping[str, float], tolerance: float) -> bool:
        """Are as many parts there as there may be, and enough of each?"""
        shares = [point[part] for part in self.parts]
        there = [(share, least) for share, least in zip(shares, self.minimum, strict=True) if share > tolerance]
        enough = all(share >= least - tolerance for share, least in there)
        return enough and self.at_least <= len(there) <= self.at_most

    def __str__(self) -> str:
        """As a chemist would write it.

        >>> print(Presence("ink", ["ink.a", "ink.b", "ink.c"], 2, 2, [0.05, 0.05, 0.1]))
        ink has 2 of its 3 parts, of each at least 0.05 to 0.1 when present
        """
        count = f"{self.at_least}" if self.at_least == self.at_most else f"{self.at_least} to {self.at_most}"
        text = f"{self.mixture} has {count} of its {len(self.parts)} parts"
        low, high = min(self.minimum), max(self.minimum)
        if high == 0:
            return text
        return f"{text}, of each at least {low:g}{'' if low == high else f' to {high:g}'} when present"


Limit = LinearConstraint | Steps | Presence
