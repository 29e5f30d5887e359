"""What would become of a plan? One loop over events, for expected durations."""

from heapq import heappop, heappush
from math import inf

from planning.scheduling.dispatch import Dispatch
from planning.scheduling.model import Placed, Plan, Schedule
from planning.scheduling.state import RUNNING
from planning.scheduling.table import Table


def simulate(table: Table, plan: Plan) -> Schedule:
    """Carry a plan out with expected durations, from an empty bench.

    Raises:
        Refused: the plan comes to a point from which nothing can go on.
    """
    dispatch = Dispatch(table, plan)
    run_out(dispatch, 0.0)
    return schedule_of(dispatch)


def run_out(dispatch: Dispatch, now_s: float) -> float:
    """Go on from where a bench stands to the end, as expected; return when the last operation ends."""
    ends: list[tuple[float, int]] = []
    for operation, state in enumerate(dispatch.state):
        if state == RUNNING:
            heappush(ends, (max(now_s, dispatch.end_s[operation]), operation))
    while dispatch.left:
        for operation in dispatch.start_all(now_s):
            heappush(ends, (dispatch.end_s[operation], operation))
        next_s = min(ends[0][0] if ends else inf, dispatch.next_wake_s())
        if next_s == inf:
            dispatch.unstick()
            continue
        now_s = max(now_s, next_s)
        while ends and ends[0][0] <= now_s:
            dispatch.finish(heappop(ends)[1], now_s)
    return now_s


def schedule_of(dispatch: Dispatch) -> Schedule:
    """When everything was done."""
    number = {id(load): count for count, load in enumerate(dispatch.loads)}
    return Schedule(
        tuple(
            Placed(name, dispatch.start_s[index], dispatch.end_s[index], number.get(id(dispatch.load[index]), -1))
            for index, name in enumerate(dispatch.table.names)
        )
    )
