"""How much boxes and masks share, and which of two lists belong together."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from vision.labelled.truth import BoxPx, shared_px

SAME_FROM = 0.5
"""Two outlines are of one thing from this intersection over union on."""


def box_iou(a: BoxPx, b: BoxPx) -> float:
    """Intersection over union of two boxes.

    >>> box_iou((0, 0, 2, 2), (1, 0, 3, 2))
    0.3333333333333333
    """
    shared = shared_px(a, b)
    return shared / max(1e-9, _area(a) + _area(b) - shared)


def _area(box: BoxPx) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def shared_pixels(true: NDArray[np.uint8], read: NDArray[np.uint8], n_true: int, n_read: int) -> NDArray[np.int64]:
    """Pixels by true and read number: (n_true + 1, n_read + 1). Higher numbers count as 0."""
    of_true = np.where(true > n_true, 0, true).astype(np.int64)
    of_read = np.where(read > n_read, 0, read).astype(np.int64)
    pairs = (of_true * (n_read + 1) + of_read).ravel()
    return np.bincount(pairs, minlength=(n_true + 1) * (n_read + 1)).reshape(n_true + 1, n_read + 1)


def ious_of_numbers(shared: NDArray[np.int64]) -> NDArray[np.float64]:
    """Intersection over union of each true with each read instance: (n_true, n_read), from `shared_pixels`."""
    union = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0, keepdims=True) - shared
    return np.asarray((shared / np.maximum(union, 1))[1:, 1:])


def partners(ious: NDArray[np.float64] | Sequence[Sequence[float]], same_from: float = SAME_FROM) -> dict[int, int]:
    """Which column belongs to which row: one to one, at least `same_from`, with the highest sum."""
    table = np.asarray(ious, np.float64)
    if not table.size:
        return {}
    rows, columns = linear_sum_assignment(np.where(table >= same_from, -table, 0.0))
    return {int(r): int(c) for r, c in zip(rows, columns, strict=True) if table[r, c] >= same_from}
