"""What was seen of one vessel. Each figure carries its doubt; None means that nothing can be said."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vision.frame import encode_png


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


TAUGHT = ("vial", "plate")
"""The kinds of labware that the network has learnt to see; of others its answers mean nothing."""


@dataclass(frozen=True)
class Estimate:
    """A figure and its standard deviation."""

    mean: float
    std: float


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

    def mask_png(self) -> bytes:
        """The mask as a PNG file of class indices."""
        return encode_png(self.mask)
