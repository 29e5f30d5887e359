"""Rows that a strategy would like, brought to where they are allowed and where nothing was tried yet."""

import numpy as np

from planning.design.polytope import Array
from planning.design.strategies import SAME, Situation, at_random, distances


def settled(situation: Situation, rows: Array) -> Array:
    """The nearest rows, (n, d), that may be proposed: of the pool, or inside the space."""
    if situation.candidates is None:
        return situation.space.polytope.inside(rows)
    gaps = np.linalg.norm(rows[:, None, :] - situation.candidates[None], axis=2)
    return np.asarray(situation.candidates[gaps.argmin(axis=1)])


def first_new(situation: Situation, rows: Array) -> Array | None:
    """The first of rows (n, d), brought to where they are allowed, that is not taken; None if all are."""
    places = settled(situation, rows)
    is_new = distances(places, situation.occupied) > SAME
    return np.asarray(places[is_new.argmax()]) if is_new.any() else None


def new_or_any(situation: Situation, rows: Array, reason: str) -> tuple[Array, str]:
    """The first new one of rows (n, d), or else one at random."""
    found = first_new(situation, rows)
    return at_random(situation) if found is None else (found, reason)
