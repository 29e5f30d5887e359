"""Whatever the bench and the samples: plans are sound, reservations hold, and the same is found each time."""

from math import inf

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.scheduling.batching import Batching
from planning.scheduling.bounds import lower_bound_s
from planning.scheduling.model import Problem
from planning.scheduling.planner import make_plan, plan_like
from planning.scheduling.policies import fifo, list_schedule
from planning.scheduling.search import local_search
from planning.scheduling.simulation import simulate
from planning.scheduling.table import Table
from planning.scheduling.validate import faults_of

from .problems import ovens, problems


@settings(max_examples=60, deadline=None)
@given(problems())
def test_a_list_schedule_is_sound_and_no_shorter_than_the_bound(problem: Problem) -> None:
    table = Table(problem)

    cost_s, _, schedule = list_schedule(table)

    assert faults_of(problem, schedule) == []
    assert cost_s >= lower_bound_s(table) - 1e-6


@settings(max_examples=30, deadline=None)
@given(problems(), st.integers(0, 9))
def test_local_search_stays_sound_and_does_no_harm(problem: Problem, seed: int) -> None:
    table = Table(problem)
    start = list_schedule(table, "mean completion")

    found = local_search(table, start, np.random.default_rng(seed), 40, "mean completion")

    assert faults_of(problem, found[2]) == []
    assert found[0] <= start[0] * 1.02 + 1e-6  # it minds the makespan a little


@settings(max_examples=40, deadline=None)
@given(problems(), st.booleans())
def test_first_come_first_served_breaks_longest_lags_at_worst(problem: Problem, by_length: bool) -> None:
    table = Table(problem)

    schedule = simulate(table, fifo(table, [range(len(problem.jobs))], by_length))

    assert {fault.kind for fault in faults_of(problem, schedule)} <= {"longest lag"}


@settings(max_examples=30, deadline=None)
@given(problems())
def test_a_margin_is_kept_free_at_the_end_of_each_longest_lag(problem: Problem) -> None:
    table = Table(problem)

    _, _, schedule = list_schedule(table, margin_fraction=0.25)

    for name, operation in problem.operations.items():
        for lag in operation.after:
            if lag.max_s < inf:
                assert schedule.at[name].start_s - schedule.at[lag.after].end_s <= 0.75 * lag.max_s + 1e-6


@settings(max_examples=15, deadline=None)
@given(problems(most_jobs=4))
def test_the_same_seed_finds_the_same_plan(problem: Problem) -> None:
    table = Table(problem)
    plans = [local_search(table, list_schedule(table), np.random.default_rng(3), 30)[1] for _ in range(2)]

    assert plans[0] == plans[1]


@settings(max_examples=30, deadline=None)
@given(problems(longest_lags=False))
def test_a_plan_without_times_gives_a_schedule_as_short_as_the_one_it_was_read_from(problem: Problem) -> None:
    table = Table(problem)
    _, _, schedule = list_schedule(table)

    again = simulate(table, plan_like(problem, schedule))

    assert again.makespan_s <= schedule.makespan_s + 1e-6


def test_a_plan_names_every_firing_once() -> None:
    problem = ovens(count=7)

    foretold = make_plan(problem, np.random.default_rng(0))

    members = [name for batch in foretold.plan.batches for name in batch.members]
    assert sorted(members) == sorted(name for name, operation in problem.operations.items() if operation.firing)
    assert faults_of(problem, foretold.schedule) == []
    assert Batching(Table(problem)).plan(foretold.draft) == foretold.plan
