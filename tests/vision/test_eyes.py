from collections.abc import Callable

import numpy as np
import pytest

from hardware_sim.render.compositor import PlateScene, Scene, VialScene, View, render
from robot.labware import LIBRARY
from vision.eyes import Eyes
from vision.frame import Frame
from vision.state.vessel import VesselState

Look = Callable[[Scene, int], VesselState]
ORANGE, BLACK = (0.8, 0.28, 0.08), (0.12, 0.12, 0.13)
CAMERAS = range(6)


def vial(fill: float | None, colour: tuple[float, float, float] = ORANGE) -> VialScene:
    return VialScene(LIBRARY["vial-8ml"], fill, colour, turbidity=0.4)


def plate(film: str, colour: tuple[float, float, float], *, present: bool = True) -> PlateScene:
    return PlateScene(LIBRARY["glass-25mm"], present, film, colour, 0.7)  # type: ignore[arg-type]


@pytest.mark.parametrize("colour", [ORANGE, BLACK])
@pytest.mark.parametrize("fill", [0.06, 0.246, 0.55])
def test_a_fill_height_is_read_within_its_doubt(look: Look, fill: float, colour: tuple[float, float, float]) -> None:
    estimates = [look(vial(fill, colour), camera).fill_height_fraction for camera in CAMERAS]

    seen = [estimate for estimate in estimates if estimate is not None]
    assert len(seen) == len(estimates)
    assert max(abs(estimate.mean - fill) / estimate.std for estimate in seen) < 4
    assert np.median([abs(estimate.mean - fill) for estimate in seen]) < 0.01


def test_a_dose_that_fell_short_by_a_fifth_is_seen(look: Look) -> None:
    for camera in CAMERAS:
        full, short = (look(vial(fill), camera).fill_height_fraction for fill in (0.246, 0.197))

        assert full is not None
        assert short is not None
        assert full.mean - short.mean > 2 * short.std


@pytest.mark.parametrize("camera", CAMERAS)
def test_a_missing_vial_is_seen(look: Look, camera: int) -> None:
    state = look(vial(None), camera)

    assert state.present < 0.5
    assert state.fill_height_fraction is None


@pytest.mark.parametrize("camera", CAMERAS)
def test_an_empty_vial_is_there_and_empty(look: Look, camera: int) -> None:
    state = look(vial(0.0), camera)

    assert state.present > 0.5
    assert max(state.content, key=state.content.__getitem__) == "empty"


@pytest.mark.parametrize("colour", [ORANGE, BLACK])
@pytest.mark.parametrize(("film", "content"), [("wet", "liquid"), ("dry", "solid")])
@pytest.mark.parametrize("camera", CAMERAS)
def test_wet_and_dry_films_are_told_apart(
    look: Look, camera: int, film: str, content: str, colour: tuple[float, float, float]
) -> None:
    state = look(plate(film, colour), camera)

    assert state.present > 0.5
    assert max(state.content, key=state.content.__getitem__) == content
    assert state.fill_height_fraction is None


@pytest.mark.parametrize("camera", CAMERAS)
def test_a_missing_plate_is_seen(look: Look, camera: int) -> None:
    assert look(plate("none", ORANGE, present=False), camera).present < 0.5


def test_content_is_a_probability(look: Look) -> None:
    state = look(vial(0.3), 0)

    assert 0 <= state.present <= 1
    assert sum(state.content.values()) == pytest.approx(1.0)


def test_the_same_pixels_give_the_same_answer(eyes: Eyes) -> None:
    picture, _ = render(vial(0.3), np.random.default_rng(1), view=View.fixed(1))

    first, second = (eyes.look(Frame(picture, "camera", 0.0), LIBRARY["vial-8ml"]) for _ in range(2))

    assert first.present == second.present
    assert first.fill_height_fraction == second.fill_height_fraction
    assert np.array_equal(first.mask, second.mask)


def test_a_dark_picture_says_so(eyes: Eyes) -> None:
    picture, _ = render(vial(0.3), np.random.default_rng(1), view=View.fixed(1))

    state = eyes.look(Frame(picture // 16, "camera", 0.0), LIBRARY["vial-8ml"])

    assert state.quality == "dark"


def test_a_vial_cut_by_the_edge_has_no_fill_height(eyes: Eyes) -> None:
    picture, mask = render(vial(0.5), np.random.default_rng(1), view=View.fixed(1))
    axis = int(np.flatnonzero((mask == 2).any(axis=0)).mean())
    cut = np.ascontiguousarray(picture[:, axis:])

    assert eyes.look(Frame(cut, "camera", 0.0), LIBRARY["vial-8ml"]).fill_height_fraction is None


@pytest.mark.parametrize("shape", [(480, 640, 3), (720, 1280, 3), (600, 600, 3), (33, 47, 3)])
def test_a_picture_of_any_size_is_answered_at_its_size(eyes: Eyes, shape: tuple[int, int, int]) -> None:
    state = eyes.look(Frame(np.full(shape, 128, np.uint8), "camera", 0.0), LIBRARY["vial-8ml"])

    assert state.mask.shape == shape[:2]
