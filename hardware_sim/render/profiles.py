"""Vessels as surfaces of revolution: what a potter's template says of them, and how much they hold, exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Curve = tuple[tuple[float, float], ...]
"""Heights over the foot and radii, both in mm, from the lowest up: straight between them."""
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Profile:
    """One kind of vessel, upright on its foot at height 0. Between the points of a curve lie frusta of cones."""

    kind: str
    """In words, as `VesselTruth.kind`."""
    outer: Curve
    """The wall's outside, from 0 to the brim."""
    inner: Curve
    """The wall's inside, from the inner floor to the brim."""
    neck_mm: float
    """Height at which a cap ends, or a stopper's collar sits."""
    stands: bool = True
    """Does it stand on a bench by itself? If not, it needs a rack, a clamp or a gripper."""

    @property
    def height_mm(self) -> float:
        """From foot to brim."""
        return self.outer[-1][0]

    @property
    def floor_mm(self) -> float:
        """Height of the inner floor over the foot."""
        return self.inner[0][0]

    @property
    def widest_mm(self) -> float:
        """Largest outer radius."""
        return max(radius for _, radius in self.outer)

    @property
    def mouth_mm(self) -> float:
        """Inner radius at the brim."""
        return self.inner[-1][1]

    @cached_property
    def capacity_ul(self) -> float:
        """What it holds to the brim."""
        return float(self._below[-1])

    def outer_radius_mm(self, height_mm: ArrayLike) -> Values:
        """Radius of the outside at heights over the foot."""
        return _radius(self.outer, height_mm)

    def inner_radius_mm(self, height_mm: ArrayLike) -> Values:
        """Radius of the inside at heights over the foot; 0 below the inner floor."""
        return np.where(np.asarray(height_mm) < self.floor_mm, 0.0, _radius(self.inner, height_mm))

    def volume_ul(self, height_mm: float) -> float:
        """What it holds up to a height over the foot; a height outside the inside counts as its nearer end."""
        heights, radii = _columns(self.inner)
        height = float(np.clip(height_mm, heights[0], heights[-1]))
        low = min(int(np.searchsorted(heights, height, side="right")) - 1, len(heights) - 2)
        return float(self._below[low] + _frustum_ul(height - heights[low], radii[low], _radius(self.inner, height)))

    def height_mm_of(self, volume_ul: float) -> float:
        """Height over the foot to which a volume fills it: the inverse of `volume_ul`.

        Raises:
            ValueError: the volume is negative, or more than the vessel holds.
        """
        if not 0 <= volume_ul <= self.capacity_ul:
            raise ValueError(f"{self.kind}: volume_ul={volume_ul} is outside 0 to {self.capacity_ul:.0f}")
        heights, radii = _columns(self.inner)
        low = min(int(np.searchsorted(self._below, volume_ul, side="right")) - 1, len(heights) - 2)
        rest_ul = volume_ul - self._below[low]
        rise = heights[low + 1] - heights[low]
        slope = (radii[low + 1] - radii[low]) / rise
        if abs(slope) < 1e-9:
            return float(heights[low] + rest_ul / (np.pi * radii[low] ** 2))
        radius = np.cbrt(radii[low] ** 3 + 3 * slope * rest_ul / np.pi)
        return float(heights[low] + (radius - radii[low]) / slope)

    @cached_property
    def _below(self) -> Values:
        """Volume below each point of the inner curve."""
        heights, radii = _columns(self.inner)
        return np.concatenate(([0.0], np.cumsum(_frustum_ul(np.diff(heights), radii[:-1], radii[1:]))))


def hollow(kind: str, outer: Sequence[tuple[float, float]], wall_mm: float, floor_mm: float, neck_mm: float,
           *, stands: bool = True) -> Profile:  # fmt: skip
    """Make a vessel whose wall is equally thick everywhere, measured across, above a floor `floor_mm` thick."""
    heights, radii = _columns(outer)
    above = heights > floor_mm + 0.05
    floor_radius = float(np.interp(floor_mm, heights, radii)) - wall_mm
    inside = [(floor_mm, max(floor_radius, 0.0))]
    inside += [(float(z), max(float(r) - wall_mm, 0.1)) for z, r in zip(heights[above], radii[above], strict=True)]
    return Profile(kind, tuple((float(z), float(r)) for z, r in outer), tuple(inside), neck_mm, stands)


def _columns(curve: Sequence[tuple[float, float]]) -> tuple[Values, Values]:
    heights, radii = np.asarray(curve, np.float64).T
    return heights, radii


def _radius(curve: Curve, height_mm: ArrayLike) -> Values:
    heights, radii = _columns(curve)
    return np.asarray(np.interp(np.asarray(height_mm, np.float64), heights, radii), np.float64)


def _frustum_ul(rise_mm: ArrayLike, low_mm: ArrayLike, high_mm: ArrayLike) -> Values:
    rise, low, high = np.asarray(rise_mm), np.asarray(low_mm), np.asarray(high_mm)
    return np.asarray(np.pi / 3 * rise * (low * low + low * high + high * high), np.float64)
