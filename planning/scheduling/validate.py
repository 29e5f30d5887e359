"""Is a schedule sound? Judged from the problem alone, by no code that any scheduler shares."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from planning.scheduling.model import Placed, Problem, Schedule

TOLERANCE_S = 1e-6

Kind = Literal["missing", "duration", "release", "shortest lag", "longest lag", "resource", "place", "calendar", "batch", "machine"]  # fmt: skip
Interval = tuple[float, float]


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a schedule."""

    kind: Kind
    what: str


def faults_of(problem: Problem, schedule: Schedule, durations_hold: bool = True) -> list[Fault]:
    """Everything wrong with a schedule; nothing if it is sound.

    After a run with noise the durations are others than expected: then leave `durations_hold` out.
    """
    names = [placed.operation for placed in schedule.placed]
    if sorted(names) != sorted(problem.operations):
        return [Fault("missing", "not every operation is placed exactly once")]
    batches = _batches(problem, schedule)
    checks = [_lags(problem, schedule), _resources(problem, schedule), _places(problem, schedule),
              _calendars(problem, schedule), _batch_rules(problem, batches), _machines(problem, schedule, batches)]  # fmt: skip
    if durations_hold:
        checks.append(_durations(problem, schedule))
    return [fault for check in checks for fault in check]


def broken_lags(problem: Problem, schedule: Schedule) -> int:
    """How many longest lags a schedule breaks."""
    return sum(fault.kind == "longest lag" for fault in _lags(problem, schedule))


def _batches(problem: Problem, schedule: Schedule) -> dict[int, list[Placed]]:
    batches: dict[int, list[Placed]] = defaultdict(list)
    for placed in schedule.placed:
        if problem.operations[placed.operation].firing:
            batches[placed.batch].append(placed)
    return batches


def _durations(problem: Problem, schedule: Schedule) -> Iterator[Fault]:
    for placed in schedule.placed:
        expected_s = problem.operations[placed.operation].duration_s
        if abs(placed.end_s - placed.start_s - expected_s) > TOLERANCE_S:
            yield Fault("duration", f"{placed.operation} lasts {placed.end_s - placed.start_s}, not {expected_s} s")


def _lags(problem: Problem, schedule: Schedule) -> Iterator[Fault]:
    for name, operation in problem.operations.items():
        start_s = schedule.at[name].start_s
        if start_s < problem.job_of[name].release_s - TOLERANCE_S:
            yield Fault("release", f"{name} starts before its sample has come")
        for lag in operation.after:
            lag_s = start_s - schedule.at[lag.after].end_s
            if lag_s < lag.min_s - TOLERANCE_S:
                yield Fault("shortest lag", f"{name} starts {lag_s:.0f} s after {lag.after}, before {lag.min_s:.0f} s")
            if lag_s > lag.max_s + TOLERANCE_S:
                yield Fault(
                    "longest lag", f"{name} starts {lag_s:.0f} s after {lag.after}, later than {lag.max_s:.0f} s"
                )


def _resources(problem: Problem, schedule: Schedule) -> Iterator[Fault]:
    busy: dict[str, dict[object, Interval]] = defaultdict(dict)
    for name, operation in problem.operations.items():
        placed = schedule.at[name]
        for resource in operation.uses:  # a batch is served once, not once for each member
            owner = placed.batch if operation.firing else name
            busy[resource][owner] = (placed.start_s, placed.end_s)
    for resource, intervals in busy.items():
        if peak(intervals.values()) > problem.resource[resource].capacity:
            yield Fault("resource", f"{resource} does more at once than {problem.resource[resource].capacity}")


def _places(problem: Problem, schedule: Schedule) -> Iterator[Fault]:
    held: dict[str, list[Interval]] = defaultdict(list)
    for job in problem.jobs:
        since_s: dict[str, float] = {}
        for operation in job.operations:
            placed = schedule.at[operation.name]
            since_s |= dict.fromkeys(operation.takes, placed.start_s)
            for place in operation.frees:
                held[place].append((since_s.pop(place), placed.end_s))
    for place, intervals in held.items():
        if peak(intervals) > problem.resource[place].capacity:
            yield Fault("place", f"{place} holds more at once than {problem.resource[place].capacity}")


def _calendars(problem: Problem, schedule: Schedule) -> Iterator[Fault]:
    for name, operation in problem.operations.items():
        placed = schedule.at[name]
        for resource in operation.uses:
            calendar = problem.resource[resource].calendar
            fits = calendar is None or any(
                start_s - TOLERANCE_S <= placed.start_s - turn_s and placed.end_s - turn_s <= end_s + TOLERANCE_S
                for turn_s in [(placed.start_s + TOLERANCE_S) // calendar.period_s * calendar.period_s]
                for start_s, end_s in calendar.windows_s
            )
            if not fits:
                yield Fault("calendar", f"{name} needs {resource} when it is not there")


def _batch_rules(problem: Problem, batches: dict[int, list[Placed]]) -> Iterator[Fault]:
    for number, members in batches.items():
        firings = {problem.operations[placed.operation].firing for placed in members}
        programmes = {(firing.kind, firing.programme) for firing in firings if firing}
        if number < 0:
            yield Fault("batch", f"{members[0].operation} is in no batch")
        elif len(programmes) > 1:
            yield Fault("batch", f"batch {number} mixes {sorted(programmes)}")
        elif len(members) > problem.kind[next(iter(programmes))[0]].places:
            yield Fault("batch", f"batch {number} has {len(members)} members")
        if len({(placed.start_s, placed.end_s) for placed in members}) > 1:
            yield Fault("batch", f"batch {number} does not start and end together")


def _machines(problem: Problem, schedule: Schedule, batches: dict[int, list[Placed]]) -> Iterator[Fault]:
    taken: dict[str, list[Interval]] = defaultdict(list)
    for members in batches.values():
        starts_s, ends_s, kind = [], [], ""
        for placed in members:
            firing = problem.operations[placed.operation].firing
            assert firing is not None
            kind = firing.kind
            load, unload = schedule.at[firing.load or placed.operation], schedule.at[firing.unload or placed.operation]
            starts_s.append(load.start_s)
            ends_s.append(unload.end_s)
            if load.operation != placed.operation and load.end_s > placed.start_s + TOLERANCE_S:
                yield Fault("machine", f"{placed.operation} starts before it is loaded")
            if unload.operation != placed.operation and unload.start_s < placed.end_s - TOLERANCE_S:
                yield Fault("machine", f"{placed.operation} is unloaded before its end")
        taken[kind].append((min(starts_s), max(ends_s)))
    for kind, intervals in taken.items():
        if peak(intervals) > problem.kind[kind].count:
            yield Fault("machine", f"more than {problem.kind[kind].count} machines of kind {kind} are in use at once")


def peak(intervals: Iterable[Interval]) -> int:
    """How many intervals overlap at most; one may begin where another ends.

    >>> peak([(0, 2), (1, 3), (2, 4)])
    2
    """
    changes = [(end_s - TOLERANCE_S, -1) for start_s, end_s in intervals if end_s - start_s > TOLERANCE_S]
    return _highest([*changes, *((start_s, 1) for start_s, end_s in intervals if end_s - start_s > TOLERANCE_S)])


def _highest(changes: list[tuple[float, int]]) -> int:
    count = highest = 0
    for _, change in sorted(changes):
        count += change
        highest = max(highest, count)
    return highest
