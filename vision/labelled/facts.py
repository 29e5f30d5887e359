"""What masks say of a vessel, for layouts that tell it no other way."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.labelled.folder import Plane
from vision.labelled.truth import IGNORE, UNSURE_MATERIAL, BoxPx, VesselTruth
from vision.state.vessel import Material

MATERIALS = (Material.LIQUID, Material.SUSPENSION, Material.SOLID, Material.FOAM)
CONTENTS = (*MATERIALS, UNSURE_MATERIAL)
"""Values of material masks that count as filled."""


def box_of(mask: NDArray[np.bool_]) -> BoxPx | None:
    """Left, top, right, bottom of what a mask (H, W) covers; None if that is nothing."""
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return None
    return float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)


def fill_height(vessel: NDArray[np.bool_], material: Plane) -> float | None:
    """Rows from the top of all material to its bottom, over the rows of the vessel without its cap.

    None where ignored pixels in the vessel make it unsafe.
    """
    if (material[vessel] == IGNORE).any():
        return None
    body = box_of(vessel & (material != Material.CAP))
    filled = box_of(vessel & np.isin(material, CONTENTS))
    if body is None or filled is None:
        return None if body is None else 0.0
    return (filled[3] - filled[1]) / (body[3] - body[1])


def vessel_from_masks(number: int, vessel: Plane, material: Plane, phase: Plane | None, **known: Any) -> VesselTruth:
    """Say of one vessel what its masks tell, beside what is known of it anyway."""
    mine = vessel == number
    inside = material[mine]
    filled = np.isin(inside, CONTENTS).sum()
    sure = None if (inside == IGNORE).any() else float(filled / max(1, mine.sum() - (inside == Material.CAP).sum()))
    regions = None if phase is None else len(set(np.unique(phase[mine]).tolist()) - {0})
    facts: dict[str, Any] = {
        "box_px": box_of(mine), "n_material_regions": regions, "fill_area_fraction": sure,
        "fill_height_fraction": fill_height(mine, material), "materials": _materials(mine, material),
    }  # fmt: skip
    return VesselTruth(id=number, **{**facts, **known})


def _materials(mine: NDArray[np.bool_], material: Plane) -> tuple[str, ...]:
    """Names of what is in a vessel, from the lowest up."""
    rows = {each.name.lower(): np.nonzero(mine & (material == each))[0] for each in MATERIALS}
    return tuple(sorted((name for name in rows if rows[name].size), key=lambda name: -float(rows[name].mean())))
