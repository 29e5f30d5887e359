"""Sites in pictures: where a vessel at a place would be seen, and which of those seen stands there."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import TypeVar

import numpy as np
from scipy.optimize import linear_sum_assignment

from robot.geometry import BenchPoint
from robot.labware import Labware
from vision.calibration.camera import CameraCalibration
from vision.state.planes import RectPx

Place = TypeVar("Place")
LEAST_OVERLAP = 0.25
"""Of a seen box with where it should be, as intersection over union: labware varies, and a box is no body."""


def region_px(calibration: CameraCalibration, foot: BenchPoint, ware: Labware, margin: float = 0.0) -> RectPx:
    """The part of the picture that a vessel covers.

    Args:
        calibration: of the camera.
        foot: middle of the place where the vessel stands.
        ware: what stands there.
        margin: to be added on every side, as a share of the region's sides.

    Raises:
        NothingSeen: the camera does not know where the bench is, or the place lies behind it.
    """
    half = ware.outer_width_mm / 2
    corners = [
        BenchPoint(foot.x_mm + x, foot.y_mm + y, foot.z_mm + z)
        for x, y, z in product((-half, half), (-half, half), (0.0, ware.height_mm))
    ]
    pixels = calibration.pixels_of(corners)
    (left, top), (right, bottom) = pixels.min(axis=0).tolist(), pixels.max(axis=0).tolist()
    across, along = margin * (right - left), margin * (bottom - top)
    return left - across, top - along, right + across, bottom + along


def vessels_at(boxes_px: Sequence[RectPx], regions_px: Mapping[Place, RectPx]) -> dict[Place, int]:
    """Which box stands at which place: each box at one place at most, together as well as they fit."""
    places = list(regions_px)
    if not places or not boxes_px:
        return {}
    overlaps = np.array([[overlap(regions_px[place], box) for box in boxes_px] for place in places])
    rows, columns = linear_sum_assignment(-overlaps)
    return {places[row]: int(column) for row, column in zip(rows, columns, strict=True)
            if overlaps[row, column] >= LEAST_OVERLAP}  # fmt: skip


def overlap(one: RectPx, other: RectPx) -> float:
    """Intersection over union.

    >>> overlap((0, 0, 2, 2), (1, 0, 3, 2))
    0.3333333333333333
    """
    width = max(0.0, min(one[2], other[2]) - max(one[0], other[0]))
    height = max(0.0, min(one[3], other[3]) - max(one[1], other[1]))
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return width * height / max(sum(areas) - width * height, 1e-9)
