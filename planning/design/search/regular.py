"""Designs that do not look at results: grids, Sobol sequences, Latin hypercubes."""

from collections.abc import Iterator
from itertools import count, islice, product

import numpy as np
from scipy.stats import qmc

from planning.design.polytope import Array
from planning.design.search.new import first_new, new_or_any
from planning.design.strategies import Situation, at_random

CHUNK = 256
MOST_ROWS = 20_000
AHEAD = 64


def grid(situation: Situation) -> tuple[Array, str]:
    """Every candidate in order; without a pool the points of ever finer grids: 2, 3, 5, 9, ... levels of each column."""
    if situation.candidates is not None:
        return situation.candidates[0], "next of the list"
    rows = islice(_grid_rows(len(situation.space.free)), MOST_ROWS)
    while chunk := list(islice(rows, CHUNK)):
        found = first_new(situation, np.array([row for _, row in chunk]).reshape(len(chunk), -1))
        if found is not None:
            return found, f"next of a grid of {chunk[0][0]} levels"
    return at_random(situation)


def sobol(situation: Situation) -> tuple[Array, str]:
    """The next of a scrambled Sobol sequence. Source: Sobol, USSR Comput. Math. Math. Phys. 7, 86 (1967)."""
    sequence = qmc.Sobol(max(len(situation.space.free), 1), rng=np.random.default_rng(situation.seed))
    taken = len(situation.occupied)
    rows = sequence.random_base2(int(np.ceil(np.log2(taken + AHEAD))))[taken:]
    return new_or_any(situation, rows[:, : len(situation.space.free)], "next of a Sobol sequence")


def latin_hypercube(situation: Situation) -> tuple[Array, str]:
    """The next of Latin hypercubes of two points for each dimension. Source: McKay, Technometrics 21, 239 (1979)."""
    size, width = max(2 * situation.space.dimension, 2), max(len(situation.space.free), 1)
    block, place = divmod(len(situation.occupied), size)
    rows = qmc.LatinHypercube(width, rng=np.random.default_rng([situation.seed, block])).random(size)
    return new_or_any(situation, rows[place:, : len(situation.space.free)], f"next of a Latin hypercube of {size}")


def _grid_rows(width: int) -> Iterator[tuple[int, tuple[float, ...]]]:
    """Levels and row of grids, ever finer."""
    for power in count():
        levels = 2**power + 1 if power else 2
        yield from ((levels, row) for row in product(np.linspace(0.0, 1.0, levels).tolist(), repeat=width))
