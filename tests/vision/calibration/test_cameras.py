"""A camera whose truth is known looks at a board; what is fitted is that truth, and sites are found in its pictures."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from robot.geometry import BenchPoint
from robot.labware import LIBRARY
from vision.calibration.board import PAPER_MM, Board, print_board
from vision.calibration.camera import CameraCalibration, calibrate, placed
from vision.calibration.regions import region_px, vessels_at
from vision.errors import DataUnreadable, NothingSeen

BOARD = Board()
MATRIX = np.array([[720.0, 0, 322.0], [0, 715.0, 236.0], [0, 0, 1]])
DAY = datetime(2026, 3, 1, tzinfo=UTC)
UPPER_LEFT, UPPER_RIGHT, LOWER_LEFT = BenchPoint(100, 80, 0), BenchPoint(352, 80, 0), BenchPoint(100, -88, 0)
"""A board of 252 x 168 mm flat on the bench: its right is the bench's x, its down the bench's -y."""


def shot(rotation: tuple[float, float, float], middle_mm: tuple[float, float, float]) -> np.ndarray:
    """What the camera sees of a board that is turned, with its middle at a place before the camera."""
    width_mm, height_mm = BOARD.size_mm
    outline = np.array([[0, 0, 0], [width_mm, 0, 0], [width_mm, height_mm, 0], [0, height_mm, 0]])
    turned, _ = cv2.Rodrigues(np.array(rotation))
    origin = np.array(middle_mm) - turned @ (width_mm / 2, height_mm / 2, 0)
    seen, _ = cv2.projectPoints(outline, np.array(rotation), origin, MATRIX, np.zeros(5))
    flat = BOARD.drawn(4.0)
    height_px, width_px = flat.shape
    drawn = np.array([[0, 0], [width_px, 0], [width_px, height_px], [0, height_px]], np.float32) - 0.5
    onto = cv2.getPerspectiveTransform(drawn, seen.reshape(4, 2).astype(np.float32) - 0.5)
    wall = np.full((480, 640), 120, np.uint8)
    grey = cv2.warpPerspective(
        flat, onto, (640, 480), dst=wall, borderMode=cv2.BORDER_TRANSPARENT, flags=cv2.INTER_AREA
    )
    return np.repeat(cv2.GaussianBlur(grey, (3, 3), 0)[..., None], 3, axis=2)


TURNS = [
    (0.0, 0.0, 0.0),
    (0.5, 0.0, 0.1),
    (-0.5, 0.1, 0.0),
    (0.1, 0.5, 0.2),
    (0.0, -0.5, -0.1),
    (0.35, 0.35, 0.6),
    (-0.3, 0.4, -0.4),
]
PLACES = [(0, 0, 420), (30, 10, 480), (-30, 20, 470), (20, -20, 460), (-20, 10, 480), (0, 20, 520), (10, 0, 500)]
LAID: tuple[tuple[float, float, float], tuple[float, float, float]] = ((-0.7, 0.0, 0.0), (10, 0, 480))


@pytest.fixture(scope="module")
def shots() -> list[np.ndarray]:
    return [shot(turn, place) for turn, place in zip(TURNS, PLACES, strict=True)]  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def calibration(shots: list[np.ndarray]) -> CameraCalibration:
    return calibrate("side", shots, BOARD, DAY)


@pytest.fixture(scope="module")
def on_bench(calibration: CameraCalibration) -> CameraCalibration:
    return placed(calibration, shot(*LAID), BOARD, UPPER_LEFT, UPPER_RIGHT, LOWER_LEFT)


def test_the_camera_is_found_as_it_is(calibration: CameraCalibration) -> None:
    assert calibration.error_px < 0.3
    assert np.allclose(np.diag(calibration.matrix)[:2], np.diag(MATRIX)[:2], rtol=0.02)
    assert calibration.pictures == len(TURNS)


def test_a_point_of_the_bench_is_seen_where_it_is(on_bench: CameraCalibration) -> None:
    rotation, middle_mm = LAID
    pixels, _ = cv2.projectPoints(np.zeros((1, 3)), np.array(rotation), np.array(middle_mm, float), MATRIX, np.zeros(5))

    middle_of_board = BenchPoint(226, -4, 0)

    assert np.allclose(on_bench.pixels_of([middle_of_board]), pixels.reshape(1, 2), atol=1.0)


def test_a_vessel_at_a_site_is_the_one_in_its_region(on_bench: CameraCalibration) -> None:
    ware = LIBRARY["vial-20ml"]
    regions = {
        place: region_px(on_bench, BenchPoint(x, 0, 0), ware) for place, x in (("a", 160), ("b", 226), ("c", 290))
    }
    shifted = [tuple(edge + 4 for edge in regions[place]) for place in ("c", "a")]

    assert vessels_at(shifted, regions) == {"a": 1, "c": 0}  # type: ignore[arg-type]


def test_a_vessel_stands_upright_over_its_foot(on_bench: CameraCalibration) -> None:
    left, top, right, bottom = region_px(on_bench, BenchPoint(226, 0, 0), LIBRARY["vial-20ml"])
    ((x, y),) = on_bench.pixels_of([BenchPoint(226, 0, 0)])

    assert left < x < right
    assert top < y < bottom
    assert y - top > bottom - y


def test_a_vessel_beside_all_sites_stands_at_none() -> None:
    assert vessels_at([(500, 0, 540, 90)], {"a": (0, 0, 40, 90)}) == {}


def test_a_calibration_comes_back_from_its_file(tmp_path: Path, on_bench: CameraCalibration) -> None:
    on_bench.save(tmp_path / "side.json")

    assert CameraCalibration.load(tmp_path / "side.json") == on_bench


def test_a_calibration_expires(calibration: CameraCalibration) -> None:
    assert calibration.state(DAY + timedelta(days=29)) == "ok"
    assert calibration.state(DAY + timedelta(days=31)) == "expired"


def test_a_landmark_that_is_elsewhere_shows_that_the_camera_was_moved(on_bench: CameraCalibration) -> None:
    marker = cv2.aruco.generateImageMarker(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_5X5_100), 85, 60)
    pictures = []
    for left in (300, 312):
        picture = np.full((480, 640, 3), 200, np.uint8)
        picture[100:160, left : left + 60] = marker[..., None]
        pictures.append(picture)
    known = on_bench.model_copy(update={"landmarks": {85: (330.0, 130.0)}})

    assert [known.state(DAY, picture) for picture in pictures] == ["ok", "moved"]


def test_hidden_landmarks_say_nothing(on_bench: CameraCalibration) -> None:
    known = on_bench.model_copy(update={"landmarks": {85: (330.0, 130.0)}})

    assert known.state(DAY, np.full((480, 640, 3), 200, np.uint8)) == "ok"


def test_too_few_boards_are_refused(shots: list[np.ndarray]) -> None:
    with pytest.raises(NothingSeen, match="3 of 4 pictures show the board"):
        calibrate("side", [*shots[:3], np.zeros((480, 640, 3), np.uint8)], BOARD)


def test_a_board_said_to_be_of_another_size_is_refused(calibration: CameraCalibration) -> None:
    with pytest.raises(NothingSeen, match="measure again"):
        placed(calibration, shot(*LAID), BOARD, UPPER_LEFT, BenchPoint(300, 80, 0), LOWER_LEFT)


def test_without_a_place_no_site_can_be_found(calibration: CameraCalibration) -> None:
    with pytest.raises(NothingSeen, match="never shown where the bench is"):
        calibration.pixels_of([UPPER_LEFT])


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "side.json").write_text("{}")

    with pytest.raises(DataUnreadable, match="calibrate-camera"):
        CameraCalibration.load(tmp_path / "side.json")


def test_the_printed_page_shows_the_board_at_true_size(tmp_path: Path) -> None:
    print_board(BOARD, tmp_path / "board.png")

    page = cv2.imread(str(tmp_path / "board.png"), cv2.IMREAD_COLOR_RGB)
    corners = BOARD.find(np.asarray(page, np.uint8))
    assert corners is not None
    px_per_mm = page.shape[1] / PAPER_MM[0]
    apart_px = np.linalg.norm(np.diff(corners.in_picture_px[:2], axis=0))
    assert apart_px / px_per_mm == pytest.approx(BOARD.square_mm, rel=0.003)
