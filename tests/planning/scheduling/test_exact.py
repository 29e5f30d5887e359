"""CP-SAT never makes a schedule worse; what is found by trying everything is neither beaten nor missed."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings

from planning.scheduling.batching import Batching, Draft
from planning.scheduling.bounds import lower_bound_s
from planning.scheduling.model import Problem
from planning.scheduling.policies import evaluate, list_schedule
from planning.scheduling.search import local_search
from planning.scheduling.table import Table
from planning.scheduling.validate import faults_of

from .problems import ovens, problems

pytest.importorskip("ortools")


@settings(max_examples=12, deadline=None)
@given(problems(most_jobs=4))
def test_what_cp_sat_finds_is_sound_and_no_worse_than_its_hint(problem: Problem) -> None:
    from planning.scheduling.exact import improve

    table = Table(problem)
    hint = list_schedule(table)[2]

    proof = improve(table, hint, 0.3, deterministic=True)

    assert faults_of(problem, proof.schedule) == []
    assert proof.cost_s <= hint.makespan_s
    assert lower_bound_s(table) - 1e-6 <= proof.cost_s
    assert proof.bound_s <= proof.cost_s + 1e-6


@settings(max_examples=12, deadline=None)
@given(problems(most_jobs=3))
def test_on_tiny_benches_to_which_nobody_comes_later_local_search_comes_close_to_the_proven_best(
    problem: Problem,
) -> None:
    from planning.scheduling.exact import improve

    table = Table(replace(problem, jobs=tuple(replace(job, release_s=0.0) for job in problem.jobs)))
    found = local_search(table, list_schedule(table), np.random.default_rng(0), 60)

    proof = improve(table, found[2], 1.0, deterministic=True)

    assert found[0] <= proof.cost_s * 1.1 + 1.0


def test_the_best_of_all_orders_is_found_by_search_and_proven_by_cp_sat() -> None:
    from planning.scheduling.exact import improve

    table = Table(ovens(count=4, machines=2))
    batching = Batching(table)
    orders = [Draft(groups, 1) for groups in permutations(((0, 2), (1, 3)))]
    orders += [Draft(groups, 1) for groups in permutations(((0,), (2,), (1,), (3,)))]
    best_s = min(trial[0] for draft in orders if (trial := evaluate(batching, draft, "makespan")))

    found = local_search(table, list_schedule(table), np.random.default_rng(0), 100)
    proof = improve(table, found[2], 5.0, deterministic=True)

    assert found[0] == best_s
    assert proof.is_best
    assert proof.cost_s == best_s


def test_cp_sat_finds_the_same_each_time_if_it_counts_work_and_not_seconds() -> None:
    from planning.scheduling.exact import improve

    table = Table(ovens(count=6))
    hint = list_schedule(table, "mean completion")[2]

    proofs = [improve(table, hint, 0.2, "mean completion", deterministic=True) for _ in range(2)]

    assert proofs[0] == proofs[1]
