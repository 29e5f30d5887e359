"""The loops that follow light: one kernel for all scenes. What differs lies in tables, so that nothing compiles twice.

Unidirectional path tracing with next-event estimation (Kajiya 1986; Veach 1997, chapter 8). Each way in which light
leaves a surface has one way of being found: what a mirror or an interface sends on is found by following it, what a
matte surface or a cloud scatters by asking the lamps. These questions pass straight through glass and liquids, dimmed
by Fresnel's and Beer's laws: shadows of glassware keep their colour, and caustics are given up for pictures without
noise.
"""

from dataclasses import dataclass
from typing import Any

import drjit as dr

from hardware_sim.render.pathtracer.backend import load_mitsuba
from hardware_sim.render.pathtracer.matter import INTERFACE, LAMP, OPAQUE

mi = load_mitsuba()
FAR_MM = 1e5
ENV_ROWS, ENV_COLUMNS, TEXTURE_PX = 64, 128, 256
DEPTH, SURE_DEPTH, SHADOW_DEPTH = 24, 5, 10
CLAMP = 10.0
"""Brightest single sample, in units of white: fireflies end here."""


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


def offset(hit: Hit, towards: Any) -> Any:
    """A point just off a surface, on the side of a direction."""
    scale = 1e-3 + 2e-6 * dr.max(dr.abs(hit.point))
    return mi.Point3f(hit.point + hit.side * dr.select(dr.dot(hit.side, towards) > 0, scale, -scale))


