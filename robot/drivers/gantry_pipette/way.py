"""Where a nozzle may go and how: sideways at travel height or above, and nowhere else. Pure."""

from collections.abc import Mapping
from math import hypot

from robot.deck import WellPlace
from robot.device_settings import GantryPipetteSettings
from robot.geometry import BenchPoint

SAME_MM = 0.05  # two places that a gantry's figures cannot tell apart
NEAR_MM = 0.5  # off the middle of a well and still in it


def between(start: BenchPoint, to: BenchPoint, travel_mm: float) -> list[BenchPoint]:
    """Up, across, down; straight up or down if it is the same place.

    >>> between(BenchPoint(0.0, 0.0, 5.0), BenchPoint(9.0, 0.0, 7.0), 100.0)[:2]
    [BenchPoint(x_mm=0.0, y_mm=0.0, z_mm=100.0), BenchPoint(x_mm=9.0, y_mm=0.0, z_mm=100.0)]
    """
    if _apart_mm(start, to) <= SAME_MM:
        return [to]
    height_mm = max(start.z_mm, to.z_mm, travel_mm)
    stops = [start.at_height(height_mm), to.at_height(height_mm), to]
    return [stop for before, stop in zip([start, *stops], stops, strict=False) if stop != before]


def well_at(
    nozzle: BenchPoint, places: Mapping[int, WellPlace], settings: GantryPipetteSettings
) -> tuple[int, float | None]:
    """Find the well that a tip's end is in or just over, and its height over the floor; 0 and None elsewhere."""
    for port, place in places.items():
        height_mm = nozzle.z_mm - settings.tips.length_mm - place.floor.z_mm
        if _apart_mm(nozzle, place.floor) <= NEAR_MM and height_mm <= place.well.hover_mm + SAME_MM:
            return port, height_mm
    return 0, None


def _apart_mm(one: BenchPoint, other: BenchPoint) -> float:
    return hypot(one.x_mm - other.x_mm, one.y_mm - other.y_mm)
