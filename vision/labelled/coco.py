"""Plain COCO: one JSON file of images, categories and annotations, with boxes, polygons or runs.

    FOLDER/NAME.json   or FOLDER/annotations/NAME.json
    pictures as `file_name` says, beside it, in `images`, or in the folder itself

Categories are understood by name (`words.py`); what is neither vessel, material nor cap is left out. If an annotation
has a segmentation, masks are drawn; if none has, vessels have boxes alone.
"""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from vision.errors import DataUnreadable
from vision.labelled.facts import vessel_from_masks
from vision.labelled.folder import IMAGES, LabelledPicture
from vision.labelled.pictures import ForeignPictures, read_colours
from vision.labelled.rle import mask_of
from vision.labelled.truth import PictureTruth, VesselTruth
from vision.labelled.words import is_vessel, material_of
from vision.state.vessel import Material

Annotation = dict[str, Any]
MOST_VESSELS = 254


def coco_file(path: Path) -> Path | None:
    """The list of annotations in a folder, if there is one."""
    for file in sorted([*path.glob("*.json"), *path.glob("annotations/*.json")]):
        head = file.read_text(encoding="utf-8", errors="replace")
        if all(f'"{part}"' in head for part in ("images", "annotations", "categories")):
            return file
    return None


def open_coco(path: Path) -> ForeignPictures:
    """Read a list of annotations.

    Raises:
        DataUnreadable: there is none, or it does not say what it should.
    """
    file = coco_file(path)
    if file is None:
        raise DataUnreadable(f"{path}: no JSON file with images, annotations and categories. Export as COCO")
    try:
        coco = json.loads(file.read_bytes())
        names = {each["id"]: each["name"] for each in coco["categories"]}
        labels = defaultdict[int, list[tuple[str, Annotation]]](list)
        for each in coco["annotations"]:
            labels[each["image_id"]].append((names[each["category_id"]], each))
        images = {Path(each["file_name"]).stem: each for each in coco["images"]}
        truths = tuple(_truth(image, labels[image["id"]]) for image in images.values())
    except (ValueError, KeyError, TypeError, AttributeError) as err:
        raise DataUnreadable(f"{file}: no COCO list ({type(err).__name__}: {err}). Export it anew") from err
    return ForeignPictures(
        path, truths, lambda truth: _load(path, images[truth.name], truth, labels[images[truth.name]["id"]])
    )


def _truth(image: dict[str, Any], labels: list[tuple[str, Annotation]]) -> PictureTruth:
    vessels = [(name, each["bbox"]) for name, each in labels if is_vessel(name)][:MOST_VESSELS]
    return PictureTruth(
        name=Path(image["file_name"]).stem, width=image["width"], height=image["height"], source="coco",
        vessels=tuple(
            VesselTruth(id=number, kind=name.lower(), box_px=(box[0], box[1], box[0] + box[2], box[1] + box[3]))
            for number, (name, box) in enumerate(vessels, start=1)
        ),
    )  # fmt: skip


def _load(
    path: Path, image: dict[str, Any], truth: PictureTruth, labels: list[tuple[str, Annotation]]
) -> LabelledPicture:
    places = [path / image["file_name"], path / IMAGES / image["file_name"], path / Path(image["file_name"]).name]
    pixels = read_colours(next((place for place in places if place.is_file()), places[0]))
    if not any(each.get("segmentation") for _, each in labels):
        return LabelledPicture(truth, pixels, None, None, None, None)
    vessel, material, phase = (np.zeros(pixels.shape[:2], np.uint8) for _ in range(3))
    try:
        drawn = [(name, mask_of(each.get("segmentation") or [], *pixels.shape[:2])) for name, each in labels]
    except (ValueError, KeyError, TypeError) as err:
        raise DataUnreadable(f"{path}: a segmentation of {truth.name} cannot be drawn ({err}). Export it anew") from err
    for number, mask in enumerate([mask for name, mask in drawn if is_vessel(name)][:MOST_VESSELS], start=1):
        vessel[mask], material[mask] = number, Material.EMPTY
    contents = [(what, mask) for name, mask in drawn if (what := material_of(name)) is not None]
    for number, (what, mask) in enumerate(contents, start=1):
        material[mask] = what
        phase[mask & (material != Material.CAP)] = number
    told = tuple(
        vessel_from_masks(each.id, vessel, material, phase, kind=each.kind, box_px=each.box_px)
        for each in truth.vessels
    )
    return LabelledPicture(truth.model_copy(update={"vessels": told}), pixels, vessel, material, phase, None)
