"""Showing a person what the eyes made of a picture: tinted materials, outlines, boxes, levels, words."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.frame import Frame
from vision.state.reading import Masks, PictureReading, VesselReading
from vision.state.vessel import Material

COLOURS = {
    Material.EMPTY: (120, 200, 255),
    Material.LIQUID: (30, 110, 255),
    Material.SUSPENSION: (160, 60, 220),
    Material.SOLID: (255, 150, 20),
    Material.FOAM: (255, 255, 120),
    Material.CAP: (60, 200, 90),
}
SPILL = (255, 40, 40)
TINT = 0.35
FONT, WHITE = cv2.FONT_HERSHEY_SIMPLEX, (255, 255, 255)
DARK = 30
SHOWN_FROM = 0.5
TOLD_FROM = 0.6
"""A chance nearer to one half says nothing to a person."""


def overlay(frame: Frame, reading: PictureReading, masks: Masks) -> NDArray[np.uint8]:
    """Lay masks, boxes and levels over a frame, with words below: (H + strip, W, 3), RGB."""
    picture = frame.pixels.copy()
    for material, colour in COLOURS.items():
        _tint(picture, masks.material == material, colour)
    _tint(picture, masks.spill > 0, SPILL)
    shown = [(number, vessel) for number, vessel in enumerate(reading.vessels, 1) if vessel.score >= SHOWN_FROM]
    for number, vessel in shown:
        _draw_vessel(picture, masks, number, vessel)
    words = [headline(reading)] + [f"{number}: {caption(vessel)}" for number, vessel in shown]
    return np.vstack((picture, _strip(words, picture.shape[1])))


def headline(reading: PictureReading) -> str:
    """What is to be said of the whole picture."""
    count = sum(vessel.score >= SHOWN_FROM for vessel in reading.vessels)
    said = "no vessel" if not count else "1 vessel" if count == 1 else f"{count} vessels"
    if reading.spill.probability >= SHOWN_FROM:
        said += f"   spill {reading.spill.probability:.2f}"
    return said + ("" if reading.quality == "ok" else f"   {reading.quality} picture")


def caption(vessel: VesselReading) -> str:
    """What was read of one vessel, in one line, with its chances."""
    fill = vessel.fill_height_fraction
    words = [
        f"{vessel.kind}  {vessel.score:.2f}",
        "fill unknown" if fill is None else f"fill {fill.mean:.2f} +- {fill.std:.2f}",
        _contents(vessel),
        _cap(vessel.cap_on),
    ]
    if vessel.tipped > SHOWN_FROM:
        words.append(f"tipped {vessel.tipped:.2f}")
    return "   ".join(words)


def _cap(chance: float) -> str:
    surer = max(chance, 1 - chance)
    return "cap unknown" if surer < TOLD_FROM else f"cap {'on' if chance > 0.5 else 'off'} {surer:.2f}"


def _contents(vessel: VesselReading) -> str:
    if not vessel.layers:
        return f"empty {vessel.layers_chance:.2f}"
    layers = "1 layer" if vessel.layers == 1 else f"{vessel.layers} layers"
    return f"{layers} {vessel.layers_chance:.2f}" + (
        f", {' under '.join(vessel.materials)}" if vessel.materials else ""
    )


def _tint(picture: NDArray[np.uint8], area: NDArray[np.bool_], colour: tuple[int, int, int]) -> None:
    picture[area] = (picture[area] * (1 - TINT) + np.array(colour) * TINT).astype(np.uint8)
    outlines, _ = cv2.findContours(area.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(picture, outlines, -1, colour, 1)


def _draw_vessel(picture: NDArray[np.uint8], masks: Masks, number: int, vessel: VesselReading) -> None:
    """A box with the vessel's number, and a line along the highest surface in it."""
    left, top, right, bottom = (round(edge) for edge in vessel.box_px)
    cv2.rectangle(picture, (left, top), (right, bottom), WHITE, 1)
    cv2.putText(picture, str(number), (left + 3, bottom - 4), FONT, 0.5, WHITE, 1, cv2.LINE_AA)
    filled = (masks.vessel == number) & (masks.material > Material.EMPTY) & (masks.material < Material.CAP)
    rows, columns = np.nonzero(filled)
    if vessel.fill_height_fraction is not None and rows.size:
        row = round(float(np.percentile(rows, 1)))
        cv2.line(picture, (int(columns.min()) - 6, row), (int(columns.max()) + 6, row), WHITE, 1, cv2.LINE_AA)


def _strip(lines: Sequence[str], width_px: int) -> NDArray[np.uint8]:
    """White words on a dark strip, as large as the picture is wide."""
    size = max(0.3, width_px / 1400)
    high = round(40 * size)
    strip = np.full((high * len(lines), width_px, 3), DARK, np.uint8)
    for row, line in enumerate(lines):
        cv2.putText(strip, line, (round(10 * size), row * high + round(28 * size)), FONT, size, WHITE, 1, cv2.LINE_AA)
    return strip
