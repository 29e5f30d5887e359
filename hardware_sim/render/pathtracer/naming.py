"""Planes and words that tell the truth of a traced picture, in the layout of labelled pictures."""

from collections.abc import Sequence

import drjit as dr
import numpy as np
from numpy.typing import NDArray

from hardware_sim.render.glasswork import EMPTY, IGNORE, OPAQUE_HAZE, UNSURE, UNSURE_HAZE, Drawn
from hardware_sim.render.outlines import Region
from hardware_sim.render.pathtracer.exposing import camera_rays
from hardware_sim.render.pathtracer.kernel import World, mi
from hardware_sim.render.pathtracer.looking import look, pierce
from hardware_sim.render.pathtracer.mesh import Patch
from hardware_sim.render.pathtracer.vessels import first_phase
from hardware_sim.render.photographing import Pinhole
from hardware_sim.render.still_life import StillLife, Vessel
from hardware_sim.render.telling import Planes, Told, tell

Bits = NDArray[np.uint32]


def truth_of(scene: StillLife, world: World, patches: Sequence[Sequence[Patch]]) -> tuple[Planes, Told]:
    """Name every pixel of a scene, and say what is in it. `patches` are those of each vessel."""
    shape = (scene.camera.height_px, scene.camera.width_px)
    ray = camera_rays(scene.camera, dr.arange(mi.UInt32, shape[0] * shape[1]))
    seen = look(world, ray)
    vessel, material, phase = (_plane(values, shape) for values in (seen.vessel, seen.material, seen.phase))
    spill = _plane(mi.Float(seen.spilled), shape) * np.uint8(255)
    met = np.array(pierce(world, ray)).reshape(shape)
    labelled = _plane(mi.Float(seen.labelled), shape) > 0
    hidden = (vessel == 0) & (met > 0)
    material[hidden | (labelled & (phase > 0))] = IGNORE
    phase[labelled] = 0
    for number, each in enumerate(scene.vessels, start=1):
        _dim(each, vessel == number, material, phase)
    planes = {"vessel": vessel, "material": material, "phase": phase, "spill": spill}
    pinhole, drawn = Pinhole.of(scene.camera), dict[int, tuple[Vessel, Drawn]]()
    for number, (each, parts) in enumerate(zip(scene.vessels, patches, strict=True), start=1):
        first = first_phase(scene, number)
        regions = list(range(first, first + len(each.layers)))
        drawn[number] = each, _drawn(number, parts, regions, planes, met, pinhole)
    told = tell(scene, drawn, planes)
    return planes, told | {"annotation": f"path-traced: {scene.kind}"}


def _plane(values: object, shape: tuple[int, int]) -> NDArray[np.uint8]:
    return np.array(values).reshape(shape).astype(np.uint8)


def _dim(vessel: Vessel, own: NDArray[np.bool_], material: NDArray[np.uint8], phase: NDArray[np.uint8]) -> None:
    """Nobody draws what a hazy wall hides."""
    if vessel.wall.haze > OPAQUE_HAZE and vessel.wall.kind != "opaque":
        unknown = own & ((phase > 0) | (material == EMPTY))
        material[unknown], phase[unknown] = IGNORE, 0
    elif vessel.wall.haze > UNSURE_HAZE and vessel.wall.kind != "opaque":
        material[own & (phase > 0)] = UNSURE


def _drawn(
    number: int, patches: Sequence[Patch], regions: list[int], planes: Planes, met: Bits, pinhole: Pinhole
) -> Drawn:
    place = np.concatenate([pinhole.project(patch.points_mm) for patch in patches])
    inside = [pinhole.project(patch.points_mm)[:, 1].min() for patch in patches if _is_content(patch)]
    (left, top), (right, bottom) = place.min(axis=0), place.max(axis=0)
    height, width = met.shape
    whole = ((met >> np.uint32(number - 1)) & 1).astype(np.uint8) * np.uint8(255)
    return Drawn(
        Region(0, 0, width, height), whole, planes["material"], planes["phase"], (float(top), float(bottom)),
        (float(left), float(right)), float(min(inside)) if inside else None, regions,
    )  # fmt: skip


def _is_content(patch: Patch) -> bool:
    """Does it bound a liquid, a powder or a foam?"""
    return patch.surface.tag.phase > 0
