"""Thinking again in the middle of a run: the samples whose machine is not decided get a new order, if that helps."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from math import inf

import numpy as np

from planning.errors import Refused
from planning.scheduling.batching import Batching, Draft, chunks
from planning.scheduling.dispatch import Dispatch
from planning.scheduling.model import Objective, Plan
from planning.scheduling.policies import drafts
from planning.scheduling.search import LocalSearch
from planning.scheduling.simulation import run_out
from planning.scheduling.state import RUNNING
from planning.scheduling.table import Table

LEAST_GAIN = 1e-3
"""A new plan must be better by this fraction of what is left, or the bench would waver between equals."""


@dataclass
class Replans:
    """The list scheduler's rules and a short local search, each judged by simulation from the present state."""

    table: Table
    rng: np.random.Generator
    iterations: int = 10
    objective: Objective = "makespan"
    draft: Draft | None = None
    margin_fraction: float = 0.0
    rules: int | None = None
    """How many of the list scheduler's rules are tried when samples have joined; all, if it is not said."""
    taken: int = field(default=0)
    """How often a new plan was taken."""

    def __post_init__(self) -> None:
        self._search = LocalSearch(self.table, self.rng, self.objective, self.margin_fraction)
        self._batching: Batching = self._search.batching

    def plan(self, dispatch: Dispatch, known: Sequence[int], now_s: float) -> Plan | None:
        """A plan that simulates better from here, for the samples that have come; None to go on as it is."""
        open_jobs = [job for job in known if self._is_open(dispatch, job)]
        if not open_jobs:
            return None
        unknown = [job for job, release_s in enumerate(self.table.release_s) if release_s > now_s]
        joined = self._joined(open_jobs)
        newcomers = self.draft is None or len(_jobs(joined)) > len(set(_jobs(self.draft)) & set(open_jobs))
        best, best_s = joined, self._cost_s(dispatch, joined, unknown, now_s, as_it_is=not newcomers)
        limit_s = best_s - LEAST_GAIN * (best_s - now_s)
        changed = newcomers
        candidates = list(islice(drafts(self._batching, open_jobs), self.rules)) if newcomers else []
        for trial in (*candidates, *range(self.iterations)):
            draft = trial if isinstance(trial, Draft) else self._search.change(best)
            if draft is None:
                continue
            cost_s = self._cost_s(dispatch, draft, unknown, now_s)
            if cost_s < min(best_s, limit_s if not changed else best_s):
                best, best_s, changed = draft, cost_s, True
        self.draft = best
        self.taken += changed
        return self._batching.plan(best, settled=self._settled(dispatch)) if changed else None

    def _settled(self, dispatch: Dispatch) -> set[int]:
        """Firings that have their machine, or have been."""
        return {
            number
            for firings in self._batching.firings
            for number in firings
            if dispatch.state[number] >= RUNNING or ((load := dispatch.load[number]) and load.is_settled)
        }

    def _is_open(self, dispatch: Dispatch, job: int) -> bool:
        """Is it still to be decided with whom this sample shares its decisive machine?"""
        firings = [
            number for number in self._batching.firings[job] if self.table.kind[number] == self._batching.decisive
        ]
        loads = [dispatch.load[number] for number in firings]
        return all(load is None or not load.is_settled for load in loads)

    def _joined(self, open_jobs: list[int]) -> Draft:
        """The present draft without those that are settled, and with those that have come since."""
        here = set(open_jobs)
        old = self.draft or Draft((), self._batching.most_elsewhere)
        groups = [tuple(job for job in group if job in here) for group in old.groups]
        known = {job for group in groups for job in group}
        for key, alike in self._batching.by_key(job for job in open_jobs if job not in known).items():
            groups += chunks(alike, self._batching.most[key])
        return replace(old, groups=tuple(filter(None, groups)))

    def _cost_s(
        self, dispatch: Dispatch, draft: Draft, unknown: Sequence[int], now_s: float, as_it_is: bool = False
    ) -> float:
        """What the bench would cost from here, as expected."""
        twin = dispatch.twin()
        twin.leave_out(unknown)
        try:
            if not as_it_is:
                twin.follow(self._batching.plan(draft, settled=self._settled(twin)))
            end_s = run_out(twin, now_s)
        except Refused:
            return inf
        if self.objective == "makespan":
            return end_s
        done_s = [max(twin.end_s[number] for number in members) for members in self.table.jobs]
        return sum(done_s) / len(done_s)


def _jobs(draft: Draft) -> list[int]:
    return [job for group in draft.groups for job in group]
