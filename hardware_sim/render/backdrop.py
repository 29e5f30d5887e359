"""What stands behind: a wall, shelves, a rack, a grain; then things, then the lens's own shading."""

from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware_sim.render.view import HEIGHT_PX, WIDTH_PX, Style, View

Image = NDArray[np.float32]
"""(480, 640, 3), 0 to 255."""


@lru_cache(maxsize=8)
def backdrop(view: View) -> NDArray[np.uint8]:
    """Draw a view without its subject, as the lens shades it: (480, 640, 3), RGB, not to be written to."""
    rng = np.random.default_rng((view.seed, 2))
    image = _PAINTERS[view.style](rng, view)
    for _ in range(view.clutter):
        _put_thing(image, rng)
    image *= lens_light(view)
    picture = np.clip(image, 0, 255).astype(np.uint8)
    picture.setflags(write=False)
    return picture


@lru_cache(maxsize=8)
def lens_light(view: View) -> Image:
    """Tint, brightness and fall-off towards the corners, as a factor."""
    rows, columns = np.mgrid[-1 : 1 : HEIGHT_PX * 1j, -1 : 1 : WIDTH_PX * 1j]
    fall_off = 1 - view.vignette * (rows**2 + columns**2) / 2
    gain: Image = (fall_off[..., None] * view.brightness * np.array(view.light_rgb)).astype(np.float32)
    return gain


def smooth_noise(rng: np.random.Generator, cells: int, shape: tuple[int, int]) -> NDArray[np.float32]:
    """Noise of unit standard deviation without grain: `cells` knots along each side, cubic between them."""
    knots = rng.standard_normal((cells, cells)).astype(np.float32)
    return np.asarray(cv2.resize(knots, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), np.float32)


def _plain(rng: np.random.Generator, low: float = 60, high: float = 235) -> NDArray[np.float64]:
    """Pick a colour (3,), mostly greyish as laboratories are."""
    return np.clip(rng.uniform(low, high) + rng.normal(0, rng.choice([4, 30]), 3), 5, 250)


def _gradient(rng: np.random.Generator, view: View) -> Image:
    rows, columns = np.mgrid[0 : 1 : HEIGHT_PX * 1j, 0 : 1 : WIDTH_PX * 1j]
    across, down = rng.normal(0, 0.5, 2)
    ramp = np.clip(0.5 + across * (columns - 0.5) + down * (rows - 0.5), 0, 1)[..., None]
    image: Image = (ramp * _plain(rng) + (1 - ramp) * _plain(rng)).astype(np.float32)
    return image


def _booth(rng: np.random.Generator, view: View) -> Image:
    """A wall, and the table on which the vial stands."""
    image = _gradient(rng, view)
    edge_row = int(view.centre_px[1] - rng.uniform(5, 60))
    table = _plain(rng, 40, 220)
    shade = np.linspace(0.85, 1.1, HEIGHT_PX - edge_row)[:, None, None]
    image[edge_row:] = table * shade
    image[edge_row : edge_row + 3] *= 0.8
    return image


def _shelves(rng: np.random.Generator, view: View) -> Image:
    image = _gradient(rng, view)
    pitch = int(rng.uniform(90, 200))
    board = _plain(rng, 50, 200)
    for row in range(int(rng.uniform(20, pitch)), HEIGHT_PX, pitch):
        image[row : row + 12] = board
        image[row + 12 : row + 22] *= 0.75
        for _ in range(rng.integers(2, 7)):
            column, width, tall = (int(v) for v in rng.uniform((0, 15, 20), (WIDTH_PX, 70, pitch - 25)))
            cv2.rectangle(image, (column, row - tall), (column + width, row), _plain(rng, 30, 230).tolist(), -1)
    return image


def _texture(rng: np.random.Generator, view: View) -> Image:
    image = _gradient(rng, view)
    for cells in (6, 25, 90):
        grain = smooth_noise(rng, cells, (HEIGHT_PX, WIDTH_PX))
        image += rng.uniform(2, 18) * grain[..., None] * rng.uniform(0.5, 1, 3).astype(np.float32)
    return image


def _rack(rng: np.random.Generator, view: View) -> Image:
    image = _gradient(rng, view)
    pitch, hole = int(rng.uniform(45, 100)), _plain(rng, 15, 120)
    for row in range(pitch // 2, HEIGHT_PX, pitch):
        for column in range(pitch // 2, WIDTH_PX, pitch):
            cv2.circle(image, (column, row), pitch // 3, hole.tolist(), -1, cv2.LINE_AA)
            cv2.circle(image, (column, row), pitch // 3, (hole * 1.5).tolist(), 2, cv2.LINE_AA)
    return image


_PAINTERS: dict[Style, Callable[[np.random.Generator, View], Image]] = {
    "gradient": _gradient,
    "booth": _booth,
    "shelves": _shelves,
    "texture": _texture,
    "rack": _rack,
}


def _put_thing(image: Image, rng: np.random.Generator) -> None:
    """Put a box, a pillar, a ball or a cable somewhere behind."""
    x, y = int(rng.uniform(0, WIDTH_PX)), int(rng.uniform(0, HEIGHT_PX))
    wide, tall = (int(v) for v in rng.uniform((10, 20), (120, 260)))
    colour = np.clip(_plain(rng, 10, 250) + rng.normal(0, 40, 3), 0, 255).tolist()
    match rng.integers(4):
        case 0:
            cv2.rectangle(image, (x, y), (x + wide, y + tall), colour, -1)
        case 1:
            _put_pillar(image[max(0, y - tall) : y, x : x + wide], np.array(colour))
        case 2:
            cv2.circle(image, (x, y), wide // 2, colour, -1, cv2.LINE_AA)
        case _:
            bend = rng.normal(0, 120, (3, 2)).cumsum(axis=0) + np.array((x, y))
            cv2.polylines(image, [bend.astype(np.int32)], False, colour, int(rng.integers(2, 9)), cv2.LINE_AA)


def _put_pillar(place: Image, colour: NDArray[np.float64]) -> None:
    """Fill a rectangle of the picture with an upright opaque cylinder."""
    across = np.linspace(-1, 1, place.shape[1])
    place[:] = colour * (0.35 + 0.75 * np.sqrt(1 - (0.9 * across) ** 2))[None, :, None]
