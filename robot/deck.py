"""What stands under a gantry, by its measures: grids of places, wells, tips, and the comb that strips them."""

from dataclasses import dataclass
from math import pi
from typing import Annotated, Self

from pydantic import Field, model_validator

from robot.geometry import BenchPoint
from robot.strict import Strict

HOVER_MM = 2.0  # over a rim: a drop reaches the wall below before it lets go of the tip


class Grid(Strict):
    """A place, or a grid of places. Index [row, column] adds `pitch_mm` along x and y."""

    origin_mm: tuple[float, float, float]
    grid: tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]] = (1, 1)
    pitch_mm: tuple[float, float] = (0.0, 0.0)

    @property
    def places(self) -> int:
        """How many there are."""
        return self.grid[0] * self.grid[1]

    def point(self, place: int = 0) -> BenchPoint:
        """Where a place is, counted row by row."""
        row, column = divmod(place, self.grid[1])
        x_mm, y_mm, z_mm = self.origin_mm
        return BenchPoint(x_mm + row * self.pitch_mm[0], y_mm + column * self.pitch_mm[1], z_mm)

    @model_validator(mode="after")
    def _has_pitch(self) -> Self:
        if any(count > 1 and pitch_mm == 0.0 for count, pitch_mm in zip(self.grid, self.pitch_mm, strict=True)):
            raise ValueError("a grid needs a pitch_mm along each direction that has more than one place")
        return self


class Well(Grid):
    """A well, or a grid of like wells; `origin_mm` is the middle of the (first) inner floor."""

    width_mm: float = Field(gt=0, description="inner diameter")
    depth_mm: float = Field(gt=0, description="from the inner floor to the rim")

    @property
    def hover_mm(self) -> float:
        """How high over the floor a tip's end is just over the rim."""
        return self.depth_mm + HOVER_MM

    def level_mm(self, volume_ul: float) -> float:
        """How high `volume_ul` stands over the floor; 1 µl is 1 mm³."""
        return volume_ul / (pi * self.width_mm**2 / 4)


@dataclass(frozen=True)
class WellPlace:
    """A single well: the `number`th of those that are called `name`."""

    name: str
    number: int
    well: Well

    @property
    def floor(self) -> BenchPoint:
        """The middle of its inner floor."""
        return self.well.point(self.number)


class TipRack(Grid):
    """Tips in store; `origin_mm` is where the nozzle's end is once it is pressed into the first of them."""

    tip_ul: float = Field(gt=0, description="what a tip holds")
    length_mm: float = Field(gt=0, description="by how much a tip on the nozzle is longer than it")


class TipComb(Strict):
    """A fork over the bin that strips tips: entered sideways at travel height, and the nozzle is pulled up in it."""

    enter_mm: tuple[float, float] = Field(description="in front of the fork")
    under_mm: tuple[float, float] = Field(description="within it")
    strip_mm: float = Field(default=12.0, ge=5, description="how far up, until the tip is off")
