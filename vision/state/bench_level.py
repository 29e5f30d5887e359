"""The level in labware of known size, by its width in the picture: what a bench's own camera measures."""

from typing import Protocol

import numpy as np

from robot.labware import Labware
from vision.segmentation.seen import Cells
from vision.state.liquid_level import Level, read_level
from vision.state.standing import largest_part, require_full_view
from vision.state.vessel import Estimate


class LevelDoubt(Protocol):
    """How far levels scatter."""

    @property
    def std_floor(self) -> float:
        """Standard deviation of a fill height fraction when all columns agree."""

    @property
    def std_per_spread(self) -> float:
        """How it grows with the columns' disagreement."""

    @property
    def std_per_haze(self) -> float:
        """How it grows with the cells' own indecision; all three add as squares."""


def level_in(vessel: Cells, liquid: Cells, ware: Labware) -> Level:
    """Read the level of the one vessel in view.

    Args:
        vessel: (h, w) chance that a square cell belongs to the vessel, to the edges of the picture or well beyond it.
        liquid: chance that it holds liquid or suspension.
        ware: what stands there.

    Raises:
        NothingSeen: no vessel of that kind stands in full view.
    """
    whole = largest_part(vessel)
    require_full_view(whole, ware)
    return read_level(liquid * (whole > 0), whole)


def calibrated(level: Level, ware: Labware, by: LevelDoubt) -> Estimate:
    """Turn a level in cells into a fill height fraction of labware, with doubt."""
    scale = fraction_per_cell(level, ware)
    std = np.sqrt(by.std_floor**2 + (scale * by.std_per_spread * level.spread) ** 2
                  + (scale * by.std_per_haze * level.haze) ** 2)  # fmt: skip
    return Estimate(mean=max(0.0, scale * level.height), std=float(std))


def fraction_per_cell(level: Level, ware: Labware) -> float:
    """How much of the inner height one cell is; the vessel's known width sets the scale."""
    return ware.outer_width_mm / level.vessel_width / ware.inner_height_mm
