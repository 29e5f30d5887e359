"""A folder of labelled pictures: `images`, masks beside them, and an index.

    FOLDER/index.json            a list of `PictureTruth`
    FOLDER/images/NAME.jpg       or .png: the picture
    FOLDER/vessel/NAME.png       number of the vessel instance, 0 elsewhere
    FOLDER/material/NAME.png     `Material`; 254 filled, class unsure; 255 ignore
    FOLDER/phase/NAME.png        number of the region of material, 1 and up, 0 elsewhere
    FOLDER/spill/NAME.png        0 or 255; may be missing

It is the layout of `vessel_masks`; rendering and labelling write it, training and scoring read it.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from vision.errors import DataUnreadable
from vision.labelled.truth import PictureTruth

Plane = NDArray[np.uint8]
INDEX = "index.json"
IMAGES, VESSEL, MATERIAL, PHASE, SPILL = "images", "vessel", "material", "phase", "spill"
SUFFIXES = (".jpg", ".png", ".jpeg")


@dataclass(frozen=True)
class LabelledPicture:
    """A picture and its truth. Planes that nobody has drawn are None."""

    truth: PictureTruth
    pixels: Plane
    """(H, W, 3) RGB."""
    vessel: Plane | None
    """(H, W) vessel's number, 0 elsewhere."""
    material: Plane | None
    """(H, W) `Material`, 254, 255."""
    phase: Plane | None
    """(H, W) region's number, 0 elsewhere."""
    spill: Plane | None
    """(H, W) 0 or 255."""


@dataclass(frozen=True)
class LabelledFolder:
    """What a folder's index lists."""

    path: Path
    truths: tuple[PictureTruth, ...]

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read a folder's index.

        Raises:
            DataUnreadable: there is no index, or it does not say what it should.
        """
        try:
            listed: Any = json.loads((path / INDEX).read_text(encoding="utf-8"))
            return cls(path, tuple(PictureTruth.model_validate(each) for each in listed))
        except OSError as err:
            raise DataUnreadable(
                f"{path / INDEX}: {err.strerror}. Name a folder that has an index of pictures"
            ) from err
        except (ValueError, TypeError, ValidationError) as err:
            raise DataUnreadable(f"{path / INDEX}: no list of labelled pictures ({err}). Label or render anew") from err

    def __iter__(self) -> Iterator[LabelledPicture]:
        """Read all, one after the other."""
        return (self.load(truth) for truth in self.truths)

    def load(self, truth: PictureTruth) -> LabelledPicture:
        """Read one picture and its planes.

        Raises:
            DataUnreadable: the picture is missing or damaged, or a plane has another size.
        """
        found = [self.path / IMAGES / f"{truth.name}{suffix}" for suffix in SUFFIXES]
        picture = next((path for path in found if path.is_file()), found[0])
        pixels = cv2.imread(str(picture), cv2.IMREAD_COLOR_RGB)
        if pixels is None:
            raise DataUnreadable(f"{picture}: missing or no picture. Restore it, or take {truth.name} out of the index")
        planes = (self._plane(truth, part, pixels.shape[:2]) for part in (VESSEL, MATERIAL, PHASE, SPILL))
        return LabelledPicture(truth, np.asarray(pixels, np.uint8), *planes)

    def _plane(self, truth: PictureTruth, part: str, shape: Sequence[int]) -> Plane | None:
        path = self.path / part / f"{truth.name}.png"
        if not path.is_file():
            return None
        plane = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        if plane is None or plane.shape != tuple(shape):
            was = "damaged" if plane is None else f"{plane.shape}, the picture {tuple(shape)}"
            raise DataUnreadable(f"{path}: {was}. Draw the mask at the picture's size, one channel")
        return np.asarray(plane, np.uint8)


class LabelledWriter:
    """Writes a folder picture by picture; `close` writes the index."""

    def __init__(self, path: Path) -> None:
        self._path, self._truths = path, list[PictureTruth]()

    def add(self, picture: LabelledPicture, quality: int = 92) -> None:
        """Write one picture as JPEG and its planes as PNG."""
        planes = {VESSEL: picture.vessel, MATERIAL: picture.material, PHASE: picture.phase, SPILL: picture.spill}
        name = picture.truth.name
        jpeg = [cv2.IMWRITE_JPEG_QUALITY, quality]
        cv2.imwrite(str(self._room(IMAGES) / f"{name}.jpg"), picture.pixels[..., ::-1], jpeg)
        for part, plane in planes.items():
            if plane is not None:
                cv2.imwrite(str(self._room(part) / f"{name}.png"), plane)
        self._truths.append(picture.truth)

    def close(self) -> None:
        """Write the index; without it there is no folder of labelled pictures."""
        listed = [truth.model_dump(mode="json", exclude_defaults=True) for truth in self._truths]
        (self._path / INDEX).write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")

    def _room(self, part: str) -> Path:
        folder = self._path / part
        folder.mkdir(parents=True, exist_ok=True)
        return folder
