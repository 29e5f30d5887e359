"""What the cameras saw: small pictures with their masks, and what was concluded from them."""

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from console.report.story import Story
from planning.journal import Event
from vision.overlay import COLOURS

PICTURE_WIDTH_PX = 240
MASK_WIDTH_PX = 120
"""The page smooths it; class borders need no more, and flat colours do not shrink as photographs do."""
JPEG_QUALITY = 72


@dataclass(frozen=True)
class Look:
    """One look for the page; picture and mask are data addresses, None where the file is gone."""

    sample: str
    step: str
    attempt: int
    answer: str
    reason: str
    hours: float
    picture: str | None
    mask: str | None


def looks(story: Story) -> list[Look]:
    """Every look of a run, in order."""
    return [_look(story, event) for event in story.said("look")]


def _look(story: Story, event: Event) -> Look:
    pictures = story.folder / "pictures"
    return Look(
        event.sample,
        event.task.split(".")[1],
        event.data["attempt"],
        event.data["answer"],
        event.data["reason"],
        story.hours_at(event.time_s),
        _thumbnail(pictures / event.data["picture"]),
        _mask(pictures / event.data["mask"]),
    )


def _thumbnail(path: Path) -> str | None:
    pixels = cv2.imread(str(path), cv2.IMREAD_COLOR) if path.exists() else None
    if pixels is None:
        return None
    _, jpeg = cv2.imencode(
        ".jpg", _small(pixels, PICTURE_WIDTH_PX, cv2.INTER_AREA), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    )
    return _address("jpeg", bytes(jpeg))


def _mask(path: Path) -> str | None:
    """The mask as a layer of its own, clear where there is background."""
    classes = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) if path.exists() else None
    if classes is None:
        return None
    small = _small(classes, MASK_WIDTH_PX, cv2.INTER_NEAREST)
    layer = np.zeros((*small.shape, 4), np.uint8)
    for material, (red, green, blue) in COLOURS.items():
        layer[small == material] = (blue, green, red, 255)
    _, png = cv2.imencode(".png", layer, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    return _address("png", bytes(png))


def _small(pixels: NDArray[Any], width_px: int, interpolation: int) -> NDArray[np.uint8]:
    height_px = round(pixels.shape[0] * width_px / pixels.shape[1])
    return np.asarray(cv2.resize(pixels, (width_px, height_px), interpolation=interpolation), np.uint8)


def _address(kind: str, data: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
