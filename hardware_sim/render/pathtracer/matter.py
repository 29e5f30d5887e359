"""What surfaces are made of and what fills the space between them, as rows of numbers for the tracer."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Rgb = tuple[float, float, float]
Table = NDArray[np.float32]
NOBODY = 0
ENV_ROWS, ENV_COLUMNS, TEXTURE_PX = 64, 128, 256
"""Sizes of the surroundings and of a texture: constants of the kernel."""
GAMMA = 2.2
"""Exponent of displays."""
OPAQUE, INTERFACE, LAMP = 0, 1, 2
MEDIUM_COLUMNS, SURFACE_COLUMNS = 8, 16


@dataclass(frozen=True)
class Medium:
    """What light travels through: air, glass, a liquid."""

    ior: float
    absorption_per_mm: Rgb = (0.0, 0.0, 0.0)
    scattering_per_mm: float = 0.0
    forwardness: float = 0.0
    """Mean cosine of scattering, after Henyey and Greenstein."""
    material: int = 0
    """Class index in the picture's material plane; 0 is no content of a vessel."""
    phase: int = 0
    """Number of the region of material, or 0."""

    def row(self) -> list[float]:
        """As the tracer reads it, `MEDIUM_COLUMNS` numbers."""
        return [self.ior, *self.absorption_per_mm, self.scattering_per_mm, self.forwardness, self.material, self.phase]


AIR = Medium(1.0)


@dataclass(frozen=True)
class Tag:
    """What a person would call a surface."""

    vessel: int = NOBODY
    """Number of the vessel it belongs to, or 0."""
    material: int = 0
    """Class index in the picture's material plane, where the surface is the last thing seen."""
    phase: int = 0
    """Number of the region of material, or 0."""
    sight: int = 0
    """One of `SOLID` and the like: what a look does that meets it."""


SOLID, WALL, CLEAR, PRINT, LABEL, PUDDLE = range(6)
"""Ends a look; the outside of a clear wall, its inside and the boundaries of liquids let it pass, bent; ink lets it
pass as if it were not there; a label hides what is behind; spilled liquid."""


@dataclass(frozen=True)
class Surface:
    """One side of a mesh and the other: normals point from `back` to `front`."""

    kind: int = OPAQUE
    colour: Rgb = (0.8, 0.8, 0.8)
    """Of an opaque surface, as displays show it; radiance of a lamp."""
    roughness: float = 0.4
    specular: float = 0.04
    """Reflectance of an opaque surface seen straight; 0 is chalk."""
    metal: bool = False
    texture: int = -1
    """Number of the texture that multiplies the colour, or -1."""
    front: Medium = AIR
    back: Medium = AIR
    tag: Tag = field(default_factory=Tag)


def light_of(shown: Sequence[float]) -> list[float]:
    """Light of colours as displays show them, 0 to 1: still lifes and textures are painted in these."""
    return [float(max(value, 0.0) ** GAMMA) for value in shown]


def tables(surfaces: Sequence[Surface]) -> tuple[Table, Table]:
    """Write surfaces and their media as rows: (S, `SURFACE_COLUMNS`), (M, `MEDIUM_COLUMNS`); medium 0 is air."""
    media = list(dict.fromkeys([AIR, *(side for each in surfaces for side in (each.front, each.back))]))
    number = {medium: index for index, medium in enumerate(media)}
    rows = [
        [each.kind, *(each.colour if each.kind == LAMP else light_of(each.colour)), each.roughness, each.specular, each.metal, each.texture,
         number[each.front], number[each.back], each.tag.vessel, each.tag.material, each.tag.phase, each.tag.sight, 0, 0]
        for each in surfaces
    ]  # fmt: skip
    return np.array(rows, np.float32), np.array([medium.row() for medium in media], np.float32)
