"""Several objectives at once: what is not beaten in all of them, and the volume that it dominates.

Exact for any number of objectives with independent normal beliefs, in NumPy: the space above the reference is cut into
columns over all objectives but the last, each undominated from some height of the last on. So BoTorch's sampling is
not needed; agreement with it is tested.
"""

import math
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from planning.design.polytope import Array

MARGIN = 0.1
"""How far the reference lies below the worst of the front, as a share of the front's extent."""


def undominated(utilities: Array) -> NDArray[np.bool_]:
    """Which of (n, m) no other is at least as good as in all and better in one, (n,).

    >>> undominated(np.array([[1.0, 2.0], [2.0, 1.0], [1.0, 1.0]])).tolist()
    [True, True, False]
    """
    at_least = np.all(utilities[None] >= utilities[:, None], axis=2)
    better = np.any(utilities[None] > utilities[:, None], axis=2)
    return np.asarray(~np.any(at_least & better, axis=1))


def reference_of(utilities: Array) -> Array:
    """A point, (m,), somewhat worse than the front of (n, m) in every objective."""
    front = utilities[undominated(utilities)]
    extent = np.ptp(front, axis=0)
    spread = np.where(extent > 0, extent, np.maximum(utilities.std(axis=0), 1e-9))
    return np.asarray(front.min(axis=0) - MARGIN * spread)


@dataclass(frozen=True, eq=False)
class Columns:
    """What a front leaves undominated above a reference: boxes [lower, upper), (c, m) each, open above in the last."""

    lower: Array
    upper: Array

    @classmethod
    def above(cls, front: Array, reference: Array) -> "Columns":
        """Cut what the front (k, m) leaves."""
        front = front[(front > reference).all(axis=1)]
        steps = [list(pairwise([low, *np.unique(column).tolist(), math.inf]))
                 for low, column in zip(reference[:-1].tolist(), front.T, strict=False)]  # fmt: skip
        boxes = list(product(*steps))
        ends = np.array(boxes, dtype=np.float64).reshape(len(boxes), len(steps), 2)
        covers = (front[None, :, :-1] >= ends[:, None, :, 1]).all(axis=2)  # (c, k)
        heights = np.where(covers, front[None, :, -1], reference[-1]).max(axis=1, initial=reference[-1])
        return cls(
            np.column_stack([ends[:, :, 0], heights]), np.column_stack([ends[:, :, 1], np.full(len(heights), np.inf)])
        )

    def expected_gain(self, means: Array, stds: Array) -> Array:
        """Volume that normal utilities, (n, m) each, are expected to add, (n,)."""
        gain = np.ones((len(means), len(self.lower)))
        for index in range(means.shape[1]):
            mean, std = means[:, [index]], np.maximum(stds[:, [index]], 1e-12)
            gain *= _excess(mean, std, self.lower[:, index]) - _excess(mean, std, self.upper[:, index])
        return np.asarray(gain.sum(axis=1))


def hypervolume(utilities: Array, reference: Array) -> float:
    """The volume between a reference (m,) and what (n, m) dominate.

    >>> hypervolume(np.array([[1.0, 2.0], [2.0, 1.0]]), np.zeros(2))
    3.0
    """
    columns = Columns.above(utilities[undominated(utilities)] if len(utilities) else utilities, reference)
    is_covered = np.isfinite(columns.upper[:, :-1]).all(axis=1)
    widths = (columns.upper[:, :-1] - columns.lower[:, :-1])[is_covered].prod(axis=1)
    return float((widths * (columns.lower[is_covered, -1] - reference[-1])).sum())


def _excess(mean: Array, std: Array, above: Array) -> Array:
    """By how much normal numbers (n, 1) are expected to lie above limits (c,), (n, c); 0 above infinity."""
    z = (mean - above) / std
    finite = np.where(np.isfinite(z), z, 0.0)
    excess = std * (finite * ndtr(finite) + np.exp(-0.5 * finite**2) / math.sqrt(2.0 * math.pi))
    return np.where(np.isfinite(z), excess, 0.0)
