"""How a camera maps the bench to its pictures: fitted to pictures of a board, kept on file, for a while."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, Self

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from robot.geometry import BenchPoint
from vision.calibration.board import Board, Corners, Points, landmarks_in
from vision.errors import DataUnreadable, NothingSeen

LEAST_PICTURES = 5
MOST_ERROR_PX = 1.5
MOVED_PX = 3.0
"""Landmarks that lie farther from where they were: the camera was moved. A warm camera creeps by about a pixel (assumed)."""
Row = tuple[float, float, float]
State = Literal["ok", "expired", "moved"]


class Pose(BaseModel):
    """Where the bench is in the camera's eyes: rotation vector, and the bench's origin in mm."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    rotation: Row
    origin_mm: Row


class CameraCalibration(BaseModel):
    """A camera's calibration, as its file keeps it."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    camera: str
    date: datetime
    valid_days: float = Field(default=30.0, gt=0)
    width_px: int
    height_px: int
    matrix: tuple[Row, Row, Row]
    """Focal lengths and middle, in pixels."""
    distortion: tuple[float, ...]
    """k1, k2, p1, p2, k3 of OpenCV's model."""
    error_px: float
    """Root mean square of how far corners lie from where the calibration puts them."""
    pictures: int
    pose: Pose | None = None
    """None: nobody has shown the camera where the bench is."""
    landmarks: dict[int, tuple[float, float]] = {}
    """Single markers on the bench, where the camera saw them when the pose was taken."""

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file.

        Raises:
            DataUnreadable: it is missing, or no calibration.
        """
        try:
            return cls.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as err:
            raise DataUnreadable(
                f"{path}: missing or no calibration of a camera. Calibrate again: `athanor vision calibrate-camera`"
            ) from err

    def save(self, path: Path) -> None:
        """Write the file."""
        path.write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")

    def state(self, now: datetime, picture: NDArray[np.uint8] | None = None) -> State:
        """Does it still hold? `picture` (H, W, 3) shows whether the landmarks are where they were; hidden ones say nothing."""
        if now - self.date > timedelta(days=self.valid_days):
            return "expired"
        if picture is None or not self.landmarks:
            return "ok"
        if picture.shape[:2] != (self.height_px, self.width_px):
            return "moved"
        seen = landmarks_in(picture)
        offs = [np.hypot(*np.subtract(seen[number], was)) for number, was in self.landmarks.items() if number in seen]
        return "moved" if offs and np.median(offs) > MOVED_PX else "ok"

    def pixels_of(self, points: Sequence[BenchPoint]) -> Points:
        """Where points of the bench are seen: (N, 2), right and down from the picture's upper left corner.

        Raises:
            NothingSeen: the camera does not know where the bench is, or a point lies behind it.
        """
        if self.pose is None:
            raise NothingSeen(f"{self.camera} was never shown where the bench is; calibrate it with the board's place")
        bench_mm = np.array([[point.x_mm, point.y_mm, point.z_mm] for point in points], float)
        rotation, origin = np.array(self.pose.rotation), np.array(self.pose.origin_mm)
        turned, _ = cv2.Rodrigues(rotation)
        if ((bench_mm @ turned.T + origin)[:, 2] <= 0).any():
            raise NothingSeen(f"a place behind {self.camera}")
        pixels, _ = cv2.projectPoints(bench_mm, rotation, origin, np.array(self.matrix), np.array(self.distortion))
        return np.asarray(pixels.reshape(-1, 2), np.float64)


def calibrate(
    camera: str, pictures: Sequence[NDArray[np.uint8]], board: Board, now: datetime | None = None
) -> CameraCalibration:
    """Fit lens and sensor to pictures of a board, held at different angles and in all corners of the view.

    Raises:
        NothingSeen: too few pictures show the board, or they do not agree.
    """
    shapes = {picture.shape[:2] for picture in pictures}
    if len(shapes) != 1:
        raise NothingSeen(f"pictures of {len(shapes)} sizes; take all with one camera at one resolution")
    found = [corners for picture in pictures if (corners := board.find(picture)) is not None]
    if len(found) < LEAST_PICTURES:
        raise NothingSeen(f"{len(found)} of {len(pictures)} pictures show the board; take {LEAST_PICTURES} at least")
    height_px, width_px = shapes.pop()
    error_px, matrix, distortion, _, _ = cv2.calibrateCamera(
        [corners.on_board_mm.astype(np.float32) for corners in found],
        [corners.in_picture_px.astype(np.float32) for corners in found],
        (width_px, height_px), np.eye(3), np.zeros(5),
    )  # fmt: skip
    if error_px > MOST_ERROR_PX:
        raise NothingSeen(f"corners miss by {error_px:.1f} px; hold the board flat and still, and the focus fixed")
    return CameraCalibration(
        camera=camera, date=now or datetime.now(UTC), width_px=width_px, height_px=height_px,
        matrix=tuple(_row(row) for row in matrix), distortion=tuple(float(each) for each in np.ravel(distortion)[:5]),
        error_px=round(float(error_px), 4), pictures=len(found),
    )  # fmt: skip


def placed(
    calibration: CameraCalibration, picture: NDArray[np.uint8], board: Board,
    upper_left: BenchPoint, upper_right: BenchPoint, lower_left: BenchPoint,
) -> CameraCalibration:  # fmt: skip
    """Tell a camera where the bench is: by a picture of the board at a known place.

    Args:
        upper_left: where that corner of the board's squares is on the bench, as the next two.

    Raises:
        NothingSeen: the board is not in view, or not where it is said to be.
    """
    corners = board.find(picture)
    if corners is None:
        raise NothingSeen("the board is not in view")
    on_bench_mm = _on_bench(corners, board, upper_left, upper_right, lower_left)
    _, rotation, origin = cv2.solvePnP(
        on_bench_mm, corners.in_picture_px, np.array(calibration.matrix), np.array(calibration.distortion)
    )
    pose = Pose(rotation=_row(np.ravel(rotation)), origin_mm=_row(np.ravel(origin)))
    return calibration.model_copy(update={"pose": pose, "landmarks": landmarks_in(picture)})


def _on_bench(
    corners: Corners, board: Board, upper_left: BenchPoint, upper_right: BenchPoint, lower_left: BenchPoint
) -> Points:
    """Corners of a board in the bench's frame, (N, 3) in mm."""
    start, right, down = (
        np.array([point.x_mm, point.y_mm, point.z_mm], float) for point in (upper_left, upper_right, lower_left)
    )
    sides = np.linalg.norm([right - start, down - start], axis=1)
    if (np.abs(sides / board.size_mm - 1) > 0.03).any():
        said, is_so = (" x ".join(f"{side:.0f}" for side in each) for each in (sides, board.size_mm))
        raise NothingSeen(f"the places of the board's corners make it {said} mm, and it is {is_so} mm; measure again")
    across, along = (right - start) / board.size_mm[0], (down - start) / board.size_mm[1]
    return np.asarray(start + corners.on_board_mm[:, :1] * across + corners.on_board_mm[:, 1:2] * along)


def _row(values: NDArray[np.float64]) -> Row:
    first, second, third = (float(value) for value in values)
    return first, second, third
