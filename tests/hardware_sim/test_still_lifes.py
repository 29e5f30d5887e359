from dataclasses import replace

import numpy as np
import pytest

from hardware_sim.render.arranging import ARRANGERS, random_still_life
from hardware_sim.render.composing import compose, compose_still_life
from hardware_sim.render.photographing import Pinhole
from hardware_sim.render.profiles import Profile
from hardware_sim.render.still_life import Camera, Layer, Light, StillLife, Table, Vessel, Wall

BEAKER = Profile("beaker", ((0.0, 20.0), (60.0, 20.0)), ((2.0, 19.0), (60.0, 19.0)), 60.0)
INK = Layer("liquid", 31.0, (0.1, 0.2, 0.8), 0.0)


def still(vessel: Vessel, eye_z_mm: float = 30.0) -> StillLife:
    camera = Camera((0.0, -400.0, eye_z_mm), (0.0, 0.0, 30.0), 0.0, 20.0, 320, 240, noise_std=0.0)
    table = Table((0.8, 0.8, 0.8), "blank", 300.0, 0.0)
    return StillLife("bench", (vessel,), (), (), table, Light((1.0, 1.0, 1.0), 1.0, 0.3, 0.3, 0.5), camera, "ramp")


def beaker(*layers: Layer, tilt_deg: float = 0.0) -> Vessel:
    tilt = np.deg2rad(tilt_deg)
    return Vessel(
        BEAKER, Wall("glass", (1.0, 1.0, 1.0)), (0.0, 0.0, 0.0), (float(np.sin(tilt)), 0.0, float(np.cos(tilt))), layers
    )


@pytest.mark.parametrize("kind", sorted(ARRANGERS))
def test_the_same_seed_draws_the_same_picture(kind: str) -> None:
    first, second = (compose(np.random.default_rng(5), (160, 120), kind=kind) for _ in range(2))

    assert np.array_equal(first[0], second[0])
    assert all(np.array_equal(first[1][name], second[1][name]) for name in first[1])
    assert first[2] == second[2]


def test_a_still_life_is_a_value() -> None:
    assert random_still_life(np.random.default_rng(3)) == random_still_life(np.random.default_rng(3))


def test_a_half_full_beaker_is_half_full_in_the_picture() -> None:
    _, planes, told = compose_still_life(still(beaker(INK)), np.random.default_rng(0))

    (vessel,) = told["vessels"]  # type: ignore[misc]
    rows = np.flatnonzero((planes["material"] == 2).any(axis=1))
    whole = np.flatnonzero(planes["vessel"].any(axis=1))
    assert vessel["fill_height_fraction"] == pytest.approx(0.52, abs=0.02)
    assert (whole[-1] - rows[0]) / (whole[-1] - whole[0]) == pytest.approx(vessel["fill_height_fraction"], abs=0.02)
    assert vessel["fill_volume_fraction"] == pytest.approx(0.5)


def test_a_tilted_liquid_stays_level() -> None:
    _, planes, _ = compose_still_life(still(beaker(INK, tilt_deg=25.0)), np.random.default_rng(0))

    liquid = planes["material"] == 2
    inside = np.flatnonzero(liquid.sum(axis=0) > 20)[6:-6]
    assert np.ptp(liquid[:, inside].argmax(axis=0)) <= 4


def test_from_above_the_surface_is_seen_as_an_ellipse() -> None:
    _, level, _ = compose_still_life(still(beaker(INK)), np.random.default_rng(0))
    _, above, _ = compose_still_life(still(beaker(INK), eye_z_mm=250.0), np.random.default_rng(0))

    tops = [
        (planes["material"] == 2)[:, 160].argmax() - (planes["material"] == 2)[:, 140].argmax()
        for planes in (level, above)
    ]
    assert abs(int(tops[0])) <= 1
    assert int(tops[1]) < 0


def test_an_opaque_bottle_shows_no_level() -> None:
    vessel = replace(beaker(INK), wall=Wall("opaque", (0.9, 0.9, 0.9), 1.0))

    _, planes, told = compose_still_life(still(vessel), np.random.default_rng(0))

    assert "fill_height_fraction" not in told["vessels"][0]  # type: ignore[index]
    assert not planes["phase"].any()


def test_a_pinhole_shows_its_target_in_the_middle() -> None:
    camera = still(beaker()).camera

    assert Pinhole.of(camera).project(camera.target_mm) == pytest.approx((160.0, 120.0))
