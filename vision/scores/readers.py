"""What can be scored: weights, and whatever a program wrote as JSON lines and masks."""

from pathlib import Path

import cv2
import numpy as np
from pydantic import ValidationError

from robot.labware import LIBRARY
from vision.errors import DataUnreadable
from vision.eyes import Eyes
from vision.frame import Frame
from vision.labelled.facts import box_of
from vision.labelled.pictures import read_mask
from vision.scores.case import Pixels, Reader
from vision.state.reading import Masks, PictureReading, SpillReading, Spread, VesselReading
from vision.state.vessel import Material, VesselState

SATURATED_FROM = 80
"""Of 255, mean over a content: what the present eyes cannot say is told by a rule, coloured from here on."""


def nothing_seen(name: str, shape: tuple[int, ...]) -> tuple[PictureReading, Masks]:
    """The reading of a picture without vessels, and its empty masks."""
    planes = {part: np.zeros(shape[:2], np.uint8) for part in ("vessel", "material", "spill")}
    spill = SpillReading(probability=0.0, area_px=0)
    return PictureReading(image=name, vessels=(), spill=spill, quality="ok"), Masks(**planes)


def written_by_a_program(lines: Path, masks: Path | None) -> Reader:
    """A reader that looks up what a program said: JSON lines as of `athanor vision look --json`, masks as of `--masks`.

    Pictures are told by the stem of `image`. Without masks, everything is scored but masks.

    Raises:
        DataUnreadable: a line is no reading; or, when asked, a picture has no line, or a mask is damaged.
    """
    readings = _lines(lines)

    def read(name: str, pixels: Pixels) -> tuple[PictureReading, Masks]:
        if name not in readings:
            raise DataUnreadable(f"{lines}: no line for the picture {name}. Read all pictures before scoring")
        _, empty = nothing_seen(name, pixels.shape)
        if masks is None:
            return readings[name], empty
        planes = {
            part: read_mask(masks / f"{name}.{part}.png", pixels.shape) for part in ("vessel", "material", "spill")
        }
        return readings[name], empty.model_copy(
            update={part: plane for part, plane in planes.items() if plane is not None}
        )

    return read


def _lines(path: Path) -> dict[str, PictureReading]:
    """Readings by stem of the picture's name."""
    readings, number = dict[str, PictureReading](), 0
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            number += 1
            if line.strip():
                reading = PictureReading.model_validate_json(line)
                readings[Path(reading.image).stem] = reading
    except OSError as err:
        raise DataUnreadable(f"{path}: {err.strerror}. Name a file of JSON lines") from err
    except ValidationError as err:
        first = err.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DataUnreadable(
            f"{path}, line {number}: {where or 'the line'}: {first['msg'].lower()}. "
            "Each line is what `athanor vision look --json` prints"
        ) from err
    return readings


def present_eyes(weights: Path | None) -> Reader:
    """The eyes of the film bench, which look for one vial, as a reader of pictures of anything.

    Raises:
        WeightsDamaged: the weights cannot be used.
    """
    eyes, ware = Eyes.load(weights), LIBRARY["vial-8ml"]

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
