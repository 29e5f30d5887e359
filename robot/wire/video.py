"""Where pictures come from: the wire of a camera."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class VideoSource(Protocol):
    """What `cv2.VideoCapture` offers, as far as we need it; a simulated laboratory offers it too."""

    def read(self) -> tuple[bool, NDArray[np.uint8]]:
        """Grab the next picture: success, and (H, W, 3) in OpenCV's BGR order."""

    def release(self) -> None:
        """Give the camera back."""
