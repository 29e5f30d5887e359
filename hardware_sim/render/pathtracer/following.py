"""Follows light from the camera backwards.

Unidirectional path tracing with next-event estimation (Kajiya 1986; Veach 1997, chapter 8). Each way in which light
leaves a surface has one way of being found: what a mirror or an interface sends on is found by following it, what a
matte surface or a cloud scatters by asking the lamps. These questions pass straight through glass and liquids, dimmed
by Fresnel's and Beer's laws: shadows of glassware keep their colour, and caustics are given up for pictures without
noise.
"""

from typing import Any

import drjit as dr

from hardware_sim.render.pathtracer.kernel import FAR_MM, World, matter_of, meet, mi, offset, textured
from hardware_sim.render.pathtracer.lamplight import ask_lamps, env_place, passed_on
from hardware_sim.render.pathtracer.matter import INTERFACE, LAMP, OPAQUE

DEPTH, SURE_DEPTH = 24, 5
CLAMP = 10.0
"""Brightest single sample, in units of white: fireflies end here."""


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
