"""The colour of what is in a vessel: CIELAB under D65, and the word a chemist would use, with doubt."""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.state.vessel import ColourName, Lab

EDGE_SHARE = 0.12
"""Of a content's width: so near to its edge the wall and what is behind mix in."""
HIGHLIGHT_PERCENTILE = 95.0
LEAST_PIXELS, ENOUGH_PIXELS = 12, 2000
CAMERA_STD = (7.0, 5.0, 5.0)
"""Doubt of L*, a*, b* by the white balance and exposure of a camera that nobody has calibrated (assumed)."""
KNOWN: dict[ColourName, tuple[tuple[int, int, int], ...]] = {
    "white": ((250, 250, 250), (225, 225, 222)),
    "grey": ((175, 175, 175), (128, 128, 128), (85, 85, 85)),
    "black": ((15, 15, 15), (40, 38, 38)),
    "brown": ((101, 55, 20), (139, 80, 40), (70, 35, 20), (150, 100, 60)),
    "red": ((200, 30, 30), (235, 80, 80), (130, 10, 25), (220, 20, 90), (250, 150, 160)),
    "orange": ((240, 130, 20), (250, 165, 60), (215, 95, 20)),
    "yellow": ((250, 230, 50), (230, 200, 30), (245, 240, 150)),
    "green": ((30, 150, 50), (120, 200, 80), (20, 80, 35), (150, 220, 160), (20, 150, 110)),
    "blue": ((30, 70, 200), (90, 160, 230), (15, 25, 90), (160, 205, 240), (10, 130, 170)),
    "violet": ((120, 30, 160), (170, 110, 210), (70, 10, 90), (215, 120, 210)),
}
"""sRGB of what each word is said of; the nearest in CIELAB names a colour."""


@dataclass(frozen=True)
class ColourSeen:
    """A colour in CIELAB and its standard deviation."""

    lab: Lab
    std: Lab


def content_colour(pixels: NDArray[np.uint8], content: NDArray[np.bool_]) -> ColourSeen | None:
    """Median colour of what fills a vessel, away from its edges and from highlights; None if little is left.

    Args:
        pixels: (H, W, 3) sRGB, taken to be balanced for D65.
        content: (H, W) where the material is.
    """
    padded = np.pad(content.astype(np.uint8), 1)
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, 3)[1:-1, 1:-1]
    inner = depth > max(1.0, 2 * EDGE_SHARE * float(depth.max()))
    if inner.sum() < LEAST_PIXELS:
        return None
    seen = pixels[inner]
    lab = to_lab(seen[:: max(1, len(seen) // ENOUGH_PIXELS)])
    matt = lab[lab[:, 0] <= np.percentile(lab[:, 0], HIGHLIGHT_PERCENTILE)]
    median = np.median(matt, axis=0)
    scatter = 1.48 * np.median(np.abs(matt - median), axis=0)
    std = np.hypot(scatter, CAMERA_STD)
    return ColourSeen(_triple(median), _triple(std))


def to_lab(rgb: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Turn sRGB colours (N, 3) into CIELAB (D65).

    >>> to_lab(np.array([[255, 255, 255]], np.uint8)).round(1).tolist()
    [[100.0, 0.0, 0.0]]
    """
    scaled = rgb.reshape(1, -1, 3).astype(np.float32) / 255
    return np.asarray(cv2.cvtColor(scaled, cv2.COLOR_RGB2LAB)[0], np.float64)


def name_chances(seen: ColourSeen, colourless: float) -> dict[ColourName, float]:
    """Chance of each word for a colour.

    Args:
        seen: the colour.
        colourless: chance that what was seen is only what stands behind a clear liquid.
    """
    names, known = _known()
    points = np.asarray(seen.lab) + _spread() * np.asarray(seen.std)
    nearest = ((points[:, None] - known[None]) ** 2).sum(axis=2).argmin(axis=1)
    chances: dict[ColourName, float] = {"colourless": colourless}
    for number in nearest:
        chances[names[number]] = chances.get(names[number], 0.0) + (1 - colourless) / len(points)
    return chances


@cache
def _known() -> tuple[list[ColourName], NDArray[np.float64]]:
    """A word for each row of CIELAB."""
    names = [name for name, examples in KNOWN.items() for _ in examples]
    return names, to_lab(np.array([rgb for examples in KNOWN.values() for rgb in examples], np.uint8))


@cache
def _spread() -> NDArray[np.float64]:
    """Points of a normal distribution in three dimensions, the same each time."""
    return np.random.default_rng(0).standard_normal((400, 3))


def _triple(values: NDArray[np.float64]) -> Lab:
    first, second, third = (round(float(value), 2) for value in values)
    return first, second, third
