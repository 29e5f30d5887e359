"""Liquids, powders and foams in a vessel: the boundaries at which light bends, each between its own two media."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from hardware_sim.render.pathtracer.cutting import cut
from hardware_sim.render.pathtracer.matter import AIR, CLEAR, INTERFACE, OPAQUE, SOLID, Medium, Surface, Tag
from hardware_sim.render.pathtracer.mesh import TEXTURE_MM, Floats, Patch, vertex_normals
from hardware_sim.render.profiles import Profile
from hardware_sim.render.still_life import Layer

MENISCUS_MM, CAPILLARY_MM = 1.1, 1.4
"""How high water climbs clean glass, and over what distance it flattens out."""
UPRIGHT = 0.95
"""Cosine of the lean beyond which a surface is taken for flat."""
RINGS, QUADRATURE = 14, (90, 16, 48)
GOLDEN = 0.618034


@dataclass(frozen=True)
class Stuff:
    """What a layer looks like: a medium that light enters, or a body that throws it back."""

    medium: Medium | None
    at_wall: Surface
    """Its boundary towards the wall, for a body; for a medium only its tag counts."""
    on_top: Surface
    """Its boundary towards what lies above, for a body."""


@dataclass(frozen=True)
class Fill:
    """A layer that has found its place, in the vessel's frame."""

    layer: Layer
    stuff: Stuff
    level_mm: float
    """Of the field in `_rise`."""


def fill(profile: Profile, layers: Sequence[Layer], stuffs: Sequence[Stuff], up: Floats) -> list[Fill]:
    """Find where each layer ends, so that all keep their volumes in a vessel that leans: `up` is in its frame."""
    points, weights = _cavity(profile)
    fills = []
    for layer, stuff in zip(layers, stuffs, strict=True):
        field = _rise(points, profile, layer, up)
        order = np.argsort(field)
        level = np.interp(profile.volume_ul(layer.top_mm), np.cumsum(weights[order]), field[order])
        fills.append(Fill(layer, stuff, float(level)))
    return fills


def interfaces(wall: list[Patch], profile: Profile, fills: Sequence[Fill], up: Floats, dry: Surface,
               rng: np.random.Generator) -> list[Patch]:  # fmt: skip
    """Cut the inside of the wall at each level and close each layer by its surface.

    `wall` is the inside, its front towards the axis; `dry` is what remains of it above all layers.
    """
    patches = list[Patch]()
    for number, each in enumerate(fills):
        cuts = [cut(part, _rise(part.points_mm, profile, each.layer, up) - each.level_mm) for part in wall]
        wetted = _wetted(each.stuff, dry)
        patches += [replace(part.below, surface=wetted) for part in cuts]
        wall = [part.above for part in cuts]
        line = np.concatenate([part.line_mm for part in cuts])
        if len(line) > 3:
            above = fills[number + 1].stuff if number + 1 < len(fills) else None
            patches.append(_lid(line, profile, each, up, _top(each.stuff, above), rng))
    return [patch for patch in [*patches, *(replace(part, surface=dry) for part in wall)] if len(patch.faces)]


def _wetted(stuff: Stuff, dry: Surface) -> Surface:
    """The boundary between the wall and a layer."""
    if stuff.medium is None:
        return stuff.at_wall
    return replace(dry, front=stuff.medium, roughness=0.0, texture=-1) if dry.kind == INTERFACE else dry


def _top(stuff: Stuff, above: Stuff | None) -> Surface:
    """The boundary between a layer and what lies on it."""
    if stuff.medium is None:
        return stuff.on_top
    if above is not None and above.medium is None:
        return above.at_wall
    front = AIR if above is None or above.medium is None else above.medium
    return Surface(INTERFACE, front=front, back=stuff.medium, tag=replace(stuff.on_top.tag, sight=CLEAR))


def _rise(points: Floats, profile: Profile, layer: Layer, up: Floats) -> Floats:
    """How high each point lies over a level, less what the layer's surface rises there over its level: (N,) mm."""
    radius = np.hypot(points[:, 0], points[:, 1])
    to_wall = np.maximum(profile.inner_radius_mm(points[:, 2]) - radius, 0)
    if layer.material == "solid":
        bump = layer.heap * to_wall + layer.slope * points[:, 0]
    else:
        climb = min(MENISCUS_MM, 0.3 * float(profile.inner_radius_mm(layer.top_mm))) * (up[2] > UPRIGHT)
        bump = climb * np.exp(-to_wall / CAPILLARY_MM)
    return np.asarray(points @ up - bump, np.float64)


