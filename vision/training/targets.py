"""What the first network should have said of a view: planes of cells, and how far each is known."""

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.labelled.truth import IGNORE, UNSURE_MATERIAL
from vision.segmentation.network import CELL_PX
from vision.segmentation.seen import MATERIALS
from vision.state.vessel import Material
from vision.training.views import Planes, Shown

Arrays = dict[str, NDArray[np.generic]]
Half = NDArray[np.float16]
MOST_OUTLINES = 12
"""Boxes without masks that one view teaches from."""
FILLINGS = (Material.LIQUID, Material.SUSPENSION, Material.SOLID, Material.FOAM)
SPREAD = 0.14
"""Of a middle in the heat map, as a share of the box's sides."""
PART_IN_VIEW = 0.3
"""Of a vessel that shows less, nothing is said."""


def targets(planes: Planes, shown: tuple[Shown, ...], everything: bool, cell_px: int = CELL_PX) -> Arrays:
    """Make planes for a view (H, W) from its masks and its vessels; h, w are cells.

    `vessel`, `interface`, `spill`, `centre`: (h, w) shares, each beside `..._known`, 0 to 1. `material`: (7, h, w) the
    cell's shares of `MATERIALS` and of what is filled with nobody knows what. `sides` (4, h, w) and `to_centre`
    (2, h, w) in cells, with their weights. `outlines`: (12, 4) left, top, right, bottom in cells of boxes without masks.

    Args:
        everything: is every vessel in view known? If not, there may be more.
    """
    height, width = (side // cell_px for side in planes.material.shape)

    def cells(mask: NDArray[np.bool_]) -> NDArray[np.float32]:
        shares = cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA)
        return np.asarray(shares, np.float32)

    vessel, known = _vessel(planes, everything)
    made: dict[str, NDArray[np.float32]] = {"vessel": cells(vessel & known), "vessel_known": cells(known)}
    kinds = [*range(1, len(MATERIALS) + 1), UNSURE_MATERIAL]
    made["material"] = np.stack([cells((planes.material == kind) & vessel) for kind in kinds])
    lines, lines_known = _interfaces(planes, vessel, known)
    made["interface"] = np.minimum(1.0, 2 * cells(lines)).astype(np.float32)
    made["interface_known"] = cells(lines_known)
    made["spill"], made["spill_known"] = cells(planes.spill == 255), cells(planes.spill != 1)
    made |= _boxes(planes, shown, everything, (height, width), cell_px)
    return {name: value.astype(np.float16) for name, value in made.items()}


def _vessel(planes: Planes, everything: bool) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where a vessel is, and where that is known."""
    vessel = (planes.vessel > 0) | ((planes.material > 0) & (planes.material != IGNORE))
    unsure = (planes.material == IGNORE) & ~vessel
    return vessel, ~unsure if everything else vessel


def _interfaces(planes: Planes, vessel: NDArray[np.bool_], known: NDArray[np.bool_]
                ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:  # fmt: skip
    """Lines where a region of material ends upwards, and where they are known."""
    filled = np.isin(planes.material, (*FILLINGS, UNSURE_MATERIAL))
    region = np.where(planes.phase > 0, planes.phase, planes.material) * filled
    differs = np.zeros_like(vessel)
    differs[1:] = filled[1:] & (region[1:] != region[:-1]) & (planes.vessel[1:] == planes.vessel[:-1])
    differs[1:] &= (planes.material[:-1] != IGNORE) & (planes.material[1:] != IGNORE)
    lines = cv2.dilate(differs.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return lines, known & (planes.material != IGNORE)


def _boxes(planes: Planes, shown: tuple[Shown, ...], everything: bool, size: tuple[int, int], cell_px: int
           ) -> dict[str, NDArray[np.float32]]:  # fmt: skip
    """Heat map of middles, sides, ways to the middle, outlines."""
    height, width = size
    rows, columns = np.arange(height)[:, None] + 0.5, np.arange(width)[None, :] + 0.5
    heat, known = np.zeros(size), np.full(size, 1.0 if everything else 0.0)
    nowhere = cv2.resize(planes.beyond.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST) > 0
    sides, weight = np.zeros((4, *size)), np.zeros(size)
    ways, ways_weight = np.zeros((2, *size)), np.zeros(size)
    owner = cv2.resize(planes.vessel, (width, height), interpolation=cv2.INTER_NEAREST)
    outlines = np.full((MOST_OUTLINES, 4), -1.0)
    traced = 0
    for each in shown:
        box = np.array(each.box) / cell_px
        inside = (columns > box[0]) & (columns < box[2]) & (rows > box[1]) & (rows < box[3])
        if each.part_in_view < PART_IN_VIEW:
            known[inside] = 0.0
            continue
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        across, along = max(box[2] - box[0], 1.0), max(box[3] - box[1], 1.0)
        near = np.exp(
            -(((columns - x) / max(SPREAD * across, 0.7)) ** 2 + ((rows - y) / max(SPREAD * along, 0.7)) ** 2) / 2
        )
        peak = (min(int(y), height - 1), min(int(x), width - 1))
        near[peak] = 1.0
        wins = near > heat
        heat = np.where(wins, near, heat)
        known[inside | (near > 0.3)] = 1.0
        here = wins & (near > 0.4)
        to_sides = np.stack(np.broadcast_arrays(columns - box[0], rows - box[1], box[2] - columns, box[3] - rows))
        sides[:, here], weight[here] = to_sides.clip(0.3)[:, here], near[here]
        mine = (owner == each.number) if each.masked else here
        ways[:, mine] = np.stack(np.broadcast_arrays(x - columns, y - rows))[:, mine]
        ways_weight[mine] = 1.0
        if not each.masked and traced < MOST_OUTLINES:
            outlines[traced] = box
            traced += 1
    known[nowhere] = 0.0
    made = {"centre": heat, "centre_known": known, "sides": sides, "sides_weight": weight, "to_centre": ways,
            "to_centre_weight": ways_weight, "outlines": outlines}  # fmt: skip
    return {name: value.astype(np.float32) for name, value in made.items()}
