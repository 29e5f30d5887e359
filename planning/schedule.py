"""Who may start next: a list scheduler over devices and places, used alike to foretell a run and to conduct it.

Order decides, never the clock: samples are served in the order in which they came; a place or a furnace goes to a
sample only when no earlier one still needs it. All samples pass the stations in one direction, so the earliest
unfinished sample can always go on and nothing ever waits in a circle. Where a step must follow within some minutes,
its predecessor is held back until the furnace will be free in time (a reservation).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from math import inf

from planning.errors import Refused
from planning.graph import Task

Seconds = Callable[[Task], float]
"""How long a task is expected to take."""


SLACK_S = 180.0
"""Reserved beyond what tasks between a longest lag's two ends take: the arm may be elsewhere just then."""
LATE_FRACTION = 0.1
"""By so much of the time for which a device is still wanted it may be given back later than expected."""


@dataclass(frozen=True)
class Slot:
    """A task with the time it takes up, foretold or past."""

    task: Task
    start_s: float
    end_s: float


class Circle(Refused):
    """Tasks that can never start; `step` is what the first of them is part of."""

    def __init__(self, step: str, what: str, remedy: str) -> None:
        super().__init__(what, remedy)
        self.step = step


@dataclass
class Dispatcher:
    """Which tasks are waiting, running and done, and who holds what."""

    seconds: Seconds
    waiting: dict[str, Task] = field(default_factory=dict)
    running: dict[str, Slot] = field(default_factory=dict)
    done_s: dict[str, float] = field(default_factory=dict)
    held: dict[str, dict[str, str]] = field(default_factory=dict)
    """For each resource the samples that hold it, with the owner in whose name."""
    gates_s: dict[str, float] = field(default_factory=dict)
    """Earliest starts of tasks held back for the sake of a longest lag."""
    known_as: dict[str, str] = field(default_factory=dict)
    """For a sample's own name of a task that it shares, the shared task's."""

    def add(self, tasks: Iterable[Task], now_s: float) -> None:
        """Let tasks join, behind those that are here."""
        new = list(tasks)
        self.waiting |= {task.id: task for task in new}
        self.known_as |= {own_id(task, sample): task.id for task in new if task.batch for sample in task.samples}
        self.reserve(now_s)

    def startable(self, now_s: float) -> list[Task]:
        """The tasks that may start now, in order; starting all of them at once is possible."""
        return self._copy()._start_all(now_s)

    def _start_all(self, now_s: float) -> list[Task]:
        """Start whatever may start."""
        found = []
        for task in list(self.waiting.values()):
            if self._may_start(task, now_s):
                self.start(task, now_s)
                found.append(task)
        return found

    def start(self, task: Task, now_s: float) -> None:
        """Note that a task runs."""
        del self.waiting[task.id]
        self.running[task.id] = Slot(task, now_s, now_s + self.seconds(task))
        for resource in task.takes:
            self.held.setdefault(resource, {}).update(dict.fromkeys(task.samples, task.owner_of(resource)))

    def finish(self, task: Task, now_s: float) -> None:
        """Note that a task is done."""
        self.running.pop(task.id, None)
        self.waiting.pop(task.id, None)
        self.done_s[task.id] = now_s
        for resource in task.frees:
            for sample in task.samples:
                self.held.get(resource, {}).pop(sample, None)
        if task.skill == "heat" or task.frees:
            self.reserve(now_s)

    def too_late(self, task: Task, now_s: float) -> dict[str, float]:
        """For each sample whose longest lag has passed, how many seconds ago its predecessor ended."""
        if task.within_s is None:
            return {}
        ages_s: dict[str, float] = {}
        for name in task.after_lag:  # a head that several samples shared counts for all of them
            heirs = [sample for sample in task.samples if name.startswith(f"{sample}.")] or task.samples
            ages_s |= {sample: max(ages_s.get(sample, 0.0), now_s - self.done_s[name]) for sample in heirs}
        return {sample: age_s for sample, age_s in ages_s.items() if age_s > task.within_s}

    def drop(self, sample: str) -> list[Task]:
        """Take a sample out: its waiting tasks go, shared ones go on without it. Return what was dropped."""
        dropped = []
        for task in list(self.waiting.values()):
            if sample not in task.samples:
                continue
            rest = _without(task, sample)
            if rest is not None:
                self.waiting[task.id] = rest
            else:
                dropped.append(self.waiting.pop(task.id))
        return dropped

    def exchange(self, sample: str, old: Iterable[Task], new: Iterable[Task], now_s: float) -> None:
        """Let a sample go on another way: what only `old` has goes, what only `new` has comes, at the same turn.

        Both are as `build` writes them; a heat that the sample was to share goes on without it.
        """
        before, after = ({task.id: task for task in tasks} for tasks in (old, new))
        gone = {name for name, task in before.items() if after.get(name) != task}
        begun = {*self.done_s, *self.running}
        fresh = [
            replace(task, after=self._joined(task.after), after_lag=self._joined(task.after_lag))
            for name, task in after.items()
            if before.get(name) != task and name not in begun
        ]
        ahead = [name for name, task in self.waiting.items() if sample in task.samples]
        turn = next((name for name in ahead if own_id(self.waiting[name], sample) in gone), None)
        waiting: dict[str, Task] = {}
        for name, task in self.waiting.items():
            if name == turn:
                waiting |= {task.id: task for task in fresh}
            rest = _without(task, sample) if sample in task.samples and own_id(task, sample) in gone else task
            if rest is not None:
                waiting[name] = rest
        self.waiting = waiting if turn else waiting | {task.id: task for task in fresh}
        self.reserve(now_s)

    def _joined(self, names: Iterable[str]) -> tuple[str, ...]:
        """Tasks as they are known here: those of several samples have one name."""
        return tuple(self.known_as.get(name, name) for name in names)

    def release(self, sample: str) -> None:
        """Free all that a sample holds."""
        for holders in self.held.values():
            holders.pop(sample, None)

    def foretell(
        self, now_s: float, let_in: "LetIn" = lambda dispatcher, now_s: None, lasts_s: Seconds | None = None
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
            begun = [Slot(task, now_s, now_s + (lasts_s or self.seconds)(task)) for task in trial._start_all(now_s)]
            slots += begun
            under_way |= {slot.task.id: slot for slot in begun}
            events_s = [slot.end_s for slot in under_way.values()]
            events_s += [gate_s for name, gate_s in trial.gates_s.items() if gate_s > now_s and name in trial.waiting]
            if not events_s:
                raise trial._circle([slot.task for slot in slots])
            now_s = max(now_s, min(events_s))
            for slot in [slot for slot in under_way.values() if slot.end_s <= now_s]:
                trial.finish(slot.task, now_s)
                del under_way[slot.task.id]
            let_in(trial, now_s)
        return slots

    def _circle(self, begun: list[Task]) -> "Circle":
        """Why none of the waiting tasks can ever start."""
        for task in self.waiting.values():
            for resource in sorted({*task.uses, *task.takes}):
                holders = [
                    name for name, owner in self.held.get(resource, {}).items() if owner != task.owner_of(resource)
                ]
                if holders and all(earlier in self.done_s for earlier in task.after):
                    taker = next(old for old in reversed(begun) if resource in old.takes and holders[0] in old.samples)
                    what = (f"step {task.step} of {', '.join(task.samples)} waits for {resource} for ever, in a circle: "
                            f"{holders[0]} holds it since its step {taker.step}")  # fmt: skip
                    remedy = f"Free {resource} after step {taker.step}: add a discard, a move or a wash"
                    return Circle(task.step, what, remedy)
        steps = list(dict.fromkeys(task.step for task in self.waiting.values()))
        what = f"the steps {', '.join(steps[:4])} wait for each other in a circle"
        return Circle(steps[0], what, "Let one of them wait for fewer others: mend `after`")

    def reserve(self, now_s: float) -> None:
        """Hold tasks back whose successor must follow within some time, until the successor's device will be free."""
        self.gates_s = {}
        for late in [task for task in self.waiting.values() if task.within_s is not None]:
            busy_until_s = self._free_from_s(late, now_s)
            if busy_until_s <= now_s:
                continue
            heads = [self.waiting[name] for name in late.after_lag if name in self.waiting]
            assert late.within_s is not None
            spread_s = SLACK_S + sum(self.seconds(task) for task in self._between(heads, late))
            spread_s += min(LATE_FRACTION * (busy_until_s - now_s), late.within_s / 2)
            for head in heads:
                self.gates_s[head.id] = busy_until_s + spread_s - late.within_s

    def _between(self, heads: list[Task], late: Task) -> list[Task]:
        """What still has to be done, one after the other at worst, from the first head's end to the late task's start."""
        own = set(late.samples)
        wanted: dict[str, Task] = {}
        names = list(late.after)
        while names:
            name = names.pop()
            if name in self.waiting and name not in wanted and own & set(self.waiting[name].samples):
                wanted[name] = self.waiting[name]
                names += self.waiting[name].after
        first = heads[0] if heads else None
        return [task for task in wanted.values() if first is None or task.samples != first.samples or task is first]

    def _free_from_s(self, late: Task, now_s: float) -> float:
        """When the devices of a task will have been given back by the others that hold or use them."""
        free_s = now_s
        for device in late.uses:
            others = [sample for sample, owner in self.held.get(device, {}).items() if owner != late.owner_of(device)]
            running = [slot for slot in self.running.values() if device in slot.task.uses]
            free_s = max([free_s, *(slot.end_s for slot in running)])
            unloads = [
                task for task in self.waiting.values() if device in task.frees and set(task.samples) & set(others)
            ]
            heats = [task for task in self.waiting.values() if device in task.uses and set(task.samples) & set(others)]
            free_s += sum(self.seconds(task) for task in (*unloads, *heats))
        return free_s

    def _may_start(self, task: Task, now_s: float) -> bool:
        if self.gates_s.get(task.id, -inf) > now_s or any(earlier not in self.done_s for earlier in task.after):
            return False
        busy = {device for slot in self.running.values() for device in slot.task.uses}
        if task.uses & busy:
            return False
        return all(self._is_open_to(task, resource) for resource in (*task.uses, *task.takes))

    def _is_open_to(self, task: Task, resource: str) -> bool:
        """Nobody else holds it; and to take it, no earlier sample still wants to."""
        if any(owner != task.owner_of(resource) for owner in self.held.get(resource, {}).values()):
            return False
        if resource not in task.takes or set(task.samples) & set(self.held.get(resource, {})):
            return True
        for other in self.waiting.values():
            if other.id == task.id:
                return True
            wants = resource in other.takes and other.owner_of(resource) != task.owner_of(resource)
            if wants and not self._waits_for(other, task):
                return False
        return True

    def _waits_for(self, later: Task, earlier: Task) -> bool:
        """Can a task start only when another is done?"""
        names, seen = list(later.after), set[str]()
        while names:
            name = names.pop()
            if name == earlier.id:
                return True
            if name in self.waiting and name not in seen:
                seen.add(name)
                names += self.waiting[name].after
        return False

    def _copy(self) -> "Dispatcher":
        return Dispatcher(
            self.seconds,
            dict(self.waiting),
            dict(self.running),
            dict(self.done_s),
            {resource: dict(holders) for resource, holders in self.held.items()},
            dict(self.gates_s),
        )


LetIn = Callable[[Dispatcher, float], None]
"""Adds tasks to a dispatcher when their time has come."""


def own_id(task: Task, sample: str) -> str:
    """What a task is called among the tasks of one of its samples alone."""
    return task.id if task.id.startswith(f"{sample}.") else f"{sample}.{task.step}.{task.skill}"


def _without(task: Task, sample: str) -> Task | None:
    """A task as it is for its other samples, if there are any."""
    rest = tuple(other for other in task.samples if other != sample)
    own = f"{sample}."
    return (
        replace(
            task,
            samples=rest,
            after=tuple(earlier for earlier in task.after if not earlier.startswith(own)),
            after_lag=tuple(earlier for earlier in task.after_lag if not earlier.startswith(own)),
        )
        if rest
        else None
    )
