"""Straight moves from rest to rest: speed up, cruise, slow down."""

from math import sqrt


def seconds_along(distance_mm: float, speed_mm_per_s: float, acceleration_mm_per_s2: float) -> float:
    """How long it takes; a short way never sees full speed.

    >>> seconds_along(100.0, 50.0, 50.0), seconds_along(0.5, 50.0, 50.0)
    (3.0, 0.2)
    """
    if distance_mm < speed_mm_per_s**2 / acceleration_mm_per_s2:
        return 2 * sqrt(distance_mm / acceleration_mm_per_s2)
    return distance_mm / speed_mm_per_s + speed_mm_per_s / acceleration_mm_per_s2
