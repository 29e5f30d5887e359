"""Campaigns on a table that was measured: the designer chooses the next row, the table answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, isfinite
from pathlib import Path
from typing import Any

import numpy as np

from planning.design.designer import Designer
from planning.design.objective import Objective
from planning.design.observation import Observation
from planning.design.pareto import hypervolume, reference_of, undominated
from planning.design.polytope import Array
from planning.design.pool import read_rows
from planning.design.question import Question
from planning.design.space import Point, Space
from robot.files import FileProblem, Problem

TOP_FRACTION = 0.05
STARTS = 2


@dataclass(frozen=True, eq=False)
class Measured:
    """A table as a question: `answers[i]` are the repeats of `space.candidates[i]`, each by name; none if all failed."""

    space: Space
    goals: Sequence[Objective]
    answers: Sequence[Sequence[Mapping[str, float]]]

    @cached_property
    def utilities(self) -> Array:
        """Mean utility of each candidate, (k, objectives); minus infinity where all repeats failed."""
        rows = [
            [
                float(np.mean([goal.utility(each[goal.name]) for each in repeats])) if repeats else -np.inf
                for goal in self.goals
            ]
            for repeats in self.answers
        ]
        return np.array(rows).reshape(len(rows), len(self.goals))

    @cached_property
    def top(self) -> frozenset[int]:
        """The best 5 % of the candidates; with several objectives those that no other beats in all of them."""
        if len(self.goals) > 1:
            return frozenset(np.flatnonzero(undominated(self.utilities)).tolist())
        count = ceil(TOP_FRACTION * len(self.answers))
        return frozenset(np.argsort(-self.utilities[:, 0], kind="stable")[:count].tolist())

    def answer(self, index: int, rng: np.random.Generator | None) -> Observation:
        """What came of a candidate: one of its repeats, or their mean if there is no chance to draw by."""
        point, repeats = self.space.candidates[index], self.answers[index]
        if not repeats:
            return Observation(point, failed="no result in the table")
        if rng is not None:
            return Observation(point, repeats[int(rng.integers(len(repeats)))])
        return Observation(point, {name: float(np.mean([each[name] for each in repeats])) for name in repeats[0]})


def read_measured(
    table: Path, question: Question, path: Path, given: Mapping[str, Mapping[str, Any]] | None = None
) -> Measured:
    """Read a table of results: the columns that are no figure of the question are its parameters.

    Args:
        table: the CSV file; a cell without a result is a sample that failed.
        question: says what is wanted; what it does not say of a column's space is read from the column.
        path: the question's file.
        given: parameters of a recipe.

    Raises:
        FileProblem: the table cannot be read, lacks a figure, or has no row that the question allows.
    """
    try:
        rows = read_rows(table)
    except ValueError as err:
        raise FileProblem(table, [Problem("", str(err).removeprefix(f"{table}").lstrip(": "))]) from err
    figures = [*(goal.name for goal in question.goals()), *(limit.name for limit in question.outcome_limits())]
    if missing := [name for name in figures if name not in rows[0]]:
        raise FileProblem(table, [Problem(f"column {missing[0]}", "is not there", f"There are {', '.join(rows[0])}")])
    known = {*question.space, *(given or {})}
    mixed = {name.partition(".")[0] for name in rows[0]} & known
    inputs = [name for name in rows[0] if name not in figures and name != "sample"]
    found = {name: _kind(rows, name) for name in inputs if name not in known and name.partition(".")[0] not in mixed}
    names = [name for name in inputs if not known or name.partition(".")[0] in {*known, *found}]
    points = [{name: row[name] for name in names} for row in rows]
    space = question.space_of(path, {**found, **(given or {})}, points)
    return Measured(space, question.goals(), _answers(space, points, rows, figures))


def replay(
    designer: Designer, measured: Measured, budget: int, batch: int, rng: np.random.Generator, *, drawn: bool
) -> list[int]:
    """Which candidates a campaign measures, in order, after two that chance chooses.

    Args:
        drawn: draw one of the repeats instead of their mean.
    """
    place = {_key(point): index for index, point in enumerate(measured.space.candidates)}
    begun = rng.permutation(len(place))[:STARTS].tolist()
    asked: list[int] = []
    while begun and len(asked) < budget:
        designer.tell([measured.answer(index, rng if drawn else None) for index in begun])
        asked += begun
        count = min(batch, budget - len(asked))
        begun = [place[_key(suggestion.point)] for suggestion in designer.ask(count)] if count else []
    return asked


def found_fraction(measured: Measured, asked: Sequence[int]) -> Array:
    """The share of the top candidates that was found by each sample, (n,)."""
    seen: set[int] = set()
    shares = []
    for index in asked:
        seen |= {index} & measured.top
        shares.append(len(seen) / len(measured.top))
    return np.array(shares)


def best_so_far(measured: Measured, asked: Sequence[int]) -> Array:
    """The mean of the best candidate measured by each sample, on its objective's scale, (n,).

    With several objectives the share of the volume dominated by all candidates that those measured dominate.
    """
    if len(measured.goals) > 1:
        sound = np.where(np.isfinite(measured.utilities), measured.utilities, np.nanmin(measured.utilities, axis=0))
        reference = reference_of(sound)
        whole = hypervolume(sound, reference)
        return np.array([hypervolume(sound[asked[: count + 1]], reference) / whole for count in range(len(asked))])
    best = np.maximum.accumulate(measured.utilities[list(asked), 0])
    return np.array([measured.goals[0].value(utility) if isfinite(utility) else np.nan for utility in best.tolist()])


def enhancement(found: Array, candidates: int) -> Array:
    """How many times as many top candidates were found as chance would, by each sample, (n,).

    Source: Liang et al., npj Comput. Mater. 7, 188 (2021), equation for the enhancement factor; chance, drawing without
    repetition, finds i / N of them in i samples.

    Args:
        found: share found by each sample, (n,).
        candidates: N.
    """
    return np.asarray(found * candidates / np.arange(1, len(found) + 1))


def acceleration(found: Array, candidates: int, share: float) -> float:
    """How many times as many samples chance would need to find a share of the top candidates; NaN if it was not reached.

    Source: Liang et al. (2021), the acceleration factor.
    """
    reached = np.flatnonzero(found >= share)
    return share * candidates / float(reached[0] + 1) if len(reached) else float("nan")


def bootstrap(
    values: Array, statistic: Callable[[Array], float], rng: np.random.Generator, draws: int = 1000
) -> tuple[float, float]:
    """A 95 % interval of a statistic of values (n,) by drawing them again."""
    again = [statistic(values[rng.integers(len(values), size=len(values))]) for _ in range(draws)]
    low, high = np.quantile(again, [0.025, 0.975])
    return float(low), float(high)


def _kind(rows: Sequence[Mapping[str, float | str]], name: str) -> dict[str, Any]:
    values = [row[name] for row in rows]
    if any(isinstance(value, str) for value in values):
        return {"one_of": [str(value) for value in dict.fromkeys(values)]}
    numbers = [float(value) for value in values]
    return {"low": min(numbers), "high": max(numbers)}


def _answers(
    space: Space, points: Sequence[Point], rows: Sequence[Mapping[str, float | str]], figures: Sequence[str]
) -> list[list[dict[str, float]]]:
    place = {_key(point): index for index, point in enumerate(space.candidates)}
    answers: list[list[dict[str, float]]] = [[] for _ in place]
    for point, row in zip(points, rows, strict=True):
        index = place.get(_key({**point, **space.fixed}))
        values = {name: float(row[name]) for name in figures if not isinstance(row[name], str)}
        if index is not None and len(values) == len(set(figures)) and all(map(isfinite, values.values())):
            answers[index].append(values)
    return answers


def _key(point: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(point.items()))
