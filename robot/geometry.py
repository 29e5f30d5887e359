"""Places on the bench."""

from dataclasses import dataclass
from math import dist


@dataclass(frozen=True)
class BenchPoint:
    """A point in the bench's frame: x forward, y to the left, z up, from the foot of the arm.

    Where several arms stand, from one point that all agree on; each says where its foot is.
    """

    x_mm: float
    y_mm: float
    z_mm: float

    def above(self, by_mm: float) -> "BenchPoint":
        """The point `by_mm` higher."""
        return BenchPoint(self.x_mm, self.y_mm, self.z_mm + by_mm)

    def at_height(self, z_mm: float) -> "BenchPoint":
        """The point straight above or below, at height `z_mm`."""
        return BenchPoint(self.x_mm, self.y_mm, z_mm)

    def plus(self, by_mm: tuple[float, float, float]) -> "BenchPoint":
        """The point so much further along x, y and z.

        >>> BenchPoint(1.0, 2.0, 3.0).plus((10.0, 0.0, 0.0))
        BenchPoint(x_mm=11.0, y_mm=2.0, z_mm=3.0)
        """
        return BenchPoint(self.x_mm + by_mm[0], self.y_mm + by_mm[1], self.z_mm + by_mm[2])

    def minus(self, by_mm: tuple[float, float, float]) -> "BenchPoint":
        """The point so much less far along x, y and z: `plus` undone."""
        return BenchPoint(self.x_mm - by_mm[0], self.y_mm - by_mm[1], self.z_mm - by_mm[2])

    def distance_mm(self, other: "BenchPoint") -> float:
        """Length of the straight line to `other`."""
        return dist((self.x_mm, self.y_mm, self.z_mm), (other.x_mm, other.y_mm, other.z_mm))
