"""Whatever the bench and the samples: the list scheduler's plans are sound, and the same each time."""

from hypothesis import given, settings

from planning.scheduling.bounds import lower_bound_s
from planning.scheduling.model import Problem
from planning.scheduling.policies import list_schedule
from planning.scheduling.table import Table
from planning.scheduling.validate import faults_of

from .problems import problems


@settings(max_examples=60, deadline=None)
@given(problems())
def test_a_list_schedule_is_sound_and_no_shorter_than_the_bound(problem: Problem) -> None:
    table = Table(problem)

    cost_s, _, schedule = list_schedule(table)

    assert faults_of(problem, schedule) == []
    assert cost_s >= lower_bound_s(table) - 1e-6
