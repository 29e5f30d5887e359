"""Durations scatter, things break, samples join: the run stays sound, and a new plan is taken only if it is better."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.scheduling.batching import Batching
from planning.scheduling.model import Problem
from planning.scheduling.policies import fifo, list_schedule
from planning.scheduling.replan import Replans
from planning.scheduling.rolling import Breakdown, World, draw_world, rehearse
from planning.scheduling.table import Table
from planning.scheduling.validate import faults_of

from .problems import ovens, problems


def quiet(table: Table, *breakdowns: Breakdown) -> World:
    return World([1.0] * len(table.names), breakdowns)


@settings(max_examples=40, deadline=None)
@given(problems(), st.integers(0, 1000), st.booleans())
def test_whatever_happens_only_longest_lags_can_break(problem: Problem, seed: int, thinks_again: bool) -> None:
    table = Table(problem)
    rng = np.random.default_rng(seed)
    world = draw_world(table, rng, {"arm": 60.0, "oven": 120.0}, 15.0, 2000.0)
    scattered = World(np.exp(0.3 * rng.standard_normal(len(table.names))).tolist(), world.breakdowns)
    draft = list_schedule(table)[1]
    replans = Replans(table, rng, iterations=3, draft=draft) if thinks_again else None

    schedule = rehearse(table, Batching(table).plan(draft), scattered, replans)

    assert {fault.kind for fault in faults_of(problem, schedule, durations_hold=False)} <= {"longest lag"}


@settings(max_examples=25, deadline=None)
@given(problems())
def test_in_a_world_that_keeps_to_the_plan_the_plan_comes_true(problem: Problem) -> None:
    table = Table(problem)
    _, draft, foretold = list_schedule(table)

    schedule = rehearse(table, Batching(table).plan(draft), quiet(table))

    assert schedule == foretold


def test_a_broken_arm_holds_up_what_it_carries() -> None:
    table = Table(ovens(count=2))
    plan = Batching(table).plan(list_schedule(table)[1])

    schedule = rehearse(table, plan, quiet(table, Breakdown(2.0, "arm", 0, 30.0)))

    first = min(schedule.placed, key=lambda placed: placed.start_s)
    assert first.end_s == 35.0


def test_samples_that_join_are_planned_in_when_they_come() -> None:
    problem = ovens(count=12, gap_s=30.0, places=4)
    table = Table(problem)
    replans = Replans(table, np.random.default_rng(0), iterations=5)
    first = Batching(table).plan(list_schedule(Table(ovens(count=1)))[1])

    schedule = rehearse(table, first, quiet(table), replans)

    assert faults_of(problem, schedule) == []
    assert replans.taken >= 11


def test_joined_samples_share_ovens_better_than_those_who_came_alone_could() -> None:
    problem = ovens(count=12, gap_s=30.0, places=4)
    table = Table(problem)
    alone = rehearse(table, fifo(table, [[job] for job in range(12)]), quiet(table))
    replans = Replans(table, np.random.default_rng(0), iterations=5)

    shared = rehearse(table, fifo(table, [[0]]), quiet(table), replans)

    assert shared.makespan_s < alone.makespan_s


def test_the_same_seed_meets_the_same_world_and_answers_alike() -> None:
    table = Table(ovens(count=8))
    draft = list_schedule(table)[1]

    def run():  # type: ignore[no-untyped-def]
        world = draw_world(table, np.random.default_rng(5), {"arm": 100.0}, 20.0, 1000.0)
        return rehearse(
            table, Batching(table).plan(draft), world, Replans(table, np.random.default_rng(1), draft=draft)
        )

    assert run() == run()
