"""What training minimises."""

import torch
from torch import Tensor
from torch.nn import functional

WHOLE_WEIGHT = 0.3
BACKGROUND_WEIGHT = 0.15
NEAR_CELLS = 4
"""Cells within this many of a vessel count fully."""


def loss(cells: Tensor, whole: Tensor, shares: Tensor, truth: Tensor) -> Tensor:
    """Cross entropy of cells against shares of classes, and of the whole picture.

    Cells are weighted by where they are, never by class: a class weight would shift the probabilities at an edge,
    and with them the level that is read off the sum of a column.

    Args:
        cells: (N, 6, h, w) logits.
        whole: (N, 4) logits.
        shares: (N, 6, h, w) share of each cell that each class covers; sums to 1 over classes.
        truth: (N,) index of what the whole picture shows.
    """
    surprise = -(shares * functional.log_softmax(cells, dim=1)).sum(dim=1)
    vessel = 1 - shares[:, :1]
    near = functional.max_pool2d(vessel, 2 * NEAR_CELLS + 1, stride=1, padding=NEAR_CELLS)[:, 0]
    weight = BACKGROUND_WEIGHT + (1 - BACKGROUND_WEIGHT) * near
    return torch.mean(surprise * weight) / weight.mean() + WHOLE_WEIGHT * functional.cross_entropy(whole, truth)
