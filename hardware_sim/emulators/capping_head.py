"""How a capper works: it takes a cap out of a magazine and screws it on, or screws one off and lets it fall into a bin.

All figures are assumed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from hardware_sim.world.agenda import Event
from hardware_sim.world.bench import Spot
from hardware_sim.world.liquid import Liquid
from hardware_sim.world.vessel import CapSeat, Vessel
from hardware_sim.world.world import World

FEEDING_S, SCREWING_S = 3.0, 6.0
SCATTER = 0.03  # of torques, standard deviation
SLIPS_AT = 0.3  # of the torque that was wanted
LOOSENS_AT_MNM = {"tight": 600.0, "loose": 60.0}


@dataclass(frozen=True)
class Order:
    """A capping or an uncapping, as it is remembered without power."""

    number: int = 0
    task: str = "none"
    torque_mnm: int = 0
    end: str = "none"
    reached_mnm: int = 0

    @property
    def figures(self) -> tuple[int, str, int]:
        """What makes a repetition of it."""
        return self.number, self.task, self.torque_mnm

    @property
    def is_running(self) -> bool:
        """Is it neither done nor given up?"""
        return self.end == "running"


class CappingHead:
    """Jaws that hold a vessel, a chuck that turns a cap, a magazine and a bin.

    Args:
        name: the device it belongs to.
        world: where its place is.
        spot: the place; None if no site is inside the device.
        caps: how many lie in the magazine.
        most_mnm: what its motor can do.
    """

    def __init__(self, name: str, world: World, spot: Spot | None, caps: int, most_mnm: int) -> None:
        self.order = Order()
        self.caps, self.caps_in_bin = caps, 0
        self.magazine_is_jammed = False
        self.next_slips = False
        self.next_is_stuck = False
        self._name = name
        self._world = world
        self._spot = spot
        self._most_mnm = most_mnm
        self._rng = world.rng(name)
        self._vessel: Vessel | None = None
        """What it works on."""
        self._next: Event | None = None
        world.bodies[name] = self

    @property
    def vessel(self) -> str:
        """What its switch and its light barrier say, in the protocol's words."""
        top = None if self._spot is None else self._spot.top
        return "none" if top is None else "open" if top.is_open else "capped"

    def begin(self, order: Order) -> None:
        """Take an order; a vessel stands there."""
        assert self._spot is not None
        self.order, self._vessel = replace(order, end="running"), self._spot.top
        if order.task == "cap":
            self._later(FEEDING_S, self._feed)
        else:
            self._later(SCREWING_S, self._unscrew)

    def interrupt(self, why: str) -> None:
        """Stand still at once: a cap that is on its way stays loosely where it is."""
        if self.order.is_running:
            assert self._next is not None
            self._next.cancel()
            if self.order.task == "uncap" and self._is_there():
                self._seat("loose")
            self._finish(why)

    def liquids(self) -> Iterable[Liquid]:
        """None: vessels keep theirs."""
        return ()

    def state(self) -> dict[str, object]:
        """Where its caps are."""
        return {"caps": self.caps, "caps_in_bin": self.caps_in_bin}

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        self._next = self._world.agenda.at(self._world.now_s + seconds, self._name, act)

    def _is_there(self) -> bool:
        return self._spot is not None and self._vessel is not None and self._spot.top is self._vessel

    def _feed(self) -> None:
        if self.magazine_is_jammed:
            self._finish("no-cap")
            return
        self.caps -= 1
        if not self._is_there():
            self._let_cap_fall("no-vessel")
            return
        self._seat("loose")
        self._later(SCREWING_S, self._tighten)

    def _tighten(self) -> None:
        if not self._is_there():
            self._finish("no-vessel")
        elif self.next_slips:
            self.next_slips = False
            self._reach(SLIPS_AT * self.order.torque_mnm)
            self._later(SCREWING_S, self._take_off_again)
        else:
            self._reach(self.order.torque_mnm)
            self._seat("tight")
            self._finish("done")

    def _take_off_again(self) -> None:
        self._take_off("slipped")

    def _unscrew(self) -> None:
        if not self._is_there():
            self._finish("no-vessel")
        elif self.next_is_stuck:
            self.next_is_stuck = False
            self._reach(self._most_mnm)
            self._finish("stuck")
        else:
            assert self._vessel is not None
            self._reach(LOOSENS_AT_MNM[self._vessel.cap])
            self._take_off("done")

    def _take_off(self, end: str) -> None:
        if self._is_there():
            self._seat("none")
            self._let_cap_fall(end)
        else:
            self._finish("no-vessel")

    def _let_cap_fall(self, end: str) -> None:
        self.caps_in_bin += 1
        self._finish(end)

    def _seat(self, how: CapSeat) -> None:
        assert self._vessel is not None
        self._vessel.cap = how
        self._world.note("cap", device=self._name, vessel=self._vessel.name, sits=how)

    def _reach(self, torque_mnm: float) -> None:
        scatter = 1 + SCATTER * float(self._rng.standard_normal())
        self.order = replace(self.order, reached_mnm=min(round(torque_mnm * scatter), self._most_mnm))

    def _finish(self, end: str) -> None:
        self.order = replace(self.order, end=end)
        facts = {"order": self.order.number, "task": self.order.task, "end": end}
        self._world.note("turned", device=self._name, **facts)
