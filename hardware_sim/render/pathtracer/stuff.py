"""From what a still life says of its materials to what light does in them."""

import numpy as np

from hardware_sim.render.pathtracer.contents import Stuff, body
from hardware_sim.render.pathtracer.matter import Medium, Rgb, Surface, Tag, light_of
from hardware_sim.render.still_life import Layer, Wall

GLASS_IOR, PLASTIC_IOR = 1.5, 1.49
LIQUID_IORS = (1.333, 1.36, 1.40, 1.45)
"""Water, ethanol, silicone oil, chloroform; neighbouring layers differ."""
OPAQUE_FROM = 0.62
"""Turbidity from which a liquid is treated as paint: light comes back before it has gone a millimetre."""
TINT_MM = 2.0
"""Glass whose tint counts: both walls."""


def absorption_per_mm(left_rgb: Rgb, length_mm: float) -> Rgb:
    """Beer and Lambert: what absorbs so that white light has this colour, as displays show it, after a length."""
    red, green, blue = (float(-np.log(np.clip(share, 1e-3, 1.0)) / length_mm) for share in light_of(left_rgb))
    return red, green, blue


def glass_of(wall: Wall, wall_mm: float) -> Medium:
    """The medium a see-through wall is made of."""
    scattering = float(-np.log(np.clip(1 - wall.haze, 0.02, 1.0)) / wall_mm)
    ior = PLASTIC_IOR if wall.kind == "plastic" else GLASS_IOR
    return Medium(ior, absorption_per_mm(wall.tint_rgb, TINT_MM), scattering, 0.6)


def stuff_of(layer: Layer, tag: Tag, texture: int) -> Stuff:
    """What light does in a layer; `texture` is its grain's."""
    if layer.material in ("solid", "foam"):
        return body(tag, layer.colour_rgb, texture, gloss=0.0)
    if layer.turbidity >= OPAQUE_FROM:
        return body(tag, _thrown_back(layer), -1, gloss=1.0)
    ior = LIQUID_IORS[tag.phase % len(LIQUID_IORS)]
    scattering = 2.2 * layer.turbidity**3 + 0.02 * layer.turbidity
    medium = Medium(ior, absorption_per_mm(layer.colour_rgb, 10.0), scattering, 0.6, tag.material, tag.phase)
    return Stuff(medium, Surface(tag=tag), Surface(tag=tag))


def _thrown_back(layer: Layer) -> Rgb:
    """Colour of a cloudy liquid from outside: light has crossed some millimetres of it before it returns."""
    deep = 3.0 * (1 - layer.turbidity) + 1.0
    red, green, blue = (float(0.9 * np.clip(share, 0.01, 1) ** (deep / 4)) for share in layer.colour_rgb)
    return red, green, blue
