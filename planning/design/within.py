"""What a bench allows just now: narrower than the space, and of the points of one batch alike in some parameters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from planning.design.condition import Conditions
from planning.design.polytope import Array
from planning.design.space import TOLERANCE, LinearConstraint, Point, Space

LOOKS = 1024


@dataclass(frozen=True)
class Within:
    """Limits of the moment.

    Attributes:
        shared: parameters, or whole mixtures, in which all points of a batch are alike: they share a furnace programme.
        limits: sums that must keep limits: of what is left in store.
        conditions: formulas that must hold: what is made in the time that is left.
    """

    shared: Sequence[str] = ()
    limits: Sequence[LinearConstraint] = ()
    conditions: Sequence[str] = ()

    def rows(self, space: Space, batch: Sequence[Point], rng: np.random.Generator) -> Array | None:
        """Rows, (k, d), that may join a batch: of the pool, or drawn evenly; none if nothing may, None if all may.

        Args:
            batch: the points that were chosen for it already.
        """
        fixed = {name: batch[0][name] for name in self._flat(space)} if batch else {}
        if not (fixed or self._may_bind(space)):
            return None
        try:
            narrowed = replace(
                space,
                fixed={**space.fixed, **fixed},
                constraints=[*space.constraints, *self.limits],
                conditions=[*space.conditions, *self.conditions],
            )
            points = narrowed.candidates if space.pool is not None else narrowed.sample(LOOKS, rng)
        except ValueError:  # no point is left
            return np.empty((0, len(space.free)))
        return np.unique(space.encode(points), axis=0)

    def _may_bind(self, space: Space) -> bool:
        """Does any of many points, those at the ends of the space among them, break a limit or condition?"""
        if not (self.limits or self.conditions):
            return False
        points = [*space.sample(LOOKS, np.random.default_rng(0)), *space.decode(space.polytope.corners)]
        conditions = Conditions(
            self.conditions, space.numeric, {n: each.choices for n, each in space.categories.items()}
        )
        kept = all(limit.allows(point, TOLERANCE) for limit in self.limits for point in points)
        return not (kept and all(conditions.hold(point) for point in points))

    def _flat(self, space: Space) -> list[str]:
        parts = {name: [f"{name}.{part}" for part in mixture.parts] for name, mixture in space.mixtures.items()}
        return [flat for name in self.shared for flat in parts.get(name, [name]) if flat in space.names]


ANYWHERE = Within()
