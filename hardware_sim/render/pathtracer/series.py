"""Folders of traced pictures, in the layout of all labelled renders; what is there is kept, so that a night can break off.

FOLDER/series.json       the seed and the samples: what decides every picture
FOLDER/told/*.json       what is true of each picture, written when all its files are there; index.json gathers them
"""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from hardware_sim.render.labelled import Progress, make_room, save, write_index
from hardware_sim.render.pathtracer.backend import load_mitsuba, use_threads

SERIES, TOLD = "series.json", "told"


class AnotherSeries(Exception):
    """The folder holds pictures of another seed or quality; the message says which."""


def write_traced(folder: Path, count: int, seed: int, *, samples: int, processes: int = 1,
                 progress: Progress = lambda done, of, text: None) -> None:  # fmt: skip
    """Trace the pictures 0 to `count` of a series that are not there yet; the same seed writes the same pictures.

    Args:
        folder: is made if it is not there.
        count: how many pictures there shall be.
        seed: decides all of them.
        samples: paths for each pixel.
        processes: how many trace at the same time, on one processor each; one takes all processors.
        progress: is told after each picture.

    Raises:
        AnotherSeries: the folder has pictures of another seed or of other samples.
        TracerMissing: a library is not installed.
    """
    load_mitsuba()
    _open_series(folder, {"seed": seed, "samples": samples})
    missing = [number for number in range(count) if not _told(folder, number).is_file()]
    write = partial(_write, folder, seed, samples)
    try:
        for done, text in enumerate(_spread(write, missing, processes), count - len(missing) + 1):
            progress(done, count, text)
    finally:
        told = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((folder / TOLD).glob("*.json"))]
        write_index(folder, told)


def _open_series(folder: Path, wanted: dict[str, int]) -> None:
    make_room(folder)
    (folder / TOLD).mkdir(exist_ok=True)
    path = folder / SERIES
    if not path.is_file():
        path.write_text(json.dumps(wanted) + "\n", encoding="utf-8")
    found = json.loads(path.read_text(encoding="utf-8"))
    if found != wanted:
        raise AnotherSeries(f"{path}: pictures of {found}, not of {wanted}")


def _spread(write: Callable[[int], str], numbers: Sequence[int], processes: int) -> Iterator[str]:
    if processes < 2:
        yield from map(write, numbers)
        return
    with get_context("spawn").Pool(processes, use_threads, (1,)) as pool:
        yield from pool.imap_unordered(write, numbers)


def _write(folder: Path, seed: int, samples: int, number: int) -> str:
    from hardware_sim.render.pathtracer.picturing import picture_of  # needs Mitsuba

    told = save(folder, number, *picture_of(seed, number, samples))
    unfinished = _told(folder, number).with_suffix(".part")
    unfinished.write_text(json.dumps(told), encoding="utf-8")
    unfinished.replace(_told(folder, number))
    return str(told["annotation"])


def _told(folder: Path, number: int) -> Path:
    return folder / TOLD / f"{number:06}.json"
