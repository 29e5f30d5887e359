"""Masks at the picture's size, from what the networks say of each vessel in its crop."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vision.segmentation.seen import Closer, Seen
from vision.state.planes import RectPx, pixel_window, resampled, whole_px
from vision.state.reading import Masks

Window = tuple[slice, slice]
"""Rows and columns of the picture."""


def own_area(closer: Closer, shape: tuple[int, int]) -> tuple[NDArray[np.bool_], Window]:
    """Pixels of one vessel, as if it were alone, in the part of the picture that its crop shows."""
    window = pixel_window(closer.crop_px, *shape)
    return _in_window(closer.vessel, closer.crop_px, window) > 0.5, window


def filled_area(closer: Closer, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Pixels of what fills one vessel, in the same part of the picture."""
    area, window = own_area(closer, shape)
    return np.asarray(area & (_materials(closer, window) > 1) & (_materials(closer, window) < 6))


def paint(closers: Sequence[Closer | None], seen: Seen, shape: tuple[int, int]) -> Masks:
    """Paint the vessels that are there; where two overlap, the likelier has the pixel.

    Args:
        closers: of the vessels in the order of their numbers; None: not to be painted.
        seen: of the whole picture, for what was spilled.
        shape: height and width of the picture.
    """
    vessel, material = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
    highest = np.full(shape, 0.5, np.float32)
    for number, closer in enumerate(closers, 1):
        if closer is None:
            continue
        window = pixel_window(closer.crop_px, *shape)
        chance = _in_window(closer.vessel, closer.crop_px, window)
        is_mine = chance > highest[window]
        highest[window] = np.where(is_mine, chance, highest[window])
        vessel[window] = np.where(is_mine, number, vessel[window])
        material[window] = np.where(is_mine, _materials(closer, window), material[window])
    picture_px = (0.0, 0.0, float(shape[1]), float(shape[0]))
    spill = resampled(seen.spill, whole_px(seen.spill, seen.cell_px), picture_px, shape)
    return Masks(
        vessel=vessel, material=material, spill=np.where((spill > 0.5) & (vessel == 0), 255, 0).astype(np.uint8)
    )


def _materials(closer: Closer, window: Window) -> NDArray[np.uint8]:
    """The likeliest `Material` of each pixel, 1 and up."""
    planes = np.stack([_in_window(plane, closer.crop_px, window) for plane in closer.material])
    return np.asarray(planes.argmax(axis=0) + 1, np.uint8)


def _in_window(plane: NDArray[np.float32], crop_px: RectPx, window: Window) -> NDArray[np.float32]:
    rows, columns = window
    shape = rows.stop - rows.start, columns.stop - columns.start
    if min(shape) <= 0:
        return np.zeros((max(0, shape[0]), max(0, shape[1])), np.float32)
    return resampled(plane, crop_px, (columns.start, rows.start, columns.stop, rows.stop), shape)
