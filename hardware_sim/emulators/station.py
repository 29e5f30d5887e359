"""A station behind numbered lines that works on one order at a time, and remembers the last."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

from hardware_sim.emulators.numbered_lines import Command, NumberedLines, require
from hardware_sim.faults import suffers
from hardware_sim.world.world import World

RANGE, BUSY, NUMBER = 10, 11, 12


class Order(Protocol):
    """What it was told to do."""

    @property
    def number(self) -> int:
        """Counted by whoever gives orders."""

    @property
    def task(self) -> str:
        """What kind of work it is."""

    @property
    def figures(self) -> Sequence[object]:
        """What makes a repetition of it."""

    @property
    def is_running(self) -> bool:
        """Is it neither done nor given up?"""


SomeOrder = TypeVar("SomeOrder", bound=Order)


class Work(Protocol[SomeOrder]):
    """What works inside."""

    @property
    def order(self) -> SomeOrder:
        """The last."""

    def begin(self, order: SomeOrder) -> None:
        """Take an order that may be taken."""

    def interrupt(self, why: str) -> None:
        """An order that runs is over."""


class Station(Generic[SomeOrder]):
    """Understands orders; its work is done by somebody else.

    Args:
        name: the device.
        world: where it stands.
        work: what does it.
        commands: what it understands besides `STOP`.
        heard: is called for each request that was understood, before it is done.
    """

    def __init__(
        self,
        name: str,
        world: World,
        work: Work[SomeOrder],
        commands: Mapping[str, Command],
        heard: Callable[[], object] = lambda: None,
    ) -> None:
        self.acts: Counter[str] = Counter()
        self._name = name
        self._world = world
        self._work = work
        self._lines = NumberedLines({**commands, "STOP": (0, self._stop)}, heard)
        self._boots = 1

    def receive(self, data: bytes) -> bytes:
        """Answer each whole line."""
        return self._lines.receive(data)

    @suffers("power-loss")
    def lose_power(self) -> None:
        """Power goes and comes back at once."""
        self._boots += 1
        self._work.interrupt("power")

    def _take(self, order: SomeOrder, *needs: tuple[bool, int]) -> str:
        """Begin an order, unless it is the last one said again; each need comes with what is said if it is not met."""
        last = self._work.order
        if order.figures != last.figures:
            for is_met, code in ((order.number == last.number + 1, NUMBER), (not last.is_running, BUSY), *needs):
                require(is_met, code)
            self.acts[order.task] += 1
            self._work.begin(order)
        return str(order.number)

    def _stop(self) -> str:
        if self._work.order.is_running:
            self.acts["stop"] += 1
            self._work.interrupt("stopped")
        return ""
