"""Vector-LabPics (Eppel et al., ACS Cent. Sci. 6, 1743, 2020), in both layouts.

Version 1:
    FOLDER/Image/NAME.jpg
    FOLDER/Instance/NAME.png            blue: number of the material, red: number of the vessel
    FOLDER/Semantic/16_Filled/NAME.png  one folder per class, `NUMBER_NAME`; 1 and 2: of the class, higher: ignore
Version 2:
    FOLDER/NAME/Image.jpg
    FOLDER/NAME/Data.json               vessels, materials and parts, each with the path of its mask
    FOLDER/NAME/Vessels/1.png, MaterialsAndParts/1.png, Ignore.png      blue: where it is
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.errors import DataUnreadable
from vision.labelled.facts import vessel_from_masks
from vision.labelled.folder import LabelledPicture, Plane
from vision.labelled.pictures import ForeignPictures, picture_at, pictures_in, read_colours, read_mask, size_of
from vision.labelled.truth import IGNORE, UNSURE_MATERIAL, PictureTruth
from vision.labelled.words import material_of
from vision.state.vessel import Material

V1_MATERIALS = (
    ("16_Filled", UNSURE_MATERIAL), ("6_Liquid GENERAL", Material.LIQUID), ("10_Solid GENERAL", Material.SOLID),
    ("7_Liquid Suspension", Material.SUSPENSION), ("8_Foam", Material.FOAM), ("9_Gel", Material.SOLID),
    ("11_Granular", Material.SOLID), ("12_Powder", Material.SOLID), ("13_Solid Bulk", Material.SOLID),
    ("3_V Cork", Material.CAP), ("4_V Parts GENERAL", Material.CAP),
)  # fmt: skip
"""In the order in which they are laid over each other."""
V1_VESSEL, V1_IGNORE = "1_Vessel", "5_Ignore"


def open_labpics_1(path: Path) -> ForeignPictures:
    """Read a folder of version 1."""
    pictures = {picture.stem: picture for picture in pictures_in(path / "Image")}
    return ForeignPictures(
        path, tuple(map(_named, pictures.values())), lambda truth: _load_1(path, pictures[truth.name], truth)
    )


def open_labpics_2(path: Path) -> ForeignPictures:
    """Read a folder of version 2."""
    pictures = {file.parent.name: file.parent for file in sorted(path.glob("*/Data.json"))}
    truths = tuple(
        _named(picture_at(folder, "Image") or folder / "Image.jpg", name) for name, folder in pictures.items()
    )
    return ForeignPictures(path, truths, lambda truth: _load_2(pictures[truth.name], truth))


def _named(picture: Path, name: str = "") -> PictureTruth:
    width, height = size_of(picture)
    return PictureTruth(name=name or picture.stem, width=width, height=height, source="labpics", licence="MIT")


def _load_1(path: Path, picture: Path, truth: PictureTruth) -> LabelledPicture:
    pixels = read_colours(picture)

    def of_class(name: str) -> Plane:
        mask = read_mask(path / "Semantic" / name / f"{truth.name}.png", pixels.shape)
        return np.zeros(pixels.shape[:2], np.uint8) if mask is None else _blue(mask)

    instances = read_mask(path / "Instance" / f"{truth.name}.png", pixels.shape)
    if instances is None or instances.ndim != 3:
        raise DataUnreadable(f"{path / 'Instance' / truth.name}.png: missing or not in colour. Restore it")
    vessel, phase = instances[..., 2].copy(), instances[..., 0].copy()
    vessel[vessel > 250] = 0
    layers = [(of_class(name), value) for name, value in V1_MATERIALS]
    material = np.where(vessel > 0, np.uint8(Material.EMPTY), np.uint8(0))
    for plane, value in layers:
        material[(plane > 0) & (plane < 3)] = value
    unsure = (of_class(V1_IGNORE) > 0) | (of_class(V1_VESSEL) > 2)
    material[unsure] = IGNORE
    return _told(truth, pixels, vessel, material, phase, {})


def _load_2(folder: Path, truth: PictureTruth) -> LabelledPicture:
    pixels = read_colours(picture_at(folder, "Image") or folder / "Image.jpg")
    vessel, material, phase = (np.zeros(pixels.shape[:2], np.uint8) for _ in range(3))
    try:
        data = json.loads((folder / "Data.json").read_bytes())
        kinds = {int(key): _kind(each) for key, each in data["Vessels"].items()}
        for key, each in data["Vessels"].items():
            mask = _where(folder, each, pixels)
            vessel[mask], material[mask] = int(key), Material.EMPTY
        contents = [(int(key), each) for key, each in data["MaterialsAndParts"].items()]
        for key, each in sorted(contents, key=lambda item: bool(item[1]["IsPart"])):
            if each["IsPart"] or not (each.get("IsOnSurface") or each.get("IsScattered")):
                mask = _where(folder, each, pixels) & (vessel > 0)
                material[mask] = _class_2(each)
                phase[mask] = 0 if each["IsPart"] else key
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as err:
        raise DataUnreadable(f"{folder / 'Data.json'}: {type(err).__name__}: {err}. Restore it") from err
    ignore = read_mask(folder / "Ignore.png", pixels.shape)
    if ignore is not None:
        material[_blue(ignore) > 0] = IGNORE
    return _told(truth, pixels, vessel, material, phase, kinds)


def _where(folder: Path, entry: dict[str, Any], pixels: Plane) -> NDArray[np.bool_]:
    mask = read_mask(folder / str(entry["MaskFilePath"]).lstrip("/"), pixels.shape)
    return np.zeros(pixels.shape[:2], np.bool_) if mask is None else _blue(mask) > 0


def _blue(mask: Plane) -> Plane:
    return mask if mask.ndim == 2 else mask[..., 0]


def _kind(entry: dict[str, Any]) -> str | None:
    """The finest name of a vessel."""
    names = [name for name in entry.get("VesselType_ClassNames", []) if name != "Vessel"]
    return str(names[0]).lower() if names else None


def _class_2(entry: dict[str, Any]) -> int:
    """The class of a material or part; several at once leave it unsure."""
    if entry["IsPart"]:
        return Material.CAP
    names = [name for name in entry.get("MaterialType_ClassNames", []) if name != "Filled"]
    found = {material for material in map(material_of, names) if material is not None}
    return found.pop() if len(found) == 1 else UNSURE_MATERIAL


def _told(truth: PictureTruth, pixels: Plane, vessel: Plane, material: Plane, phase: Plane,
          kinds: dict[int, str | None]) -> LabelledPicture:  # fmt: skip
    numbers = [int(number) for number in np.unique(vessel) if number]
    vessels = tuple(vessel_from_masks(number, vessel, material, phase, kind=kinds.get(number)) for number in numbers)
    return LabelledPicture(truth.model_copy(update={"vessels": vessels}), pixels, vessel, material, phase, None)
