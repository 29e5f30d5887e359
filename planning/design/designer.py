"""Proposes what to make next, from what was made so far: ask, tell, ask again.

What is proposed depends on the question, the seed, what was told and what is pending, and on nothing else: a designer
written out with `to_json` and read back, anywhere, proposes the same.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from planning.design import advice, catalogue, repeats, why, written
from planning.design.advice import Advice
from planning.design.condition import values_of
from planning.design.drift import Drift, drift_of
from planning.design.history import History
from planning.design.objective import Objective, OutcomeLimit
from planning.design.observation import Observation
from planning.design.pareto import undominated
from planning.design.polytope import Array
from planning.design.search.new import settled
from planning.design.space import Point, Space
from planning.design.strategies import SAME, Situation, distances, spread
from planning.design.success import chance_of_result, chance_within
from planning.design.why import Why
from planning.design.within import ANYWHERE, Within
from planning.protocol.expressions import evaluate

if TYPE_CHECKING:
    from planning.design.surrogate import Surrogate

LOOKS, FEW_LOOKS = 2048, 256
VERSION = 1


@dataclass(frozen=True)
class Suggestion:
    """A point to make next, what is expected of it on the measured scale (None before there is a model), and why.

    Attributes:
        mean: of the first objective; `std` likewise.
        reason: a sentence.
        expected: mean and doubt of every objective.
        why: the reasons in figures; None without a model.
        is_repeat: measured before, and worth measuring again.
    """

    point: Point
    mean: float | None
    std: float | None
    reason: str
    expected: Mapping[str, tuple[float, float]]
    why: Why | None = None
    is_repeat: bool = False


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
        self._history = History(space, self.objectives, ())
        self._models: tuple[Surrogate, ...] | None = None
        self._models_of_limits: list[tuple[OutcomeLimit, Surrogate]] | None = None
        if not self.objectives or len({goal.name for goal in self.objectives}) < len(self.objectives):
            raise ValueError("a designer needs one objective or more, each of another figure")

    @property
    def objective(self) -> Objective:
        """The first objective."""
        return self.objectives[0]

    @property
    def history(self) -> History:
        """All that was told."""
        return self._history

    def tell(self, observations: Sequence[Observation]) -> None:
        """Learn what came of samples; all of them or none.

        A point that failed is not proposed again before it is told with a value.

        Raises:
            ValueError: a point lacks a parameter or breaks a limit (as asked, if it was made otherwise), or a value is
                missing or none on its objective's scale.
        """
        for each in observations:
            self._check(each)
        self._history = History(self.space, self.objectives, (*self._history.told, *observations))
        self._models = self._models_of_limits = None

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
            suggestions.append(self._suggest(history, awaited, rng, rows))
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
        return bool(self._fitted())

    @property
    def surrogates(self) -> "tuple[Surrogate, ...]":
        """The model of each objective; none before there are two results, or if nothing can vary."""
        return self._fitted()

    def predict(self, points: Sequence[Mapping[str, Any]], name: str | None = None) -> tuple[Array, Array]:
        """Median and half the span from 16 % to 84 % on the measured scale, (n,) each, of an objective; of the first
        unless named.

        Raises:
            ValueError: there is no model, or no such objective.
        """
        names = [goal.name for goal in self.objectives]
        if name is not None and name not in names:
            raise ValueError(f"no objective is called {name!r}; there are {', '.join(names)}")
        if not self._fitted():
            raise ValueError("nothing can be predicted from fewer than two results, or where nothing can vary")
        index = 0 if name is None else names.index(name)
        rows = zip(*self._fitted()[index].posterior(self.space.encode(points)), strict=True)
        estimates = [self.objectives[index].estimate(float(mean), float(std)) for mean, std in rows]
        medians, halves = np.array(estimates).reshape(-1, 2).T
        return medians, halves

    def best(self) -> tuple[Point, float]:
        """The tried point to recommend by the first objective, and what to expect of it: the best by the model, not the
        luckiest; of those that are likely to keep the limits, if any is.

        Raises:
            ValueError: no result yet.
        """
        history = self.history
        if not history.measured:
            raise ValueError("no result yet")
        models = self._fitted()
        expected = models[0].posterior(history.rows)[0] if models else history.utilities[:, 0]
        chances = self._chance_within_limits(history, history.rows)
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

        surrogate, situation = self._fitted()[0], self._situation(self.history, [], self._looking())
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
        looks = self._situation(history, [], self._looking()).looks(LOOKS)
        return advice.advise(self._fitted()[0], history.rows, looks, history.noise_std(0), batch, worth_of_gain)

    def drift(self) -> Drift | None:
        """Whether batches differ by more than the model and scatter explain; None if they do not, or cannot be told."""
        return drift_of(self.history, self._fitted()[0]) if self.has_model else None

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

    def _suggest(
        self, history: History, awaited: Sequence[Point], rng: np.random.Generator, rows: Array | None
    ) -> Suggestion:
        situation = self._situation(history, awaited, rng, rows)
        is_first_design = len(history.measured) + len(awaited) < self.initial and self.choice.has_first_design
        row, reason = (spread if is_first_design else self.choice.strategy)(situation)
        row = settled(situation, self.space.encode(self.space.decode(row[None])))[0]
        if distances(row[None], situation.occupied)[0] <= SAME:
            row, reason = self._elsewhere(situation, row, reason)
        is_free = rows is None and not is_first_design
        again = self._worth_repeating(history, situation, row) if is_free else None
        if again is not None:
            row, reason = history.rows[again], "measured again: the scatter hides which of the best is best"
        point = self.space.decode(row[None])[0]
        expected = self._expected(point) if situation.surrogates else {}
        mean, std = expected.get(self.objective.name, (None, None))
        is_repeat = bool(distances(row[None], history.rows)[0] <= SAME)
        return Suggestion(point, mean, std, reason, expected, self._why(situation, row), is_repeat)

    def _situation(
        self, history: History, awaited: Sequence[Point], rng: np.random.Generator, rows: Array | None = None
    ) -> Situation:
        space, models = self.space, () if self.choice.is_model_free else self._fitted()
        taken = space.encode([*awaited, *history.failures])
        return Situation(
            space,
            self.objective,
            tried=history.rows,
            awaited=taken,
            candidates=self._candidates(history, taken, rows),
            surrogate=models[0] if models else None,
            rng=rng,
            utilities=history.utilities,
            failed=space.encode(history.failures),
            surrogates=models,
            seed=self.seed,
            weight=lambda rows: self._chance(history, rows) / self._costs(rows),
        )

    def _candidates(self, history: History, taken: Array, rows: Array | None) -> Array | None:
        """What may be chosen without what was or is being tried; if nothing new is left, without what failed."""
        if rows is None and self.space.pool is None:
            return None
        pool = self.space.candidate_rows if rows is None else rows
        for others in (np.vstack([history.rows, taken]), self.space.encode(history.failures)):
            is_other = distances(pool, others) > SAME
            if is_other.any():
                return np.asarray(pool[is_other])
        return pool

    def _elsewhere(self, situation: Situation, row: Array, reason: str) -> tuple[Array, str]:
        """The most promising row that is not taken: to do the same again teaches little. The same if all are taken."""
        looks = situation.looks(LOOKS)
        looks = looks[distances(looks, situation.occupied) > SAME]
        if not len(looks):
            return row, reason
        if situation.surrogate is None:
            return looks[situation.rng.integers(len(looks))], f"{reason}, next to what was done"
        believed = situation.surrogate.believing(situation.awaited)
        gains, _ = why.improvement(*believed.posterior(looks), float(believed.posterior(situation.tried)[0].max()))
        return looks[situation.weighted(np.log(gains + 1e-300), looks).argmax()], f"{reason}, next to what was done"

    def _worth_repeating(self, history: History, situation: Situation, row: Array) -> int | None:
        """Which result to measure again, by its index; None if a new point teaches more."""
        noise_std = history.noise_std(0)
        if situation.surrogate is None or len(self.objectives) > 1 or noise_std == 0:
            return None
        believed = situation.surrogate.believing(situation.awaited)
        _, distinct = np.unique(history.rows.round(4), axis=0, return_index=True)
        mean, std = believed.posterior(row[None])
        tried = believed.posterior(history.rows[distinct])
        again = repeats.worth_repeating(tried, (float(mean[0]), float(std[0])), noise_std)
        return None if again is None else int(distinct[again])

    def _why(self, situation: Situation, row: Array) -> Why | None:
        if situation.surrogate is None:
            return None
        looks = situation.looks(FEW_LOOKS)
        believed = situation.surrogate.believing(situation.awaited)
        chances = self._chance(self.history, np.vstack([row, looks]))
        return why.why(believed, situation.tried, row, looks, chances, self.space.free)

    def _expected(self, point: Point) -> dict[str, tuple[float, float]]:
        rows = {goal.name: self.predict([point], goal.name) for goal in self.objectives}
        return {name: (float(median[0]), float(half[0])) for name, (median, half) in rows.items()}

    def _chance(self, history: History, rows: Array) -> Array:
        """Probability, (n,), that rows give a result, and one within the limits."""
        return chance_of_result(rows, *history.outcomes) * self._chance_within_limits(history, rows)

    def _chance_within_limits(self, history: History, rows: Array) -> Array:
        chance = np.ones(len(rows))
        for limit, model in self._limit_models(history):
            chance *= chance_within(*model.posterior(rows), limit.low, limit.high)
        return chance

    def _costs(self, rows: Array) -> Array:
        if not self.cost:
            return np.ones(len(rows))
        return np.array([cost_of(self.cost, point) for point in self.space.read(rows)])

    def _limit_models(self, history: History) -> "list[tuple[OutcomeLimit, Surrogate]]":
        """The limits of which two figures or more are known, and a model of each, fitted once."""
        if self._models_of_limits is None:
            from planning.design import surrogate

            told = [(limit, *history.figures(limit)) for limit in self.limits if self.space.free]
            self._models_of_limits = [
                (limit, surrogate.fit(made, figures, 0.0)) for limit, made, figures in told if len(figures) >= 2
            ]
        return self._models_of_limits

    def _looking(self) -> np.random.Generator:
        return np.random.default_rng([self.seed, len(self.history.measured)])

    def _fitted(self) -> "tuple[Surrogate, ...]":
        """A model of all results for each objective, fitted once; none before there are two, or if nothing can vary."""
        history = self.history
        if len(history.measured) < 2 or not self.space.free:
            return ()
        if self._models is None:
            from planning.design import surrogate

            assumed = surrogate.FEW if self.space.pool is None else surrogate.MANY
            self._models = tuple(
                surrogate.fit(history.rows, history.utilities[:, index], goal.noise_std, assumptions=assumed)
                for index, goal in enumerate(self.objectives)
            )
        return self._models


def cost_of(formula: str, point: Point) -> float:
    """What a sample costs.

    Raises:
        ValueError: the formula cannot be read, or gives nothing above zero.
    """
    cost = evaluate(
        formula, values_of({name: value for name, value in point.items() if not isinstance(value, str)}, {})
    )
    if isinstance(cost, Mapping) or not cost > 0:
        raise ValueError(f"cost {formula!r} of {dict(point)} is {cost}; write a formula that is always above zero")
    return cost
