"""Is a picture good enough to be believed?"""

from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

Quality = Literal["ok", "dark", "blurred"]
Grey = NDArray[np.float32]
DARK_BELOW = 25.0
"""99th percentile of brightness, 0 to 255, of a picture in which noise outweighs the subject."""
BLURRED_BELOW = 0.14
"""Steepest step of a picture in focus between neighbouring half-size pixels, as a share of its contrast. Measured on
renders: 0.16 at least when sharp; less than 0.14 in 7 of 10 blurred by 4 pixels and in 19 of 20 blurred by 6."""


def judge(picture: NDArray[np.uint8], vessel: NDArray[np.bool_]) -> Quality:
    """Judge a picture (H, W, 3), RGB, sharpness by the edges of the vessel (H, W) in it: where none is, all is sharp."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    half = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(np.float32)
    if np.percentile(half, 99) < DARK_BELOW:
        return "dark"
    if not vessel.any():
        return "ok"
    rows, columns = (np.flatnonzero(vessel.any(axis=axis)) // 2 for axis in (1, 0))
    box = half[max(0, rows[0] - 4) : rows[-1] + 5, max(0, columns[0] - 4) : columns[-1] + 5]
    return "blurred" if steepest_step(box) < BLURRED_BELOW else "ok"


def steepest_step(grey: Grey) -> float:
    """Steepest step between neighbouring pixels over the contrast, noise smoothed away."""
    calm = cv2.GaussianBlur(grey, (3, 3), 0)
    low, high = np.percentile(calm, (0.5, 99.5))
    steps = (np.abs(np.diff(calm, axis=axis)) for axis in (0, 1))
    return float(max(np.percentile(step, 99.5) for step in steps) / max(high - low, 1.0))
