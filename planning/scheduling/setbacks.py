"""What a bench suffers: a step broken off and done later, a batch turned away from its machine, a sample given up."""

from heapq import heappush

from planning.errors import Refused
from planning.scheduling.dispatch import Dispatch
from planning.scheduling.state import AHEAD, DONE, KEPT, RUNNING, Load


def put_off(dispatch: Dispatch, operation: int, until_s: float) -> None:
    """Let an operation wait until some time and then begin from the start; what it kept busy is free for others.

    Raises:
        Refused: it is done in a machine together with others, or has ended.
    """
    table = dispatch.table
    if table.kind[operation] >= 0 or dispatch.state[operation] == DONE:
        raise Refused(f"{table.names[operation]} cannot be broken off", "Delay it, or wait for its end")
    if dispatch.state[operation] == KEPT:
        dispatch.forget(operation)
    if dispatch.state[operation] == RUNNING:
        _break_off(dispatch, operation)
    door = dispatch.load[table.enters[operation]] if table.enters[operation] >= 0 else None
    if door and dispatch.state[operation] not in (AHEAD, KEPT):
        door.entering += 1
    dispatch.state[operation] = AHEAD
    dispatch.ready_s[operation] = until_s
    dispatch.disturbed = bool(dispatch.chains)
    if not dispatch.pending[operation]:
        dispatch.wake_at(operation, until_s)


def turn_away(dispatch: Dispatch, operation: int, now_s: float, until_s: float) -> None:
    """The first loading of a batch fails: its machine is out of order for some time, the batch goes to another.

    Raises:
        Refused: something of the batch is in the machine already.
    """
    table = dispatch.table
    firing = table.enters[operation]
    door = dispatch.load[firing] if firing >= 0 else None
    if door is None or door.machine < 0:
        raise Refused(f"{table.names[operation]} loads no machine now", "Put it off instead")
    others = [table.enter_of[member] for member in door.members if table.enter_of[member] != operation]
    if any(dispatch.state[other] >= RUNNING for other in others):
        raise Refused(f"others of its batch are loaded when {table.names[operation]} fails", "Put it off instead")
    heappush(dispatch.repairs, (until_s, table.kind[firing], door.machine))
    door.machine = -1
    put_off(dispatch, operation, now_s)


def drop(dispatch: Dispatch, job: int, now_s: float) -> None:
    """Give a sample up: nothing more is done for it, its batches go without it, its places are free.

    Raises:
        Refused: one of its operations runs.
    """
    table = dispatch.table
    members = table.jobs[job]
    if any(dispatch.state[number] == RUNNING for number in members):
        raise Refused(f"{table.problem.jobs[job].name} is at work", "Let the step end or put it off, then drop it")
    for number in members:
        if dispatch.state[number] == KEPT:
            dispatch.forget(number)
            dispatch.state[number] = AHEAD
            dispatch.disturbed = True
    for firing in (number for number in members if table.kind[number] >= 0):
        load = dispatch.load[firing]
        if load and dispatch.state[table.leave_of[firing]] != DONE:
            _leave_batch(dispatch, load, firing)
    for number in members:
        for place in table.takes[number]:
            if dispatch.holders[place].pop(number, None) is not None:
                dispatch.freed.add(place)
        if dispatch.state[number] != DONE:
            dispatch.state[number] = DONE
            dispatch.start_s[number] = dispatch.end_s[number] = now_s
            dispatch.left -= 1


def _break_off(dispatch: Dispatch, operation: int) -> None:
    dispatch.active -= 1
    for resource in dispatch.table.uses[operation]:
        dispatch.running[resource].discard(operation)
        dispatch.freed.add(resource)
    for place in dispatch.table.takes[operation]:
        del dispatch.holders[place][operation]
        dispatch.freed.add(place)


def _leave_batch(dispatch: Dispatch, load: Load, firing: int) -> None:
    table = dispatch.table
    if dispatch.state[firing] != DONE:
        load.members = tuple(member for member in load.members if member != firing)
        load.unready -= dispatch.state[firing] == AHEAD
        load.entering -= dispatch.state[table.enter_of[firing]] == AHEAD
        dispatch.load[firing] = None
    load.leaving -= 1
    kind = table.kind[firing]
    if not load.leaving:
        _give_up(dispatch, load, kind)
    elif not load.unready and not load.fired:
        dispatch.wake_at(load.members[0], dispatch.ready_s[load.members[0]])
    elif load.machine < 0 and load.gathers and not load.entering:
        for member in load.members:
            dispatch.wake_at(table.enter_of[member], dispatch.ready_s[member])


def _give_up(dispatch: Dispatch, load: Load, kind: int) -> None:
    """Nobody is left in a batch."""
    if load.machine >= 0:
        dispatch.machines[kind].append(load.machine)
        dispatch.freed.add(len(dispatch.table.capacity) + kind)
    elif load.promised:
        dispatch.promises[kind] -= 1
    if not load.members:
        dispatch.loads.remove(load)
