"""What stands in front of a camera: all that a picture may depend on, besides the camera itself."""

from dataclasses import dataclass
from typing import Literal

from robot.labware import Labware

Rgb = tuple[float, float, float]


@dataclass(frozen=True)
class VialScene:
    """A vial in its booth, seen from the side."""

    labware: Labware
    fill_height_fraction: float | None
    """Surface above the inner floor over the inner height; None: no vial stands there."""
    colour_rgb: Rgb
    """What white light has left after crossing the vial's radius in the liquid, 0 to 1."""
    turbidity: float
    """0 is clear, 1 scatters all light at its surface."""
    capped: bool = False


@dataclass(frozen=True)
class PlateScene:
    """A plate on the bench, seen from above."""

    labware: Labware
    present: bool
    film: Literal["none", "wet", "dry"]
    colour_rgb: Rgb
    coverage_fraction: float
    """How much of the plate the film covers."""


Scene = VialScene | PlateScene
