"""How a PreciseFlex 400 bends: a column, two level links, a wrist."""

from dataclasses import dataclass
from math import acos, atan2, cos, degrees, hypot, radians, sin

UPPER_MM, LOWER_MM, HAND_MM = 225.0, 210.0, 141.0  # they add up to the reach of 576 mm; how they share it is assumed
ELBOW_DEG = 10.0  # it never folds further than this (assumed)


@dataclass(frozen=True)
class Pose:
    """Where the fingers are and where they point, in the frame of the column's foot."""

    x_mm: float
    y_mm: float
    z_mm: float
    yaw_deg: float

    @property
    def wrist_mm(self) -> tuple[float, float]:
        """The wrist's axis, seen from above."""
        yaw = radians(self.yaw_deg)
        return self.x_mm - HAND_MM * cos(yaw), self.y_mm - HAND_MM * sin(yaw)


def can_reach(pose: Pose, column_mm: float) -> bool:
    """Is there a way to bend there?"""
    span_mm = hypot(*pose.wrist_mm)
    least_mm = (UPPER_MM**2 + LOWER_MM**2 - 2 * UPPER_MM * LOWER_MM * cos(radians(ELBOW_DEG))) ** 0.5
    return least_mm <= span_mm <= UPPER_MM + LOWER_MM and 0.0 <= pose.z_mm <= column_mm


def joints(pose: Pose) -> tuple[float, float, float, float]:
    """Column in mm; shoulder, elbow and wrist in degrees."""
    x_mm, y_mm = pose.wrist_mm
    span_mm = hypot(x_mm, y_mm) or 1.0
    elbow = acos(_bounded((span_mm**2 - UPPER_MM**2 - LOWER_MM**2) / (2 * UPPER_MM * LOWER_MM)))
    inner = acos(_bounded((span_mm**2 + UPPER_MM**2 - LOWER_MM**2) / (2 * UPPER_MM * span_mm)))
    shoulder_deg = degrees(atan2(y_mm, x_mm) - inner)
    return pose.z_mm, shoulder_deg, degrees(elbow), pose.yaw_deg - shoulder_deg - degrees(elbow)


def pose_of(column_mm: float, shoulder_deg: float, elbow_deg: float, wrist_deg: float) -> Pose:
    """The inverse of `joints`.

    >>> [round(value, 6) for value in joints(pose_of(100.0, -40.0, 80.0, 10.0))]
    [100.0, -40.0, 80.0, 10.0]
    """
    upper, lower = radians(shoulder_deg), radians(shoulder_deg + elbow_deg)
    yaw_deg = shoulder_deg + elbow_deg + wrist_deg
    yaw = radians(yaw_deg)
    x_mm = UPPER_MM * cos(upper) + LOWER_MM * cos(lower) + HAND_MM * cos(yaw)
    y_mm = UPPER_MM * sin(upper) + LOWER_MM * sin(lower) + HAND_MM * sin(yaw)
    return Pose(x_mm, y_mm, column_mm, yaw_deg)


def _bounded(cosine: float) -> float:
    return min(max(cosine, -1.0), 1.0)
