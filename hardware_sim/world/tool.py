"""The arm's hand: where it is at any instant, and what it holds."""

from collections.abc import Iterable
from dataclasses import replace
from math import cos, pi, sin
from typing import Literal

from hardware_sim.world.agenda import Event
from hardware_sim.world.liquid import Liquid
from hardware_sim.world.motion import Box, Move
from hardware_sim.world.vessel import Vessel
from hardware_sim.world.world import World
from robot.config import LabConfig
from robot.geometry import BenchPoint

MOUTH_MARGIN_MM, MOUTH_HEIGHT_MM = 25.0, 50.0  # around an oven's places: a tool in there holds the flap open (assumed)
NOWHERE = BenchPoint(0.0, 0.0, 0.0)
LOST_MM = (4.0, 8.0)  # what lost steps put it off by, level: more than a gripper forgives (assumed)
SLIPS_AFTER_S = 1.0  # for a vessel held too loosely to fall (assumed)

Mishap = Literal["is missing", "slips", "sticks"]
"""What befalls a vessel in the hand, or one that should come there."""


class Carriage:
    """The end of an arm: where it is at any instant, and where its motors say."""

    def __init__(self, name: str, world: World, home: BenchPoint) -> None:
        self._name = name
        self._world = world
        self._mouths = {oven: box for oven in world.ovens if (box := _mouth(world.lab, oven)) is not None}
        self._move = Move(home, home, 0.0, 1.0, 1.0)
        self._doors: list[Event] = []
        self._astray = NOWHERE
        """From where its motors say that it is to where it is."""
        self._chance = world.rng(f"{name} mishaps")

    @property
    def position(self) -> BenchPoint:
        """Where it is now."""
        return self._move.position(self._world.now_s)

    @property
    def believed(self) -> BenchPoint:
        """Where its motors say that it is."""
        return _shifted(self.position, self._astray, -1)

    def start_move(self, to: BenchPoint, speed_mm_per_s: float, acceleration_mm_per_s2: float) -> float:
        """Set out in a straight line to where its motors take `to` to be; return the instant of arrival.

        Flaps on the way are pushed open.
        """
        aim = _shifted(to, self._astray)
        self._move = Move(self.position, aim, self._world.now_s, speed_mm_per_s, acceleration_mm_per_s2)
        self._doors = [event for name, mouth in self._mouths.items() for event in self._pass_door(name, mouth)]
        return self._move.end_s

    def stop(self) -> None:
        """Stand still at once."""
        here = self.position
        self._move = Move(here, here, self._world.now_s, 1.0, 1.0)
        for event in self._doors:
            event.cancel()

    def set_grip(self, is_closed: bool) -> None:
        """Nothing hangs on what would close a gripper."""

    def drop(self) -> None:
        """It holds nothing."""

    @property
    def sees_vessel(self) -> bool:
        """Nothing hangs on it that could be seen between jaws."""
        return False

    # What befalls it

    def lose_steps(self) -> None:
        """Be some millimetres from where its motors say, until it finds home again."""
        far_mm, direction = float(self._chance.uniform(*LOST_MM)), float(self._chance.uniform(0, 2 * pi))
        by = BenchPoint(far_mm * cos(direction), far_mm * sin(direction), 0.0)
        self._astray = _shifted(self._astray, by)
        self._move = replace(self._move, start=_shifted(self._move.start, by), to=_shifted(self._move.to, by))
        self._world.note("lost steps", device=self._name, x_mm=by.x_mm, y_mm=by.y_mm)

    def forget_position(self, believed: BenchPoint) -> None:
        """Wake up without power's memory: its motors take themselves to be at `believed`."""
        self._astray = _shifted(self.position, believed, -1)

    def find_home(self) -> None:
        """Know again where it is."""
        self._astray = NOWHERE

    def bump(self) -> None:
        """Stand still at once, having met something; what it holds stays or falls."""
        self.stop()
        self._world.note("bumped", device=self._name)
        if self._chance.random() < 0.5:
            self.drop()

    def befall(self, mishap: Mishap) -> None:
        """Nothing hangs on it that could be missed, slip or stick."""

    def liquids(self) -> Iterable[Liquid]:
        """None."""
        return ()

    def state(self) -> dict[str, object]:
        """Everything about it, for records."""
        here = self.position
        return {"position_mm": [here.x_mm, here.y_mm, here.z_mm]}

    def _pass_door(self, oven_name: str, mouth: Box) -> list[Event]:
        oven, agenda = self._world.ovens[oven_name], self._world.agenda
        inside_s = self._move.seconds_inside(mouth)
        if inside_s is None:
            return []
        enters_s, leaves_s = inside_s
        events = [agenda.at(enters_s, self._name, lambda: oven.set_door(enters_s, True))]
        if not mouth.holds(self._move.to):
            events.append(agenda.at(leaves_s, self._name, lambda: oven.set_door(leaves_s, False)))
        return events


