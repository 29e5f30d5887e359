"""Triangles with smooth normals, and the patches a scene is put together from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hardware_sim.render.pathtracer.matter import Surface

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
TEXTURE_MM = 24.0
"""What one repetition of a grain's texture spans."""


@dataclass(frozen=True)
class Patch:
    """A mesh of one surface."""

    points_mm: Floats
    """(V, 3), z upwards."""
    normals: Floats
    """(V, 3), from the surface's back to its front."""
    uv: Floats
    """(V, 2) coordinates in the texture, which repeats."""
    faces: Indices
    """(F, 3) counter-clockwise seen from the front."""
    surface: Surface

    def moved(self, turn: ArrayLike, shift_mm: ArrayLike) -> Self:
        """Turn by a matrix (3, 3), then shift by (3,)."""
        turn = np.asarray(turn, np.float64)
        return replace(self, points_mm=self.points_mm @ turn.T + np.asarray(shift_mm), normals=self.normals @ turn.T)

    def turned_over(self, surface: Surface) -> Self:
        """The same mesh seen from its other side, of another surface."""
        return replace(self, normals=-self.normals, faces=self.faces[:, ::-1], surface=surface)


def sheet(grid_mm: Floats, surface: Surface, uv: Floats | None = None) -> Patch:
    """Make a mesh of a grid of points (A, B, 3); its front is where A x B (right hand) points to.

    A seam whose ends meet along the first axis is smooth.
    """
    across, along = grid_mm.shape[:2]
    corner = np.arange(across * along).reshape(across, along)
    a, b, c, d = corner[:-1, :-1], corner[1:, :-1], corner[1:, 1:], corner[:-1, 1:]
    faces = np.concatenate([np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)])
    points = grid_mm.reshape(-1, 3)
    normals = vertex_normals(points, faces).reshape(grid_mm.shape)
    if np.allclose(grid_mm[0], grid_mm[-1], atol=1e-6):
        seam = normals[0] + normals[-1]
        normals[0] = normals[-1] = seam / np.maximum(np.linalg.norm(seam, axis=-1, keepdims=True), 1e-12)
    if uv is None:
        uv = np.stack(np.meshgrid(np.linspace(0, 1, across), np.linspace(0, 1, along), indexing="ij"), -1)
    return Patch(points, normals.reshape(-1, 3), uv.reshape(-1, 2), _without_slivers(points, faces), surface)


def vertex_normals(points: Floats, faces: Indices) -> Floats:
    """Average the faces' normals at each point, weighed by their area: (V, 3) of length 1."""
    corners = points[faces]
    weighed = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(points)
    for corner in range(3):
        np.add.at(normals, faces[:, corner], weighed)
    length = np.linalg.norm(normals, axis=-1, keepdims=True)
    return np.where(length > 1e-12, normals / np.maximum(length, 1e-12), [0.0, 0.0, 1.0])


def enclosed_ul(patches: Sequence[Patch]) -> float:
    """Volume inside a closed mesh whose normals point outwards, by the divergence theorem."""
    corners = np.concatenate([patch.points_mm[patch.faces] for patch in patches])
    return float(np.einsum("fi,fi->f", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6)


def _without_slivers(points: Floats, faces: Indices) -> Indices:
    corners = points[faces]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=-1)
    return np.asarray(faces[area > 1e-9])
