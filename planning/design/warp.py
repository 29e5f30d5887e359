"""A scale on which skewed results look normal, chosen from the results themselves.

Source: Yeo & Johnson, Biometrika 87, 954 (2000). The exponent stays between 0 and 2, where every number has its place
on the new scale and back.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from planning.design.polytope import Array

LEAST_RESULTS = 5
"""With fewer, any shape is chance."""

ROUNDING = 1e-12
"""Utilities that differ by no more than this part of the largest are all the same: their differences are arithmetic's."""

STEP = 0.5
PLAIN = 1.0


@dataclass(frozen=True)
class Warp:
    """Utilities to numbers with mean 0 and variance 1, monotone: standardise, bend, standardise again."""

    exponent: float
    shift: float
    scale: float
    bent_shift: float
    bent_scale: float

    def to(self, utilities: Array) -> Array:
        """The numbers, of any shape."""
        bent = bend((utilities - self.shift) / self.scale, self.exponent)
        return np.asarray((bent - self.bent_shift) / self.bent_scale)

    def back(self, numbers: Array) -> Array:
        """The utilities of numbers."""
        return np.asarray(self.shift + self.scale * unbend(self.bent_shift + self.bent_scale * numbers, self.exponent))

    def spans(self, means: Array, stds: Array) -> Array:
        """Half the utilities' span from 16 % to 84 %, (n,), of normal numbers."""
        return np.asarray((self.back(means + stds) - self.back(means - stds)) / 2.0)

    def unit(self, number: float) -> float:
        """By how much the utility grows with the number, near a number."""
        return float(self.spans(np.array([number]), np.array([STEP]))[0] / STEP)


def fit(utilities: Array) -> Warp:
    """The exponent under which utilities (n,) are most likely normal, with some trust in leaving them as they are."""
    shift, scale = float(utilities.mean()), float(utilities.std())
    if scale <= ROUNDING * float(np.abs(utilities).max()):
        return Warp(PLAIN, shift, scale=1.0, bent_shift=0.0, bent_scale=1.0)
    plain = (utilities - shift) / scale
    exponent = PLAIN
    if len(utilities) >= LEAST_RESULTS:
        exponent = float(minimize_scalar(lambda at: _loss(plain, at), bounds=(0.0, 2.0), method="bounded").x)
    bent = bend(plain, exponent)
    return Warp(exponent, shift, scale, float(bent.mean()), float(bent.std()) or 1.0)


def bend(numbers: Array, exponent: float) -> Array:
    """Yeo & Johnson's transformation, with its limits at 0 and 2.

    >>> bend(np.array([-1.0, 0.0, 2.0]), 1.0).round(9).tolist()
    [-1.0, 0.0, 2.0]
    """
    above, below = np.maximum(numbers, 0.0), np.maximum(-numbers, 0.0)
    return _power(above, exponent) - _power(below, 2.0 - exponent)


def unbend(numbers: Array, exponent: float) -> Array:
    """The inverse of `bend`.

    >>> unbend(bend(np.array([-1.0, 0.0, 2.0]), 0.3), 0.3).round(9).tolist()
    [-1.0, 0.0, 2.0]
    """
    above, below = np.maximum(numbers, 0.0), np.maximum(-numbers, 0.0)
    return _root(above, exponent) - _root(below, 2.0 - exponent)


def _power(numbers: Array, exponent: float) -> Array:
    logs = np.log1p(numbers)
    return logs if exponent < 1e-6 else np.expm1(exponent * logs) / exponent


def _root(numbers: Array, exponent: float) -> Array:
    logs = numbers if exponent < 1e-6 else np.log1p(exponent * numbers) / exponent
    return np.asarray(np.expm1(np.minimum(logs, 700.0)))


def _loss(plain: Array, exponent: float) -> float:
    """Negative log likelihood, profiled over mean and variance."""
    stretch = (np.sign(plain) * np.log1p(np.abs(plain))).sum()
    return float(0.5 * len(plain) * np.log(bend(plain, exponent).var()) - (exponent - PLAIN) * stretch)
