import numpy as np

from vision.frame import Frame
from vision.overlay import caption, overlay
from vision.state.vessel import Estimate, VesselState

FRAME = Frame(np.full((240, 320, 3), 90, np.uint8), "camera", 0.0)


def state(present: float = 0.99) -> VesselState:
    mask = np.zeros((240, 320), np.uint8)
    mask[60:200, 100:160] = 1
    mask[150:195, 102:158] = 2
    return VesselState(present, {"empty": 0.01, "liquid": 0.98, "solid": 0.01}, Estimate(0.3, 0.01), "ok", mask)


def test_the_mask_shows_in_the_picture_and_the_rest_stays() -> None:
    shown = overlay(FRAME, state())

    assert shown.shape == FRAME.pixels.shape
    assert np.array_equal(shown[220:], FRAME.pixels[220:])
    assert shown[170, 130, 2] > FRAME.pixels[170, 130, 2]


def test_the_frame_itself_is_not_drawn_upon() -> None:
    overlay(FRAME, state())

    assert (FRAME.pixels == 90).all()


def test_a_line_marks_the_surface() -> None:
    assert (overlay(FRAME, state())[150, 105:155] > 200).all()


def test_the_caption_admits_that_nothing_is_there() -> None:
    assert caption(state(present=0.02)) == "no vessel 0.98"
