"""A space as rows of numbers: what a search for the best row may know of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from planning.design.polytope import Array, Polytope

Draw = Callable[[int, np.random.Generator], Array]
Move = Callable[[Array], Array]


@dataclass(frozen=True, eq=False)
class Region(Polytope):
    """Linear limits, as of a polytope, around rows that may have to keep more than those: steps, words, parts.

    Walls, equations and directions are the limits'; samples, corners and what lies `inside` are points of the space.

    Attributes:
        draw: gives rows of the space, spread evenly.
        move: brings rows within the limits to the nearest points of the space; None if they are points already.
    """

    draw: Draw
    move: Move | None = None

    @cached_property
    def limits(self) -> Polytope:
        """The linear limits alone."""
        return Polytope(self.rows, self.lower, self.upper)

    @cached_property
    def corners(self) -> Array:
        """For each row points where it is largest and smallest, (2m, d), or nearly so."""
        return self.limits.corners if self.move is None else self.move(self.limits.corners)

    @cached_property
    def centre(self) -> Array:
        """A row, (d,), off every wall that is not an equation."""
        return self.limits.centre

    @cached_property
    def equations(self) -> tuple[Array, Array]:
        """Orthonormal rows (k, d) and values (k,) that every point fulfils."""
        return self.limits.equations

    @cached_property
    def walls(self) -> tuple[Array, Array]:
        """Rows (k, d) and limits (k,) of `rows @ x >= limits`: what the equations do not already settle."""
        return self.limits.walls

    def sample(self, count: int, rng: np.random.Generator) -> Array:
        """Points, (count, d), spread evenly."""
        return self.draw(count, rng)

    def inside(self, points: Array) -> Array:
        """The points (n, d) themselves where they are inside, else moved there."""
        within = self.limits.inside(points)
        return within if self.move is None else self.move(within)
