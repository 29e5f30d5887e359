"""Paints what is on vessels: caps, stoppers, spouts, labels, graduations, drops."""

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware_sim.render.outlines import Plane, fill_slabs, hull_px
from hardware_sim.render.patch import Patch
from hardware_sim.render.planes import Grid
from hardware_sim.render.prints import SIDE_PX, print_of
from hardware_sim.render.still_life import Closure, Label

END_ON = 0.93
"""From this steepness on, nothing on the wall is to be seen."""


def draw_closure(patch: Patch, paint: Grid) -> Plane:
    """Put the cap on; return what it covers, 0 to 255."""
    cover, closure = patch.region.blank(), patch.standing.vessel.closure
    if closure is None:
        return cover
    sides = patch.standing.closure_px()
    fill_slabs(patch.region, cover, sides)
    u = np.clip(patch.across / np.float32(max(closure.radius_mm * patch.px_per_mm, 1.0)), -1, 1)
    arch = cv2.sqrt(1.0001 - u * u)
    light = np.float32(0.4) + np.float32(0.45) * arch + np.float32(0.2 * patch.light.from_side) * u
    if closure.ribs and patch.px_per_mm * closure.radius_mm > 8:
        light *= 1 + np.float32(0.12) * np.sin(np.float32(closure.ribs / 2) * np.arcsin(u * np.float32(0.999)))
    colour = np.array(closure.colour_rgb, np.float32)[:, None, None] * patch.lamp
    side = colour * light
    side += (
        np.float32(closure.gloss * 0.5)
        * cv2.exp(-(((u - np.float32(0.4 * patch.light.from_side)) * 7) ** 2))
        * patch.lamp
    )
    _lay(paint, side, cover)
    _lid(patch, paint, closure, colour)
    _seam(patch, paint, closure)
    if closure.shape == "nozzle":
        cover = np.maximum(cover, _spout(patch, paint, np.asarray(colour * light, np.float32)))
    return cover


def _lay(paint: Grid, over: Grid, cover: Plane) -> None:
    paint += (cover.astype(np.float32) * np.float32(1 / 255)) * (over - paint)


def _lid(patch: Patch, paint: Grid, closure: Closure, colour: Grid) -> None:
    """The cap's top, if one looks onto it, and a septum in it."""
    steep = patch.standing.steepness
    if abs(steep) < 0.03:
        return
    height = closure.high_mm if steep > 0 else closure.low_mm
    if steep < 0:
        return
    shares = ((1.0, 0.98, 1.0), (0.86, 0.88, 0.9)) if closure.ribs else ((1.0, 0.95, 1.0),)
    for share, bright, _ in shares:
        top = patch.region.blank()
        patch.region.fill(top, hull_px(patch.standing.ring_px(height, closure.radius_mm * share)))
        _lay(paint, np.minimum(colour * np.float32(bright), 250), top)
    if closure.shape in ("crimp", "septum"):
        hole = patch.region.blank()
        patch.region.fill(hole, hull_px(patch.standing.ring_px(height, closure.radius_mm * 0.45)))
        _lay(paint, patch.lamp * np.array(patch.rng.uniform(0.2, 0.9, 3), np.float32)[:, None, None], hole)


def _seam(patch: Patch, paint: Grid, closure: Closure) -> None:
    """The shadow under a cap's rim."""
    mark = patch.region.blank()
    ring = patch.standing.ring_px(closure.low_mm, closure.radius_mm)
    quarter = len(ring) // 2 + 1
    patch.region.line(mark, ring[:quarter], max(1.0, 0.03 * closure.radius_mm * patch.px_per_mm))
    paint *= 1 - mark.astype(np.float32) * np.float32(0.4 / 255)


def _spout(patch: Patch, paint: Grid, side: Grid) -> Plane:
    """A nozzle, straight or bent to one side, as on a wash bottle."""
    cover = patch.region.blank()
    for line in patch.standing.spout_px():
        thick = patch.standing.spout_mm * 2 * patch.px_per_mm
        patch.region.line(cover, line, min(thick, 250))
    _lay(paint, side, cover)
    return cover


def draw_label(patch: Patch, label: Label, paint: Grid) -> Plane | None:
    """Put a label or graduations on the wall; return what paper hides, None if it hides nothing."""
    if abs(patch.standing.steepness) > END_ON:
        return None
    around = np.arcsin(patch.u * np.float32(0.999)) - np.float32(np.deg2rad(label.turn_deg))
    height = patch.front_mm()
    half = np.float32(np.deg2rad(label.span_deg) / 2)
    within = (np.abs(around) < half) & (height > label.low_mm) & (height < label.high_mm)
    rise = np.clip((height - label.low_mm) / np.float32(label.high_mm - label.low_mm), 0, 1)
    if label.pattern == "marks":
        _marks(patch, label, paint, within, rise, around / half)
        return None
    flat = print_of(label.pattern, label.colour_rgb, label.ink_rgb, patch.standing.vessel.seed)
    columns = np.clip((around / half + 1) / 2, 0, 1) * np.float32(SIDE_PX - 1)
    printed = cv2.remap(flat, columns, (1 - rise) * np.float32(SIDE_PX - 1), cv2.INTER_LINEAR)
    light = patch.lamp * (patch.light_on(0.5, 0.42) * np.float32(1 / 255))
    over = np.asarray(np.stack([plane.astype(np.float32) for plane in cv2.split(printed)]) * light, np.float32)
    cover = np.asarray(cv2.GaussianBlur(within.astype(np.uint8) * 255, (3, 3), 0), np.uint8)
    _lay(paint, over, cover)
    return cover


def _marks(patch: Patch, label: Label, paint: Grid, within: NDArray[np.bool_], rise: Grid, across: Grid) -> None:
    """Graduations: short and long lines, and a printed field above them."""
    count = int(patch.rng.integers(4, 14))
    phase = rise * np.float32(count)
    number = np.floor(phase)
    thick = np.float32(max(0.06, 1.2 * count / max(8.0, (label.high_mm - label.low_mm) * patch.px_per_mm)))
    reach = np.where(number % 5 == 0, np.float32(0.9), np.float32(0.35))
    ink = within & (phase - number < thick) & (across < reach * 2 - 1)
    if patch.rng.random() < 0.4:
        ink |= within & (rise > 0.75) & (across > 0.2) & (np.abs(across - 0.6) < 0.3)
    colour = np.array(label.ink_rgb, np.float32)[:, None, None] * patch.lamp * patch.light_on(0.5, 0.42)
    _lay(paint, np.asarray(colour, np.float32), np.where(ink, np.uint8(190), np.uint8(0)))


def draw_drops(patch: Patch, paint: Grid, share: float) -> None:
    """Condensation: small lenses, bright above and dark below."""
    height, width = patch.region.shape
    mark, dark = patch.region.blank(), patch.region.blank()
    biggest = max(1.0, 0.04 * width)
    for x, y, size in patch.rng.uniform((0, 0, 0.3), (width, height, 1.0), (int(250 * share), 3)):
        radius = max(1, round(size**3 * biggest))
        cv2.circle(mark, (int(x), int(y)), radius, 255, -1, cv2.LINE_AA)
        cv2.circle(dark, (int(x), int(y) + max(1, radius // 2)), radius, 255, 1, cv2.LINE_AA)
    paint *= 1 - dark.astype(np.float32) * np.float32(0.25 / 255)
    paint += mark.astype(np.float32) * np.float32(0.22 / 255) * (patch.lamp - paint)
