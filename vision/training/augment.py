"""Variety that rendering did not bring: other poses, colours, exposures. Levels stay true under all of it."""

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


def augment(picture: Picture, mask: Picture, rng: np.random.Generator) -> tuple[Picture, Picture]:
    """Vary a picture (H, W, 3) and its mask (H, W) alike."""
    if rng.random() < 0.5:
        picture, mask = picture[:, ::-1], mask[:, ::-1]
    if rng.random() < 0.5:
        picture, mask = move(picture, mask, rng)
    return recolour(picture, rng), np.ascontiguousarray(mask)


def move(picture: Picture, mask: Picture, rng: np.random.Generator) -> tuple[Picture, Picture]:
    """Turn by some 2 degrees, scale by a tenth, shift by some per cent."""
    height_px, width_px = mask.shape
    by = cv2.getRotationMatrix2D((width_px / 2, height_px / 2), rng.normal(0, 2), rng.uniform(0.9, 1.1))
    by = by + np.array([[0, 0, rng.normal(0, 0.04 * width_px)], [0, 0, rng.normal(0, 0.01 * height_px)]])
    size = (width_px, height_px)
    moved = cv2.warpAffine(np.ascontiguousarray(picture), by, size, borderMode=cv2.BORDER_REPLICATE)
    moved_mask = cv2.warpAffine(np.ascontiguousarray(mask), by, size, flags=cv2.INTER_NEAREST)
    return np.asarray(moved, np.uint8), np.asarray(moved_mask, np.uint8)


def recolour(picture: Picture, rng: np.random.Generator) -> Picture:
    """Change exposure, gamma and white balance, channel by channel."""
    gain, gamma = rng.uniform(0.7, 1.3), rng.uniform(0.75, 1.3)
    gains = gain * rng.uniform(0.9, 1.1, 3)
    steps = np.arange(256)[:, None] / 255
    table = np.clip(255 * (steps * gains) ** gamma, 0, 255).astype(np.uint8)[:, None, :]
    return np.asarray(cv2.LUT(np.ascontiguousarray(picture), table), np.uint8)
