"""What eyes must beat: rules of hue, which know one laboratory by heart, and constants told where the vessels are."""

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.labelled.folder import LabelledPicture
from vision.labelled.pictures import LabelledPictures
from vision.scores.case import Pixels, Reader
from vision.scores.levels import SAID_OF_THE_MISSED
from vision.scores.readers import nothing_seen
from vision.state.reading import Masks, PictureReading, SpillReading, Spread, VesselReading
from vision.state.vessel import Material

ORANGE, TEAL = (2, 20), (75, 105)
"""Hues of OpenCV, 0 to 179, of the caps and of one of the liquids in `sdl_states`."""
RED_BELOW, RED_ABOVE = 2, 165
LEAST_SATURATION, LEAST_VALUE, LEAST_AREA_PX = 110, 50, 120
TUBE_OVER_CAP, TUBE_OVER_WIDTH = 4.0, 3.0
"""A tube is some four caps high, and some three times as high as it is wide."""
LIKELY, UNLIKELY = 0.9, 0.1


def hue_rules(name: str, pixels: Pixels) -> tuple[PictureReading, Masks]:
    """Read a picture by hue alone: orange is a cap, saturated red or teal a liquid; wide and teal is spilled."""
    hue, saturation, value = cv2.split(cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV))
    vivid = (saturation >= LEAST_SATURATION) & (value >= LEAST_VALUE)
    cap = vivid & (hue >= ORANGE[0]) & (hue <= ORANGE[1])
    teal = vivid & (hue >= TEAL[0]) & (hue <= TEAL[1])
    liquid = teal | (vivid & ((hue < RED_BELOW) | (hue > RED_ABOVE)))
    return _by_hue(name, cap, liquid, teal)


def _by_hue(name: str, cap: NDArray[np.bool_], liquid: NDArray[np.bool_],
            teal: NDArray[np.bool_]) -> tuple[PictureReading, Masks]:  # fmt: skip
    _, masks = nothing_seen(name, cap.shape)
    joined = cv2.morphologyEx((cap | liquid).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((15, 3), np.uint8))
    _, parts, stats, _ = cv2.connectedComponentsWithStats(joined)
    vessels: list[VesselReading] = []
    for number, (left, top, width, height, area) in enumerate(stats.tolist()[1:], start=1):
        if area < LEAST_AREA_PX:
            continue
        mine = parts == number
        capped, filled = bool((mine & cap).sum() > area / 10), bool((mine & liquid).sum() > area / 10)
        if width > height and filled and not capped:
            masks.spill[mine & teal] = 255
            continue
        tall = max(height, round(width * (TUBE_OVER_CAP / 1.6 if capped and not filled else TUBE_OVER_WIDTH)))
        box = (float(left), float(top), float(left + width), float(min(cap.shape[0], top + tall)))
        vessels.append(_tube(box, capped, filled, height / tall))
        masks.vessel[top : int(box[3]), left : left + width] = min(len(vessels), 255)
        masks.material[top : int(box[3]), left : left + width] = Material.EMPTY
        masks.material[mine & liquid] = Material.LIQUID
        masks.material[mine & cap] = Material.CAP
    spilled = int((masks.spill > 0).sum())
    spill = SpillReading(probability=LIKELY if spilled >= 4 * LEAST_AREA_PX else UNLIKELY, area_px=spilled)
    return PictureReading(image=name, vessels=tuple(vessels[:255]), spill=spill, quality="ok"), masks


def _tube(box: tuple[float, float, float, float], capped: bool, filled: bool, fill: float) -> VesselReading:
    return VesselReading(
        box_px=box, score=LIKELY if capped else 0.6, kind="test tube", cap_on=LIKELY if capped else UNLIKELY,
        content={"coloured": LIKELY, "empty": UNLIKELY} if filled else {"empty": LIKELY, "coloured": UNLIKELY},
        fill_height_fraction=Spread(mean=fill if filled else 0.0, std=0.2), layers=int(filled), layers_chance=0.7,
        materials=("liquid",) if filled else (), colour_lab=None, turbidity=None, tipped=UNLIKELY,
    )  # fmt: skip


def constant(pictures: LabelledPictures) -> Reader:
    """Always the same, told where the vessels are: filled to 0.35 with one coloured layer, cap on, nothing spilled.

    What it scores for finding vessels means nothing; the rest is what a constant is worth.
    """
    truths = {truth.name: truth for truth in pictures.truths}

    def read(name: str, pixels: Pixels) -> tuple[PictureReading, Masks]:
        return _constant(pictures.load(truths[name]))

    return read


def _constant(picture: LabelledPicture) -> tuple[PictureReading, Masks]:
    reading, masks = nothing_seen(picture.truth.name, picture.pixels.shape)
    places = [(truth.box_px, truth.kind, truth.id) for truth in picture.truth.vessels]
    vessels = tuple(
        VesselReading(
            box_px=box or (0.0, 0.0, 1.0, 1.0), score=1.0, kind=kind or "vessel", cap_on=0.6, content={"coloured": 0.5, "empty": 0.4},
            fill_height_fraction=Spread(mean=SAID_OF_THE_MISSED, std=0.3),
            fill_volume_fraction=Spread(mean=SAID_OF_THE_MISSED, std=0.3), layers=1, layers_chance=0.56,
            materials=("liquid",), colour_lab=None, turbidity=None, tipped=0.1,
        ) for box, kind, _ in places
    )  # fmt: skip
    if picture.vessel is not None:
        order = {number: place for place, (_, _, number) in enumerate(places, start=1)}
        table = np.array([order.get(value, 0) for value in range(256)], np.uint8)
        masks = masks.model_copy(update={"vessel": table[picture.vessel]})
    return reading.model_copy(update={"vessels": vessels}), masks
