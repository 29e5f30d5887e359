"""Variety that rendering did not bring: other poses, colours, exposures. Levels stay true under all of it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.segmentation.model import CELL_PX

Bytes = NDArray[np.uint8]


def augment(view: Bytes, shares: Bytes, rng: np.random.Generator) -> tuple[Bytes, Bytes]:
    """Vary what the network is shown, (240, 320, 3), and the shares of classes in its cells, (120, 160, 6), alike."""
    if rng.random() < 0.5:
        view, shares = view[:, ::-1], shares[:, ::-1]
    view, shares = np.ascontiguousarray(view), np.ascontiguousarray(shares)
    if rng.random() < 0.5:
        by = _random_move(view.shape[1], view.shape[0], rng)
        view, shares = _moved(view, by), _moved_cells(shares, by)
    return _recoloured(view, rng), shares


def _random_move(width_px: int, height_px: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """A turn by some 2 degrees, a scale by a tenth, a shift by some per cent, as a matrix (2, 3)."""
    by = np.array(
        cv2.getRotationMatrix2D((width_px / 2, height_px / 2), rng.normal(0, 2), rng.uniform(0.9, 1.1)), np.float64
    )
    by[:, 2] += np.array([rng.normal(0, 0.04 * width_px), rng.normal(0, 0.01 * height_px)])
    return by


def _moved(picture: Bytes, by: NDArray[np.float64]) -> Bytes:
    size = (picture.shape[1], picture.shape[0])
    return np.asarray(cv2.warpAffine(picture, by, size, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _moved_cells(shares: Bytes, by: NDArray[np.float64]) -> Bytes:
    """Move cells as their pixels move; OpenCV moves four planes at most at once."""
    in_cells = by.copy()
    middle = (CELL_PX - 1) / 2  # of a cell, in pixels from its first one
    in_cells[:, 2] = (by[:, 2] + by[:, :2] @ (middle, middle) - middle) / CELL_PX
    parts = [_moved(np.ascontiguousarray(part), in_cells) for part in np.split(shares, 2, axis=2)]
    return np.concatenate(parts, axis=2)


def _recoloured(view: Bytes, rng: np.random.Generator) -> Bytes:
    """Change exposure, gamma and white balance, channel by channel."""
    gain, gamma = rng.uniform(0.7, 1.3), rng.uniform(0.75, 1.3)
    gains = gain * rng.uniform(0.9, 1.1, 3)
    steps = np.arange(256)[:, None] / 255
    table = np.clip(255 * (steps * gains) ** gamma, 0, 255).astype(np.uint8)[:, None, :]
    return np.asarray(cv2.LUT(view, table), np.uint8)
