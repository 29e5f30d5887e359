"""How Universal Robots arms bend: a Denavit-Hartenberg chain, and the way back in closed form.

Sources: UR "DH parameters for calculations of kinematics and dynamics"; K. Hawkins, "Analytic inverse kinematics for the
Universal Robots UR-5/UR-10 arms" (2013), of whose eight ways to bend two are taken: shoulder left, elbow up, the wrist
turned out or, where the arm would be too short for that, turned in.
"""

from contextlib import suppress
from math import acos, asin, atan2, cos, hypot, pi, sin

import numpy as np
from numpy.typing import NDArray

from robot.geometry import BenchPoint

Vector = NDArray[np.float64]
Pose = tuple[float, float, float, float, float, float]
"""Place in m and rotation vector in rad."""

WRIST_TURNS = (1, -1)  # out, in
TWISTS_RAD = (pi / 2, 0.0, 0.0, pi / 2, -pi / 2, 0.0)
LENGTHS_M: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {  # along each axis, and between axes
    "ur3e": ((0.15185, 0.0, 0.0, 0.13105, 0.08535, 0.0921), (0.0, -0.24355, -0.2132, 0.0, 0.0, 0.0)),
    "ur5e": ((0.1625, 0.0, 0.0, 0.1333, 0.0997, 0.0996), (0.0, -0.425, -0.3922, 0.0, 0.0, 0.0)),
    "ur10e": ((0.1807, 0.0, 0.0, 0.17415, 0.11985, 0.11655), (0.0, -0.6127, -0.57155, 0.0, 0.0, 0.0)),
}


def point_of(pose: Pose) -> BenchPoint:
    """The place of a pose on the bench."""
    return BenchPoint(pose[0] * 1000, pose[1] * 1000, pose[2] * 1000)


def pose_of(size: str, joints_rad: Vector) -> Pose:
    """Where the flange is: (6,) joint angles to place and rotation vector."""
    frame = _flange(size, joints_rad)
    x_m, y_m, z_m = frame[:3, 3]
    return float(x_m), float(y_m), float(z_m), *_rotation_vector(frame[:3, :3])


def joints_of(size: str, pose: Pose) -> Vector | None:
    """(6,) joint angles that bring the flange to a pose; None if there is no way.

    >>> tool_down = (0.3, 0.1, 0.2, 0.0, 3.14159265, 0.0)
    >>> [round(value, 6) for value in pose_of("ur5e", joints_of("ur5e", tool_down))[:3]]
    [0.3, 0.1, 0.2]
    """
    goal = np.eye(4)
    goal[:3, :3], goal[:3, 3] = _rotation(np.array(pose[3:])), pose[:3]
    for wrist_turn in WRIST_TURNS:
        with suppress(ValueError, ZeroDivisionError):  # an angle whose sine or cosine would have to be more than 1
            return _closed_form(size, goal, wrist_turn)
    return None


def _closed_form(size: str, goal: Vector, wrist_turn: int) -> Vector:
    (_, _, _, d4, _, d6), (_, a2, a3, _, _, _) = LENGTHS_M[size]
    x_m, y_m = (goal[:3, 3] - d6 * goal[:3, 2])[:2]  # of the last wrist
    base = atan2(y_m, x_m) + acos(d4 / hypot(x_m, y_m)) + pi / 2
    s1, c1 = sin(base), cos(base)
    wrist2 = wrist_turn * acos((goal[0, 3] * s1 - goal[1, 3] * c1 - d4) / d6)
    across = (goal[1, 1] * c1 - goal[0, 1] * s1, goal[0, 0] * s1 - goal[1, 0] * c1)
    wrist3 = atan2(across[0] / sin(wrist2), across[1] / sin(wrist2))
    after = _link(size, 4, wrist2) @ _link(size, 5, wrist3)
    middle = np.linalg.inv(_link(size, 0, base)) @ goal @ np.linalg.inv(after)
    span_m = hypot(middle[0, 3], middle[1, 3])
    elbow = acos((span_m**2 - a2**2 - a3**2) / (2 * a2 * a3))
    shoulder = atan2(-middle[1, 3], -middle[0, 3]) - asin(-a3 * sin(elbow) / span_m)
    last = np.linalg.inv(_link(size, 1, shoulder) @ _link(size, 2, elbow)) @ middle
    wrist1 = atan2(last[1, 0], last[0, 0])
    joints = np.array([base, shoulder, elbow, wrist1, wrist2, wrist3])
    return np.asarray((joints + pi) % (2 * pi) - pi)


def _link(size: str, number: int, angle_rad: float) -> Vector:
    """From one joint's frame to the next."""
    along_m, between_m = (lengths[number] for lengths in LENGTHS_M[size])
    c, s, ct, st = cos(angle_rad), sin(angle_rad), cos(TWISTS_RAD[number]), sin(TWISTS_RAD[number])
    rows = [
        [c, -s * ct, s * st, between_m * c],
        [s, c * ct, -c * st, between_m * s],
        [0, st, ct, along_m],
        [0, 0, 0, 1],
    ]
    return np.array(rows)


def _flange(size: str, joints_rad: Vector) -> Vector:
    frame = np.eye(4)
    for number, angle_rad in enumerate(joints_rad):
        frame = frame @ _link(size, number, float(angle_rad))
    return frame


def _rotation(vector: Vector) -> Vector:
    """Rodrigues' formula: (3,) rotation vector to (3, 3) matrix."""
    angle = float(np.linalg.norm(vector))
    if angle == 0.0:
        return np.eye(3)
    x, y, z = vector / angle
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + sin(angle) * cross + (1 - cos(angle)) * cross @ cross)


def _rotation_vector(matrix: Vector) -> tuple[float, float, float]:
    """The inverse of `_rotation`; half a turn has two axes, of which it takes one."""
    axis = np.array([matrix[2, 1] - matrix[1, 2], matrix[0, 2] - matrix[2, 0], matrix[1, 0] - matrix[0, 1]])
    length, trace = float(np.linalg.norm(axis)), float(np.trace(matrix))
    angle = atan2(length, trace - 1)
    if length > 1e-9:
        axis = axis / length
    elif trace < 0:  # half a turn
        column = int(np.argmax(np.diag(matrix)))
        axis = (matrix[:, column] + np.eye(3)[:, column]) / hypot(*(matrix[:, column] + np.eye(3)[:, column]))
    x, y, z = axis * angle
    return float(x), float(y), float(z)
