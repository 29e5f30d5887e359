"""Points that keep conditions. Those are no sums: they can only be tried."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from planning.design.condition import Conditions
from planning.design.polytope import Array

if TYPE_CHECKING:
    from planning.design.space import Point

TRIES = 200
"""How often, at most, as many points are drawn again to find those that keep the conditions."""

ANCHORS = 256
HALVINGS = 20


@dataclass(frozen=True, eq=False)
class Kept:
    """A space of which only those points count that keep conditions.

    Attributes:
        draw: points that keep all else, spread evenly.
        step: the nearest points that keep all else to rows (n, d).
        encode: points as rows, (n, d).
    """

    conditions: Conditions
    draw: "Callable[[int, np.random.Generator], list[Point]]"
    step: "Callable[[Array], list[Point]]"
    encode: Callable[[Sequence[Mapping[str, Any]]], Array]

    def holds(self, point: Mapping[str, Any]) -> bool:
        """Does a point keep them?"""
        return not self.conditions.texts or self.conditions.hold(point)

    def sample(self, count: int, rng: np.random.Generator) -> "list[Point]":
        """Points spread evenly.

        Raises:
            ValueError: hardly any point keeps the conditions.
        """
        found: list[Point] = []
        for _ in range(TRIES):
            found += filter(self.holds, self.draw(max(count - len(found), 1), rng))
            if len(found) >= count:
                return found[:count]
        raise ValueError(f"hardly any point satisfies: {'; '.join(self.conditions.texts)}. Widen the conditions")

    def nearest(self, rows: Array) -> "list[Point]":
        """For each of (n, d) rows the nearest point, or one on the way to it from where the conditions are kept."""
        points = self.step(rows)
        return [point if self.holds(point) else self._toward(row) for point, row in zip(points, rows, strict=True)]

    def _toward(self, row: Array) -> "Point":
        """The last point that keeps the conditions on the way from the nearest that is known to do so."""
        anchor = self._anchors[np.linalg.norm(self._anchors - row, axis=1).argmin()]
        near, far = 0.0, 1.0
        for _ in range(HALVINGS):
            middle = (near + far) / 2
            (point,) = self.step((anchor + middle * (row - anchor))[None])
            near, far = (middle, far) if self.holds(point) else (near, middle)
        return self.step((anchor + near * (row - anchor))[None])[0]

    @cached_property
    def _anchors(self) -> Array:
        return self.encode(self.sample(ANCHORS, np.random.default_rng(0)))
