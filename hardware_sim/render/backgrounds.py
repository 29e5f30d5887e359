"""What is far behind a still life: walls, shelves, rooms, cloth; made by procedure, out of focus as a rule."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Rng = np.random.Generator
Picture = NDArray[np.uint8]
Colour = NDArray[np.float64]


HIGH_KEY_SHARE = 0.5
"""Of backgrounds that are nearly white, as walls and cabinets of laboratories are."""


def background(rng: Rng, name: str, width: int, height: int) -> Picture:
    """Paint one background (H, W, 3)."""
    blur_px = float(rng.choice((rng.uniform(0.8, 3), rng.uniform(3, 12)))) * height / 480
    coarse = 2 if blur_px < 4 else 4
    picture = PAINTERS[name](rng, max(width // coarse, 8), max(height // coarse, 8))
    picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), blur_px / coarse), np.uint8)
    if name != "dark" and rng.random() < HIGH_KEY_SHARE:
        picture = np.asarray(255 - (255 - picture) * rng.uniform(0.25, 0.6), np.uint8)
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def tone(rng: Rng, low: float = 60, high: float = 245) -> Colour:
    """Draw a colour (3,), 0 to 255: mostly greyish as laboratories are."""
    if rng.random() < 0.06:
        return rng.uniform(10, 245, 3)
    return np.asarray(np.clip(rng.uniform(low, high) + rng.normal(0, rng.choice([3, 14]), 3), 3, 252))


def fractal(rng: Rng, width: int, height: int, steepness: float = 1.0) -> NDArray[np.float32]:
    """Noise with grain of every size, (H, W), standard deviation about 1."""
    total = np.zeros((height, width), np.float32)
    cells = 3
    while cells < max(width, height):
        knots = rng.standard_normal((cells, cells), dtype=np.float32)
        total += (
            np.asarray(cv2.resize(knots, (width, height), interpolation=cv2.INTER_LINEAR)) * (3 / cells) ** steepness
        )
        cells *= 3
    return np.asarray(total, np.float32)


def _ramp(rng: Rng, width: int, height: int) -> Picture:
    across, down = rng.normal(0, 0.6, 2)
    columns, rows = np.linspace(-0.5, 0.5, width), np.linspace(-0.5, 0.5, height)[:, None]
    share = np.clip(0.5 + across * columns + down * rows, 0, 1)[..., None]
    first = tone(rng)
    second = np.clip(first * rng.uniform(0.6, 1.3), 0, 255) if rng.random() < 0.7 else tone(rng)
    return np.asarray(share * first + (1 - share) * second, np.uint8)


def _wall(rng: Rng, width: int, height: int) -> Picture:
    """Painted walls that meet in a corner, with a skirting, a pipe or a socket."""
    picture = _ramp(rng, width, height)
    for _ in range(rng.integers(0, 4)):
        x = int(rng.uniform(0, width))
        part = picture[:, x:] if rng.random() < 0.5 else picture[:, x : x + int(rng.uniform(2, width / 4))]
        part[:] = np.clip(part * rng.uniform(0.7, 1.25), 0, 255).astype(np.uint8)
    if rng.random() < 0.3:
        y = int(rng.uniform(0.3, 0.9) * height)
        picture[y:] = np.clip(picture[y:] * rng.uniform(0.4, 0.9), 0, 255).astype(np.uint8)
    return picture


def _room(rng: Rng, width: int, height: int) -> Picture:
    """Furniture and instruments, as rectangles of all sizes, denser around the horizon; lamps above."""
    picture = _wall(rng, width, height)
    horizon, spread = rng.uniform(0.2, 0.8) * height, rng.uniform(0.08, 0.3) * height
    for _ in range(rng.integers(8, 50)):
        x, y = rng.uniform(-0.1, 1) * width, rng.normal(horizon, spread)
        size = np.exp(rng.normal(np.log(height * 0.07), 0.8, 2))
        corner = (int(x + size[0] * rng.uniform(0.4, 2)), int(y + size[1] * rng.uniform(0.4, 2)))
        cv2.rectangle(picture, (int(x), int(y)), corner, tone(rng, 15, 245).tolist(), -1)
    for _ in range(rng.poisson(0.8)):
        start = rng.uniform((0, 0), (width, height * 0.3)).astype(int)
        end = start + rng.normal((0, 0), (width * 0.4, height * 0.08)).astype(int)
        cv2.line(picture, start.tolist(), end.tolist(), (255, 255, 255), int(rng.integers(1, 6)))
    return picture


def _shelves(rng: Rng, width: int, height: int) -> Picture:
    picture = _ramp(rng, width, height)
    pitch, board = int(rng.uniform(0.12, 0.4) * height) + 4, tone(rng)
    for y in range(int(rng.uniform(0, pitch)), height + pitch, pitch):
        for _ in range(rng.integers(2, 12)):
            x, wide, tall = rng.uniform(0, width), rng.uniform(0.02, 0.12) * width, rng.uniform(0.2, 0.9) * pitch
            cv2.rectangle(picture, (int(x), int(y - tall)), (int(x + wide), y), tone(rng, 15, 245).tolist(), -1)
            cv2.rectangle(
                picture, (int(x), int(y - tall)), (int(x + wide), int(y - tall * 0.8)), tone(rng).tolist(), -1
            )
        cv2.rectangle(picture, (0, y), (width, y + max(pitch // 9, 1)), board.tolist(), -1)
    return picture


def _clouds(rng: Rng, width: int, height: int) -> Picture:
    noise = fractal(rng, width, height, rng.uniform(0.4, 1.2))[..., None]
    spread = rng.uniform(5, 45) * (1 if rng.random() < 0.6 else rng.uniform(-1, 1, 3))
    return np.asarray(np.clip(tone(rng) + noise * spread, 0, 255), np.uint8)


def _tiles(rng: Rng, width: int, height: int) -> Picture:
    picture, joint = _ramp(rng, width, height), tone(rng).tolist()
    pitch = rng.uniform(0.05, 0.3) * height
    turn = rng.normal(0, 0.3)
    for way in (turn, turn + np.pi / 2):
        normal, along = np.array((np.cos(way), np.sin(way))), np.array((-np.sin(way), np.cos(way)))
        for number in range(-20, 40):
            middle = normal * pitch * number + np.array((width, height)) * 0.3
            ends = (middle - along * 2000).astype(int).tolist(), (middle + along * 2000).astype(int).tolist()
            cv2.line(picture, *ends, joint, int(rng.integers(1, 3)))
    return picture


def _shapes(rng: Rng, width: int, height: int) -> Picture:
    """Blobs, tubes and triangles of all colours: nothing in particular."""
    picture = _ramp(rng, width, height)
    for _ in range(rng.integers(3, 25)):
        colour = tone(rng, 5, 250).tolist() if rng.random() < 0.6 else rng.uniform(0, 255, 3).tolist()
        x, y = rng.uniform((-0.1, -0.1), (1.1, 1.1)) * (width, height)
        size = np.exp(rng.normal(np.log(height * 0.12), 0.7, 2))
        match rng.integers(3):
            case 0:
                cv2.ellipse(picture, ((x, y), tuple(size.tolist()), rng.uniform(0, 180)), colour, -1)
            case 1:
                cv2.fillConvexPoly(picture, (rng.normal((x, y), size.max(), (3, 2))).astype(np.int32), colour)
            case _:
                line = np.cumsum(rng.normal(0, size.max(), (5, 2)), axis=0) + np.array((x, y))
                cv2.polylines(picture, [line.astype(np.int32)], False, colour, int(rng.integers(1, 12)))
    return picture


def _dark(rng: Rng, width: int, height: int) -> Picture:
    """Black cloth or card."""
    noise = fractal(rng, width, height, 0.8)[..., None] * rng.uniform(0.5, 5)
    return np.asarray(np.clip(rng.uniform(4, 45) + rng.normal(0, 3, 3) + noise, 0, 255), np.uint8)


PAINTERS: dict[str, Callable[[Rng, int, int], Picture]] = {
    "ramp": _ramp, "wall": _wall, "room": _room, "shelves": _shelves, "clouds": _clouds, "tiles": _tiles,
    "shapes": _shapes, "dark": _dark,
}  # fmt: skip
SHARES = np.array([0.2, 0.22, 0.2, 0.1, 0.08, 0.06, 0.06, 0.08])
"""How often each is painted."""
