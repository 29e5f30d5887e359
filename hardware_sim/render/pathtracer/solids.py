"""Opaque things as meshes: blocks with rounded edges, rods, discs, puddles, flat pictures."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from hardware_sim.render.pathtracer.matter import Rgb, Surface
from hardware_sim.render.pathtracer.mesh import Floats, Indices, Patch, sheet
from hardware_sim.render.pathtracer.revolution import lathe
from hardware_sim.render.still_life import Block, Disc, Rod

AROUND = 20
EDGE_STEPS = 3
DECAL_MM = 0.06
"""How far a picture lies before the face that wears it."""


def upright_turn(turn_deg: float) -> Floats:
    """Rotation (3, 3) around z."""
    cosine, sine = np.cos(np.deg2rad(turn_deg)), np.sin(np.deg2rad(turn_deg))
    return np.array([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1.0]])


def paint(colour: Rgb, gloss: float, texture: int = -1, *, metal: bool = False) -> Surface:
    """A painted, plastic or metal surface; gloss 0 is matt, 1 nearly a mirror."""
    return Surface(colour=colour, roughness=float(np.clip(0.85 - 0.75 * gloss, 0.08, 1)), specular=0.02 + 0.03 * gloss,
                   texture=texture, metal=metal)  # fmt: skip


def rounded_box(block: Block, surface: Surface) -> Patch:
    """A box with rounded edges: a small ball's octants pulled apart."""
    half = np.array(block.size_mm) / 2
    radius = float(min(0.06 * half.min() + 0.3, half.min() * 0.9))
    turn, turn_side = _octants(4, 0.0)
    tilt, tilt_side = _octants(2, -np.pi / 2)
    ball = np.stack(
        [np.cos(tilt) * np.cos(turn)[:, None], np.cos(tilt) * np.sin(turn)[:, None],
         np.broadcast_to(np.sin(tilt), (len(turn), len(tilt)))], -1,
    )  # fmt: skip
    side_x, side_y = np.where(np.isin(turn_side, (0, 3)), 1, -1), np.where(turn_side < 2, 1, -1)
    signs = np.stack(np.broadcast_arrays(side_x[:, None], side_y[:, None], np.where(tilt_side, 1, -1)[None]), -1)
    grid = signs * (half - radius) + radius * ball
    middle = grid[:, [0, -1]] * (0, 0, 1)  # of the lower and of the upper face
    closed = np.concatenate([middle[:, :1], grid, middle[:, 1:]], axis=1)
    normals = np.concatenate([ball[:, :1], ball, ball[:, -1:]], axis=1)
    patch = replace(sheet(closed, surface), normals=normals.reshape(-1, 3))
    return patch.moved(upright_turn(block.turn_deg), block.centre_mm)


def _octants(count: int, start: float) -> tuple[Floats, Indices]:
    steps = start + np.arange(count)[:, None] * np.pi / 2 + np.linspace(0, np.pi / 2, EDGE_STEPS + 1)
    side = np.repeat(np.arange(count, dtype=np.int64), EDGE_STEPS + 1)
    if start == 0.0:  # close the circle
        return np.append(steps.ravel(), 2 * np.pi), np.append(side, 0)
    return steps.ravel(), side


def decal(block: Block, on_top: bool, surface: Surface) -> Patch:
    """A picture on the face towards the camera, or on the upper one."""
    x, y, z = np.array(block.size_mm) / 2 * 0.94
    lift = np.array(block.size_mm) / 2 + DECAL_MM
    if on_top:
        corners = [(-x, -y, lift[2]), (x, -y, lift[2]), (-x, y, lift[2]), (x, y, lift[2])]
    else:
        corners = [(-x, -lift[1], -z), (x, -lift[1], -z), (-x, -lift[1], z), (x, -lift[1], z)]
    return picture(corners, surface).moved(upright_turn(block.turn_deg), block.centre_mm)


def picture(corners: ArrayLike, surface: Surface, repeats: tuple[float, float] = (0.998, 0.998)) -> Patch:
    """A flat picture: lower left, lower right, upper left, upper right, as one sees its front."""
    grid = np.asarray(corners, np.float64).reshape(2, 2, 3).transpose(1, 0, 2)
    uv = np.array([[[0.001, repeats[1]], [0.001, 0.001]], [[repeats[0], repeats[1]], [repeats[0], 0.001]]])
    return sheet(grid, surface, uv)


def tube(rod: Rod, surface: Surface) -> list[Patch]:
    """A round rod through points, with round ends."""
    points = np.array(rod.points_mm, np.float64)
    way = np.gradient(points, axis=0) if len(points) > 2 else np.repeat(points[1:] - points[:1], 2, axis=0)
    way = way / np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-9)
    aside = np.cross(way, [0.2, 0.3, 0.93])
    aside = aside / np.maximum(np.linalg.norm(aside, axis=1, keepdims=True), 1e-9)
    other = np.cross(way, aside)
    swell = np.concatenate([[0.0, 0.5, 0.87, 1.0], np.ones(len(points) - 2), [1.0, 0.87, 0.5, 0.0]])
    along = np.concatenate([[-1.0, -0.87, -0.5, 0.0], np.zeros(len(points) - 2), [0.0, 0.5, 0.87, 1.0]])
    which = np.concatenate([np.zeros(4, int), np.arange(1, len(points) - 1), np.full(4, len(points) - 1)])
    angle = np.linspace(0, 2 * np.pi, AROUND + 1)[:, None, None]
    ring = np.cos(angle) * aside[which] + np.sin(angle) * other[which]
    centre = points[which] + (along * rod.radius_mm)[:, None] * way[which]
    return [sheet(centre + swell[:, None] * rod.radius_mm * ring, surface)]


def disc(thing: Disc, surface: Surface) -> list[Patch]:
    """A puck or, hollow, a bowl."""
    radius, height = thing.radius_mm, thing.height_mm
    edge = min(0.8, 0.2 * height, 0.2 * radius)
    outside = [
        (0.0, radius),
        (height - edge, radius),
        (height - edge * 0.3, radius - edge * 0.3),
        (height, radius - edge),
    ]
    if thing.hollow:
        floor = min(1.5, height * 0.3)
        outside += [(height, radius * 0.9), (floor, radius * 0.86), (floor, 1e-3)]
    else:
        outside += [(height, 1e-3)]
    return [patch.moved(np.eye(3), thing.foot_mm) for patch in lathe(np.array(outside), surface)]


def puddle(outline_mm: Sequence[tuple[float, float]], z_mm: float, depth_mm: float, surface: Surface) -> Patch:
    """Spilled liquid: a round-edged lens over an outline, in a plane."""
    line = np.array(outline_mm, np.float64)
    if _turns_right(line):
        line = line[::-1]
    line = np.concatenate([line, line[:1]])
    middle = line[:-1].mean(axis=0)
    share = np.array([1.0, 0.985, 0.95, 0.88, 0.75, 0.5, 0.25, 0.0])
    height = z_mm + depth_mm * (1 - share**6) ** 0.5
    flat = middle + share[:, None, None] * (line - middle)
    grid = np.concatenate([flat, np.broadcast_to(height[:, None, None], (*flat.shape[:2], 1))], -1)
    return sheet(np.ascontiguousarray(grid.transpose(1, 0, 2)), surface)


def _turns_right(line: Floats) -> bool:
    x, y = line.T
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum()) < 0
