"""Noisy functions of numbers without a list; larger is better throughout."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
NOISE = 0.1
"""Of a function, in standard deviations of its values."""


@dataclass(frozen=True)
class Function:
    """A function of numbers from 0 to 1, with its highest value."""

    name: str
    dimension: int
    value: Callable[[Array], Array]
    highest: float

    @property
    def noise_std(self) -> float:
        """Standard deviation of a measurement."""
        looks = np.random.default_rng(0).random((2000, self.dimension))
        return NOISE * float(self.value(looks).std())


def branin(x: Array) -> Array:
    """Branin's, negative, on [-5, 10] x [0, 15]."""
    return -_branin(15.0 * x[:, 0] - 5.0, 15.0 * x[:, 1])


def modified_branin(x: Array) -> Array:
    """With a tilt that leaves one of its minima the lowest (Forrester et al. 2008), negative, on [0, 5]^2."""
    return -_branin(5.0 * x[:, 0], 5.0 * x[:, 1]) - 25.0 * x[:, 0]


def _branin(a: Array, b: Array) -> Array:
    valley = b - 5.1 / (4.0 * math.pi**2) * a**2 + 5.0 / math.pi * a - 6.0
    return np.asarray(valley**2 + 10.0 * (1.0 - 1.0 / (8.0 * math.pi)) * np.cos(a) + 10.0)


def hartmann(x: Array) -> Array:
    """Hartmann's with six inputs."""
    height = np.array([1.0, 1.2, 3.0, 3.2])
    width = np.array(
        [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
    )
    centre = 1e-4 * np.array(
        [
            [1312, 1696, 5569, 124, 8283, 5886],
            [2329, 4135, 8307, 3736, 1004, 9991],
            [2348, 1451, 3522, 2883, 3047, 6650],
            [4047, 8828, 8732, 5743, 1091, 381],
        ]
    )
    return np.asarray(np.exp(-(width * (x[:, None] - centre) ** 2).sum(axis=2)) @ height)


def ackley(x: Array) -> Array:
    """Ackley's, negative, on [-32.8, 32.8]^d; its top lies off the middle of the box."""
    z = 65.536 * (x - 0.6)
    bowl = 20.0 * np.exp(-0.2 * np.sqrt((z**2).mean(axis=1)))
    return np.asarray(bowl + np.exp(np.cos(2.0 * math.pi * z).mean(axis=1)) - 20.0 - math.e)


def _highest_on_grid(function: Callable[[Array], Array]) -> float:
    axis = np.linspace(0.0, 1.0, 2001)
    return max(float(function(np.column_stack([np.full_like(axis, x), axis])).max()) for x in axis)


@cache
def function(name: str) -> Function:
    """A function by name."""
    match name:
        case "branin":
            return Function(name, 2, branin, -0.397887)
        case "modified_branin":
            return Function(name, 2, modified_branin, _highest_on_grid(modified_branin))
        case "hartmann6":
            return Function(name, 6, hartmann, 3.32237)
        case _:
            return Function("ackley5", 5, ackley, 0.0)


FUNCTIONS = ("modified_branin", "branin", "hartmann6", "ackley5")
