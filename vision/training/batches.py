"""Pictures as tensors."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from vision.segmentation.model import CELL_PX, CLASSES, INPUT_HEIGHT_PX, INPUT_WIDTH_PX
from vision.segmentation.predict import fit
from vision.training.augment import augment
from vision.training.dataset import Pictures

BATCH = 8
CELLS = (INPUT_HEIGHT_PX // CELL_PX, INPUT_WIDTH_PX // CELL_PX)


@dataclass(frozen=True)
class Batch:
    """Some pictures and their truth."""

    colours: Tensor
    """(N, 3, 240, 320), 0 to 1."""
    shares: Tensor
    """(N, 6, 120, 160)."""
    whole: Tensor
    """(N,)"""

    def coarse(self) -> "Batch":
        """The same at half the size: a quarter of the work, for the early part of training."""
        colours = functional.avg_pool2d(self.colours, 2).contiguous(memory_format=torch.channels_last)
        return Batch(colours, functional.avg_pool2d(self.shares, 2), self.whole)


@dataclass(frozen=True)
class Samples:
    """Pictures in memory, as the network is shown them: a third of a megabyte each."""

    views: NDArray[np.uint8]
    """(N, 240, 320, 3)"""
    shares: NDArray[np.uint8]
    """(N, 120, 160, 6) share of each cell that each class covers, 255 for all."""
    whole: NDArray[np.int64]
    """(N,) index into `WHOLE`."""

    @classmethod
    def read(cls, pictures: Pictures) -> "Samples":
        """Read all pictures.

        Raises:
            DataUnreadable: a file is missing or is no picture.
        """
        count = len(pictures.truths)
        views = np.empty((count, INPUT_HEIGHT_PX, INPUT_WIDTH_PX, 3), np.uint8)
        shares = np.empty((count, *CELLS, len(CLASSES)), np.uint8)
        for number in range(count):
            picture, mask = pictures.load(number)
            views[number] = fit(picture)[0]
            shares[number] = shares_of_classes(mask)
        return cls(views, shares, np.array([truth.whole for truth in pictures.truths], np.int64))

    def batches(self, rng: np.random.Generator | None) -> Iterator[Batch]:
        """Go once through all: shuffled and varied by `rng`, or plainly and in order without one."""
        count = len(self.whole)
        order = np.arange(count) if rng is None else rng.permutation(count)
        for start in range(0, count, BATCH):
            yield self._batch(order[start : start + BATCH], rng)

    def _batch(self, numbers: NDArray[np.intp], rng: np.random.Generator | None) -> Batch:
        pairs = [(self.views[number], self.shares[number]) for number in numbers]
        if rng is not None:
            pairs = [augment(view, shares, rng) for view, shares in pairs]
        views, shares = (
            torch.from_numpy(np.stack(part)).permute(0, 3, 1, 2).float() / 255 for part in zip(*pairs, strict=True)
        )
        whole = torch.from_numpy(self.whole[numbers])
        return Batch(views.contiguous(memory_format=torch.channels_last), shares, whole)


def shares_of_classes(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """How much of each cell each class covers: (120, 160, 6), from a mask of any size in the view's proportions."""
    planes = [(mask == material) * np.uint8(255) for material in CLASSES]
    cells = [cv2.resize(plane, CELLS[::-1], interpolation=cv2.INTER_AREA) for plane in planes]
    return np.asarray(np.stack(cells, axis=2), np.uint8)
