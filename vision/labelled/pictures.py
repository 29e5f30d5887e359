"""Labelled pictures, however they lie on disk."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.errors import DataUnreadable
from vision.labelled.folder import SUFFIXES, LabelledPicture, Plane
from vision.labelled.truth import PictureTruth


class LabelledPictures(Protocol):
    """What every layout is read as; `LabelledFolder` is one of them."""

    @property
    def path(self) -> Path:
        """Where they lie."""

    @property
    def truths(self) -> tuple[PictureTruth, ...]:
        """What can be said without reading the pictures."""

    def load(self, truth: PictureTruth) -> LabelledPicture:
        """Read one; its own truth may say more, for masks have been read.

        Raises:
            DataUnreadable: the picture or a mask is missing, damaged or of another size.
        """

    def __iter__(self) -> Iterator[LabelledPicture]:
        """Read all, one after the other."""


@dataclass(frozen=True)
class ForeignPictures:
    """Pictures in a layout that is not ours."""

    path: Path
    truths: tuple[PictureTruth, ...]
    read: Callable[[PictureTruth], LabelledPicture]

    def load(self, truth: PictureTruth) -> LabelledPicture:
        """Read one picture."""
        return self.read(truth)

    def __iter__(self) -> Iterator[LabelledPicture]:
        """Read all, one after the other."""
        return (self.read(truth) for truth in self.truths)


def read_colours(path: Path) -> Plane:
    """Read a picture: (H, W, 3), RGB.

    Raises:
        DataUnreadable: it is missing or no picture.
    """
    pixels = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB) if path.is_file() else None
    if pixels is None:
        raise DataUnreadable(f"{path}: missing or no picture. Restore it, or take it out of the list")
    return np.asarray(pixels, np.uint8)


def read_mask(path: Path, shape: tuple[int, ...]) -> NDArray[np.uint8] | None:
    """Read a mask as it is, (H, W) or (H, W, channels) in OpenCV's order BGR; None if there is none.

    Raises:
        DataUnreadable: it is damaged, or not of the picture's height and width.
    """
    if not path.is_file():
        return None
    mask = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if mask is None or mask.shape[:2] != tuple(shape[:2]):
        was = "damaged" if mask is None else f"{mask.shape[:2]}, the picture {tuple(shape[:2])}"
        raise DataUnreadable(f"{path}: {was}. Draw the mask at the picture's size")
    return np.asarray(mask, np.uint8)


def size_of(path: Path) -> tuple[int, int]:
    """Width and height of a picture.

    Raises:
        DataUnreadable: it is missing or no picture.
    """
    height, width = read_colours(path).shape[:2]
    return width, height


def picture_at(folder: Path, stem: str) -> Path | None:
    """The picture of that stem in a folder, whatever its kind."""
    found = (folder / f"{stem}{suffix}" for suffix in SUFFIXES)
    return next((path for path in found if path.is_file()), None)


def pictures_in(folder: Path) -> list[Path]:
    """All pictures of a folder, by name."""
    return sorted(path for path in folder.glob("*") if path.suffix.lower() in SUFFIXES)
