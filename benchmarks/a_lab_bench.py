"""A powder bench that runs for weeks: samples come as long as there is room, tasks fail, somebody or something mends."""

from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import inf

import numpy as np
from a_lab_failures import DAY_S, HOUR_S, Answer, Chance, Failure, by_person, by_rules, is_night
from scheduling_workloads import any_programme, powder_bench, powder_job

from planning.scheduling.dispatch import Dispatch
from planning.scheduling.model import Batch, Job, Plan, Problem
from planning.scheduling.newcomers import same_groups, with_samples
from planning.scheduling.policies import fifo
from planning.scheduling.replan import Replans
from planning.scheduling.setbacks import drop, put_off, turn_away
from planning.scheduling.state import DONE, READY, RUNNING
from planning.scheduling.table import Table

FURNACES = 4
LOT = 16
"""So many samples are handed in at a time, when fewer than `WAITING` have not been begun."""
WAITING = 32
RULES_TRIED = 6
STEPS = 2
PATIENCE_S = 48 * HOUR_S

Mend = Callable[[Failure, dict[str, int]], Answer]


@dataclass(frozen=True)
class Way:
    """How a bench is run: who decides what goes first, and who what is done about a failure."""

    name: str
    plans: bool
    mend: Mend
    whole_batches: bool = False
    """Do users hand in eights of one programme?"""


FIFO_PERSON = Way("FIFO + person", False, by_person)
FIFO_RULES = Way("FIFO + rules", False, by_rules)
OURS_PERSON = Way("ours + person", True, by_person)
OURS_RULES = Way("ours + rules", True, by_rules)
WAYS = (FIFO_PERSON, FIFO_RULES, OURS_PERSON, OURS_RULES)


@dataclass
class Record:
    """What came of a replay; times in seconds from its beginning."""

    days: float
    done_s: list[float] = field(default_factory=list)
    set_aside: int = 0
    failures: int = 0
    asked_s: list[float] = field(default_factory=list)
    waited_s: float = 0.0
    """How long tasks stood still for want of a person, summed."""
    programmes: list[tuple[float, float, float]] = field(default_factory=list)
    """Furnace programmes: from when to when, and which part of the places was used."""

    @property
    def samples_per_day(self) -> float:
        """Samples made and measured."""
        return len(self.done_s) / self.days

    @property
    def furnaces_busy_fraction(self) -> float:
        """Part of all furnace-hours that was spent in a programme."""
        horizon_s = self.days * DAY_S
        busy_s = sum(min(end_s, horizon_s) - start_s for start_s, end_s, _ in self.programmes)
        return busy_s / (2 * FURNACES * horizon_s)

    @property
    def places_used_fraction(self) -> float:
        """Part of the places that was used, on the average over programmes."""
        return float(np.mean([used for _, _, used in self.programmes])) if self.programmes else 0.0

    @property
    def asked_per_night(self) -> float:
        """Questions that came when nobody heard them."""
        return sum(map(is_night, self.asked_s)) / self.days


def replay(way: Way, chance: Chance, days: float) -> Record:
    """Let a bench run for some days."""
    return _Bench(way, chance, days).run()


