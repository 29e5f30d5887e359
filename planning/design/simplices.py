"""Polytopes cut into simplices, from which points are drawn exactly evenly: none rejected, none walked to."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, QhullError

Array = NDArray[np.float64]
FLAT = 1e-9
"""A direction in which corners differ by less than this is none."""

MOST_DIMENSIONS = 7
"""A cube of seven dimensions falls into some ten thousand simplices."""


@dataclass(frozen=True, eq=False)
class Simplices:
    """Simplices of one dimension: corners (s, k + 1, d), k-dimensional volumes (s,)."""

    corners: Array
    volumes: Array

    @property
    def dimension(self) -> int:
        """Of each simplex."""
        return int(self.corners.shape[1]) - 1

    @property
    def volume(self) -> float:
        """Of all together."""
        return float(self.volumes.sum())

    def sample(self, count: int, rng: np.random.Generator) -> Array:
        """Points, (count, d), spread evenly over the volume."""
        which = rng.choice(len(self.volumes), size=count, p=self.volumes / self.volumes.sum())
        shares = rng.dirichlet(np.ones(self.corners.shape[1]), size=count)
        return np.asarray(np.einsum("nk,nkd->nd", shares, self.corners[which]))


def joined(parts: Sequence[Simplices]) -> Simplices:
    """Several polytopes of one dimension as one."""
    return Simplices(np.vstack([part.corners for part in parts]), np.concatenate([part.volumes for part in parts]))


def cut(vertices: Array) -> Simplices | None:
    """The convex hull of vertices (v, d) as simplices that meet in its middle; None if there are too many, or it is too thin.

    >>> square = cut(np.array([[0.0, 0.0], [0.0, 2.0], [2.0, 0.0], [2.0, 2.0]]))
    >>> square.dimension, square.volume
    (2, 4.0)
    """
    middle = vertices.mean(axis=0)
    _, sizes, axes = np.linalg.svd(vertices - middle, full_matrices=False)
    ways = axes[sizes > FLAT]  # (k, d)
    flat = (vertices - middle) @ ways.T
    dimension = len(ways)
    if dimension == 0:
        return Simplices(middle[None, None], np.ones(1))
    if dimension == 1 or len(vertices) == dimension + 1:
        ends = [flat[:, 0].argmin(), flat[:, 0].argmax()] if dimension == 1 else list(range(dimension + 1))
        corners = flat[ends][None]
    elif dimension > MOST_DIMENSIONS:
        return None
    else:
        try:
            facets = flat[ConvexHull(flat / np.ptp(flat, axis=0)).simplices]  # (s, k, k)
        except QhullError:  # too thin to be cut by numbers of this precision
            return None
        corners = np.concatenate([facets, np.zeros((len(facets), 1, dimension))], axis=1)
    edges = corners[:, 1:] - corners[:, :1]
    return Simplices(middle + corners @ ways, np.abs(np.linalg.det(edges)) / factorial(dimension))
