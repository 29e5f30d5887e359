"""Where the highest surface in a vessel is, by all cells of a crop at once, with its doubt.

Seen from a little above, a liquid begins at the far edge of its surface: the upper half of an ellipse as wide as the vessel
inside. So the boundary runs through row R - B sqrt(1 - u²), where u is -1 to 1 across the vessel at that row. For every
R and B of a grid the cells above should be empty and those below filled; the logarithm of how likely that is, limited per
cell so that a cable or a label in front counts for little, is one lookup in a sum over rows. The probability of each
(R, B) gives the mean and the standard deviation; there is no iteration, and no start that could be wrong.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.segmentation.seen import Cells
from vision.state.outline import Outline

BULGES = np.array([0.0, 0.06, 0.12, 0.19, 0.27, 0.36, 0.46])
"""Half-heights of the surface's ellipse over its half-width: cameras look down by up to 27°."""
STEP = 0.5
"""Rows from one tried surface to the next; cells are interpolated."""
MOST_EVIDENCE = 2.5
"""What one cell can say for or against: odds of 12."""
INTERFACE_EVIDENCE = 2.0
CELLS_THAT_AGREE = 8.0
"""So many neighbouring cells err together; their evidence counts once. Doubt is scaled by a calibration besides."""


@dataclass(frozen=True)
class Surface:
    """A surface in rows of a crop, downwards."""

    top: float
    """Its highest edge in the picture."""
    wall: float
    """Where it meets the wall at the sides: the level of what is in the vessel."""
    std: float
    """Standard deviation of both."""


def find_surface(filled: Cells, body: Cells, interface: Cells, outline: Outline) -> Surface:
    """Find the highest surface of what fills a vessel; in an empty one it lies on the floor.

    Args:
        filled: (h, w) chance of any material in a cell of the body.
        body: chance that a cell is the vessel's, and no cap.
        interface: chance that a surface runs through.
        outline: of the body.
    """
    levels = np.arange(outline.top, outline.bottom + STEP, STEP)
    logs = _likelihoods(filled, body, interface, outline, levels)  # (levels, bulges)
    chances = np.exp((logs - logs.max()) / CELLS_THAT_AGREE)
    chances /= chances.sum()
    half_at = np.interp(levels, np.arange(outline.half.size) + 0.5, outline.half)
    tops = levels[:, None] - BULGES * half_at[:, None]
    tops = np.maximum(tops, outline.top)
    top, wall = float((chances * tops).sum()), float((chances.sum(axis=1) * levels).sum())
    variance = float((chances * (tops - top) ** 2).sum()) + STEP**2 / 12
    return Surface(top, wall, float(np.sqrt(variance)))


def _likelihoods(filled: Cells, body: Cells, interface: Cells, outline: Outline,
                 levels: NDArray[np.float64]) -> NDArray[np.float64]:  # fmt: skip
    """Logarithm of the likelihood of a surface at each level with each bulge: (levels, bulges)."""
    columns = np.flatnonzero(outline.area.any(axis=0))
    evidence = _evidence(filled[:, columns], body[:, columns], interface[:, columns])
    number = np.clip(levels.astype(int), 0, body.shape[0] - 1)
    half = np.maximum(outline.half[number, None], 0.5)
    arch = half * np.sqrt(np.clip(1 - ((columns + 0.5 - outline.axis[number, None]) / half) ** 2, 0, None))
    rows = (levels[:, None] - bulge * arch for bulge in BULGES)
    logs = [_at(evidence, np.clip(each, outline.top, outline.bottom)).sum(axis=1) for each in rows]
    return np.stack(logs, axis=1)


def _evidence(filled: Cells, body: Cells, interface: Cells) -> NDArray[np.float64]:
    """What speaks for a surface between two cells of a column: (h + 1, w), above the first cell to below the last."""
    chance = np.clip(filled, 1e-3, 1 - 1e-3)
    says = body * np.clip(np.log(chance / (1 - chance)), -MOST_EVIDENCE, MOST_EVIDENCE)
    above = np.pad(np.cumsum(says, axis=0, dtype=np.float64), ((1, 0), (0, 0)))
    line = np.pad(body * interface, ((1, 1), (0, 0)))
    return np.asarray(INTERFACE_EVIDENCE * (line[:-1] + line[1:]) / 2 - 2 * above, np.float64)


def _at(plane: NDArray[np.float64], rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values of a plane's columns between its rows; `rows` (N, w) has one for each column."""
    low = np.minimum(rows.astype(int), plane.shape[0] - 2)
    share = rows - low
    columns = np.arange(plane.shape[1])
    return np.asarray((1 - share) * plane[low, columns] + share * plane[low + 1, columns])
