"""A bench in the midst of a run: what was begun before somebody made this problem and this plan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

from planning.scheduling.dispatch import Dispatch
from planning.scheduling.model import Batch, Plan
from planning.scheduling.state import AHEAD, READY, RUNNING
from planning.scheduling.table import Table
from planning.scheduling.timetable import Timetable

END, START, AT_ONCE = range(3)
"""What happens first at one time: what lasted ends, then others start, and those that take no time end."""


@dataclass(frozen=True)
class Begun:
    """An operation that runs or is done; `machine` is the one that it loads, or is done in, if any."""

    operation: str
    start_s: float
    end_s: float
    """Expected, if it runs."""
    is_done: bool
    machine: int = -1


def take_up(dispatch: Dispatch, begun: Sequence[Begun]) -> None:
    """Let a new dispatcher know what was begun, in the order in which it was; its plan has batches to match.

    What must still follow some of that within some time has no reservation yet: it is made before anything starts.
    """
    table = dispatch.table
    events = [(each.start_s, START, each) for each in begun]
    events += [
        (each.end_s, END if each.end_s > each.start_s else AT_ONCE, each) for _, _, each in events if each.is_done
    ]
    for time_s, what, each in sorted(events, key=lambda event: event[:2]):
        operation = table.index[each.operation]
        if what == START:
            _begin(dispatch, operation, each)
        else:
            dispatch.finish(operation, time_s)
    for _, what, each in sorted(events, key=lambda event: event[:2]):
        head = table.index[each.operation]
        owed = [later for later, _, max_s in table.after[head] if max_s < inf and dispatch.state[later] < RUNNING]
        if what == START and owed:
            dispatch.chains.append(Timetable(dispatch, each.start_s, {}).chain(head))
            dispatch.disturbed = True


def settled(plan: Plan, table: Table, begun: Sequence[Begun]) -> Plan:
    """A plan whose batches are what is fired or stands in a machine already, with those that were to join."""
    joint: dict[tuple[int, int, float], list[str]] = {}
    entered: dict[tuple[int, int], list[str]] = {}
    fired = {each.operation for each in begun if table.kind[table.index[each.operation]] >= 0}
    for each in begun:
        number = table.index[each.operation]
        if each.operation in fired:
            joint.setdefault((table.kind[number], each.machine, each.start_s), []).append(each.operation)
        elif (firing := table.enters[number]) >= 0 and table.names[firing] not in fired:
            entered.setdefault((table.kind[firing], each.machine), []).append(table.names[firing])
    taken = {name for members in (*joint.values(), *entered.values()) for name in members}
    batches = [Batch(tuple(members)) for members in joint.values()]
    for (kind, _), members in entered.items():
        planned = next((batch.members for batch in plan.batches if members[0] in batch.members), ())
        more = [name for name in planned if name not in taken][: max(0, table.places[kind] - len(members))]
        taken |= set(more)
        batches.append(Batch((*members, *more)))
    rest = (Batch(tuple(name for name in batch.members if name not in taken)) for batch in plan.batches)
    return replace(plan, batches=(*batches, *(batch for batch in rest if batch.members)))


def _begin(dispatch: Dispatch, operation: int, begun: Begun) -> None:
    table = dispatch.table
    firing = table.enters[operation]
    door = dispatch.load[firing] if firing >= 0 else None
    if door is not None:
        door.entering -= dispatch.state[operation] == AHEAD
        if door.machine < 0:
            door.machine = begun.machine
            if begun.machine in dispatch.machines[table.kind[firing]]:
                dispatch.machines[table.kind[firing]].remove(begun.machine)
    load = dispatch.load[operation]
    if load is not None:
        load.unready -= dispatch.state[operation] != READY
        load.fired = True
    for resource in table.uses[operation]:
        dispatch.running[resource].add(operation)
    for place in table.takes[operation]:
        dispatch.holders[place][operation] = table.freer[operation][place]
    dispatch.state[operation] = RUNNING
    dispatch.start_s[operation], dispatch.end_s[operation] = begun.start_s, begun.end_s
    dispatch.active += 1
