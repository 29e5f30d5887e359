"""What is believed, given all that was told: models of the objectives and limits, chances, costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from planning.design.condition import values_of
from planning.design.history import History
from planning.design.objective import Objective, OutcomeLimit
from planning.design.polytope import Array
from planning.design.space import Point, Space
from planning.design.success import chance_of_result, chance_within
from planning.protocol.expressions import evaluate

if TYPE_CHECKING:
    from planning.design.surrogate import Surrogate

LEAST_RESULTS = 2


@dataclass(frozen=True, eq=False)
class Belief:
    """Models of one history, each fitted when it is first asked for.

    Attributes:
        limits: what else must come out.
        cost: of a sample, as a formula; empty if all cost the same.
    """

    space: Space
    objectives: Sequence[Objective]
    limits: Sequence[OutcomeLimit]
    cost: str
    history: History

    @cached_property
    def surrogates(self) -> "tuple[Surrogate, ...]":
        """A model of all results for each objective; none before there are two, or if nothing can vary."""
        if len(self.history.measured) < LEAST_RESULTS or not self.space.free:
            return ()
        from planning.design import surrogate

        return tuple(
            surrogate.fit(
                self.history.rows,
                self.history.utilities[:, index],
                goal.noise_std,
                groups=self.space.scales,
                known_std=self.history.known_std(index),
                assumptions=surrogate.suited(is_pool=self.space.pool is not None, has_words=self.space.has_words),
            )
            for index, goal in enumerate(self.objectives)
        )

    @cached_property
    def limit_models(self) -> "list[tuple[OutcomeLimit, Surrogate]]":
        """The limits of which two figures or more are known, and a model of each."""
        from planning.design import surrogate

        told = [(limit, *self.history.figures(limit)) for limit in self.limits if self.space.free]
        return [(limit, surrogate.fit(made, figures, 0.0, groups=self.space.scales))
                for limit, made, figures in told if len(figures) >= LEAST_RESULTS]  # fmt: skip

    def expected(self, index: int, rows: Array) -> tuple[Array, Array]:
        """Median and half span on the measured scale of an objective, (n,) each, at rows (n, d)."""
        goal = self.objectives[index]
        beliefs = zip(*self.surrogates[index].posterior(rows), strict=True)
        estimates = [goal.estimate(float(mean), float(std)) for mean, std in beliefs]
        medians, halves = np.array(estimates).reshape(-1, 2).T
        return medians, halves

    def chance(self, rows: Array) -> Array:
        """Probability, (n,), that rows give a result, and one within the limits."""
        return chance_of_result(rows, *self.history.outcomes) * self.chance_within_limits(rows)

    def chance_within_limits(self, rows: Array) -> Array:
        """Probability, (n,), that the results of rows keep all limits."""
        chance = np.ones(len(rows))
        for limit, model in self.limit_models:
            chance *= chance_within(*model.posterior(rows), limit.low, limit.high)
        return chance

    def weight(self, rows: Array) -> Array:
        """How much an acquisition counts at rows, (n,): the chance of a result over its cost."""
        if not self.cost:
            return self.chance(rows)
        costs = np.array([cost_of(self.cost, point) for point in self.space.read(rows)])
        return np.asarray(self.chance(rows) / costs)


def cost_of(formula: str, point: Point) -> float:
    """What a sample costs.

    Raises:
        ValueError: the formula cannot be read, or gives nothing above zero.
    """
    numbers = {name: value for name, value in point.items() if not isinstance(value, str)}
    cost = evaluate(formula, values_of(numbers, {}))
    if isinstance(cost, Mapping) or not cost > 0:
        raise ValueError(f"cost {formula!r} of {dict(point)} is {cost}; write a formula that is always above zero")
    return cost
