"""From the first network's planes to what it has seen; which cell belongs to which vessel."""

from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, softmax

from vision.segmentation import network as planes_of
from vision.segmentation.seen import Box, Cells, Seen

Floats = NDArray[np.float32]
MOST_BOXES = 60
LEAST_SCORE = 0.05
OVERLAP = 0.55
"""Of two boxes that overlap by more, the better one is kept."""
LONGEST = 6.0
"""Logarithm of cells: no box reaches farther than this from its middle."""


def decode(planes: Floats, cell_px: float, temperatures: Mapping[str, float]) -> Seen:
    """Make sense of planes (17, h, w); logits are divided by the temperature of their name."""

    def cooled(name: str, part: slice) -> Floats:
        return np.asarray(planes[part] / temperatures.get(name, 1.0), np.float32)

    def chance(name: str, part: slice) -> Cells:
        return np.asarray(expit(cooled(name, part)[0]), np.float32)

    return Seen(
        vessel=chance("vessel", planes_of.VESSEL),
        material=np.asarray(softmax(cooled("material", planes_of.MATERIAL), axis=0), np.float32),
        filled=chance("filled", planes_of.FILLED),
        interface=chance("interface", planes_of.INTERFACE),
        spill=chance("spill", planes_of.SPILL),
        to_centre=planes[planes_of.TO_CENTRE],
        boxes=_boxes(chance("centre", planes_of.CENTRE), planes[planes_of.SIDES], cell_px),
        cell_px=cell_px,
    )


def belonging(seen: Seen) -> NDArray[np.int16]:
    """(h, w) number of the box in `seen.boxes`, from 0, whose vessel each cell would be part of; -1 of none.

    A cell says where its vessel's middle is; it goes to the box whose middle is nearest, measured in that box's sides.
    """
    height, width = seen.vessel.shape
    best = np.full((height, width), 0.5, np.float32)  # farther than half a side from its middle is no part of a box
    number_of = np.full((height, width), -1, np.int16)
    columns, rows = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    for number, box in enumerate(seen.boxes):
        left, top, right, bottom = (side / seen.cell_px for side in box.px)
        inside = (columns > left - 1) & (columns < right + 1) & (rows > top - 1) & (rows < bottom + 1)
        across = np.abs(columns + seen.to_centre[0] - (left + right) / 2) / max(right - left, 1.0)
        along = np.abs(rows + seen.to_centre[1] - (top + bottom) / 2) / max(bottom - top, 1.0)
        nearer = inside & (np.maximum(across, along) < best)
        best[nearer] = np.maximum(across, along)[nearer]
        number_of[nearer] = number
    return number_of


def _boxes(heat: Cells, sides: Floats, cell_px: float) -> tuple[Box, ...]:
    """Peaks of the heat map and the sides they say, without doubles, best first."""
    height, width = heat.shape
    peaks = (heat >= LEAST_SCORE) & (heat == cv2.dilate(heat, np.ones((3, 3), np.uint8)))
    rows, columns = np.nonzero(peaks)
    best = np.argsort(-heat[rows, columns], kind="stable")[: 4 * MOST_BOXES]
    rows, columns = rows[best], columns[best]
    left, up, right, down = np.exp(np.minimum(sides[:, rows, columns], LONGEST))
    corners = np.stack((columns + 0.5 - left, rows + 0.5 - up, columns + 0.5 + right, rows + 0.5 + down), axis=1)
    corners = corners.clip(0, (width, height, width, height))
    kept = _without_doubles(corners)[:MOST_BOXES]
    scores = heat[rows, columns][kept]
    found = (cell_px * corners[kept]).tolist()
    return tuple(Box((x0, y0, x1, y1), float(score)) for (x0, y0, x1, y1), score in zip(found, scores, strict=True))


def _without_doubles(corners: Floats) -> list[int]:
    """Numbers of the boxes (N, 4), best first, that overlap no better one."""
    kept: list[int] = []
    areas = (corners[:, 2] - corners[:, 0]) * (corners[:, 3] - corners[:, 1])
    for number, box in enumerate(corners):
        shared = np.minimum(corners[kept, 2:], box[2:]) - np.maximum(corners[kept, :2], box[:2])
        common = shared.clip(0).prod(axis=1)
        if not (common > OVERLAP * (areas[kept] + areas[number] - common)).any():
            kept.append(number)
    return kept
