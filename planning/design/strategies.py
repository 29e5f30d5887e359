"""Ways to choose the next point. Each looks at a `Situation` and returns one row and the reason for it."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial.distance import cdist

from planning.design.objective import Objective
from planning.design.polytope import Array
from planning.design.space import Space

if TYPE_CHECKING:
    from planning.design.acquisition import Acquisition
    from planning.design.surrogate import Surrogate

FIRST_BETA, LAST_BETA, BETA_FADES_IN = 2.0, 0.7, 10.0
LAST_BETA_OF_WORDS = 1.7
"""Where words vary, a model is sooner sure of them than it should be."""

SPREAD_LOOKS = 4
FIRST_LOOKS = 512
CLIMBS = 4
SAME = 1e-4
"""Rows nearer than this are one point: records round."""


@dataclass(frozen=True, eq=False)
class Situation:
    """What is known when a point is to be chosen; rows as `Space.encode` gives them.

    Attributes:
        tried: inputs with a result, (n, d).
        awaited: inputs under way or failed, (m, d).
        candidates: what may be chosen, (k, d): of the pool, or of the little that the bench allows; None if all may.
        surrogate: fitted to `tried`; None before there are two results.
        rng: where chance comes from.
        utilities: what `tried` gave, in the order in which it was told, (n, objectives).
        failed: inputs that gave no result, (f, d); they are among `awaited`.
        surrogates: one for each objective; none before there are two results.
        seed: of every choice: for strategies that go on where they were.
        weight: of rows (k, d), how much an acquisition counts there, (k,): chance of a result over its cost.
    """

    space: Space
    objective: Objective
    tried: Array
    awaited: Array
    candidates: Array | None
    surrogate: "Surrogate | None"
    rng: np.random.Generator
    utilities: Array = field(default_factory=lambda: np.empty((0, 1)))
    failed: Array = field(default_factory=lambda: np.empty((0, 0)))
    surrogates: Sequence["Surrogate"] = ()
    seed: int = 0
    weight: Callable[[Array], Array] = lambda rows: np.ones(len(rows))

    @property
    def occupied(self) -> Array:
        """Everything that was or is being tried, (n + m, d)."""
        return np.vstack([self.tried, self.awaited])

    def with_whole_pool(self) -> "Situation":
        """The same with every point of the pool as a candidate, tried or not."""
        return self if self.space.pool is None else replace(self, candidates=self.space.candidate_rows)

    def looks(self, count: int) -> Array:
        """The pool, or points spread evenly over the space and its corners."""
        if self.candidates is not None:
            return self.candidates
        polytope = self.space.polytope
        return np.vstack([polytope.sample(count, self.rng), polytope.corners])

    def weighted(self, worths: Array, rows: Array, *, is_log: bool = True) -> Array:
        """An acquisition, (k,), at rows (k, d), less what doubtful success and cost take from it.

        Of what is no logarithm they take from what it has above the least of all, for it may be negative.
        """
        weights = np.maximum(self.weight(rows), 1e-300)
        if is_log:
            return np.asarray(worths + np.log(weights))
        return np.asarray(worths.min() + (worths - worths.min()) * weights)


Strategy = Callable[[Situation], tuple[Array, str]]


def at_random(situation: Situation) -> tuple[Array, str]:
    """Anywhere; from a pool nothing twice while there is something new."""
    if situation.candidates is None:
        return situation.space.polytope.sample(1, situation.rng)[0], "drawn at random"
    is_new = distances(situation.candidates, situation.occupied) > SAME
    choice = situation.candidates[is_new] if is_new.any() else situation.candidates
    return situation.rng.choice(choice), "drawn at random"


def spread(situation: Situation) -> tuple[Array, str]:
    """The farthest of a few random points from everything tried: for a first design.

    Source: best-candidate sampling, Mitchell, SIGGRAPH 1991. Taking the farthest of all points instead makes a design
    of corners, from which the model learned less on the three tables of benchmarks/designer_on_table.py.
    """
    if situation.candidates is None:
        looks = situation.space.polytope.sample(SPREAD_LOOKS, situation.rng)
    else:
        looks = situation.rng.permutation(situation.candidates)[:SPREAD_LOOKS]
    return looks[distances(looks, situation.occupied).argmax()], "first design: spreads over the space"


def upper_bound(situation: Situation) -> tuple[Array, str]:
    """Where the mean and some standard deviations more are highest, given that what is under way turns out as expected.

    How many is `beta` of what was or is being tried; it falls less where words vary.
    """
    from planning.design import acquisition

    if situation.surrogate is None:
        return spread(situation)
    surrogate = situation.surrogate.believing(situation.awaited)
    hope = beta(len(situation.occupied), LAST_BETA_OF_WORDS if situation.space.has_words else LAST_BETA)
    chosen = highest(situation, acquisition.upper_bound(surrogate, hope))
    return chosen, _reason(situation, surrogate, chosen)


def log_ei(situation: Situation) -> tuple[Array, str]:
    """The largest expected improvement, given that what is under way turns out as expected."""
    from planning.design import acquisition

    if situation.surrogate is None:
        return spread(situation)
    surrogate = situation.surrogate.believing(situation.awaited)
    chosen = highest(situation, acquisition.over_the_best(surrogate, situation.occupied))
    return chosen, _reason(situation, surrogate, chosen)


def beta(tried: int, last: float = LAST_BETA) -> float:
    """How many standard deviations to hope for: first to learn, later to earn. docs/decisions/0008 says why.

    >>> round(beta(2), 2), round(beta(12), 2), round(beta(60), 2)
    (2.0, 1.18, 0.7)
    """
    return last + (FIRST_BETA - last) * math.exp(-max(tried - 2, 0) / BETA_FADES_IN)


def highest(situation: Situation, function: "Acquisition") -> Array:
    """The row, (d,), of the highest worth; where there is no pool, climbed to from the best of many looks."""
    from planning.design import acquisition

    def worth(rows: Array) -> Array:
        return situation.weighted(function.values(rows), rows, is_log=function.is_log)

    looks = situation.looks(FIRST_LOOKS)
    from_best = np.argsort(-worth(looks), kind="stable")
    best: Array = looks[from_best[0]]
    if situation.candidates is not None:
        return best
    ends = np.vstack([acquisition.climb(function, situation.space.polytope, looks[from_best[:CLIMBS]]), best])
    top: Array = ends[worth(ends).argmax()]
    return top


STRATEGIES: dict[str, Strategy] = {"upper_bound": upper_bound, "log_ei": log_ei, "random": at_random}


def _reason(situation: Situation, surrogate: "Surrogate", chosen: Array) -> str:
    """One sentence: what is hoped for, and where least is known."""
    objective = situation.objective
    best = objective.value(float(surrogate.posterior(situation.tried)[0].max()))
    means, stds = surrogate.posterior(chosen[None])
    expected, reachable = objective.value(float(means[0])), objective.value(float(means[0] + stds[0]))
    ahead = objective.utility(expected) - objective.utility(best)
    if ahead > 0:
        share = objective.gain_fraction(ahead, best)
        hope = f"expected to gain {share:.0%} over the best ({objective.text(best)})"
    else:
        hope = f"expected {objective.text(expected)}, could reach {objective.text(reachable)} (best {objective.text(best)})"
    steps = np.abs(situation.tried - chosen) / surrogate.length_scales
    nearest = steps[np.linalg.norm(steps, axis=1).argmin()]
    return f"{hope}, most uncertain in {situation.space.free[int(nearest.argmax())]}"


def distances(points: Array, others: Array) -> Array:
    """From each of (n, d) to the nearest of (m, d), (n,); infinite if there is none."""
    return np.asarray(cdist(points, others).min(axis=1, initial=np.inf))
