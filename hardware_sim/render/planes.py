"""Colour planes: pictures with the channel first, so that NumPy's inner loops run along rows, not over three colours."""

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware_sim.render.scene import Rgb

Grid = NDArray[np.float32]


def planes(picture: NDArray[np.uint8]) -> Grid:
    """Take (H, W, 3) bytes apart: (3, H, W), 0 to 255."""
    return np.stack([plane.astype(np.float32) for plane in cv2.split(picture)])


def colour_planes(colour: Rgb) -> Grid:
    """A colour that spreads over planes: (3, 1, 1)."""
    return np.array(colour, np.float32)[:, None, None]


def blend(picture: NDArray[np.uint8], over: Grid, cover: Grid) -> None:
    """Lay planes (3, H, W) over part of a picture (H, W, 3) where `cover` (H, W) is not 0, and so far as it is 1."""
    below = planes(picture)
    below += cover * (np.clip(over, 0, 255) - below)
    cv2.merge([plane.astype(np.uint8) for plane in below], picture)
