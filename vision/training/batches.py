"""Pictures as tensors."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vision.segmentation.model import CELL_PX, CLASSES, INPUT_HEIGHT_PX, INPUT_WIDTH_PX
from vision.segmentation.predict import fit
from vision.training.augment import augment
from vision.training.dataset import Pictures

BATCH = 16


@dataclass(frozen=True)
class Batch:
    """Some pictures and their truth."""

    colours: Tensor
    """(N, 3, 240, 320), 0 to 1."""
    shares: Tensor
    """(N, 6, 120, 160)."""
    whole: Tensor
    """(N,)"""


def batches(pictures: Pictures, rng: np.random.Generator | None) -> Iterator[Batch]:
    """Go once through all pictures: shuffled and varied by `rng`, or plainly and in order without one."""
    count = len(pictures.truths)
    order = np.arange(count) if rng is None else rng.permutation(count)
    for start in range(0, count, BATCH):
        yield _batch(pictures, order[start : start + BATCH].tolist(), rng)


def shares_of_classes(mask: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How much of each cell each class covers: (6, 120, 160), from a mask of any size in the view's proportions."""
    size = (INPUT_WIDTH_PX // CELL_PX, INPUT_HEIGHT_PX // CELL_PX)
    planes = [
        cv2.resize((mask == material) * np.float32(1), size, interpolation=cv2.INTER_AREA) for material in CLASSES
    ]
    return np.asarray(np.stack(planes), np.float32)


def _batch(pictures: Pictures, numbers: list[int], rng: np.random.Generator | None) -> Batch:
    colours, shares = [], []
    for number in numbers:
        picture, mask = pictures.load(number)
        if rng is not None:
            picture, mask = augment(picture, mask, rng)
        colours.append(torch.from_numpy(fit(picture)[0]))
        shares.append(torch.from_numpy(shares_of_classes(mask)))
    whole = torch.tensor([pictures.truths[number].whole for number in numbers])
    stacked = (torch.stack(colours).permute(0, 3, 1, 2).float() / 255).contiguous(memory_format=torch.channels_last)
    return Batch(stacked, torch.stack(shares), whole)
