"""How good could a schedule possibly be? Bounds that hold for every schedule."""

from collections import defaultdict
from math import ceil, inf

from planning.scheduling.table import Table


def lower_bound_s(table: Table) -> float:
    """No schedule ends before this: the longest chain, the busiest resource, the furnaces' area."""
    heads_s = heads_s_of(table)
    chain_s = max((heads_s[number] + tail_s for number, tail_s in enumerate(table.tail_s)), default=0.0)
    return max(
        [
            chain_s,
            *_resource_bounds_s(table, heads_s),
            *_place_bounds_s(table, heads_s),
            *_furnace_bounds_s(table, heads_s),
        ]
    )


def heads_s_of(table: Table) -> list[float]:
    """The earliest start of each operation."""
    heads_s = [table.release_s[job] for job in table.job]
    for number, lags in enumerate(table.before):
        for earlier, min_s, _ in lags:
            heads_s[number] = max(heads_s[number], heads_s[earlier] + table.duration_s[earlier] + min_s)
    return heads_s


def _resource_bounds_s(table: Table, heads_s: list[float]) -> list[float]:
    """What uses a resource needs its time, after the least head and before the least tail."""
    bounds_s = []
    for resource, capacity in enumerate(table.capacity):
        users = [number for number, uses in enumerate(table.uses) if resource in uses and table.kind[number] < 0]
        if users:
            work_s = sum(table.duration_s[number] for number in users) / capacity
            tail_s = min(table.tail_s[number] - table.duration_s[number] for number in users)
            bounds_s.append(min(heads_s[number] for number in users) + work_s + tail_s)
    return bounds_s


def _place_bounds_s(table: Table, heads_s: list[float]) -> list[float]:
    """Who holds a place holds it at least for the longest chain from taking to freeing it."""
    work_s: dict[int, float] = defaultdict(float)
    head_s: dict[int, float] = defaultdict(lambda: inf)
    tail_s: dict[int, float] = defaultdict(lambda: inf)
    for taker, freers in enumerate(table.freer):
        for place, freer in freers.items():
            work_s[place] += chain_s(table, taker, freer)
            head_s[place] = min(head_s[place], heads_s[taker])
            tail_s[place] = min(tail_s[place], table.tail_s[freer] - table.duration_s[freer])
    return [head_s[place] + work / table.capacity[place] + tail_s[place] for place, work in work_s.items()]


def chain_s(table: Table, first: int, last: int) -> float:
    """The least time from the start of one operation to the end of a later one of the same job."""
    ends_s = {first: table.duration_s[first]}
    for number in range(first + 1, last + 1):
        starts_s = [ends_s[earlier] + min_s for earlier, min_s, _ in table.before[number] if earlier in ends_s]
        if starts_s:
            ends_s[number] = max(starts_s) + table.duration_s[number]
    return max(ends_s.get(last, 0.0), table.duration_s[first], table.duration_s[last])


def _furnace_bounds_s(table: Table, heads_s: list[float]) -> list[float]:
    """Each programme needs ceil(n / places) batches; a batch holds its machine from first load to last unload."""
    bounds_s = []
    for kind, count in enumerate(table.count):
        if kind in table.kind:
            area_s = sum(batches * held_s for batches, held_s in batch_areas(table, kind).values())
            bounds_s.append(sum(margins_s(table, kind, heads_s)) + area_s / count)
    return bounds_s


def margins_s(table: Table, kind: int, heads_s: list[float]) -> tuple[float, float]:
    """The least time before a kind of machine can be loaded first, and after it has been unloaded last."""
    members = [number for number, each in enumerate(table.kind) if each == kind]
    leaves = [table.leave_of[number] for number in members]
    before_s = min(heads_s[table.enter_of[number]] for number in members)
    return before_s, min(table.tail_s[leave] - table.duration_s[leave] for leave in leaves)


def batch_areas(table: Table, kind: int) -> dict[str, tuple[int, float]]:
    """For each programme of a kind how many batches there must be, and how long each holds its machine at least."""
    sizes: dict[str, int] = defaultdict(int)
    least_s: dict[str, float] = defaultdict(lambda: inf)
    for number, each in enumerate(table.kind):
        if each == kind:
            programme = table.programme[number]
            sizes[programme] += 1
            least_s[programme] = min(least_s[programme], chain_s(table, table.enter_of[number], table.leave_of[number]))
    return {programme: (ceil(size / table.places[kind]), least_s[programme]) for programme, size in sizes.items()}
