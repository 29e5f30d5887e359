"""What designers are compared on: measured tables as pools, and noisy functions; larger is better throughout."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
TABLES = Path(__file__).parents[1] / "../shared/data/optimization"
LIANG = {"p3ht_cnt": 1.0, "agnp": -1.0, "perovskite": -1.0, "autoam": 1.0, "crossed_barrel": 1.0}
"""The sets of Liang et al., npj Comput. Mater. 7, 188 (2021); 1 for what is maximised."""

NOISE = 0.1
"""Of a function, in standard deviations of its values."""


@dataclass(frozen=True)
class Pool:
    """A table: what may be chosen, (k, d), scaled to 0 to 1, and the measurements of each row."""

    name: str
    rows: Array
    repeats: tuple[Array, ...]
    tops: ClassVar[float] = 0.05

    @property
    def truth(self) -> Array:
        """The mean of each row's measurements, (k,)."""
        return np.array([repeats.mean() for repeats in self.repeats])

    def share(self, points: list[int]) -> float:
        """Which share of the table's best 5 % is among the points."""
        best = np.argsort(-self.truth)[: max(1, round(self.tops * len(self.rows)))]
        return len(set(best.tolist()) & set(points)) / len(best)

    def regret(self, points: list[int], start: int) -> float:
        """Mean over the points after `start` of what the best so far lacks; 1 is the lack of the table's median."""
        truth = self.truth
        best = np.maximum.accumulate(truth[points])[start:]
        return float(np.mean((truth.max() - best) / (truth.max() - np.median(truth))))


@cache
def pool(name: str) -> Pool:
    """A table of Liang et al., repeats gathered by condition."""
    table = np.loadtxt(TABLES / f"{name}.csv", delimiter=",", skiprows=1, encoding="utf-8-sig")
    inputs, index = np.unique(table[:, :-1], axis=0, return_inverse=True)
    repeats = tuple(LIANG[name] * table[index.reshape(-1) == row, -1] for row in range(len(inputs)))
    low, high = inputs.min(axis=0), inputs.max(axis=0)
    return Pool(name, (inputs - low) / (high - low), repeats)


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
