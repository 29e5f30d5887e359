"""Showing a person what the eyes made of a picture."""

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.frame import Frame
from vision.state.vessel import Material, VesselState

COLOURS = {
    Material.EMPTY: (120, 200, 255),
    Material.LIQUID: (30, 110, 255),
    Material.SUSPENSION: (160, 60, 220),
    Material.SOLID: (255, 150, 20),
    Material.FOAM: (255, 255, 120),
    Material.CAP: (60, 200, 90),
}
TINT = 0.35
FONT, WHITE = cv2.FONT_HERSHEY_SIMPLEX, (255, 255, 255)


def overlay(frame: Frame, state: VesselState) -> NDArray[np.uint8]:
    """Lay the mask, the liquid's surface and a caption over a frame: (H, W, 3), RGB."""
    picture = frame.pixels.copy()
    for material, colour in COLOURS.items():
        area = (state.mask == material).astype(np.uint8)
        tint = np.array(colour, np.float32) * TINT
        picture = np.where(area[..., None] > 0, (picture * (1 - TINT) + tint).astype(np.uint8), picture)
        outlines, _ = cv2.findContours(area, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(picture, outlines, -1, colour, 1)
    _draw_surface(picture, state)
    _draw_caption(picture, caption(state))
    return picture


def caption(state: VesselState) -> str:
    """What was seen, in one line.

    >>> from vision.state.vessel import Estimate
    >>> contents = {"empty": 0.01, "liquid": 0.99, "solid": 0.0}
    >>> caption(VesselState(0.97, contents, Estimate(0.41, 0.03), "ok", np.zeros((1, 1), np.uint8)))
    'vessel 0.97   liquid 0.99   fill 0.410 +- 0.030'
    """
    if state.present < 0.5:
        return f"no vessel {1 - state.present:.2f}" + _if_poor(state)
    what, chance = max(state.content.items(), key=lambda item: item[1])
    fill = state.fill_height_fraction
    level = "" if fill is None else f"   fill {fill.mean:.3f} +- {fill.std:.3f}"
    return f"vessel {state.present:.2f}   {what} {chance:.2f}{level}" + _if_poor(state)


def _if_poor(state: VesselState) -> str:
    return "" if state.quality == "ok" else f"   {state.quality} picture"


def _draw_surface(picture: NDArray[np.uint8], state: VesselState) -> None:
    """A line where the surface meets the wall: half way down the outline's bulge."""
    liquid = np.isin(state.mask, (Material.LIQUID, Material.SUSPENSION))
    columns = np.flatnonzero(liquid.any(axis=0))
    if state.fill_height_fraction is None or columns.size == 0:
        return
    tops = liquid.argmax(axis=0)[columns]
    row = round(float(np.percentile(tops, 90)))
    cv2.line(picture, (int(columns[0]) - 8, row), (int(columns[-1]) + 8, row), WHITE, 1, cv2.LINE_AA)


def _draw_caption(picture: NDArray[np.uint8], text: str) -> None:
    """White on a dark bar along the top, as large as the picture is wide."""
    size = picture.shape[1] / 1200
    bar = round(46 * size)
    picture[:bar] = picture[:bar] // 3
    cv2.putText(picture, text, (round(12 * size), round(32 * size)), FONT, size, WHITE, 1, cv2.LINE_AA)
