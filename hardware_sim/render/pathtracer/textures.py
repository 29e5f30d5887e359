"""Grains, bubbles, print, screens and plates as pictures that surfaces wear."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware_sim.render.pathtracer.matter import GAMMA, TEXTURE_PX

Colour = tuple[float, float, float]
Image = NDArray[np.float32]
"""(256, 256, 3), factors of the surface's colour."""


class Wardrobe:
    """Textures in use; each `add` gives its number."""

    def __init__(self) -> None:
        self._images = list[Image]()

    def add(self, image: NDArray[Any]) -> int:
        """Keep a picture (H, W, 3) of any size, as displays show it, white 1."""
        small = cv2.resize(image.astype(np.float32), (TEXTURE_PX, TEXTURE_PX), interpolation=cv2.INTER_AREA)
        self._images.append(np.power(np.maximum(small, 0), np.float32(GAMMA)))
        return len(self._images) - 1

    def stacked(self) -> Image:
        """All of them: (N, 256, 256, 3), at least one."""
        return np.stack(self._images or [np.ones((TEXTURE_PX, TEXTURE_PX, 3), np.float32)])


def grains(rng: np.random.Generator, grain_px: float, contrast: float) -> Image:
    """Grains side by side, each as bright as its face happens to lie; it repeats without a seam."""
    count = int(np.clip((TEXTURE_PX / max(grain_px, 1.2)) ** 2, 30, 30000))
    seeds = np.full((TEXTURE_PX, TEXTURE_PX), 255, np.uint8)
    spots = rng.integers(0, TEXTURE_PX, (count, 2))
    seeds[spots[:, 0], spots[:, 1]] = 0
    tiled = np.tile(seeds, (3, 3))
    distance, cell = cv2.distanceTransformWithLabels(tiled, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    middle = slice(TEXTURE_PX, 2 * TEXTURE_PX)
    shade = rng.normal(1, contrast, int(cell.max()) + 1)[cell[middle, middle]]
    gap = 1 - 0.6 * contrast * np.clip(distance[middle, middle] / max(grain_px, 1.2) * 2, 0, 1)
    return np.asarray(np.repeat(np.clip(shade * gap, 0.15, 1.15)[..., None], 3, axis=2), np.float32)


def bubbles(rng: np.random.Generator, bubble_px: float) -> Image:
    """Foam: bright films between bubbles of all sizes."""
    image = 0.75 + 0.25 * grains(rng, bubble_px, 0.12)
    for _ in range(60):
        x, y = (int(v) for v in rng.integers(0, TEXTURE_PX, 2))
        radius = int(bubble_px * rng.uniform(0.4, 2.2)) + 1
        cv2.circle(image, (x, y), radius, [float(rng.uniform(0.75, 0.95))] * 3, -1, cv2.LINE_AA)
        cv2.circle(image, (x, y), radius, [1.0] * 3, 1, cv2.LINE_AA)
    return image


def cloudy(rng: np.random.Generator, contrast: float, cells: tuple[int, ...] = (4, 9, 40)) -> Image:
    """Stains and unevenness of walls and benches."""
    image = np.ones((TEXTURE_PX, TEXTURE_PX), np.float32)
    for knots in cells:
        noise = rng.standard_normal((knots, knots)).astype(np.float32)
        image += contrast * cv2.resize(noise, (TEXTURE_PX, TEXTURE_PX), interpolation=cv2.INTER_CUBIC)
    return np.repeat(np.clip(image, 0.3, 1.3)[..., None], 3, axis=2)


def writing(rng: np.random.Generator, ink: Colour, paper: Colour) -> Image:
    """Lines of words nobody can read, and a rule or two."""
    page, row = _page(paper), int(rng.uniform(15, 45))
    while row < TEXTURE_PX - 15:
        size, thick = float(rng.uniform(0.45, 1.3)), int(rng.integers(1, 3))
        letters = "".join(chr(c) for c in rng.integers(48, 123, int(rng.integers(3, 16))))
        at = (int(rng.uniform(5, 60)), row)
        cv2.putText(page, letters, at, int(rng.integers(0, 5)), size, _bytes(ink), thick, cv2.LINE_AA)
        row += int(22 * size + rng.uniform(6, 40))
        if rng.random() < 0.2:
            cv2.line(page, (8, row - 8), (TEXTURE_PX - 8, row - 8), _bytes(ink), 2)
    return np.asarray(page / 255, np.float32)


def code(rng: np.random.Generator, ink: Colour, paper: Colour) -> Image:
    """A square code, as labels and fiducial marks wear."""
    cells = rng.random((10, 10)) < 0.5
    cells[[0, -1]] = True
    cells[:, [0, -1]] = True
    square = np.pad(cells, 2).astype(np.float32)
    mask = cv2.resize(square, (TEXTURE_PX, TEXTURE_PX), interpolation=cv2.INTER_NEAREST)[..., None]
    return np.asarray(mask * np.array(ink, np.float32) + (1 - mask) * np.array(paper, np.float32), np.float32)


def screen(rng: np.random.Generator, paper: Colour) -> Image:
    """The front of an instrument: a display with figures, keys."""
    page = _page(paper)
    cv2.rectangle(page, (20, 50), (150, 130), (13, 15, 18), -1)
    bright = [int(v) for v in rng.choice([25, 255], 3)]
    cv2.putText(page, f"{rng.uniform(0, 999):.1f}", (28, 108), cv2.FONT_HERSHEY_DUPLEX, 1.4, bright, 3, cv2.LINE_AA)
    for row in range(60, 210, 34):
        for column in range(170, 240, 30):
            cv2.rectangle(page, (column, row), (column + 20, row + 20), rng.integers(50, 255, 3).tolist(), -1)
    return np.asarray(page / 255, np.float32)


def _page(paper: Colour) -> NDArray[np.uint8]:
    return np.full((TEXTURE_PX, TEXTURE_PX, 3), _bytes(paper), np.uint8)


def _bytes(colour: Colour) -> tuple[int, int, int]:
    red, green, blue = (int(255 * share) for share in colour)
    return red, green, blue


def brushed(rng: np.random.Generator) -> Image:
    """Brushed metal."""
    streaks = np.clip(1 + 0.07 * rng.standard_normal((TEXTURE_PX, 1)), 0.6, 1.2).astype(np.float32)
    return np.repeat(np.repeat(streaks, TEXTURE_PX, axis=1)[..., None], 3, axis=2)


def grid(rng: np.random.Generator) -> Image:
    """Tiles with joints, or a cutting mat's lines."""
    image, pitch = np.ones((TEXTURE_PX, TEXTURE_PX, 3), np.float32), int(rng.choice([32, 64, 128]))
    line = float(rng.choice([0.55, 1.4]))
    for place in range(0, TEXTURE_PX, pitch):
        image[place : place + 2] = line
        image[:, place : place + 2] = line
    return image


def holes(rng: np.random.Generator) -> Image:
    """A perforated plate, painted: dark round holes with a bright edge."""
    image, pitch = np.ones((TEXTURE_PX, TEXTURE_PX, 3), np.float32), int(rng.choice([32, 64, 128]))
    radius = int(pitch * rng.uniform(0.1, 0.3))
    for row in range(pitch // 2, TEXTURE_PX, pitch):
        for column in range(pitch // 2, TEXTURE_PX, pitch):
            cv2.circle(image, (column, row), radius + 1, (1.1, 1.1, 1.1), -1, cv2.LINE_AA)
            cv2.circle(image, (column, row), radius, (0.25, 0.25, 0.25), -1, cv2.LINE_AA)
    return image


def drops(rng: np.random.Generator, share: float) -> Image:
    """Condensation: 1 where a drop blurs the look, 0 where the wall is dry."""
    image = np.zeros((TEXTURE_PX, TEXTURE_PX, 3), np.float32)
    while image.mean() < min(share, 0.85):
        x, y = (int(v) for v in rng.integers(0, TEXTURE_PX, 2))
        cv2.circle(image, (x, y), int(rng.gamma(2.0, 2.0)) + 1, (1.0, 1.0, 1.0), -1, cv2.LINE_AA)
    return image
