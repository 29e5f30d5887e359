"""A mesh cut along a level of a field given at its points: what lies below, what lies above, and the line between."""

from dataclasses import dataclass, replace

import numpy as np

from hardware_sim.render.pathtracer.mesh import Floats, Indices, Patch


@dataclass(frozen=True)
class Cut:
    """Both parts of a mesh, and where they meet."""

    below: Patch
    above: Patch
    line_mm: Floats
    """(N, 3) points of the line in no order; none where the mesh lies wholly on one side."""


def cut(patch: Patch, field: Floats) -> Cut:
    """Cut where `field` (V,) passes through 0, linear along the edges of the triangles."""
    field = np.where(np.abs(field) < 1e-9, 1e-9, field)
    low = field[patch.faces] < 0  # (F, 3)
    count = low.sum(axis=1)
    lone = np.where(count == 1, low.argmax(axis=1), (~low).argmax(axis=1))
    split = (count == 1) | (count == 2)
    turned = np.take_along_axis(patch.faces, (lone[:, None] + np.arange(3)) % 3, axis=1)[split]
    tip, right, left = turned.T
    new_right, new_left = _between(field, tip, right), _between(field, tip, left)
    mixed = [_mix(values, (tip, right, new_right), (tip, left, new_left)) for values in _columns(patch)]
    size = len(patch.points_mm)
    on_right = size + np.arange(len(tip))
    on_left = on_right + len(tip)
    tips = np.stack([tip, on_right, on_left], -1)
    rests = np.concatenate([np.stack([on_right, right, left], -1), np.stack([on_right, left, on_left], -1)])
    tip_is_low = count[split] == 1
    grown = replace(patch, points_mm=mixed[0], normals=mixed[1], uv=mixed[2])
    twice = np.concatenate([tip_is_low, tip_is_low])
    below = _part(grown, [patch.faces[count == 3], tips[tip_is_low], rests[~twice]])
    above = _part(grown, [patch.faces[count == 0], tips[~tip_is_low], rests[twice]])
    return Cut(below, above, mixed[0][size:])


def _columns(patch: Patch) -> tuple[Floats, Floats, Floats]:
    return patch.points_mm, patch.normals, patch.uv


def _between(field: Floats, start: Indices, end: Indices) -> Floats:
    return np.asarray(field[start] / (field[start] - field[end]))


def _mix(values: Floats, *edges: tuple[Indices, Indices, Floats]) -> Floats:
    new = [values[start] + share[:, None] * (values[end] - values[start]) for start, end, share in edges]
    return np.concatenate([values, *new])


def _part(patch: Patch, faces: list[Indices]) -> Patch:
    kept = np.concatenate(faces)
    used, renumbered = np.unique(kept, return_inverse=True)
    return replace(patch, points_mm=patch.points_mm[used], normals=patch.normals[used], uv=patch.uv[used],
                   faces=renumbered.reshape(-1, 3))  # fmt: skip
