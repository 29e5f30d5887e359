"""A camera behind a `VideoSource`. What a chemist should know of it stands in docs/devices/opencv_camera.md."""

import numpy as np
from numpy.typing import NDArray

from robot.device_settings import OpenCvCameraSettings
from robot.errors import DeviceFault, NotReachable, ReplyLost
from robot.interfaces import Identity
from robot.wire.base import PortUnavailable
from robot.wire.video import VideoSource, to_rgb

READ_TRIES = 3
BLACK_LEVEL = 3.0  # mean of 255: sensor noise with the lens cap on stays below


class OpenCvCamera:
    """One camera; `Camera` lists the promises kept here."""

    def __init__(self, name: str, source: VideoSource, settings: OpenCvCameraSettings) -> None:
        self.name = name
        self.sees = settings.sees
        self._source = source
        self._last: NDArray[np.uint8] | None = None

    def connect(self) -> Identity:
        """Take a picture, whatever is on it; cameras have no other way to introduce themselves."""
        try:
            height_px, width_px, _ = self._grab().shape
        except ReplyLost as err:
            raise NotReachable(self.name, err.what, err.remedy) from err
        return Identity("", f"camera {width_px} × {height_px}")

    def capture(self) -> NDArray[np.uint8]:
        """Take one fresh picture: (H, W, 3), RGB."""
        picture = to_rgb(self._grab())
        if picture[::8, ::8].mean() < BLACK_LEVEL:
            raise DeviceFault(self.name, "its picture is black", "Is the lens cap on, or the light off?")
        if self._last is not None and np.array_equal(picture, self._last):  # noise makes live pictures differ
            raise DeviceFault(self.name, "its picture is the very same as the last", "The stream is frozen: restart it")
        self._last = picture
        return picture.copy()

    def make_safe(self) -> None:
        """Nothing to stop: a camera only looks."""

    def _grab(self) -> NDArray[np.uint8]:
        try:
            for _ in range(READ_TRIES):
                is_read, picture = self._source.read()
                if is_read:
                    return picture
        except PortUnavailable as err:
            raise NotReachable(self.name, str(err), err.remedy) from err
        except ConnectionError as err:
            raise ReplyLost(self.name, f"gave no picture: {err}", "Check its cable or address") from err
        raise ReplyLost(self.name, f"gave no picture in {READ_TRIES} tries", "Check its cable")