class _Bench:
    def __init__(self, way: Way, chance: Chance, days: float) -> None:
        self.way = way
        self.chance = chance
        self.record = Record(days)
        self.now_s = 0.0
        self.resources, self.machines = powder_bench(FURNACES)
        self.dispatch = Dispatch(Table(Problem(self.resources, self.machines, ())), Plan((), {}))
        self.batches: list[Batch] = []
        """As they were cut when samples were handed in."""
        self.replans: Replans | None = None
        self.handed_in = self.begun = 0
        self.ends: list[tuple[float, str]] = []
        self.end_s: dict[str, float] = {}
        self.to_come: dict[str, list[Failure]] = {}
        self.used: dict[str, dict[str, int]] = {}
        self.attempts: dict[str, int] = {}

    def run(self) -> Record:
        """Go from event to event until the days are over."""
        horizon_s = self.record.days * DAY_S
        while self.now_s < horizon_s:
            while self.handed_in - self.begun < WAITING:
                self._hand_in()
            for operation in self.dispatch.start_all(self.now_s):
                self._begin(operation)
            next_s = min(self.ends[0][0] if self.ends else inf, self.dispatch.next_wake_s())
            if next_s == inf:
                self.dispatch.unstick()
                continue
            self.now_s = max(self.now_s, next_s)
            while self.ends and self.ends[0][0] <= self.now_s:
                end_s, name = heappop(self.ends)
                if self.end_s.get(name) == end_s:
                    self._end(self.dispatch.table.index[name])
        return self.record

    def _hand_in(self) -> None:
        """Samples join: as a lot of their own, or planned together with all that are here."""
        lot = self._lot()
        old = self.dispatch
        here = [
            job
            for job, members in zip(old.table.problem.jobs, old.table.jobs, strict=True)
            if any(old.state[number] != DONE for number in members)
        ]
        problem = Problem(self.resources, self.machines, (*here, *lot), PATIENCE_S)
        self.dispatch = with_samples(old, problem)
        plan = self._plan(old.table) if self.way.plans else self._as_handed_in(lot)
        if plan:
            self.dispatch.follow(plan)

    def _lot(self) -> tuple[Job, ...]:
        numbers = range(self.handed_in, self.handed_in + LOT)
        self.handed_in += LOT
        return tuple(self._sample(number) for number in numbers)

    def _sample(self, number: int) -> Job:
        name = f"p{number:04d}"
        group = f"eight {number // 8}" if self.way.whole_batches else name
        job = powder_job(name, any_programme(self.chance.stream(group)), self.chance.stream(name, "dosing"))
        return Job(name, job.operations, self.now_s)

    def _as_handed_in(self, lot: tuple[Job, ...]) -> Plan:
        """AlabOS's way: batches are cut when samples are handed in, and served as they come."""
        alone = Table(Problem(self.resources, self.machines, lot))
        self.batches += fifo(alone, [range(len(lot))]).batches
        index = self.dispatch.table.index
        here = (tuple(name for name in batch.members if name in index) for batch in self.batches)
        self.batches = [Batch(members) for members in here if members]
        return Plan(tuple(self.batches), {}, reserves=False)

    def _plan(self, old: Table) -> Plan | None:
        table = self.dispatch.table
        draft = self.replans.draft if self.replans else None
        self.replans = Replans(
            table, self.chance.stream("plan", str(self.handed_in)), STEPS, "mean completion", rules=RULES_TRIED,
            draft=same_groups(draft, old, table) if draft else None,
        )  # fmt: skip
        return self.replans.plan(self.dispatch, range(len(table.jobs)), self.now_s)

    def _begin(self, operation: int) -> None:
        table, name = self.dispatch.table, self.dispatch.table.names[operation]
        load = self.dispatch.load[operation]
        if load and operation != load.members[0]:
            name_of_all = table.names[load.members[0]]
            self._ends_at(name, self.end_s[name_of_all])
            return
        if name not in self.to_come:
            self.to_come[name] = self._strikes(operation)
            self.begun += name.endswith(".dose")
        factor = self.chance.duration_factor(name, table.spread[operation])
        self._ends_at(name, self.now_s + factor * table.duration_s[operation])
        if load and table.kind[operation] > 0:  # a furnace, no quadrant
            places = table.places[table.kind[operation]]
            self.record.programmes.append((self.now_s, self.end_s[name], len(load.members) / places))

    def _strikes(self, operation: int) -> list[Failure]:
        """What goes wrong; furnaces' doors move once for a batch, and box furnaces do not fall silent."""
        return [
            failure
            for failure in self.chance.strikes(self.dispatch.table.names[operation])
            if (failure.device != "door" or self._moves_door(operation))
            and (failure.device != "tube_furnace" or self._is_tube(operation))
        ]

    def _is_tube(self, operation: int) -> bool:
        return self.machines[self.dispatch.table.kind[operation]].kind == "tube furnace"

    def _at_door(self, operation: int) -> list[int]:
        """All operations that load, or all that unload, the same batch."""
        table = self.dispatch.table
        enters = table.enters[operation] >= 0
        load = self.dispatch.load[table.enters[operation] if enters else table.leaves[operation]]
        assert load is not None
        return [(table.enter_of if enters else table.leave_of)[member] for member in load.members]

    def _moves_door(self, operation: int) -> bool:
        state = self.dispatch.state
        return all(state[other] < RUNNING for other in self._at_door(operation) if other != operation)

    def _ends_at(self, name: str, end_s: float) -> None:
        self.end_s[name] = end_s
        heappush(self.ends, (end_s, name))

    def _delay(self, operation: int, end_s: float) -> None:
        """A task ends later than it was to, and with it all who share its machine."""
        load = self.dispatch.load[operation]
        for member in load.members if load else (operation,):
            self.dispatch.delay(member, end_s - self.dispatch.end_s[member])
            self._ends_at(self.dispatch.table.names[member], end_s)

    def _end(self, operation: int) -> None:
        """A task would end now: it does, or something has gone wrong."""
        name = self.dispatch.table.names[operation]
        if self.to_come.get(name):
            self._fail(operation, name)
            return
        self._finish(operation)
        if name.endswith(".end"):
            self.record.done_s.append(self.now_s)

    def _finish(self, operation: int) -> None:
        del self.end_s[self.dispatch.table.names[operation]]
        self.dispatch.finish(operation, self.now_s)

    def _fail(self, operation: int, name: str) -> None:
        failure = self.to_come[name][0]
        key = f"{name}/{failure.name}"
        used = self.used.setdefault(key, {})
        self.record.failures += key not in self.attempts
        self.attempts[key] = attempt = self.attempts.get(key, 0) + 1
        answer = self.way.mend(failure, used)
        if answer.act == "again":
            used[answer.rule] = used.get(answer.rule, 0) + 1
            if not self.chance.fails_again(name, failure, attempt):
                self.to_come[name].pop(0)
            self._delay(operation, self.now_s + answer.wait_s + failure.again_s)
            return
        self.to_come[name].pop(0)
        if answer.act == "aside":
            self._finish(operation)
            drop(self.dispatch, self.dispatch.table.job[operation], self.now_s)
            self.record.set_aside += 1
        else:
            self._ask(operation, failure)

    def _ask(self, operation: int, failure: Failure) -> None:
        """A person is called; until then all that the task has stands still, or only what cannot go on."""
        table = self.dispatch.table
        answered_s = self.chance.answered_s(table.names[operation], failure, self.now_s)
        self.record.asked_s.append(self.now_s)
        if self.way.mend is by_person or failure.stuck == "everything":
            self.record.waited_s += answered_s - self.now_s
            self._delay(operation, answered_s + failure.again_s)
        elif failure.stuck == "sample" or table.leaves[operation] >= 0:
            for other in [operation] if failure.stuck == "sample" else self._at_door(operation):
                if other == operation or self.dispatch.state[other] == READY:
                    self._put_off(other, answered_s)
        else:
            del self.end_s[table.names[operation]]
            turn_away(self.dispatch, operation, self.now_s, answered_s)

    def _put_off(self, operation: int, until_s: float) -> None:
        self.end_s.pop(self.dispatch.table.names[operation], None)
        put_off(self.dispatch, operation, until_s)
