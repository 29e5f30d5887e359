from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from vision.labelled.folder import LabelledPicture
from vision.labelled.truth import PictureTruth, VesselTruth
from vision.scores.case import Case
from vision.state.reading import Masks, PictureReading, SpillReading, Spread, VesselReading

Box = tuple[int, int, int, int]
SIZE = 40


def plane(areas: Mapping[int, Box]) -> NDArray[np.uint8]:
    """A mask of 40 x 40 pixels with these values in these boxes, laid over each other in order."""
    drawn = np.zeros((SIZE, SIZE), np.uint8)
    for value, (left, top, right, bottom) in areas.items():
        drawn[top:bottom, left:right] = value
    return drawn


def read_vessel(box: Box, **said: Any) -> VesselReading:
    """A reading of a test tube, sure of itself, changed as said."""
    facts: dict[str, Any] = {
        "box_px": box, "score": 0.9, "kind": "test tube", "cap_on": 0.9, "content": {"coloured": 0.8, "empty": 0.2},
        "fill_height_fraction": Spread(mean=0.5, std=0.1), "layers": 1, "layers_chance": 0.9, "materials": ("liquid",),
        "colour_lab": None, "turbidity": None, "tipped": 0.0,
    }  # fmt: skip
    return VesselReading(**{**facts, **said})


def make_case(
    true: Sequence[VesselTruth] = (),
    read: Sequence[VesselReading] = (),
    *,
    drawn: Mapping[str, NDArray[np.uint8]] | None = None,
    masks: Mapping[str, NDArray[np.uint8]] | None = None,
    read_spill: float = 0.0,
    spill_px: int = 0,
    **facts: Any,
) -> Case:
    """A picture with true vessels and drawn planes, beside what was read."""
    planes = dict.fromkeys(("vessel", "material", "phase", "spill")) | dict(drawn or {})
    empty = {part: plane({}) for part in ("vessel", "material", "spill")}
    truth = PictureTruth(name="a", width=SIZE, height=SIZE, vessels=tuple(true), **facts)
    reading = PictureReading(
        image="a", vessels=tuple(read), spill=SpillReading(probability=read_spill, area_px=spill_px), quality="ok"
    )
    return Case(
        LabelledPicture(truth, np.zeros((SIZE, SIZE, 3), np.uint8), **planes),
        reading,
        Masks(**{**empty, **(masks or {})}),
    )


@pytest.fixture(name="plane")
def plane_fixture() -> Callable[..., NDArray[np.uint8]]:
    return plane


@pytest.fixture(name="read_vessel")
def read_vessel_fixture() -> Callable[..., VesselReading]:
    return read_vessel


@pytest.fixture(name="make_case")
def make_case_fixture() -> Callable[..., Case]:
    return make_case
