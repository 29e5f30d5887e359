"""Three straight axes at right angles, as gantries have: what a machine calls a place, how far it goes, how fast."""

from dataclasses import dataclass

from robot.geometry import BenchPoint
from robot.limits import require
from robot.motion.trapezoid import seconds_along

Triple = tuple[float, float, float]


@dataclass(frozen=True)
class Axes:
    """They go from their home down by `travel_mm`; there the machine itself counts `counts_at_home_mm`.

    >>> axes = Axes((300.0, 200.0, 100.0), (300.0, 200.0, 100.0), 100.0, 200.0, counts_at_home_mm=(0.0, 0.0, 0.0))
    >>> axes.on_machine(BenchPoint(200.0, 200.0, 90.0))
    BenchPoint(x_mm=-100.0, y_mm=0.0, z_mm=-10.0)
    """

    home_mm: Triple
    """Where the tool stands on the bench when it is home."""
    travel_mm: Triple
    speed_mm_per_s: float
    acceleration_mm_per_s2: float
    counts_at_home_mm: Triple

    def on_machine(self, point: BenchPoint) -> BenchPoint:
        """What the machine calls a point of the bench."""
        return _shifted(_shifted(point, self.home_mm, -1), self.counts_at_home_mm, 1)

    def on_bench(self, place: BenchPoint) -> BenchPoint:
        """Where on the bench a place of the machine is."""
        return _shifted(_shifted(place, self.counts_at_home_mm, -1), self.home_mm, 1)

    def seconds_for(self, start: BenchPoint, to: BenchPoint) -> float:
        """How long a straight move takes; along a diagonal each axis lends its acceleration."""
        distance_mm = start.distance_mm(to)
        if distance_mm == 0:
            return 0.0
        steepest = max(abs(part) for part in _parts(_shifted(to, _parts(start), -1))) / distance_mm
        return seconds_along(distance_mm, self.speed_mm_per_s, self.acceleration_mm_per_s2 / steepest)

    def check_reach(self, device: str, to: BenchPoint) -> None:
        """Raise LimitExceeded if the tool cannot get to `to`: a box that ends at home."""
        for axis, value, high, travel in zip(
            ("x_mm", "y_mm", "z_mm"), _parts(to), self.home_mm, self.travel_mm, strict=True
        ):
            require(device, axis, value, high - travel, high)


def _parts(point: BenchPoint) -> Triple:
    return point.x_mm, point.y_mm, point.z_mm


def _shifted(point: BenchPoint, by_mm: Triple, sign: int) -> BenchPoint:
    x_mm, y_mm, z_mm = (a + sign * b for a, b in zip(_parts(point), by_mm, strict=True))
    return BenchPoint(x_mm, y_mm, z_mm)
