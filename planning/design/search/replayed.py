"""Optimisers that ask for one value after another: run from the start each time, as far as the results go.

They are deterministic, so that the values told so far lead them to where they next need one that nobody has told; there
they are stopped. So any optimiser of scipy works by ask and tell, and keeps no state. What is under way counts as its
nearest result, what failed as the worst of all.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.optimize import minimize

from planning.design.polytope import Array
from planning.design.search.new import settled
from planning.design.strategies import SAME, Situation, at_random, distances

Losses = Callable[[Array], float]
Optimiser = Callable[[Losses, Array], Any]
RESTARTS = 40
MOST_VALUES = 500
STEP = 0.05
"""By how much an input is moved to measure a slope: smaller steps drown in scatter."""


class Wanted(Exception):
    """A value that nobody has told."""

    def __init__(self, row: Array) -> None:
        super().__init__()
        self.row = row


def downhill_simplex(situation: Situation) -> tuple[Array, str]:
    """The next point of a simplex that walks uphill. Source: Nelder & Mead, Computer Journal 7, 308 (1965)."""

    def run(losses: Losses, start: Array) -> None:
        options: Any = {"maxfev": MOST_VALUES, "xatol": 0.01, "fatol": 0.0}
        minimize(losses, start, method="Nelder-Mead", bounds=[(0.0, 1.0)] * len(start), options=options)

    return _next(situation, run, "next of a downhill simplex")


def gradient(situation: Situation) -> tuple[Array, str]:
    """The next point of BFGS along slopes measured by finite differences."""

    def run(losses: Losses, start: Array) -> None:
        options: Any = {"maxfun": MOST_VALUES, "eps": STEP}
        minimize(losses, start, method="L-BFGS-B", bounds=[(0.0, 1.0)] * len(start), options=options)

    return _next(situation, run, "next of a climb along measured slopes")


def _next(situation: Situation, run: Optimiser, reason: str) -> tuple[Array, str]:
    """Start at the best result first, then, whenever it has converged, at random."""
    known, values = _known(situation)

    def losses(row: Array) -> float:
        place = settled(situation_of_all, np.clip(row, 0.0, 1.0)[None])[0]
        gaps = np.linalg.norm(known - place, axis=1)
        if not (gaps <= SAME).any():
            raise Wanted(place)
        return -float(values[gaps <= SAME].mean())

    situation_of_all = situation.with_whole_pool()
    for restart in range(RESTARTS):
        (start,) = situation.space.encode(situation.space.sample(1, np.random.default_rng([situation.seed, restart])))
        try:
            run(losses, start)
        except Wanted as wanted:
            if distances(wanted.row[None], situation.occupied)[0] > SAME:
                return wanted.row, reason
    return at_random(situation)


def _known(situation: Situation) -> tuple[Array, Array]:
    """Rows (n + m, d) of what was or is being tried, and a value of each."""
    told = situation.utilities[:, 0]
    if not len(told):
        return situation.occupied, np.zeros(len(situation.occupied))
    gaps = np.linalg.norm(situation.awaited[:, None, :] - situation.tried[None], axis=2)
    expected = told[gaps.argmin(axis=1)]
    expected[distances(situation.awaited, situation.failed) <= SAME] = told.min()
    return situation.occupied, np.append(told, expected)
