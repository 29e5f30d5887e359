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
