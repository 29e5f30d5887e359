"""What the second network is shown of a vessel, and what it should have said."""

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.labelled.truth import VesselTruth
from vision.segmentation.closer import CROP_CELL_PX, CROP_HEIGHT_PX, CROP_WIDTH_PX
from vision.segmentation.crops import Sides, crop_around, matrix_of
from vision.segmentation.seen import CONTENTS, KINDS, LAYERS
from vision.training.recolour import vary
from vision.training.targets import Arrays, targets
from vision.training.views import Planes, Prepared, Shown, view

UNKNOWN = -1.0
"""Of a state that nobody knows."""
MASK_PLANES = ("vessel", "vessel_known", "material", "interface", "interface_known")
KIND_WORDS = {"container": "bottle", "jar": "bottle", "tube": "test tube", "petri": "plate", "slide": "plate",
              "dish": "plate", "erlenmeyer": "flask", "round-bottom": "flask", "volumetric": "flask", "cup": "beaker",
              "column": "cylinder"}  # fmt: skip
"""Words of kinds that have other names in `KINDS`."""


def crop_lesson(prepared: Prepared, rng: np.random.Generator, recoloured: float) -> Arrays:
    """Draw one vessel of a picture and make a lesson of it: `crop` (160, 128, 4) bytes, masks (80, 64), states.

    A picture without vessels gives a crop of nothing, where no cell is vessel and no state is known.
    """
    if prepared.boxes:
        truth, box, _ = prepared.boxes[rng.integers(len(prepared.boxes))]
    else:
        truth, box = None, _anywhere(prepared.picture.pixels.shape, rng)
    matrix = matrix_of(crop_around(_jittered(box, rng)))
    if rng.random() < 0.5:
        matrix = np.diag((-1.0, 1.0)) @ matrix + np.array([[0, 0, CROP_WIDTH_PX], [0, 0, 0]])
    matrix = matrix + rng.normal(0, 0.02, (2, 3)) * np.array([[1, 1, 0], [0, 0, 0]]) * matrix[0, 0]  # a little shear
    colours, planes, shown = view(prepared, matrix, CROP_HEIGHT_PX, CROP_WIDTH_PX)
    me = next((each for each in shown if truth is not None and each.number == truth.id), None)
    bleach = bool(rng.random() < 0.3)
    colours = vary(colours, rng, recoloured, bleach)
    masks = _own(planes, me)
    made = targets(masks, (), everything=True, cell_px=CROP_CELL_PX)
    states = _states(truth, bleach and recoloured > 0)
    return {
        "crop": np.dstack((colours, _shown_mask(masks, me, rng))),
        **{f"crop_{name}": made[name] for name in MASK_PLANES},
        **{name: np.array(value, np.float32) for name, value in states.items()},
    }


def _states(truth: VesselTruth | None, bleached: bool) -> dict[str, float]:
    """States by the names of `PARTS`, as numbers or indices; `UNKNOWN` where nobody knows."""
    if truth is None:
        return dict.fromkeys(("cap", "content", "layers", "tipped", "turbidity", "fill", "kind"), UNKNOWN)
    content, regions = truth.content, truth.n_material_regions
    if regions == 0 and truth.fill_area_fraction is None:
        regions = None  # nobody can look into an opaque bottle
    if content == "unknown" and regions == 0:
        content = "empty"
    if content == "coloured" and bleached:
        content = "unknown"
    upright = truth.tipped is not True and not truth.cut_off
    return {
        "cap": {"on": 1.0, "off": 0.0, "none": 0.0}.get(truth.cap, UNKNOWN),
        "content": UNKNOWN if content == "unknown" else float(CONTENTS.index(content)),
        "layers": _or_unknown(None if regions is None else min(regions, LAYERS - 1)),
        "tipped": _or_unknown(truth.tipped),
        "turbidity": _or_unknown(truth.turbidity),
        "fill": _or_unknown(truth.fill_height_fraction if upright else None),
        "kind": _or_unknown(kind_index(truth.kind)),
    }


def kind_index(kind: str | None) -> int | None:
    """Which of `KINDS` a vessel in words is.

    >>> [KINDS[kind_index(kind)] for kind in ("test tube", "Erlenmeyer flask", "silicone container", "thing")]
    ['test tube', 'flask', 'bottle', 'other']
    """
    if kind is None:
        return None
    words = kind.lower()
    named = next((name for name in KINDS if name in words), None)
    return KINDS.index(named or next((name for word, name in KIND_WORDS.items() if word in words), "other"))


def _or_unknown(value: float | None) -> float:
    return UNKNOWN if value is None else float(value)


def _own(planes: Planes, me: Shown | None) -> Planes:
    """Masks of the vessel in question alone; of a vessel without a mask, what is said beyond all boxes."""
    if me is None or not me.masked:
        return planes
    mine = planes.vessel == me.number
    others = (planes.vessel > 0) & ~mine
    material = np.where(others, 0, planes.material).astype(np.uint8)
    return Planes(mine.astype(np.uint8), material, np.where(mine, planes.phase, 0).astype(np.uint8), planes.spill,
                  planes.beyond)  # fmt: skip


def _shown_mask(masks: Planes, me: Shown | None, rng: np.random.Generator) -> NDArray[np.uint8]:
    """The vessel's mask as the first network might have it: shifted, grown, shrunk, holed, hazy, missing."""
    chance = rng.random()
    if me is None or chance < 0.07:
        return np.zeros(masks.material.shape, np.uint8)
    mask = (masks.vessel * np.uint8(255)) if me.masked and chance > 0.15 else _of_box(masks.material.shape, me.box)
    side = int(rng.integers(1, 6))
    reshape = cv2.dilate if rng.random() < 0.5 else cv2.erode
    mask = np.asarray(reshape(mask, np.ones((side, side), np.uint8)), np.uint8)
    if rng.random() < 0.3:
        height, width = mask.shape
        y, x = int(rng.integers(height)), int(rng.integers(width))
        mask[max(0, y - 16) : y + 16, max(0, x - 12) : x + 12] = 0
    mask = np.roll(mask, tuple(rng.integers(-3, 4, 2)), axis=(0, 1))
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), rng.uniform(1.0, 4.0)), np.uint8)


def _of_box(shape: tuple[int, ...], box: Sides) -> NDArray[np.uint8]:
    """What fills a box."""
    mask = np.zeros(shape, np.uint8)
    left, top, right, bottom = (round(side) for side in box)
    mask[top:bottom, left:right] = 255
    return mask


def _jittered(box: Sides, rng: np.random.Generator) -> Sides:
    """A box as the first network might have drawn it."""
    width, height = box[2] - box[0], box[3] - box[1]
    shift = rng.normal(0, 0.05, 4).clip(-0.12, 0.12) * (width, height, width, height)
    return tuple((np.array(box) + shift).tolist())


def _anywhere(shape: tuple[int, ...], rng: np.random.Generator) -> Sides:
    height = rng.uniform(0.1, 0.6) * shape[0]
    width = height * rng.uniform(0.2, 1.0)
    x, y = rng.uniform(0, max(1.0, shape[1] - width)), rng.uniform(0, max(1.0, shape[0] - height))
    return float(x), float(y), float(x + width), float(y + height)
