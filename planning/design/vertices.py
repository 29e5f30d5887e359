"""All corners of a polytope, by trying every set of walls that can meet in one."""

from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import null_space

Array = NDArray[np.float64]
MOST_MEETINGS = 4000
"""How many sets of walls are tried; 12 walls in 6 dimensions meet in 924 ways."""
NEAR = 1e-9


def vertices(rows: Array, lower: Array, upper: Array) -> Array | None:
    """The corners, (v, d), of all x with `lower <= rows @ x <= upper`; None where there may be too many to list.

    >>> vertices(np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]]), np.array([1.0, 0.0, 0.0]), np.ones(3)).round(9).tolist()
    [[0.0, 1.0], [1.0, 0.0]]

    Args:
        rows: (m, d).
        lower: (m,), minus infinity where open.
        upper: (m,), infinity where open.
    """
    is_equation = upper - lower <= NEAR
    middle = (lower[is_equation] + upper[is_equation]) / 2.0
    anchor: Array = np.linalg.lstsq(rows[is_equation], middle, rcond=None)[0].astype(
        np.float64
    )  # on all equations, if they agree
    if np.abs(rows[is_equation] @ anchor - middle).max(initial=0.0) > 1e-7:
        return np.empty((0, rows.shape[1]))
    ways = null_space(rows[is_equation]) if is_equation.any() else np.eye(rows.shape[1])
    walls, limits = _walls(rows[~is_equation], lower[~is_equation], upper[~is_equation], anchor, ways)
    if walls is None:
        return np.empty((0, rows.shape[1]))
    free = ways.shape[1]
    if free == 0:
        return anchor[None]
    if comb(len(walls), free) > MOST_MEETINGS:
        return None
    found = _meetings(walls, limits)
    return np.unique((anchor + found @ ways.T).round(12), axis=0)


def _walls(rows: Array, lower: Array, upper: Array, anchor: Array, ways: Array) -> tuple[Array | None, Array]:
    """The inequalities as `walls @ y >= limits` along the free ways, each once; None if one of them cannot hold."""
    offset, along = rows @ anchor, rows @ ways
    below, above = np.isfinite(lower), np.isfinite(upper)
    walls = np.vstack([along[below], -along[above]])
    limits = np.concatenate([(lower - offset)[below], (offset - upper)[above]])
    lengths = np.linalg.norm(walls, axis=1)
    is_wall = lengths > NEAR
    if (limits[~is_wall] > 1e-7).any():
        return None, limits
    walls, limits = walls[is_wall] / lengths[is_wall, None], limits[is_wall] / lengths[is_wall]
    tightest: dict[bytes, int] = {}
    for index, wall in enumerate(walls):
        key = (wall.round(9) + 0.0).tobytes()
        if key not in tightest or limits[index] > limits[tightest[key]]:
            tightest[key] = index
    kept = sorted(tightest.values())
    return walls[kept], limits[kept]


def _meetings(walls: Array, limits: Array) -> Array:
    """Where as many walls as there are dimensions meet, and no other is broken: (v, free)."""
    free = walls.shape[1]
    sets = np.array(list(combinations(range(len(walls)), free)), dtype=np.intp).reshape(-1, free)
    square = walls[sets]
    meets = np.abs(np.linalg.det(square)) > 1e-10
    points = np.linalg.solve(square[meets], limits[sets[meets]][..., None])[..., 0]
    is_inside = (points @ walls.T >= limits - 1e-9).all(axis=1)
    return np.asarray(points[is_inside])
