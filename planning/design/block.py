"""Numbers that limits tie together: a union of polytopes, one for each choice of values and of parts.

Evenly means: each choice that leaves equally much freedom is as likely as its polytope is large; choices of unequal
freedom (two parts of a mixture, or three) share the draws by how many choices there are of each kind.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from math import comb, prod

import numpy as np

from planning.design.constraint import Limit, LinearConstraint, Presence, Steps
from planning.design.feasible import farthest
from planning.design.polytope import Array, Polytope
from planning.design.simplices import Simplices, joined

MOST_CHOICES = 1000
"""More choices than this are not listed: a random few are looked at for each draw."""
FEW_CHOICES = 128
KEPT_CHOICES = 4096

Choice = tuple[tuple[float, ...], tuple[tuple[int, ...], ...]]
"""The value of each stepped number; for each mixture the places of the parts that are there."""


@dataclass(frozen=True, eq=False)
class Parts:
    """Fractions of which only some are there: their columns (k,), how many, least when there (k,), and which always are."""

    columns: Sequence[int]
    at_least: int
    at_most: int
    minimum: Sequence[float]
    always: frozenset[int]

    @property
    def counts(self) -> list[tuple[int, int]]:
        """How many choices there are for each number of parts."""
        free, always = len(self.columns) - len(self.always), len(self.always)
        sizes = range(max(self.at_least, always), self.at_most + 1)
        return [(size, comb(free, size - always)) for size in sizes]

    def choices(self) -> Iterator[tuple[int, ...]]:
        """Every set of places that may be there."""
        others = [place for place in range(len(self.columns)) if place not in self.always]
        for size, _ in self.counts:
            for chosen in combinations(others, size - len(self.always)):
                yield tuple(sorted((*self.always, *chosen)))

    def draw(self, rng: np.random.Generator) -> tuple[int, ...]:
        """One of them, each as likely."""
        sizes, counts = zip(*self.counts, strict=True)
        size = rng.choice(sizes, p=np.array(counts, dtype=np.float64) / sum(counts))
        others = [place for place in range(len(self.columns)) if place not in self.always]
        chosen = rng.choice(others, size - len(self.always), replace=False) if others else []
        return tuple(sorted((*self.always, *map(int, chosen))))

    def nearest(self, shares: Array) -> tuple[int, ...]:
        """The places that are there in what comes nearest to fractions (k,)."""
        ranked = sorted(range(len(shares)), key=lambda place: (place not in self.always, -shares[place], place))
        least = max(self.at_least, len(self.always))
        there = [place for place in ranked[least : self.at_most] if shares[place] > max(self.minimum[place] / 2, 1e-9)]
        return tuple(sorted(ranked[:least] + there))


@dataclass(frozen=True, eq=False)
class Block:
    """Limits `lower <= rows @ x <= upper` on some numbers, of which some are stepped and some may be absent.

    Attributes:
        rows: (m, d); lower and upper (m,).
        steps: by column the values that it takes.
        parts: mixtures of which only some parts are there.
    """

    rows: Array
    lower: Array
    upper: Array
    steps: Mapping[int, Sequence[float]]
    parts: Sequence[Parts]

    @property
    def is_plain(self) -> bool:
        """Is it one polytope?"""
        return not self.steps and not self.parts

    @cached_property
    def relaxed(self) -> Polytope:
        """The limits alone."""
        return Polytope(self.rows, self.lower, self.upper)

    @cached_property
    def extent(self) -> tuple[Array, Array]:
        """Lowest and highest of each number, (d,) each; where choices are too many to list, of the limits alone."""
        if self.strata is None:
            return self.relaxed.extent
        corners = np.vstack([stratum.corners.reshape(-1, self.rows.shape[1]) for _, stratum in self.strata])
        return corners.min(axis=0), corners.max(axis=0)

    @cached_property
    def strata(self) -> list[tuple[int, Simplices]] | None:
        """For each degree of freedom how many choices leave it, and all of them as simplices.

        None where choices are too many to list, or a polytope too large to cut.
        """
        if self._count > MOST_CHOICES:
            return None
        pieces = [piece for choice in self._choices() if (piece := self.piece(choice)) is not None]
        found = [piece.simplices for piece in pieces]
        if any(simplices is None for simplices in found):
            return None
        by_freedom: dict[int, list[Simplices]] = {}
        for simplices in found:
            if simplices is not None:
                by_freedom.setdefault(simplices.dimension, []).append(simplices)
        return [(len(group), joined(group)) for _, group in sorted(by_freedom.items())]

    def piece(self, choice: Choice) -> Polytope | None:
        """What a choice leaves open; None if nothing."""
        if choice not in self._pieces:
            if len(self._pieces) >= KEPT_CHOICES:
                self._pieces.clear()
            self._pieces[choice] = self._cut_out(choice)
        return self._pieces[choice]

    def sample(self, count: int, rng: np.random.Generator) -> Array:
        """Numbers, (count, d), spread evenly, as the module says."""
        if self.is_plain:
            return self.relaxed.sample(count, rng)
        if self.strata is None:
            return self._sample_of_few(count, rng)
        choices = np.array([number for number, _ in self.strata], dtype=np.float64)
        kinds = rng.choice(len(choices), size=count, p=choices / choices.sum())
        drawn = np.empty((count, self.rows.shape[1]))
        for kind, (_, simplices) in enumerate(self.strata):
            drawn[kinds == kind] = simplices.sample(int((kinds == kind).sum()), rng)
        return drawn

    def nearest(self, numbers: Array) -> Array:
        """Numbers (n, d) moved to where they are allowed: to the nearest choice, then inside what it leaves open."""
        return np.array([self._nearest(row) for row in numbers]).reshape(numbers.shape)

    def choice_at(self, numbers: Array) -> Choice:
        """The choice that comes nearest to numbers (d,)."""
        values = tuple(
            float(min(steps, key=lambda value, at=column: abs(value - numbers[at])))  # type: ignore[misc]
            for column, steps in self.steps.items()
        )
        return values, tuple(parts.nearest(numbers[list(parts.columns)]) for parts in self.parts)

    def _nearest(self, row: Array) -> Array:
        piece = self.piece(self.choice_at(row))
        if piece is None:  # what looks nearest leaves nothing open
            looks = self.sample(FEW_CHOICES, np.random.default_rng(0))
            row = looks[np.linalg.norm(looks - row, axis=1).argmin()]
            piece = self.piece(self.choice_at(row))
        return row if piece is None else piece.inside(row[None])[0]

    @cached_property
    def _pieces(self) -> dict[Choice, Polytope | None]:
        """What choices leave open, as far as it was asked."""
        return {}

    @property
    def _count(self) -> int:
        values = prod(len(steps) for steps in self.steps.values())
        return values * prod(sum(count for _, count in parts.counts) for parts in self.parts)

    def _choices(self) -> Iterator[Choice]:
        values = list(product(*self.steps.values()))
        for there in product(*(list(parts.choices()) for parts in self.parts)):
            for each in values:
                yield tuple(map(float, each)), there

    def _cut_out(self, choice: Choice) -> Polytope | None:
        values, there = choice
        fixed = dict(zip(self.steps, ((value, value) for value in values), strict=True))
        for parts, places in zip(self.parts, there, strict=True):
            fixed |= {
                column: (parts.minimum[place], np.inf) if place in places else (0.0, 0.0)
                for place, column in enumerate(parts.columns)
            }
        low, high = np.array(list(fixed.values())).T if fixed else np.empty((2, 0))
        rows = np.vstack([self.rows, np.eye(self.rows.shape[1])[list(fixed)]])
        piece = Polytope(rows, np.concatenate([self.lower, low]), np.concatenate([self.upper, high]))
        return None if piece.is_empty else piece

    def _sample_of_few(self, count: int, rng: np.random.Generator) -> Array:
        """Look at some choices only, and draw from those that leave something open."""
        found: list[Polytope] = []
        wanted = min(max(count, 16), FEW_CHOICES)
        for _ in range(20 * wanted):
            values = tuple(float(rng.choice(np.asarray(steps))) for steps in self.steps.values())
            piece = self.piece((values, tuple(parts.draw(rng) for parts in self.parts)))
            found += [] if piece is None else [piece]
            if len(found) == wanted:
                break
        if not found:
            direction = rng.normal(size=(self.rows.shape[1],))
            numbers = farthest([str(column) for column in range(len(direction))], self._limits, direction)
            piece = None if numbers is None else self.piece(self.choice_at(numbers))
            found = [] if piece is None else [piece]
        which = rng.choice(len(found), size=count, p=_shares([piece.simplices for piece in found]))
        drawn = np.empty((count, self.rows.shape[1]))
        for index in set(which.tolist()):
            drawn[which == index] = found[index].sample(int((which == index).sum()), rng)
        return drawn

    @property
    def _limits(self) -> list[Limit]:
        """The same for the mixed-integer programme, which finds a choice where chance does not."""
        sums: list[Limit] = [
            LinearConstraint({str(column): size for column, size in enumerate(row)}, low, high)
            for row, low, high in zip(self.rows, self.lower, self.upper, strict=True)
        ]
        return [
            *sums,
            *(Steps(str(column), values) for column, values in self.steps.items()),
            *(
                Presence("", [*map(str, each.columns)], each.at_least, each.at_most, each.minimum)
                for each in self.parts
            ),
        ]


def _shares(cuts: Sequence[Simplices | None]) -> Array:
    """How likely each polytope is, (n,): as its volume among those of its freedom; equally where that is not known."""
    shares = np.array([1.0 if cut is None else cut.volume for cut in cuts])
    freedoms = np.array([-1 if cut is None else cut.dimension for cut in cuts])
    for freedom in set(freedoms.tolist()):
        is_one = freedoms == freedom
        shares[is_one] *= is_one.mean() / shares[is_one].sum()
    return np.asarray(shares / shares.sum())
