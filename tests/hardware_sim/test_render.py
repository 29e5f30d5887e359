from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from hardware_sim.render.compositor import PlateScene, Scene, VialScene, View, render
from robot.labware import LIBRARY

VIAL, PLATE = LIBRARY["vial-8ml"], LIBRARY["glass-25mm"]
ORANGE = (0.8, 0.28, 0.08)
GOLDEN = Path(__file__).parents[1] / "golden"
STEADY = replace(View.fixed(3), jitter_mm=0.0, noise_std=0.01)
FROM_AFAR = replace(STEADY, distance_mm=1e9, zoom=1.0)  # no ellipses: a level is a row
HALF_FULL = VialScene(VIAL, 0.5, ORANGE, turbidity=0.3)


def mask_of(scene: Scene, view: View = FROM_AFAR) -> np.ndarray:
    return render(scene, np.random.default_rng(0), view=view)[1]


@pytest.mark.parametrize("fill", [0.05, 0.246, 0.6])
def test_liquid_stands_as_high_in_the_mask_as_the_scene_says(fill: float) -> None:
    mask = mask_of(replace(HALF_FULL, fill_height_fraction=fill))

    columns = (mask == 2).sum(axis=0)

    assert np.median(columns[columns > 0]) == pytest.approx(fill * VIAL.inner_height_mm * 5.6, abs=1.0)


def test_a_vial_is_as_large_in_the_mask_as_its_labware() -> None:
    mask = mask_of(HALF_FULL)

    rows, columns = (mask > 0).any(axis=1).sum(), (mask > 0).any(axis=0).sum()

    assert rows == pytest.approx(VIAL.height_mm * 5.6, abs=1.5)
    assert columns == pytest.approx(VIAL.outer_width_mm * 5.6, abs=1.5)


def test_the_visible_surface_belongs_to_the_liquid() -> None:
    from_above = replace(FROM_AFAR, distance_mm=200.0, camera_height_mm=60.0)

    columns = (mask_of(HALF_FULL, from_above) == 2).sum(axis=0)

    edge = columns[columns > 0][0]
    assert columns.max() > edge + 5  # the ellipse rises over the middle, and the floor sinks


@pytest.mark.parametrize("coverage", [0.2, 0.7])
def test_a_film_covers_the_share_of_the_plate_that_the_scene_says(coverage: float) -> None:
    mask = mask_of(PlateScene(PLATE, True, "dry", ORANGE, coverage), STEADY)

    assert (mask == 4).sum() / (mask > 0).sum() == pytest.approx(coverage, abs=0.01)


@pytest.mark.parametrize(("film", "label"), [("none", 1), ("wet", 2), ("dry", 4)])
def test_the_mask_tells_bare_wet_and_dry_plates_apart(film: str, label: int) -> None:
    mask = mask_of(PlateScene(PLATE, True, film, ORANGE, 0.7), STEADY)  # type: ignore[arg-type]

    assert set(np.unique(mask)) == {0, 1, label}


def test_a_cap_and_a_suspension_have_classes_of_their_own() -> None:
    mask = mask_of(replace(HALF_FULL, turbidity=0.8, capped=True))

    assert set(np.unique(mask)) == {0, 1, 3, 6}


@pytest.mark.parametrize(
    "nothing", [replace(HALF_FULL, fill_height_fraction=None), PlateScene(PLATE, False, "none", ORANGE, 0.5)]
)
def test_where_nothing_stands_the_mask_is_background(nothing: Scene) -> None:
    assert not mask_of(nothing).any()


def test_what_something_hides_is_background() -> None:
    hidden = replace(STEADY, occluders=8)

    assert (mask_of(HALF_FULL, hidden) > 0).sum() < (mask_of(HALF_FULL, STEADY) > 0).sum()


def test_the_same_seed_gives_the_same_picture() -> None:
    first, _ = render(HALF_FULL, np.random.default_rng(5), view=View.fixed(1))
    second, _ = render(HALF_FULL, np.random.default_rng(5), view=View.fixed(1))

    assert np.array_equal(first, second)


def test_a_camera_never_takes_the_same_picture_twice() -> None:
    rng = np.random.default_rng(5)

    first, _ = render(HALF_FULL, rng, view=View.fixed(1))
    second, _ = render(HALF_FULL, rng, view=View.fixed(1))

    assert not np.array_equal(first, second)


def test_a_bench_camera_keeps_its_view() -> None:
    empty = replace(HALF_FULL, fill_height_fraction=None)
    rng = np.random.default_rng(5)

    first, second = (render(empty, rng, view=View.fixed(1))[0].astype(int) for _ in range(2))

    assert np.abs(first - second).mean() < 5


@pytest.mark.parametrize("name", ["vial", "wet_plate", "dry_plate"])
def test_pictures_look_as_they_were_approved(name: str) -> None:
    scenes = {
        "vial": HALF_FULL,
        "wet_plate": PlateScene(PLATE, True, "wet", ORANGE, 0.6),
        "dry_plate": PlateScene(PLATE, True, "dry", ORANGE, 0.6),
    }
    picture, _ = render(scenes[name], np.random.default_rng(0), view=STEADY)

    small = cv2.resize(picture, (160, 120), interpolation=cv2.INTER_AREA)
    approved = cv2.imread(str(GOLDEN / f"render_{name}.png"), cv2.IMREAD_COLOR_RGB)

    assert approved is not None
    assert np.abs(small.astype(int) - approved).max() <= 4
