"""Writes folders of labelled pictures, in the layout that `vision.labelled` reads: how renders reach the eyes.

FOLDER/index.json        what is true of each picture and vessel (fields of `vision.labelled.truth`)
FOLDER/images/*.jpg      and, of the same name, vessel/*.png, material/*.png, phase/*.png, spill/*.png
"""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware_sim.render.bench_pictures import bench_picture
from hardware_sim.render.composing import compose
from hardware_sim.render.telling import Planes, Told

Style = Literal["photographs", "bench"]
Progress = Callable[[int, int, str], None]
"""How many of how many are done, and what is worth saying about it."""
Picture = NDArray[np.uint8]
PHOTOGRAPH_SHARE = 0.35
"""Of pictures that have a real photograph behind them, if there are any."""
BARE_SHARE = 0.2
"""Of those, that show the photograph alone."""
SUFFIXES = {".jpg", ".jpeg", ".png"}


def write_labelled(folder: Path, count: int, seed: int, *, style: Style = "photographs", processes: int = 1,
                   behind: Path | None = None, progress: Progress = lambda done, of, text: None) -> None:  # fmt: skip
    """Write `count` pictures; the same seed writes the same files, however many processes write them.

    Args:
        folder: is made if it is not there.
        count: how many pictures.
        seed: decides all of them.
        style: any still life as photographed anywhere, or a vial or plate before the camera of a simulated bench.
        processes: how many write at the same time.
        behind: a folder of real photographs without vessels; crops of them are put behind some still lifes.
        progress: is told after each picture.
    """
    make_room(folder)
    photographs = tuple(sorted(path for path in behind.iterdir() if path.suffix in SUFFIXES)) if behind else ()
    write = partial(_write, folder, seed, style, photographs)
    told = []
    for done, truth in enumerate(_spread(write, range(count), processes), 1):
        told.append(truth)
        progress(done, count, str(truth["annotation"]))
    write_index(folder, told)


def make_room(folder: Path) -> None:
    """Make the folder and its parts."""
    for part in ("images", "vessel", "material", "phase", "spill"):
        (folder / part).mkdir(parents=True, exist_ok=True)


def write_index(folder: Path, told: Sequence[Told]) -> None:
    """List all pictures; without it there is no folder of labelled pictures."""
    (folder / "index.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def draw_picture(rng: np.random.Generator, style: Style = "photographs", photographs: tuple[Path, ...] = (),
                 size_px: tuple[int, int] | None = None) -> tuple[Picture, Planes, Told]:  # fmt: skip
    """Draw one picture with its planes and truth, as `compose` does; training may call it without any files."""
    if style == "bench":
        return bench_picture(rng)
    photograph = None
    if photographs and rng.random() < PHOTOGRAPH_SHARE:
        photograph = _crop(rng, photographs[rng.integers(len(photographs))])
    bare = photograph is not None and rng.random() < BARE_SHARE
    return compose(rng, size_px, kind="bare" if bare else None, photograph=photograph)


def _spread(write: Callable[[int], Told], numbers: range, processes: int) -> Iterator[Told]:
    if processes < 2:
        yield from map(write, numbers)
        return
    with get_context("spawn").Pool(processes) as pool:
        yield from pool.imap(write, numbers, chunksize=8)


def _write(folder: Path, seed: int, style: Style, photographs: tuple[Path, ...], number: int) -> Told:
    cv2.setNumThreads(1)  # each process has one core
    rng = np.random.default_rng((seed, number))
    pixels, planes, told = draw_picture(rng, style, photographs)
    return save(folder, number, pixels, planes, told)


def save(folder: Path, number: int, pixels: Picture, planes: Planes, told: Told) -> Told:
    """Write one picture and its planes; return its entry in the index."""
    name = f"{number:06}"
    cv2.imwrite(str(folder / "images" / f"{name}.jpg"), pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 95])
    for part, plane in planes.items():
        cv2.imwrite(str(folder / part / f"{name}.png"), plane)
    return {"name": name, "width": pixels.shape[1], "height": pixels.shape[0], **told}


def _crop(rng: np.random.Generator, path: Path) -> Picture | None:
    """Cut any part out of a photograph; None if it cannot be read."""
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
    if picture is None:
        return None
    height, width = picture.shape[:2]
    share = rng.uniform(0.4, 1.0)
    left, top = int(rng.uniform(0, 1 - share) * width), int(rng.uniform(0, 1 - share) * height)
    part = picture[top : top + int(share * height), left : left + int(share * width)]
    return np.asarray(part[:, ::-1] if rng.random() < 0.5 else part, np.uint8)
