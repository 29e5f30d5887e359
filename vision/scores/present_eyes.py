"""Eyes as readers of pictures; those of the film bench, which look for one vial, make what they can of anything."""

from pathlib import Path

import cv2
import numpy as np

from robot.labware import LIBRARY
from vision.eyes import Eyes
from vision.frame import Frame
from vision.labelled.facts import box_of
from vision.scores.case import Pixels, Reader
from vision.scores.readers import nothing_seen
from vision.segmentation.store import are_both
from vision.state.reading import Masks, PictureReading, Spread, VesselReading
from vision.state.trust import SHIPPED
from vision.state.vessel import Material, VesselState

SATURATED_FROM = 80
"""Of 255, mean over a content: what the present eyes cannot say is told by a rule, coloured from here on."""


def present_eyes(weights: Path | None) -> Reader:
    """The eyes with these weights, or with the shipped ones, as a reader.

    Raises:
        WeightsDamaged: the weights cannot be used.
    """
    eyes, ware = Eyes.load(weights), LIBRARY["vial-8ml"]
    if are_both(weights or SHIPPED):
        return lambda name, pixels: eyes.read(Frame(pixels, name, 0.0))

    def read(name: str, pixels: Pixels) -> tuple[PictureReading, Masks]:
        return _as_reading(name, pixels, eyes.look(Frame(pixels, name, 0.0), ware))

    return read


def _as_reading(name: str, pixels: Pixels, state: VesselState) -> tuple[PictureReading, Masks]:
    reading, masks = nothing_seen(name, pixels.shape)
    box = box_of(state.mask != Material.BACKGROUND)
    if box is None or state.present < 0.5:
        return reading.model_copy(update={"quality": state.quality}), masks
    inside = np.isin(state.mask, (Material.LIQUID, Material.SUSPENSION, Material.SOLID))
    saturation = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV)[..., 1][inside]
    coloured = bool(saturation.size) and float(saturation.mean()) >= SATURATED_FROM
    filled, level = 1 - state.content["empty"], state.fill_height_fraction
    capped = float((state.mask == Material.CAP).sum() > 0.02 * (state.mask != Material.BACKGROUND).sum())
    vessel = VesselReading(
        box_px=box, score=state.present, kind="vial", cap_on=0.1 + 0.8 * capped,
        content={"empty": 1 - filled, "coloured": filled * coloured, "transparent": filled * (not coloured)},
        fill_height_fraction=None if level is None else Spread(mean=level.mean, std=level.std),
        layers=int(filled >= 0.5), layers_chance=max(filled, 1 - filled),
        materials=tuple(what for what in ("liquid", "solid") if state.content[what] >= 0.5),
        colour_lab=None, turbidity=None, tipped=0.0,
    )  # fmt: skip
    planes = {"vessel": (state.mask != Material.BACKGROUND).astype(np.uint8), "material": state.mask}
    return reading.model_copy(update={"vessels": (vessel,), "quality": state.quality}), masks.model_copy(update=planes)
