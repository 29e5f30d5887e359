import cv2
import numpy as np
import pytest

from hardware_sim.render.compositor import VialScene, View, render
from robot.labware import LIBRARY
from vision.state.quality import judge

SCENE = VialScene(LIBRARY["vial-8ml"], 0.3, (0.8, 0.28, 0.08), turbidity=0.3)


@pytest.fixture(params=[1, 2, 3])
def seen(request: pytest.FixtureRequest) -> tuple[np.ndarray, np.ndarray]:
    picture, mask = render(SCENE, np.random.default_rng(0), view=View.fixed(request.param))
    return picture, mask > 0


def test_a_bench_picture_is_ok(seen: tuple[np.ndarray, np.ndarray]) -> None:
    assert judge(*seen) == "ok"


def test_a_picture_without_light_is_dark(seen: tuple[np.ndarray, np.ndarray]) -> None:
    picture, vessel = seen

    assert judge(picture // 16, vessel) == "dark"


def test_a_picture_out_of_focus_is_blurred(seen: tuple[np.ndarray, np.ndarray]) -> None:
    picture, vessel = seen

    assert judge(cv2.GaussianBlur(picture, (0, 0), 7.0), vessel) == "blurred"


def test_without_a_vessel_there_is_no_edge_to_be_blurred() -> None:
    plain = np.full((480, 640, 3), 128, np.uint8)

    assert judge(plain, np.zeros((480, 640), bool)) == "ok"
