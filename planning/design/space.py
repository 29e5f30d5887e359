"""What may be proposed: parameters with bounds, mixtures, fixed values and linear constraints, or a pool of points.

A point names every parameter, the parts of a mixture as `blend.p3ht`. Inside, points are rows of numbers from 0 to 1
over the parameters that can vary.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from planning.design.polytope import Array, Empty, Polytope

Point = dict[str, float]
TOLERANCE = 1e-5
"""By how much a point may break a limit: records round the parts of a mixture to six digits."""

SETTLED = 1e-7
"""A parameter that can vary by less has one value; about what the linear programme resolves."""


@dataclass(frozen=True)
class LinearConstraint:
    """`lower <= sum of coefficient times parameter <= upper`, over the flat names of a point."""

    coefficients: Mapping[str, float]
    lower: float = -np.inf
    upper: float = np.inf

    def value(self, point: Mapping[str, float]) -> float:
        """The sum in the middle."""
        return sum(coefficient * point[name] for name, coefficient in self.coefficients.items())

    def is_sound(self, may_be_open: bool) -> bool:
        """Are all numbers finite, but for the one of two limits that may be left open?"""
        finite = np.isfinite([self.lower, self.upper, *self.coefficients.values()])
        return bool(finite[2:].all() and (finite[:2].any() if may_be_open else finite[:2].all()))

    def __str__(self) -> str:
        """As a chemist would write it.

        >>> print(LinearConstraint({"blend.p3ht": 1.0, "blend.dwnt": -2.0}, lower=0.15))
        blend.p3ht - 2 blend.dwnt >= 0.15
        """
        terms = [
            f"{'-' if size < 0 else '+'} {'' if abs(size) == 1 else f'{abs(size):g} '}{name}"
            for name, size in self.coefficients.items()
        ]
        middle = " ".join(terms).removeprefix("+ ")
        if self.lower == self.upper:
            return f"{middle} = {self.lower:g}"
        if np.isinf(self.upper):
            return f"{middle} >= {self.lower:g}"
        if np.isinf(self.lower):
            return f"{middle} <= {self.upper:g}"
        return f"{self.lower:g} <= {middle} <= {self.upper:g}"


@dataclass(frozen=True)
class Mixture:
    """Fractions of `parts` that sum to one; a part without a minimum or maximum runs from 0 to 1."""

    parts: Sequence[str]
    minimum: Mapping[str, float] = field(default_factory=dict)
    maximum: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Space:
    """What may be proposed.

    Args:
        ranges: low and high of each plain parameter.
        mixtures: by name.
        fixed: parameters, of the above or others, that have one value.
        constraints: what else must hold.
        pool: if given, only these points may be proposed. They need not name what is fixed; those that break a
            limit are left out.

    Raises:
        ValueError: nothing may be proposed; says what conflicts.
    """

    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    mixtures: Mapping[str, Mixture] = field(default_factory=dict)
    fixed: Mapping[str, float] = field(default_factory=dict)
    constraints: Sequence[LinearConstraint] = ()
    pool: Sequence[Mapping[str, float]] | None = None

    def __post_init__(self) -> None:
        unknown = {name for row in self.constraints for name in row.coefficients} - set(self.names)
        if unknown:
            raise ValueError(f"{_join(sorted(unknown))} is not a parameter; there are {_join(self.names)}")
        if not self.names:
            raise ValueError("a design space needs a parameter")
        for index, limit in enumerate(self.limits):
            if not limit.is_sound(may_be_open=index >= len(self.limits) - len(self.constraints)):
                raise ValueError(f"{limit} is no limit that a point can keep")
        if not self._has_points(self.limits):
            raise ValueError(f"no point satisfies all of: {'; '.join(map(str, self._conflict()))}")
        if self.pool is not None and not self.candidates:
            raise ValueError(f"none of the {len(self.pool)} points of the pool satisfies: "
                             f"{'; '.join(map(str, self.limits))}")  # fmt: skip

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every parameter of a point, in the order of `encode`'s columns before the settled ones are dropped."""
        parts = [f"{name}.{part}" for name, mixture in self.mixtures.items() for part in mixture.parts]
        return tuple(dict.fromkeys((*self.ranges, *parts, *self.fixed)))

    @cached_property
    def limits(self) -> tuple[LinearConstraint, ...]:
        """Everything that must hold, bounds and sums included."""
        limits = [LinearConstraint({name: 1.0}, low, high) for name, (low, high) in self.ranges.items()]
        for name, mixture in self.mixtures.items():
            limits += [
                LinearConstraint(
                    {f"{name}.{part}": 1.0}, mixture.minimum.get(part, 0.0), mixture.maximum.get(part, 1.0)
                )
                for part in mixture.parts
            ]
            limits.append(LinearConstraint({f"{name}.{part}": 1.0 for part in mixture.parts}, 1.0, 1.0))
        limits += [LinearConstraint({name: 1.0}, value, value) for name, value in self.fixed.items()]
        return (*limits, *self.constraints)

    @cached_property
    def candidates(self) -> list[Point]:
        """The points of the pool that may be proposed, each once; empty without a pool."""
        whole = [{name: float({**point, **self.fixed}[name]) for name in self.names} for point in self.pool or ()]
        return [dict(items) for items in dict.fromkeys(tuple(point.items()) for point in whole if self.contains(point))]

    @cached_property
    def free(self) -> tuple[str, ...]:
        """The parameters that can vary."""
        low, high = self._extent
        return tuple(name for name, can_vary in zip(self.names, high - low > SETTLED, strict=True) if can_vary)

    @cached_property
    def dimension(self) -> int:
        """How many numbers choose a point: a mixture of five parts has four."""
        if self.pool is not None:
            rows = self.encode(self.candidates)
            return int(np.linalg.matrix_rank(rows - rows.mean(axis=0), tol=TOLERANCE))
        return int(self.polytope.directions.shape[1])

    @cached_property
    def polytope(self) -> Polytope:
        """The space over `free`, each scaled to run from 0 to 1."""
        whole = self._matrix(self.limits)
        low, high = self._extent
        is_free = np.isin(self.names, self.free)
        settled = whole.rows[:, ~is_free] @ low[~is_free]
        offset = whole.rows[:, is_free] @ low[is_free] + settled
        rows = whole.rows[:, is_free] * (high - low)[is_free]
        return Polytope(rows, whole.lower - offset, whole.upper - offset)

    def contains(self, point: Mapping[str, float]) -> bool:
        """Does the point name every parameter and break no limit by more than `TOLERANCE`?"""
        if set(point) != set(self.names):
            return False
        return all(limit.lower - TOLERANCE <= limit.value(point) <= limit.upper + TOLERANCE for limit in self.limits)

    def sample(self, count: int, rng: np.random.Generator) -> list[Point]:
        """Points drawn evenly; from a pool each candidate once before any comes twice."""
        if self.pool is not None:
            rounds = -(-count // len(self.candidates))
            order = np.concatenate([rng.permutation(len(self.candidates)) for _ in range(rounds)])
            return [dict(self.candidates[index]) for index in order[:count]]
        return self.decode(self.polytope.sample(count, rng))

    def encode(self, points: Sequence[Mapping[str, float]]) -> Array:
        """Points as rows, (n, len(free)), 0 to 1."""
        low, high = self._free_extent
        values = np.array([[point[name] for name in self.free] for point in points]).reshape(len(points), len(low))
        return np.asarray((values - low) / (high - low))

    def decode(self, rows: NDArray[np.float64]) -> list[Point]:
        """Rows of `encode` as points, the settled parameters added; from a pool the nearest candidates."""
        if self.pool is not None:
            gaps = np.linalg.norm(rows[:, None, :] - self.encode(self.candidates)[None], axis=2)
            return [dict(self.candidates[index]) for index in gaps.argmin(axis=1)]
        low, high = self._free_extent
        whole = np.tile(self._extent[0], (len(rows), 1))
        whole[:, np.isin(self.names, self.free)] = np.clip(low + rows * (high - low), low, high)
        whole += 0.0  # no -0.0, which people read as an error
        return [dict(zip(self.names, row.tolist(), strict=True)) for row in whole]

    @cached_property
    def _extent(self) -> tuple[Array, Array]:
        """Lowest and highest value of each parameter, (len(names),) each."""
        if self.pool is not None:
            rows = np.array([list(point.values()) for point in self.candidates])
        else:
            rows = self._matrix(self.limits).corners
        return rows.min(axis=0), rows.max(axis=0)

    @cached_property
    def _free_extent(self) -> tuple[Array, Array]:
        low, high = self._extent
        is_free = np.isin(self.names, self.free)
        return low[is_free], high[is_free]

    def _matrix(self, limits: Sequence[LinearConstraint]) -> Polytope:
        rows = np.array([[limit.coefficients.get(name, 0.0) for name in self.names] for limit in limits])
        return Polytope(rows, np.array([row.lower for row in limits]), np.array([row.upper for row in limits]))

    def _has_points(self, limits: Sequence[LinearConstraint]) -> bool:
        try:
            self._matrix(limits).farthest(np.zeros(len(self.names)))
        except Empty:
            return False
        return True

    def _conflict(self) -> list[LinearConstraint]:
        """A smallest set of limits that nothing satisfies: any one of them dropped, the others agree."""
        needed = list(self.limits)
        for limit in self.limits:
            others = [other for other in needed if other is not limit]
            if others and not self._has_points(others):
                needed = others
        return needed


def _join(names: Sequence[str]) -> str:
    return ", ".join(names)
