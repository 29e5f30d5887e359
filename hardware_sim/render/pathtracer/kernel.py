"""What a ray meets, and what is written about it in the tables: one kernel for all scenes, so that nothing compiles twice."""

from dataclasses import dataclass
from typing import Any

import drjit as dr

from hardware_sim.render.pathtracer.backend import load_mitsuba
from hardware_sim.render.pathtracer.matter import TEXTURE_PX

mi = load_mitsuba()
FAR_MM = 1e5


@dataclass
class World:
    """A scene as buffers: triangles for Embree, and the tables that tell what they are."""

    scene: Any
    points: Any
    normals: Any
    uv: Any
    faces: Any
    surface_of_face: Any
    surfaces: Any
    media: Any
    textures: Any
    lamps: Any
    """Rows of 16: corner, side, side, radiance, area, chance."""
    lamp_count: Any
    env: Any
    """(64 * 128 * 3) radiance, row 0 upwards."""
    env_cdf: Any
    """(64 * 128) cumulated chance of the texels."""
    env_chance: Any
    """Chance with which a question goes to the surroundings rather than to a lamp."""


@dataclass
class Hit:
    """What a ray meets; the fields are read from the surface's row."""

    valid: Any
    distance: Any
    point: Any
    side: Any
    """Normal of the triangle, towards the ray's origin."""
    normal: Any
    """Smooth normal, towards the ray's origin."""
    from_front: Any
    uv: Any
    kind: Any
    colour: Any
    roughness: Any
    specular: Any
    metal: Any
    texture: Any
    here: Any
    """Number of the medium on the ray's side."""
    beyond: Any
    tag: Any
    """Vessel, material, phase, sight."""


@dataclass
class Matter:
    """A medium's row."""

    ior: Any
    absorption: Any
    scattering: Any
    forwardness: Any


def quad(table: Any, index: Any, active: Any) -> Any:
    """Read four numbers from the `index`th place for four."""
    return dr.gather(dr.llvm.ad.Array4f, table, index, active)


def meet(world: World, ray: Any, active: Any) -> Hit:
    """Find what a ray meets first, and all that is written about it."""
    found = world.scene.ray_intersect_preliminary(ray, False, active)
    valid = active & found.is_valid()
    corner = [dr.gather(mi.UInt32, world.faces, found.prim_index * 3 + k, valid) for k in range(3)]
    a, b, c = (dr.gather(mi.Point3f, world.points, k, valid) for k in corner)
    u, v = found.prim_uv.x, found.prim_uv.y
    rest = 1 - u - v
    side = dr.normalize(dr.cross(b - a, c - a))
    from_front = dr.dot(side, ray.d) < 0
    na, nb, nc = (dr.gather(mi.Normal3f, world.normals, k, valid) for k in corner)
    smooth = mi.Vector3f(dr.normalize(na * rest + nb * u + nc * v))
    smooth = dr.select(from_front, smooth, -smooth)
    side = dr.select(from_front, side, -side)
    smooth = dr.select(dr.dot(smooth, ray.d) < -0.02, smooth, side)
    ta, tb, tc = (dr.gather(mi.Point2f, world.uv, k, valid) for k in corner)
    number = dr.gather(mi.UInt32, world.surface_of_face, found.prim_index, valid) * 4
    one, two, three, four = (quad(world.surfaces, number + k, valid) for k in range(4))
    front, back = mi.UInt32(three[0]), mi.UInt32(three[1])
    return Hit(
        valid=valid, distance=dr.select(valid, found.t, FAR_MM), point=mi.Point3f(a * rest + b * u + c * v),
        side=mi.Vector3f(side), normal=mi.Vector3f(smooth), from_front=from_front, uv=mi.Point2f(ta * rest + tb * u + tc * v),
        kind=mi.UInt32(one[0]), colour=mi.Color3f(one[1], one[2], one[3]), roughness=two[0], specular=two[1],
        metal=two[2] > 0.5, texture=mi.Int32(two[3]), here=dr.select(from_front, front, back),
        beyond=dr.select(from_front, back, front), tag=(three[2], three[3], four[0], four[1]),
    )  # fmt: skip


def matter_of(world: World, number: Any, active: Any) -> Matter:
    """Read what a medium does to light."""
    one, two = quad(world.media, number * 2, active), quad(world.media, number * 2 + 1, active)
    return Matter(one[0], mi.Color3f(one[1], one[2], one[3]), two[0], two[1])


def textured(world: World, hit: Hit, active: Any) -> Any:
    """Colour of a hit with its texture, read between the texels."""
    has = active & (hit.texture >= 0)
    u, v = (hit.uv.x - dr.floor(hit.uv.x)) * TEXTURE_PX, (hit.uv.y - dr.floor(hit.uv.y)) * TEXTURE_PX
    left, low = dr.floor(u - 0.5), dr.floor(v - 0.5)
    total = mi.Color3f(0.0)
    for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1)):
        share = (1 - dr.abs(u - 0.5 - left - dx)) * (1 - dr.abs(v - 0.5 - low - dy))
        x, y = mi.UInt32(mi.Int32(left + dx + TEXTURE_PX)), mi.UInt32(mi.Int32(low + dy + TEXTURE_PX))
        place = mi.UInt32(dr.maximum(hit.texture, 0)) * TEXTURE_PX * TEXTURE_PX + (y & (TEXTURE_PX - 1)) * TEXTURE_PX
        total += share * dr.gather(mi.Color3f, world.textures, place + (x & (TEXTURE_PX - 1)), has)
    return dr.select(has, hit.colour * total, hit.colour)


def offset(hit: Hit, towards: Any) -> Any:
    """A point just off a surface, on the side of a direction."""
    scale = 1e-3 + 2e-6 * dr.max(dr.abs(hit.point))
    return mi.Point3f(hit.point + hit.side * dr.select(dr.dot(hit.side, towards) > 0, scale, -scale))
