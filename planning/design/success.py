"""How likely a sample is to come to a result at all, learned from those that did not."""

import numpy as np
from scipy.special import ndtr

from planning.design.polytope import Array

REACH = 0.15
"""How far, in each direction of the space, one outcome speaks for others."""


def chance_of_result(rows: Array, made: Array, succeeded: Array) -> Array:
    """Probability, (n,), that rows (n, d) give a result.

    A kernel estimate: each outcome counts as much as it is near, on top of the success rate of all. It needs no fit,
    so that the very first failure teaches, and it is certain of nothing.

    Args:
        rows: (n, d).
        made: what ended, (k, d).
        succeeded: 1 where it gave a result, else 0, (k,).
    """
    if succeeded.all():
        return np.ones(len(rows))
    gaps = np.linalg.norm(rows[:, None, :] - made[None], axis=2) / (REACH * np.sqrt(rows.shape[1]))
    near = np.exp(-0.5 * gaps**2)
    before = (succeeded.sum() + 1.0) / (len(succeeded) + 1.0)
    return np.asarray((before + near @ succeeded) / (1.0 + near.sum(axis=1)))


def chance_within(means: Array, stds: Array, low: float, high: float) -> Array:
    """Probability, (n,), that normal numbers lie between limits, either of which may be infinite.

    >>> chance_within(np.array([0.0]), np.array([1.0]), 0.0, float("inf")).tolist()
    [0.5]
    """
    safe = np.maximum(stds, 1e-12)
    return np.asarray(ndtr((high - means) / safe) - ndtr((low - means) / safe))
