import numpy as np
import pytest
from numpy.typing import NDArray

from robot.device_settings import OpenCvCameraSettings
from robot.drivers.opencv_camera import OpenCvCamera
from robot.errors import DeviceFault, NotReachable, ReplyLost
from robot.wire.base import PortUnavailable
from robot.wire.video import NO_PICTURE

SETTINGS = OpenCvCameraSettings(model="opencv", source=0, sees=["booth"])


class Reel:
    """Shows its pictures in turn; None is a failed grab, an error is raised."""

    def __init__(self, *pictures: NDArray[np.uint8] | Exception | None) -> None:
        self.pictures = list(pictures)

    def read(self) -> tuple[bool, NDArray[np.uint8]]:
        picture = self.pictures.pop(0)
        if isinstance(picture, Exception):
            raise picture
        return (False, NO_PICTURE) if picture is None else (True, picture)

    def release(self) -> None: ...


def noise(seed: int) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 255, (48, 64, 3), dtype=np.uint8)


def camera(*pictures: NDArray[np.uint8] | Exception | None) -> OpenCvCamera:
    return OpenCvCamera("camera", Reel(*pictures), SETTINGS)


def test_a_picture_comes_as_rgb() -> None:
    assert np.array_equal(camera(noise(1)).capture(), noise(1)[..., ::-1])


def test_a_failed_grab_is_tried_again() -> None:
    assert camera(None, None, noise(1)).capture().shape == (48, 64, 3)


def test_no_picture_in_three_tries_is_a_lost_reply() -> None:
    with pytest.raises(ReplyLost):
        camera(None, None, None).capture()


def test_a_broken_connection_is_a_lost_reply() -> None:
    with pytest.raises(ReplyLost, match="404"):
        camera(ConnectionError("404")).capture()


def test_a_camera_that_cannot_be_opened_is_not_reachable() -> None:
    with pytest.raises(NotReachable, match="Plug it in"):
        camera(PortUnavailable("cannot open camera 0", "Plug it in")).connect()


def test_a_black_picture_is_a_fault() -> None:
    with pytest.raises(DeviceFault, match="black"):
        camera(np.ones((48, 64, 3), np.uint8)).capture()


def test_the_very_same_picture_twice_is_a_frozen_stream() -> None:
    frozen = camera(noise(1), noise(1))
    frozen.capture()

    with pytest.raises(DeviceFault, match="very same"):
        frozen.capture()


def test_a_fresh_picture_is_no_frozen_stream() -> None:
    live = camera(noise(1), noise(2))
    live.capture()

    assert np.array_equal(live.capture(), noise(2)[..., ::-1])


def test_connecting_takes_a_picture_and_tells_its_size() -> None:
    assert camera(None, noise(1)).connect().model == "camera 64 × 48"
