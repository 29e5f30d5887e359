"""Proposes what to make next, from what was made so far: ask, tell, ask again.

What is proposed depends on the question, the seed, what was told and what is pending, and on nothing else: a designer
written out with `to_json` and read back, anywhere, proposes the same.
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from planning.design import advice, catalogue, written
from planning.design.advice import Advice
from planning.design.belief import Belief, cost_of
from planning.design.drift import Drift, drift_of
from planning.design.history import History
from planning.design.objective import Objective, OutcomeLimit
from planning.design.observation import Observation
from planning.design.pareto import undominated
from planning.design.polytope import Array
from planning.design.space import Point, Space
from planning.design.strategies import Situation
from planning.design.suggestion import LOOKS, Suggestion, situation_of, suggest
from planning.design.within import ANYWHERE, Within

if TYPE_CHECKING:
    from planning.design.surrogate import Surrogate

VERSION = 1
COSTS_LOOKED_AT = 64


class Designer:
    """Chooses points of a space to learn where the objectives are best.

    Args:
        space: what may be proposed.
        objectives: what is wanted, one or several.
        strategy: a name of `catalogue.STRATEGIES`, or "auto".
        seed: of every choice.
        initial: how many points spread over the space come first; by default two for each dimension.
        limits: what else must come out between limits.
        cost: of one sample, a formula over the parameters such as `2 + 0.1 * anneal_min`; cheaper ones are preferred.
    """

    def __init__(
        self, space: Space, objectives: Objective | Sequence[Objective], strategy: str = catalogue.AUTO, seed: int = 0, *,
        initial: int | None = None, limits: Sequence[OutcomeLimit] = (), cost: str = "",
    ) -> None:  # fmt: skip
        self.space = space
        self.objectives = (objectives,) if isinstance(objectives, Objective) else tuple(objectives)
        self.limits = tuple(limits)
        self.cost = cost
        self.seed = seed
        self.asked_for = strategy
        self.choice = catalogue.choose(strategy, space, len(self.objectives))
        self.initial = 2 * space.dimension if initial is None else initial
        self._belief = self._believing(())
        for point in space.sample(COSTS_LOOKED_AT, np.random.default_rng(0)) if cost else ():
            cost_of(cost, point)
        if not self.objectives or len({goal.name for goal in self.objectives}) < len(self.objectives):
            raise ValueError("a designer needs one objective or more, each of another figure")

    @property
    def objective(self) -> Objective:
        """The first objective."""
        return self.objectives[0]

    @property
    def history(self) -> History:
        """All that was told."""
        return self._belief.history

    def tell(self, observations: Sequence[Observation]) -> None:
        """Learn what came of samples; all of them or none.

        A point that failed is not proposed again before it is told with a value.

        Raises:
            ValueError: a point lacks a parameter or breaks a limit (as asked, if it was made otherwise), or a value is
                missing or none on its objective's scale.
        """
        for each in observations:
            self._check(each)
        self._belief = self._believing((*self.history.told, *observations))

    def ask(
        self, count: int = 1, pending: Sequence[Mapping[str, Any]] = (), within: Within = ANYWHERE
    ) -> list[Suggestion]:
        """Propose `count` points, knowing that `pending` are under way; does not count the answer as pending.

        Fewer, if what the bench allows `within` its limits of the moment is used up.
        """
        history = self.history
        rng = np.random.default_rng([self.seed, len(history.measured), len(history.failures), len(pending)])
        awaited = [dict(point) for point in pending]
        suggestions: list[Suggestion] = []
        for _ in range(count):
            rows = within.rows(self.space, [suggestion.point for suggestion in suggestions], rng)
            if rows is not None and not len(rows):
                break
            is_first = len(history.measured) + len(awaited) < self.initial and self.choice.has_first_design
            situation = self._situation(awaited, rng, rows)
            suggestions.append(
                suggest(self._belief, self.choice, situation, first_design=is_first, may_repeat=rows is None)
            )
            awaited.append(suggestions[-1].point)
        return suggestions

    def to_json(self) -> str:
        """Everything there is to know, for people and for `from_json`."""
        data = {
            "designer": VERSION,
            "strategy": self.asked_for,
            "seed": self.seed,
            "initial": self.initial,
            "cost": self.cost,
            "objectives": [written.objective_as_data(goal) for goal in self.objectives],
            "limits": [written.limit_as_data(limit) for limit in self.limits],
            "space": written.space_as_data(self.space),
            "told": [written.observation_as_data(each) for each in self.history.told],
        }
        return json.dumps(data, indent=1, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> "Designer":
        """Undo `to_json`.

        Raises:
            ValueError: not such a document, or of a later version.
        """
        try:
            data = json.loads(text)
            if data["designer"] != VERSION:
                raise ValueError(f"a designer of version {data['designer']}; this is version {VERSION}")
            designer = cls(
                written.space_of(data["space"]),
                [written.objective_of(goal) for goal in data["objectives"]],
                data["strategy"],
                data["seed"],
                initial=data["initial"],
                limits=[written.limit_of(limit) for limit in data["limits"]],
                cost=data["cost"],
            )
            designer.tell([written.observation_of(each) for each in data["told"]])
        except (KeyError, TypeError) as err:
            raise ValueError(f"no designer can be read from this: {err}; give what to_json wrote") from err
        return designer

    @property
    def has_model(self) -> bool:
        """Are there two results to learn from, and something that can vary?"""
        return bool(self.surrogates)

    @property
    def surrogates(self) -> "tuple[Surrogate, ...]":
        """The model of each objective; none before there are two results, or if nothing can vary."""
        return self._belief.surrogates

    def predict(self, points: Sequence[Mapping[str, Any]], name: str | None = None) -> tuple[Array, Array]:
        """Median and half the span from 16 % to 84 % on the measured scale, (n,) each, of an objective; of the first
        unless named.

        Raises:
            ValueError: there is no model, or no such objective.
        """
        names = [goal.name for goal in self.objectives]
        if name is not None and name not in names:
            raise ValueError(f"no objective is called {name!r}; there are {', '.join(names)}")
        if not self.has_model:
            raise ValueError("nothing can be predicted from fewer than two results, or where nothing can vary")
        return self._belief.expected(0 if name is None else names.index(name), self.space.encode(points))

    def best(self) -> tuple[Point, float]:
        """The tried point to recommend by the first objective, and what to expect of it: the best by the model, not the
        luckiest; of those that are likely to keep the limits, if any is.

        Raises:
            ValueError: no result yet.
        """
        history = self.history
        if not history.measured:
            raise ValueError("no result yet")
        models = self.surrogates
        expected = models[0].posterior(history.rows)[0] if models else history.utilities[:, 0]
        chances = self._belief.chance_within_limits(history.rows)
        likely = chances >= min(0.5, float(chances.max()))
        index = int(np.argmax(np.where(likely, expected, -np.inf)))
        return dict(history.measured[index].point), self.objective.value(float(expected[index]))

    def front(self) -> list[Observation]:
        """The results that no other beats in all objectives, in the order in which they were told."""
        history = self.history
        return [each for each, stays in zip(history.measured, undominated(history.utilities), strict=True) if stays]

    def expected_gain_fraction(self) -> float:
        """What one more sample is expected to add to the best, 0.02 being 2 %; infinite before a model."""
        if not self.has_model or len(self.history.measured) < self.initial:
            return math.inf
        from planning.design import acquisition

        surrogate, situation = self.surrogates[0], self._situation([])
        function = acquisition.over_the_best(surrogate, situation.tried)
        log_gain = acquisition.evaluate(function, situation.looks(LOOKS)).max()
        return self.objective.gain_fraction(surrogate.scale * math.exp(log_gain), self.best()[1])

    def advise(self, batch: int = 1, worth_of_gain: float | None = None) -> Advice | None:
        """Whether to stop before the next batch, by the first objective; None before there is a model.

        Args:
            batch: how many samples would be made next.
            worth_of_gain: what a utility of 1 is worth, in units of what one sample costs; None if nobody knows.
        """
        if not self.has_model or len(self.history.measured) < self.initial:
            return None
        history = self.history
        looks = self._situation([]).looks(LOOKS)
        return advice.advise(self.surrogates[0], history.rows, looks, history.noise_std(0), batch, worth_of_gain)

    def drift(self) -> Drift | None:
        """Whether batches differ by more than the model and scatter explain; None if they do not, or cannot be told."""
        return drift_of(self.history, self.surrogates[0]) if self.has_model else None

    def _believing(self, told: Sequence[Observation]) -> Belief:
        history = History(self.space, self.objectives, told)
        return Belief(self.space, self.objectives, self.limits, self.cost, history)

    def _check(self, each: Observation) -> None:
        as_asked = each.point if each.asked is None else each.asked
        if not self.space.contains(as_asked):
            raise ValueError(f"{dict(as_asked)} is no point of the space")
        if set(each.point) != set(self.space.names):
            raise ValueError(f"{dict(each.point)} does not name {', '.join(self.space.names)}")
        if each.failed:
            return
        for goal in self.objectives:
            if goal.name not in each.values:
                raise ValueError(f"a result has no {goal.name}; it has {', '.join(each.values)}")
            goal.utility(each.values[goal.name])

    def _situation(
        self, awaited: Sequence[Point], rng: np.random.Generator | None = None, rows: Array | None = None
    ) -> Situation:
        chance = np.random.default_rng([self.seed, len(self.history.measured)]) if rng is None else rng
        return situation_of(self._belief, self.choice, awaited, chance, self.seed, rows)
