"""TransProteus (Eppel et al., 2021): renders of one transparent vessel with something in it.

    FOLDER/NAME/VesselMask.png
    FOLDER/NAME/VesselWithContent_Frame_N_RGB.jpg
    FOLDER/NAME/Content_Frame_N_Mask.png     blue: through the glass, green: through the opening, red: as without the vessel

Whether the content is liquid is not told in the masks: it counts as filled, class unsure. Where it is seen past the
glass, or through opening and glass at once, nothing is scored.
"""

import re
from pathlib import Path

import numpy as np

from vision.errors import DataUnreadable
from vision.labelled.facts import vessel_from_masks
from vision.labelled.folder import LabelledPicture
from vision.labelled.pictures import ForeignPictures, read_colours, read_mask, size_of
from vision.labelled.truth import IGNORE, UNSURE_MATERIAL, PictureTruth
from vision.state.vessel import Material

PICTURE = "VesselWithContent_Frame_*_RGB.jpg"


def open_transproteus(path: Path) -> ForeignPictures:
    """List all frames of all scenes."""
    frames = {f"{file.parent.name}-{_frame(file)}": file for file in sorted(path.glob(f"*/{PICTURE}"))}
    return ForeignPictures(
        path, tuple(_truth(name, file) for name, file in frames.items()), lambda truth: _load(frames[truth.name], truth)
    )


def _frame(file: Path) -> str:
    return re.sub(r"\D", "", file.stem)


def _truth(name: str, file: Path) -> PictureTruth:
    width, height = size_of(file)
    return PictureTruth(name=name, width=width, height=height, source="transproteus", group=file.parent.name)


def _load(file: Path, truth: PictureTruth) -> LabelledPicture:
    pixels = read_colours(file)
    mask = read_mask(file.parent / "VesselMask.png", pixels.shape)
    content = read_mask(file.parent / f"Content_Frame_{_frame(file)}_Mask.png", pixels.shape)
    if mask is None or content is None or content.ndim != 3:
        raise DataUnreadable(
            f"{file.parent}: no VesselMask.png or no Content_Frame_{_frame(file)}_Mask.png in colour. Restore it"
        )
    vessel = ((mask if mask.ndim == 2 else mask[..., 0]) > 0).astype(np.uint8)
    through, opening, bare = (content[..., channel] > 0 for channel in range(3))
    filled = content.any(axis=2) & (vessel > 0)
    material = np.where(vessel > 0, np.uint8(Material.EMPTY), np.uint8(0))
    material[filled] = UNSURE_MATERIAL
    material[(bare & ~opening) | (through & opening)] = IGNORE
    told = (vessel_from_masks(1, vessel, material, filled.astype(np.uint8)),) if vessel.any() else ()
    return LabelledPicture(
        truth.model_copy(update={"vessels": told}), pixels, vessel, material, filled.astype(np.uint8), None
    )
