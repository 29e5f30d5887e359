"""When everything should happen: tasks are let in as the engine lets them in, and foretold by its own dispatcher."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from planning.circle import Circle
from planning.outline import Seconds
from planning.preflight.findings import Finding
from planning.protocol.binding import BoundStep
from planning.rooms import Rooms
from planning.schedule import Dispatcher, Slot
from planning.task import Task

SPREAD: Mapping[str, tuple[float, float]] = {
    "carry": (0.95, 1.15),
    "heat": (0.85, 1.1),
    "warm": (0.5, 1.5),
    "cool": (0.1, 2.0),
    "dose_powder": (0.3, 1.5),
    "transfer_powder": (0.3, 3.0),
    "weigh": (0.5, 2.0),
    "ask": (0.0, 3.0),
    "wait": (1.0, 1.0),
    "stir": (1.0, 1.05),
    "diffract": (1.0, 1.05),
}
"""Shortest and longest, over what is expected, by skill: seen in simulated runs; assumed where people or real powders are."""
OTHERS = (0.9, 1.1)


@dataclass(frozen=True)
class Admission:
    """How samples are let in: in batches of so many, as long as no more than `in_flight` are under way."""

    batch: int
    in_flight: int


def foretell(
    tasks_of: Sequence[list[Task]], rooms: Rooms, admission: Admission, seconds: Seconds, lasts_s: Seconds | None = None
) -> list[Slot]:
    """The whole run, from its first sample to its last; planned with `seconds`, whatever the tasks then take.

    Raises:
        Circle: some tasks could never start: they wait for each other in a circle.
    """
    waiting = [tasks_of[start : start + admission.batch] for start in range(0, len(tasks_of), admission.batch)]
    waiting.reverse()

    def let_in(dispatcher: Dispatcher, now_s: float) -> None:
        here = [*dispatcher.waiting.values(), *(slot.task for slot in dispatcher.running.values())]
        under_way = {sample for task in here for sample in task.samples}
        while waiting and len(under_way) + len(waiting[-1]) <= max(admission.in_flight, admission.batch):
            group = waiting.pop()
            under_way |= {tasks[0].samples[0] for tasks in group if tasks}
            dispatcher.add(chain.from_iterable(group), now_s)

    return Dispatcher(seconds, rooms).foretell(0.0, let_in, lasts_s)


def paces(seconds: Seconds) -> list[Seconds]:
    """Durations when everything goes as fast, and as slowly, as it may."""
    return [lambda task, end=end: seconds(task) * SPREAD.get(task.skill, OTHERS)[end] for end in (0, 1)]  # type: ignore[misc]


def lags_kept(timetables: Iterable[Sequence[Slot]], steps: Mapping[str, BoundStep]) -> Iterator[Finding]:
    """No step begins later after another than `within_min` allows, at whatever pace the bench goes."""
    longest_s: dict[tuple[str, str], tuple[float, float]] = {}
    for timetable in timetables:
        slots = {slot.task.own_id(sample): slot for slot in timetable for sample in slot.task.samples}
        for slot in timetable:
            for head, allowed_s in slot.task.within_s.items():
                pair, lag_s = (slot.task.step, slots[head].task.step), slot.start_s - slots[head].end_s
                if lag_s > longest_s.get(pair, (0.0,))[0]:
                    longest_s[pair] = lag_s, allowed_s
    for (name, earlier), (lag_s, allowed_s) in longest_s.items():
        if lag_s > allowed_s:
            step = steps[name]
            what = f"begins {lag_s / 60:.0f} min after {earlier}, within_min allows {allowed_s / 60:g}"
            yield Finding("lag", what, "Allow more time, or let fewer samples share the bench", step.name,
                          (*step.location, "within_min"), lag_s / 60, allowed_s / 60)  # fmt: skip


def circle(error: Circle, steps: Mapping[str, BoundStep]) -> Finding:
    """Tasks that wait for each other for ever."""
    step = steps[error.step]
    return Finding("circle", error.what, error.remedy, step.name, (*step.location, step.step.verb))
