"""Where vessels and their contents lie in a picture: hulls of rings, cut by level surfaces, through a pinhole."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Self

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from hardware_sim.render.photographing import Pinhole
from hardware_sim.render.still_life import Layer, Vessel

Values = NDArray[np.float64]
Plane = NDArray[np.uint8]
SPOKES = 28
LEVEL = 0.9999
"""Cosine of the angle from which on a surface counts as level."""
THIN_WALL = 0.7
"""Inner over outer radius from which on glass shows its contents as wide as itself (1 over its index of refraction)."""
_TURN = np.linspace(0, 2 * np.pi, SPOKES, endpoint=False)
_SUB_PX = 4  # bits of a pixel that OpenCV takes


@dataclass(frozen=True)
class Region:
    """A window of a picture: rows and columns, right and bottom excluded."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def around(cls, points_px: Values, margin_px: float, width: int, height: int) -> Self | None:
        """Frame points (..., 2) with a margin, within a picture; None if nothing of it is in view."""
        flat = points_px.reshape(-1, 2)
        left, top = np.floor(flat.min(axis=0) - margin_px).astype(int).tolist()
        right, bottom = np.ceil(flat.max(axis=0) + margin_px).astype(int).tolist()
        framed = cls(max(left, 0), max(top, 0), min(right, width), min(bottom, height))
        return framed if framed.right - framed.left > 2 and framed.bottom - framed.top > 2 else None

    @property
    def slices(self) -> tuple[slice, slice]:
        """To index an array (H, W, ...)."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width."""
        return self.bottom - self.top, self.right - self.left

    def blank(self) -> Plane:
        """An empty mask."""
        return np.zeros(self.shape, np.uint8)

    def fill(self, mask: Plane, polygon_px: Values) -> None:
        """Fill a convex polygon (n, 2), given in pixels of the picture, smoothly."""
        cv2.fillConvexPoly(mask, self._fixed(polygon_px), 255, cv2.LINE_AA, _SUB_PX)

    def line(self, mask: Plane, line_px: Values, thick_px: float, *, closed: bool = False) -> None:
        """Draw a line through points (n, 2)."""
        fixed = self._fixed(line_px).reshape(-1, 1, 2)
        cv2.polylines(mask, [fixed], closed, 255, max(round(thick_px), 1), cv2.LINE_AA, _SUB_PX)

    def _fixed(self, points_px: Values) -> NDArray[np.int32]:
        """OpenCV counts from the middle of a pixel."""
        return np.round((points_px - (self.left + 0.5, self.top + 0.5)) * (1 << _SUB_PX)).astype(np.int32)


def hull_px(*rings_px: Values) -> Values:
    """Convex hull (n, 2) of rings."""
    points = np.concatenate([ring.reshape(-1, 2) for ring in rings_px]).astype(np.float32)
    return np.asarray(cv2.convexHull(points)[:, 0], np.float64)


