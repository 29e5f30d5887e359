"""Paints vessels: wall, contents, surfaces, reflections; and says which pixel shows what, as a person would."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware_sim.render.outlines import Plane, Region, Standing, Values, fill_slabs, hull_px
from hardware_sim.render.patch import Patch, behind
from hardware_sim.render.photographing import Pinhole
from hardware_sim.render.planes import Grid, blend, planes
from hardware_sim.render.still_life import Layer, Light, Vessel
from hardware_sim.render.things import NEAR_MM
from hardware_sim.render.trimmings import draw_closure, draw_drops, draw_label

Picture = NDArray[np.uint8]
EMPTY, LIQUID, SUSPENSION, SOLID, FOAM, CAP, UNSURE, IGNORE = 1, 2, 3, 4, 5, 6, 254, 255
CLASS_OF = {"liquid": LIQUID, "suspension": SUSPENSION, "solid": SOLID, "foam": FOAM}
OPAQUE_HAZE, UNSURE_HAZE = 0.9, 0.5
"""From how hazy a wall on a person sees no level, or something but not what."""


@dataclass
class Drawn:
    """A vessel in the picture: which pixels of its region show what."""

    region: Region
    whole: Plane
    """All of it, 0 to 255, hidden parts included."""
    material: Plane
    """Class index; 0 outside."""
    phase: Plane
    """Number of the layer from the lowest, 0 elsewhere."""
    rows_px: tuple[float, float]
    """Highest and lowest row, outside the picture too."""
    columns_px: tuple[float, float]
    surface_row_px: float | None
    """Highest row of its contents, outside the picture too."""
    regions: list[int] = field(default_factory=list)
    """Numbers of its layers in the phase plane, from the lowest up."""


def draw_vessel(picture: Picture, vessel: Vessel, pinhole: Pinhole, light: Light) -> Drawn | None:
    """Put a vessel into a picture (H, W, 3); None if nothing of it is in view."""
    standing = Standing.of(vessel, pinhole)
    ends = np.array(vessel.foot_mm) + np.outer((0.0, vessel.top_mm), standing.basis[2])
    if pinhole.depth_mm(ends).min() < NEAR_MM + vessel.profile.widest_mm:
        return None
    points = standing.extent_px()
    region = Region.around(points, 3, picture.shape[1], picture.shape[0])
    if region is None:
        return None
    body = region.blank()
    fill_slabs(region, body, standing.outside_px())
    patch = Patch.of(region, standing, light)
    layers = _layers(standing, region)
    paint = _paint(picture, patch, body, layers)
    material, phase = _named(vessel, body, layers, _mouth(standing, region))
    for label in vessel.labels:
        hidden = draw_label(patch, label, paint)
        if hidden is not None:
            material[(hidden > 127) & (phase > 0)] = IGNORE
            phase[hidden > 127] = 0
    if vessel.condensation:
        draw_drops(patch, paint, vessel.condensation)
    cap = draw_closure(patch, paint)
    whole = np.maximum(body, cap)
    material[cap > 127], phase[cap > 127] = CAP, 0
    blend(picture[region.slices], paint, np.asarray(whole, np.float32) * np.float32(1 / 255))
    return Drawn(
        region, whole, material, phase, (float(points[:, 1].min()), float(points[:, 1].max())),
        (float(points[:, 0].min()), float(points[:, 0].max())), _surface_row(layers), list(range(1, len(layers) + 1)),
    )  # fmt: skip


@dataclass(frozen=True)
class _Seen:
    """A layer in a region: where it is, and the outline of its surface."""

    layer: Layer
    mask: Plane
    surface_px: Values
    top_row_px: float


def _layers(standing: Standing, region: Region) -> list[_Seen]:
    """Find each layer's pixels; where two lie behind each other, the one that is seen keeps them."""
    found, below = list[_Seen](), region.blank()
    for layer in standing.vessel.layers:
        rings, surface = standing.below(layer)
        reach = region.blank()
        fill_slabs(region, reach, rings)
        mask = _less(reach, below)
        if found and standing.steepness > 0 and layer.turbidity > 0.5 and len(found[-1].surface_px) > 2:
            lid = region.blank()
            region.fill(lid, found[-1].surface_px)
            mask = np.maximum(mask, lid)
            found[-1] = _Seen(found[-1].layer, _less(found[-1].mask, lid), found[-1].surface_px, found[-1].top_row_px)
        found.append(_Seen(layer, mask, surface, min((float(ring[:, 1].min()) for ring in rings), default=np.inf)))
        below = np.maximum(below, reach)
    return found


def _less(mask: Plane, other: Plane) -> Plane:
    return np.asarray(cv2.subtract(mask, other), np.uint8)


def _surface_row(layers: list[_Seen]) -> float | None:
    return min((seen.top_row_px for seen in layers), default=None)


def _mouth(standing: Standing, region: Region) -> Plane:
    """Where one looks in at the top."""
    mouth = region.blank()
    profile = standing.vessel.profile
    if standing.steepness > 0:
        region.fill(mouth, hull_px(standing.ring_px(profile.height_mm, profile.mouth_mm)))
    return mouth


