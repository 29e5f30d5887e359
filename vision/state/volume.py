"""How much is in a vessel, from how high it stands, with an interval."""

from collections.abc import Callable

import numpy as np

from robot.labware import Labware
from vision.state.outline import Outline
from vision.state.reading import Spread
from vision.state.vessel import Estimate, Volume

WITHIN_90 = 1.645
"""Standard deviations that nine in ten errors stay within."""
SHAPE_STD = 0.03
"""Of a volume fraction read from an outline: walls and foot are not as thick everywhere (assumed)."""


def volume_in(ware: Labware, height: Estimate) -> Volume:
    """Turn a fill height, over the inner floor by the inner height, into a volume of known labware."""

    def volume_ul(fraction: float) -> float:
        return ware.volume_ul(min(max(fraction, 0.0), 1.0))

    reach = WITHIN_90 * height.std
    return Volume(volume_ul(height.mean), volume_ul(height.mean - reach), volume_ul(height.mean + reach))


def volume_fraction(outline: Outline, floor: float, level: float, std: float) -> Spread:
    """Share of a vessel's volume below a level, by its outline alone: a body of revolution, walls as thick all around.

    Args:
        outline: of the vessel, without its cap.
        floor: row where what is in it ends.
        level: row of its surface at the wall.
        std: doubt of the level, in rows.
    """
    below = _below(outline, floor)
    shares = [below(level + off) for off in (0.0, -std, std)]
    spread = abs(shares[1] - shares[2]) / 2
    return Spread(mean=round(shares[0], 4), std=round(float(np.hypot(spread, SHAPE_STD * (shares[0] > 0))), 4))


def _below(outline: Outline, floor: float) -> Callable[[float], float]:
    """Share of the volume between the floor and a row, of that between the floor and the brim."""
    edges = np.arange(outline.half.size + 1.0)
    slices = np.where((edges[:-1] + 1 > outline.top) & (edges[:-1] < floor), outline.half**2, 0.0)
    above = np.concatenate(([0.0], np.cumsum(slices)))
    whole = float(np.interp(floor, edges, above))
    return lambda row: float(np.clip(1 - np.interp(min(row, floor), edges, above) / max(whole, 1e-9), 0, 1))
