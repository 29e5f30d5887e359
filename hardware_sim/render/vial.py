"""A vial of glass and what is in it, from the side.

Geometry: weak perspective. A level circle of radius r at height z appears as an ellipse whose half height is
r times the camera's height over it divided by the distance; its outline bulges up at a surface, down at a floor.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hardware_sim.render.planes import Grid, blend, colour_planes, planes
from hardware_sim.render.scene import VialScene
from hardware_sim.render.view import HEIGHT_PX, WIDTH_PX, View

PX_PER_MM = 5.6
"""Usual scale of the side camera: a 60 mm vial takes two thirds of the picture's height."""
MASK_EMPTY, MASK_LIQUID, MASK_SUSPENSION, MASK_CAP = 1, 2, 3, 6
SUSPENSION_FROM_TURBIDITY = 0.5


@dataclass(frozen=True)
class Placed:
    """A vial where it stands in the picture: pixel grids of its surroundings and lengths in pixels."""

    scene: VialScene
    view: View
    px_per_mm: float
    axis_px: float
    neck_share: float
    base_mm: float
    x: Grid
    """(1, W) columns from the axis."""
    y: Grid
    """(H, 1) rows of the picture."""

    @property
    def outer_px(self) -> float:
        """Half the width of the body."""
        return self.scene.labware.outer_width_mm / 2 * self.px_per_mm

    @property
    def liquid_px(self) -> float:
        """Half the width a filling appears to have: the wall is a lens, so more than the bore."""
        return self.outer_px - 0.3 * (self.outer_px - self.scene.labware.inner_width_mm / 2 * self.px_per_mm)

    @property
    def shoulder_mm(self) -> float:
        """Where the straight body ends."""
        return self.base_mm + self.scene.labware.inner_height_mm

    def row(self, height_mm: float) -> float:
        """Row of a height over the foot, on the axis."""
        return self.view.centre_px[1] - height_mm * self.px_per_mm

    def bulge(self, height_mm: float, half_width_px: float) -> Grid:
        """Half ellipse over the columns, (1, W): how far a level circle's outline lies beyond `row`."""
        tilt = min(0.4, abs(self.view.camera_height_mm - height_mm) / self.view.distance_mm)
        return half_width_px * tilt * _arch(self.x / half_width_px)

    def half_width(self) -> Grid:
        """(H, 1) outline of body, shoulder and neck."""
        ware = self.scene.labware
        z_mm = (self.view.centre_px[1] - self.y) / self.px_per_mm
        slope_mm = 0.15 * ware.outer_width_mm
        heights = (0.0, 0.06 * ware.outer_width_mm, self.shoulder_mm, self.shoulder_mm + slope_mm)
        widths = (0.94, 1.0, 1.0, self.neck_share)
        outline: Grid = (np.interp(z_mm, heights, widths) * self.outer_px).astype(np.float32)
        return outline


