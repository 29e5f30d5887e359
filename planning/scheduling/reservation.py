"""Reservations for longest lags: a timetable for a whole chain, found before its first operation starts."""

from heapq import heappush

from planning.scheduling.state import AHEAD, KEPT, NEVER, State
from planning.scheduling.timetable import Blocked, Timetable

MOST_PASSES = 4
MOST_IN_VAIN = 4
"""On an idle bench waiting helps for the sake of a calendar only."""

MOST_RENEWALS = 100
"""So often reservations are made anew though nothing starts or ends in between; then they are given up."""


def reserve(dispatch: State, head: int, now_s: float) -> int:
    """Find a timetable for the chain that an operation begins, and keep what it needs.

    Returns -1 if the operation may start now, else what it waits for, as `Dispatch` counts.
    """
    try:
        trial, wait_until_s = _fitting(dispatch, head, now_s)
    except Blocked as blocked:
        return blocked.token
    if wait_until_s > now_s:
        if not dispatch.active and not dispatch.agenda:
            dispatch.vain[head] = dispatch.vain.get(head, 0) + 1
        if dispatch.vain.get(head, 0) <= MOST_IN_VAIN:
            dispatch.wake_at(head, wait_until_s)
        return NEVER
    _commit(dispatch, trial)
    return NEVER


def _fitting(dispatch: State, head: int, now_s: float) -> tuple[Timetable, float]:
    """A timetable that keeps all longest lags, or the time at which to try again."""
    not_before_s: dict[int, float] = {}
    for _ in range(MOST_PASSES):
        trial = Timetable(dispatch, now_s, not_before_s)
        trial.add(trial.chain(head), leading=head)
        late = trial.late()
        start_s = trial.start_s[head]
        if not late:
            return trial, start_s
        for operation, least_s in late.items():
            not_before_s[operation] = max(not_before_s.get(operation, 0.0), least_s)
        if head in late:
            return trial, max(late[head], now_s + 1.0)
    return trial, now_s + max(1.0, max(least_s - trial.start_s[operation] for operation, least_s in late.items()))


def renew(dispatch: State, now_s: float) -> None:
    """The world is not as expected: make all reservations anew, in the order in which they were made."""
    dispatch.disturbed = False
    dispatch.renewals += 1
    chains, dispatch.chains = dispatch.chains, []
    for chain in chains:
        for operation in chain:
            if dispatch.state[operation] == KEPT:
                dispatch.forget(operation)
                dispatch.state[operation] = AHEAD
    if dispatch.renewals > MOST_RENEWALS:
        _let_go(dispatch, [operation for chain in chains for operation in chain], now_s)
        return
    put_off = _commit_all(dispatch, chains, now_s)
    while put_off and len(put_off) < len(chains):  # some may have waited for what came after them
        chains, put_off = put_off, _commit_all(dispatch, put_off, now_s)
    dispatch.chains += put_off
    dispatch.disturbed = bool(put_off)
    dispatch.freed.update(range(len(dispatch.waits)))


def _commit_all(dispatch: State, chains: list[list[int]], now_s: float) -> list[list[int]]:
    """Keep what each chain still needs; return what is left of those for which no time is to be found."""
    put_off = []
    for chain in chains:
        left = [operation for operation in chain if dispatch.state[operation] < KEPT]
        if not left:
            continue
        trial = Timetable(dispatch, now_s, {})
        try:
            trial.add(left)
        except Blocked:
            put_off.append(left)
        else:
            _commit(dispatch, trial)
    return put_off


def _let_go(dispatch: State, operations: list[int], now_s: float) -> None:
    """No timetable can be kept, over and over: let the chains go on as best they can."""
    for operation in operations:
        if dispatch.state[operation] != AHEAD:
            continue
        dispatch.loose.add(operation)
        load = dispatch.load[operation]
        if load and load.promised:
            load.promised = False
            dispatch.promises[dispatch.table.kind[operation]] -= 1
        if not dispatch.pending[operation]:
            dispatch.wake_at(operation, max(now_s, dispatch.ready_s[operation]))
    dispatch.freed.update(range(len(dispatch.waits)))


def _commit(dispatch: State, trial: Timetable) -> None:
    table = dispatch.table
    for operation, start_s in trial.start_s.items():
        dispatch.state[operation] = KEPT
        dispatch.start_s[operation], dispatch.end_s[operation] = start_s, trial.end_s[operation]
        for place in table.takes[operation]:
            dispatch.holders[place][operation] = table.freer[operation][place]
        load = dispatch.load[operation]
        if load is None or operation == load.members[0]:
            heappush(dispatch.agenda, (start_s, operation))
            for resource in table.uses[operation]:
                dispatch.reserved[resource].append(operation)
    for load, behind in trial.promised.items():
        load.promised, load.behind = True, behind
        dispatch.promises[table.kind[load.members[0]]] += 1
        if occupant := dispatch.load[behind] if behind >= 0 else None:
            occupant.follower = True
    dispatch.chains.append(list(trial.start_s))
