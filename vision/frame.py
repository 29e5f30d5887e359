"""A picture, with what must be known to read it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Frame:
    """One picture: `pixels` is (H, W, 3) uint8, RGB; `taken_s` is bench time."""

    pixels: NDArray[np.uint8]
    camera: str
    taken_s: float

    def png(self) -> bytes:
        """The picture as a PNG file."""
        return encode_png(self.pixels[:, :, ::-1])


def encode_png(pixels: NDArray[np.uint8]) -> bytes:
    """Encode (H, W) or (H, W, 3) in OpenCV's BGR order as a PNG file."""
    import cv2

    _, encoded = cv2.imencode(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    return bytes(encoded)
