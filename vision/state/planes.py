"""From one grid of cells to another: the picture's, a crop's, the pixels themselves."""

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.segmentation.seen import Cells

RectPx = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of the picture."""


def resampled(plane: Cells, covers_px: RectPx, wanted_px: RectPx, shape: tuple[int, int]) -> Cells:
    """Read a plane (h, w) that covers one part of a picture on a grid over another, bilinearly.

    Args:
        plane: one value per cell.
        covers_px: the part of the picture that the plane covers.
        wanted_px: the part that the answer covers.
        shape: rows and columns of the answer.

    Returns:
        cells of that shape; beyond the plane they fade to 0 within a cell.
    """
    rows, columns = plane.shape
    across = _along(covers_px[0], covers_px[2], columns, wanted_px[0], wanted_px[2], shape[1])
    down = _along(covers_px[1], covers_px[3], rows, wanted_px[1], wanted_px[3], shape[0])
    back = np.array([[across[0], 0.0, across[1]], [0.0, down[0], down[1]]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(plane, back, shape[::-1], flags=flags), np.float32)


def whole_px(plane: Cells, cell_px: float) -> RectPx:
    """What a plane of the whole picture covers."""
    return 0.0, 0.0, plane.shape[-1] * cell_px, plane.shape[-2] * cell_px


def pixel_window(rect_px: RectPx, height_px: int, width_px: int) -> tuple[slice, slice]:
    """Rows and columns of a picture that a part of it touches."""
    left, top, right, bottom = rect_px
    rows = slice(max(0, int(np.floor(top))), max(0, min(height_px, int(np.ceil(bottom)))))
    columns = slice(max(0, int(np.floor(left))), max(0, min(width_px, int(np.ceil(right)))))
    return rows, columns


def without_specks(area: NDArray[np.bool_], least_share: float = 0.05) -> NDArray[np.bool_]:
    """Leave out the pieces of an area that are a small share of it."""
    count, parts, stats, _ = cv2.connectedComponentsWithStats(area.astype(np.uint8))
    if count <= 2:
        return area
    sizes = stats[:, cv2.CC_STAT_AREA]
    is_kept = sizes >= least_share * sizes[1:].sum()
    is_kept[0] = False
    return np.asarray(is_kept[parts], np.bool_)


def _along(
    start: float, end: float, cells: int, wanted_start: float, wanted_end: float, wanted: int
) -> tuple[float, float]:
    """Scale and shift from the numbers of wanted cells to those of the plane's, centres at whole numbers."""
    per_px, step_px = cells / (end - start), (wanted_end - wanted_start) / wanted
    return step_px * per_px, (wanted_start + step_px / 2 - start) * per_px - 0.5
