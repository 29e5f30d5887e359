"""Questions to the lamps: what light would come from them, and how much of it does."""

from dataclasses import dataclass
from typing import Any

import drjit as dr

from hardware_sim.render.pathtracer.kernel import FAR_MM, World, matter_of, meet, mi, offset, quad
from hardware_sim.render.pathtracer.matter import ENV_COLUMNS, ENV_ROWS, INTERFACE

SHADOW_DEPTH = 10


def env_place(direction: Any) -> Any:
    """Number of the texel of the surroundings that lies in a direction."""
    row = dr.clip(dr.acos(dr.clip(direction.z, -1, 1)) / dr.pi * ENV_ROWS, 0, ENV_ROWS - 1)
    column = dr.clip((dr.atan2(direction.y, direction.x) / dr.two_pi + 0.5) * ENV_COLUMNS, 0, ENV_COLUMNS - 1)
    return mi.UInt32(row) * ENV_COLUMNS + mi.UInt32(column)


@dataclass
class Lamplight:
    """One question to the lamps: which way, how far, and what would come if nothing stood between."""

    direction: Any
    distance: Any
    radiance: Any
    """Over its probability density."""


def ask_lamps(world: World, point: Any, rng: Any, active: Any) -> Lamplight:
    """Choose a point of a lamp, or a direction of the surroundings."""
    pick, u, v = rng.next_float32(active), rng.next_float32(active), rng.next_float32(active)
    far = pick < world.env_chance
    texel = dr.binary_search(
        0, ENV_ROWS * ENV_COLUMNS - 1,
        lambda k: dr.gather(mi.Float, world.env_cdf, k, active) < pick / dr.maximum(world.env_chance, 1e-6),
    )  # fmt: skip
    below = dr.gather(mi.Float, world.env_cdf, dr.maximum(texel, 1) - 1, active & (texel > 0))
    chance = dr.gather(mi.Float, world.env_cdf, texel, active) - dr.select(texel > 0, below, 0.0)
    row, column = texel // ENV_COLUMNS, texel % ENV_COLUMNS
    tilt = (mi.Float(row) + u) / ENV_ROWS * dr.pi
    turn = ((mi.Float(column) + v) / ENV_COLUMNS - 0.5) * dr.two_pi
    sky = mi.Vector3f(dr.sin(tilt) * dr.cos(turn), dr.sin(tilt) * dr.sin(turn), dr.cos(tilt))
    texel_angle = dr.two_pi / ENV_COLUMNS * dr.pi / ENV_ROWS * dr.sin(tilt)
    sky_light = dr.gather(mi.Color3f, world.env, texel, active & far) * (
        texel_angle / dr.maximum(chance * world.env_chance, 1e-9)
    )
    share = (pick - world.env_chance) / dr.maximum(1 - world.env_chance, 1e-6)
    number = mi.UInt32(dr.clip(share * world.lamp_count, 0, world.lamp_count - 1)) * 4
    one, two, three, _four = (quad(world.lamps, number + k, active & ~far) for k in range(4))
    side_a, side_b = mi.Vector3f(one[3], two[0], two[1]), mi.Vector3f(two[2], two[3], three[0])
    to = mi.Point3f(one[0], one[1], one[2]) + side_a * u + side_b * v - point
    distance = dr.maximum(dr.norm(to), 1e-3)
    facing = dr.maximum(-dr.dot(to, dr.cross(side_a, side_b)) / distance, 0)
    chance_lamp = dr.maximum((1 - world.env_chance) / world.lamp_count, 1e-9)
    lamp_light = mi.Color3f(three[1], three[2], three[3]) * (facing / (distance * distance * chance_lamp))
    return Lamplight(
        dr.select(far, sky, mi.Vector3f(to / distance)),
        dr.select(far, FAR_MM, distance),
        dr.select(far, sky_light, lamp_light),
    )


@dr.syntax
def passed_on(world: World, point: Any, asked: Any, medium: Any, active: Any) -> Any:
    """Share of a lamp's light that comes straight through glass and liquids to a point."""
    share, origin, left = mi.Color3f(1.0), mi.Point3f(point), mi.Float(asked.distance * 0.9995)
    going, where, step = mi.Bool(active), mi.UInt32(medium), mi.UInt32(0)
    while going:
        ray = mi.Ray3f(origin, asked.direction, left, 0.0, [])
        hit = meet(world, ray, going)
        inside = matter_of(world, where, going)
        length = dr.minimum(hit.distance, left)
        share[going] = share * dr.exp(-(inside.absorption + inside.scattering) * length)
        through = hit.valid & (hit.kind == INTERFACE)
        ratio = matter_of(world, hit.beyond, through).ior / matter_of(world, hit.here, through).ior
        mirrored = mi.fresnel(dr.abs(dr.dot(hit.normal, asked.direction)), dr.maximum(ratio, 1.0))[0]
        share[through] = share * (1 - mirrored)
        share[hit.valid & ~through] = mi.Color3f(0.0)
        origin = offset(hit, -hit.side)
        left = left - length
        where = dr.select(through, hit.beyond, where)
        step += 1
        going = going & through & (step < SHADOW_DEPTH) & (dr.max(share) > 1e-3)
    return dr.select(active & (step < SHADOW_DEPTH), share, 0.0)
