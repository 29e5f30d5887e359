"""What the model believes, read back as utilities, and what it would expect of a search without a designer."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from planning.design.designer import Designer
from planning.design.objective import Objective
from planning.design.space import Point

Array = NDArray[np.float64]
LOOKS = 600
RUNS = 400


def beliefs(designer: Designer, points: Sequence[Point]) -> tuple[Array, Array]:
    """Mean and standard deviation, (n,) each, of the utility at some points."""
    medians, halves = designer.predict(points)
    rows = [designer.objective.belief(*row) for row in zip(medians.tolist(), halves.tolist(), strict=True)]
    means, stds = np.array(rows).reshape(-1, 2).T
    return means, stds


def limits(objective: Objective, mean: float, std: float) -> tuple[float, float]:
    """One standard deviation of the utility to either side, on the measured scale, the smaller figure first."""
    low, high = sorted((objective.value(mean - std), objective.value(mean + std)))
    return low, high


def imagined_runs(designer: Designer, told: Sequence[tuple[Point, float]], count: int, seed: int) -> Array:
    """Results, (RUNS, count), of samples drawn evenly from the space, as the model believes they would come out.

    Each result is drawn from the model's mean and doubt at its point, widened by the scatter of the results told
    about the model.
    """
    rng = np.random.default_rng(seed)
    means, stds = beliefs(designer, designer.space.sample(LOOKS, rng))
    expected, _ = beliefs(designer, [point for point, _ in told])
    scatter = np.std([designer.objective.utility(value) for _, value in told] - expected)
    drawn = rng.integers(LOOKS, size=(RUNS, count))
    utilities = rng.normal(means[drawn], np.hypot(stds[drawn], scatter))
    return np.asarray(np.vectorize(designer.objective.value)(utilities))
