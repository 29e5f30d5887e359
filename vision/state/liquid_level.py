"""How high the liquid stands, from soft masks, to a fraction of a pixel.

A cell's probability of liquid is close to the share of it that liquid covers (the network is trained on such shares),
so the probabilities of a column add up to the height of liquid in it. Seen a little from above or below, the surface and the
floor are ellipses whose outlines bulge away from each other: over the columns the height is H + B sqrt(1 - u²), where u
runs from -1 to 1 across the liquid. H is what we want. A robust line through the columns gives it; what they scatter
around the line is the first part of its doubt, what each cell leaves open the second.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.errors import NothingSeen

Cells = NDArray[np.float32]
"""(h, w) probabilities."""
SIDE_SHARE = 0.92
"""Columns further out than this are wall as much as liquid."""
MIN_COLUMNS = 5
OUTLIER_MADS = 3.0


@dataclass(frozen=True)
class Level:
    """A level in cells, and what speaks for its doubt."""

    height: float
    """Of the surface on the vessel's axis over the inner floor."""
    vessel_width: float
    spread: float
    """Standard error of `height` by the columns' scatter around the fitted surface."""
    haze: float
    """Standard deviation of a column's height if each cell were drawn by its probability."""


def read_level(liquid: Cells, vessel: Cells) -> Level:
    """Measure the liquid in the one vessel of a picture; an empty vessel reads as about 0.

    Args:
        liquid: probability that a cell holds liquid or suspension.
        vessel: probability that a cell belongs to the vessel, its content included.

    Raises:
        NothingSeen: no vessel, or one too narrow to be read.
    """
    axis, width = _axis_and_width(vessel)
    half = _half_width_of_liquid(liquid, width)
    u = (np.arange(liquid.shape[1]) + 0.5 - axis) / half
    within = np.abs(u) < SIDE_SHARE
    if within.sum() < MIN_COLUMNS:
        raise NothingSeen("a vessel too narrow to be read")
    heights = liquid[:, within].sum(axis=0, dtype=np.float64)
    haze = float(np.sqrt((liquid * (1 - liquid))[:, within].sum(axis=0, dtype=np.float64).mean()))
    height, spread = _height_at_the_wall(np.sqrt(1 - u[within] ** 2), heights)
    return Level(height, width, spread, haze)


def _axis_and_width(vessel: Cells) -> tuple[float, float]:
    """Column of the axis and width of the straight body, by the rows that are about as wide as the widest."""
    widths = vessel.sum(axis=1, dtype=np.float64)
    if widths.max() < MIN_COLUMNS:
        raise NothingSeen("no vessel, or one too narrow to be read")
    body = vessel[widths > 0.9 * np.percentile(widths[widths > 1], 90)]
    in_row = body.sum(axis=1, dtype=np.float64)
    centres = body @ (np.arange(vessel.shape[1]) + 0.5) / in_row
    return float(np.median(centres)), float(np.median(in_row))


def _half_width_of_liquid(liquid: Cells, vessel_width: float) -> float:
    """Half the width of what is in the vessel; of an empty one, about what it would be."""
    widths = liquid.sum(axis=1, dtype=np.float64)
    full = widths[widths > 0.7 * vessel_width]
    return float(np.median(full)) / 2 if full.size else 0.47 * vessel_width


def _height_at_the_wall(arch: NDArray[np.float64], heights: NDArray[np.float64]) -> tuple[float, float]:
    """Fit heights = H + B arch with B >= 0, leaving outliers out once; return H and its standard error."""
    kept = np.ones(arch.size, np.bool_)
    for _ in range(2):
        slope, level = _line(arch[kept], heights[kept])
        off = heights - level - slope * arch
        mad = np.median(np.abs(off[kept]))
        kept = np.abs(off) <= max(OUTLIER_MADS * 1.48 * mad, 0.5)
    slope, level = _line(arch[kept], heights[kept])
    off = heights - level - slope * arch  # of all columns: what was left out still speaks for doubt
    return level, float(off.std() / np.sqrt(arch.size))


def _line(arch: NDArray[np.float64], heights: NDArray[np.float64]) -> tuple[float, float]:
    """Least squares for slope and intercept; the slope is not negative."""
    centred = arch - arch.mean()
    slope = max(0.0, float(centred @ heights / (centred @ centred + 1e-9)))
    return slope, float(heights.mean() - slope * arch.mean())
