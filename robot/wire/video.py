"""Where pictures come from: the wire of a camera."""

from typing import Any, Protocol
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from robot.wire.base import PortUnavailable

STALE_PICTURES = 4  # what V4L2 and FFmpeg keep in their queues: taken before we asked
SNAPSHOT_TIMEOUT_S = 5.0
NO_PICTURE: NDArray[np.uint8] = np.empty((0, 0, 3), np.uint8)


class VideoSource(Protocol):
    """What `cv2.VideoCapture` offers, as far as we need it; a simulated laboratory offers it too."""

    def read(self) -> tuple[bool, NDArray[np.uint8]]:
        """Grab the next picture: success, and (H, W, 3) in OpenCV's BGR order.

        Raises:
            ConnectionError: the camera is gone; as PortUnavailable, it could not be opened.
        """

    def release(self) -> None:
        """Give the camera back."""


def open_video(source: int | str) -> VideoSource:
    """Choose how to reach a camera; it is opened at the first picture.

    Args:
        source: a camera's number, a device or file path, a stream's URL, or the http(s) address of a .png or .jpg
            that shows a fresh picture each time it is asked for.
    """
    if isinstance(source, str):
        address = urlsplit(source)
        if address.scheme in {"http", "https"} and address.path.lower().endswith((".png", ".jpg", ".jpeg")):
            return SnapshotSource(source)
    return CaptureSource(source)


class CaptureSource:
    """A camera that OpenCV reads; pictures that waited in its queue are thrown away."""

    def __init__(self, source: int | str, stale_pictures: int = STALE_PICTURES) -> None:
        self._source = source
        self._stale_pictures = stale_pictures
        self._capture: Any = None

    def read(self) -> tuple[bool, NDArray[np.uint8]]:
        """Grab a picture taken after this call began; raise PortUnavailable if the camera cannot be opened."""
        capture = self._opened()
        for _ in range(self._stale_pictures):
            capture.grab()
        is_read, picture = capture.read()
        return (True, picture) if is_read else (False, NO_PICTURE)

    def release(self) -> None:
        """Give the camera back; may be called again."""
        if self._capture is not None:
            self._capture.release()
            self._capture = None

    def _opened(self) -> Any:
        if self._capture is None:
            import cv2

            capture = cv2.VideoCapture(self._source)
            if not capture.isOpened():
                raise PortUnavailable(
                    f"cannot open camera {self._source!r}", "Is it plugged in, and is no other program using it?"
                )
            self._capture = capture
        return self._capture


class SnapshotSource:
    """A camera that shows a fresh picture at an http address."""

    def __init__(self, url: str) -> None:
        self._url = url

    def read(self) -> tuple[bool, NDArray[np.uint8]]:
        """Fetch a picture; raise ConnectionError if the address does not answer."""
        import cv2
        import httpx

        try:
            reply = httpx.get(self._url, timeout=SNAPSHOT_TIMEOUT_S).raise_for_status()
        except httpx.HTTPError as err:
            raise ConnectionError(f"{self._url}: {err}") from err
        picture = cv2.imdecode(np.frombuffer(reply.content, np.uint8), cv2.IMREAD_COLOR)
        return (False, NO_PICTURE) if picture is None else (True, np.asarray(picture, np.uint8))

    def release(self) -> None:
        """Nothing is held."""


def to_rgb(bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Turn OpenCV's (H, W, 3) BGR into a fresh (H, W, 3) RGB picture."""
    import cv2

    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)
