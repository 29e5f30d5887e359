"""What was seen of one vessel. Each figure carries its doubt; None means that nothing can be said."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vision.frame import encode_png
from vision.state.trust import UNMEASURED, Trust

ColourName = Literal[
    "colourless", "white", "grey", "black", "brown", "red", "orange", "yellow", "green", "blue", "violet"
]
"""What a chemist calls the colour of what is in a vessel."""
Lab = tuple[float, float, float]
"""CIELAB (D65)."""


class Material(IntEnum):
    """Class index of masks, shared with our labelled photographs."""

    BACKGROUND = 0
    EMPTY = 1
    """Bare vessel or bare plate."""
    LIQUID = 2
    SUSPENSION = 3
    SOLID = 4
    """Powder, crystals, a dry film."""
    FOAM = 5
    CAP = 6


@dataclass(frozen=True)
class Estimate:
    """A figure and its standard deviation."""

    mean: float
    std: float


@dataclass(frozen=True)
class Volume:
    """A volume, and between which it lies nine times in ten."""

    mean_ul: float
    low_ul: float
    high_ul: float


@dataclass(frozen=True)
class VesselState:
    """What a picture says of the one vessel that should stand in view.

    `present` is the probability that a vessel is there at all; `content` gives probabilities of "empty", "liquid"
    and "solid" that sum to 1, given that it is there. A wet film is liquid on a plate, a dry one solid.
    """

    present: float
    content: dict[Literal["empty", "liquid", "solid"], float]
    fill_height_fraction: Estimate | None
    """Surface above the inner floor over the inner height; None without a vessel standing in full view."""
    quality: Literal["ok", "dark", "blurred"]
    mask: NDArray[np.uint8]
    """(H, W) of `Material` at the picture's size: the evidence for overlays."""
    cap_on: float | None = None
    """Chance that a cap, stopper or lid is on. None, here and below: these eyes cannot tell."""
    layers: tuple[float, ...] | None = None
    """Chances of 0, 1, 2, ... regions of material, the last for as many and more."""
    colour: Mapping[ColourName, float] | None = None
    """Chance of each word for the colour of the content; None also of an empty vessel."""
    colour_lab: Lab | None = None
    """CIELAB (D65)."""
    turbidity: float | None = None
    """0 clear to 1 opaque."""
    tipped: float | None = None
    """Chance that it lies on its side."""
    spill: float | None = None
    """Chance that something was spilled beside it."""
    volume: Volume | None = None
    """By the fill height and the labware's profile."""
    trust: Trust = UNMEASURED
    """How sure these eyes must be before a chance is an answer."""

    def mask_png(self) -> bytes:
        """The mask as a PNG file of class indices."""
        return encode_png(self.mask)
