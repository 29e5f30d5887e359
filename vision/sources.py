"""Where pictures come from: a file, a folder, a camera."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from vision.errors import DataUnreadable
from vision.frame import Frame

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp"})


@dataclass(frozen=True)
class Pictures:
    """Pictures by file, read one after the other."""

    paths: Sequence[Path]

    def __len__(self) -> int:
        return len(self.paths)

    def __iter__(self) -> Iterator[Frame]:
        """Read all.

        Raises:
            DataUnreadable: a file is no picture.
        """
        return (read_picture(path) for path in self.paths)


def pictures_at(source: str) -> Pictures | list[Frame]:
    """Find what a person named: a picture, a folder of them (or one with a folder `images`), a camera's number or address.

    Raises:
        DataUnreadable: there is none, or the camera gives none.
    """
    path = Path(source)
    if path.is_dir():
        folder = path / "images" if (path / "images").is_dir() else path
        found = sorted(each for each in folder.iterdir() if each.suffix.lower() in SUFFIXES)
        if not found:
            raise DataUnreadable(f"{folder} holds no pictures. Name a folder of JPEG or PNG files")
        return Pictures(found)
    if path.is_file():
        return Pictures([path])
    if source.isdecimal() or "://" in source:
        return [_from_camera(source)]
    raise DataUnreadable(f"{source} is no file, no folder and no camera. A camera is a number such as 0, or an address")


def read_picture(path: Path) -> Frame:
    """Read one file.

    Raises:
        DataUnreadable: it is no picture.
    """
    pixels = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
    if pixels is None:
        raise DataUnreadable(f"{path} is no picture that can be read. Name a JPEG or PNG file")
    return Frame(np.asarray(pixels, np.uint8), path.name, 0.0)


def _from_camera(source: str) -> Frame:
    camera = cv2.VideoCapture(int(source) if source.isdecimal() else source)
    try:
        is_there, pixels = camera.read()
    finally:
        camera.release()
    if not is_there:
        raise DataUnreadable(f"camera {source} gives no picture. Is it plugged in, and used by nobody else?")
    return Frame(np.asarray(pixels[:, :, ::-1], np.uint8), f"camera-{source.rsplit('/', 1)[-1]}", 0.0)
