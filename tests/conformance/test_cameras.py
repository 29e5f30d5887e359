from typing import Any

import numpy as np
import pytest

every_camera = pytest.mark.parametrize("name", ["side_camera", "top_camera"])


@every_camera
def test_a_camera_says_that_it_is_there(bench: Any, name: str) -> None:
    assert "camera" in bench.device(name).connect().model


@every_camera
def test_a_picture_has_height_width_and_three_colours(bench: Any, name: str) -> None:
    picture = bench.device(name).capture()

    assert picture.dtype == np.uint8
    assert picture.ndim == 3
    assert picture.shape[2] == 3


@every_camera
def test_two_pictures_of_one_scene_are_not_taken_for_a_frozen_stream(bench: Any, name: str) -> None:
    bench.device(name).capture()
    bench.wait(1.0)

    bench.device(name).capture()


@every_camera
def test_nothing_needs_to_be_made_safe(bench: Any, name: str) -> None:
    bench.device(name).make_safe()
