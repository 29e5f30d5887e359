"""The set of points between linear limits: is there any, how far does it reach, and points spread evenly inside it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import null_space
from scipy.optimize import linprog

from planning.design.simplices import Simplices, cut
from planning.design.vertices import vertices

Array = NDArray[np.float64]
TIGHT = 1e-7
"""A row that can vary by less than this is an equation."""

WALK_STEPS = 200


class Empty(Exception):
    """No point satisfies all rows."""


@dataclass(frozen=True, eq=False)
class Polytope:
    """All x with `lower <= rows @ x <= upper`; rows (m, d), limits (m,). Must be bounded."""

    rows: Array
    lower: Array
    upper: Array

    def farthest(self, direction: Array) -> Array:
        """A corner, (d,), that lies farthest along `direction`.

        Raises:
            Empty: there is no point at all.
        """
        if not direction.size:  # nothing can vary, and linprog refuses to look
            return direction
        rows, limits = _one_sided(self.rows, self.lower, self.upper)
        answer = linprog(-direction, A_ub=-rows, b_ub=-limits, bounds=(None, None))
        if answer.x is None:
            raise Empty
        return np.asarray(answer.x, dtype=np.float64)

    @cached_property
    def vertices(self) -> Array | None:
        """All corners, (v, d), none if there is no point; None where there may be too many to list."""
        return vertices(self.rows, self.lower, self.upper)

    @property
    def is_empty(self) -> bool:
        """Is there no point?"""
        if self.vertices is not None:
            return not len(self.vertices)
        try:
            self.farthest(np.zeros(self.rows.shape[1]))
        except Empty:
            return True
        return False

    @cached_property
    def extent(self) -> tuple[Array, Array]:
        """Lowest and highest of each number, (d,) each.

        Raises:
            Empty: there is no point at all.
        """
        if self.vertices is not None and len(self.vertices):
            return self.vertices.min(axis=0), self.vertices.max(axis=0)
        ways = np.eye(self.rows.shape[1])
        low, high = ([self.farthest(sign * way)[at] for at, way in enumerate(ways)] for sign in (-1.0, 1.0))
        return np.array(low), np.array(high)

    @cached_property
    def simplices(self) -> Simplices | None:
        """The polytope cut into simplices; None where there may be too many.

        Raises:
            Empty: there is no point at all.
        """
        if self.vertices is None:
            return None
        if not len(self.vertices):
            raise Empty
        return cut(self.vertices)

    @cached_property
    def corners(self) -> Array:
        """For each row the points where it is largest and smallest, (2m, d).

        Raises:
            Empty: there is no point at all.
        """
        if self.vertices is None:
            return np.array([self.farthest(sign * row) for row in self.rows for sign in (1.0, -1.0)])
        if not len(self.vertices):
            raise Empty
        heights = self.vertices @ self.rows.T  # (v, m)
        ends = np.stack([heights.argmax(axis=0), heights.argmin(axis=0)], axis=1)
        return np.asarray(self.vertices[ends.reshape(-1)])

    @cached_property
    def centre(self) -> Array:
        """A point, (d,), off every wall that is not an equation."""
        return np.asarray(self.corners.mean(axis=0))

    @cached_property
    def equations(self) -> tuple[Array, Array]:
        """Orthonormal rows (k, d) and values (k,) that every point fulfils."""
        values = self.corners @ self.rows.T  # (2m, m)
        tight = self.rows[np.ptp(values, axis=0) < TIGHT]
        _, sizes, basis = np.linalg.svd(tight, full_matrices=False)
        normals = basis[sizes > TIGHT]
        return normals, normals @ self.centre

    @cached_property
    def walls(self) -> tuple[Array, Array]:
        """Rows (k, d) and limits (k,) of `rows @ x >= limits`: what the equations do not already settle."""
        values = self.corners @ self.rows.T
        loose = np.ptp(values, axis=0) >= TIGHT
        return _one_sided(self.rows[loose], self.lower[loose], self.upper[loose])

    @cached_property
    def directions(self) -> Array:
        """Orthonormal columns, (d, free), along which one can move."""
        normals, _ = self.equations
        return np.asarray(null_space(normals) if len(normals) else np.eye(self.rows.shape[1]))

    def sample(self, count: int, rng: np.random.Generator) -> Array:
        """Points spread evenly, (count, d), none rejected: exactly where it can be cut into simplices, else by walks.

        The walks are hit-and-run from the centre, each on its own: Smith, Operations Research 32, 1296 (1984).
        """
        return self._walk(count, rng) if self.simplices is None else self.simplices.sample(count, rng)

    def _walk(self, count: int, rng: np.random.Generator) -> Array:
        points = np.tile(self.centre, (count, 1))
        free = self.directions.shape[1]
        if free == 0:
            return points
        for _ in range(WALK_STEPS):
            ways = rng.normal(size=(count, free)) @ self.directions.T
            ways /= np.linalg.norm(ways, axis=1, keepdims=True)
            back, forth = self._reach(points, ways)
            points = points + (back + (forth - back) * rng.random(count))[:, None] * ways
        return points

    def inside(self, points: Array) -> Array:
        """The points (n, d) themselves where they are inside, else moved: onto the equations, then to the centre."""
        ways = (points - self.centre) @ self.directions @ self.directions.T
        _, forth = self._reach(np.tile(self.centre, (len(points), 1)), ways)
        return np.asarray(self.centre + np.minimum(forth, 1.0)[:, None] * ways)

    def _reach(self, points: Array, ways: Array) -> tuple[Array, Array]:
        """How far, (n,) each, one can go backward (<= 0) and forward (>= 0) from inside before a wall."""
        rows, limits = self.walls
        slack = np.maximum(points @ rows.T - limits, 0.0)  # (n, k)
        speed = ways @ rows.T
        with np.errstate(divide="ignore", invalid="ignore"):
            steps = np.where(speed == 0.0, np.inf, slack / np.abs(speed))
        forth = np.where(speed < 0, steps, np.inf).min(axis=1, initial=np.inf)
        back = np.where(speed > 0, steps, np.inf).min(axis=1, initial=np.inf)
        return -back, forth


def _one_sided(rows: Array, lower: Array, upper: Array) -> tuple[Array, Array]:
    """The same as `rows @ x >= limits`, without the limits that are infinite."""
    below, above = np.isfinite(lower), np.isfinite(upper)
    return np.vstack([rows[below], -rows[above]]), np.concatenate([lower[below], -upper[above]])
