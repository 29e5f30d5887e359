"""Small random problems, and a few by hand."""

from math import inf
from typing import Any

from hypothesis import strategies as st

from planning.scheduling.batching import Batching
from planning.scheduling.dispatch import Dispatch
from planning.scheduling.model import Firing, Job, Lag, Machines, Operation, Problem, Resource
from planning.scheduling.policies import list_schedule
from planning.scheduling.state import RUNNING
from planning.scheduling.table import Table

HOUR_S = 3600.0


@st.composite
def problems(draw: Any, most_jobs: int = 6, longest_lags: bool = True) -> Problem:
    """One to six samples: prepare, hold a place, load, fire with others, unload, measure."""
    programmes_s = {f"p{number}": float(draw(st.integers(20, 90))) for number in range(draw(st.integers(1, 2)))}
    lagged = longest_lags and draw(st.booleans())
    after_firing = longest_lags and draw(st.booleans())
    jobs = tuple(
        _job(draw, f"j{number}", programmes_s, lagged, after_firing)
        for number in range(draw(st.integers(1, most_jobs)))
    )
    resources = (
        Resource("arm"), Resource("bench"), Resource("rack", draw(st.integers(1, 4))), Resource("meter", draw(st.integers(1, 2)))
    )  # fmt: skip
    machines = (Machines("oven", draw(st.integers(1, 2)), draw(st.integers(1, 3))),)
    return Problem(resources, machines, jobs)


def _job(draw: Any, name: str, programmes_s: dict[str, float], lagged: bool, after_firing: bool) -> Job:
    programme = draw(st.sampled_from(sorted(programmes_s)))
    lasts_s = {step: float(draw(st.integers(1, 12))) for step in ("prepare", "load", "unload", "measure")}
    within_s = 120.0 if lagged else float("inf")
    unload_s = 60.0 if after_firing else float("inf")
    return Job(
        name,
        (
            Operation(f"{name}.prepare", lasts_s["prepare"], ("bench",), takes=("rack",)),
            Operation(f"{name}.load", lasts_s["load"], ("arm",), (Lag(f"{name}.prepare"),), frees=("rack",)),
            Operation(
                f"{name}.fire", programmes_s[programme],
                after=(Lag(f"{name}.load"), Lag(f"{name}.prepare", 0.0, within_s)),
                firing=Firing("oven", programme, f"{name}.load", f"{name}.unload"),
            ),
            Operation(
                f"{name}.unload", lasts_s["unload"], ("arm",),
                (Lag(f"{name}.fire", 0.0, unload_s), Lag(f"{name}.prepare", 0.0, 2.5 * within_s)),
            ),
            Operation(f"{name}.measure", lasts_s["measure"], ("meter",), (Lag(f"{name}.unload", 5.0),)),
        ),
        release_s=float(draw(st.integers(0, 30))),
    )  # fmt: skip


def ovens(
    count: int,
    programmes: tuple[str, ...] = ("slow", "fast"),
    patience_s: float = float("inf"),
    machines: int = 1,
    places: int = 2,
    gap_s: float = 0.0,
) -> Problem:
    """Samples that an arm loads into ovens, the programmes in turn, one every so many seconds."""
    lasts_s = {"slow": 100.0, "fast": 40.0}

    def job(number: int) -> Job:
        name, programme = f"s{number}", programmes[number % len(programmes)]
        firing = Firing("oven", programme, f"{name}.load", f"{name}.unload")
        return Job(
            name,
            (
                Operation(f"{name}.load", 5.0, ("arm",), spread_fraction=0.2),
                Operation(
                    f"{name}.fire", lasts_s[programme], after=(Lag(f"{name}.load"),), firing=firing, spread_fraction=0.1
                ),
                Operation(f"{name}.unload", 5.0, ("arm",), (Lag(f"{name}.fire"),), spread_fraction=0.2),
            ),
            release_s=gap_s * number,
        )

    jobs = tuple(job(number) for number in range(count))
    return Problem((Resource("arm"),), (Machines("oven", machines, places),), jobs, patience_s)


def cast_then_fired(*names: str) -> Problem:
    """Samples that are fired one at a time, each within 40 s of its casting."""

    def job(name: str) -> Job:
        firing = Firing("oven", "slow", f"{name}.load", f"{name}.unload")
        return Job(
            name,
            (
                Operation(f"{name}.cast", 10.0, ("pump",)),
                Operation(f"{name}.load", 5.0, ("arm",), (Lag(f"{name}.cast"),)),
                Operation(
                    f"{name}.fire", 100.0, after=(Lag(f"{name}.load"), Lag(f"{name}.cast", 0.0, 40.0)), firing=firing
                ),
                Operation(f"{name}.unload", 5.0, ("arm",), (Lag(f"{name}.fire"),)),
            ),
        )

    return Problem((Resource("pump"), Resource("arm")), (Machines("oven", 1, 1),), tuple(map(job, names)))


def after(problem: Problem, steps: int) -> tuple[Dispatch, float]:
    """The bench of a plan after so many operations have ended, and the time."""
    table = Table(problem)
    dispatch = Dispatch(table, Batching(table).plan(list_schedule(table)[1]))
    now_s = 0.0
    dispatch.start_all(now_s)
    while steps and dispatch.left:
        ends = [(dispatch.end_s[number], number) for number, state in enumerate(dispatch.state) if state == RUNNING]
        next_s = min([end_s for end_s, _ in ends] + [dispatch.next_wake_s()])
        if next_s == inf:
            dispatch.unstick()
        now_s = next_s if next_s < inf else now_s
        for end_s, operation in ends:
            if end_s <= now_s:
                dispatch.finish(operation, now_s)
                steps = max(0, steps - 1)
        dispatch.start_all(now_s)
    return dispatch, now_s
