"""Masks at the picture's size, from what the networks say of each vessel in its crop."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from vision.segmentation.seen import Closer, Seen
from vision.state.planes import RectPx, pixel_window, resampled, whole_px
from vision.state.reading import Masks
from vision.state.vessel import Material

Window = tuple[slice, slice]
"""Rows and columns of the picture."""


@dataclass(frozen=True)
class OwnPixels:
    """One vessel, as if it were alone, in the part of the picture that its crop shows."""

    window: Window
    chance: NDArray[np.float32]
    """(h, w) that a pixel is the vessel's."""
    material: NDArray[np.uint8]
    """The likeliest `Material` of each pixel, 1 and up."""

    @classmethod
    def of(cls, closer: Closer, shape: tuple[int, int]) -> Self:
        """Read a vessel's cells out at the picture's pixels; `shape` is the picture's height and width."""
        window = pixel_window(closer.crop_px, *shape)
        planes = np.stack([_in_window(plane, closer.crop_px, window) for plane in closer.material])
        material = (planes.argmax(axis=0) + 1).astype(np.uint8)
        return cls(window, _in_window(closer.vessel, closer.crop_px, window), material)

    @property
    def area(self) -> NDArray[np.bool_]:
        """Pixels of the vessel."""
        return np.asarray(self.chance > 0.5)

    @property
    def filled(self) -> NDArray[np.bool_]:
        """Pixels of what fills it."""
        return self.area & (self.material > Material.EMPTY) & (self.material < Material.CAP)


def paint(vessels: Sequence[OwnPixels | None], seen: Seen, shape: tuple[int, int]) -> Masks:
    """Paint the vessels that are there; where two overlap, the likelier has the pixel.

    Args:
        vessels: in the order of their numbers; None: not to be painted.
        seen: of the whole picture, for what was spilled.
        shape: height and width of the picture.
    """
    vessel, material = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
    highest = np.full(shape, 0.5, np.float32)
    for number, own in enumerate(vessels, 1):
        if own is None:
            continue
        is_mine = own.chance > highest[own.window]
        for plane, mine in ((highest, own.chance), (vessel, number), (material, own.material)):
            plane[own.window] = np.where(is_mine, mine, plane[own.window])
    picture_px = (0.0, 0.0, float(shape[1]), float(shape[0]))
    spill = resampled(seen.spill, whole_px(seen.spill, seen.cell_px), picture_px, shape)
    return Masks(
        vessel=vessel, material=material, spill=np.where((spill > 0.5) & (vessel == 0), 255, 0).astype(np.uint8)
    )


def _in_window(plane: NDArray[np.float32], crop_px: RectPx, window: Window) -> NDArray[np.float32]:
    rows, columns = window
    shape = rows.stop - rows.start, columns.stop - columns.start
    if min(shape) <= 0:
        return np.zeros((max(0, shape[0]), max(0, shape[1])), np.float32)
    return resampled(plane, crop_px, (columns.start, rows.start, columns.stop, rows.stop), shape)
