"""Paints the table: its top in perspective, shadows and mirror images on it, puddles."""

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware_sim.render.backgrounds import fractal
from hardware_sim.render.glasswork import Drawn
from hardware_sim.render.outlines import Region
from hardware_sim.render.photographing import Pinhole
from hardware_sim.render.prints import print_of
from hardware_sim.render.still_life import Spill, StillLife, Table, Vessel
from hardware_sim.render.things import NEAR_MM, Easel

Rng = np.random.Generator
Picture = NDArray[np.uint8]
TILE_MM = 120.0


def draw_table(easel: Easel, table: Table, rng: Rng) -> None:
    """Lay the table's top under everything."""
    height, width = easel.picture.shape[:2]
    if easel.pinhole.eye[2] <= 0:
        return
    to_table = _homography(easel.pinhole)
    ahead = _ahead(to_table, table.depth_mm, width, height)
    if not ahead.any():
        return
    texture = _texture(table, rng)
    scale = texture.shape[0] / (6 * TILE_MM)
    to_texture = np.array(((scale, 0, texture.shape[1] / 2), (0, -scale, texture.shape[0] / 2), (0, 0, 1))) @ to_table
    coarse = to_texture @ np.diag((2.0, 2.0, 1.0))  # half the size is enough for a table top
    top = cv2.warpPerspective(texture, coarse, (width // 2, height // 2), borderMode=cv2.BORDER_WRAP,
                              flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)  # fmt: skip
    lit = np.array(easel.paint(np.ones(3))) / 255 * rng.uniform(0.8, 1.05)
    ramp = np.linspace(rng.uniform(0.75, 1.1), rng.uniform(0.85, 1.15), height // 2)[:, None, None]
    top = np.clip(top * (lit * ramp).astype(np.float32), 0, 255).astype(np.uint8)
    if table.gloss > 0.35:
        small = cv2.resize(easel.picture[::-1], (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        top = cv2.addWeighted(top, 1 - 0.3 * table.gloss, cv2.blur(small, (9, 9)), 0.3 * table.gloss, 0)
    cv2.copyTo(cv2.resize(top, (width, height), interpolation=cv2.INTER_LINEAR), ahead, easel.picture)


def _ahead(to_table: NDArray[np.float64], depth_mm: float, width: int, height: int) -> Picture:
    """Where the table is to be seen: 0 or 255."""
    columns, rows = np.arange(width, dtype=np.float32)[None, :], np.arange(height, dtype=np.float32)[:, None]
    weights = to_table.astype(np.float32)
    scale = weights[2, 0] * columns + weights[2, 1] * rows + weights[2, 2]
    end = weights[1] - np.float32(depth_mm) * weights[2]
    before_end = end[0] * columns + end[1] * rows + end[2] < 0
    return np.where((scale > 1e-9) & before_end, np.uint8(255), np.uint8(0))


def _homography(pinhole: Pinhole) -> NDArray[np.float64]:
    """(3, 3) from pixels to millimetres on the table; the third coordinate is one over the depth."""
    to_picture = np.stack((pinhole.turn[:, 0], pinhole.turn[:, 1], -pinhole.turn @ pinhole.eye), axis=1)
    lens = np.array(
        ((pinhole.focal_px, 0, pinhole.middle_px[0]), (0, pinhole.focal_px, pinhole.middle_px[1]), (0, 0, 1.0))
    )
    return np.asarray(np.linalg.inv(lens @ to_picture), np.float64)


def _texture(table: Table, rng: Rng) -> Picture:
    """Twice mirrored, so that it repeats without a seam."""
    side = 256
    ink = np.clip(np.array(table.colour_rgb) * rng.uniform(0.4, 0.8), 0, 1)
    tile = print_of(table.pattern, table.colour_rgb, tuple(ink.tolist()), int(rng.integers(2**31)))
    if table.pattern in ("blank", "brushed", "text"):
        sheet = np.asarray(cv2.resize(tile, (side, side), interpolation=cv2.INTER_LINEAR))
    else:
        sheet = np.tile(tile, (3, 3, 1))[:side, :side]
    noise = fractal(rng, side, side, rng.uniform(0.3, 1.0))[..., None] * rng.uniform(0.5, 9)
    quarter = np.clip(sheet + noise, 0, 255).astype(np.uint8)
    half = np.concatenate((quarter, quarter[:, ::-1]), axis=1)
    return np.concatenate((half, half[::-1]))


def draw_shadow(easel: Easel, vessel: Vessel) -> None:
    """Darken the table around and beside a foot."""
    radius = vessel.profile.widest_mm
    foot = np.array(vessel.foot_mm)
    if foot[2] > 3 * radius or easel.pinhole.depth_mm(foot) < NEAR_MM + radius:
        return
    turn = np.linspace(0, 2 * np.pi, 24)
    reach = np.array(vessel.axis) * vessel.profile.height_mm * (1.0 if vessel.tipped else 0.0)
    away = np.array((-easel.light.from_side * 0.6 * radius, 0.25 * radius, 0))
    around = np.stack((np.cos(turn), np.sin(turn), np.zeros(24)), axis=1) * radius * 1.15
    points = np.concatenate([foot * (1, 1, 0) + around + shift for shift in (away * 0, away, reach * (1, 1, 0))])
    outline = easel.pinhole.project(points)
    size = float(np.ptp(outline[:, 0]))
    region = Region.around(outline, size * 0.25 + 3, easel.picture.shape[1], easel.picture.shape[0])
    if region is None:
        return
    mask = region.blank()
    region.fill(mask, cv2.convexHull(outline.astype(np.float32))[:, 0].astype(np.float64))
    side = 2 * int(size * 0.06) + 1
    soft = cv2.blur(cv2.blur(mask, (side, side)), (side, side))
    dark = 1 - soft.astype(np.float32) * np.float32((0.5 - 0.25 * easel.light.softness) / 255)
    part = easel.picture[region.slices]
    part[:] = cv2.multiply(part, cv2.merge((dark, dark, dark)), dtype=cv2.CV_8U)


def mirror(picture: Picture, seen: Drawn, still: StillLife, pinhole: Pinhole, vessel: Vessel) -> None:
    """Show an upright vessel again in a glossy table, upside down below its foot."""
    strength = 0.45 * (still.table.gloss - 0.3)
    look_down = -pinhole.turn[2, 2]
    if strength <= 0 or vessel.axis[2] < 0.98 or vessel.foot_mm[2] > 5 or not 0 <= look_down < 0.6:
        return
    foot_row = int(
        pinhole.project(np.array(vessel.foot_mm))[1]
        + vessel.profile.outer[0][1] * look_down * pinhole.px_per_mm(vessel.foot_mm)
    )
    region = seen.region
    rows = min(foot_row - region.top, picture.shape[0] - foot_row, region.shape[0])
    if rows < 4 or foot_row <= region.top:
        return
    source = slice(foot_row - rows, foot_row)
    image = picture[source, region.left : region.right][::-1]
    cover = seen.whole[foot_row - rows - region.top : foot_row - region.top][::-1]
    fade = np.linspace(strength, 0, rows, dtype=np.float32)[:, None] * cover * np.float32(1 / 255)
    blurred = cv2.GaussianBlur(image, (0, 0), 1.5)
    below = picture[foot_row : foot_row + rows, region.left : region.right]
    below[:] = (below + fade[..., None] * (blurred.astype(np.float32) - below)).astype(np.uint8)


def draw_spill(easel: Easel, spill: Spill, plane: Picture, rng: Rng) -> None:
    """Pour a puddle onto the table or a tray, and mark it in a plane of truth (0 or 255)."""
    mask = np.zeros_like(plane)
    for outline in spill.outlines_mm:
        points = np.array([(x, y, spill.z_mm) for x, y in outline])
        if easel.pinhole.depth_mm(points).min() > NEAR_MM:
            cv2.fillPoly(mask, [np.round(easel.pinhole.project(points) * 16 - 8).astype(np.int32)], 255, cv2.LINE_AA, 4)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return
    window = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    wet = mask[window].astype(np.float32)[..., None] / 255
    part = easel.picture[window].astype(np.float32)
    colour = np.array(spill.colour_rgb, np.float32)
    through = part * (0.25 + 0.75 * colour)
    fill = through + np.float32(spill.turbidity) * (
        colour * np.array(easel.paint(np.ones(3)), np.float32) * 0.85 - through
    )
    inset = cv2.distanceTransform((mask[window] > 127).astype(np.uint8), cv2.DIST_L2, 3)[..., None]
    fill *= 1 - 0.2 * np.exp(-inset / 2)
    sheen = fractal(rng, part.shape[1], part.shape[0], 1.2)[..., None]
    fill += np.clip(sheen - rng.uniform(0.8, 2.0), 0, 1) * np.float32(220 * easel.light.gloss)
    easel.picture[window] = np.clip(part + wet * (fill - part), 0, 255).astype(np.uint8)
    plane[mask > 127] = 255
