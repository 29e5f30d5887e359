"""Crops around vessels: what the second network is shown, in training and at work alike."""

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.segmentation.closer import CROP_HEIGHT_PX, CROP_WIDTH_PX

Sides = tuple[float, float, float, float]
"""Left, top, right, bottom."""
MARGIN = 0.14
"""Of a box's longer need, on either side."""
Matrix = NDArray[np.float64]
"""(2, 3), from pixels of one picture to those of another; the middle of the first pixel is at (0.5, 0.5)."""


def crop_around(box: Sides) -> Sides:
    """The part of the picture to show for a box: in the crop's proportions, with a margin."""
    left, top, right, bottom = box
    height = max(bottom - top, (right - left) * CROP_HEIGHT_PX / CROP_WIDTH_PX, 1.0) * (1 + 2 * MARGIN)
    width = height * CROP_WIDTH_PX / CROP_HEIGHT_PX
    x, y = (left + right) / 2, (top + bottom) / 2
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def matrix_of(crop: Sides, height_px: int = CROP_HEIGHT_PX, width_px: int = CROP_WIDTH_PX) -> Matrix:
    """From pixels of a picture to those of its crop."""
    across, along = width_px / (crop[2] - crop[0]), height_px / (crop[3] - crop[1])
    return np.array([[across, 0.0, -across * crop[0]], [0.0, along, -along * crop[1]]])


def cut(picture: NDArray[np.uint8], matrix: Matrix, height_px: int, width_px: int) -> NDArray[np.uint8]:
    """Show part of a picture (H, W, 3) in (height_px, width_px, 3); beyond its edges they are drawn out.

    A picture that is to become much smaller is halved first, so that no thin line is lost.
    """
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    while scale < 0.6 and min(picture.shape[:2]) > 16:
        size = (picture.shape[1] // 2, picture.shape[0] // 2)
        shrunk_x, shrunk_y = size[0] / picture.shape[1], size[1] / picture.shape[0]
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
        matrix = matrix @ np.diag((1 / shrunk_x, 1 / shrunk_y, 1.0))
        scale *= 2
    return np.asarray(
        cv2.warpAffine(picture, _for_opencv(matrix), (width_px, height_px), flags=cv2.INTER_LINEAR,
                       borderMode=cv2.BORDER_REPLICATE), np.uint8
    )  # fmt: skip


def cut_plane(plane: NDArray[np.uint8], matrix: Matrix, height_px: int, width_px: int, beyond: int = 0,
              smooth: bool = False) -> NDArray[np.uint8]:  # fmt: skip
    """The same of a plane (H, W) of numbers, or, if `smooth`, of shares; `beyond` its edges there is this."""
    how = cv2.INTER_LINEAR if smooth else cv2.INTER_NEAREST
    return np.asarray(
        cv2.warpAffine(plane, _for_opencv(matrix), (width_px, height_px), flags=how, borderMode=cv2.BORDER_CONSTANT,
                       borderValue=beyond), np.uint8
    )  # fmt: skip


def _for_opencv(matrix: Matrix) -> Matrix:
    """OpenCV puts the middle of the first pixel at (0, 0)."""
    moved = matrix.copy()
    moved[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
    return moved
