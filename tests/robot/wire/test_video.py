from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from robot.wire.base import PortUnavailable
from robot.wire.video import CaptureSource, SnapshotSource, open_video, to_rgb

BLUE = np.full((48, 64, 3), (255, 0, 0), np.uint8)  # in OpenCV's order


class Snapshots(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = {"/live.png": cv2.imencode(".png", BLUE)[1].tobytes(), "/odd.png": b"no picture"}.get(self.path)
        self.send_response(404 if body is None else 200)
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Snapshots)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def numbered_film(path: Path, pictures: int) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 25.0, (64, 48))
    for number in range(pictures):
        writer.write(np.full((48, 64, 3), 20 * number, np.uint8))
    writer.release()
    return path


def test_an_address_of_a_picture_is_a_snapshot_and_all_else_is_opencvs() -> None:
    assert isinstance(open_video("http://camera/live.jpg?size=full"), SnapshotSource)
    assert isinstance(open_video("http://camera/stream"), CaptureSource)
    assert isinstance(open_video("/dev/video2"), CaptureSource)
    assert isinstance(open_video(0), CaptureSource)


def test_a_snapshot_is_fetched_and_decoded(server: str) -> None:
    is_read, picture = open_video(f"{server}/live.png").read()

    assert is_read
    assert np.array_equal(picture, BLUE)


def test_what_is_no_picture_is_not_taken_for_one(server: str) -> None:
    assert open_video(f"{server}/odd.png").read()[0] is False


def test_an_address_that_does_not_answer_is_a_connection_error(server: str) -> None:
    with pytest.raises(ConnectionError, match="404"):
        open_video(f"{server}/absent.png").read()


def test_pictures_that_waited_in_the_queue_are_thrown_away(tmp_path: Path) -> None:
    source = CaptureSource(str(numbered_film(tmp_path / "film.avi", pictures=8)), stale_pictures=4)

    is_read, picture = source.read()

    source.release()
    assert is_read
    assert abs(float(picture.mean()) - 80) < 5  # the fifth


def test_a_film_that_is_over_gives_no_picture(tmp_path: Path) -> None:
    source = CaptureSource(str(numbered_film(tmp_path / "film.avi", pictures=2)), stale_pictures=4)

    assert source.read()[0] is False
    source.release()
    source.release()


def test_a_camera_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    with pytest.raises(PortUnavailable, match="cannot open camera"):
        open_video(str(tmp_path / "absent.avi")).read()


def test_blue_stays_blue() -> None:
    rgb: NDArray[np.uint8] = to_rgb(BLUE)

    assert rgb[0, 0].tolist() == [0, 0, 255]
