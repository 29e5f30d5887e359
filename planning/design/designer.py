"""Proposes what to make next, from what was made so far: ask, tell, ask again.

What is proposed depends on the seed, on what was told and on what is pending, and on nothing else: a designer told
the same history after a restart proposes the same.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planning.design.objective import Objective
from planning.design.polytope import Array
from planning.design.space import Point, Space
from planning.design.strategies import SAME, STRATEGIES, Situation, distances, spread

if TYPE_CHECKING:
    from planning.design.surrogate import Surrogate

GAIN_LOOKS = 2048


@dataclass(frozen=True)
class Suggestion:
    """A point to make next, what is expected of it on the measured scale (None before there is a model), and why."""

    point: Point
    mean: float | None
    std: float | None
    reason: str


class Designer:
    """Chooses points of a space to learn where the objective is best.

    Args:
        space: what may be proposed.
        objective: what is wanted.
        seed: of every choice.
        strategy: a name of `STRATEGIES`.
        initial: how many points spread over the space come first; by default two for each dimension.
    """

    def __init__(
        self, space: Space, objective: Objective, *, seed: int, strategy: str = "log_ei", initial: int | None = None
    ) -> None:
        if strategy not in STRATEGIES:
            raise ValueError(f"no strategy is called {strategy!r}; there are {', '.join(STRATEGIES)}")
        self.space = space
        self.objective = objective
        self.initial = 2 * space.dimension if initial is None else initial
        self._seed = seed
        self._strategy = strategy
        self._tried: list[Point] = []
        self._utilities: list[float] = []
        self._failed: list[Point] = []
        self._surrogate: Surrogate | None = None

    def tell(self, point: Mapping[str, float], value: float | None, failed: str | None = None) -> None:
        """Learn a result, or that a sample failed (and why); replicates are told one by one.

        A point that failed is not proposed again before it is told with a value.

        Raises:
            ValueError: the point lacks a parameter or breaks a limit, or the value is none on the objective's scale.
        """
        if not self.space.contains(point):
            raise ValueError(f"{dict(point)} is no point of the space")
        if failed is not None:
            self._failed.append(dict(point))
            return
        if value is None:
            raise ValueError("a sample that did not fail has a value")
        self._utilities.append(self.objective.utility(value))
        self._tried.append(dict(point))
        if self._failed:
            is_other = distances(self.space.encode(self._failed), self.space.encode([point])) > SAME
            self._failed = [failed for failed, keep in zip(self._failed, is_other, strict=True) if keep]
        self._surrogate = None

    def ask(self, n: int, pending: Sequence[Mapping[str, float]] = ()) -> list[Suggestion]:
        """Propose `n` points, knowing that `pending` are under way; does not count the answer as pending."""
        rng = np.random.default_rng([self._seed, len(self._tried), len(self._failed), len(pending)])
        awaited = [dict(point) for point in pending]
        suggestions = []
        for _ in range(n):
            suggestions.append(self._suggest(awaited, rng))
            awaited.append(suggestions[-1].point)
        return suggestions

    @property
    def has_model(self) -> bool:
        """Are there two results to learn from, and something that can vary?"""
        return self._fitted() is not None

    def predict(self, points: Sequence[Mapping[str, float]]) -> tuple[Array, Array]:
        """Median and half the span from 16 % to 84 % on the measured scale, (n,) each.

        Raises:
            ValueError: there is no model.
        """
        surrogate = self._fitted()
        if surrogate is None:
            raise ValueError("nothing can be predicted from fewer than two results, or where nothing can vary")
        rows = zip(*surrogate.posterior(self.space.encode(points)), strict=True)
        estimates = np.array([self.objective.estimate(float(mean), float(std)) for mean, std in rows]).reshape(-1, 2)
        return estimates[:, 0], estimates[:, 1]

    def best(self) -> tuple[Point, float]:
        """The tried point to recommend and what to expect of it: the best by the model, not the luckiest.

        Raises:
            ValueError: no result yet.
        """
        if not self._tried:
            raise ValueError("no result yet")
        surrogate = self._fitted()
        expected = self._utilities if surrogate is None else surrogate.posterior(self.space.encode(self._tried))[0]
        index = int(np.argmax(expected))
        return dict(self._tried[index]), self.objective.value(float(expected[index]))

    def expected_gain_fraction(self) -> float:
        """What one more sample is expected to add to the best, 0.02 being 2 %; infinite before a model."""
        from planning.design import acquisition

        surrogate = self._fitted()
        if surrogate is None or len(self._tried) < self.initial:
            return math.inf
        situation = self._situation([], np.random.default_rng([self._seed, len(self._tried)]))
        function = acquisition.over_the_best(surrogate, situation.tried)
        log_gain = acquisition.evaluate(function, situation.looks(GAIN_LOOKS)).max()
        return self.objective.gain_fraction(surrogate.scale * math.exp(log_gain), self.best()[1])

    def _suggest(self, awaited: Sequence[Point], rng: np.random.Generator) -> Suggestion:
        situation = self._situation(awaited, rng)
        is_first_design = len(self._tried) + len(awaited) < self.initial and self._strategy != "random"
        row, reason = (spread if is_first_design else STRATEGIES[self._strategy])(situation)
        point = self.space.decode(row[None])[0]
        if situation.surrogate is None:
            return Suggestion(point, None, None, reason)
        mean, std = self.predict([point])
        return Suggestion(point, float(mean[0]), float(std[0]), reason)

    def _situation(self, awaited: Sequence[Point], rng: np.random.Generator) -> Situation:
        space = self.space
        return Situation(
            space,
            self.objective,
            tried=space.encode(self._tried),
            awaited=space.encode([*awaited, *self._failed]),
            candidates=self._candidates(),
            surrogate=None if self._strategy == "random" else self._fitted(),
            rng=rng,
        )

    def _candidates(self) -> Array | None:
        """The pool without what failed, (k, d), unless all of it failed; None without a pool."""
        if self.space.pool is None:
            return None
        pool = self.space.encode(self.space.candidates)
        is_sound = distances(pool, self.space.encode(self._failed)) > SAME
        return pool[is_sound] if is_sound.any() else pool

    def _fitted(self) -> "Surrogate | None":
        """The model of all results, fitted once; None before there are two, or if nothing can vary."""
        from planning.design import surrogate

        if self._surrogate is None and len(self._tried) >= 2 and self.space.free:
            self._surrogate = surrogate.fit(
                self.space.encode(self._tried), np.array(self._utilities), self.objective.noise_std
            )
        return self._surrogate
