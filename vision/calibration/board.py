"""A ChArUco board: printed at true size, found in pictures.

Squares with markers in every second one: each corner is found to a tenth of a pixel and knows its number, so that a board
half in view still serves (Garrido-Jurado et al., Pattern Recognition 47, 2280 (2014); OpenCV's `aruco`).
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
PAPER_MM = (297.0, 210.0)
"""A4, lying."""
DPI = 300
LANDMARKS = range(80, 100)
"""Numbers of the dictionary that no board has: single markers stuck to the bench, which show that a camera has moved."""


@dataclass(frozen=True)
class Corners:
    """Corners of a board found in a picture."""

    on_board_mm: Points
    """(N, 3): right along the board, down along it, into it, from its upper left corner."""
    in_picture_px: Points
    """(N, 2): right and down from the picture's upper left corner."""


@dataclass(frozen=True)
class Board:
    """A board's make. The default fits on A4."""

    columns: int = 9
    rows: int = 6
    square_mm: float = 28.0
    marker_mm: float = 21.0

    @cached_property
    def _charuco(self) -> Any:
        size = (self.columns, self.rows)
        return cv2.aruco.CharucoBoard(size, self.square_mm, self.marker_mm, _dictionary())

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of the squares together."""
        return self.columns * self.square_mm, self.rows * self.square_mm

    def drawn(self, px_per_mm: float) -> NDArray[np.uint8]:
        """The squares, (H, W), black and white."""
        width, height = (round(side * px_per_mm) for side in self.size_mm)
        return np.asarray(self._charuco.generateImage((width, height), marginSize=0), np.uint8)

    def find(self, picture: NDArray[np.uint8]) -> Corners | None:
        """Find the board in a picture (H, W, 3), RGB; None if hardly any of it is in view."""
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        corners, numbers, _, _ = cv2.aruco.CharucoDetector(self._charuco).detectBoard(grey)
        if numbers is None or len(numbers) < 6:
            return None
        on_board = self._charuco.getChessboardCorners()[np.ravel(numbers)]
        return Corners(np.asarray(on_board, np.float64), np.reshape(corners, (-1, 2)).astype(np.float64) + 0.5)


def landmarks_in(picture: NDArray[np.uint8]) -> dict[int, tuple[float, float]]:
    """Middles of the single markers in a picture, in pixels, by number."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    outlines, numbers, _ = cv2.aruco.ArucoDetector(_dictionary()).detectMarkers(grey)
    found = zip(np.ravel(numbers) if numbers is not None else (), outlines, strict=True)
    middles = {int(number): np.reshape(outline, (4, 2)).mean(axis=0) + 0.5 for number, outline in found}
    return {number: (float(x), float(y)) for number, (x, y) in sorted(middles.items()) if number in LANDMARKS}


def print_board(board: Board, path: Path) -> None:
    """Write a page of A4 with the board at true size, as PNG or PDF by the name's ending."""
    from matplotlib.figure import Figure

    width_mm, height_mm = PAPER_MM
    page = Figure(figsize=(width_mm / 25.4, height_mm / 25.4), dpi=DPI)
    left_mm, bottom_mm = ((paper - side) / 2 for paper, side in zip(PAPER_MM, board.size_mm, strict=True))
    at = (left_mm / width_mm, bottom_mm / height_mm, board.size_mm[0] / width_mm, board.size_mm[1] / height_mm)
    axes = page.add_axes(at)
    axes.imshow(board.drawn(DPI / 25.4), cmap="gray", interpolation="nearest", aspect="auto")
    axes.set_axis_off()
    words = f"Print at 100 %. A square must measure {board.square_mm:g} mm; glue the page to something flat."
    page.text(0.5, bottom_mm / height_mm / 2, words, ha="center", va="center", fontsize=9)
    page.savefig(path, dpi=DPI)


def _dictionary() -> Any:
    return cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_5X5_100)
