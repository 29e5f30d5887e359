"""A simulated camera in the same process."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from hardware_sim.emulators.opencv_camera import SNAP, OpenCvCameraEmulator

NOTHING = np.empty((0, 0, 3), np.uint8)


class SimulatedVideo:
    """What `cv2.VideoCapture` is to a real camera: a `robot.wire.video.VideoSource`.

    Args:
        camera: its far side.
        receive: carries a request there, for the record.
    """

    def __init__(self, camera: OpenCvCameraEmulator, receive: Callable[[bytes], object]) -> None:
        self._camera = camera
        self._receive = receive

    def read(self) -> tuple[bool, NDArray[np.uint8]]:
        """Take the next picture: success, and (480, 640, 3) in BGR order."""
        self._receive(SNAP)
        picture = self._camera.picture()
        return (False, NOTHING) if picture is None else (True, picture)

    def release(self) -> None:
        """Nothing is held."""
