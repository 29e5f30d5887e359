"""What the networks say, before anybody makes sense of it."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Cells = NDArray[np.float32]
"""Values per cell; probabilities unless said otherwise."""
CONTENTS = ("empty", "transparent", "coloured", "two_layer")
MATERIALS = ("empty", "liquid", "suspension", "solid", "foam", "cap")
"""`Material` 1 to 6."""
LAYERS = 4
"""0, 1, 2, or 3 and more regions of material."""
KINDS = ("test tube", "vial", "bottle", "beaker", "flask", "funnel", "cylinder", "crucible", "well", "plate", "other")
"""What a vessel may be called; a volumetric or round-bottom flask is a flask."""


@dataclass(frozen=True)
class Box:
    """Where a vessel stands, the hidden part included: left, top, right, bottom in pixels of the picture."""

    px: tuple[float, float, float, float]
    score: float


@dataclass(frozen=True)
class Seen:
    """What the first network says of one picture. All planes cover the picture alone, (h, w) cells."""

    vessel: Cells
    material: Cells
    """(6, h, w) chances of `MATERIALS` in a cell of a vessel; they sum to 1."""
    filled: Cells
    """(h, w) chance that a cell of a vessel holds any material."""
    interface: Cells
    """(h, w) chance that a surface or a boundary of layers runs through."""
    spill: Cells
    """(h, w) chance of what was spilled, outside vessels."""
    to_centre: Cells
    """(2, h, w) cells right and down from a cell of a vessel to the middle of that vessel's box."""
    boxes: tuple[Box, ...]
    """Best first; one for each vessel, after suppression."""
    cell_px: float
    """Side of a cell in pixels of the picture."""


@dataclass(frozen=True)
class Closer:
    """What the second network says of one vessel, from a crop around its box."""

    cap: float
    """Chance that a cap, stopper or lid is on."""
    content: NDArray[np.float64]
    """(4,) chances of `CONTENTS`."""
    layers: NDArray[np.float64]
    """(4,) chances of 0, 1, 2, 3 and more regions of material."""
    tipped: float
    turbidity: float
    """0 clear to 1 opaque."""
    fill_height: tuple[float, float]
    """Highest surface over the vessel's floor as a share of its height in the picture: mean, standard deviation."""
    vessel: Cells
    """(s, s) in the crop, as the following."""
    material: Cells
    """(6, s, s)"""
    interface: Cells
    crop_px: tuple[float, float, float, float]
    """What the crop shows: left, top, right, bottom in pixels of the picture; it may reach beyond."""
    kind: NDArray[np.float64] = field(default_factory=lambda: np.full(len(KINDS), 1 / len(KINDS)))
    """Chances of `KINDS`; alike, if nobody can tell."""
    dry: float | None = None
    """Chance that what fills it is dry: powder, crystals, a film. None: as its cells say."""
