"""A running bench is planned anew for other samples: those that are there stay where they are."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.errors import Refused
from planning.scheduling.batching import Draft
from planning.scheduling.model import Problem, Resource
from planning.scheduling.newcomers import same_groups, with_samples
from planning.scheduling.replan import Replans
from planning.scheduling.simulation import run_out, schedule_of
from planning.scheduling.table import Table
from planning.scheduling.validate import faults_of

from .problems import after, cast_then_fired, ovens, problems


@settings(max_examples=30, deadline=None)
@given(problems(), st.integers(0, 20))
def test_moved_to_the_same_samples_a_bench_goes_on_soundly(problem: Problem, steps: int) -> None:
    count = sum(len(job.operations) for job in problem.jobs)
    old, now_s = after(problem, min(steps, count))

    new = with_samples(old, problem)
    plan = Replans(new.table, np.random.default_rng(0), iterations=0).plan(new, range(len(problem.jobs)), now_s)
    if plan:
        new.follow(plan)
    run_out(new, now_s)

    assert {fault.kind for fault in faults_of(problem, schedule_of(new))} <= {"longest lag"}


def test_newcomers_share_an_oven_with_those_who_wait() -> None:
    problem = ovens(count=4, programmes=("slow",), machines=1, places=2)
    three = replace(problem, jobs=problem.jobs[:3])
    old, now_s = after(three, steps=2)

    new = with_samples(old, problem)
    plan = Replans(new.table, np.random.default_rng(0)).plan(new, range(4), now_s)
    assert plan is not None
    new.follow(plan)
    run_out(new, now_s)

    schedule = schedule_of(new)
    assert faults_of(problem, schedule) == []
    assert len({schedule.at[job.operations[1].name].batch for job in problem.jobs}) == 2


def test_samples_that_are_done_may_be_forgotten_and_others_not() -> None:
    problem = ovens(count=2, places=1)
    old, _ = after(problem, steps=3)
    done, left = sorted(
        problem.jobs, key=lambda job: min(old.state[old.table.index[op.name]] for op in job.operations), reverse=True
    )

    assert with_samples(old, replace(problem, jobs=(left,))).table.problem.jobs == (left,)
    with pytest.raises(Refused, match=f"{left.name} is missing"):
        with_samples(old, replace(problem, jobs=(done,)))


def test_another_bench_is_refused() -> None:
    problem = ovens(count=1)
    old, _ = after(problem, steps=0)

    with pytest.raises(Refused, match="another bench"):
        with_samples(old, replace(problem, resources=(Resource("arm", 2),)))


def test_a_draft_keeps_its_groups_without_those_who_have_left() -> None:
    problem = ovens(count=4)
    fewer = Table(replace(problem, jobs=problem.jobs[1:]))

    draft = same_groups(Draft(((0, 2), (1,), (3,)), 1), Table(problem), fewer)

    assert draft.groups == ((1,), (0,), (2,))


def test_a_batch_that_was_promised_a_full_oven_still_waits_for_the_same_batch_to_leave() -> None:
    old, _ = after(cast_then_fired("a", "b"), 2)
    old.start_all(old.next_wake_s())

    new = with_samples(old, cast_then_fired("c", "a", "b"))

    load = new.load[new.table.index["b.fire"]]
    assert load is not None
    assert load.promised
    assert load.behind == new.table.index["a.fire"]
