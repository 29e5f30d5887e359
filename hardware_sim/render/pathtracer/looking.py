"""What a person would draw: looks that bend as light does, and end at the first thing that has a name.

A vessel is what its outline holds. What is in it is the first material a look meets behind the wall; a powder or a
crystal below a clear liquid shows through it. Reflections are not followed, so that only the nearest image counts.
"""

from dataclasses import dataclass
from typing import Any

import drjit as dr

from hardware_sim.render.pathtracer.kernel import World, matter_of, meet, mi, offset, quad
from hardware_sim.render.pathtracer.matter import CLEAR, LABEL, PRINT, PUDDLE, SOLID, WALL

EMPTY, CAP = 1, 6
STEPS, PIERCED = 14, 60
SHOWS_THROUGH = 0.25
"""Share of light that a liquid must let pass so that what lies in it is drawn."""


@dataclass
class Sight:
    """What looks found, a value each."""

    vessel: Any
    material: Any
    phase: Any
    spilled: Any
    labelled: Any
    """A label hides what is behind."""


@dr.syntax
def look(world: World, ray: Any) -> Sight:
    """Follow looks until they end."""
    vessel, material, phase = mi.Float(0.0), mi.Float(0.0), mi.Float(0.0)
    spilled, labelled, entered, active = mi.Bool(False), mi.Bool(False), mi.Bool(False), mi.Bool(True)
    medium, step, clear = mi.UInt32(0), mi.UInt32(0), mi.Float(1.0)
    while active:
        hit = meet(world, ray, active)
        of, kind, number, sight = hit.tag
        inside = matter_of(world, medium, active)
        clear = clear * dr.exp(-(dr.mean(inside.absorption) + inside.scattering) * hit.distance)
        solid = hit.valid & (sight == SOLID)
        spilled = spilled | (hit.valid & (sight == PUDDLE) & (vessel == 0))
        through = hit.valid & ((sight == WALL) | (sight == CLEAR))
        passed = hit.valid & ((sight == LABEL) | (sight == PRINT)) & ~entered
        labelled = labelled | (passed & (sight == LABEL))
        first = hit.valid & (vessel == 0) & (of > 0)
        vessel = dr.select(first, of, vessel)
        material = dr.select(first, kind, material)
        phase = dr.select(first & solid, number, phase)
        content = solid & (of == vessel) & (number > 0) & ((material == EMPTY) | (clear > SHOWS_THROUGH))
        material = dr.select(content, kind, material)
        phase = dr.select(content, number, phase)

        here, beyond = matter_of(world, hit.here, through), quad(world.media, hit.beyond * 2 + 1, through)
        cosine = dr.abs(dr.dot(hit.normal, ray.d))
        mirrored, cos_t, _, eta_ti = mi.fresnel(cosine, matter_of(world, hit.beyond, through).ior / here.ior)
        bends = through & (mirrored < 1) & (of == vessel)
        found = bends & (beyond[2] > 0) & (material == EMPTY)
        material = dr.select(found, beyond[2], material)
        phase = dr.select(found, beyond[3], phase)
        clear = dr.select(found, 1.0, clear)
        from_above = found & (hit.here == 0)
        leaves = bends & (phase > 0) & ~found
        outside = bends & (sight == WALL) & ~hit.from_front
        way = dr.select(bends, dr.normalize(ray.d * eta_ti + hit.normal * (cosine * eta_ti - dr.abs(cos_t))), ray.d)
        medium = dr.select(bends, hit.beyond, medium)
        entered = entered | bends
        active = active & (passed | (bends & ~from_above & ~outside & ~leaves)) & (step < STEPS)
        ray = mi.Ray3f(offset(hit, way), way, 1e5, 0.0, [])
        step += 1
    return Sight(vessel, material, phase, spilled, labelled)


@dr.syntax
def pierce(world: World, ray: Any) -> Any:
    """Which vessels lie along straight looks, hidden ones too: bit k stands for vessel k + 1."""
    met, step, active = mi.UInt32(0), mi.UInt32(0), mi.Bool(True)
    while active:
        hit = meet(world, ray, active)
        of = mi.UInt32(hit.tag[0])
        met = met | dr.select(hit.valid & (of > 0), mi.UInt32(1) << (dr.maximum(of, 1) - 1), 0)
        ray = mi.Ray3f(offset(hit, ray.d), ray.d, 1e5, 0.0, [])
        step += 1
        active = active & hit.valid & (step < PIERCED)
    return met
