"""How a powder handler works: it shakes one vessel with a ball, or taps its powder through a sieve into another, weighs,
and taps again. All figures are assumed, around the 15 s of tapping and the 5 % of gain that the source's station knows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import exp

from hardware_sim.emulators.load_cell import LoadCell
from hardware_sim.world.agenda import Event
from hardware_sim.world.bench import Spot
from hardware_sim.world.powder import Powder
from hardware_sim.world.vessel import Vessel
from hardware_sim.world.world import World

FLOW_MG_PER_S = 20.0  # of loose powder
SCATTER = 0.25  # standard deviation of its logarithm, from one tapping to the next
TAPPING_S = (1.0, 15.0)  # the shortest and the longest
APPROACH = 0.9  # of what is missing is tried for: too much cannot be taken back
LEAST_GAIN = 0.05  # of the target, in a tapping of full length
STICKS_MG = 8.0  # to a vessel's wall, however one taps
DUST = 0.005  # of what passes the sieve never arrives


@dataclass
class Order:
    """A shake or a transfer, as it is remembered without power."""

    number: int = 0
    task: str = "none"
    first: int = 0
    """Seconds of a shake; µg of a transfer."""
    second: int = 0
    """Revolutions per minute of a shake."""
    end: str = "none"
    done: int | None = 0
    """Seconds shaken; µg come over, None if nobody can know."""
    empty_ug: int | None = None
    """What the load cell bore before a transfer; None until it has been weighed."""
    stopped_by: str = ""

    @property
    def figures(self) -> tuple[int, str, int, int]:
        """What makes a repetition of it."""
        return self.number, self.task, self.first, self.second

    @property
    def is_running(self) -> bool:
        """Is it neither done nor given up?"""
        return self.end == "running"


@dataclass(frozen=True)
class Motion:
    """The motor at work, on a vessel."""

    vessel: Vessel
    since_s: float
    lasts_s: float
    end: Event


class ShakerAndTapper:
    """Two places, a motor between them, a load cell under the second.

    Args:
        name: the device it belongs to.
        world: where the places are.
        source: what is shaken and emptied stands here.
        target: what is filled stands here.
        report: told when an order has ended.
    """

    def __init__(self, name: str, world: World, source: Spot, target: Spot, report: Callable[[], None]) -> None:
        self.order = Order()
        self.cell = LoadCell(name, world, [target])
        self.sieve_is_clogged = False
        self._name = name
        self._world = world
        self._source, self._target = source, target
        self._report = report
        self._rng = world.rng(name, 1)
        self._flow_mg_per_s = FLOW_MG_PER_S
        """As far as it has learned in this order."""
        self._motion: Motion | None = None

    @property
    def has_source(self) -> bool:
        """Does a switch feel a vessel on the first place?"""
        return self._source.top is not None

    @property
    def doing(self) -> str:
        """In the protocol's words."""
        if not self.order.is_running:
            return "idle"
        if self._motion is None:
            return "weighing"
        return "shaking" if self.order.task == "shake" else "tapping"

    @property
    def done(self) -> int | None:
        """How far the last order has come."""
        order = self.order
        if not order.is_running:
            return order.done
        if order.task == "transfer":
            return self.cell.gained_ug(order.empty_ug)
        return 0 if self._motion is None else round(self._world.now_s - self._motion.since_s)

    def begin(self, order: Order) -> None:
        """Take an order."""
        self.order = order
        order.end = "running"
        if order.task == "shake":
            self._move(order.first, self._end_shaking)
        else:
            self._flow_mg_per_s = FLOW_MG_PER_S
            self.cell.when_at_rest(self._weigh_empty)

    def interrupt(self, why: str) -> None:
        """End an order: the motor stands still at once, what has come over is weighed."""
        if self.order.is_running:
            self.order.stopped_by = self.order.stopped_by or why
            if self._motion is not None:
                (self._end_shaking if self.order.task == "shake" else self._end_tapping)()

    def _move(self, lasts_s: float, end: Callable[[], None]) -> None:
        assert self._source.top is not None
        event = self._world.agenda.at(self._world.now_s + lasts_s, self._name, end)
        self._motion = Motion(self._source.top, self._world.now_s, lasts_s, event)

    def _stand_still(self) -> tuple[Vessel | None, float]:
        """Return what was moved, if it is still there, and for how long."""
        assert self._motion is not None
        motion, self._motion = self._motion, None
        motion.end.cancel()
        is_there = self._source.top is motion.vessel
        return motion.vessel if is_there else None, self._world.now_s - motion.since_s

    def _end_shaking(self) -> None:
        order = self.order
        vessel, lasted_s = self._stand_still()
        order.done = round(lasted_s)
        if vessel is None:
            self._finish("no-vessel")
            return
        vessel.powder.shake(turns=order.second / 60 * lasted_s)
        self._finish(order.stopped_by or "done")

    def _weigh_empty(self) -> None:
        self.order.empty_ug = self.cell.load_ug
        self._decide(is_futile=False)

    def _decide(self, *, is_futile: bool) -> None:
        """End, or go on with what is missing."""
        order, gained_ug = self.order, self.done
        order.done = gained_ug
        if gained_ug is None or not self.has_source:
            self._finish("no-vessel")
        elif gained_ug >= order.first:
            self._finish("done")
        elif order.stopped_by:
            self._finish(order.stopped_by)
        elif is_futile:
            self._finish("no-gain")
        else:
            shortest_s, longest_s = TAPPING_S
            wanted_s = APPROACH * (order.first - gained_ug) / 1000 / self._flow_mg_per_s
            self._move(min(max(wanted_s, shortest_s), longest_s), self._end_tapping)

    def _end_tapping(self) -> None:
        vessel, lasted_s = self._stand_still()
        before_ug = self.order.done or 0
        if vessel is not None and vessel.is_open:
            passed = self._pass_sieve(vessel.powder, lasted_s)
            self._world.spill_powder(passed.take(DUST * passed.mass_mg))
            self._world.drop(passed, self._target)
        self.cell.when_at_rest(partial(self._weigh_gain, lasted_s, before_ug))

    def _pass_sieve(self, powder: Powder, seconds: float) -> Powder:
        scatter = exp(SCATTER * float(self._rng.standard_normal()))
        if self.sieve_is_clogged:
            return Powder()
        falls_mg = FLOW_MG_PER_S * powder.loose_fraction * scatter * seconds
        return powder.take(min(falls_mg, powder.mass_mg - STICKS_MG))

    def _weigh_gain(self, lasted_s: float, before_ug: int) -> None:
        """See what has come over, and learn from it."""
        gain_ug = max((self.done or 0) - before_ug, 0)
        slowest_mg_per_s = LEAST_GAIN * self.order.first / 1000 / TAPPING_S[1]
        self._flow_mg_per_s = max(gain_ug / 1000 / max(lasted_s, 1e-3), slowest_mg_per_s)
        is_full_length = lasted_s >= TAPPING_S[1]
        self._decide(is_futile=is_full_length and gain_ug < LEAST_GAIN * self.order.first)

    def _finish(self, end: str) -> None:
        order = self.order
        order.end = end
        self._report()
        facts = {"order": order.number, "task": order.task, "end": end, "done": order.done}
        self._world.note("handled", device=self._name, **facts)
