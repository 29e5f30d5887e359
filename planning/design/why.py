"""Why a point was chosen, in figures: what it promises, from hope or from doubt, and what stood against it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from planning.design.polytope import Array

if TYPE_CHECKING:
    from planning.design.surrogate import Surrogate

NEIGHBOURS = 3
ELSEWHERE = 0.1
"""A runner-up lies at least this far, in each direction of the space, from what was chosen."""


@dataclass(frozen=True)
class Neighbour:
    """A measured point near the chosen one: its place among the results, and how far off, in length scales."""

    index: int
    distance: float


@dataclass(frozen=True)
class RunnerUp:
    """The best of the points elsewhere: its row, and mean, doubt and expected improvement of its utility."""

    row: tuple[float, ...]
    mean: float
    std: float
    gain: float


@dataclass(frozen=True)
class Why:
    """What spoke for a point, as utilities.

    Attributes:
        gain: the improvement over the best result to expect.
        exploit_fraction: how much of it comes from the mean rather than from doubt.
        success_fraction: how likely it is to give a result within the limits.
        length_scales: by column how far one must go for the utility to change, 1 being the whole range.
        neighbours: the nearest results.
        runner_up: None where there is nothing else.
        against: a sentence on why it is not the runner-up.
    """

    gain: float
    exploit_fraction: float
    success_fraction: float
    length_scales: Mapping[str, float]
    neighbours: Sequence[Neighbour]
    runner_up: RunnerUp | None
    against: str


def improvement(means: Array, stds: Array, best: float) -> tuple[Array, Array]:
    """Of normal utilities the expected improvement over the best, (n,), and its part that the mean brings, (n,).

    The sum is (mean - best) P + std p, with P and p the distribution and density of the normal at (mean - best) / std:
    the first term is what exploiting brings, the second what exploring does.
    """
    safe = np.maximum(stds, 1e-12)
    z = (means - best) / safe
    by_mean = (means - best) * ndtr(z)
    by_doubt = safe * np.exp(-0.5 * z**2) / math.sqrt(2.0 * math.pi)
    return np.maximum(by_mean + by_doubt, 0.0), np.maximum(by_mean, 0.0)


def why(
    surrogate: "Surrogate", tried: Array, chosen: Array, looks: Array, weights: Array, labels: Sequence[str]
) -> Why:
    """Account for a choice.

    Args:
        surrogate: knows what was told and expects what is under way.
        tried: rows with a result, (n, d).
        chosen: (d,).
        looks: other rows that could have been chosen, (k, d).
        weights: chance of a result, (k + 1,): of the chosen row, then of the looks.
        labels: of the columns.
    """
    best = float(surrogate.posterior(tried)[0].max())
    means, stds = surrogate.posterior(np.vstack([chosen, looks]))
    gains, by_mean = improvement(means, stds, best)
    scales = surrogate.length_scales
    apart = np.linalg.norm((tried - chosen) / scales, axis=1)
    nearest = np.argsort(apart, kind="stable")[:NEIGHBOURS]
    far = np.linalg.norm(looks - chosen, axis=1) > ELSEWHERE * math.sqrt(len(chosen))
    runner_up, against = None, "there is nothing else to choose from"
    if far.any():
        index = int(np.argmax(np.where(far, gains[1:] * weights[1:], -1.0))) + 1
        runner_up = RunnerUp(tuple(looks[index - 1].tolist()), *(float(x[index]) for x in (means, stds, gains)))
        against = _against(runner_up, float(means[0]), float(stds[0]), float(weights[index]), float(weights[0]))
    return Why(
        float(gains[0]),
        float(by_mean[0] / gains[0]) if gains[0] > 0 else 0.0,
        float(weights[0]),
        dict(zip(labels, scales.tolist(), strict=True)),
        tuple(Neighbour(int(index), float(apart[index])) for index in nearest),
        runner_up,
        against,
    )


def _against(other: RunnerUp, mean: float, std: float, other_chance: float, chance: float) -> str:
    """In words of utility: what the runner-up lacks."""
    if other_chance < 0.9 * chance:
        return f"the runner-up is less likely to give a result ({other_chance:.0%} against {chance:.0%})"
    if other.mean < mean and other.std < std:
        return "the runner-up is expected to be worse, and would teach less"
    if other.mean < mean:
        return "the runner-up would teach more, but is expected to be worse by more than that"
    if other.std < std:
        return "the runner-up is expected to be better, but so surely that it would teach less"
    return "the runner-up promises as much: chance, or the strategy's own aim, decided"
