"""From an order of samples to a plan: who shares a machine, who goes first."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from math import inf

from planning.errors import Refused
from planning.scheduling.model import Batch, Job, Lag, Plan, Problem
from planning.scheduling.simulation import simulate
from planning.scheduling.table import Table


@dataclass(frozen=True)
class Draft:
    """What a search varies: samples in groups that share their decisive machine, in the order of their turn.

    Elsewhere, samples share machines with their neighbours in that order, at most `elsewhere` at a time. With
    `doors_first`, loading and unloading go before everything else, so that no machine waits for the arm; with `by_tail`,
    after the decisive machine those go first that have most before them.
    """

    groups: tuple[tuple[int, ...], ...]
    elsewhere: int
    doors_first: bool = True
    by_tail: bool = True


class Batching:
    """How the samples of one problem may be grouped."""

    def __init__(self, table: Table, margin_fraction: float = 0.0) -> None:
        self.table = table
        self.margin_fraction = margin_fraction
        self.firings = [[number for number in members if table.kind[number] >= 0] for members in table.jobs]
        self.decisive = self._decisive_kind()
        self.most_elsewhere = max(
            (table.places[kind] for kind in range(len(table.places)) if kind != self.decisive), default=1
        )

        self.longest_s = max(table.tail_s, default=0.0) + 1.0
        self.last = [
            max((n for n in firings if table.kind[n] == self.decisive), default=-1) for firings in self.firings
        ]

    def _decisive_kind(self) -> int:
        """The kind of machine whose programmes, each in full batches, take longest in all."""
        table = self.table
        area_s = [0.0] * len(table.count)
        for number, kind in enumerate(table.kind):
            if kind >= 0:
                area_s[kind] += table.duration_s[number] / table.places[kind] / table.count[kind]
        return max(range(len(area_s)), key=area_s.__getitem__, default=-1)

    @cached_property
    def key(self) -> list[tuple[str, ...]]:
        """For each job the programmes that it has in decisive machines: who shares one must agree in all."""
        return [
            tuple(self.table.programme[number] for number in firings if self.table.kind[number] == self.decisive)
            for firings in self.firings
        ]

    @cached_property
    def most(self) -> dict[tuple[str, ...], int]:
        """For each key how many may share a machine: what fits in, and can be brought in time."""
        found: dict[tuple[str, ...], int] = {}
        for job, key in enumerate(self.key):
            if key not in found:
                found[key] = self._most_in_time(job) if key else 1
        return found

    def _most_in_time(self, job: int) -> int:
        places, table = self.table.places[self.decisive], self.table
        if not any(table.is_head[number] for number in table.jobs[job]):
            return places
        for size in range(places, 1, -1):
            trial = Table(_copies(table.problem, table.problem.jobs[job], size))
            batching = Batching(trial, self.margin_fraction)
            draft = Draft((tuple(range(size)),), 1)
            try:
                schedule = simulate(trial, batching.plan(draft))
            except Refused:
                continue
            decisive = {
                placed.batch
                for placed in schedule.placed
                if trial.kind[trial.index[placed.operation]] == batching.decisive
            }
            if len(decisive) == len(self.key[job]):
                return size
        return 1

    def by_key(self, jobs: Iterable[int]) -> dict[tuple[str, ...], list[int]]:
        """Jobs that may share a machine, each list in the given order."""
        alike: dict[tuple[str, ...], list[int]] = {}
        for job in jobs:
            alike.setdefault(self.key[job], []).append(job)
        return alike

    def plan(self, draft: Draft, reserves: bool = True, settled: Collection[int] = ()) -> Plan:
        """Write a draft out; firings that are `settled` are in no batch of it, or they would leave gaps in theirs."""
        table = self.table
        order = [job for group in draft.groups for job in group]
        rank: dict[str, float] = {}
        for position, job in enumerate(order):
            for number in table.jobs[job]:
                first = draft.doors_first and self._at_door(number)
                turn = -table.tail_s[number] / self.longest_s if draft.by_tail and number > self.last[job] else position
                rank[table.names[number]] = turn - (len(order) if first else 0)
        return Plan(tuple(self._batches(draft.groups, draft.elsewhere, settled)), rank, reserves, self.margin_fraction)

    def _at_door(self, number: int) -> bool:
        table = self.table
        return table.enters[number] >= 0 or table.leaves[number] >= 0 or table.kind[number] >= 0

    def _batches(self, groups: Sequence[Sequence[int]], elsewhere: int, settled: Collection[int]) -> Iterable[Batch]:
        table = self.table
        open_: dict[tuple[object, ...], list[str]] = {}
        found: list[list[str]] = []
        for turn, group in enumerate(groups):
            for job in group:
                for stage, number in enumerate(self.firings[job]):
                    if number in settled:
                        continue
                    decisive = table.kind[number] == self.decisive
                    key = (turn if decisive else -1, stage, table.kind[number], self.table.programme[number])
                    most = (
                        table.places[table.kind[number]]
                        if decisive
                        else min(elsewhere, table.places[table.kind[number]])
                    )
                    if key not in open_ or len(open_[key]) >= most:
                        open_[key] = []
                        found.append(open_[key])
                    open_[key].append(table.names[number])
        return [Batch(tuple(members)) for members in found]


def chunks(jobs: Sequence[int], most: int, even: bool = False) -> list[tuple[int, ...]]:
    """Cut a list into parts of at most so many; `even` ones differ by one at most.

    >>> chunks(range(10), 4), chunks(range(10), 4, even=True)
    ([(0, 1, 2, 3), (4, 5, 6, 7), (8, 9)], [(0, 1, 2, 3), (4, 5, 6), (7, 8, 9)])
    """
    if not even:
        return [tuple(jobs[start : start + most]) for start in range(0, len(jobs), most)]
    parts = -(-len(jobs) // most)
    size, more = divmod(len(jobs), parts) if parts else (0, 0)
    cuts = [part * size + min(part, more) for part in range(parts + 1)]
    return [tuple(jobs[start:end]) for start, end in pairwise(cuts)]


def _copies(problem: Problem, job: Job, count: int) -> Problem:
    """An empty bench with the same sample several times."""

    def renamed(number: int) -> Job:
        def name(old: str) -> str:
            return f"{old}~{number}" if old else ""

        operations = tuple(
            replace(
                each,
                name=name(each.name),
                after=tuple(Lag(name(lag.after), lag.min_s, lag.max_s) for lag in each.after),
                firing=replace(each.firing, load=name(each.firing.load), unload=name(each.firing.unload))
                if each.firing
                else None,
            )
            for each in job.operations
        )
        return Job(name(job.name), operations)

    return Problem(problem.resources, problem.machines, tuple(renamed(number) for number in range(count)), inf)
