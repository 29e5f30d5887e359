"""Surfaces of revolution as meshes."""

import itertools

import numpy as np

from hardware_sim.render.pathtracer.matter import Surface
from hardware_sim.render.pathtracer.mesh import TEXTURE_MM, Floats, Patch, sheet
from hardware_sim.render.profiles import Curve

SEGMENTS = 96
CREASE_DEG = 40.0
"""A wall that bends more than this has an edge; less is round."""


def lathe(curve: Floats, surface: Surface, segments: int = SEGMENTS, swell: Floats | None = None) -> list[Patch]:
    """Turn heights and radii (N, 2) around the axis, split at creases. The front is outside for a rising curve.

    `swell` (segments + 1,) multiplies the radius around the axis: ribs, a spout.
    """
    angle = np.linspace(0, 2 * np.pi, segments + 1)
    factor = np.ones_like(angle) if swell is None else swell
    return [sheet(_around(part, angle, factor), surface, _unrolled(part, segments)) for part in _smooth_parts(curve)]


def band(curve: Floats, from_deg: float, to_deg: float, surface: Surface, segments: int = 48) -> Patch:
    """Turn a curve through part of a circle, 0 towards -y and 90 towards +x; the texture spans it once, upright."""
    angle = np.deg2rad(np.linspace(from_deg, to_deg, segments + 1)) - np.pi / 2
    grid = _around(curve, angle, np.ones_like(angle))
    across, along = np.meshgrid(np.linspace(0, 1, segments + 1), np.linspace(1, 0, len(curve)), indexing="ij")
    return sheet(grid, surface, np.stack([across, along], -1) * 0.996 + 0.002)


def points_of(curve: Curve, step_mm: float = 1e9) -> Floats:
    """A profile's curve as heights and radii (N, 2), with points no farther apart than a step."""
    points = np.array(curve, np.float64)
    pieces = [points[:1]]
    for start, end in itertools.pairwise(points):
        parts = max(1, int(np.ceil(np.hypot(*(end - start)) / step_mm)))
        pieces.append(start + (end - start) * (np.arange(1, parts + 1) / parts)[:, None])
    return np.concatenate(pieces)


def closed_at_axis(curve: Floats) -> Floats:
    """The curve with a flat bottom from the axis to its first point."""
    inner = np.stack([np.full(4, curve[0, 0]), curve[0, 1] * np.array([0.0, 0.25, 0.5, 0.75])], -1)
    return np.concatenate([inner, curve]) if curve[0, 1] > 1e-6 else curve


def _around(curve: Floats, angle: Floats, factor: Floats) -> Floats:
    height, radius = curve.T
    wide = factor[:, None] * radius
    return np.stack(
        [wide * np.cos(angle)[:, None], wide * np.sin(angle)[:, None], np.broadcast_to(height, wide.shape)], -1
    )


def _unrolled(curve: Floats, segments: int) -> Floats:
    """Coordinates in a texture that keeps its grain's size and closes around the axis."""
    times = max(1, round(2 * np.pi * float(curve[:, 1].max()) / TEXTURE_MM))
    along = np.r_[0.0, np.cumsum(np.linalg.norm(np.diff(curve, axis=0), axis=1))] / TEXTURE_MM
    return np.stack(np.meshgrid(np.linspace(0, times, segments + 1), along, indexing="ij"), -1)


def _smooth_parts(curve: Floats) -> list[Floats]:
    step = np.diff(curve, axis=0)
    step = step / np.maximum(np.linalg.norm(step, axis=1, keepdims=True), 1e-9)
    bend = np.rad2deg(np.arccos(np.clip((step[:-1] * step[1:]).sum(axis=1), -1, 1)))
    edges = [0, *(np.flatnonzero(bend > CREASE_DEG) + 1), len(curve) - 1]
    return [curve[start : end + 1] for start, end in itertools.pairwise(edges)]
