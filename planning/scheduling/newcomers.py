"""A bench that goes on with other samples: some have come, some are done and forgotten, the rest stays where it is."""

from collections.abc import Mapping
from copy import copy
from dataclasses import replace

from planning.errors import Refused
from planning.scheduling.batching import Draft
from planning.scheduling.dispatch import Dispatch
from planning.scheduling.model import Plan, Problem
from planning.scheduling.state import AHEAD, DONE, KEPT, READY, RUNNING
from planning.scheduling.table import Table


def with_samples(old: Dispatch, problem: Problem) -> Dispatch:
    """The same bench for the samples of another problem; it waits for a plan (`follow`) for those that are not settled.

    Samples of the same name go on where they are; those of which nothing is left may be missing. Reservations are made
    anew.

    Raises:
        Refused: the bench is another one, or a sample is missing of which something is left.
    """
    known = old.table.problem
    if (problem.resources, problem.machines) != (known.resources, known.machines):
        raise Refused("the new samples are planned for another bench", "Keep its resources and machines as they are")
    new = Dispatch(Table(problem), Plan((), {}))
    index = _index(old, new.table)
    for was, number in index.items():
        new.state[number], new.ready_s[number] = old.state[was], old.ready_s[was]
        new.start_s[number], new.end_s[number] = old.start_s[was], old.end_s[was]
    if not old.is_first_come:
        new.is_first_come = False
        new.rank = list(new.ready_s)
        for was, number in index.items():
            new.rank[number] = old.rank[was]
    _count(new)
    _bring_holdings(old, new, index)
    _bring_batches(old, new, index)
    new.wakes = []
    for number, state in enumerate(new.state):
        if state == READY or (state == AHEAD and not new.pending[number]):
            new.wake_at(number, new.ready_s[number])
    return new


def same_groups(draft: Draft, old: Table, new: Table) -> Draft:
    """A draft in the numbers of another table, without the samples that are not there."""
    number = {job.name: count for count, job in enumerate(new.problem.jobs)}
    names = [[old.problem.jobs[job].name for job in group] for group in draft.groups]
    groups = (tuple(number[name] for name in group if name in number) for group in names)
    return replace(draft, groups=tuple(filter(None, groups)))


def _index(old: Dispatch, table: Table) -> dict[int, int]:
    """The new number of each operation that is still there."""
    for was, name in enumerate(old.table.names):
        if name not in table.index and old.state[was] != DONE:
            sample = old.table.problem.jobs[old.table.job[was]].name
            raise Refused(f"{sample} is missing, but {name} is not done", "Let it end, or drop it first")
    return {was: table.index[name] for was, name in enumerate(old.table.names) if name in table.index}


def _count(new: Dispatch) -> None:
    new.pending = [sum(new.state[earlier] != DONE for earlier, _, _ in lags) for lags in new.table.before]
    new.left = sum(state != DONE for state in new.state)
    new.active = sum(state == RUNNING for state in new.state)


def _bring_holdings(old: Dispatch, new: Dispatch, index: Mapping[int, int]) -> None:
    """Who is at work where, who holds which place, and what is out of order."""
    new.running = [{index[operation] for operation in running} for running in old.running]
    new.holders = [
        {index[taker]: index[freer] for taker, freer in holders.items() if old.state[taker] != KEPT}
        for holders in old.holders
    ]
    new.machines = [list(free) for free in old.machines]
    new.repairs, new.closed_s = list(old.repairs), dict(old.closed_s)
    new.loose = {index[operation] for operation in old.loose if operation in index}


def _bring_batches(old: Dispatch, new: Dispatch, index: Mapping[int, int]) -> None:
    """Batches that have a machine, or the promise of one, and the chains that are reserved."""
    for load in old.loads:
        members = tuple(index[member] for member in load.members if member in index)
        if members and load.is_settled:
            same = copy(load)
            same.members, same.behind = members, index.get(load.behind, -1)
            new.loads.append(same)
            for member in members:
                new.load[member] = same
    new.promises = list(old.promises)
    new.chains = [[index[operation] for operation in chain if operation in index] for chain in old.chains]
    new.disturbed = bool(new.chains)