@dataclass(frozen=True)
class Standing:
    """A vessel before a camera."""

    vessel: Vessel
    pinhole: Pinhole
    basis: Values
    """(3, 3): unit vectors to the vessel's right as seen, towards the camera, and along its axis."""

    @classmethod
    def of(cls, vessel: Vessel, pinhole: Pinhole) -> Self:
        """Find out how the vessel turns to the camera."""
        axis = np.array(vessel.axis)
        front = pinhole.towards(np.array(vessel.foot_mm) + axis * vessel.profile.height_mm / 2)
        right = np.cross(front, axis)
        if np.linalg.norm(right) < 1e-3:
            right = np.cross(pinhole.turn[1], axis)
        right /= np.linalg.norm(right)
        return cls(vessel, pinhole, np.stack((right, np.cross(axis, right), axis)))

    @property
    def steepness(self) -> float:
        """Sine of the angle at which the camera looks into the mouth: 1 from above, 0 from the side, -1 from below."""
        return float(self.pinhole.towards(self._on_axis(self.vessel.profile.height_mm / 2)) @ self.basis[2])

    def rings(self, heights_mm: ArrayLike, radii_mm: ArrayLike) -> Values:
        """Points (n, SPOKES, 3) around the axis; the first is at the right, a quarter on it faces the camera."""
        middles = np.array(self.vessel.foot_mm) + np.asarray(heights_mm, np.float64)[:, None] * self.basis[2]
        return np.asarray(middles[:, None] + np.asarray(radii_mm, np.float64)[:, None, None] * self._spokes, np.float64)

    def ring_px(self, height_mm: float, radius_mm: float) -> Values:
        """One of `rings`, in the picture (SPOKES, 2)."""
        return np.asarray(self.pinhole.project(self.rings([height_mm], [radius_mm]))[0], np.float64)

    def outside_px(self) -> Values:
        """Rings of the outer wall (n, SPOKES, 2)."""
        return self.pinhole.project(self.rings(*np.array(self.vessel.profile.outer).T))

    def closure_px(self) -> list[Values]:
        """Rings of the cap, if there is one."""
        closure = self.vessel.closure
        if closure is None:
            return []
        return [self.ring_px(z, closure.radius_mm) for z in (closure.low_mm, closure.high_mm)]

    @property
    def spout_mm(self) -> float:
        """Radius of a nozzle's tube."""
        return 0.22 * self.vessel.closure.radius_mm if self.vessel.closure else 0.0

    def spout_px(self) -> list[Values]:
        """The way of a nozzle's tube (n, 2), if the cap has one: up, then to one side."""
        closure = self.vessel.closure
        if closure is None or closure.shape != "nozzle":
            return []
        rng = np.random.default_rng((self.vessel.seed, 22))
        side, bend = rng.uniform(-1, 1), rng.choice((0.0, 2.6), p=(0.3, 0.7)) * closure.radius_mm
        way = side * self.basis[0] + np.sqrt(1 - side**2) * rng.choice((-1, 1)) * self.basis[1]
        high = self._on_axis(closure.high_mm + 0.5 * closure.radius_mm)
        return [
            self.pinhole.project(
                np.stack((self._on_axis(closure.high_mm), high, high + bend * (way + 0.12 * self.basis[2])))
            )
        ]

    def extent_px(self) -> Values:
        """Points (n, 2) on the outline of all that belongs to the vessel."""
        thick = self.spout_mm * self.pinhole.px_per_mm(np.array(self.vessel.foot_mm))
        spouts = [line + shift for line in self.spout_px() for shift in (-thick, thick)]
        return np.concatenate([self.outside_px().reshape(-1, 2), *self.closure_px(), *spouts])

    def below(self, layer: Layer) -> tuple[list[Values], Values]:
        """Rings of the inside up to a layer's surface (each (SPOKES, 2)), and the surface's outline (n, 2)."""
        normal, level = self._level(layer)
        heights, radii = self._inside(layer, normal)
        discs = self.rings(heights, radii)
        if float(normal @ self.basis[2]) > LEVEL:
            rings_px = self.pinhole.project(discs)
            return list(rings_px), rings_px[-1]
        cuts = [
            self._cut(disc, float(z), float(r), normal, level) for disc, z, r in zip(discs, heights, radii, strict=True)
        ]
        found = np.array([cut for cut in cuts if cut is not None]).reshape(-1, SPOKES, 3)
        edge = found[np.abs(found @ normal - level) < 0.02 + 0.004 * radii.max()]
        surface = hull_px(self.pinhole.project(edge)) if len(edge) > 2 else np.zeros((0, 2))
        return list(self.pinhole.project(found)), surface

    @cached_property
    def _spokes(self) -> Values:
        return np.asarray(np.cos(_TURN)[:, None] * self.basis[0] - np.sin(_TURN)[:, None] * self.basis[1], np.float64)

    def _on_axis(self, height_mm: float) -> Values:
        return np.asarray(np.array(self.vessel.foot_mm) + height_mm * self.basis[2], np.float64)

    def _level(self, layer: Layer) -> tuple[Values, float]:
        """The plane (unit normal, distance) under which a layer lies: level for what flows, as heaped for what does not."""
        axis = self.basis[2]
        if layer.material in ("solid", "foam"):
            normal = axis - layer.slope * self.basis[0]
            normal /= np.linalg.norm(normal)
            return normal, float(self._on_axis(layer.top_mm) @ normal)
        upward = np.array((0.0, 0.0, 1.0))
        if axis[2] > LEVEL:
            return upward, float(self._on_axis(layer.top_mm)[2])
        return upward, self._tilted_level(layer, upward)

    def _tilted_level(self, layer: Layer, upward: Values) -> float:
        """Height in the world under which the tilted vessel holds as much as the upright one does under `top_mm`."""
        profile = self.vessel.profile
        heights = np.linspace(profile.floor_mm, profile.height_mm, 40)
        radii = profile.inner_radius_mm(heights)
        share = np.sqrt((np.arange(6) + 0.5) / 6)  # rings of equal area
        across = (radii[:, None] * share)[..., None] * np.sin(_TURN) * np.sqrt(max(0.0, 1 - self.basis[2][2] ** 2))
        world = (heights * self.basis[2][2])[:, None, None] + across
        weight = np.broadcast_to((radii**2)[:, None, None], world.shape).ravel()
        order = np.argsort(world.ravel())
        filled = np.cumsum(weight[order]) / weight.sum()
        share_filled = profile.volume_ul(layer.top_mm) / profile.capacity_ul
        return float(self.vessel.foot_mm[2] + np.interp(share_filled, filled, world.ravel()[order]))

    def _inside(self, layer: Layer, normal: Values) -> tuple[Values, Values]:
        """Heights and radii of the inside as it looks, denser where a tilted surface meets the wall."""
        profile = self.vessel.profile
        floor, corners = profile.floor_mm, [z for z, _ in profile.inner]
        if float(normal @ self.basis[2]) > LEVEL:
            heights = np.array([*(z for z in corners if z < layer.top_mm - 1e-6), layer.top_mm])
        else:
            heights = np.union1d(np.linspace(floor, profile.height_mm, 36), corners)
        return heights, self._looks(heights)

    def _looks(self, heights_mm: Values) -> Values:
        """Radii at which contents appear: a clear thin wall is a lens through which they fill all of its width."""
        inner, outer = self.vessel.profile.inner_radius_mm(heights_mm), self.vessel.profile.outer_radius_mm(heights_mm)
        if self.vessel.wall.kind == "opaque":
            return inner
        return np.where(inner > THIN_WALL * outer, 0.985 * outer, inner)

    def _cut(self, ring: Values, height: float, radius: float, normal: Values, level: float) -> Values | None:
        """What of a disc lies under a plane, as its outline; None if nothing does."""
        middle = self._on_axis(height)
        steep = normal - (normal @ self.basis[2]) * self.basis[2]  # the plane's rise within the disc
        rise = float(np.linalg.norm(steep))
        room = level - float(middle @ normal)
        if rise < 1e-4:
            return ring if room > -1e-6 else None
        reach = room / rise  # how far up the rise from the middle the disc is covered
        if reach <= -radius:
            return None
        if reach >= radius:
            return ring
        up = steep / rise
        side = np.cross(self.basis[2], up)
        away = ring - middle
        along = np.minimum(away @ up, reach)
        chord = np.sqrt(radius**2 - reach**2)
        across = np.where(away @ up > reach, np.clip(away @ side, -chord, chord), away @ side)
        return np.asarray(middle + along[:, None] * up + across[:, None] * side, np.float64)


def fill_slabs(region: Region, mask: Plane, rings_px: Values | list[Values]) -> None:
    """Fill what lies between rings that follow each other along an axis."""
    if len(rings_px) == 1:
        region.fill(mask, hull_px(rings_px[0]))
    for low, high in pairwise(rings_px):
        region.fill(mask, hull_px(low, high))