def _named(vessel: Vessel, body: Plane, layers: list[_Seen], mouth: Plane) -> tuple[Plane, Plane]:
    """Class indices and phase numbers, as a person would draw them."""
    material = np.where(body > 127, np.uint8(EMPTY), np.uint8(0))
    phase = np.zeros_like(material)
    opaque = vessel.wall.kind == "opaque" or vessel.wall.haze > OPAQUE_HAZE
    for number, seen in enumerate(layers, 1):
        where = (seen.mask > 127) & (body > 127)
        if opaque:
            where &= mouth > 127
        material[where], phase[where] = CLASS_OF[seen.layer.material], number
    if opaque:
        material[(body > 127) & (mouth <= 127)] = IGNORE if vessel.profile.kind != "crucible" else EMPTY
        phase[mouth <= 127] = 0
    elif vessel.wall.haze > UNSURE_HAZE and layers:
        material[phase > 0], phase[phase > 0] = UNSURE, 1
    return material, phase


def _paint(picture: Picture, patch: Patch, body: Plane, layers: list[_Seen]) -> Grid:
    """Colours (3, H, W) of wall and contents."""
    wall, vessel = patch.standing.vessel.wall, patch.standing.vessel
    tint = np.array(wall.tint_rgb, np.float32)[:, None, None]
    if wall.kind == "opaque":
        paint = tint * patch.lamp * patch.light_on(0.42, 0.45)
        _rim(patch, paint, 0.75)
        _inside_opaque(patch, paint, layers)
        _shine(patch, paint, 0.5)
        return paint
    inset = cv2.distanceTransform((body > 127).astype(np.uint8), cv2.DIST_L2, 3)
    seen_through = planes(picture[patch.region.slices])
    thick_px = max(0.8, (vessel.profile.outer[-1][1] - vessel.profile.mouth_mm) * patch.px_per_mm)
    edge = cv2.exp(inset * np.float32(-1 / (0.8 * thick_px + 0.4)))
    paint = seen_through * tint * (1 - np.float32(0.6) * edge) + patch.lamp * (
        np.float32(patch.rng.uniform(0.05, 0.3)) * edge * (1 + np.float32(patch.light.from_side * 0.7) * patch.u)
    )
    _contents(picture, patch, paint, layers)
    if wall.haze > 0.01:
        milk = tint * patch.lamp * patch.light_on(0.5, 0.38)
        paint += np.float32(wall.haze) * (milk - paint)
    _rim(patch, paint, 1.0 - wall.haze)
    _shine(patch, paint, 1.0)
    return paint


def _contents(picture: Picture, patch: Patch, paint: Grid, layers: list[_Seen]) -> None:
    """Lay the layers into the vessel, then their surfaces."""
    if not layers:
        return
    profile = patch.standing.vessel.profile
    depth_mm = patch.by_height(np.maximum(profile.inner_radius_mm(patch.heights_mm()), 1.0)) * patch.arch * 2
    bent: Grid | None = None
    for seen in layers:
        cover = seen.mask.astype(np.float32) * np.float32(1 / 255)
        if seen.layer.material in ("liquid", "suspension"):
            if bent is None:
                u = patch.u
                bent = behind(picture, patch, patch.across * (np.float32(-1.6) + np.float32(0.5) * (1 - u * u)))
            fill = _fluid(patch, seen.layer, bent, depth_mm)
        else:
            fill = _grains(patch, seen.layer)
        paint += cover * (fill - paint)
    for seen in layers:
        _surface(patch, paint, seen)


def _fluid(patch: Patch, layer: Layer, bent: Grid, depth_mm: Grid) -> Grid:
    """Light that crossed a fluid, dyed on its way, and light that the fluid scattered."""
    dye = np.log(np.maximum(np.array(layer.colour_rgb, np.float32), 0.004))[:, None, None] / 10
    fill = bent * cv2.exp(np.ascontiguousarray((dye * depth_mm).reshape(3, -1))).reshape(bent.shape)
    fill *= np.float32(0.97) - np.float32(0.35) * patch.u**8
    per_mm = 3.0 * layer.turbidity**3
    if per_mm > 1e-3:
        cloud = depth_mm * np.float32(per_mm)
        if layer.material == "suspension":
            settled = np.linspace(patch.rng.uniform(0.6, 3.0), patch.rng.uniform(0.3, 1.2), 256)
            cloud *= patch.by_height(settled) * (1 + patch.grain(patch.region.shape[1] / 6, 0.15))
        veil = 1 - cv2.exp(-np.maximum(cloud, 0))
        glow = np.array(layer.colour_rgb, np.float32)[:, None, None] ** np.float32(0.8) * patch.lamp
        fill += veil * (glow * patch.light_on(0.45, 0.4) - fill)
    return np.asarray(fill, np.float32)


