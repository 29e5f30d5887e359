"""The arm's hand: where it is at any instant, and what it holds."""

from collections.abc import Iterable

from hardware_sim.world.agenda import Event
from hardware_sim.world.liquid import Liquid
from hardware_sim.world.motion import Box, Move
from hardware_sim.world.vessel import Vessel
from hardware_sim.world.world import World
from robot.config import LabConfig
from robot.geometry import BenchPoint

MOUTH_MARGIN_MM, MOUTH_HEIGHT_MM = 25.0, 50.0  # around an oven's places: a tool in there holds the flap open (assumed)


class Tool:
    """A gripper at the end of an arm. It never loses its way, and nothing stands in it (assumed)."""

    def __init__(self, name: str, world: World, home: BenchPoint) -> None:
        self.held: Vessel | None = None
        self.is_closed = False
        self._name = name
        self._world = world
        self._mouths = {oven: box for oven in world.ovens if (box := _mouth(world.lab, oven)) is not None}
        self._move = Move(home, home, 0.0, 1.0, 1.0)
        self._doors: list[Event] = []

    @property
    def position(self) -> BenchPoint:
        """Where the tool is now."""
        return self._move.position(self._world.now_s)

    def start_move(self, to: BenchPoint, speed_mm_per_s: float, acceleration_mm_per_s2: float) -> float:
        """Set out in a straight line; return the instant of arrival. Flaps on the way are pushed open."""
        now_s = self._world.now_s
        self._move = Move(self.position, to, now_s, speed_mm_per_s, acceleration_mm_per_s2)
        self._doors = [event for name, mouth in self._mouths.items() for event in self._pass_door(name, mouth)]
        return self._move.end_s

    def stop(self) -> None:
        """Stand still at once."""
        here = self.position
        self._move = Move(here, here, self._world.now_s, 1.0, 1.0)
        for event in self._doors:
            event.cancel()

    def set_grip(self, is_closed: bool) -> None:
        """Close on what stands here, or open and let go."""
        if is_closed and not self.is_closed:
            self.held = self._world.pick(self.position)
        elif not is_closed and self.held is not None:
            vessel, self.held = self.held, None
            self._world.release(vessel, self.position)
        self.is_closed = is_closed

    def liquids(self) -> Iterable[Liquid]:
        """What it carries."""
        return () if self.held is None else (self.held.contents,)

    def state(self) -> dict[str, object]:
        """Everything about it, for records."""
        here = self.position
        return {
            "position_mm": [here.x_mm, here.y_mm, here.z_mm],
            "is_closed": self.is_closed,
            "holds": self.held and self.held.state(),
        }

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
