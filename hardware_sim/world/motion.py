"""How things move: straight lines under trapezoidal speed, as small drives do it (no limit on jerk: assumed)."""

from dataclasses import dataclass
from functools import cached_property
from math import sqrt

from robot.geometry import BenchPoint


@dataclass(frozen=True)
class Trapezoid:
    """Starting and ending at rest: how far along `distance` one is at a time. Units are the caller's.

    >>> Trapezoid(distance=100.0, speed=50.0, acceleration=50.0).duration_s
    3.0
    """

    distance: float
    speed: float
    acceleration: float

    @cached_property
    def _peak_speed(self) -> float:
        return min(self.speed, sqrt(self.distance * self.acceleration))

    @cached_property
    def duration_s(self) -> float:
        """Seconds from rest to rest."""
        if self.distance == 0:
            return 0.0
        return self.distance / self._peak_speed + self._peak_speed / self.acceleration

    def travelled(self, after_s: float) -> float:
        """Distance covered `after_s` seconds after the start."""
        if after_s >= self.duration_s:
            return self.distance
        if after_s > self.duration_s / 2:
            return self.distance - self.travelled(self.duration_s - after_s)
        ramp_s = self._peak_speed / self.acceleration
        if after_s <= ramp_s:
            return self.acceleration * max(after_s, 0.0) ** 2 / 2
        return self._peak_speed * (after_s - ramp_s / 2)

    def time_at(self, travelled: float) -> float:
        """Seconds after the start at which `travelled` is reached: the inverse of `travelled`."""
        if travelled > self.distance / 2:
            return self.duration_s - self.time_at(self.distance - travelled)
        ramp = self._peak_speed**2 / self.acceleration / 2
        if travelled <= ramp:
            return sqrt(2 * max(travelled, 0.0) / self.acceleration)
        return travelled / self._peak_speed + self._peak_speed / self.acceleration / 2


@dataclass(frozen=True)
class Box:
    """A block of space with its sides along the axes."""

    low: BenchPoint
    high: BenchPoint

    def holds(self, point: BenchPoint) -> bool:
        """Is the point in it?"""
        return all(
            low <= value <= high for low, value, high in zip(*map(_xyz, (self.low, point, self.high)), strict=True)
        )

    def crossing(self, start: BenchPoint, to: BenchPoint) -> tuple[float, float] | None:
        """Where the line from `start` (0) to `to` (1) enters and leaves; None if it passes by."""
        enters, leaves = 0.0, 1.0
        for low, high, a, b in zip(*map(_xyz, (self.low, self.high, start, to)), strict=True):
            if a == b:
                if not low <= a <= high:
                    return None
                continue
            first, last = sorted(((low - a) / (b - a), (high - a) / (b - a)))
            enters, leaves = max(enters, first), min(leaves, last)
        return (enters, leaves) if enters < leaves else None


@dataclass(frozen=True)
class Move:
    """A straight move of a tool, begun at `begun_s`."""

    start: BenchPoint
    to: BenchPoint
    begun_s: float
    speed_mm_per_s: float
    acceleration_mm_per_s2: float

    @cached_property
    def profile(self) -> Trapezoid:
        """How the tool runs along the line."""
        return Trapezoid(self.start.distance_mm(self.to), self.speed_mm_per_s, self.acceleration_mm_per_s2)

    @property
    def end_s(self) -> float:
        """When the tool arrives."""
        return self.begun_s + self.profile.duration_s

    def position(self, at_s: float) -> BenchPoint:
        """Where the tool is."""
        if at_s >= self.end_s:
            return self.to
        share = self.profile.travelled(at_s - self.begun_s) / self.profile.distance
        here = (a + (b - a) * share for a, b in zip(_xyz(self.start), _xyz(self.to), strict=True))
        return BenchPoint(*here)

    def seconds_inside(self, box: Box) -> tuple[float, float] | None:
        """When the tool enters and leaves a box during this move; None if it passes by."""
        crossing = box.crossing(self.start, self.to)
        if crossing is None:
            return None
        enters, leaves = (self.begun_s + self.profile.time_at(share * self.profile.distance) for share in crossing)
        return enters, leaves


def _xyz(point: BenchPoint) -> tuple[float, float, float]:
    return point.x_mm, point.y_mm, point.z_mm
