"""A vessel of a still life as patches: wall, contents, closure, labels, each boundary once, between its two media."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hardware_sim.render.glasswork import CAP, CLASS_OF, EMPTY, IGNORE
from hardware_sim.render.pathtracer.contents import Fill, Stuff, fill, interfaces
from hardware_sim.render.pathtracer.matter import (
    AIR,
    CLEAR,
    INTERFACE,
    LABEL,
    OPAQUE,
    PRINT,
    SOLID,
    TEXTURE_PX,
    WALL,
    Surface,
    Tag,
)
from hardware_sim.render.pathtracer.mesh import TEXTURE_MM, Floats, Patch
from hardware_sim.render.pathtracer.revolution import SEGMENTS, band, closed_at_axis, lathe, points_of
from hardware_sim.render.pathtracer.stuff import glass_of, stuff_of
from hardware_sim.render.pathtracer.textures import Wardrobe, bubbles, code, drops, grains, writing
from hardware_sim.render.profiles import Profile
from hardware_sim.render.still_life import Closure, Label, Layer, StillLife, Vessel

WALL_STEP_MM = 2.0
LABEL_GAP_MM, LABEL_GAP_SHARE = 0.06, 0.003
"""How far a label lies off the wall, and how much farther for each millimetre of radius: both are polygons."""
WHITE = (1.0, 1.0, 1.0)
FROSTED_ROUGHNESS, DROPS_ROUGHNESS = 0.45, 0.35


def first_phase(scene: StillLife, number: int) -> int:
    """Number of the lowest layer in the `number`th vessel, counted from 1: regions have numbers of their own."""
    return 1 + sum(len(vessel.layers) for vessel in scene.vessels[: number - 1])


def vessel_patches(scene: StillLife, number: int, wardrobe: Wardrobe) -> list[Patch]:
    """Make all of the `number`th vessel, counted from 1, where it stands."""
    vessel, phase = scene.vessels[number - 1], first_phase(scene, number)
    rng = np.random.default_rng((vessel.seed, 3))
    turn = frame_of(vessel.axis)
    outside, inside = _wall(vessel, number, wardrobe, rng)
    stuffs = [_stuff(layer, Tag(number, CLASS_OF[layer.material], phase + place), wardrobe, rng)
              for place, layer in enumerate(vessel.layers)]  # fmt: skip
    patches = _body(vessel.profile, outside, inside, fill(vessel.profile, vessel.layers, stuffs, turn[2]), turn[2], rng)
    for label in vessel.labels:
        patches += _label(label, vessel.profile, number, wardrobe, rng)
    if vessel.closure is not None:
        patches += _closure(vessel.closure, vessel.profile, number)
    return [patch.moved(turn, vessel.foot_mm) for patch in patches]


def frame_of(axis: Sequence[float]) -> Floats:
    """Rotation (3, 3) that raises z to an axis by the shortest way."""
    x, y, z = np.asarray(axis, np.float64) / np.linalg.norm(axis)
    if z < -0.9999:
        return np.diag([1.0, -1.0, -1.0])
    turn = np.array([[0, 0, x], [0, 0, y], [-x, -y, 0.0]])
    return np.asarray(np.eye(3) + turn + turn @ turn / (1 + z))


def _wall(vessel: Vessel, number: int, wardrobe: Wardrobe, rng: np.random.Generator) -> tuple[Surface, Surface]:
    """The wall's outside, and its inside where it is dry. An opaque one hides what it holds, but for its mouth."""
    wall, profile = vessel.wall, vessel.profile
    if wall.kind == "opaque":
        hidden = EMPTY if profile.kind == "crucible" else IGNORE
        outside = Surface(OPAQUE, wall.tint_rgb, 0.5, 0.04, tag=Tag(number, hidden, 0, SOLID))
        return outside, replace(outside, tag=replace(outside.tag, material=EMPTY))
    half_mm = profile.height_mm / 2
    glass = glass_of(wall, float(profile.outer_radius_mm(half_mm) - profile.inner_radius_mm(half_mm)))
    frost = FROSTED_ROUGHNESS if wall.kind == "frosted" else 0.0
    outside = Surface(INTERFACE, WHITE, frost, front=AIR, back=glass, tag=Tag(number, EMPTY, 0, WALL))
    dry = replace(outside, tag=replace(outside.tag, sight=CLEAR))
    if vessel.condensation:
        dry = replace(dry, roughness=DROPS_ROUGHNESS, texture=wardrobe.add(drops(rng, vessel.condensation)))
    return outside, dry


def _body(profile: Profile, outside: Surface, inside: Surface, fills: Sequence[Fill], up: Floats,
          rng: np.random.Generator) -> list[Patch]:  # fmt: skip
    """Wall and contents in the vessel's frame, in which `up` points upwards."""
    shell = lathe(closed_at_axis(points_of(profile.outer)), outside)
    dry = [patch.turned_over(inside) for patch in lathe(closed_at_axis(points_of(profile.inner, WALL_STEP_MM)), inside)]
    return [*shell, *_brim(profile, outside), *interfaces(dry, profile, fills, up, inside, rng)]


