"""Draws what is no vessel: blocks, rods and discs, opaque and plainly lit."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware_sim.render.outlines import hull_px
from hardware_sim.render.photographing import Pinhole
from hardware_sim.render.prints import SIDE_PX, print_of
from hardware_sim.render.still_life import Block, Disc, Light, Point, Rod, Thing

Picture = NDArray[np.uint8]
Values = NDArray[np.float64]
NEAR_MM = 20.0
"""What comes nearer to the eye is not drawn."""
_CORNERS = np.array([(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])
_FACES: tuple[tuple[tuple[int, int, int, int], Point], ...] = (
    ((1, 5, 4, 0), (0, -1, 0)), ((7, 3, 2, 6), (0, 1, 0)), ((3, 1, 0, 2), (-1, 0, 0)), ((5, 7, 6, 4), (1, 0, 0)),
    ((3, 7, 5, 1), (0, 0, 1)), ((0, 4, 6, 2), (0, 0, -1)),
)  # fmt: skip
"""Corners of each face (upper left, upper right, lower right, lower left) and where it looks."""


@dataclass(frozen=True)
class Easel:
    """A picture in the making, and what of it the last thing covered."""

    picture: Picture
    cover: NDArray[np.uint8]
    pinhole: Pinhole
    light: Light

    def paint(self, colour: Values) -> list[float]:
        """What a colour (3,), 0 to 1 and more, looks like in this light."""
        return (np.minimum(colour * self._white, 1.06) * 235).tolist()  # type: ignore[no-any-return]

    def shade(self, normal: Values) -> float:
        """How much light falls on a face that looks this way, 0 to 1."""
        direct = max(0.0, float(normal @ self._lamp))
        return 0.6 + 0.2 * self.light.softness + (0.5 - 0.3 * self.light.softness) * direct

    @cached_property
    def _lamp(self) -> Values:
        """Unit vector to the lamp."""
        lamp = np.array((0.8 * self.light.from_side, -0.45, 0.75))
        return np.asarray(lamp / np.linalg.norm(lamp), np.float64)

    @cached_property
    def _white(self) -> Values:
        return np.asarray(np.array(self.light.rgb) * self.light.brightness, np.float64)

    def shows(self, points_px: Values) -> bool:
        """Is any of what lies between points (n, 2) in view?"""
        low, high = points_px.min(axis=0), points_px.max(axis=0)
        return bool(high[0] > 0 and high[1] > 0 and low[0] < self.picture.shape[1] and low[1] < self.picture.shape[0])

    def fill(self, polygon_px: Values, colour: Values) -> None:
        """Fill a convex polygon in the picture, and in `cover`."""
        points = np.round(polygon_px * 16 - 8).astype(np.int32)
        cv2.fillConvexPoly(self.picture, points, self.paint(colour), cv2.LINE_AA, 4)
        cv2.fillConvexPoly(self.cover, points, 255, cv2.LINE_AA, 4)

    def line(self, line_px: Values, thick_px: float, colour: Values) -> None:
        """Draw a line in the picture, and in `cover`."""
        points, thick = np.round(line_px * 16 - 8).astype(np.int32).reshape(-1, 1, 2), max(1, min(round(thick_px), 250))
        cv2.polylines(self.picture, [points], False, self.paint(colour), thick, cv2.LINE_AA, 4)
        cv2.polylines(self.cover, [points], False, 255, thick, cv2.LINE_AA, 4)


def draw_thing(easel: Easel, thing: Thing) -> None:
    """Put one thing into the picture."""
    match thing:
        case Block():
            _draw_block(easel, thing)
        case Rod():
            _draw_rod(easel, thing)
        case Disc():
            _draw_disc(easel, thing)


def _draw_block(easel: Easel, block: Block) -> None:
    turn = np.deg2rad(block.turn_deg)
    spin = np.array(((np.cos(turn), -np.sin(turn), 0), (np.sin(turn), np.cos(turn), 0), (0, 0, 1)))
    corners = np.array(block.centre_mm) + (_CORNERS * block.size_mm) @ spin.T
    if easel.pinhole.depth_mm(corners).min() < NEAR_MM:
        return
    corners_px = easel.pinhole.project(corners)
    if not easel.shows(corners_px):
        return
    to_eye = spin.T @ (easel.pinhole.eye - np.array(block.centre_mm))
    printed = (0, -1, 0) if block.pattern in ("text", "code", "screen", "brushed") else (0, 0, 1)
    for face, faces in _FACES:
        if to_eye @ faces <= abs(np.dot(block.size_mm, faces)) / 2:
            continue
        normal = spin @ faces
        quad = corners_px[list(face)]
        colour = np.array(block.colour_rgb) * easel.shade(normal)
        easel.fill(quad, colour)
        if block.pattern != "blank" and faces == printed:
            _print_on(easel, quad, block, colour)
        edge = np.vstack((quad, quad[:1]))
        easel.line(edge, 1, colour * (1.12 if faces[2] == 1 else 0.85))


def _print_on(easel: Easel, quad_px: Values, block: Block, colour: Values) -> None:
    """Stretch a print over a face."""
    height, width = easel.picture.shape[:2]
    low = np.maximum(np.floor(quad_px.min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(quad_px.max(axis=0)).astype(int), (width, height))
    size = high - low
    if min(size) < 3:
        return
    ink = np.array(block.colour_rgb) * 0.25 if sum(block.colour_rgb) > 0.9 else np.array((0.85, 0.85, 0.85))
    picture = print_of(block.pattern, block.colour_rgb, tuple(ink.tolist()), block.seed)
    corners = np.array(((0, 0), (SIDE_PX, 0), (SIDE_PX, SIDE_PX), (0, SIDE_PX)), np.float32)
    warp = cv2.getPerspectiveTransform(corners, (quad_px - low).astype(np.float32))
    flat = cv2.warpPerspective(
        picture, warp, tuple(size.tolist()), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    light = np.array(easel.paint(colour)) / np.maximum(np.array(block.colour_rgb) * 255, 1)
    cover = np.zeros((size[1], size[0]), np.uint8)
    cv2.fillConvexPoly(cover, np.round((quad_px - low) * 16).astype(np.int32), 255, cv2.LINE_AA, 4)
    part = easel.picture[low[1] : high[1], low[0] : high[0]]
    lit = np.clip(flat * light, 0, 255).astype(np.uint8)
    cv2.copyTo(lit, cover, part)


def _draw_rod(easel: Easel, rod: Rod) -> None:
    points = np.array(rod.points_mm)
    depth = easel.pinhole.depth_mm(points)
    if depth.min() < NEAR_MM:
        return
    line = easel.pinhole.project(points)
    if not easel.shows(line):
        return
    thick = 2 * rod.radius_mm * easel.pinhole.focal_px / float(np.median(depth))
    if thick > 240:
        return
    colour = np.array(rod.colour_rgb)
    easel.line(line, thick, colour * 0.5)
    side = np.array((0.16 * easel.light.from_side, -0.16)) * thick
    for share in np.linspace(0.92, 0.2, int(np.clip(thick / 5, 2, 12))).tolist():
        if thick * share > 1:
            easel.line(line + side * (1 - share), thick * share, colour * (1.05 - 0.55 * share**2))
    if rod.gloss > 0.2 and thick > 4:
        easel.line(line + side * 1.2, thick * 0.1, colour * (1 - rod.gloss) + rod.gloss)


def _draw_disc(easel: Easel, disc: Disc) -> None:
    turn = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    flat = np.stack((np.cos(turn), np.sin(turn), np.zeros(32)), axis=1) * disc.radius_mm
    low = np.array(disc.foot_mm) + flat
    high = low + np.array((0.0, 0.0, disc.height_mm))
    if easel.pinhole.depth_mm(np.concatenate((low, high))).min() < NEAR_MM:
        return
    colour = np.array(disc.colour_rgb)
    low_px, high_px = easel.pinhole.project(low), easel.pinhole.project(high)
    easel.fill(hull_px(low_px, high_px), colour * 0.75)
    middle = (low_px.mean(axis=0) + high_px.mean(axis=0)) / 2
    for share, lit in ((0.75, 0.85), (0.45, 0.92)):
        inner = hull_px(low_px, high_px)
        easel.fill(middle + (inner - middle) * (share, 1), colour * lit)
    if easel.pinhole.towards(high.mean(axis=0))[2] > 0.02:
        easel.fill(high_px, colour)
        if disc.hollow:
            rim = high_px.mean(axis=0)
            easel.fill(rim + (high_px - rim) * 0.85, colour * 0.6)
            easel.fill(rim + (high_px - rim) * 0.75 + (0, disc.radius_mm * 0.05), colour * 0.8)
