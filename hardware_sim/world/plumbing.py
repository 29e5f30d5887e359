"""A syringe behind a valve, and where the valve's lines end."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from hardware_sim.faults import ShortAspirate
from hardware_sim.world.bench import Spot
from hardware_sim.world.liquid import Liquid
from hardware_sim.world.world import World

DEAD_UL = 2.0  # between plunger and valve, never expelled: the carry-over (assumed; some 0.2 % of a 1 ml stroke)
HEEL_UL = 30.0  # what a line that dips into a vial cannot reach (assumed)

LIMITS_UP_TO_UL = (100.0, 500.0)
SYSTEMATIC_LIMIT = (0.015, 0.010, 0.006)
RANDOM_LIMIT = (0.006, 0.004, 0.002)
"""Shares of the full stroke for small, middling and large syringes, in the style of ISO 8655; a pump is taken to lie at half of each (assumed)."""


@dataclass(frozen=True)
class Line:
    """One port's tubing, always primed (assumed), and what it leads to."""

    name: str
    accept: Callable[[Liquid], None]
    """Takes all that the syringe expels."""
    source: Callable[[], Liquid | None] = lambda: None
    """What it dips into; None: it takes in air."""
    unreachable_ul: float = 0.0
    is_ink: bool = False

    def draw(self, volume_ul: float) -> Liquid:
        """Give up to `volume_ul` of liquid; what is missing will be air."""
        source = self.source()
        return Liquid() if source is None else source.take(min(volume_ul, source.volume_ul - self.unreachable_ul))


class Piston:
    """A plunger's errors: what a stroke of a syringe truly displaces; its scale is right where it was filled."""

    def __init__(self, rng: np.random.Generator, syringe_ul: float, filled_ul: float = 0.0) -> None:
        size = bisect_left(LIMITS_UP_TO_UL, syringe_ul)
        self._rng = rng
        self._filled_ul = filled_ul
        self._gain = 1.0 + float(rng.choice((-0.5, 0.5))) * SYSTEMATIC_LIMIT[size]
        self._scatter_ul = RANDOM_LIMIT[size] / 2 * syringe_ul

    def true_ul(self, plunger_ul: float) -> float:
        """What is displaced where its scale says `plunger_ul`: nothing at its stop, elsewhere gain and scatter."""
        if plunger_ul <= 0:
            return 0.0
        displaced_ul = self._filled_ul + (plunger_ul - self._filled_ul) * self._gain
        return max(displaced_ul + self._scatter_ul * float(self._rng.standard_normal()), 0.0)


class Plumbing:
    """A syringe and its lines. Air rises to the outlet at the top: it leaves before the liquid.

    Args:
        name: the device it belongs to.
        world: where its lines end.
        syringe_ul: a full stroke.
        lines: by port, as `line_to` makes them.
        held: what is in it at the start.
    """

    def __init__(
        self, name: str, world: World, syringe_ul: float, lines: Mapping[int, Line], held: Liquid | None = None
    ) -> None:
        self.held = held or Liquid()
        self.air_ul = 0.0
        self.bubble_share = 0.0
        """Of the next draw: so much of it will be air."""
        self.leak_share = 0.0
        """Of the next stroke out: so much of it will be spilled."""
        self._spill = world.spill
        self._capacity_ul = syringe_ul
        self._lines = lines
        self._shorts = [f for f in world.faults if isinstance(f, ShortAspirate) and f.device.partition("/")[0] == name]
        self._large_draws: Counter[ShortAspirate] = Counter()
        self._piston = Piston(world.rng(name), syringe_ul, self.held.volume_ul)
        self._note = partial(world.note, device=name)

    def liquids(self) -> Iterable[Liquid]:
        """What is in the syringe."""
        return (self.held,)

    def state(self) -> dict[str, object]:
        """Everything about it, for records."""
        return {"held_ul": self.held.state(), "air_ul": self.air_ul}

    def stroke(self, port: int, plunger_ul: float) -> None:
        """Bring the plunger to where its scale says `plunger_ul`, through a port."""
        usable_ul = max(self.held.volume_ul - DEAD_UL, 0.0)
        moved_ul = self._piston.true_ul(plunger_ul) - usable_ul - self.air_ul
        if moved_ul > 0:
            self._draw(self._lines[port], moved_ul)
        elif moved_ul < 0:
            self._expel(self._lines[port], -moved_ul)

    def discard(self, into: Callable[[Liquid], None]) -> None:
        """Give up all it holds, its dead volume too."""
        held, self.held, self.air_ul = self.held, Liquid(), 0.0
        into(held)

    def _draw(self, line: Line, volume_ul: float) -> None:
        air_share = max(self._bubble_fraction(line, volume_ul), self.bubble_share)
        self.bubble_share = 0.0
        liquid = line.draw(volume_ul * (1 - air_share))
        liquid_ul = liquid.volume_ul
        self.held.add(liquid)
        self.air_ul += volume_ul - liquid_ul
        self._note("aspirated", line=line.name, liquid_ul=liquid_ul, air_ul=volume_ul - liquid_ul)

    def _bubble_fraction(self, line: Line, volume_ul: float) -> float:
        """Count a draw against the planned faults; say how much of it is air on purpose."""
        if not line.is_ink:
            return 0.0
        share = 0.0
        for short in self._shorts:
            if volume_ul < short.least_fraction * self._capacity_ul:
                continue
            self._large_draws[short] += 1
            if self._large_draws[short] == short.nth:
                share = short.air_fraction
                self._note("fault", kind="short-aspirate", line=line.name, air_fraction=share)
        return share

    def _expel(self, line: Line, volume_ul: float) -> None:
        air_ul, liquid = self._part(volume_ul)
        self.air_ul -= air_ul
        leaked = liquid.take(liquid.volume_ul * self.leak_share)
        self.leak_share = 0.0
        self._note("dispensed", line=line.name, liquid_ul=liquid.volume_ul, air_ul=air_ul, parts_ul=liquid.state())
        line.accept(liquid)
        self._spill(leaked)

    def _part(self, volume_ul: float) -> tuple[float, Liquid]:
        """What leaves in a stroke out: so much air, and the liquid."""
        air_ul = min(self.air_ul, volume_ul)
        return air_ul, self.held.take(volume_ul - air_ul)


def line_to(world: World, name: str, reaches: Mapping[str, str], waste: str = "", place: int = 0) -> Line:
    """Find what a line of that name leads to: into or over a place of a site, a bottle, the waste, or the bench itself."""
    if name in reaches:
        spot = world.bench.spot(reaches[name], place)
        return Line(name, partial(world.pour, spot=spot), partial(_in_vial, spot), HEEL_UL)
    if name in world.stocks:
        bottle, stock = world.stocks[name], world.lab.stocks[name]
        is_ink = stock.concentration_mg_per_ml > 0
        return Line(name, bottle.add, lambda: bottle, stock.dead_volume_ml * 1000, is_ink)
    return Line(name, world.waste.add if name == waste else world.spill)


def _in_vial(spot: Spot) -> Liquid | None:
    """A line dips into a vial; it hangs above a plate, and above a cap."""
    vessel = spot.top
    return vessel.contents if vessel is not None and vessel.ware.kind == "vial" and vessel.is_open else None