@dr.syntax
def radiance(world: World, ray: Any, rng: Any) -> Any:
    """Follow light from the camera backwards: radiance, and for the denoiser albedo and normal of what is seen first."""
    light, weight = mi.Color3f(0.0), mi.Color3f(1.0)
    albedo, normal, unseen = mi.Color3f(0.0), mi.Vector3f(0.0), mi.Bool(True)
    medium, depth = mi.UInt32(0), mi.UInt32(0)
    followed, active = mi.Bool(True), mi.Bool(True)
    while dr.hint(active, max_iterations=DEPTH):
        hit = meet(world, ray, active)
        inside = matter_of(world, medium, active)
        free = -dr.log(1 - rng.next_float32(active)) / dr.maximum(inside.scattering, 1e-9)
        cloudy = active & (free < hit.distance)
        solid = hit.valid & ~cloudy
        weight[active & (hit.valid | cloudy)] = weight * dr.exp(-inside.absorption * dr.minimum(free, hit.distance))
        lost = active & ~hit.valid & ~cloudy
        shine = lost & followed
        light[shine] = light + weight * dr.gather(mi.Color3f, world.env, env_place(ray.d), shine)
        lamp = solid & (hit.kind == LAMP)
        light[lamp & followed & hit.from_front] = light + weight * hit.colour
        matte, clear = solid & (hit.kind == OPAQUE), solid & (hit.kind == INTERFACE)
        colour = textured(world, hit, matte | clear)
        rough = dr.select(clear, hit.roughness * dr.mean(colour), hit.roughness)

        normal[active & (depth == 0) & hit.valid] = mi.Vector3f(hit.normal)
        albedo[unseen & (matte | cloudy)] = dr.select(cloudy, mi.Color3f(0.9), colour) * dr.minimum(weight, 1.0)
        albedo[unseen & (lost | lamp)] = mi.Color3f(1.0)
        unseen = unseen & ~(matte | cloudy | lost | lamp)

        # what the surface mirrors, by a facet of it
        pick = rng.next_float32(active)
        u, v = rng.next_float32(active), rng.next_float32(active)
        frame = mi.Frame3f(hit.normal)
        alpha = dr.maximum(dr.square(rough), 1e-4)
        local = frame.to_local(-ray.d)
        facet_local, _ = mi.MicrofacetDistribution(mi.MicrofacetType.GGX, alpha, True).sample(local, mi.Point2f(u, v))
        facet = dr.select(rough > 0.03, mi.Vector3f(frame.to_world(facet_local)), hit.normal)
        cosine = dr.clip(dr.dot(facet, -ray.d), 1e-4, 1.0)
        here, beyond = matter_of(world, hit.here, clear).ior, matter_of(world, hit.beyond, clear).ior
        mirrored, cos_t, _eta_it, eta_ti = mi.fresnel(cosine, beyond / here)
        schlick = (1 - cosine) ** 5
        gloss = dr.select(
            hit.metal,
            1.0,
            dr.select(hit.specular > 0, hit.specular + (1 - hit.specular) * schlick * (1 - hit.roughness), 0.0),
        )
        chance = dr.select(clear, mirrored, dr.select(matte, gloss, 0.0))
        mirrors = (matte | clear) & (pick < chance)
        refracts = clear & ~mirrors
        scatters = (matte & ~mirrors) | cloudy

        # what it scatters, asked of the lamps
        place = dr.select(cloudy, mi.Point3f(ray.o + ray.d * free), offset(hit, hit.side))
        asked = ask_lamps(world, place, rng, scatters)
        cos_lamp = dr.dot(hit.normal, asked.direction)
        facing = dr.select(
            cloudy, phase(dr.dot(ray.d, asked.direction), inside.forwardness), dr.maximum(cos_lamp, 0) / dr.pi
        )
        facing = dr.select(matte & (dr.dot(hit.side, asked.direction) <= 0), 0.0, facing)
        wanted = scatters & (facing > 0) & (dr.max(asked.radiance) > 0)
        weight[matte] = weight * dr.select(mirrors & ~hit.metal, mi.Color3f(1.0), colour)
        lit = weight * asked.radiance * facing * passed_on(world, place, asked, medium, wanted)
        light[wanted] = light + dr.minimum(lit, CLAMP)

        # onwards
        mirror_way = dr.normalize(ray.d + 2 * cosine * facet)
        bend_way = dr.normalize(ray.d * eta_ti + facet * (cosine * eta_ti - dr.abs(cos_t)))
        matte_way = frame.to_world(mi.warp.square_to_cosine_hemisphere(mi.Point2f(u, v)))
        cloud_way = mi.Frame3f(ray.d).to_world(forward(inside.forwardness, u, v))
        way = dr.select(cloudy, cloud_way, dr.select(mirrors, mirror_way, dr.select(refracts, bend_way, matte_way)))
        start = dr.select(cloudy, place, offset(hit, way))
        through = refracts & (dr.dot(hit.side, way) < 0)
        medium = dr.select(through, hit.beyond, dr.select(clear, hit.here, medium))
        followed = (followed & ~scatters) | (matte & mirrors)
        active = matte | clear | cloudy
        active = active & ~((matte & mirrors) & (dr.dot(hit.side, way) <= 0))
        ray = mi.Ray3f(start, way, FAR_MM, 0.0, [])
        depth += 1
        survives = dr.select(depth > SURE_DEPTH, dr.minimum(dr.max(weight), 0.95), 1.0)
        active = active & (rng.next_float32(active) < survives) & (depth < DEPTH)
        weight = weight / dr.maximum(survives, 1e-3)
    return dr.minimum(light, CLAMP), albedo, normal


def phase(cosine: Any, g: Any) -> Any:
    """Henyey and Greenstein's phase function, 1/sr."""
    below = 1 + g * g - 2 * g * cosine
    return (1 - g * g) / (4 * dr.pi * below * dr.sqrt(dr.maximum(below, 1e-6)))


def forward(g: Any, u: Any, v: Any) -> Any:
    """Draw a direction from it, about the z axis."""
    ratio = (1 - g * g) / (1 + g - 2 * g * u)
    cosine = dr.select(
        dr.abs(g) < 1e-3, 1 - 2 * u, (1 + g * g - ratio * ratio) / (2 * dr.select(dr.abs(g) < 1e-3, 1.0, g))
    )
    cosine = dr.clip(cosine, -1, 1)
    sine = dr.safe_sqrt(1 - cosine * cosine)
    return mi.Vector3f(sine * dr.cos(dr.two_pi * v), sine * dr.sin(dr.two_pi * v), cosine)
