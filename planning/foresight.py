"""Thinks ahead: which samples share an oven and who goes first, by trying plans from the present state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any

import numpy as np

from planning.errors import Refused
from planning.outline import Agreement, Outline
from planning.scheduling.batching import Batching, Draft, chunks
from planning.scheduling.dispatch import Dispatch
from planning.scheduling.model import Objective
from planning.scheduling.policies import drafts
from planning.scheduling.replan import LEAST_GAIN
from planning.scheduling.search import LocalSearch
from planning.scheduling.simulation import run_out
from planning.scheduling.state import READY, Load
from planning.scheduling.table import Table
from planning.scheduling.taking_up import Begun, settled, take_up

MARGIN_FRACTION = 0.4
"""Part of each longest lag that is kept for what takes longer than expected."""
MOST_OPERATIONS = 40_000
FEWEST_TRIALS = 4
"""How much is simulated at most when a plan is made, lest large problems take long."""
CHANGES = 20
"""How many changes a search makes to the best rule."""


@dataclass(frozen=True)
class Intent:
    """A plan in the names of samples: who shares an oven, in the order of their turns, and habits (see `Draft`)."""

    groups: tuple[tuple[str, ...], ...] = ()
    elsewhere: int = 0
    doors_first: bool = True
    by_tail: bool = True
    agreed: tuple[Agreement, ...] = ()

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Intent":
        """Read one back from its event."""
        groups = tuple(tuple(group) for group in data["groups"])
        agreed = tuple(Agreement(*each) for each in data["agreed"])
        return cls(groups, data["elsewhere"], data["doors_first"], data["by_tail"], agreed)


class Foresight:
    """All samples under way, seen from the present state of the bench.

    Args:
        outline: what they have to go through.
        begun: what runs or is done of it.
        intent: what was planned so far; newcomers queue up behind.
    """

    def __init__(self, outline: Outline, begun: Sequence[Begun], intent: Intent, now_s: float) -> None:
        self.table = Table(outline.problem)
        self.now_s = now_s
        self._outline = outline
        self._batching = Batching(self.table, MARGIN_FRACTION)
        self.draft = self._draft(intent)
        plan = settled(self._batching.plan(self.draft), self.table, begun)
        self.dispatch = Dispatch(self.table, plan)
        take_up(self.dispatch, begun)

    def intent(self) -> Intent:
        """What is planned now."""
        names = [job.name for job in self.table.problem.jobs]
        groups = tuple(tuple(names[job] for job in group) for group in self.draft.groups)
        agreed = tuple(self._outline.agreed)
        return Intent(groups, self.draft.elsewhere, self.draft.doors_first, self.draft.by_tail, agreed)

    def machine(self, task: str) -> int:
        """Which of its alternatives a task carries into; -1 if it is into no oven."""
        load = self._load(task)
        return -1 if load is None else load.machine

    def companions(self, task: str) -> set[str]:
        """The samples that are fired together with the one that a task is about, itself included."""
        load, job_of = self._load(task), self.table.problem.job_of
        return set() if load is None else {job_of[self.table.names[number]].name for number in load.members}

    def _load(self, task: str) -> Load | None:
        firing = self._outline.firing_of.get(task)
        return None if firing is None else self.dispatch.load[self.table.index[firing]]

    def _draft(self, intent: Intent) -> Draft:
        number = {job.name: index for index, job in enumerate(self.table.problem.jobs)}
        groups = [tuple(number[name] for name in group if name in number) for group in intent.groups]
        known = {job for group in groups for job in group}
        for key, alike in self._batching.by_key(job for job in number.values() if job not in known).items():
            groups += chunks(alike, max(1, self._batching.most[key]))
        elsewhere = intent.elsewhere or self._batching.most_elsewhere
        return Draft(tuple(filter(None, groups)), elsewhere, intent.doors_first, intent.by_tail)

    def improve(self, rng: np.random.Generator, objective: Objective, *, have_joined: bool) -> None:
        """Try rules and changes, and follow the best that simulates better from here.

        `have_joined`: with newcomers everything is open again; else only changes are tried, and a small gain is none.
        """
        fixed = tuple(group for group in self.draft.groups if not all(map(self._is_open, group)))
        best = replace(self.draft, groups=tuple(group for group in self.draft.groups if group not in fixed))
        if not best.groups:
            return
        search = LocalSearch(self.table, rng, objective, MARGIN_FRACTION)
        among = [job for group in best.groups for job in group]
        rules = list(drafts(self._batching, among)) if have_joined else []
        present_s = best_s = self._cost_s(None, objective)
        limit_s = present_s - (0.0 if have_joined else LEAST_GAIN * (present_s - self.now_s))
        found: Draft | None = None
        most = max(FEWEST_TRIALS, MOST_OPERATIONS // len(self.table.names))
        for turn in range(min(most, len(rules) + CHANGES)):
            draft = rules[turn] if turn < len(rules) else search.change(best)
            if draft is None:
                continue
            whole = replace(draft, groups=(*fixed, *draft.groups))
            cost_s = self._cost_s(whole, objective)
            if cost_s < min(best_s, limit_s):
                best, best_s, found = draft, cost_s, whole
        if found is not None:
            in_turn = self._in_turn(found)
            is_as_good = self._cost_s(in_turn, objective) <= best_s + LEAST_GAIN * (best_s - self.now_s)
            self.draft = in_turn if is_as_good else found
            self.dispatch.follow(self._batching.plan(self.draft))

    def next_wake_s(self, now_s: float) -> float:
        """The next time from now on at which something may start though nothing ends."""
        return self.dispatch.next_wake_s(after_s=now_s)

    def give_way(self, now_s: float) -> None:
        """Nothing runs and nothing may start: let a batch go without those who cannot come, or a longest lag be broken.

        Raises:
            Refused: that does not help.
        """
        dispatch = self.dispatch
        heads = {number for number, state in enumerate(dispatch.state) if state == READY and self.table.is_head[number]}
        if heads <= dispatch.loose:
            dispatch.unstick()
        for number in sorted(heads - dispatch.loose):
            dispatch.loose.add(number)
            dispatch.wake_at(number, now_s)

    def _is_open(self, job: int) -> bool:
        """Is it still to be decided with whom this sample shares its decisive oven?"""
        firings = [n for n in self._batching.firings[job] if self.table.kind[n] == self._batching.decisive]
        loads = [self.dispatch.load[number] for number in firings]
        return all(load is None or (load.machine < 0 and not load.promised) for load in loads)

    def _in_turn(self, draft: Draft) -> Draft:
        """The same plan, but those who take the same way go in the order in which they came: people expect it."""
        planned = [job for group in draft.groups for job in group]
        alike: dict[object, list[int]] = {}
        for job in sorted(planned):
            alike.setdefault(self._seen(job), []).append(job)
        turns = {key: iter(jobs) for key, jobs in alike.items()}
        return replace(
            draft, groups=tuple(tuple(next(turns[self._seen(job)]) for job in group) for group in draft.groups)
        )

    def _seen(self, job: int) -> object:
        """Which way a sample takes."""
        table = self.table
        return tuple((table.uses[n], table.takes[n], table.frees[n], table.programme[n]) for n in table.jobs[job])

    def _cost_s(self, draft: Draft | None, objective: Objective) -> float:
        """What the bench would cost from here, as expected, with a draft or as it is."""
        twin = self.dispatch.twin()
        try:
            if draft is not None:
                twin.follow(self._batching.plan(draft))
            end_s = run_out(twin, self.now_s)
        except Refused:
            return inf
        if objective == "makespan":
            return end_s
        done_s = [max(twin.end_s[number] for number in members) for members in self.table.jobs]
        return sum(done_s) / len(done_s)
