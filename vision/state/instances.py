"""Which cell belongs to which vessel, and what both networks together say of each vessel."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.segmentation.seen import MATERIALS, Box, Cells, Closer, Seen
from vision.state.planes import resampled, whole_px

Numbers = NDArray[np.uint8]
"""(h, w) number of a vessel, from 1; 0 elsewhere."""
BEYOND_BOX = 0.1
"""How far beyond a box, in half its sides, its vessel's cells may lie: boxes are not drawn to the pixel."""
CLOSE_SHARE = 0.65
"""Weight of the second network, which sees finer, against the first, which sees the neighbours."""
SOFT_EDGE = np.ones((5, 5), np.uint8)
"""So far around a vessel's cells its chance fades out."""
EMPTY, CAP = MATERIALS.index("empty"), MATERIALS.index("cap")
FILLED = slice(EMPTY + 1, CAP)
"""Materials that fill a vessel."""


def number_cells(seen: Seen, boxes: Sequence[Box]) -> Numbers:
    """Give every cell of a vessel to the box to whose middle it points, among those around it.

    Nothing is asked of what lies between, so that a vessel cut by a gripper or a rack keeps one number.
    """
    numbers = np.zeros(seen.vessel.shape, np.uint8)
    rows, columns = np.nonzero(seen.vessel > 0.5)
    if not boxes or not rows.size:
        return numbers
    edges = np.array([box.px for box in boxes])  # (K, 4)
    middles, halves = (edges[:, 2:] + edges[:, :2]) / 2, np.maximum(edges[:, 2:] - edges[:, :2], 1e-6) / 2
    cells = np.stack((columns, rows), axis=1) + 0.5  # (N, 2)
    pointed = cells + seen.to_centre[:, rows, columns].T
    offs = _offs(pointed * seen.cell_px, middles, halves)
    is_around = _offs(cells * seen.cell_px, middles, halves).max(axis=2) <= 1 + BEYOND_BOX
    costs = np.where(is_around, (offs**2).sum(axis=2), np.inf)
    best = costs.argmin(axis=0)
    numbers[rows, columns] = np.where(is_around.any(axis=0), best + 1, 0)
    return numbers


def blended(seen: Seen, numbers: Numbers, number: int, closer: Closer) -> Closer:
    """What both networks say of the vessel with that number, on the cells of its crop.

    Args:
        seen: of the whole picture.
        numbers: of its cells, by `number_cells`.
        number: of this vessel.
        closer: of this vessel.
    """
    shape = closer.vessel.shape
    wide_px = whole_px(seen.vessel, seen.cell_px)

    def in_crop(plane: Cells) -> Cells:
        return resampled(plane, wide_px, closer.crop_px, (shape[0], shape[1]))

    near = cv2.dilate((numbers == number).astype(np.uint8), SOFT_EDGE) > 0
    mine = np.where(near & np.isin(numbers, (0, number)), seen.vessel, 0).astype(np.float32)
    vessel = _mix(closer.vessel, in_crop(mine))
    material = _mix(closer.material, np.stack([in_crop(plane) for plane in _with_filled(seen)]))
    return replace(closer, vessel=vessel, material=material / np.maximum(material.sum(axis=0), 1e-6),
                   interface=_mix(closer.interface, in_crop(seen.interface)))  # fmt: skip


def filled_share(material: Cells) -> Cells:
    """Chance (h, w) that a cell holds any material, given that it is no cap."""
    filled = material[FILLED].sum(axis=0)
    return np.asarray(filled / np.maximum(filled + material[EMPTY], 1e-6), np.float32)


def _offs(points: NDArray[np.floating], middles: NDArray[np.float64],
          halves: NDArray[np.float64]) -> NDArray[np.float64]:  # fmt: skip
    """How far points lie from the middles of boxes, in half their sides: (K, N, 2)."""
    return np.asarray(np.abs(points[None] - middles[:, None]) / halves[:, None])


def _with_filled(seen: Seen) -> Cells:
    """Materials whose filled ones add up to what the head for filled says as much as to what they say themselves."""
    inside = np.maximum(1 - seen.material[CAP], 1e-6)
    was = np.clip(filled_share(seen.material), 1e-4, 1 - 1e-4)
    will_be = (was + seen.filled) / 2
    material = seen.material.copy()
    material[FILLED] *= will_be / was
    material[EMPTY] = inside * (1 - will_be)
    return material


def _mix(close: Cells, wide: Cells) -> Cells:
    return np.asarray(CLOSE_SHARE * close + (1 - CLOSE_SHARE) * wide, np.float32)
