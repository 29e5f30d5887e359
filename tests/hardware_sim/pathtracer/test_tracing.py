from dataclasses import replace

import numpy as np
import pytest

from hardware_sim.render.profiles import hollow
from hardware_sim.render.still_life import Block, Camera, Closure, Label, Layer, Light, StillLife, Table, Vessel, Wall
from hardware_sim.render.telling import Planes, Told

VIAL = hollow("vial", [(0.0, 14.0), (60.0, 14.0)], 1.2, 1.5, 52.0)
RED = Layer("liquid", 31.5, (0.8, 0.1, 0.1), 0.0)
BARE = Vessel(VIAL, Wall("glass", (1.0, 1.0, 1.0)), (0.0, 0.0, 0.0), (0.0, 0.0, 1.0))
SCENE = StillLife(
    "test", (replace(BARE, layers=(RED,)),), (), (), Table((0.7, 0.7, 0.7), "blank", 200.0, 0.2),
    Light((1.0, 1.0, 1.0), 1.0, 0.3, 0.5, 0.7), Camera((0.0, -220.0, 60.0), (0.0, 0.0, 30.0), 0.0, 26.0, 64, 64, noise_std=0.0),
    "ramp", 3,
)  # fmt: skip
pytestmark = pytest.mark.usefixtures("tracer")


def traced(scene: StillLife) -> tuple[np.ndarray, Planes, Told]:
    from hardware_sim.render.pathtracer.picturing import trace_still_life

    return trace_still_life(scene, np.random.default_rng(1), samples=4)


def looked_at(scene: StillLife) -> tuple[Planes, Told]:
    from hardware_sim.render.pathtracer.naming import truth_of
    from hardware_sim.render.pathtracer.worlds import world_of

    world, patches = world_of(scene)
    return truth_of(scene, world, patches)


def test_the_same_seed_gives_the_same_picture() -> None:
    first, again = traced(SCENE), traced(SCENE)

    assert np.array_equal(first[0], again[0])
    assert all(np.array_equal(first[1][part], again[1][part]) for part in first[1])
    assert first[2] == again[2]


def test_a_red_liquid_is_red_where_the_truth_says_liquid() -> None:
    pixels, planes, _ = traced(SCENE)

    red, green, _ = pixels[planes["material"] == 2].mean(axis=0)

    assert red > 1.4 * green


def test_liquid_lies_in_its_vessel_and_ends_where_it_stands() -> None:
    planes, told = looked_at(SCENE)

    liquid = planes["material"] == 2
    rows = np.flatnonzero((planes["vessel"] == 1).any(axis=1))
    height = (rows[-1] - np.flatnonzero(liquid.any(axis=1))[0]) / np.ptp(rows)
    (vessel,) = told["vessels"]  # type: ignore[misc,attr-defined]
    assert (planes["vessel"][liquid] == 1).all()
    assert (planes["phase"] > 0).sum() == liquid.sum() > 300
    assert height == pytest.approx(vessel["fill_height_fraction"], abs=0.05)
    assert vessel["fill_volume_fraction"] == pytest.approx(30 / 58.5, abs=0.01)


def test_an_empty_vial_shows_no_liquid() -> None:
    planes, told = looked_at(replace(SCENE, vessels=(BARE,)))

    assert set(np.unique(planes["material"])) == {0, 1}
    assert told["vessels"][0]["content"] == "empty"  # type: ignore[index]


def test_a_powder_below_a_clear_liquid_is_seen_through_it() -> None:
    powder = Layer("solid", 12.0, (0.9, 0.9, 0.9), 1.0, grain_mm=0.3)
    clear = replace(RED, colour_rgb=(0.95, 0.97, 1.0))

    planes, _ = looked_at(replace(SCENE, vessels=(replace(BARE, layers=(powder, clear)),)))

    solid, liquid = (np.flatnonzero((planes["material"] == kind).any(axis=1)) for kind in (4, 2))
    assert np.median(solid) > np.median(liquid)
    assert set(np.unique(planes["phase"])) == {0, 1, 2}


def test_a_cap_is_a_cap_and_belongs_to_its_vessel() -> None:
    cap = Closure("screw", 52.0, 63.0, 15.5, (0.9, 0.4, 0.1))

    planes, told = looked_at(replace(SCENE, vessels=(replace(BARE, closure=cap),)))

    assert (planes["vessel"][planes["material"] == 6] == 1).all()
    assert (planes["material"] == 6).sum() > 60
    assert told["vessels"][0]["cap"] == "on"  # type: ignore[index]


def test_fill_height_is_measured_below_the_cap() -> None:
    cap = Closure("screw", 52.0, 63.0, 15.5, (0.9, 0.4, 0.1))

    planes, told = looked_at(replace(SCENE, vessels=(replace(BARE, layers=(RED,), closure=cap),)))

    bare, filled = (
        np.flatnonzero(mask.any(axis=1)) for mask in (np.isin(planes["material"], (1, 2)), planes["phase"] > 0)
    )
    measured = (bare[-1] - filled[0]) / np.ptp(bare)
    assert told["vessels"][0]["fill_height_fraction"] == pytest.approx(measured, abs=0.04)  # type: ignore[index]


def test_nobody_knows_what_is_behind_a_label_on_a_filled_vial() -> None:
    label = Label(5.0, 25.0, 0.0, 120.0, (1.0, 1.0, 1.0), (0.0, 0.0, 0.0), "blank")

    planes, _ = looked_at(replace(SCENE, vessels=(replace(BARE, layers=(RED,), labels=(label,)),)))

    hidden = (planes["material"] == 255) & (planes["vessel"] == 1)
    assert hidden.sum() > 100


def test_what_a_thing_hides_belongs_to_nobody() -> None:
    bar = Block((0.0, -40.0, 20.0), (80.0, 10.0, 10.0), 0.0, (0.1, 0.1, 0.1))

    planes, told = looked_at(replace(SCENE, things=(bar,)))

    hidden = (planes["material"] == 255) & (planes["vessel"] == 0)
    assert hidden.sum() > 60
    assert told["vessels"][0]["occluded"]  # type: ignore[index]
