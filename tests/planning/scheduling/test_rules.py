"""What a bench may demand: shifts of people, patience, places in one direction; and who judges it."""

from dataclasses import replace
from math import inf

import pytest

from planning.errors import Refused
from planning.scheduling.batching import Batching
from planning.scheduling.dispatch import Dispatch
from planning.scheduling.model import (
    Calendar,
    Firing,
    Job,
    Lag,
    Machines,
    Operation,
    Placed,
    Problem,
    Resource,
    Schedule,
)
from planning.scheduling.policies import list_schedule
from planning.scheduling.simulation import simulate
from planning.scheduling.table import Table
from planning.scheduling.validate import faults_of

from .problems import ovens

HOUR_S = 3600.0
DAY_SHIFT = Calendar(((8 * HOUR_S, 16 * HOUR_S),))


def attended(count: int, within_s: float = inf, unload_by: str = "person") -> Problem:
    """Six hours in an oven, loaded and unloaded by a person."""

    def job(number: int) -> Job:
        name = f"s{number}"
        firing = Firing("oven", "long", f"{name}.load", f"{name}.unload")
        return Job(
            name,
            (
                Operation(f"{name}.load", 600.0, ("person",)),
                Operation(f"{name}.fire", 6 * HOUR_S, after=(Lag(f"{name}.load"),), firing=firing),
                Operation(f"{name}.unload", 600.0, (unload_by,), (Lag(f"{name}.fire", 0.0, within_s),)),
            ),
        )

    people = (Resource("person", calendar=DAY_SHIFT), Resource("arm"))
    return Problem(people, (Machines("oven", 1, 1),), tuple(job(number) for number in range(count)))


def test_what_needs_a_person_waits_for_the_shift_and_an_oven_runs_over_night() -> None:
    problem = attended(count=2)

    _, _, schedule = list_schedule(Table(problem))

    assert faults_of(problem, schedule) == []
    fires = [placed for placed in schedule.placed if placed.operation.endswith(".fire")]
    assert any(placed.start_s % 86_400 < 16 * HOUR_S < placed.end_s % 86_400 for placed in fires)


def test_what_must_be_unloaded_at_once_is_not_loaded_so_late_that_nobody_would_be_there() -> None:
    problem = attended(count=2, within_s=300.0)

    _, _, schedule = list_schedule(Table(problem))

    assert faults_of(problem, schedule) == []


def test_nobody_starves_while_longer_programmes_keep_coming() -> None:
    impatient, patient = (ovens(count=40, programmes=("fast", *["slow"] * 9), patience_s=patience_s, gap_s=20.0)
                          for patience_s in (300.0, inf))  # fmt: skip

    def first_is_done_s(problem: Problem) -> float:
        table = Table(problem)
        plan = Batching(table).plan(next(iter(_longest_first(table))))
        return simulate(table, plan).at["s0.unload"].end_s

    slowest_first = replace(patient, jobs=tuple(replace(job, release_s=0.0) for job in patient.jobs))
    hasty = replace(slowest_first, patience_s=300.0)
    assert first_is_done_s(hasty) < first_is_done_s(slowest_first) / 3
    assert first_is_done_s(impatient) <= first_is_done_s(patient)


def _longest_first(table: Table):  # type: ignore[no-untyped-def]
    from planning.scheduling.policies import drafts

    return drafts(Batching(table))


def test_places_that_could_be_waited_for_in_a_circle_are_refused_by_name() -> None:
    def job(name: str, first: str, second: str) -> Job:
        return Job(
            name,
            (
                Operation(f"{name}.a", 1.0, takes=(first,)),
                Operation(f"{name}.b", 1.0, after=(Lag(f"{name}.a"),), takes=(second,), frees=(first, second)),
            ),
        )

    with pytest.raises(Refused, match="left → right → left"):
        Problem((Resource("left"), Resource("right")), (), (job("x", "left", "right"), job("y", "right", "left")))


@pytest.mark.parametrize(
    ("operation", "says"),
    [
        (Operation("x.a", 1.0, uses=("nothing",)), "nothing, which is no resource"),
        (Operation("x.a", -1.0), "lasts -1.0 s"),
        (Operation("x.a", 1.0, after=(Lag("x.z"),)), "no earlier operation of x"),
        (Operation("x.a", 1.0, takes=("arm",)), "never frees arm"),
        (Operation("x.a", 1.0, firing=Firing("kiln", "p")), "no kind of machine"),
    ],
)
def test_a_problem_that_cannot_be_sound_says_why(operation: Operation, says: str) -> None:
    with pytest.raises(Refused, match=says):
        Problem((Resource("arm"),), (), (Job("x", (operation,)),))


def shifted(schedule: Schedule, name: str, by_s: float) -> Schedule:
    return Schedule(
        tuple(
            Placed(each.operation, each.start_s + by_s, each.end_s + by_s, each.batch)
            if each.operation == name
            else each
            for each in schedule.placed
        )
    )


@pytest.mark.parametrize(
    ("name", "by_s", "kind"),
    [("s1.load", -5.0, "resource"), ("s0.fire", -7.0, "shortest lag"), ("s0.load", -1.0, "release")],
)
def test_the_judge_sees_what_was_moved(name: str, by_s: float, kind: str) -> None:
    problem = ovens(count=2, programmes=("slow",))
    schedule = list_schedule(Table(problem))[2]

    faults = faults_of(problem, shifted(schedule, name, by_s))

    assert kind in {fault.kind for fault in faults}


def test_the_judge_counts_machines_and_their_places() -> None:
    problem = ovens(count=3, programmes=("slow",))
    schedule = list_schedule(Table(problem))[2]
    crowded = Schedule(tuple(replace(each, batch=0) if each.batch >= 0 else each for each in schedule.placed))

    assert "batch" in {fault.kind for fault in faults_of(problem, crowded)}
    fewer = replace(problem, machines=(Machines("oven", 1, 1),))
    assert "batch" in {fault.kind for fault in faults_of(fewer, schedule)}


def test_two_who_start_from_one_state_do_not_disturb_each_other() -> None:
    table = Table(ovens(count=4))
    dispatch = Dispatch(table, Batching(table).plan(list_schedule(table)[1]))
    dispatch.start_all(0.0)
    before = list(dispatch.state)

    twin = dispatch.twin()
    for operation in [number for number, state in enumerate(before) if state == 3]:
        twin.finish(operation, 5.0)
    twin.start_all(5.0)

    assert dispatch.state == before
    assert twin.state != before
