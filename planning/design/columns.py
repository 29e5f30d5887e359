"""Points as rows of numbers from 0 to 1, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planning.design.parameters import Category
from planning.design.polytope import Array, Polytope

Places = NDArray[np.intp]
"""Which of a category's choices, by number."""

SETTLED = 1e-7
"""A number that can vary by less, in its own order, has one value; about what the linear programme resolves."""


@dataclass(frozen=True, eq=False)
class Columns:
    """A column for each number that can vary, and as many for each category as tell its words apart.

    Attributes:
        numeric: names of the numbers.
        low: lowest of each, (len(numeric),); high likewise.
        scale: of what order each is, (len(numeric),).
        categories: those that can vary.
    """

    numeric: Sequence[str]
    low: Array
    high: Array
    scale: Array
    categories: Mapping[str, Category]

    @cached_property
    def varies(self) -> NDArray[np.bool_]:
        """Which numbers can vary."""
        return np.asarray(self.high - self.low > SETTLED * self.scale)

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The numbers that can vary."""
        return tuple(name for name, can_vary in zip(self.numeric, self.varies, strict=True) if can_vary)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """What each column is: a number's name, `solvent=toluene`, `ligand:pka` for a descriptor, or `ligand:1`."""
        return (*self.numbers, *(label for labels in self.codes.values() for label in labels))

    @cached_property
    def codes(self) -> dict[str, list[str]]:
        """The labels of each category."""
        return {
            name: [f"{name}{':' if category.descriptors else '='}{label}" for label in category.labels]
            for name, category in self.categories.items()
        }

    @cached_property
    def scales(self) -> tuple[int, ...]:
        """For each column the number of its length scale: those of a category share one, if no descriptors are they."""
        shared = {
            label: name for name, own in self.codes.items() if not self.categories[name].is_named for label in own
        }
        owners = [shared.get(label, label) for label in self.labels]
        return tuple(list(dict.fromkeys(owners)).index(owner) for owner in owners)

    def encode(self, points: Sequence[Mapping[str, Any]]) -> Array:
        """Points as rows, (n, len(labels))."""
        numbers = np.array([[point[name] for name in self.numbers] for point in points], dtype=np.float64)
        places = {
            name: np.array([category.places[point[name]] for point in points], dtype=np.intp)
            for name, category in self.categories.items()
        }
        return self.rows(numbers.reshape(len(points), len(self.numbers)), places)

    def rows(self, numbers: Array, places: Mapping[str, Places]) -> Array:
        """Rows, (n, len(labels)), of the numbers that vary, (n, len(numbers)), and the places, (n,), of words."""
        low, span = self.low[self.varies], (self.high - self.low)[self.varies]
        words = (category.codes[places[name]] for name, category in self.categories.items())
        return np.hstack([(numbers - low) / span, *words])

    def figures(self, rows: Array) -> Array:
        """All numbers, (n, len(numeric)), of rows; those that lie beyond their range are brought to its end."""
        low, high = self.low[self.varies], self.high[self.varies]
        whole = np.tile(self.low, (len(rows), 1))
        whole[:, self.varies] = np.clip(low + rows[:, : len(low)] * (high - low), low, high)
        return whole

    def words(self, rows: Array) -> list[dict[str, str]]:
        """The nearest word of each category, for each of (n, len(labels)) rows."""
        found: list[dict[str, str]] = [{} for _ in rows]
        start = len(self.numbers)
        for name, category in self.categories.items():
            codes = rows[:, start : start + category.codes.shape[1]]
            start += category.codes.shape[1]
            nearest = np.linalg.norm(codes[:, None, :] - category.codes[None], axis=2).argmin(axis=1)
            for words, index in zip(found, nearest, strict=True):
                words[name] = category.choices[index]
        return found

    @property
    def between_words(self) -> Polytope:
        """What holds of the columns of categories: each from 0 to 1, and those of one that is one-hot sum to one."""
        width = len(self.labels) - len(self.numbers)
        rows, lower, start = [np.eye(width)], [np.zeros(width)], 0
        for category in self.categories.values():
            end = start + category.codes.shape[1]
            if not category.descriptors:
                rows.append(((np.arange(width) >= start) & (np.arange(width) < end)).astype(np.float64)[None])
                lower.append(np.ones(1))
            start = end
        whole = np.vstack(rows)
        return Polytope(whole, np.concatenate(lower), np.ones(len(whole)))
