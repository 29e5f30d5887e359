"""Which part of a picture is the vessel, and is all of it in view?"""

import cv2
import numpy as np
from numpy.typing import NDArray

from robot.labware import Labware
from vision.errors import NothingSeen

Cells = NDArray[np.float32]
"""(h, w) probabilities."""
LEAST_SOLIDITY = 0.93
"""Area over that of the convex hull; a vial with a narrow neck has 0.95 or more, one behind a bar less."""
PROPORTIONS = (0.85, 1.3)
"""Seen height over width, against the labware's: the bulging outlines of foot and brim add up to a quarter."""


def largest_part(vessel: Cells) -> Cells:
    """Keep the largest connected thing and its soft edge; what else the network took for a vessel becomes 0."""
    count, parts, stats, _ = cv2.connectedComponentsWithStats((vessel > 0.5).astype(np.uint8))
    if count < 2:
        return np.zeros_like(vessel)
    largest = (parts == 1 + stats[1:, cv2.CC_STAT_AREA].argmax()).astype(np.uint8)
    return vessel * cv2.dilate(largest, np.ones((5, 5), np.uint8))


def require_full_view(vessel: Cells, ware: Labware) -> None:
    """Accept only a vessel of which nothing is hidden or cut off.

    Raises:
        NothingSeen: what is missing of it.
    """
    area = (vessel > 0.5).astype(np.uint8)
    outlines, _ = cv2.findContours(area, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        raise NothingSeen("no vessel")
    if area[-1].any() or area[:, 0].any() or area[:, -1].any():
        raise NothingSeen("a vessel cut by the picture's edge")
    outline = max(outlines, key=len)
    if area.sum() < LEAST_SOLIDITY * cv2.contourArea(cv2.convexHull(outline)):
        raise NothingSeen("a vessel partly hidden")
    _, _, width, height = cv2.boundingRect(outline)
    low, high = (limit * ware.height_mm / ware.outer_width_mm for limit in PROPORTIONS)
    if not low <= height / width <= high:
        raise NothingSeen(f"something {height / width:.1f} times as high as wide: no whole {ware.name}")
