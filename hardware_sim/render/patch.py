"""The part of a picture that a vessel takes, and where in the vessel each of its pixels lies."""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware_sim.render.outlines import Plane, Region, Standing, Values
from hardware_sim.render.planes import Grid
from hardware_sim.render.still_life import Light

STEPS = 256


@dataclass(frozen=True)
class Patch:
    """Coordinates of pixels (H, W) within a vessel."""

    region: Region
    standing: Standing
    px_per_mm: float
    across: Grid
    """Pixels to the right of the axis."""
    u: Grid
    """The same as a share of the outer radius there, -1 to 1."""
    arch: Grid
    """sqrt(1 - u²): how far the front bulges towards the camera."""
    step: Plane
    """Height on the axis, in 1/255 of the vessel's height."""
    perp: tuple[float, float]
    """Direction in the picture to the vessel's right."""
    lamp: Grid
    """(3, 1, 1) what a white sheet looks like in this light."""
    light: Light
    rng: np.random.Generator

    @classmethod
    def of(cls, region: Region, standing: Standing, light: Light) -> Self:
        """Measure out a region."""
        profile = standing.vessel.profile
        ends = standing.pinhole.project(
            np.array(standing.vessel.foot_mm) + np.outer((0.0, profile.height_mm), standing.basis[2])
        )
        middle = np.array(standing.vessel.foot_mm) + profile.height_mm / 2 * standing.basis[2]
        scale = standing.pinhole.px_per_mm(middle)
        along, long = ends[1] - ends[0], float(np.linalg.norm(ends[1] - ends[0]))
        along = along / long if long > 1 else np.array((0.0, -1.0))
        right = np.array((-along[1], along[0]))
        rows = np.arange(region.top, region.bottom, dtype=np.float32)[:, None] + np.float32(0.5 - ends[0, 1])
        columns = np.arange(region.left, region.right, dtype=np.float32)[None, :] + np.float32(0.5 - ends[0, 0])
        across: Grid = columns * np.float32(right[0]) + rows * np.float32(right[1])
        up = columns * np.float32(along[0]) + rows * np.float32(along[1])
        per_px = 255 / max(long, 0.35 * profile.height_mm * scale)
        step = np.clip(up * np.float32(per_px), 0, 255).astype(np.uint8)
        if abs(standing.steepness) > 0.93:
            step[:] = 255
        half = _table(profile.outer_radius_mm(np.linspace(0, profile.height_mm, STEPS)) * scale, step)
        u = np.clip(across / half, -1, 1).astype(np.float32)
        return cls(region, standing, scale, across, u, np.sqrt(np.float32(1.0001) - u * u), step,
                   (float(right[0]), float(right[1])),
                   np.array(light.rgb, np.float32)[:, None, None] * np.float32(235 * light.brightness), light,
                   np.random.default_rng((standing.vessel.seed, 21)))  # fmt: skip

    def by_height(self, values: Values) -> Grid:
        """Spread values (STEPS,), from foot to brim, over the pixels."""
        return _table(values, self.step)

    def heights_mm(self) -> Values:
        """Heights (STEPS,) that `by_height` takes values at."""
        return np.linspace(0, self.standing.vessel.profile.height_mm, STEPS)

    def front_mm(self) -> Grid:
        """Height over the foot of what is seen on the vessel's front."""
        steep = float(np.clip(self.standing.steepness, -0.9, 0.9))
        bulge = steep / np.sqrt(1 - steep * steep)
        heights = self.heights_mm()
        radius = self.by_height(self.standing.vessel.profile.outer_radius_mm(heights) * bulge)
        return np.asarray(self.by_height(heights) + radius * self.arch, np.float32)

    def light_on(self, ambient: float, strength: float) -> Grid:
        """Light (H, W) on a matt round body."""
        side = np.float32(0.28 * self.light.from_side * (1 - 0.6 * self.light.softness))
        return np.asarray(np.float32(ambient) + np.float32(strength) * self.arch + side * self.u, np.float32)

    def grain(self, size_px: float, steps: float = 1.0) -> Grid:
        """Noise (H, W) with grains of a size; its standard deviation is `steps`."""
        height, width = self.region.shape
        cells = (max(2, int(width / max(size_px, 1.0))), max(2, int(height / max(size_px, 1.0))))
        noise = self.rng.standard_normal((cells[1], cells[0]), dtype=np.float32) * np.float32(steps)
        if cells == (width, height):
            return noise
        return np.asarray(cv2.resize(noise, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _table(values: Values, step: Plane) -> Grid:
    return np.asarray(cv2.LUT(step, values.astype(np.float32)), np.float32)


def behind(picture: NDArray[np.uint8], patch: Patch, shift: Grid) -> Grid:
    """What is seen (3, H, W) where rays are bent by `shift` pixels to the right."""
    region = patch.region
    columns = np.arange(region.left, region.right, dtype=np.float32)[None, :] + shift * np.float32(patch.perp[0])
    rows = np.arange(region.top, region.bottom, dtype=np.float32)[:, None] + shift * np.float32(patch.perp[1])
    bent = cv2.remap(picture, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return np.stack([plane.astype(np.float32) for plane in cv2.split(bent)])
