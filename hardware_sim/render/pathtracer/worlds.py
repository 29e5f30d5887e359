"""From a still life to the buffers that the tracer reads."""

from itertools import chain
from typing import Any

import drjit as dr
import numpy as np

from hardware_sim.render.pathtracer.kernel import World, mi
from hardware_sim.render.pathtracer.lighting import Lighting, lighting
from hardware_sim.render.pathtracer.matter import tables
from hardware_sim.render.pathtracer.mesh import Patch
from hardware_sim.render.pathtracer.staging import stage_patches
from hardware_sim.render.pathtracer.textures import Wardrobe
from hardware_sim.render.pathtracer.vessels import vessel_patches
from hardware_sim.render.still_life import StillLife


def world_of(scene: StillLife) -> tuple[World, list[list[Patch]]]:
    """Build all of a scene; and the patches of each vessel."""
    wardrobe = Wardrobe()
    light = lighting(scene.light, scene.camera, scene.seed)
    vessels = [vessel_patches(scene, number, wardrobe) for number in range(1, len(scene.vessels) + 1)]
    lamps = [lamp.patch() for lamp in light.lamps]
    patches = [*stage_patches(scene, wardrobe), *chain.from_iterable(vessels), *lamps]
    return _upload(patches, wardrobe, light), vessels


def _upload(patches: list[Patch], wardrobe: Wardrobe, light: Lighting) -> World:
    surfaces = list(dict.fromkeys(patch.surface for patch in patches))
    number = {surface: index for index, surface in enumerate(surfaces)}
    rows, media = tables(surfaces)
    starts = np.cumsum([0, *(len(patch.points_mm) for patch in patches)])
    faces = np.concatenate([patch.faces + start for patch, start in zip(patches, starts, strict=False)])
    owners = np.concatenate([np.full(len(patch.faces), number[patch.surface]) for patch in patches])
    points = np.concatenate([patch.points_mm for patch in patches])
    room = light.room.reshape(-1, 3)
    weight = room.mean(axis=1) * np.sin(
        (np.arange(len(room)) // light.room.shape[1] + 0.5) / light.room.shape[0] * np.pi
    )
    lamps = np.array([lamp.row() for lamp in light.lamps] or [[0.0] * 16])
    return World(
        scene=_embree(points, faces),
        points=_floats(points),
        normals=_floats(np.concatenate([patch.normals for patch in patches])),
        uv=_floats(np.concatenate([patch.uv for patch in patches])),
        faces=_numbers(faces),
        surface_of_face=_numbers(owners),
        surfaces=_floats(rows),
        media=_floats(media),
        textures=_floats(wardrobe.stacked()),
        lamps=_floats(lamps),
        lamp_count=dr.opaque(mi.Float, float(len(lamps))),
        env=_floats(room),
        env_cdf=_floats(np.cumsum(weight) / weight.sum()),
        env_chance=dr.opaque(mi.Float, light.room_share),
    )


def _embree(points: Any, faces: Any) -> Any:
    mesh = mi.Mesh("scene", len(points), len(faces))
    parameters = mi.traverse(mesh)
    parameters["vertex_positions"] = _floats(points)
    parameters["faces"] = _numbers(faces)
    parameters.update()
    return mi.load_dict({"type": "scene", "mesh": mesh})


def _floats(values: Any) -> Any:
    return mi.Float(np.ascontiguousarray(values, np.float32).ravel())


def _numbers(values: Any) -> Any:
    return mi.UInt32(np.ascontiguousarray(values, np.uint32).ravel())
