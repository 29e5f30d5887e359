"""The numbers of a space and their limits, split into blocks that know nothing of each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from planning.design.block import Block, Parts
from planning.design.constraint import Limit, LinearConstraint, Presence, Steps
from planning.design.polytope import Array

ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class Figures:
    """Numbers by name, and all that must hold of them; each number is bounded."""

    names: Sequence[str]
    limits: Sequence[Limit]

    @cached_property
    def extent(self) -> tuple[Array, Array]:
        """Lowest and highest of each, (d,) each."""
        low, high = np.empty(len(self.names)), np.empty(len(self.names))
        for columns, scale, block in self._blocks:
            ends = block.extent
            low[columns], high[columns] = (scale * side for side in ends)
        return low, high

    @cached_property
    def scale(self) -> Array:
        """Of what order each number is, (d,)."""
        scale = np.ones(len(self.names))
        for columns, units, _ in self._blocks:
            scale[columns] = units
        return scale

    def sample(self, count: int, rng: np.random.Generator) -> Array:
        """Numbers, (count, d), spread evenly."""
        drawn = np.empty((count, len(self.names)))
        for columns, scale, block in self._blocks:
            drawn[:, columns] = scale * block.sample(count, rng)
        return self._exact(drawn)

    def nearest(self, numbers: Array) -> Array:
        """Numbers (n, d), moved to the steps and parts that may be chosen."""
        moved = numbers.copy()
        for columns, scale, block in self._blocks:
            if not block.is_plain:
                moved[:, columns] = scale * block.nearest(numbers[:, columns] / scale)
        return self._exact(moved)

    def _exact(self, numbers: Array) -> Array:
        """Without what arithmetic leaves: the steps as they were given, and nothing of a part that is not there."""
        numbers[np.abs(numbers) < ROUNDING] = 0.0
        for limit in self.limits:
            if isinstance(limit, Steps):
                column, values = self.names.index(limit.name), np.asarray(limit.values, dtype=np.float64)
                above = np.searchsorted((values[:-1] + values[1:]) / 2, numbers[:, column])
                numbers[:, column] = values[above]
        return numbers

    @cached_property
    def sums(self) -> tuple[Array, Array, Array]:
        """The linear limits: rows (m, d), lower and upper (m,)."""
        linear = _linear(self.limits)
        rows = [[limit.coefficients.get(name, 0.0) for name in self.names] for limit in linear]
        return (
            np.array(rows).reshape(len(linear), len(self.names)),
            np.array([limit.lower for limit in linear]),
            np.array([limit.upper for limit in linear]),
        )

    @cached_property
    def _blocks(self) -> list[tuple[list[int], Array, Block]]:
        """Columns (k,) of each block, what a unit of each is in its own unit (k,), and the block in these units."""
        found = []
        for names in _tied(self.names, self.limits):
            about = [limit for limit in self.limits if _names_of(limit) and set(_names_of(limit)) <= set(names)]
            found.append(([self.names.index(name) for name in names], *_block(names, about)))
        return found


def _linear(limits: Sequence[Limit]) -> list[LinearConstraint]:
    """The sums, and between what ends the steps run."""
    return [
        LinearConstraint({limit.name: 1.0}, float(limit.values[0]), float(limit.values[-1]))
        if isinstance(limit, Steps)
        else limit
        for limit in limits
        if not isinstance(limit, Presence)
    ]


def _names_of(limit: Limit) -> Sequence[str]:
    match limit:
        case LinearConstraint(coefficients):
            return [name for name, size in coefficients.items() if size]
        case Steps(name):
            return [name]
        case Presence(_, parts):
            return parts


def _tied(names: Sequence[str], limits: Sequence[Limit]) -> list[list[str]]:
    """The names in groups that no limit spans, each in order."""
    leader = {name: name for name in names}
    for limit in limits:
        first, *others = _names_of(limit) or [names[0]]
        for other in others:
            leader = {name: leader[first] if old == leader[other] else old for name, old in leader.items()}
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(leader[name], []).append(name)
    return list(groups.values())


def _block(names: Sequence[str], limits: Sequence[Limit]) -> tuple[Array, Block]:
    """The limits in units in which every number is of order one."""
    column = {name: index for index, name in enumerate(names)}
    linear = _linear(limits)
    scale = _scale(column, limits)
    rows = np.array([[limit.coefficients.get(name, 0.0) for name in names] for limit in linear])
    rows = rows.reshape(len(linear), len(names)) * scale
    steps = {
        column[limit.name]: [value / scale[column[limit.name]] for value in limit.values]
        for limit in limits
        if isinstance(limit, Steps)
    }
    always = {
        name for limit in linear for name, size in limit.coefficients.items()
        if len(limit.coefficients) == 1 and size * limit.lower > 0
    }  # fmt: skip
    parts = [
        Parts(
            [column[part] for part in limit.parts],
            limit.at_least,
            limit.at_most,
            limit.minimum,
            frozenset(place for place, part in enumerate(limit.parts) if part in always),
        )
        for limit in limits
        if isinstance(limit, Presence)
    ]
    lower, upper = np.array([row.lower for row in linear]), np.array([row.upper for row in linear])
    return scale, Block(rows, lower, _without_implied(rows, lower, upper), steps, parts)


def _without_implied(rows: Array, lower: Array, upper: Array) -> Array:
    """Upper limits, (m,), open where a sum implies them: what is never negative and sums to 1 is never above 1."""
    is_bound = (np.count_nonzero(rows, axis=1) == 1) & (rows.max(axis=1, initial=0.0) == 1.0)
    never_negative = set(rows[is_bound & (lower >= 0)].argmax(axis=1).tolist())
    opened = upper.copy()
    for row, low, high in zip(rows, lower, upper, strict=True):
        members = np.flatnonzero(row)
        if low == high and len(members) > 1 and (row[members] > 0).all() and set(members.tolist()) <= never_negative:
            for bound in np.flatnonzero(is_bound & (upper > lower)):
                column = int(rows[bound].argmax())
                if row[column] > 0 and high / row[column] <= upper[bound]:
                    opened[bound] = np.inf
    return opened


def _scale(column: Mapping[str, int], limits: Sequence[Limit]) -> Array:
    """Of what order each number is, (k,); what is summed up to a given value, as fractions are, keeps its unit."""
    scale = np.ones(len(column))
    summed = {name for limit in limits if isinstance(limit, LinearConstraint) and limit.lower == limit.upper
              and len(limit.coefficients) > 1 for name in limit.coefficients}  # fmt: skip
    for limit in reversed(limits):
        match limit:
            case LinearConstraint(coefficients, lower, upper) if len(coefficients) == 1:
                ends: Sequence[float] = [lower, upper]
            case Steps(_, ends):
                pass
            case _:
                continue
        (name,) = _names_of(limit)
        if name not in summed:
            scale[column[name]] = max((abs(end) for end in ends if np.isfinite(end) and end), default=1.0)
    return scale
