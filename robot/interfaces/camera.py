"""An eye on part of the bench."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from robot.interfaces.device import Device, Repeat, repeats


class Camera(Device, Protocol):
    """Takes pictures; what is in them is somebody else's business."""

    @repeats(Repeat.READ)
    def capture(self) -> NDArray[np.uint8]:
        """Take one fresh picture: (H, W, 3), RGB.

        Raises:
            ReplyLost: no picture came.
            DeviceFault: the picture is black, or the very same as the last (a frozen stream).
        """
