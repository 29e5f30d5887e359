"""How a powder doser doses: it shakes, waits, weighs, and shakes again for what is missing. All figures are assumed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from hardware_sim.emulators.load_cell import LoadCell
from hardware_sim.world.agenda import Event
from hardware_sim.world.hopper import Hopper
from hardware_sim.world.world import World

FASTEST_MG_PER_S = 200.0
SHAKES_S = (1.0, 5.0)  # the shortest and the longest
APPROACH = 0.5  # of what is missing is tried for, until it is small: how a hopper flows is learned on the way
CLOSE = 2.0  # tolerances: from here on all that is missing is tried for
LEARNS = 0.5  # weight of the last shake in what it knows of a hopper's flow
LEAST_FALL_UG = 500
FUTILE_SHAKES = 5


@dataclass
class Order:
    """A dose, as it is remembered without power."""

    number: int = 0
    hopper: int = 0
    target_ug: int = 0
    tolerance_ug: int = 0
    end: str = "none"
    dosed_ug: int | None = 0
    empty_ug: int | None = None
    """What the load cell bore before; None until it has been weighed."""
    stopped_by: str = ""
    futile_shakes: int = 0
    fallen_mg: float = 0.0
    """The truth, which the doser does not know."""

    @property
    def task(self) -> str:
        """The only one there is."""
        return "dose"

    @property
    def figures(self) -> list[int]:
        """What makes a repetition of it."""
        return [self.number, self.hopper, self.target_ug, self.tolerance_ug]

    @property
    def is_running(self) -> bool:
        """Is it neither done nor given up?"""
        return self.end == "running"


@dataclass(frozen=True)
class Shake:
    """The chute at work."""

    since_s: float
    lasts_s: float
    nominal_mg: float
    end: Event


class WeighFeeder:
    """Hoppers over one chute, and the load cell under it.

    Args:
        name: the device it belongs to.
        world: where its powders come from and fall to.
        hoppers: by number from 1.
        report: told when an order has ended.
    """

    def __init__(self, name: str, world: World, hoppers: Mapping[int, Hopper], report: Callable[[], None]) -> None:
        self.hoppers = hoppers
        self.order = Order()
        self.left_ug: dict[int, int | None] = dict.fromkeys(hoppers)
        """What each hopper should still hold; None if nobody knows."""
        self.cell = LoadCell(name, world)
        self._name = name
        self._world = world
        self._report = report
        self._spot = next((spot for spot in world.bench.spots.values() if spot.inside == name), None)
        self._flows = dict.fromkeys(hoppers, 1.0)
        """What falls over what should, as far as it has learned."""
        self._shake: Shake | None = None

    @property
    def doing(self) -> str:
        """In the protocol's words."""
        return "idle" if not self.order.is_running else "weighing" if self._shake is None else "feeding"

    @property
    def dosed_ug(self) -> int | None:
        """What has fallen into the vessel for the last order; None if nobody can know."""
        order = self.order
        return self.cell.gained_ug(order.empty_ug) if order.is_running else order.dosed_ug

    def begin(self, order: Order) -> None:
        """Take an order: weigh the vessel as it came, then dose."""
        self.order = order
        order.end = "running"
        self.cell.when_at_rest(self._weigh_empty)

    def interrupt(self, why: str) -> None:
        """End a dose: the chute stands still at once, what has fallen is weighed."""
        if self.order.is_running:
            self.order.stopped_by = self.order.stopped_by or why
            if self._shake is not None:
                self._end_shaking()

    def _weigh_empty(self) -> None:
        self.order.empty_ug = self.cell.load_ug
        self._decide()

    def _weigh_fallen(self, nominal_mg: float, before_ug: int) -> None:
        """See what has fallen, and learn from it; nothing, where nothing fell: what is unclogged flows as before."""
        order = self.order
        fell_ug = (self.dosed_ug or 0) - before_ug
        is_futile = fell_ug < LEAST_FALL_UG
        order.futile_shakes = order.futile_shakes + 1 if is_futile else 0
        if nominal_mg and not is_futile:
            self._flows[order.hopper] += LEARNS * (fell_ug / 1000 / nominal_mg - self._flows[order.hopper])
        self._decide()

    def _decide(self) -> None:
        """End, or go on with what is missing."""
        order, dosed_ug = self.order, self.dosed_ug
        order.dosed_ug = dosed_ug
        if dosed_ug is None:
            self._finish("no-vessel")
        elif abs(dosed_ug - order.target_ug) <= order.tolerance_ug:
            self._finish("done")
        elif dosed_ug > order.target_ug:
            self._finish("over")
        elif order.stopped_by:
            self._finish(order.stopped_by)
        elif order.futile_shakes >= FUTILE_SHAKES:
            self._finish("no-flow")
        else:
            self._start_shaking((order.target_ug - dosed_ug) / 1000)

    def _start_shaking(self, missing_mg: float) -> None:
        is_close = missing_mg <= CLOSE * self.order.tolerance_ug / 1000
        wanted_mg = missing_mg * (1.0 if is_close else APPROACH) / self._flows[self.order.hopper]
        shortest_s, longest_s = SHAKES_S
        lasts_s = min(max(wanted_mg / FASTEST_MG_PER_S, shortest_s), longest_s)
        end = self._world.agenda.at(self._world.now_s + lasts_s, self._name, self._end_shaking)
        self._shake = Shake(self._world.now_s, lasts_s, min(wanted_mg, FASTEST_MG_PER_S * lasts_s), end)

    def _end_shaking(self) -> None:
        assert self._shake is not None
        shake, self._shake = self._shake, None
        shake.end.cancel()
        order = self.order
        nominal_mg = shake.nominal_mg * (self._world.now_s - shake.since_s) / shake.lasts_s
        powder = self.hoppers[order.hopper].shake_out(nominal_mg)
        order.fallen_mg += powder.mass_mg
        self._world.drop(powder, self._spot)
        self.cell.when_at_rest(partial(self._weigh_fallen, nominal_mg, order.dosed_ug or 0))

    def _finish(self, end: str) -> None:
        order = self.order
        order.end = end
        left_ug, dosed_ug = self.left_ug[order.hopper], order.dosed_ug
        self.left_ug[order.hopper] = None if left_ug is None or dosed_ug is None else max(left_ug - dosed_ug, 0)
        self._report()
        facts = {"order": order.number, "hopper": order.hopper, "fallen_mg": order.fallen_mg, "end": end}
        self._world.note("dosed", device=self._name, **facts)
