"""Derivatives to compare with."""

from collections.abc import Callable

import numpy as np

from planning.design.polytope import Array


def difference(at: Array, function: Callable[[Array], float], step: float = 1e-6) -> Array:
    """The derivative by finite differences."""
    ways = step * np.eye(len(at))
    return np.array([(function(at + way) - function(at - way)) / (2.0 * step) for way in ways])