def _grains(patch: Patch, layer: Layer) -> Grid:
    """A powder, crystals or a foam: matt, with a grain."""
    size_px = max(1.0, layer.grain_mm * patch.px_per_mm)
    contrast = 0.05 if layer.grain_mm < 0.15 else 0.16 if size_px < 3 else 0.22
    light = patch.light_on(0.5, 0.36) * (1 + patch.grain(size_px, contrast))
    if layer.material == "foam":
        light += np.abs(patch.grain(size_px * 1.5, 0.12)) - np.float32(0.06)
    else:
        light += patch.grain(max(size_px * 6, patch.region.shape[1] / 5), 0.05)
    return np.asarray(np.array(layer.colour_rgb, np.float32)[:, None, None] * patch.lamp * light, np.float32)


def _surface(patch: Patch, paint: Grid, seen: _Seen) -> None:
    """Lighten a surface that one looks onto, and draw its rim: dark in front, bright at the back."""
    if len(seen.surface_px) < 3:
        return
    steep, region = patch.standing.steepness, patch.region
    wide_px = float(np.ptp(seen.surface_px[:, 0])) + 1
    if abs(steep) > 0.04:
        lid = region.blank()
        region.fill(lid, seen.surface_px)
        gain = 0.18 * (1 if seen.layer.material in ("solid", "foam") else float(patch.rng.uniform(-0.6, 1.4)))
        paint += (lid.astype(np.float32) * np.float32(gain / 255)) * (patch.lamp - paint * np.float32(0.5))
    if seen.layer.material in ("solid", "foam"):
        return
    thick = max(1.0, wide_px * 0.018)
    back, front = _halves(seen.surface_px)
    for points, strength in ((front, -0.45), (back, 0.3)) if abs(steep) > 0.04 else ((front, -0.4),):
        mark = region.blank()
        region.line(mark, points, thick)
        share = mark.astype(np.float32) * np.float32(abs(strength) / 255)
        paint += share * ((patch.lamp if strength > 0 else patch.lamp * np.float32(0.1)) - paint)


def _halves(outline_px: Values) -> tuple[Values, Values]:
    """Part a convex outline at its leftmost and rightmost points: the upper and the lower line."""
    left, right = int(outline_px[:, 0].argmin()), int(outline_px[:, 0].argmax())
    lines = [np.take(outline_px, range(start, stop + 1), axis=0, mode="wrap")
             for start, stop in ((left, right if right > left else right + len(outline_px)),
                                 (right, left if left > right else left + len(outline_px)))]  # fmt: skip
    upper, lower = sorted(lines, key=lambda line: float(line[:, 1].mean()))
    return upper, lower


def _rim(patch: Patch, paint: Grid, strength: float) -> None:
    """The brim and the floor, as rings of light."""
    profile, region = patch.standing.vessel.profile, patch.region
    rings = ((profile.height_mm, profile.outer[-1][1], 0.35), (profile.height_mm, profile.mouth_mm, -0.25),
             (profile.floor_mm, profile.inner[0][1], 0.15), (profile.floor_mm * 0.5, profile.outer[0][1], -0.2))  # fmt: skip
    lit = np.float32(0.3) + np.float32(0.7) * np.abs(
        np.sin(np.float32(patch.rng.uniform(2, 5)) * patch.u + np.float32(patch.rng.uniform(0, 6)))
    )
    for height, radius, shine in rings:
        mark = region.blank()
        thick = max(1.0, 0.02 * profile.widest_mm * patch.px_per_mm)
        region.line(mark, patch.standing.ring_px(height, radius), thick, closed=True)
        share = mark.astype(np.float32) * lit * np.float32(abs(shine) * strength / 255)
        paint += share * ((patch.lamp if shine > 0 else patch.lamp * np.float32(0.15)) - paint)


def _inside_opaque(patch: Patch, paint: Grid, layers: list[_Seen]) -> None:
    """Look into the mouth of a vessel whose wall is opaque."""
    mouth = _mouth(patch.standing, patch.region)
    if not mouth.any():
        return
    hollow = mouth.astype(np.float32) * np.float32(1 / 255)
    paint *= 1 - np.float32(0.35) * hollow
    for seen in layers:
        cover = cv2.min(seen.mask, mouth).astype(np.float32) * np.float32(1 / 255)
        paint += cover * (_grains(patch, seen.layer) - paint)


def _shine(patch: Patch, paint: Grid, strength: float) -> None:
    """Upright streaks of lamps and windows on the wall."""
    rng, light = patch.rng, patch.light
    sharp = (0.03, 0.14)[int(light.softness > 0.5)]
    total: Grid | None = None
    for _ in range(rng.integers(1, 4)):
        at, wide = float(rng.uniform(-0.85, 0.85)), sharp * float(rng.uniform(0.6, 2.0))
        ends = np.sort(rng.uniform(-0.1, 1.1, 2))
        steps = np.linspace(0, 1, 256)
        along = np.clip((steps - ends[0]) * 25, 0, 1) * np.clip((ends[1] - steps) * 25, 0, 1) * rng.uniform(0.15, 0.8)
        streak = patch.by_height(along) * cv2.exp(-(((patch.u - np.float32(at)) * np.float32(1 / wide)) ** 2))
        total = streak if total is None else total + streak
    if total is not None:
        share = np.clip(total * np.float32(light.gloss * strength), 0, 0.95)
        paint += share * (np.minimum(patch.lamp * np.float32(1.08), 255) - paint)
