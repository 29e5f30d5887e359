"""Lamps and a room around, made by procedure, as bright as a white card on the table needs."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware_sim.render.pathtracer.matter import ENV_COLUMNS, ENV_ROWS, LAMP, Surface
from hardware_sim.render.pathtracer.mesh import Floats, Patch
from hardware_sim.render.pathtracer.solids import picture
from hardware_sim.render.photographing import Pinhole
from hardware_sim.render.still_life import Camera, Light

WHITE_CARD = 0.82
"""What a white card on the table sends back in a picture of brightness 1."""


@dataclass(frozen=True)
class Lamp:
    """A rectangle that shines to one side."""

    corner_mm: Floats
    side_a_mm: Floats
    side_b_mm: Floats
    """It shines towards A x B."""
    radiance: Floats

    def row(self) -> list[float]:
        """As the tracer reads it, 16 numbers."""
        return [*self.corner_mm, *self.side_a_mm, *self.side_b_mm, 0.0, *self.radiance, 0.0, 0.0, 0.0]

    def patch(self) -> Patch:
        """Its mesh: lamps are mirrored in glass."""
        a, b, c = self.corner_mm, self.side_a_mm, self.side_b_mm
        red, green, blue = (float(value) for value in self.radiance)
        return picture([a, a + b, a + c, a + b + c], Surface(LAMP, (red, green, blue)))

    def onto_card(self) -> Floats:
        """Irradiance of a card at the origin that faces up, (3,)."""
        to = self.corner_mm + (self.side_a_mm + self.side_b_mm) / 2
        distance = np.linalg.norm(to)
        facing = max(float(-np.cross(self.side_a_mm, self.side_b_mm) @ to) / float(distance), 0.0)
        return np.asarray(self.radiance * (facing * max(float(to[2] / distance), 0.0) / float(distance) ** 2))


@dataclass(frozen=True)
class Lighting:
    """All light of a scene."""

    lamps: tuple[Lamp, ...]
    room: NDArray[np.float32]
    """(64, 128, 3) radiance: row 0 from above, columns around from -x."""

    @property
    def room_share(self) -> float:
        """Share of questions worth asking of the room."""
        return 0.5 if self.lamps else 1.0


def lighting(light: Light, camera: Camera, seed: int) -> Lighting:
    """Light a scene: a room with windows and ceiling lamps, and usually a lamp near by."""
    rng = np.random.default_rng((seed, 13))
    room = _room(light, rng)
    lamps = [lamp for lamp in (_lamp(light, camera, rng) for _ in range(rng.integers(1, 3))) if lamp is not None]
    share = float(np.clip(rng.uniform(0.15, 0.75) * (1.2 - light.softness), 0, 0.8)) if lamps else 0.0
    goal = np.pi * WHITE_CARD * light.brightness
    room *= (1 - share) * goal / float(_onto_card(room).mean())
    near = sum(float(lamp.onto_card().mean()) for lamp in lamps)
    scale = share * goal / max(near, 1e-9)
    lit = tuple(Lamp(a.corner_mm, a.side_a_mm, a.side_b_mm, a.radiance * min(scale, 400.0)) for a in lamps)
    return Lighting(lit, room.astype(np.float32))


def _onto_card(room: NDArray[np.float32]) -> Floats:
    tilt = (np.arange(ENV_ROWS // 2) + 0.5) / ENV_ROWS * np.pi
    texel = np.pi / ENV_ROWS * 2 * np.pi / ENV_COLUMNS * np.sin(tilt) * np.cos(tilt)
    return np.asarray((room[: ENV_ROWS // 2] * texel[:, None, None]).sum(axis=(0, 1)), np.float64)


def _room(light: Light, rng: np.random.Generator) -> NDArray[np.float32]:
    room = np.empty((ENV_ROWS, ENV_COLUMNS, 3), np.float32)
    tint = np.array(light.rgb, np.float32)
    room[:] = rng.uniform(0.25, 0.7) * tint
    room[: ENV_ROWS // 4] = rng.uniform(0.5, 1.1) * tint
    room[ENV_ROWS * 5 // 8 :] = rng.uniform(0.12, 0.4) * tint * rng.uniform(0.85, 1.1, 3)
    for _ in range(rng.integers(4, 14)):  # furniture, people, doors
        _rectangle(room, rng, (18, 50), (4, 24), (3, 22), rng.uniform(0.04, 0.6) * rng.uniform(0.7, 1.2, 3))
    for _ in range(rng.integers(1, 5)):  # lamps in the ceiling
        _rectangle(room, rng, (2, 16), (4, 18), (1, 5), rng.uniform(4, 16) * tint)
    side = int((0.25 + 0.25 * (1 - light.from_side)) * ENV_COLUMNS + rng.normal(0, 8)) % ENV_COLUMNS
    for window in range(rng.integers(0, 4)):
        daylight = np.array([0.92, 0.98, 1.08]) * rng.uniform(2, 8)
        _rectangle(room, rng, (16, 28), (4, 10), (6, 14), daylight, column=side + 11 * window)
    return cv2.GaussianBlur(room, (0, 0), 0.4 + 2.5 * light.softness**2, borderType=cv2.BORDER_REPLICATE).astype(
        np.float32
    )


def _rectangle(room: NDArray[np.float32], rng: np.random.Generator, rows: tuple[int, int], wide: tuple[int, int],
               tall: tuple[int, int], radiance: NDArray[np.floating[Any]], column: int | None = None) -> None:  # fmt: skip
    top, width, height = int(rng.integers(*rows)), int(rng.integers(*wide)), int(rng.integers(*tall))
    left = int(rng.integers(ENV_COLUMNS)) if column is None else column
    columns = np.arange(left, left + width) % ENV_COLUMNS
    room[top : top + height, columns] = radiance


def _lamp(light: Light, camera: Camera, rng: np.random.Generator) -> Lamp | None:
    """Put a lamp over the table where the camera does not see it; None if there is no such place."""
    for _ in range(8):
        way = np.array([light.from_side * 1.2 + rng.normal(0, 0.3), rng.normal(-0.35, 0.5), rng.uniform(0.6, 1.4)])
        way /= np.linalg.norm(way)
        size = rng.uniform(30, 90) + 420 * light.softness * rng.uniform(0.4, 1)
        middle = way * rng.uniform(600, 1300) + np.array([0, 0, 60])
        side_a = np.cross(way, [0.1, 0.2, 0.97])
        side_a *= size / np.linalg.norm(side_a)
        side_b = np.cross(side_a, way) * rng.uniform(0.3, 1.2)
        corners = middle + np.array([[u, v] for u in (-0.5, 0.5) for v in (-0.5, 0.5)]) @ np.stack([side_a, side_b])
        if not _in_view(corners, camera):
            return Lamp(corners[0], side_b, side_a, np.array(light.rgb) * rng.uniform(0.9, 1.1, 3))
    return None


def _in_view(corners: Floats, camera: Camera) -> bool:
    pinhole = Pinhole.of(camera)
    ahead = pinhole.depth_mm(corners) > 0
    place = pinhole.project(corners)
    size = np.array([camera.width_px, camera.height_px])
    low, high = place.min(axis=0), place.max(axis=0)
    return bool(ahead.any() and (high > -0.1 * size).all() and (low < 1.1 * size).all())
