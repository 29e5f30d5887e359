"""Kinds of parameters that are more than a number between two limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from planning.design.polytope import Array


@dataclass(frozen=True)
class Mixture:
    """Fractions of `parts` that sum to one; a part without a minimum or maximum runs from 0 to 1.

    Args:
        parts: what is mixed.
        minimum: of each part, always.
        maximum: of each part.
        at_least: how many parts are there.
        at_most: how many parts are there; by default all may be.
        minimum_if_present: of each part that is there.
    """

    parts: Sequence[str]
    minimum: Mapping[str, float] = field(default_factory=dict)
    maximum: Mapping[str, float] = field(default_factory=dict)
    at_least: int = 1
    at_most: int | None = None
    minimum_if_present: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        strangers = sorted({*self.minimum, *self.maximum, *self.minimum_if_present} - set(self.parts))
        if strangers:
            raise ValueError(f"{', '.join(strangers)} is no part of the mixture of {', '.join(self.parts)}")
        if not 1 <= self.at_least <= self.most <= len(self.parts):
            raise ValueError(
                f"a mixture of {len(self.parts)} parts cannot have {self.at_least} to {self.most} of them; "
                f"write at_least and at_most from 1 to {len(self.parts)}"
            )

    @property
    def most(self) -> int:
        """How many parts may be there."""
        return len(self.parts) if self.at_most is None else self.at_most

    @property
    def is_plain(self) -> bool:
        """May all parts be there or not, in any amount within their limits?"""
        return self.at_least <= 1 and self.most == len(self.parts) and not any(self.minimum_if_present.values())


LEAST_SIZE = 1e-6
"""Of a coordinate, over the largest: below it is rounding."""

MOST_NAMED = 4
"""Of more descriptors than this nobody knows beforehand which matter: they only say how far words lie apart."""


@dataclass(frozen=True)
class Category:
    """One of some words: all equally different, or as alike as their descriptors are.

    A few descriptors are columns each. Of many, such as a quantum chemist's hundreds, the words' principal coordinates
    are: no more columns than words, which share one length scale. docs/decisions/0008 says why.

    Args:
        choices: the words.
        descriptors: for each word its figures by name, all of the same names; none means that no word is like another.
    """

    choices: Sequence[str]
    descriptors: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(set(self.choices)) < len(self.choices) or not self.choices:
            raise ValueError(f"choices are words, each once; found {', '.join(map(str, self.choices)) or 'none'}")
        if not self.descriptors:
            return
        if missing := [choice for choice in self.choices if choice not in self.descriptors]:
            raise ValueError(f"there are no descriptors of {', '.join(missing)}; add a row for each choice")
        names = set(self.descriptors[self.choices[0]])
        if any(set(self.descriptors[choice]) != names for choice in self.choices):
            raise ValueError("every choice needs the same descriptors; fill the gaps in the table")
        if not np.isfinite(self._figures).all():
            raise ValueError("a descriptor is no finite number; mend the table")
        if len(np.unique(self.codes, axis=0)) < len(self.choices):
            raise ValueError("two choices have the same descriptors and cannot be told apart; add one that differs")

    @cached_property
    def codes(self) -> Array:
        """A row of numbers from 0 to 1 for each choice, (choices, width): descriptors, coordinates, or one-hot."""
        if not self.descriptors:
            return np.eye(len(self.choices))
        differing = self._figures[:, [self._names.index(name) for name in self._differing]]
        if self.is_named:
            return np.asarray((differing - differing.min(axis=0)) / np.ptp(differing, axis=0))
        return _coordinates(differing)

    @cached_property
    def places(self) -> dict[str, int]:
        """Which of the choices each word is, by number."""
        return {choice: place for place, choice in enumerate(self.choices)}

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """What each of the numbers stands for."""
        if not self.descriptors:
            return tuple(self.choices)
        return self._differing if self.is_named else tuple(str(at) for at in range(1, self.codes.shape[1] + 1))

    @property
    def is_named(self) -> bool:
        """Does each of the numbers stand for a descriptor, with a length scale of its own?"""
        return bool(self.descriptors) and len(self._differing) <= MOST_NAMED

    @cached_property
    def _differing(self) -> tuple[str, ...]:
        """The descriptors in which not all choices are alike."""
        spans = np.ptp(self._figures, axis=0)
        return tuple(name for name, span in zip(self._names, spans, strict=True) if span > 0)

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(self.descriptors[self.choices[0]])

    @cached_property
    def _figures(self) -> Array:
        rows = [[float(self.descriptors[choice][name]) for name in self._names] for choice in self.choices]
        return np.array(rows, dtype=np.float64).reshape(len(self.choices), len(self._names))


def _coordinates(figures: Array) -> Array:
    """Rows, (k, width), as far apart as standardised figures (k, m) are, but for one factor; the widest runs from 0 to 1.

    Source: principal coordinates, Gower, Biometrika 53, 325 (1966).
    """
    ways, sizes, _ = np.linalg.svd((figures - figures.mean(axis=0)) / figures.std(axis=0), full_matrices=False)
    along = (ways * sizes)[:, sizes > LEAST_SIZE * sizes[0]]
    along *= np.sign(along[np.abs(along).argmax(axis=0), np.arange(along.shape[1])])  # which way is up is agreed on
    return np.asarray((along - along.min(axis=0)) / np.ptp(along, axis=0).max())
