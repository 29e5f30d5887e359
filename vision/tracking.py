"""Vessels over time: from frame to frame they keep their numbers, and what is known of them grows no surer than it may.

One camera errs in the same direction from frame to frame (its place, the light, a label in front), so frames are no
independent witnesses. A chance is therefore averaged over some seconds, and never becomes surer than the frames themselves;
a level's doubt has a part that averages out and a part that stays. What changes by more than doubt allows, a dose for
instance, is taken over at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import exp, inf
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from vision.state.reading import PictureReading, Spread, VesselReading
from vision.state.vessel import Estimate

MEMORY_S = 3.0
"""Seconds after which a frame counts for a third."""
LASTING_SHARE = 0.7
"""Of a reading's variance that is the same in the next frame (assumed: a camera's place and light outweigh its noise)."""
DRIFT_PER_ROOT_S = 0.002
"""How far a level wanders by itself, of the vessel's height."""
JUMP_STDS = 3.5
FARTHEST = 0.6
"""How far a vessel may have moved between frames, in sides of its box."""
SEEN_IF_THERE = 0.85
"""Share of frames in which a vessel that stands in view is found (assumed)."""
APPEARS_FROM, VANISHES_AT = 0.9, 0.1


@dataclass(frozen=True)
class Event:
    """A vessel came, or went."""

    kind: Literal["appeared", "vanished"]
    number: int
    at_s: float


@dataclass(frozen=True)
class Level:
    """A fill height: what averages out, and what stays."""

    mean: float
    passing_var: float
    lasting_var: float

    @classmethod
    def of(cls, reading: Spread) -> "Level":
        """Begin with one reading."""
        variance = reading.std**2
        return cls(reading.mean, (1 - LASTING_SHARE) * variance, LASTING_SHARE * variance)

    def after(self, reading: Spread, passed_s: float) -> "Level":
        """Take one reading more: a Kalman filter on the passing part alone."""
        new = Level.of(reading)
        before_var = self.passing_var + DRIFT_PER_ROOT_S**2 * passed_s
        miss_var = before_var + new.passing_var
        if abs(new.mean - self.mean) > JUMP_STDS * miss_var**0.5:
            return new
        gain = before_var / miss_var
        lasting_var = self.lasting_var + gain * (new.lasting_var - self.lasting_var)
        return Level(self.mean + gain * (new.mean - self.mean), (1 - gain) * before_var, lasting_var)

    def estimate(self) -> Estimate:
        """The level with all its doubt."""
        return Estimate(self.mean, (self.passing_var + self.lasting_var) ** 0.5)


@dataclass(frozen=True)
class Tracked:
    """One vessel that is being followed."""

    number: int
    there: float
    """Chance that it stands where it was last seen."""
    latest: VesselReading
    """As it was last seen."""
    seen_s: float
    """When that was."""
    chances: Mapping[str, float]
    """Of "cap_on", "tipped" and the contents, over some seconds."""
    level: Level | None
    told: bool = False
    """Has its coming been told?"""

    @property
    def fill_height_fraction(self) -> Estimate | None:
        """The level over some seconds; None if it never could be read."""
        return None if self.level is None else self.level.estimate()


@dataclass
class Tracker:
    """Follows the vessels before one camera that stands still."""

    vessels: tuple[Tracked, ...] = ()
    """Those that have appeared and not vanished."""
    _followed: list[Tracked] = field(default_factory=list)
    _next: int = 1

    def follow(self, reading: PictureReading, at_s: float) -> list[Event]:
        """Take in the next frame; say who came and who went. A picture that is not good says nothing."""
        if reading.quality != "ok":
            return []
        pairs = matched([vessel.latest.box_px for vessel in self._followed], [each.box_px for each in reading.vessels])
        by_vessel = dict(pairs)
        followed = [
            _seen_again(vessel, reading.vessels[by_vessel[index]], at_s) if index in by_vessel else _missed(vessel)
            for index, vessel in enumerate(self._followed)
        ]
        for index in sorted(set(range(len(reading.vessels))) - {new for _, new in pairs}):
            followed.append(_first_seen(self._next, reading.vessels[index], at_s))
            self._next += 1
        return self._settle(followed, at_s)

    def _settle(self, followed: Sequence[Tracked], at_s: float) -> list[Event]:
        """Tell who came and who went; forget those that are not there."""
        came = {vessel.number for vessel in followed if not vessel.told and vessel.there >= APPEARS_FROM}
        gone = {vessel.number for vessel in followed if vessel.there <= VANISHES_AT}
        events = [Event("appeared", number, at_s) for number in sorted(came)]
        events += [
            Event("vanished", vessel.number, at_s) for vessel in followed if vessel.number in gone and vessel.told
        ]
        self._followed = [
            replace(vessel, told=vessel.told or vessel.number in came)
            for vessel in followed if vessel.number not in gone
        ]  # fmt: skip
        self.vessels = tuple(vessel for vessel in self._followed if vessel.told)
        return events


def matched(before: Sequence[Sequence[float]], now: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Pair boxes of one frame with those of the next so that together they moved least; far ones are not paired."""
    if not before or not now:
        return []
    moved = _moved(np.array(before), np.array(now))
    rows, columns = linear_sum_assignment(np.minimum(moved, 10 * FARTHEST))
    return [(int(a), int(b)) for a, b in zip(rows, columns, strict=True) if moved[a, b] <= FARTHEST]


def _moved(before: NDArray[np.float64], now: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far middles and sides are apart, in sides of the larger box: (N, M)."""
    sides = np.maximum(before[:, None, 2:] - before[:, None, :2], now[None, :, 2:] - now[None, :, :2])
    ends = np.abs(before[:, None] - now[None])
    return np.asarray(np.maximum(ends[..., :2], ends[..., 2:]).max(axis=2) / np.maximum(sides.max(axis=2), 1e-6))


def _first_seen(number: int, reading: VesselReading, at_s: float) -> Tracked:
    level = None if reading.fill_height_fraction is None else Level.of(reading.fill_height_fraction)
    return Tracked(number, reading.score / 2, reading, at_s, _chances_of(reading), level)


def _seen_again(vessel: Tracked, reading: VesselReading, at_s: float) -> Tracked:
    passed_s = max(0.0, at_s - vessel.seen_s)
    weight = 1 - exp(-passed_s / MEMORY_S)
    now = _chances_of(reading)
    chances = {name: vessel.chances[name] + weight * (chance - vessel.chances[name]) for name, chance in now.items()}
    level, seen = vessel.level, reading.fill_height_fraction
    if seen is not None:
        level = Level.of(seen) if level is None else level.after(seen, passed_s)
    there = _updated(vessel.there, reading.score / max(1e-6, 1 - reading.score) if reading.score < 1 else inf)
    return replace(vessel, there=there, latest=reading, seen_s=at_s, chances=chances, level=level)


def _missed(vessel: Tracked) -> Tracked:
    return replace(vessel, there=_updated(vessel.there, 1 - SEEN_IF_THERE))


def _updated(chance: float, odds: float) -> float:
    """Bayes' rule, limited so that no vessel becomes too certain ever to vanish."""
    before = chance / max(1e-6, 1 - chance)
    after = before * min(max(odds, 0.05), 20.0)
    return min(after / (1 + after), 0.99)


def _chances_of(reading: VesselReading) -> dict[str, float]:
    contents = {str(name): chance for name, chance in reading.content.items()}
    return {"cap_on": reading.cap_on, "tipped": reading.tipped} | contents
