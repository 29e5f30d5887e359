import cv2
import numpy as np

from vision.training.recolour import recolour, vary

RED_ON_GREY = np.full((40, 60, 3), 120, np.uint8)
RED_ON_GREY[10:30, 20:40] = (210, 40, 30)


def _hue(picture: np.ndarray) -> int:
    return int(cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)[20, 30, 0])


def test_new_colours_leave_every_edge_where_it_was() -> None:
    picture = recolour(RED_ON_GREY, np.random.default_rng(3))

    inside = picture[10:30, 20:40].reshape(-1, 3)
    assert np.ptp(inside, axis=0).max() <= 1
    assert (picture[:10] == RED_ON_GREY[:10]).all()


def test_what_is_grey_stays_grey() -> None:
    for seed in range(20):
        assert (recolour(RED_ON_GREY, np.random.default_rng(seed))[0, 0] == 120).all()


def test_hues_come_out_all_around_the_circle() -> None:
    hues = {_hue(recolour(RED_ON_GREY, np.random.default_rng(seed), bleach=False)) // 30 for seed in range(60)}

    assert hues == set(range(6))


def test_without_bleaching_coloured_stays_coloured() -> None:
    for seed in range(40):
        picture = recolour(RED_ON_GREY, np.random.default_rng(seed), bleach=False)

        assert cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)[20, 30, 1] > 80


def test_two_hues_change_independently() -> None:
    both = RED_ON_GREY.copy()
    both[10:30, 45:55] = (20, 180, 170)
    apart = set()
    for seed in range(40):
        turned = cv2.cvtColor(recolour(both, np.random.default_rng(seed), bleach=False), cv2.COLOR_RGB2HSV)
        apart.add((int(turned[20, 50, 0]) - int(turned[20, 30, 0])) % 180 // 30)

    assert len(apart) > 3


def test_variation_is_the_same_for_the_same_draw() -> None:
    first, second = (vary(RED_ON_GREY, np.random.default_rng(8), 1.0) for _ in range(2))

    assert (first == second).all()
