"""Who may start next: the same dispatcher foretells a run and conducts it.

Order decides, never the clock. The tasks of all samples under way are a problem of scheduling (`outline`); a plan says
who shares an oven and who goes first (`foresight`); the scheduler's own dispatcher follows it and says what may start,
with what is needed for longest lags kept free. Here that is held against the bench: which oven and which place a sample
gets is decided when it is carried there, no device works on two things at once, no place holds two vessels.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from planning.choosing import free_places, placed_at
from planning.circle import Circle, circle_of
from planning.errors import Refused
from planning.foresight import Foresight, Intent
from planning.inventory import Standing
from planning.joint import joint, next_heat
from planning.outline import LEAVING, Outline, Seconds
from planning.rooms import Rooms, place_name
from planning.scheduling.model import Objective
from planning.scheduling.state import RUNNING
from planning.task import Task

LATE_FRACTION, LATE_S = 0.1, 120.0
"""A task that ends so much later than expected is a reason to think again."""


@dataclass(frozen=True)
class Slot:
    """A task with the time it takes up, foretold or past."""

    task: Task
    start_s: float
    end_s: float


LetIn = Callable[["Dispatcher", float], None]
"""Adds the tasks of samples that come now."""


class Dispatcher:
    """Which tasks are waiting, running and done, who holds what, and what may start.

    Args:
        seconds: how long a task is expected to take.
        rooms: the places of the bench.
        thinks: are plans tried against each other, or is the first that comes to mind good enough?
    """

    def __init__(
        self, seconds: Seconds, rooms: Rooms, *, thinks: bool = False, objective: Objective = "makespan", seed: int = 0
    ) -> None:
        self.waiting: dict[str, Task] = {}
        self.running: dict[str, Slot] = {}
        self.done_s: dict[str, float] = {}
        self.held: dict[str, str] = {}
        """For each place, and each soiled pipette, the sample that holds it."""
        self.intent = Intent()
        """What is planned, as far as anybody has thought."""
        self._seconds = seconds
        self._rooms = rooms
        self._thinks = thinks
        self._objective: Objective = objective
        self._rng = np.random.default_rng(seed)
        self._tasks_of: dict[str, list[Task]] = {}
        self._joined_s: dict[str, float] = {}
        self._dropped: set[str] = set()
        self._start_s: dict[str, float] = {}
        self._called: dict[str, None] = {}
        """Names of tasks that may start as far as the plan is concerned."""
        self._foresight: Foresight | None = None
        self._have_joined = False
        self._must_think = False

    # --- what there is to do

    def add(self, tasks: Iterable[Task], now_s: float) -> None:
        """Let tasks join, behind those that are here; one that failed before may come again under its name."""
        for task in tasks:
            (sample,) = task.samples
            if sample not in self._joined_s:
                self._joined_s[sample] = now_s
                self._have_joined = True
            known = [other for other in self._tasks_of.get(sample, ()) if other.id != task.id]
            self._tasks_of[sample] = [*known, task]
            self._start_s.pop(task.id, None)
            self.done_s.pop(task.id, None)
            self.waiting[task.id] = task
        self._think_anew()

    def drop(self, sample: str) -> list[Task]:
        """Take a sample out: its waiting tasks go. Return what was dropped."""
        dropped = [self.waiting.pop(task.id) for task in self._tasks_of.get(sample, ()) if task.id in self.waiting]
        self._tasks_of[sample] = [task for task in self._tasks_of.get(sample, ()) if task not in dropped]
        self._dropped.add(sample)
        self._think_anew()
        return dropped

    def exchange(self, sample: str, tasks: Sequence[Task]) -> None:
        """Let a sample go on another way: what is waiting of it goes, what was not begun of these comes, in its turn."""
        old = self._tasks_of[sample]
        begun = {task.id: task for task in old if task.id not in self.waiting}
        for task in old:
            self.waiting.pop(task.id, None)
        self._tasks_of[sample] = [begun.get(task.id, task) for task in tasks]
        self._tasks_of[sample] += [task for task in begun.values() if task not in self._tasks_of[sample]]
        self.waiting |= {task.id: task for task in tasks if task.id not in begun}
        if [_kind(task) for task in old] != [_kind(task) for task in self._tasks_of[sample]]:
            self._think_anew()

    def release(self, sample: str) -> None:
        """Free all that a sample holds: it has ended."""
        self.held = {place: holder for place, holder in self.held.items() if holder != sample}
        for task in self._tasks_of.pop(sample, ()):
            self._start_s.pop(task.id, None)

    def _think_anew(self) -> None:
        self.intent = self.planned()
        self._foresight = None
        self._called.clear()
        self._must_think = True

    # --- what happens to it

    def start(self, task: Task, now_s: float) -> None:
        """Note that a task runs."""
        for sample in task.samples:
            name = task.own_id(sample)
            del self.waiting[name]
            self._called.pop(name, None)
            self._start_s[name] = now_s
        self.running[task.id] = Slot(task, now_s, now_s + self._seconds(task))
        self.held |= dict.fromkeys(task.takes, task.samples[0])

    def finish(self, task: Task, now_s: float, ended_s: float | None = None) -> None:
        """Note that a task is done; what has a longest lag after it is counted from `ended_s`, if that is known."""
        slot = self.running.pop(task.id, None)
        for sample in task.samples:
            self._finish(task.own_id(sample), now_s)
            self.done_s[task.own_id(sample)] = now_s if ended_s is None else ended_s
        for place in task.frees:
            if self.held.get(place) in task.samples:
                del self.held[place]
        if slot is not None and now_s - slot.end_s > LATE_S + LATE_FRACTION * (slot.end_s - slot.start_s):
            self._must_think = True

    def fail(self, task: Task, now_s: float) -> None:
        """Note that a task was given up: nobody knows that what it was to free is free, so its samples hold it on."""
        self.finish(replace(task, frees=frozenset()), now_s)

    def _finish(self, name: str, now_s: float) -> None:
        self.waiting.pop(name, None)
        self._called.pop(name, None)
        self.done_s[name] = now_s
        self._start_s.setdefault(name, now_s)
        if self._foresight is not None:
            operation = self._foresight.table.index[name]
            if self._foresight.dispatch.state[operation] == RUNNING:
                self._foresight.dispatch.finish(operation, now_s)
            else:
                self._think_anew()

    def too_late(self, task: Task, now_s: float) -> dict[str, str]:
        """For each sample with a longest lag that has passed, why its task may no longer begin."""
        ages_s = {name: now_s - self.done_s[name] for name in task.within_s}
        return {
            name.partition(".")[0]: f"{task.step} may begin within {task.within_s[name]:.0f} s of {name}, "
            f"now {age_s:.0f} s have passed"
            for name, age_s in ages_s.items()
            if age_s > task.within_s[name]
        }

    # --- what may start

    def next_task(self, now_s: float, may_begin: Callable[[Task], bool] = lambda task: True) -> Task | None:
        """A task that may start now; or, as long as it has choices, whose places are to be decided now.

        Args:
            now_s: now.
            may_begin: does nothing else stand against it?

        Raises:
            Circle: nothing runs, and nothing can ever start.
        """
        while True:
            self._call(now_s)
            allowed = [task for name in self._called if may_begin(task := self.waiting[name])]
            for task in filter(None, map(self._whole, allowed)):
                if self.choose(task) is not None if task.choices else self._is_free(task):
                    return task
            if (clearing := self._clearing(may_begin)) is not None:
                return clearing
            if self.running or not self.waiting or self.next_wake_s(now_s) < inf or len(allowed) < len(self._called):
                return None
            if allowed:
                raise self._circle()
            self._give_way(now_s)

    def _clearing(self, may_begin: Callable[[Task], bool]) -> Task | None:
        """What clears a place that others wait for: a plan takes what is to be cleared for free already."""
        for task in self.waiting.values() if self._dropped else ():
            is_ready = task.samples[0] in self._dropped and all(earlier in self.done_s for earlier in task.after)
            if is_ready and self._is_free(task) and may_begin(task):
                return task
        return None

    def choose(self, task: Task) -> dict[str, Standing] | None:
        """Decide where a task with choices leads; None as long as there is no place."""
        machine = -1 if self._foresight is None else self._foresight.machine(task.id)
        chosen: dict[str, Standing] = {}
        taken: set[str] = set()
        for stay, places in task.choices.items():
            free = free_places(self._rooms, places, machine, {*self.held, *taken})
            if not free:
                return None
            chosen[stay] = free[0]
            taken.add(place_name(self._rooms.lab, free[0]))
        return chosen

    def planned(self) -> Intent:
        """What is planned now."""
        return self.intent if self._foresight is None else self._foresight.intent()

    def next_wake_s(self, now_s: float) -> float:
        """When something may start though nothing ends; infinity if nothing will."""
        return inf if self._foresight is None else self._foresight.next_wake_s(now_s)

    def _call(self, now_s: float) -> None:
        """Ask the plan who may start."""
        foresight = self._look_ahead(now_s)
        while started := foresight.dispatch.start_all(now_s):
            for operation in started:
                name = foresight.table.names[operation]
                if name.endswith(LEAVING):
                    foresight.dispatch.finish(operation, now_s)
                else:
                    self._called[name] = None

    def _look_ahead(self, now_s: float) -> Foresight:
        if self._foresight is None:
            outline = Outline(self._rooms, self._seconds, self._tasks_of, self._start_s, self._dropped, self._joined_s,
                              self.intent.agreed)  # fmt: skip
            self._foresight = Foresight(outline, outline.begun(self._times_s()), self.intent, now_s)
        if self._must_think and self._thinks:
            self._foresight.now_s = now_s
            self._foresight.improve(self._rng, self._objective, have_joined=self._have_joined)
        self._must_think = self._have_joined = False
        return self._foresight

    def _times_s(self) -> dict[str, tuple[float, float, bool]]:
        ends_s = {
            slot.task.own_id(sample): slot.end_s for slot in self.running.values() for sample in slot.task.samples
        }
        return {
            name: (start_s, self.done_s.get(name, ends_s.get(name, start_s)), name in self.done_s)
            for name, start_s in self._start_s.items()
        }

    def _whole(self, task: Task) -> Task | None:
        """A heat is begun for all who stand in the oven, once each of them may; None before that."""
        if task.skill != "heat":
            return task
        others = set() if self._foresight is None else self._foresight.companions(task.id)
        parts = self._parts(task, {*task.samples, *others})
        return joint(parts) if all(part.id in self._called for part in parts) else None

    def joint(self, name: str, samples: Sequence[str]) -> Task:
        """A waiting task; for several samples, the heat that they were begun with together."""
        task = self.waiting[name]
        return joint(self._parts(task, set(samples))) if len(samples) > 1 else task

    def _parts(self, heat: Task, samples: set[str]) -> list[Task]:
        """What each of these samples calls a heat in the same oven, in the order in which they came."""
        heats = (next_heat(tasks, heat, self.waiting) for name, tasks in self._tasks_of.items() if name in samples)
        return [task for task in heats if task is not None]

    def _is_free(self, task: Task) -> bool:
        """Is no device at work on something else, no place taken?"""
        busy = {device for slot in self.running.values() for device in slot.task.uses}
        return not (task.uses & busy) and all(
            self.held.get(place, task.samples[0]) == task.samples[0] for place in task.takes
        )

    def _give_way(self, now_s: float) -> None:
        """Nothing runs and nothing may start, or ever will if nobody gives way."""
        try:
            self._look_ahead(now_s).give_way(now_s)
        except Refused as err:
            raise self._circle() from err

    def _circle(self) -> Circle:
        """Why none of the waiting tasks can ever start."""
        return circle_of(list(self.waiting.values()), self.held, self.done_s, self._tasks_of)

    # --- what will be

    def foretell(
        self, now_s: float, let_in: LetIn = lambda dispatcher, now_s: None, lasts_s: Seconds | None = None
    ) -> list[Slot]:
        """Simulate the rest of the run from here.

        Args:
            now_s: here.
            let_in: may add at each event those who come later.
            lasts_s: how long tasks will take if not as long as is expected when they are planned.

        Raises:
            Circle: some tasks could never start: they wait for each other in a circle.
        """
        trial = self._copy()
        under_way = dict(trial.running)
        slots = list(under_way.values())
        let_in(trial, now_s)
        while trial.waiting or under_way:
            begun = [Slot(task, now_s, now_s + (lasts_s or self._seconds)(task)) for task in trial._begin_all(now_s)]
            slots += begun
            under_way |= {slot.task.id: slot for slot in begun}
            now_s = max(now_s, min([*(slot.end_s for slot in under_way.values()), trial.next_wake_s(now_s)]))
            for slot in [slot for slot in under_way.values() if slot.end_s <= now_s]:
                trial.finish(slot.task, now_s)
                trial._let_go(slot.task.samples)
                del under_way[slot.task.id]
            let_in(trial, now_s)
        return slots

    def _begin_all(self, now_s: float) -> Iterator[Task]:
        while (task := self.next_task(now_s)) is not None:
            if task.choices:
                chosen = self.choose(task) or {}
                self.exchange(task.samples[0], placed_at(self._tasks_of[task.samples[0]], chosen, self._rooms.lab))
                continue
            self.start(task, now_s)
            yield task

    def _let_go(self, samples: Iterable[str]) -> None:
        """Plan no longer for samples of which nothing is left to do and that hold nothing."""
        for sample in samples:
            is_over = all(task.id in self.done_s for task in self._tasks_of.get(sample, ()))
            if is_over and sample not in self.held.values():
                self.release(sample)

    def _copy(self) -> "Dispatcher":
        self.intent = self.planned()
        twin = copy(self)
        twin.waiting, twin.running, twin.done_s = dict(self.waiting), dict(self.running), dict(self.done_s)
        twin.held, twin._tasks_of = dict(self.held), {name: list(tasks) for name, tasks in self._tasks_of.items()}
        twin._joined_s, twin._start_s, twin._dropped = dict(self._joined_s), dict(self._start_s), set(self._dropped)
        twin._foresight, twin._called, twin._thinks = None, {}, False
        return twin


def _kind(task: Task) -> tuple[object, ...]:
    """What a plan knows of a task."""
    return task.id, task.skill, task.after, task.within_s