def _shifted(point: BenchPoint, by: BenchPoint, sign: int = 1) -> BenchPoint:
    return BenchPoint(point.x_mm + sign * by.x_mm, point.y_mm + sign * by.y_mm, point.z_mm + sign * by.z_mm)


class Tool(Carriage):
    """A gripper at the end of an arm. Nothing stands in it (assumed)."""

    def __init__(self, name: str, world: World, home: BenchPoint) -> None:
        super().__init__(name, world, home)
        self.held: Vessel | None = None
        self.is_closed = False
        self._awaited: set[Mishap] = set()
        world.hands.append(self)

    def set_grip(self, is_closed: bool) -> None:
        """Close on what stands here, or open and let go."""
        if is_closed and not self.is_closed and self.held is None:
            self._pick()
        elif not is_closed and self.held is not None:
            if "sticks" in self._awaited:
                self._awaited.remove("sticks")
                self._world.note("stuck", vessel=self.held.name)
            else:
                self.drop()
        self.is_closed = is_closed

    @property
    def sees_vessel(self) -> bool:
        """What a light barrier between its jaws says: something is held, or stands there."""
        return self.held is not None or self._world.stands_at(self.position)

    def drop(self) -> None:
        """Let go of what it holds, wherever it is."""
        if self.held is not None:
            vessel, self.held = self.held, None
            self._world.release(vessel, self.position)

    def befall(self, mishap: Mishap) -> None:
        """Let it happen, or wait for the next occasion."""
        if mishap == "slips" and self.held is not None:
            self.drop()
        else:
            self._awaited.add(mishap)

    def _pick(self) -> None:
        if "is missing" in self._awaited and self._world.miss(self.position):
            self._awaited.remove("is missing")
            return
        self.held = self._world.pick(self.position)
        if self.held is not None and "slips" in self._awaited:
            self._awaited.remove("slips")
            self._world.agenda.at(self._world.now_s + SLIPS_AFTER_S, self._name, self.drop)

    def liquids(self) -> Iterable[Liquid]:
        """What it carries."""
        return () if self.held is None else (self.held.contents,)

    def state(self) -> dict[str, object]:
        """Everything about it, for records."""
        return {**super().state(), "is_closed": self.is_closed, "holds": self.held and self.held.state()}


def _mouth(lab: LabConfig, oven: str) -> Box | None:
    """The room around all places inside an oven."""
    points = [site.point(n) for site in lab.sites.values() if site.inside == oven for n in range(site.places)]
    if not points:
        return None
    xs, ys, zs = zip(*((point.x_mm, point.y_mm, point.z_mm) for point in points), strict=True)
    margin = MOUTH_MARGIN_MM
    return Box(
        BenchPoint(min(xs) - margin, min(ys) - margin, min(zs) - margin),
        BenchPoint(max(xs) + margin, max(ys) + margin, max(zs) + MOUTH_HEIGHT_MM),
    )
