"""What may be proposed: numbers, steps, words, mixtures, fixed values and what must hold among them, or a pool of points.

A point names every parameter, the parts of a mixture as `blend.p3ht`. Inside, points are rows of numbers from 0 to 1
over what can vary.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from planning.design.columns import Columns, Places
from planning.design.condition import Conditions
from planning.design.constraint import Limit, LinearConstraint
from planning.design.feasible import conflict
from planning.design.figures import Figures
from planning.design.kept import Kept
from planning.design.limits import limits_of, refuse_unsound
from planning.design.parameters import Category, Mixture
from planning.design.polytope import Array
from planning.design.pool import read_pool
from planning.design.region import Region

__all__ = ["Category", "LinearConstraint", "Mixture", "Point", "Space", "Value"]

Value = float | str
Point = dict[str, Any]
"""By flat name a number, or the word of a category."""

TOLERANCE = 1e-5
"""By how much a point may break a limit: records round the parts of a mixture to six digits."""


@dataclass(frozen=True, eq=False)
class Space:
    """What may be proposed.

    Args:
        ranges: low and high of each plain parameter.
        mixtures: by name.
        fixed: parameters, of the above or others, that have one value.
        constraints: sums that must keep limits.
        pool: if given, only these points may be proposed. They need not name what is fixed; those that break a
            limit are left out.
        steps: the values of each parameter that takes only some, rising: `range(1, 11)` for whole numbers.
        categories: by name.
        conditions: other formulas that must hold, such as `anneal_c * anneal_min < 6000`.

    Raises:
        ValueError: nothing may be proposed; says what conflicts.
    """

    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    mixtures: Mapping[str, Mixture] = field(default_factory=dict)
    fixed: Mapping[str, Value] = field(default_factory=dict)
    constraints: Sequence[LinearConstraint] = ()
    pool: Sequence[Mapping[str, Value]] | None = None
    steps: Mapping[str, Sequence[float]] = field(default_factory=dict)
    categories: Mapping[str, Category] = field(default_factory=dict)
    conditions: Sequence[str] = ()

    def __post_init__(self) -> None:
        unknown = {name for row in self.constraints for name in row.coefficients} - set(self.numeric)
        if unknown:
            raise ValueError(f"{', '.join(sorted(unknown))} is not a parameter; there are {', '.join(self.names)}")
        if not self.names:
            raise ValueError("a design space needs a parameter")
        refuse_unsound(self.steps, self.limits, self.constraints)
        for name, value in self.fixed.items():
            if name in self.categories and value not in self.categories[name].choices:
                raise ValueError(f"{name} = {value} is none of {', '.join(self.categories[name].choices)}")
        if self.numeric and (against := conflict(self.numeric, self.limits)):
            raise ValueError(f"no point satisfies all of: {'; '.join(map(str, against))}")
        self._require_points()

    @classmethod
    def from_pool(
        cls,
        table: Path | str | Sequence[Mapping[str, Value]],
        inputs: Sequence[str] | None = None,
        descriptors: Mapping[str, Mapping[str, Mapping[str, float]]] | None = None,
    ) -> "Space":
        """The rows of a table as the only points: columns of numbers vary as numbers, columns of words as categories.

        Args:
            table: a CSV file, or rows by column name.
            inputs: the columns that are parameters; by default all.
            descriptors: for a column of words, of each word its figures by name.

        Raises:
            ValueError: the table is no table, or lacks a column.
        """
        rows, words = read_pool(table, inputs)
        numbers = [name for name in rows[0] if name not in words]
        told = descriptors or {}
        return cls(
            ranges={name: (min(row[name] for row in rows), max(row[name] for row in rows)) for name in numbers},
            categories={name: Category(choices, told.get(name, {})) for name, choices in words.items()},
            pool=rows,
        )

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every parameter of a point."""
        return (*self.numeric, *self.categories)

    @cached_property
    def numeric(self) -> tuple[str, ...]:
        """The parameters that are numbers, parts of mixtures among them."""
        parts = [f"{name}.{part}" for name, mixture in self.mixtures.items() for part in mixture.parts]
        fixed = [name for name in self.fixed if name not in self.categories]
        return tuple(dict.fromkeys((*self.ranges, *self.steps, *parts, *fixed)))

    @cached_property
    def limits(self) -> tuple[Limit, ...]:
        """Everything that must hold of the numbers, bounds and sums included."""
        fixed = {name: float(value) for name, value in self.fixed.items() if name in self.numeric}
        return (*limits_of(self.ranges, self.steps, self.mixtures, fixed), *self.constraints)

    @cached_property
    def candidates(self) -> list[Point]:
        """The points of the pool that may be proposed, each once; empty without a pool."""
        numeric = set(self.numeric)
        whole = [{**point, **self.fixed} for point in self.pool or ()]
        ordered = [{name: float(row[name]) if name in numeric else row[name] for name in self.names} for row in whole]
        return [dict(items) for items in dict.fromkeys(tuple(row.items()) for row in ordered if self.contains(row))]

    @cached_property
    def candidate_rows(self) -> Array:
        """The candidates as `encode` gives them, (k, len(free))."""
        return self.encode(self.candidates)

    @property
    def free(self) -> tuple[str, ...]:
        """What each column of `encode` is: a number that can vary, or what tells the words of a category apart."""
        return self._columns.labels

    @cached_property
    def groups(self) -> dict[str, list[int]]:
        """The columns that belong to one mixture or one category, by its name."""
        column = {label: index for index, label in enumerate(self.free)}
        labels = {name: [f"{name}.{part}" for part in mixture.parts] for name, mixture in self.mixtures.items()}
        groups = {
            name: [column[each] for each in own if each in column]
            for name, own in (labels | self._columns.codes).items()
        }
        return {name: columns for name, columns in groups.items() if columns}

    @property
    def scales(self) -> tuple[int, ...]:
        """For each column the number of its length scale; see `Columns`."""
        return self._columns.scales

    @cached_property
    def dimension(self) -> int:
        """How many numbers choose a point: a mixture of five parts has four, a category one."""
        numbers = self._columns.numbers
        if self.pool is not None:
            rows = self.candidate_rows[:, : len(numbers)]
            return len(self._columns.codes) + int(np.linalg.matrix_rank(rows - rows.mean(axis=0), tol=TOLERANCE))
        rows, lower, upper = self._figures.sums
        tight = rows[upper - lower <= TOLERANCE][:, self._columns.varies]
        return len(self._columns.codes) + len(numbers) - int(np.linalg.matrix_rank(tight) if tight.size else 0)

    @property
    def has_words(self) -> bool:
        """Can a category vary?"""
        return bool(self._columns.codes)

    @property
    def is_plain(self) -> bool:
        """Is it all of what lies between linear limits?"""
        is_linear = all(isinstance(limit, LinearConstraint) for limit in self.limits)
        return is_linear and not self.has_words and not self.conditions

    @cached_property
    def polytope(self) -> Region:
        """The space over `free`, each scaled to run from 0 to 1."""
        columns, (rows, lower, upper) = self._columns, self._figures.sums
        offset = rows @ columns.low
        sums = rows[:, columns.varies] * (columns.high - columns.low)[columns.varies]
        words = columns.between_words
        whole = np.zeros((len(sums) + len(words.rows), len(self.free)))
        whole[: len(sums), : sums.shape[1]] = sums
        whole[len(sums) :, sums.shape[1] :] = words.rows
        ends = (np.concatenate([lower - offset, words.lower]), np.concatenate([upper - offset, words.upper]))
        return Region(
            whole, *ends, self._draw, None if self.is_plain else lambda found: self.encode(self.decode(found))
        )

    def contains(self, point: Mapping[str, Any]) -> bool:
        """Does the point name every parameter and break no limit by more than `TOLERANCE`?"""
        if set(point) != set(self.names) or any(isinstance(point[name], str) for name in self.numeric):
            return False
        known = all(point[name] in category.choices for name, category in self.categories.items())
        settled = all(point[name] == self.fixed[name] for name in self.categories if name in self.fixed)
        return (
            known
            and settled
            and all(limit.allows(point, TOLERANCE) for limit in self.limits)
            and self._kept.holds(point)
        )

    def sample(self, count: int, rng: np.random.Generator) -> list[Point]:
        """Points drawn evenly; from a pool each candidate once before any comes twice.

        Nothing is rejected but what breaks a condition.

        Raises:
            ValueError: hardly any point keeps the conditions.
        """
        if self.pool is not None:
            rounds = -(-count // len(self.candidates))
            order = np.concatenate([rng.permutation(len(self.candidates)) for _ in range(rounds)])
            return [dict(self.candidates[index]) for index in order[:count]]
        return self._kept.sample(count, rng)

    def encode(self, points: Sequence[Mapping[str, Any]]) -> Array:
        """Points as rows, (n, len(free)), 0 to 1."""
        return self._columns.encode(points)

    def decode(self, rows: Array) -> list[Point]:
        """Rows of `encode` as points, the settled parameters added; the nearest that steps, words and pool allow."""
        if self.pool is not None:
            gaps = np.linalg.norm(rows[:, None, :] - self.candidate_rows[None], axis=2)
            return [dict(self.candidates[index]) for index in gaps.argmin(axis=1)]
        return self._kept.nearest(rows)

    def read(self, rows: Array) -> list[Point]:
        """Rows of `encode` as the points that they are, whether allowed or not; words are the nearest."""
        return self._points(self._columns.figures(rows), self._columns.words(rows))

    def _stepped(self, rows: Array) -> list[Point]:
        return self._points(self._figures.nearest(self._columns.figures(rows)), self._columns.words(rows))

    def _drawn(self, count: int, rng: np.random.Generator) -> list[Point]:
        numbers, places = self._drawn_parts(count, rng)
        choices = [[self.categories[name].choices[place] for place in chosen] for name, chosen in places.items()]
        words = [dict(zip(places, chosen, strict=True)) for chosen in zip(*choices, strict=True)]
        return self._points(numbers, words or [{}] * count)

    def _drawn_parts(self, count: int, rng: np.random.Generator) -> tuple[Array, dict[str, Places]]:
        places = {name: rng.integers(len(each.choices), size=count) for name, each in self._columns.categories.items()}
        return self._figures.sample(count, rng), places

    def _draw(self, count: int, rng: np.random.Generator) -> Array:
        if self.pool is not None or self.conditions:
            return self.encode(self.sample(count, rng))
        numbers, places = self._drawn_parts(count, rng)
        return self._columns.rows(numbers[:, self._columns.varies], places)

    def _points(self, numbers: Array, words: Sequence[Mapping[str, str]]) -> list[Point]:
        numbers = numbers + 0.0  # no -0.0, which people read as an error
        only = {name: category.choices[0] for name, category in self.categories.items()} | {
            name: value for name, value in self.fixed.items() if name in self.categories
        }
        return [
            {**dict(zip(self.numeric, row.tolist(), strict=True)), **only, **chosen}
            for row, chosen in zip(numbers, words, strict=True)
        ]

    @cached_property
    def _kept(self) -> Kept:
        words = {name: category.choices for name, category in self.categories.items()}
        conditions = Conditions(self.conditions, self.numeric, words)
        return Kept(conditions, self._drawn, self._stepped, self.encode)

    @cached_property
    def _figures(self) -> Figures:
        return Figures(self.numeric, self.limits)

    @cached_property
    def _columns(self) -> Columns:
        if self.pool is not None:
            rows = np.array([[point[name] for name in self.numeric] for point in self.candidates], dtype=np.float64)
            rows = rows.reshape(len(self.candidates), len(self.numeric))
            low, high = rows.min(axis=0), rows.max(axis=0)
        else:
            low, high = self._figures.extent
        can_vary = {
            name: category
            for name, category in self.categories.items()
            if name not in self.fixed and len(category.choices) > 1
        }
        return Columns(self.numeric, low, high, self._figures.scale, can_vary)

    def _require_points(self) -> None:
        if self.pool is not None and not self.candidates:
            every = (*map(str, self.limits), *self.conditions)
            raise ValueError(f"none of the {len(self.pool)} points of the pool satisfies: {'; '.join(every)}")
        if self.pool is None and self.conditions:
            self.sample(1, np.random.default_rng(0))
