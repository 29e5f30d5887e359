"""One call from a problem to a plan."""

from dataclasses import dataclass

import numpy as np

from planning.errors import Refused
from planning.scheduling.batching import Batching, Draft
from planning.scheduling.bounds import lower_bound_s
from planning.scheduling.model import Batch, Objective, Plan, Problem, Schedule
from planning.scheduling.policies import list_schedule
from planning.scheduling.search import local_search, steps_for
from planning.scheduling.simulation import simulate
from planning.scheduling.table import Table


@dataclass(frozen=True)
class Foretold:
    """A plan, what should become of it, and how good it could be at best (0 where nobody knows)."""

    plan: Plan
    schedule: Schedule
    bound_s: float
    draft: Draft
    """What a replanner starts from."""


def make_plan(
    problem: Problem,
    rng: np.random.Generator,
    objective: Objective = "makespan",
    exact_s: float = 0.0,
    margin_fraction: float = 0.0,
) -> Foretold:
    """List schedule, then local search; with `exact_s` CP-SAT tries for so many seconds to do better still.

    Raises:
        Refused: no order of the samples comes to an end; or `exact_s` is given and CP-SAT is not installed.
    """
    table = Table(problem)
    start = list_schedule(table, objective, margin_fraction)
    _, draft, schedule = local_search(table, start, rng, steps_for(table), objective, margin_fraction=margin_fraction)
    plan = Batching(table, margin_fraction).plan(draft)
    bound_s = lower_bound_s(table) if objective == "makespan" else 0.0
    if exact_s > 0:
        try:
            from planning.scheduling.exact import improve
        except ModuleNotFoundError as err:
            raise Refused(f"CP-SAT is not here: {err}", "Install athanor[scheduling], or plan without it") from err
        proof = improve(table, schedule, exact_s, objective)
        bound_s = max(bound_s, proof.bound_s)
        followed = plan_like(problem, proof.schedule, margin_fraction)
        try:
            outcome = simulate(table, followed)
        except Refused:  # its order depends on its very times
            outcome = schedule
        if outcome.cost_s(problem, objective) < schedule.cost_s(problem, objective):
            plan, schedule = followed, outcome
    return Foretold(plan, schedule, bound_s, draft)


def plan_like(problem: Problem, schedule: Schedule, margin_fraction: float = 0.0) -> Plan:
    """Keep a schedule's batches and its order, and forget its times."""
    batches: dict[int, list[str]] = {}
    for placed in sorted(schedule.placed, key=lambda placed: placed.start_s):
        firing = problem.operations[placed.operation].firing
        if firing:
            batches.setdefault(placed.batch, []).append(placed.operation)
    for members in batches.values():
        members.sort(key=lambda name: _load_s(problem, schedule, name))
    rank = {placed.operation: placed.start_s for placed in schedule.placed}
    return Plan(tuple(Batch(tuple(members)) for members in batches.values()), rank, True, margin_fraction)


def _load_s(problem: Problem, schedule: Schedule, firing: str) -> float:
    """When a member of a batch is loaded."""
    details = problem.operations[firing].firing
    return schedule.at[details.load if details and details.load else firing].start_s
