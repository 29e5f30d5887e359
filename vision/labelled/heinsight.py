"""HeinSight 3 and 4: lists of boxes as YOLO writes them.

    FOLDER/data.yaml                 names of classes
    FOLDER/[PART/]images/NAME.jpg    PART: train, valid, test
    FOLDER/[PART/]labels/NAME.txt    class, then middle, width and height of a box as shares of the picture

Classes are Vessel, and Empty, Homo, Hetero, Residue, Solid, Cap of what is in it. A picture without the box of a vessel
is one cropped to a vessel: then all boxes together are the vessel's. Nobody drew masks; fill heights follow from boxes.
"""

from pathlib import Path
from typing import Any

import yaml

from vision.errors import DataUnreadable
from vision.labelled.folder import IMAGES, LabelledPicture
from vision.labelled.pictures import ForeignPictures, pictures_in, read_colours, size_of
from vision.labelled.truth import BoxPx, PictureTruth, VesselTruth, shared_px
from vision.labelled.words import is_vessel, material_of
from vision.state.vessel import Material

CLASSES, LABELS = "data.yaml", "labels"
Labelled = tuple[str, BoxPx]


def open_heinsight(path: Path) -> ForeignPictures:
    """Read all lists of boxes.

    Raises:
        DataUnreadable: the names of classes or a list cannot be read, or there are no pictures.
    """
    names = _names(path / CLASSES)
    pictures = {picture.stem: picture for folder in sorted(path.rglob(IMAGES)) for picture in pictures_in(folder)}
    if not pictures:
        raise DataUnreadable(f"{path}: no pictures in folders called {IMAGES}. Name the folder of {CLASSES}")
    truths = tuple(_truth(picture, names) for picture in pictures.values())
    return ForeignPictures(
        path, truths, lambda truth: LabelledPicture(truth, read_colours(pictures[truth.name]), None, None, None, None)
    )


def _names(file: Path) -> dict[int, str]:
    try:
        names: Any = yaml.safe_load(file.read_text(encoding="utf-8"))["names"]
        return {int(key): str(name) for key, name in (names.items() if isinstance(names, dict) else enumerate(names))}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError) as err:
        raise DataUnreadable(f"{file}: no list of names of classes ({err}). Restore it") from err


def _truth(picture: Path, names: dict[int, str]) -> PictureTruth:
    width, height = size_of(picture)
    boxes = _boxes(picture.parents[1] / LABELS / f"{picture.stem}.txt", names, width, height)
    vessels = [box for name, box in boxes if is_vessel(name)]
    parts = [(name, box) for name, box in boxes if not is_vessel(name)]
    if not vessels and parts:
        vessels = [_around([box for _, box in parts])]
    return PictureTruth(
        name=picture.stem, width=width, height=height, source="heinsight", licence="CC BY 4.0",
        vessels=tuple(_vessel(number, box, parts) for number, box in enumerate(vessels, start=1)),
    )  # fmt: skip


def _boxes(file: Path, names: dict[int, str], width: int, height: int) -> list[Labelled]:
    if not file.is_file():
        return []
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            if line.strip():
                kind, x, y, w, h = line.split()[:5]
                half_w, half_h = float(w) / 2, float(h) / 2
                box = ((float(x) - half_w) * width, (float(y) - half_h) * height,
                       (float(x) + half_w) * width, (float(y) + half_h) * height)  # fmt: skip
                found.append((names[int(kind)], box))
        except (ValueError, KeyError) as err:
            raise DataUnreadable(f"{file}, line {number}: {line!r} is no box of a known class. Label it anew") from err
    return found


def _around(boxes: list[BoxPx]) -> BoxPx:
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _share_inside(part: BoxPx, vessel: BoxPx) -> float:
    """How much of a part's box lies in a vessel's."""
    return shared_px(part, vessel) / max(1e-9, (part[2] - part[0]) * (part[3] - part[1]))


def _vessel(number: int, vessel: BoxPx, parts: list[Labelled]) -> VesselTruth:
    """What the boxes in a vessel tell of it; without any, its content is not told."""
    inside = [(material_of(name), box) for name, box in parts if _share_inside(box, vessel) >= 0.5]
    if not inside:
        return VesselTruth(id=number, kind="vial", box_px=vessel)
    body = _around([box for material, box in inside if material != Material.CAP] or [vessel])
    filled = [(material, box) for material, box in inside if material is not None and material != Material.CAP]
    filled.sort(key=lambda each: -each[1][3])
    top, bottom = (_around([box for _, box in filled])[side] for side in (1, 3)) if filled else (0.0, 0.0)
    return VesselTruth(
        id=number, kind="vial", box_px=vessel, content="unknown" if filled else "empty",
        cap="on" if any(material == Material.CAP for material, _ in inside) else "unknown",
        materials=tuple(material.name.lower() for material, _ in filled), n_material_regions=len(filled),
        fill_height_fraction=(bottom - top) / max(1.0, body[3] - body[1]),
    )  # fmt: skip
