"""What was read of every vessel in a picture: what `athanor vision look --json` prints, a line per picture."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from vision.state.quality import Quality


class Part(BaseModel):
    """A part of a reading."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Spread(Part):
    """A figure and its standard deviation."""

    mean: float
    std: float


class VesselReading(Part):
    """One vessel. Chances are calibrated; None says that it cannot be told."""

    box_px: tuple[float, float, float, float]
    """Left, top, right, bottom; the hidden part included."""
    score: float
    """Chance that a vessel is there at all."""
    kind: str
    cap_on: float
    content: dict[Literal["empty", "transparent", "coloured", "two_layer"], float]
    fill_height_fraction: Spread | None
    """Highest surface over the vessel's floor as a share of its height in the picture; None if tilted, cut off or hidden."""
    fill_volume_fraction: Spread | None = None
    """Of the capacity, where the kind of vessel or its profile is known."""
    layers: int
    layers_chance: float
    materials: tuple[str, ...]
    """From the lowest up."""
    colour_lab: tuple[float, float, float] | None
    """CIELAB (D65) of the content; None of an empty vessel."""
    turbidity: float | None
    tipped: float


class SpillReading(Part):
    """What lies beside the vessels."""

    probability: float
    area_px: int


class PictureReading(Part):
    """All that was read of one picture."""

    image: str
    vessels: tuple[VesselReading, ...]
    spill: SpillReading
    quality: Quality


class Masks(Part):
    """Masks of one picture, all (H, W) at its size."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    vessel: NDArray[np.uint8]
    """Number of the vessel in `PictureReading.vessels`, from 1; 0 elsewhere."""
    material: NDArray[np.uint8]
    """`Material`"""
    spill: NDArray[np.uint8]
    """0 or 255."""
