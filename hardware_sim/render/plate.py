"""A glass plate and the film on it, from above."""

import numpy as np
from numpy.typing import NDArray

from hardware_sim.render.backdrop import smooth_noise
from hardware_sim.render.planes import Grid, blend, colour_planes, planes
from hardware_sim.render.scene import PlateScene
from hardware_sim.render.view import HEIGHT_PX, WIDTH_PX, View

PX_PER_MM = 10.0
"""Usual scale of the top camera: a 25 mm plate takes half the picture's height."""
MASK_BARE, MASK_WET, MASK_DRY = 1, 2, 4


def draw_plate(picture: NDArray[np.uint8], mask: NDArray[np.uint8], scene: PlateScene, view: View, light: Grid,
               rng: np.random.Generator) -> None:  # fmt: skip
    """Put a plate into a picture (H, W, 3) and its mask (H, W), if the scene has one."""
    if not scene.present:
        return
    p, q, edge_px = _plate_axes(scene, view, rng)
    inside: Grid = (np.maximum(np.abs(p), np.abs(q)) - 1) * np.float32(edge_px)  # distance from the edge, px
    rows, columns = _around(inside < 4)
    p, q, inside = p[rows, columns], q[rows, columns], inside[rows, columns]
    lamp = 200 * light[(rows.start + rows.stop) // 2, (columns.start + columns.stop) // 2, :, None, None]
    behind = planes(picture[rows, columns])
    plate = _bare(behind, p, inside, lamp, view)
    labels = np.where(inside <= 0, MASK_BARE, 0).astype(np.uint8)
    if scene.film != "none":
        depth = _film_depth(scene, view, p, q)
        paint = _wet if scene.film == "wet" else _dry
        cover = np.clip(depth * edge_px * 0.5 + 0.5, 0, 1)
        plate += cover * (paint(plate, scene, view, depth, (p, q), lamp) - plate)
        labels[(depth >= 0) & (inside <= 0)] = MASK_WET if scene.film == "wet" else MASK_DRY
    blend(picture[rows, columns], plate, np.clip(0.5 - inside, 0, 1))
    np.copyto(mask[rows, columns], labels, where=labels > 0)


def _plate_axes(scene: PlateScene, view: View, rng: np.random.Generator) -> tuple[Grid, Grid, float]:
    """Coordinates along the plate's sides, -1 to 1 on it, (H, W) each, and its half side in pixels."""
    px_per_mm = PX_PER_MM * view.zoom
    half_px = scene.labware.outer_width_mm / 2 * px_per_mm
    jitter_px = rng.normal(0, view.jitter_mm * px_per_mm, 2)
    turn = np.deg2rad(view.turn_deg + rng.normal(0, 0.5))
    x = np.arange(WIDTH_PX, dtype=np.float32)[None, :] - (view.centre_px[0] + jitter_px[0])
    y = np.arange(HEIGHT_PX, dtype=np.float32)[:, None] - (view.centre_px[1] - 0.38 * HEIGHT_PX + jitter_px[1])
    p = (x * np.float32(np.cos(turn)) + y * np.float32(np.sin(turn))) / half_px
    q = (y * np.float32(np.cos(turn)) - x * np.float32(np.sin(turn))) / half_px
    return p.astype(np.float32), q.astype(np.float32), half_px


def _around(where: NDArray[np.bool_]) -> tuple[slice, slice]:
    rows, columns = np.flatnonzero(where.any(axis=1)), np.flatnonzero(where.any(axis=0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _bare(behind: Grid, p: Grid, inside: Grid, lamp: Grid, view: View) -> Grid:
    """Clean glass: a greenish window with a dark and a bright edge and a faint sheen."""
    plate = behind * colour_planes((0.9, 0.95, 0.92))
    plate += (0.08 * view.gloss * (1 + view.light_from * p)) * lamp
    dark, bright = np.exp(-((inside + 1.5) ** 2) / 3), np.exp(-((inside + 5) ** 2) / 4)
    return np.asarray(plate * (1 - 0.5 * dark) + (0.25 * bright) * lamp, np.float32)


def _film_depth(scene: PlateScene, view: View, p: Grid, q: Grid) -> Grid:
    """How far inside the film's outline each pixel lies; exactly the covered share of the plate is positive."""
    rng = np.random.default_rng((view.seed, 5))
    field = 1 - np.sqrt(np.abs(p * p * p) + np.abs(q * q * q)) + 0.12 * smooth_noise(rng, 6, (p.shape[0], p.shape[1]))
    on_plate = np.maximum(np.abs(p), np.abs(q)) <= 1
    return np.asarray(field - np.quantile(field[on_plate], 1 - scene.coverage_fraction), np.float32)


def _wet(plate: Grid, scene: PlateScene, view: View, depth: Grid, axes: tuple[Grid, Grid], lamp: Grid) -> Grid:
    """A puddle: deep colour, a bright rim, the lamps mirrored in it."""
    rng = np.random.default_rng((view.seed, 6))
    p, q = axes
    colour = colour_planes(scene.colour_rgb)
    lit = 0.35 * np.exp(-((depth - 0.03) ** 2) / 0.0008)
    lit += 0.12 * np.clip(depth, 0, 0.6) * (view.light_from * p - q)
    for _ in range(rng.integers(1, 4)):
        at_p, at_q = rng.uniform(-0.4, 0.4, 2)
        wide, tall = rng.uniform(0.03, 0.12, 2)
        lit += rng.uniform(0.6, 1.1) * np.exp(-((((p - at_p) / wide) ** 2) ** 2) - (((q - at_q) / tall) ** 2) ** 2)
    return np.asarray(plate * colour**1.6 * 0.6 + 0.25 * colour * lamp + lit * lamp, np.float32)


def _dry(plate: Grid, scene: PlateScene, view: View, depth: Grid, axes: tuple[Grid, Grid], lamp: Grid) -> Grid:
    """A dry film: matte and grainy, thinner in the middle than at its edge, as drying drops leave it."""
    rng = np.random.default_rng((view.seed, 7))
    colour = colour_planes(scene.colour_rgb)
    shape = (depth.shape[0], depth.shape[1])
    thickness = 0.55 + 0.35 * np.exp(-np.clip(depth, 0, None) / 0.06) + 0.06 * smooth_noise(rng, 9, shape)
    thickness += 0.05 * smooth_noise(rng, 70, shape)
    matte = (0.35 + 0.65 * colour) * 0.55 * lamp
    film = plate + np.clip(thickness, 0.2, 1) * (colour * 0.75 * matte + 0.2 * matte - plate)
    return np.asarray(film, np.float32)
