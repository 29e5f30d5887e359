"""How one point is chosen: by the strategy, not again without need, with its reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from planning.design import repeats, why
from planning.design.belief import Belief
from planning.design.catalogue import Choice
from planning.design.polytope import Array
from planning.design.search.new import settled
from planning.design.space import Point
from planning.design.strategies import SAME, Situation, distances, spread
from planning.design.why import Why

LOOKS, FEW_LOOKS = 2048, 256
NEXT_TO = "next to what was done"


@dataclass(frozen=True)
class Suggestion:
    """A point to make next, what is expected of it on the measured scale (None before there is a model), and why.

    Attributes:
        mean: of the first objective; `std` likewise.
        reason: a sentence.
        expected: mean and doubt of every objective.
        why: the reasons in figures; None without a model.
        is_repeat: measured before, and worth measuring again.
    """

    point: Point
    mean: float | None
    std: float | None
    reason: str
    expected: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    why: Why | None = None
    is_repeat: bool = False


def situation_of(
    belief: Belief, choice: Choice, awaited: Sequence[Point], rng: np.random.Generator, seed: int, rows: Array | None
) -> Situation:
    """What a strategy may know.

    Args:
        awaited: points under way.
        rows: the only ones that may be chosen, (k, d); None if all may.
    """
    space, history = belief.space, belief.history
    models = () if choice.is_model_free else belief.surrogates
    failed = space.encode(history.failures)
    taken = np.vstack([space.encode(awaited), failed])
    return Situation(
        space,
        belief.objectives[0],
        tried=history.rows,
        awaited=taken,
        candidates=_candidates(belief, taken, failed, rows),
        surrogate=models[0] if models else None,
        rng=rng,
        utilities=history.utilities,
        failed=failed,
        surrogates=models,
        seed=seed,
        weight=belief.weight,
    )


def suggest(
    belief: Belief, choice: Choice, situation: Situation, *, first_design: bool, may_repeat: bool
) -> Suggestion:
    """Choose a point.

    Args:
        first_design: spread, whatever the strategy.
        may_repeat: measure again what was measured, where that is worth more.
    """
    space = belief.space
    row, reason = (spread if first_design else choice.strategy)(situation)
    row = settled(situation, space.encode(space.decode(row[None])))[0]
    if distances(row[None], situation.occupied)[0] <= SAME:
        row, reason = _elsewhere(situation, row, reason)
    again = _worth_repeating(belief, situation, row) if may_repeat and not first_design else None
    if again is not None:
        row, reason = situation.tried[again], "measured again: the scatter hides which of the best is best"
    (point,) = space.decode(row[None])
    expected = _expected(belief, row) if situation.surrogates else {}
    mean, std = expected.get(belief.objectives[0].name, (None, None))
    is_repeat = bool(distances(row[None], situation.tried)[0] <= SAME)
    return Suggestion(point, mean, std, reason, expected, _why(belief, situation, row), is_repeat)


def _candidates(belief: Belief, taken: Array, failed: Array, rows: Array | None) -> Array | None:
    """What may be chosen without what was or is being tried; if nothing new is left, without what failed."""
    if rows is None and belief.space.pool is None:
        return None
    pool = belief.space.candidate_rows if rows is None else rows
    for others in (np.vstack([belief.history.rows, taken]), failed):
        is_other = distances(pool, others) > SAME
        if is_other.any():
            return np.asarray(pool[is_other])
    return pool


def _elsewhere(situation: Situation, row: Array, reason: str) -> tuple[Array, str]:
    """The most promising row that is not taken: to do the same again teaches little. The same if all are taken."""
    looks = situation.looks(LOOKS)
    looks = looks[distances(looks, situation.occupied) > SAME]
    if not len(looks):
        return row, reason
    if situation.surrogate is None:
        return looks[situation.rng.integers(len(looks))], f"{reason}, {NEXT_TO}"
    believed = situation.surrogate.believing(situation.awaited)
    gains, _ = why.improvement(*believed.posterior(looks), float(believed.posterior(situation.tried)[0].max()))
    return looks[situation.weighted(np.log(gains + 1e-300), looks).argmax()], f"{reason}, {NEXT_TO}"


def _worth_repeating(belief: Belief, situation: Situation, row: Array) -> int | None:
    """Which result to measure again, by its index; None if a new point teaches more."""
    noise_std = belief.history.noise_std(0)
    if situation.surrogate is None or len(belief.objectives) > 1 or noise_std == 0:
        return None
    believed = situation.surrogate.believing(situation.awaited)
    _, distinct = np.unique(situation.tried.round(4), axis=0, return_index=True)
    mean, std = believed.posterior(row[None])
    tried = believed.posterior(situation.tried[distinct])
    again = repeats.worth_repeating(tried, (float(mean[0]), float(std[0])), noise_std)
    return None if again is None else int(distinct[again])


def _expected(belief: Belief, row: Array) -> dict[str, tuple[float, float]]:
    told = {goal.name: belief.expected(index, row[None]) for index, goal in enumerate(belief.objectives)}
    return {name: (float(median[0]), float(half[0])) for name, (median, half) in told.items()}


def _why(belief: Belief, situation: Situation, row: Array) -> Why | None:
    if situation.surrogate is None:
        return None
    looks = situation.looks(FEW_LOOKS)
    believed = situation.surrogate.believing(situation.awaited)
    chances = belief.chance(np.vstack([row, looks]))
    return why.why(believed, situation.tried, row, looks, chances, belief.space.free)
