"""What the camera of a simulated bench takes, a vial in its booth or a plate from above, with truth like any picture."""

from math import pi

import numpy as np
from numpy.typing import NDArray

from hardware_sim.render.compositor import render
from hardware_sim.render.scene import PlateScene, Scene, VialScene
from hardware_sim.render.telling import Planes, Told
from hardware_sim.render.truth import BENCH_SHARE, content, random_scene
from hardware_sim.render.view import View

FIRST_FILLED, LAST_FILLED = 2, 4
"""Classes of `compositor.render` that are contents."""


def bench_picture(rng: np.random.Generator) -> tuple[NDArray[np.uint8], Planes, Told]:
    """Take one: pixels (480, 640, 3) RGB, planes and truth, as `composing.compose`.

    `fill_height_fraction` is measured in the picture, as of any vessel. A vial being a cylinder, its
    `fill_volume_fraction` of the brimful `capacity_ul` is the height over the inner floor as a share of the inner height.
    """
    view = View.fixed(int(rng.integers(1000, 2**31))) if rng.random() < BENCH_SHARE else View.random(rng)
    scene = random_scene(rng)
    pixels, mask = render(scene, rng, view=view)
    filled = (mask >= FIRST_FILLED) & (mask <= LAST_FILLED)
    planes = {
        "vessel": (mask > 0).astype(np.uint8),
        "material": mask,
        "phase": filled.astype(np.uint8),
        "spill": np.zeros_like(mask),
    }
    vessels = [_tell(scene, mask, filled, occluded=view.occluders > 0)] if mask.any() else []
    return pixels, planes, {"source": "rendered", "annotation": "bench camera", "vessels": vessels, "spill": False}


def _tell(scene: Scene, mask: NDArray[np.uint8], filled: NDArray[np.bool_], *, occluded: bool) -> Told:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    box = [float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)]
    material = {"empty": None, "liquid": "liquid", "solid": "solid", None: None}[content(scene)]
    told: Told = {
        "id": 1,
        "kind": scene.labware.kind,
        "box_px": None if occluded else box,
        "labware": scene.labware.model_dump_json(),
        "materials": [material] if filled.any() and material else [],
        "n_material_regions": int(filled.any()),
        "fill_area_fraction": float(filled.sum() / (mask > 0).sum()),
        "tipped": False,
        "occluded": occluded,
        "cut_off": bool(rows[0] == 0 or columns[0] == 0 or box[2] == mask.shape[1] or box[3] == mask.shape[0]),
        "colour_rgb": list(scene.colour_rgb) if filled.any() else None,
    }
    match scene:
        case PlateScene():
            return told | {"cap": "none"}
        case VialScene():
            return told | _tell_vial(scene, rows, np.flatnonzero(filled.any(axis=1)), occluded=occluded)


def _tell_vial(scene: VialScene, rows: NDArray[np.intp], filled_rows: NDArray[np.intp], *, occluded: bool) -> Told:
    ware, fill = scene.labware, scene.fill_height_fraction or 0.0
    height = float(rows[-1] + 1 - rows[0])
    clear = scene.turbidity < 0.3 and min(scene.colour_rgb) > 0.8
    told: Told = {
        "cap": "on" if scene.capped else "off",
        "content": "empty" if not fill else "transparent" if clear else "coloured",
        "turbidity": scene.turbidity,
        "capacity_ul": pi / 4 * ware.inner_width_mm**2 * ware.inner_height_mm,
        "fill_volume_fraction": fill,
    }
    if not occluded:
        told["fill_height_fraction"] = (rows[-1] + 1 - filled_rows[0]) / height if len(filled_rows) else 0.0
    return told
