"""Colours as they might have been: a network must not learn that caps are orange because one laboratory's are.

Nothing is moved: masks stay true.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
HUES = 180
"""As OpenCV counts them."""


def recolour(picture: Bytes, rng: np.random.Generator, bleach: bool = True) -> Bytes:
    """Give each range of hues in a picture (H, W, 3), RGB, another hue, saturation and brightness.

    Grey stays grey, so that clear stays clear. Without `bleach`, coloured stays coloured.
    """
    hue, gains = _ranges(rng, bleach)
    planes = cv2.split(cv2.cvtColor(picture, cv2.COLOR_RGB2HSV))
    was = planes[0]
    saturation = cv2.multiply(planes[1], cv2.LUT(was, gains[0]), scale=1 / 128)
    full = cv2.LUT(was, gains[1]).astype(np.int16) - 128  # brightness changes as far as there is colour
    value = planes[2].astype(np.int16) + (planes[2].astype(np.int16) * full // 128) * planes[1] // 255
    turned = cv2.merge((cv2.LUT(was, hue), saturation, value.clip(0, 255).astype(np.uint8)))
    return np.asarray(cv2.cvtColor(turned, cv2.COLOR_HSV2RGB), np.uint8)


def _ranges(rng: np.random.Generator, bleach: bool) -> tuple[Bytes, tuple[Bytes, Bytes]]:
    """Tables by hue: the new hue; gains of saturation and of brightness, 128 for 1."""
    edges = np.sort(rng.integers(0, HUES, rng.integers(2, 6)))
    number = np.searchsorted(edges, np.arange(256) % HUES) % len(edges)
    turn = rng.integers(0, HUES, len(edges))
    paler = rng.uniform(0.6, 1.5, len(edges))
    if bleach:
        paler = np.where(rng.random(len(edges)) < 0.3, rng.uniform(0.0, 0.3, len(edges)), paler)
    darker = np.where(rng.random(len(edges)) < 0.4, rng.uniform(0.3, 1.4, len(edges)), 1.0)
    hue = ((np.arange(256) + turn[number]) % HUES).astype(np.uint8)
    gains = [(128 * gain[number]).clip(0, 255).astype(np.uint8) for gain in (paler, darker)]
    return hue, (gains[0], gains[1])


def relight(picture: Bytes, rng: np.random.Generator) -> Bytes:
    """Change exposure, contrast and white balance."""
    gains = rng.uniform(0.65, 1.35) * np.exp(rng.normal(0, 0.07, 3))
    steps = np.arange(256)[:, None] / 255
    table = np.clip(255 * (steps * gains) ** np.exp(rng.normal(0, 0.2)), 0, 255).astype(np.uint8)[:, None, :]
    return np.asarray(cv2.LUT(picture, table), np.uint8)


def spoil(picture: Bytes, rng: np.random.Generator) -> Bytes:
    """Blur, noise, compression: as cameras do, now and then."""
    if rng.random() < 0.25:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 1.6)), np.uint8)
    if rng.random() < 0.25:
        grain = np.empty(picture.shape, np.int16)
        cv2.setRNGSeed(int(rng.integers(2**31)))
        cv2.randn(grain, np.zeros(3), np.full(3, rng.uniform(2, 10)))
        picture = np.asarray(cv2.add(picture, grain, dtype=cv2.CV_8U), np.uint8)
    if rng.random() < 0.25:
        packed = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(30, 90))])[1]
        picture = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    return picture


def vary(picture: Bytes, rng: np.random.Generator, recoloured: float, bleach: bool = True) -> Bytes:
    """All of it, each with its chance; `recoloured` is that of new colours."""
    if rng.random() < recoloured:
        picture = recolour(picture, rng, bleach)
    if rng.random() < 0.7:
        picture = relight(picture, rng)
    return spoil(picture, rng)
