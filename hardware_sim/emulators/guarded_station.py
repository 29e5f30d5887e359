"""A station behind numbered lines that works on one order at a time, stops when its door is opened, and when nobody speaks any more."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Protocol

from hardware_sim.emulators.mending import mend_later
from hardware_sim.emulators.numbered_lines import Command, NumberedLines, require
from hardware_sim.emulators.watchdog import Watchdog
from hardware_sim.faults import suffers
from hardware_sim.world.world import World

RANGE, BUSY, NUMBER, DOOR = 10, 11, 12, 13
LONGEST_SILENCE_S = 3600


class Order(Protocol):
    """What it was told last."""

    @property
    def number(self) -> int:
        """Counted by whoever gives orders."""

    @property
    def figures(self) -> Sequence[object]:
        """What makes a repetition of it."""

    @property
    def is_running(self) -> bool:
        """Is it neither done nor given up?"""


class Work(Protocol):
    """What works inside."""

    @property
    def order(self) -> Order:
        """The last."""

    def interrupt(self, why: str) -> None:
        """An order that runs is over."""


class GuardedStation:
    """Understands orders, guards the door, listens for silence; its `work` is done by somebody else.

    Args:
        name: the device.
        world: where it stands.
        commands: what it understands besides `WATCHDOG` and `STOP`.
    """

    work: Work

    def __init__(self, name: str, world: World, commands: dict[str, Command]) -> None:
        self.acts: Counter[str] = Counter()
        self._name = name
        self._world = world
        own: dict[str, Command] = {"WATCHDOG": (1, self._set_watchdog), "STOP": (0, self._stop)}
        self._lines = NumberedLines({**commands, **own}, self.listen)
        self._boots = 1
        self._door_is_open = False
        self._silence_s = 0
        self._watchdog = Watchdog(world, name)

    def receive(self, data: bytes) -> bytes:
        """Answer each whole line."""
        return self._lines.receive(data)

    def listen(self) -> None:
        """Count the silence anew while an order is under way."""
        if self._silence_s and self.work.order.is_running:
            self._watchdog.arm(self._silence_s, self._bark)
        else:
            self._watchdog.disarm()

    # What befalls it

    @suffers("power-loss")
    def lose_power(self) -> None:
        """Power goes and comes back at once."""
        self._boots += 1
        self._silence_s = 0
        self.listen()
        self.work.interrupt("power")

    @suffers("door-opened")
    def open_door(self) -> None:
        """Somebody opens the door, and leaves it so for a while."""
        self._door_is_open = True
        self.work.interrupt("door")
        mend_later(self._world, self._name, lambda t_s: self.close_door())

    def close_door(self) -> None:
        """Somebody closes it."""
        self._door_is_open = False

    # Commands

    def _take(self, order: Order, task: str, begin: Callable[[], None], *needs: tuple[bool, int]) -> str:
        """Begin an order, unless it is the last one said again; each need comes with what is said if it is not met."""
        last = self.work.order
        if order.figures != last.figures:
            for is_met, code in (
                (order.number == last.number + 1, NUMBER),
                (not last.is_running, BUSY),
                (not self._door_is_open, DOOR),
                *needs,
            ):
                require(is_met, code)
            self.acts[task] += 1
            begin()
            self.listen()
        return str(order.number)

    def _set_watchdog(self, silence_s: int) -> str:
        require(silence_s <= LONGEST_SILENCE_S, RANGE)
        self._silence_s = silence_s
        self.listen()
        return ""

    def _stop(self) -> str:
        if self.work.order.is_running:
            self.acts["stop"] += 1
            self.work.interrupt("stopped")
        return ""

    def _bark(self) -> None:
        self._world.note("watchdog", device=self._name)
        self.work.interrupt("silence")
