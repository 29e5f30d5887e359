"""All that was told, as the model takes it: rows, utilities, failures."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.spatial.distance import cdist

from planning.design.objective import Objective, OutcomeLimit
from planning.design.observation import Observation
from planning.design.polytope import Array
from planning.design.space import Point, Space
from planning.design.strategies import SAME, distances


@dataclass(frozen=True, eq=False)
class History:
    """Observations in the order in which they were told."""

    space: Space
    objectives: Sequence[Objective]
    told: Sequence[Observation]

    @cached_property
    def measured(self) -> list[Observation]:
        """Those with a result."""
        return [each for each in self.told if not each.failed]

    @cached_property
    def rows(self) -> Array:
        """What was measured as it was made, (n, d)."""
        return self.space.encode([each.point for each in self.measured])

    @cached_property
    def utilities(self) -> Array:
        """Of each result, (n, objectives)."""
        table = [[goal.utility(each.values[goal.name]) for goal in self.objectives] for each in self.measured]
        return np.array(table).reshape(len(table), len(self.objectives))

    @cached_property
    def failures(self) -> list[Point]:
        """What failed, as it was asked for, and was not told with a result since."""
        open_failures: list[Point] = []
        for each in self.told:
            point = each.asked or each.point
            if each.failed:
                open_failures.append(point)
            elif open_failures:
                apart = distances(self.space.encode(open_failures), self.space.encode([point])) > SAME
                open_failures = [failed for failed, keep in zip(open_failures, apart, strict=True) if keep]
        return open_failures

    @cached_property
    def outcomes(self) -> tuple[Array, Array]:
        """Rows of everything that ended, (k, d), and whether it gave a result, (k,) of 0 and 1."""
        made = self.space.encode([each.point for each in self.told])
        return made, np.array([0.0 if each.failed else 1.0 for each in self.told])

    def known_std(self, index: int) -> Array | None:
        """Standard error of each result's utility, (n,), if all are known."""
        goal = self.objectives[index]
        if not self.measured or any(goal.name not in each.std_errors for each in self.measured):
            return None
        return np.array([_error(goal, each) for each in self.measured])

    def noise_std(self, index: int) -> float:
        """Scatter of one objective's utility: what is known, or what the replicates and standard errors tell."""
        goal = self.objectives[index]
        errors = [_error(goal, each) for each in self.measured if goal.name in each.std_errors]
        typical = float(np.median(errors)) if errors else 0.0
        return max(goal.noise_std, typical, _between_replicates(self.rows, self.utilities[:, index]))

    def figures(self, limit: OutcomeLimit) -> tuple[Array, Array]:
        """Rows (k, d) and values (k,) of a figure that has limits, where it was measured."""
        told = [each for each in self.measured if math.isfinite(each.values.get(limit.name, math.nan))]
        return self.space.encode([each.point for each in told]), np.array([each.values[limit.name] for each in told])


def _error(goal: Objective, each: Observation) -> float:
    """A standard error as a utility."""
    value = each.values[goal.name]
    return abs(goal.utility(value) - goal.utility(value + each.std_errors[goal.name]))


def _between_replicates(rows: Array, utilities: Array) -> float:
    """Pooled standard deviation within what was made more than once; 0 if nothing was."""
    if not len(rows):
        return 0.0
    _, group = np.unique((cdist(rows, rows) <= SAME).argmax(axis=1), return_inverse=True)
    sizes = np.bincount(group)
    apart = utilities - (np.bincount(group, utilities) / sizes)[group]
    freedom = len(rows) - len(sizes)
    return math.sqrt(float(apart @ apart) / freedom) if freedom else 0.0