def _stuff(layer: Layer, tag: Tag, wardrobe: Wardrobe, rng: np.random.Generator) -> Stuff:
    px_per_mm, texture = TEXTURE_PX / TEXTURE_MM, -1
    if layer.material == "solid":
        texture = wardrobe.add(grains(rng, max(layer.grain_mm, 0.15) * px_per_mm, 0.22))
    if layer.material == "foam":
        texture = wardrobe.add(bubbles(rng, max(layer.grain_mm, 0.3) * px_per_mm))
    return stuff_of(layer, tag, texture)


def _brim(profile: Profile, surface: Surface) -> list[Patch]:
    """The rounded edge between outside and inside."""
    (outer_z, outer_r), (inner_z, inner_r) = profile.outer[-1], profile.inner[-1]
    bulge = 0.5 * (outer_r - inner_r)
    turn = np.linspace(0, np.pi, 7)
    curve = np.stack([np.linspace(outer_z, inner_z, 7) + bulge * np.sin(turn),
                      (outer_r + inner_r) / 2 + (outer_r - inner_r) / 2 * np.cos(turn)], -1)  # fmt: skip
    return lathe(curve, surface)


def _label(label: Label, profile: Profile, number: int, wardrobe: Wardrobe, rng: np.random.Generator) -> list[Patch]:
    low, high = label.low_mm, label.high_mm
    heights = np.unique(np.r_[low, high, [z for z, _ in profile.outer if low < z < high]])
    curve = _round(heights, profile)
    from_deg, to_deg = label.turn_deg - label.span_deg / 2, label.turn_deg + label.span_deg / 2
    if label.pattern == "marks":
        return _marks(label, profile, number)
    ink, paper = label.ink_rgb, label.colour_rgb
    texture = -1
    if label.pattern in ("text", "code"):
        texture = wardrobe.add((writing if label.pattern == "text" else code)(rng, ink, paper))
    surface = Surface(OPAQUE, WHITE if texture >= 0 else paper, 0.7, 0.03, texture=texture,
                      tag=Tag(number, EMPTY, 0, LABEL))  # fmt: skip
    return [band(curve, from_deg, to_deg, surface)]


def _round(heights: Floats, profile: Profile) -> Floats:
    """The curve of what sticks to the outside at some heights: (N, 2)."""
    radius = profile.outer_radius_mm(heights)
    return np.stack([heights, radius * (1 + LABEL_GAP_SHARE) + LABEL_GAP_MM], -1)


def _marks(label: Label, profile: Profile, number: int) -> list[Patch]:
    """Graduations: a line for each division, every fifth twice as long."""
    ink = Surface(OPAQUE, label.ink_rgb, 0.6, 0.03, tag=Tag(number, EMPTY, 0, PRINT))
    places = np.linspace(label.low_mm, label.high_mm, 21)
    thick = max(0.004 * profile.height_mm, 0.15)
    patches = []
    for index, place in enumerate(places):
        curve = np.array([place, place + thick])
        curve = _round(curve, profile)
        span = label.span_deg * (0.5 if index % 5 == 0 else 0.22)
        patches.append(band(curve, label.turn_deg, label.turn_deg + span, ink, 8))
    return patches


def _closure(closure: Closure, profile: Profile, number: int) -> list[Patch]:
    """A cap around the neck, or a stopper in it."""
    surface = Surface(OPAQUE, closure.colour_rgb, 0.8 - 0.7 * closure.gloss, 0.04, metal=closure.shape == "crimp",
                      tag=Tag(number, CAP, 0, SOLID))  # fmt: skip
    low, high, radius = closure.low_mm, closure.high_mm, closure.radius_mm
    edge = min(0.12 * radius, 0.3 * (high - low))
    top = [(high - edge, radius), (high - edge * 0.3, radius - edge * 0.3), (high, radius - edge), (high, 1e-3)]
    match closure.shape:
        case "stopper" | "cork" | "septum":
            throat = float(profile.inner_radius_mm(profile.height_mm)) * 0.995
            depth = min(profile.height_mm - low + 2 * throat, 0.3 * profile.height_mm)
            curve = [(profile.height_mm - depth, 1e-3), (profile.height_mm - depth, throat * 0.8), (profile.height_mm, throat),
                     (profile.height_mm + 0.4, radius), *top]  # fmt: skip
        case "nozzle":
            shoulder = low + (high - low) * 0.45
            curve = [(low, radius), (shoulder, radius), (shoulder + edge, radius * 0.7), (shoulder + 2 * edge, radius * 0.3),
                     (high, radius * 0.12), (high, 1e-3)]  # fmt: skip
        case _:
            inner = float(np.max(profile.outer_radius_mm(np.linspace(low, profile.height_mm, 9)))) + 0.15
            curve = [(low, min(inner, radius * 0.97)), (low, radius), *top]
    return lathe(np.array(curve), surface, swell=_ribs(closure.ribs))


def _ribs(count: int) -> Floats | None:
    if count == 0:
        return None
    return np.asarray(1 + 0.012 * np.sign(np.sin(np.linspace(0, 2 * np.pi, SEGMENTS + 1) * min(count, SEGMENTS // 3))))
