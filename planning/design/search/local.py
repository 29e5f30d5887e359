"""Climbing without slopes, in spaces of any kind."""

from collections.abc import Callable

import numpy as np

from planning.design.polytope import Array
from planning.design.strategies import Situation

LOOKS = 512
STARTS = 4
AROUND = 24
REACHES = (0.1, 0.03, 0.01)


def highest(situation: Situation, worth: Callable[[Array], Array]) -> Array:
    """The row, (d,), of the highest worth: of the pool, or found by ever smaller steps from the best of many looks.

    Args:
        worth: of rows (k, d), (k,).
    """
    looks = situation.looks(LOOKS)
    worths = worth(looks)
    if situation.candidates is not None:
        best: Array = looks[worths.argmax()]
        return best
    tops = looks[np.argsort(-worths, kind="stable")[:STARTS]]
    for reach in REACHES:
        steps = reach * situation.rng.normal(size=(AROUND, *tops.shape))
        tried = np.concatenate([tops[None], tops + steps]).reshape(-1, tops.shape[1])
        tried[len(tops) :] = situation.space.polytope.inside(tried[len(tops) :])
        found = worth(tried).reshape(AROUND + 1, len(tops))
        tops = tried.reshape(AROUND + 1, *tops.shape)[found.argmax(axis=0), np.arange(len(tops))]
    top: Array = tops[worth(tops).argmax()]
    return top