def _cavity(profile: Profile) -> tuple[Floats, Floats]:
    """Points all over the inside and the volume each stands for: (N, 3) mm, (N,) µl."""
    rows, rings, spokes = QUADRATURE
    edges = np.linspace(profile.floor_mm, profile.height_mm, rows + 1)
    volumes = np.diff([profile.volume_ul(float(edge)) for edge in edges])
    row, ring, spoke = np.meshgrid(np.arange(rows), np.arange(rings), np.arange(spokes), indexing="ij")
    spread = (0.5 + GOLDEN * (ring * spokes + spoke)) % 1  # no two at one height
    height = edges[row] + (edges[1] - edges[0]) * spread
    radius = profile.inner_radius_mm(height) * np.sqrt((ring + 0.5) / rings)  # rings of the same area
    angle = spoke * 2 * np.pi / spokes
    points = np.stack([radius * np.cos(angle), radius * np.sin(angle), height], -1).reshape(-1, 3)
    return points, (volumes / (rings * spokes))[row].ravel()


def _lid(line: Floats, profile: Profile, found: Fill, up: Floats, surface: Surface, rng: np.random.Generator) -> Patch:
    """Span a surface over the line where a layer ends: rings that shrink towards its middle, at the layer's level."""
    east, north = _plane_axes(up)
    middle = line.mean(axis=0)
    angle = np.arctan2((line - middle) @ north, (line - middle) @ east)
    rim = line[np.argsort(angle)]
    rim = rim[np.r_[True, np.linalg.norm(np.diff(rim, axis=0), axis=1) > 1e-6]]
    inwards = 1 - np.linspace(0, 1, RINGS) ** 1.6
    grid = middle + inwards[:, None, None] * (rim - middle)  # (rings, rim, 3)
    flat = grid[1:].reshape(-1, 3)
    for _ in range(3):  # the rise depends on the point itself, a little
        flat = flat - (_rise(flat, profile, found.layer, up) - found.level_mm)[:, None] * up
    grid[1:] = flat.reshape(RINGS - 1, -1, 3)
    if found.layer.material in ("solid", "foam"):
        grid[2:-1] += up * rng.normal(0, 0.25 * max(found.layer.grain_mm, 0.1), (RINGS - 3, len(rim), 1))
    grid[-1] = grid[-1].mean(axis=0)
    return _disc(grid, up, surface)


def _disc(grid: Floats, up: Floats, surface: Surface) -> Patch:
    rings, around = grid.shape[:2]
    corner = np.arange(rings * around).reshape(rings, around)
    a, b = corner[:-1], corner[1:]
    c, d = np.roll(b, -1, axis=1), np.roll(a, -1, axis=1)
    faces = np.concatenate([np.stack([a, d, c], -1).reshape(-1, 3), np.stack([a, c, b], -1).reshape(-1, 3)])
    points = grid.reshape(-1, 3)
    east, north = _plane_axes(up)
    uv = np.stack([points @ east, points @ north], -1) / TEXTURE_MM
    return Patch(points, vertex_normals(points, faces), uv, faces, surface)


def _plane_axes(up: Floats) -> tuple[Floats, Floats]:
    aside = np.array([1.0, 0.0, 0.0]) if abs(up[0]) < 0.9 else np.array([0.0, 1.0, 0.0])
    north = np.cross(up, aside)
    north = north / np.linalg.norm(north)
    return np.cross(north, up), north


def body(tag: Tag, colour: tuple[float, float, float], texture: int, gloss: float) -> Stuff:
    """A powder, a foam or a liquid as opaque as paint."""
    side = Surface(OPAQUE, colour, roughness=0.9, specular=0.0, texture=texture, tag=replace(tag, sight=SOLID))
    return Stuff(None, side, replace(side, specular=0.04 * gloss, roughness=0.1 if gloss else 0.9))