def draw_vial(picture: NDArray[np.uint8], mask: NDArray[np.uint8], scene: VialScene, view: View, light: Grid,
              rng: np.random.Generator) -> None:  # fmt: skip
    """Put a vial into a picture (H, W, 3) and its mask (H, W), if the scene has one."""
    if scene.fill_height_fraction is None:
        return
    placed = _place(scene, view, rng)
    rows, columns = _slices(placed)
    if rows.start == rows.stop or columns.start == columns.stop:
        return
    _cast_shadow(picture, placed)
    lamp = (
        200 * light[round(placed.row(scene.labware.height_mm / 2)), (columns.start + columns.stop) // 2, :, None, None]
    )
    body = _inside(placed.y, placed.x, placed.half_width(), _top(placed), _foot(placed))
    behind = planes(picture[rows])
    glass = _glass(placed, behind, lamp)
    labels = np.where(body >= 0.5, MASK_EMPTY, 0).astype(np.uint8)
    if scene.fill_height_fraction > 0:
        _pour(placed, scene.fill_height_fraction, glass, labels, behind, lamp)
    glass += _reflections(placed) * lamp
    if scene.capped:
        body = _cap(placed, body, glass, labels, lamp)
    blend(picture[rows, columns], glass, body)
    np.copyto(mask[rows, columns], labels, where=labels > 0)


def _place(scene: VialScene, view: View, rng: np.random.Generator) -> Placed:
    """Stand the vial where the arm happens to put it; details that no labware sheet tells come with the view."""
    details = np.random.default_rng((view.seed, 3))
    px_per_mm = PX_PER_MM * view.zoom
    axis_px = view.centre_px[0] + rng.normal(0, view.jitter_mm) * px_per_mm
    ware = scene.labware
    half, top = ware.outer_width_mm / 2 * px_per_mm, view.centre_px[1] - 1.08 * ware.height_mm * px_per_mm
    left, right = _within(axis_px - half - 2, axis_px + half + 2, WIDTH_PX)
    upper, lower = _within(top - 0.4 * half, view.centre_px[1] + 0.6 * half, HEIGHT_PX)
    return Placed(
        scene, view, px_per_mm, axis_px,
        neck_share=details.uniform(0.66, 0.85),
        base_mm=details.uniform(1.2, 1.8) * (ware.outer_width_mm - ware.inner_width_mm) / 2,
        x=(np.arange(left, right, dtype=np.float32) - axis_px)[None, :],
        y=np.arange(upper, lower, dtype=np.float32)[:, None],
    )  # fmt: skip


def _within(low: float, high: float, size: int) -> tuple[int, int]:
    return max(0, int(low)), min(size, int(high) + 1)


def _slices(placed: Placed) -> tuple[slice, slice]:
    upper = int(placed.y[0, 0]) if placed.y.size else 0
    left = round(float(placed.x[0, 0]) + placed.axis_px) if placed.x.size else 0
    return slice(upper, upper + placed.y.shape[0]), slice(left, left + placed.x.shape[1])


def _arch(across: Grid) -> Grid:
    """Half circle over -1 to 1, nothing beyond."""
    arch: Grid = np.sqrt(np.clip(1 - across**2, 0, None))
    return arch


def _inside(y: Grid, x: Grid, half_width: Grid | float, top: Grid, bottom: Grid) -> Grid:
    """Coverage (H, W) of the area between two curves and two walls; 0.5 is the edge."""
    cover: Grid = (
        np.clip(half_width - np.abs(x) + 0.5, 0, 1) * np.clip(y - top + 0.5, 0, 1) * np.clip(bottom - y + 0.5, 0, 1)
    )
    return cover


def _top(placed: Placed) -> Grid:
    height_mm = placed.scene.labware.height_mm
    return placed.row(height_mm) - placed.bulge(height_mm, placed.outer_px * placed.neck_share)


def _foot(placed: Placed) -> Grid:
    return placed.row(0.0) + placed.bulge(0.0, placed.outer_px)


def _seen_through(placed: Placed, behind: Grid, source_x: Grid) -> Grid:
    """What stands behind, with each column taken from where its ray comes from: (3, H, W)."""
    columns = np.clip(np.rint(source_x[0] + placed.axis_px), 0, WIDTH_PX - 1).astype(np.intp)
    return behind[:, :, columns]


def _glass(placed: Placed, behind: Grid, lamp: Grid) -> Grid:
    """Bare glass: the background, bent a little, darker where the wall is seen edgeways; thread, base and brim."""
    u = np.clip(placed.x / placed.outer_px, -1, 1)
    glass = _seen_through(placed, behind, placed.x * (1 - 0.2 * u**4))
    depth_px = np.clip(placed.half_width() - np.abs(placed.x), 0, None)  # of a ray, inside the outline
    glass *= 0.95 - 0.5 * np.exp(depth_px * (-12 / placed.outer_px))
    z_mm = (placed.view.centre_px[1] - placed.y) / placed.px_per_mm
    neck_from_mm = placed.shoulder_mm + 0.15 * placed.scene.labware.outer_width_mm
    sheen = 0.08 * np.sin(z_mm * 2.6) * (z_mm > neck_from_mm)
    brim_mm, neck_px = placed.scene.labware.height_mm, placed.outer_px * placed.neck_share
    sheen = sheen + 0.12 * _line(placed, placed.base_mm, placed.liquid_px)
    sheen -= 0.25 * _line(placed, 0.3, placed.outer_px)
    sheen += 0.25 * (_line(placed, brim_mm, neck_px) + _line(placed, brim_mm, -neck_px))
    glass += sheen * lamp
    return glass


def _line(placed: Placed, height_mm: float, half_width_px: float) -> Grid:
    """A line three pixels wide, (H, W), along the near edge of a level circle; negative width: the far edge."""
    off = placed.y - placed.row(height_mm) - placed.bulge(height_mm, half_width_px)
    return np.exp(off * off * np.float32(-0.4))


def _pour(vial: Placed, fill: float, glass: Grid, labels: NDArray[np.uint8], behind: Grid,
          lamp: Grid) -> None:  # fmt: skip
    """Draw what is in the vial over its glass, and label it."""
    surface_mm = vial.base_mm + fill * vial.scene.labware.inner_height_mm
    rows = slice(max(0, int(vial.row(surface_mm) - vial.y[0, 0] - vial.liquid_px)), None)
    placed, glass, labels, behind = replace(vial, y=vial.y[rows]), glass[:, rows], labels[rows], behind[:, rows]
    half, middle, bulge = placed.liquid_px, placed.row(surface_mm), placed.bulge(surface_mm, placed.liquid_px)
    bottom = placed.row(placed.base_mm) + placed.bulge(placed.base_mm, half)
    cover = _inside(placed.y, placed.x, half, middle - bulge, bottom)
    liquid = _liquid(placed, behind, lamp)
    seen_from_above = placed.view.camera_height_mm > surface_mm
    disc = np.clip(bulge - np.abs(placed.y - middle) + 0.5, 0, 1) * (bulge > 0.3)
    sheen = (0.3 if seen_from_above else 0.12) * (0.4 + 0.6 * placed.view.gloss)
    liquid += (sheen * disc) * (lamp - liquid)
    liquid *= 1 - 0.45 * _line(placed, surface_mm, half if seen_from_above else -half)
    absorbed = 1 - colour_planes(placed.scene.colour_rgb)
    glass *= 1 - 0.5 * _wetted_wall(placed, middle, bulge) * absorbed
    glass += cover * (liquid - glass)
    turbid = placed.scene.turbidity >= SUSPENSION_FROM_TURBIDITY
    labels[(cover >= 0.5) & (labels > 0)] = MASK_SUSPENSION if turbid else MASK_LIQUID


def _wetted_wall(placed: Placed, middle: float, bulge: Grid) -> Grid:
    """The meniscus: a film that climbs half a millimetre above the surface's edge and thins out."""
    above = (middle - bulge - placed.y) / (0.5 * placed.px_per_mm)
    inside = np.clip(placed.liquid_px - np.abs(placed.x) + 0.5, 0, 1)
    return np.asarray(np.where(above > 0, np.exp(-(above**2)), 0.0) * inside, np.float32)


def _liquid(placed: Placed, behind: Grid, lamp: Grid) -> Grid:
    """Light that crossed the liquid (a lens that turns left and right around) and light that it scattered."""
    colour = colour_planes(placed.scene.colour_rgb)
    u = placed.x / placed.liquid_px
    path = _arch(u)
    crossed = _seen_through(placed, behind, -0.7 * placed.x * (1 + 0.8 * u**2))
    crossed *= colour ** (0.4 + 1.6 * path) * (0.97 - 0.3 * np.clip(np.abs(u), 0, 1) ** 8)
    shade = 0.55 + 0.45 * path + 0.2 * placed.view.light_from * u
    scattered = shade * colour * lamp
    turbidity = placed.scene.turbidity * (0.6 + 0.4 * path)
    return np.asarray(crossed + turbidity * (scattered - crossed), np.float32)


def _reflections(placed: Placed) -> Grid:
    """Upright streaks of the lamps on the body, (H, W), as a share of the lamp."""
    u = placed.x / placed.outer_px
    z_share = (placed.view.centre_px[1] - placed.y) / placed.px_per_mm / placed.shoulder_mm
    along = np.clip(8 * (z_share - 0.06), 0, 1) * np.clip(8 * (0.97 - z_share), 0, 1)
    main = 0.6 * placed.view.light_from + (0.15 if placed.view.light_from > 0 else -0.15)
    streaks = np.exp(-(((u - main) / 0.05) ** 2)) + 0.35 * np.exp(-(((u + 0.8 * main) / 0.035) ** 2))
    return np.asarray(placed.view.gloss * along * streaks, np.float32)


def _cap(placed: Placed, body: Grid, glass: Grid, labels: NDArray[np.uint8], lamp: Grid) -> Grid:
    """Screw a cap over the neck; return the coverage of both together."""
    details = np.random.default_rng((placed.view.seed, 4))
    low_mm = placed.shoulder_mm + 0.12 * placed.scene.labware.outer_width_mm
    high_mm, half = placed.scene.labware.height_mm * 1.02, 0.93 * placed.outer_px
    top = placed.row(high_mm) - placed.bulge(high_mm, half)
    cover = _inside(placed.y, placed.x, half, top, placed.row(low_mm) + placed.bulge(low_mm, half))
    u = placed.x / half
    ribs = 0.9 + 0.1 * np.sign(np.sin(40 * np.arcsin(np.clip(u, -1, 1))))
    shade = (0.35 + 0.6 * _arch(u) + 0.15 * placed.view.light_from * u) * ribs
    glass += cover * (shade * details.uniform(0.05, 1.2, (3, 1, 1)) * lamp - glass)
    labels[cover >= 0.5] = MASK_CAP
    return np.maximum(body, cover)


def _cast_shadow(picture: NDArray[np.uint8], placed: Placed) -> None:
    """Darken what is behind and around the foot."""
    foot, half = placed.row(0.0), placed.outer_px
    rows = slice(*_within(foot - 0.6 * half, foot + 0.6 * half, HEIGHT_PX))
    columns = slice(*_within(placed.axis_px - 2.2 * half, placed.axis_px + 2.2 * half, WIDTH_PX))
    across = (np.arange(columns.start, columns.stop) - placed.axis_px) / half + 0.25 * placed.view.light_from
    down = (np.arange(rows.start, rows.stop)[:, None] - foot) / (0.3 * half)
    shade = 1 - 0.4 * np.exp(-(across**2) - down**2)
    picture[rows, columns] = picture[rows, columns] * shade[..., None].astype(np.float32)
