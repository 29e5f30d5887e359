"""Sees to a run while it goes on: takes up orders, tells what is late, shows that the engine lives."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import anyio

from planning.alarms import Alarms
from planning.bench import Bench
from planning.controls import Controls
from planning.course import Course
from planning.gate import Gate
from planning.idle_heaters import IdleHeaters
from planning.orders import Order, Orders
from planning.rules import SHARED
from planning.schedule import Slot
from planning.task import Task

ATTEND_S = 5.0
"""How often orders are looked for."""


def in_use(running: Iterable[Slot]) -> set[str]:
    """The devices that are at work for a task."""
    return {device for slot in running for device in slot.task.uses}


class Attendant:
    """One run's. `pulse` is called now and then while the engine lives; `untold` says what could not be told to people."""

    def __init__(self, bench: Bench, course: Course, orders: Orders) -> None:
        source = course.source
        self.controls = Controls(orders, bench.journal, Gate(source.needs_consent), source.require_possible)
        self.pulse: Callable[[], object] = lambda: None
        self.untold: Callable[[], Iterable[str]] = list
        self._bench = bench
        self._course = course
        self._alarms = Alarms()
        self._scopes: dict[str, anyio.CancelScope] = {}
        self._is_over = anyio.Event()
        self._heaters = IdleHeaters(bench, course.lab, lambda: in_use(course.dispatcher.running.values()))

    async def attend(self, obey: Callable[[Order], object]) -> None:
        """Look around every few seconds until `leave`; `obey` hears each order once it stands in the journal."""
        while not self._is_over.is_set():
            self.look_around(obey)
            waits_for_people = self.controls.is_paused or self.controls.gate.undecided
            if waits_for_people and not self._course.dispatcher.running:
                self.controls.orders.rest()
            with anyio.move_on_after(ATTEND_S):
                await self._is_over.wait()

    async def watch_heaters(self, stop: Callable[[str], object]) -> None:
        """Look at idle furnaces and hotplates now and then, until `leave`."""
        await self._heaters.watch(self._is_over, stop)

    def leave(self) -> None:
        """The run is over."""
        self._is_over.set()
        self._tell_untold()

    def look_around(self, obey: Callable[[Order], object]) -> None:
        """Take up what is new."""
        for order in self.take_note():
            obey(order)
        for slot in self._course.dispatcher.running.values():
            is_aborted = self.controls.aborted.issuperset(slot.task.samples)
            if is_aborted and slot.task.skill not in SHARED and slot.task.id in self._scopes:
                self._scopes[slot.task.id].cancel()
        self._warn()
        self._tell_untold()
        self.pulse()

    def take_note(self) -> list[Order]:
        """Write down what was ordered since this was asked last; return what makes sense."""
        ended = [name for name, sample in self._course.samples.items() if sample.status != "under way"]
        return self.controls.take_up(self._course.samples, ended)

    def to_let_go(self) -> list[tuple[str, str]]:
        """The samples that were skipped or aborted and that nothing is at work on, with why."""
        slots = self._course.dispatcher.running.values()
        busy = {name for slot in slots for name in slot.task.samples}
        return [(name, why) for name, why in self.controls.leaving.items() if name not in busy]

    @contextmanager
    def breakable(self, task: Task) -> Iterator[anyio.CancelScope]:
        """While inside, an order may break a task off."""
        with anyio.CancelScope() as scope:
            self._scopes[task.id] = scope
            yield scope
        del self._scopes[task.id]

    async def make_safe(self, task: Task) -> None:
        """Stop the devices of a task that was broken off.

        Raises:
            DeviceError: one does not answer.
        """
        self._bench.journal.write("broken_off", sample=",".join(task.samples), task=task.id, durable=True)
        for device in sorted(task.uses):
            await self._bench.call(self._bench.devices[device].make_safe)

    def _warn(self) -> None:
        now_s, journal, dispatcher = self._bench.clock.now_s(), self._bench.journal, self._course.dispatcher
        for slot, what in self._alarms.late(dispatcher.running.values(), now_s):
            journal.write("late", sample=",".join(slot.task.samples), task=slot.task.id, what=what)
        for task, left_s in self._alarms.hold_limits(dispatcher, now_s) if self.controls.is_paused else ():
            what = f"{task.id} must begin within {left_s / 60:.0f} min, and the run is paused"
            journal.write("hold_limit", sample=",".join(task.samples), task=task.id, what=what)

    def _tell_untold(self) -> None:
        for why in self.untold():
            self._bench.journal.write("not_notified", why=why)
