"""Steps are broken off, machines fail at the door, samples are given up: the others go on."""

import pytest

from planning.errors import Refused
from planning.scheduling.batching import Batching
from planning.scheduling.dispatch import Dispatch
from planning.scheduling.model import Batch, Firing, Job, Lag, Machines, Operation, Plan, Problem, Resource
from planning.scheduling.policies import list_schedule
from planning.scheduling.setbacks import drop, put_off, turn_away
from planning.scheduling.simulation import run_out, schedule_of
from planning.scheduling.state import RUNNING
from planning.scheduling.table import Table
from planning.scheduling.validate import faults_of

from .problems import after, cast_then_fired, ovens


def begun(problem: Problem) -> Dispatch:
    """A bench on which everything that may start at the beginning has started."""
    table = Table(problem)
    dispatch = Dispatch(table, Batching(table).plan(list_schedule(table)[1]))
    dispatch.start_all(0.0)
    return dispatch


def running(dispatch: Dispatch) -> int:
    """The only operation that runs."""
    (operation,) = (number for number, state in enumerate(dispatch.state) if state == RUNNING)
    return operation


def test_a_step_put_off_begins_from_the_start_when_its_time_has_come() -> None:
    problem = ovens(count=1)
    dispatch = begun(problem)

    put_off(dispatch, running(dispatch), 30.0)

    assert run_out(dispatch, 2.0) == 30.0 + 5.0 + 100.0 + 5.0
    assert faults_of(problem, schedule_of(dispatch)) == []


def test_while_a_step_is_put_off_another_sample_uses_what_it_needed() -> None:
    dispatch = begun(ovens(count=2, machines=2, places=1))
    first = running(dispatch)

    put_off(dispatch, first, 30.0)
    (second,) = dispatch.start_all(2.0)

    assert dispatch.table.job[second] != dispatch.table.job[first]


def test_what_is_done_in_a_machine_together_cannot_be_put_off() -> None:
    dispatch = begun(ovens(count=1))

    with pytest.raises(Refused, match=r"s0\.fire cannot be broken off"):
        put_off(dispatch, dispatch.table.index["s0.fire"], 30.0)


def test_a_batch_turned_away_from_one_oven_goes_to_another() -> None:
    problem = ovens(count=2, programmes=("slow",), machines=2)
    dispatch = begun(problem)
    loading = running(dispatch)
    batch = dispatch.load[dispatch.table.enters[loading]]
    assert batch is not None
    oven = batch.machine

    turn_away(dispatch, loading, 5.0, 10_000.0)
    end_s = run_out(dispatch, 5.0)

    assert batch.machine != oven
    assert end_s < 10_000.0
    assert faults_of(problem, schedule_of(dispatch)) == []


def test_a_batch_that_is_loaded_in_part_is_not_turned_away() -> None:
    dispatch = begun(ovens(count=2, programmes=("slow",)))
    dispatch.finish(running(dispatch), 5.0)
    dispatch.start_all(5.0)

    with pytest.raises(Refused, match="others of its batch are loaded"):
        turn_away(dispatch, running(dispatch), 6.0, 100.0)


@pytest.mark.parametrize("dropped", [0, 1])
def test_a_batch_goes_without_a_sample_that_was_given_up(dropped: int) -> None:
    dispatch = begun(ovens(count=2, programmes=("slow",)))
    dispatch.finish(running(dispatch), 5.0)

    drop(dispatch, dropped, 5.0)

    assert run_out(dispatch, 5.0) == (5.0 if dropped else 10.0) + 100.0 + 5.0


def test_nobody_waits_for_a_machine_whose_only_sample_was_given_up() -> None:
    dispatch = begun(ovens(count=2, places=1))
    loading = running(dispatch)
    dispatch.finish(loading, 5.0)

    drop(dispatch, dispatch.table.job[loading], 5.0)
    end_s = run_out(dispatch, 5.0)

    assert end_s in (5.0 + 110.0, 5.0 + 50.0)
    assert dispatch.machines == [[0]]


def test_a_sample_at_work_is_not_given_up() -> None:
    dispatch = begun(ovens(count=1))

    with pytest.raises(Refused, match="s0 is at work"):
        drop(dispatch, 0, 1.0)


def gathering(count: int, places: int) -> Problem:
    """Samples that wait on a rack for an oven, two and two."""

    def job(number: int) -> Job:
        name = f"s{number}"
        return Job(name, (
            Operation(f"{name}.bring", 1.0, ("arm",), takes=("rack",)),
            Operation(f"{name}.load", 1.0, ("arm",), (Lag(f"{name}.bring"),), frees=("rack",)),
            Operation(f"{name}.fire", 10.0, after=(Lag(f"{name}.load"),),
                      firing=Firing("oven", "slow", f"{name}.load", f"{name}.unload")),
            Operation(f"{name}.unload", 1.0, ("arm",), (Lag(f"{name}.fire"),)),
        ))  # fmt: skip

    resources = (Resource("arm"), Resource("rack", places), Resource("clerk"))
    clerk = Job("paper", (Operation("paper.write", 1000.0, ("clerk",)),))
    return Problem(resources, (Machines("oven", 1, 2),), (*(job(number) for number in range(count)), clerk))


def test_batches_that_fill_a_rack_in_halves_go_as_they_are_while_others_work() -> None:
    problem = gathering(count=4, places=2)
    table = Table(problem)
    crossed = (Batch(("s0.fire", "s2.fire")), Batch(("s1.fire", "s3.fire")))
    dispatch = Dispatch(table, Plan(crossed, {}, reserves=False))

    run_out(dispatch, 0.0)

    schedule = schedule_of(dispatch)
    assert faults_of(problem, schedule) == []
    assert max(schedule.at[f"s{number}.unload"].end_s for number in range(4)) < 1000.0


def test_a_sample_given_up_frees_the_place_where_it_waits() -> None:
    table = Table(gathering(count=2, places=1))
    dispatch = Dispatch(table, Plan((Batch(("s0.fire",)), Batch(("s1.fire",))), {}, reserves=False))
    dispatch.start_all(0.0)
    dispatch.finish(table.index["s0.bring"], 1.0)

    drop(dispatch, 0, 1.0)

    assert table.index["s1.bring"] in dispatch.start_all(1.0)


def test_a_batch_that_waits_for_an_oven_and_not_for_its_members_stays_whole() -> None:
    problem = gathering(count=3, places=1)
    together = (Batch(("s0.fire",)), Batch(("s1.fire", "s2.fire")))
    dispatch = Dispatch(Table(problem), Plan(together, {}, reserves=False))

    run_out(dispatch, 0.0)

    schedule = schedule_of(dispatch)
    assert schedule.at["s1.fire"].batch == schedule.at["s2.fire"].batch


def test_a_reservation_made_anew_still_waits_for_the_batch_in_the_oven_to_leave() -> None:
    dispatch, _ = after(cast_then_fired("a", "b"), 2)
    now_s = dispatch.next_wake_s()
    dispatch.start_all(now_s)
    cast, load, unload = (dispatch.table.index[name] for name in ("b.cast", "b.load", "a.unload"))
    assert dispatch.state[cast] == RUNNING

    dispatch.delay(cast, 1.0)
    dispatch.start_all(now_s)

    assert dispatch.start_s[load] >= dispatch.end_s[unload] > now_s
