"""A run in a world that does not keep to the plan: durations scatter, things break, samples join.

Durations become known when an operation ends, breakdowns when they happen, samples when they come. A new plan is taken
only if it simulates better from the present state than the plan at hand.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from math import inf
from typing import Protocol

import numpy as np

from planning.scheduling.dispatch import Dispatch
from planning.scheduling.model import Plan, Schedule
from planning.scheduling.simulation import schedule_of
from planning.scheduling.state import DONE, RUNNING
from planning.scheduling.table import Table


@dataclass(frozen=True)
class Breakdown:
    """Something is out of order for a while: a resource by name, or machine `number` of a kind."""

    at_s: float
    what: str
    number: int
    repair_s: float


@dataclass(frozen=True)
class World:
    """What will happen, drawn beforehand so that two policies meet the same: a factor for each duration, breakdowns."""

    factors: Sequence[float]
    breakdowns: tuple[Breakdown, ...]


def draw_world(
    table: Table, rng: np.random.Generator, mean_between_s: Mapping[str, float], repair_s: float, horizon_s: float
) -> World:
    """Draw lognormal factors of median 1, and breakdowns of resources and machines as a Poisson process."""
    factors = np.exp(np.asarray(table.spread) * rng.standard_normal(len(table.spread)))
    breakdowns = []
    for what, mean_s in mean_between_s.items():
        for number in range(table.problem.kind[what].count if what in table.problem.kind else 1):
            at_s = float(rng.exponential(mean_s))
            while at_s < horizon_s:
                lasts_s = repair_s * float(rng.lognormal(0.0, 0.5))
                breakdowns.append(Breakdown(at_s, what, number, lasts_s))
                at_s += lasts_s + float(rng.exponential(mean_s))
    return World(factors.tolist(), tuple(sorted(breakdowns, key=lambda each: each.at_s)))


class Replanner(Protocol):
    """Thinks of a new plan when something has happened."""

    def plan(self, dispatch: Dispatch, known: Sequence[int], now_s: float) -> Plan | None:
        """A plan that simulates better from here, for the samples that have come; None to go on as it is."""


def rehearse(table: Table, plan: Plan, world: World, replanner: Replanner | None = None) -> Schedule:
    """Let a plan meet the world, and say when everything was done."""
    return _Rehearsal(table, plan, world, replanner).run()


class _Rehearsal:
    def __init__(self, table: Table, plan: Plan, world: World, replanner: Replanner | None) -> None:
        self.table = table
        self.world = world
        self.replanner = replanner
        self.dispatch = Dispatch(table, plan)
        self.now_s = 0.0
        self.ends: list[tuple[float, int]] = []
        self.actual_end_s: dict[int, float] = {}
        self.resource = {resource.name: number for number, resource in enumerate(table.problem.resources)}
        self.kind = {machines.kind: number for number, machines in enumerate(table.problem.machines)}
        self.owed_s: dict[tuple[int, int], float] = {}
        """Repairs of machines that were just being loaded or unloaded: the next firing takes longer."""

    def run(self) -> Schedule:
        """Go from event to event until everything is done."""
        breakdowns = list(reversed(self.world.breakdowns))
        arrivals = sorted({release_s for release_s in self.table.release_s if release_s > 0}, reverse=True)
        while self.dispatch.left:
            for operation in self.dispatch.start_all(self.now_s):
                self._begin(operation)
            next_s = min(
                self.ends[0][0] if self.ends else inf,
                self.dispatch.next_wake_s(),
                breakdowns[-1].at_s if breakdowns else inf,
                arrivals[-1] if arrivals else inf,
            )
            if next_s == inf:
                self.dispatch.unstick()
                continue
            self.now_s = max(self.now_s, next_s)
            news = self._finish_due()
            while breakdowns and breakdowns[-1].at_s <= self.now_s:
                self._break(breakdowns.pop())
                news = True
            while arrivals and arrivals[-1] <= self.now_s:
                arrivals.pop()
                news = True
            if news and self.replanner:
                self._replan(self.replanner)
        return schedule_of(self.dispatch)

    def _begin(self, operation: int) -> None:
        load = self.dispatch.load[operation]
        lead = load.members[0] if load else operation
        lasts_s = self.table.duration_s[operation] * self.world.factors[lead]
        if load:
            lasts_s += self.owed_s.pop((self.table.kind[operation], load.machine), 0.0) if operation == lead else 0.0
            if operation != lead:
                lasts_s = self.actual_end_s[lead] - self.now_s if lead in self.actual_end_s else lasts_s
        self.actual_end_s[operation] = self.now_s + lasts_s
        heappush(self.ends, (self.now_s + lasts_s, operation))

    def _finish_due(self) -> bool:
        """End what ends now; tell whether a batch has ended, which is when others may be decided anew."""
        news = False
        while self.ends and self.ends[0][0] <= self.now_s:
            end_s, operation = heappop(self.ends)
            if end_s == self.actual_end_s[operation]:  # else it was delayed since
                self.dispatch.finish(operation, self.now_s)
                news = news or self.table.kind[operation] >= 0
        return news

    def _break(self, breakdown: Breakdown) -> None:
        dispatch = self.dispatch
        until_s = self.now_s + breakdown.repair_s
        if breakdown.what in self.resource:
            resource = self.resource[breakdown.what]
            dispatch.close(resource, until_s)
            self._delay(dispatch.running[resource], breakdown.repair_s)
            return
        kind = self.kind[breakdown.what]
        if breakdown.number in dispatch.machines[kind]:
            dispatch.take_away(kind, breakdown.number, until_s)
            return
        for load in dispatch.loads:
            if load.machine == breakdown.number and self.table.kind[load.members[0]] == kind and load.leaving:
                if dispatch.state[load.members[0]] == RUNNING:
                    self._delay(load.members, breakdown.repair_s)
                elif not load.fired:
                    key = (kind, breakdown.number)
                    self.owed_s[key] = self.owed_s.get(key, 0.0) + breakdown.repair_s

    def _delay(self, operations: Iterable[int], by_s: float) -> None:
        for operation in operations:
            self.dispatch.delay(operation, by_s)
            self.actual_end_s[operation] += by_s
            heappush(self.ends, (self.actual_end_s[operation], operation))

    def _replan(self, replanner: Replanner) -> None:
        known = [
            job
            for job, release_s in enumerate(self.table.release_s)
            if release_s <= self.now_s and any(self.dispatch.state[number] != DONE for number in self.table.jobs[job])
        ]
        plan = replanner.plan(self.dispatch, known, self.now_s)
        if plan:
            self.dispatch.follow(plan)
