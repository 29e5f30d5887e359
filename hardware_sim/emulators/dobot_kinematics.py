"""How a Dobot Magician bends: joint angles for a pose, and which poses it refuses."""

from math import acos, atan2, degrees, hypot, isfinite

from robot.geometry import BenchPoint

REACH_MM = (115.0, 320.0)  # from the foot's axis; the inner one is assumed
TURN_DEG = 90.0
UPPER_ARM_MM, FOREARM_MM, WRIST_MM = 135.0, 147.0, 59.7

INVERSE_ERROR, LIMIT_IN_PLAN = 0x11, 0x12  # alarms


def alarm_of(to: BenchPoint) -> int | None:
    """Which alarm planning a move to a point raises; None if the arm can get there."""
    if not all(map(isfinite, (to.x_mm, to.y_mm, to.z_mm))):
        return INVERSE_ERROR
    nearest_mm, farthest_mm = REACH_MM
    is_within = nearest_mm <= hypot(to.x_mm, to.y_mm) <= farthest_mm and abs(_base_deg(to)) <= TURN_DEG
    return None if is_within else LIMIT_IN_PLAN


def _base_deg(point: BenchPoint) -> float:
    return degrees(atan2(point.y_mm, point.x_mm))


def joints_deg(point: BenchPoint, turn_deg: float) -> tuple[float, float, float, float]:
    """Base, upper arm from the vertical, forearm from the horizontal, tool: two links, the tool always upright."""
    out_mm = hypot(point.x_mm, point.y_mm) - WRIST_MM
    span_mm = min(max(hypot(out_mm, point.z_mm), 1.0), UPPER_ARM_MM + FOREARM_MM)
    rise_deg = degrees(atan2(point.z_mm, out_mm))
    shoulder_deg = _triangle_deg(UPPER_ARM_MM, span_mm, FOREARM_MM)
    wrist_deg = _triangle_deg(FOREARM_MM, span_mm, UPPER_ARM_MM)
    return _base_deg(point), 90 - rise_deg - shoulder_deg, wrist_deg - rise_deg, turn_deg - _base_deg(point)


def _triangle_deg(side: float, other: float, opposite: float) -> float:
    """The angle between two sides of a triangle, by the law of cosines."""
    cosine = (side**2 + other**2 - opposite**2) / (2 * side * other)
    return degrees(acos(min(max(cosine, -1.0), 1.0)))
