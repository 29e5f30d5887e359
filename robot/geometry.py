"""Places on the bench."""

from dataclasses import dataclass
from math import dist


@dataclass(frozen=True)
class BenchPoint:
    """A point in the bench's frame: x forward, y to the left, z up, from the foot of the arm."""

    x_mm: float
    y_mm: float
    z_mm: float

    def above(self, by_mm: float) -> "BenchPoint":
        """The point `by_mm` higher."""
        return BenchPoint(self.x_mm, self.y_mm, self.z_mm + by_mm)

    def at_height(self, z_mm: float) -> "BenchPoint":
        """The point straight above or below, at height `z_mm`."""
        return BenchPoint(self.x_mm, self.y_mm, z_mm)

    def distance_mm(self, other: "BenchPoint") -> float:
        """Length of the straight line to `other`."""
        return dist((self.x_mm, self.y_mm, self.z_mm), (other.x_mm, other.y_mm, other.z_mm))
