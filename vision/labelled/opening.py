"""Which layout is it? Folders of labelled pictures are told by what lies in them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vision.errors import DataUnreadable
from vision.labelled.coco import coco_file, open_coco
from vision.labelled.folder import IMAGES, INDEX, LabelledFolder
from vision.labelled.heinsight import CLASSES, open_heinsight
from vision.labelled.labpics import open_labpics_1, open_labpics_2
from vision.labelled.pictures import LabelledPictures
from vision.labelled.sdl_states import BOXES, STATES, open_sdl_states
from vision.labelled.transproteus import PICTURE, open_transproteus

SHOWN = 8


@dataclass(frozen=True)
class Layout:
    """One way in which labelled pictures lie on disk."""

    name: str
    told_by: str
    is_it: Callable[[Path], bool]
    open: Callable[[Path], LabelledPictures]


LAYOUTS = (
    Layout("sdl_states", f"{IMAGES}, {BOXES}, {STATES}", lambda path: (path / STATES).is_file(), open_sdl_states),
    Layout("Athanor's own", f"{IMAGES}, {INDEX}", lambda path: (path / INDEX).is_file(), LabelledFolder.open),
    Layout("HeinSight", f"{CLASSES}, {IMAGES}, labels", lambda path: (path / CLASSES).is_file(), open_heinsight),
    Layout("LabPics 1", "Image, Instance, Semantic",
           lambda path: (path / "Image").is_dir() and (path / "Instance").is_dir(), open_labpics_1),
    Layout("LabPics 2", "NAME/Data.json", lambda path: any(path.glob("*/Data.json")), open_labpics_2),
    Layout("TransProteus", f"NAME/{PICTURE}", lambda path: any(path.glob(f"*/{PICTURE}")), open_transproteus),
    Layout("COCO", "a JSON file of images, annotations and categories", lambda path: coco_file(path) is not None, open_coco),
)  # fmt: skip


def open_labelled(path: Path) -> LabelledPictures:
    """Open a folder of labelled pictures in any layout we know.

    Raises:
        DataUnreadable: it is no folder, its layout is not known, or its list cannot be read.
    """
    if not path.is_dir():
        raise DataUnreadable(f"{path}: no such folder. Name a folder of labelled pictures")
    for layout in LAYOUTS:
        if layout.is_it(path):
            return layout.open(path)
    names = sorted(each.name for each in path.iterdir())
    holds = ", ".join(names[:SHOWN]) + (" ..." if len(names) > SHOWN else "") if names else "nothing"
    known = "; ".join(f"{layout.name} ({layout.told_by})" for layout in LAYOUTS)
    raise DataUnreadable(f"{path}: holds {holds}: no layout that is known. Known are {known}")


def is_bench_render(path: Path) -> bool:
    """Is it a folder of renders of the film bench, in the layout of the network of one vessel?"""
    try:
        return isinstance(json.loads((path / INDEX).read_bytes()), dict)
    except (OSError, ValueError):
        return False
