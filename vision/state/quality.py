"""Is a picture good enough to be believed?"""

from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

Quality = Literal["ok", "dark", "blurred"]
DARK_BELOW = 25.0
"""99th percentile of brightness, 0 to 255, of a picture in which noise outweighs the subject."""
BLURRED_BELOW = 0.10
"""Steepest edge of a sharp picture, as the share of its contrast that lies between two neighbouring half-size pixels."""


def judge(picture: NDArray[np.uint8]) -> Quality:
    """Judge a picture (H, W, 3), RGB. A picture without contrast has no edge to be blurred: it is "ok" or "dark"."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    half = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(np.float32)
    if np.percentile(half, 99) < DARK_BELOW:
        return "dark"
    return "blurred" if steepest_edge(half) < BLURRED_BELOW else "ok"


def steepest_edge(grey: NDArray[np.float32]) -> float:
    """Steepest step between neighbouring pixels over the picture's contrast, noise smoothed away."""
    calm = cv2.GaussianBlur(grey, (3, 3), 0)
    low, high = np.percentile(calm, (0.5, 99.5))
    across, down = np.abs(np.diff(calm, axis=1)), np.abs(np.diff(calm, axis=0))
    steepest = max(np.percentile(across, 99.8), np.percentile(down, 99.8))
    return float(steepest / max(high - low, 1.0))
