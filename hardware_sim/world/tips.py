"""A nozzle that takes tips from a rack, dips them into wells and has them stripped; and what is in such a tip."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from math import hypot, pi

from hardware_sim.world.agenda import Event
from hardware_sim.world.liquid import Liquid
from hardware_sim.world.motion import Box
from hardware_sim.world.plumbing import Line, Plumbing, line_to
from hardware_sim.world.tool import Carriage, Mishap
from hardware_sim.world.world import World
from robot.deck import WellPlace
from robot.device_settings import GantryPipetteSettings
from robot.geometry import BenchPoint

RETAINED_UL = 2.0  # what clings to a tip once it was wet; air pushed after it takes it along (assumed)
AIM_MM = 1.0  # off the middle of a tip or of the comb, and still taken or stripped (assumed)
PRESS_MM = 0.5  # short of a rack's mark, and still pressed on (assumed)
SIDEWAYS_MM = 0.01  # less than one step of a small gantry's motor

Well = tuple[WellPlace, Line]


class Nozzle(Carriage):
    """What a gantry pipette's gantry carries. A tip's end hangs straight below it (assumed)."""

    def __init__(self, name: str, world: World, home: BenchPoint, settings: GantryPipetteSettings) -> None:
        super().__init__(name, world, home)
        self.tips = set(range(settings.tips.places))
        """What still stands in the rack."""
        self.tip: int | None = None
        """The place that the tip on it came from."""
        self.lowest_sideways_mm = home.z_mm
        """Of whatever hung lowest while it went sideways."""
        self.when_stripped: Callable[[], None] = lambda: None
        self._rack, self._comb, self._settings = settings.tips, settings.comb, settings
        self._wells = [(place, _line(world, place, settings)) for place in settings.places.values()]
        self._things = {place.name: _walls(place) for place, _ in self._wells} | {"tips": _rack(settings)}
        self._note = partial(world.note, device=name)
        self._arrival: Event | None = None
        self._awaited: set[Mishap] = set()

    @property
    def end(self) -> BenchPoint:
        """The end of its tip, or its own."""
        return self._end_at(self.position)

    def start_move(self, to: BenchPoint, speed_mm_per_s: float, acceleration_mm_per_s2: float) -> float:
        """Set out in a straight line; return the instant of arrival. What stands in the way is hit."""
        start, goal = self.end, self._end_at(to)
        if hypot(goal.x_mm - start.x_mm, goal.y_mm - start.y_mm) > SIDEWAYS_MM:
            self.lowest_sideways_mm = min(self.lowest_sideways_mm, start.z_mm, goal.z_mm)
            for thing, box in self._things.items():
                if box.crossing(start, goal) is not None:
                    self._note("collision", thing=thing)
        arrives_s = super().start_move(to, speed_mm_per_s, acceleration_mm_per_s2)
        self._arrival = self._world.agenda.at(arrives_s, self._name, self._arrive)
        return arrives_s

    def stop(self) -> None:
        """Stand still at once."""
        super().stop()
        if self._arrival is not None:
            self._arrival.cancel()

    def mouth(self) -> Line:
        """What the end would draw from and push into, here and now."""
        here = next((well for well in self._wells if _is_over(self.end, well[0])), None)
        if here is None:
            return Line("air", self._world.spill)
        place, line = here
        below_ul = pi * place.well.width_mm**2 / 4 * (self.end.z_mm - place.floor.z_mm)
        if self.tip is not None:
            return replace(line, unreachable_ul=max(line.unreachable_ul, below_ul))
        source = line.source()
        if source is not None and source.volume_ul > below_ul:
            self._note("nozzle wetted", line=line.name)
        return Line("air", line.accept)

    def befall(self, mishap: Mishap) -> None:
        """Let the next tip be missing from the rack, or stick to it when it should be stripped."""
        self._awaited.add(mishap)

    def state(self) -> dict[str, object]:
        """Everything about it, for records."""
        return {
            **super().state(),
            "tip": self.tip,
            "tips_left": len(self.tips),
            "lowest_sideways_mm": self.lowest_sideways_mm,
        }

    def _end_at(self, point: BenchPoint) -> BenchPoint:
        return point if self.tip is None else point.above(-self._rack.length_mm)

    def _arrive(self) -> None:
        here, stripped_mm = self.position, self._settings.nozzle_travel_mm + self._comb.strip_mm
        if self.tip is None:
            self._press_into_what_stands_here(here)
        elif _apart_mm(here, self._comb.under_mm) <= AIM_MM and here.z_mm >= stripped_mm - PRESS_MM:
            self._strip()

    def _strip(self) -> None:
        if "sticks" in self._awaited:
            self._awaited.remove("sticks")
            self._note("stuck", tip=self.tip)
            return
        self._note("stripped", tip=self.tip)
        self.tip = None
        self.when_stripped()

    def _press_into_what_stands_here(self, here: BenchPoint) -> None:
        for place in sorted(self.tips):
            tip = self._rack.point(place)
            if _apart_mm(here, (tip.x_mm, tip.y_mm)) <= AIM_MM and here.z_mm <= tip.z_mm + PRESS_MM:
                self.tips.discard(place)
                self._take(place)
                return

    def _take(self, place: int) -> None:
        if "is missing" in self._awaited:
            self._awaited.remove("is missing")
            self._note("missing", tip=place)
            return
        self.tip = place
        self._note("tip taken", tip=place)


class TipColumn(Plumbing):
    """What a syringe moves through a tip: air that was drawn first stays behind the liquid, and is pushed out last.

    What clings to a wet tip is short in its first stroke out, unless air follows it, and goes into the next liquid.
    """

    def __init__(self, name: str, world: World, syringe_ul: float, nozzle: Nozzle) -> None:
        super().__init__(name, world, syringe_ul, {})
        self._nozzle = nozzle
        self._displaced_ul = 0.0
        self._gap_ul = 0.0
        """Of the air, what lies before the liquid."""
        nozzle.when_stripped = lambda: self.discard(world.waste.add)

    def stroke(self, port: int, plunger_ul: float) -> None:
        """Bring the plunger to where its scale says `plunger_ul`; the valve's port is always the nozzle's."""
        before_ul, self._displaced_ul = self._displaced_ul, self._piston.true_ul(plunger_ul)
        moved_ul = self._displaced_ul - before_ul
        if moved_ul > 0:
            self._draw(self._nozzle.mouth(), moved_ul)
        elif moved_ul < 0:
            self._expel(self._nozzle.mouth(), -moved_ul)

    def discard(self, into: Callable[[Liquid], None]) -> None:
        """Lose the tip with all that is in it; air takes its place."""
        super().discard(into)
        self.air_ul, self._gap_ul = self._displaced_ul, 0.0

    def _draw(self, line: Line, volume_ul: float) -> None:
        liquid_ul, air_ul = self.held.volume_ul, self.air_ul
        super()._draw(line, volume_ul)
        if self.held.volume_ul > liquid_ul:
            self._gap_ul = 0.0  # the liquid has overtaken it
        if self.held.volume_ul > RETAINED_UL:
            self._gap_ul += self.air_ul - air_ul

    def _part(self, volume_ul: float) -> tuple[float, Liquid]:
        gap_ul = min(self._gap_ul, volume_ul)
        self._gap_ul -= gap_ul
        free_ul = max(self.held.volume_ul - RETAINED_UL, 0.0)
        liquid = self.held.take(min(volume_ul - gap_ul, free_ul))
        behind_ul = min(volume_ul - gap_ul - liquid.volume_ul, self.air_ul - gap_ul)
        if behind_ul > RETAINED_UL:
            liquid.add(self.held.take(RETAINED_UL))
        return gap_ul + behind_ul, liquid


def _line(world: World, place: WellPlace, settings: GantryPipetteSettings) -> Line:
    return line_to(world, place.name, settings.reaches, settings.waste, place.number)


def _walls(place: WellPlace) -> Box:
    floor, half_mm = place.floor, place.well.width_mm / 2
    low = BenchPoint(floor.x_mm - half_mm, floor.y_mm - half_mm, floor.z_mm)
    high = BenchPoint(floor.x_mm + half_mm, floor.y_mm + half_mm, floor.z_mm + place.well.depth_mm)
    return Box(low, high)


def _rack(settings: GantryPipetteSettings) -> Box:
    tips = settings.tips
    first, last = tips.point(0), tips.point(tips.places - 1)
    return Box(first.at_height(first.z_mm - tips.length_mm), last)


def _is_over(end: BenchPoint, place: WellPlace) -> bool:
    sideways_mm = _apart_mm(end, (place.floor.x_mm, place.floor.y_mm))
    return sideways_mm <= place.well.width_mm / 2 and end.z_mm >= place.floor.z_mm


def _apart_mm(point: BenchPoint, where: tuple[float, float]) -> float:
    return hypot(point.x_mm - where[0], point.y_mm - where[1])
