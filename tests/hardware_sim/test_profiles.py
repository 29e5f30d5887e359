from math import pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware_sim.render.glassware import MAKERS
from hardware_sim.render.profiles import Profile

CYLINDER = Profile("beaker", ((0.0, 11.0), (42.0, 11.0)), ((2.0, 10.0), (42.0, 10.0)), 42.0)
CONE = Profile("cone", ((0.0, 1.0), (32.0, 11.0)), ((2.0, 0.0), (32.0, 10.0)), 32.0)


def test_a_cylinder_holds_base_times_height() -> None:
    assert CYLINDER.volume_ul(12.0) == pytest.approx(pi * 100 * 10)
    assert CYLINDER.capacity_ul == pytest.approx(pi * 100 * 40)


def test_a_cone_holds_a_third_of_that() -> None:
    assert CONE.capacity_ul == pytest.approx(pi * 100 * 30 / 3)
    assert CONE.volume_ul(17.0) == pytest.approx(CONE.capacity_ul / 8)
    assert CONE.height_mm_of(CONE.capacity_ul / 8) == pytest.approx(17.0)


def test_more_than_it_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="volume_ul"):
        CYLINDER.height_mm_of(20_000.0)


@given(maker=st.sampled_from(sorted(MAKERS)), seed=st.integers(0, 1000), share=st.floats(0, 1))
def test_height_and_volume_are_inverse_in_every_vessel(maker: str, seed: int, share: float) -> None:
    vessel = MAKERS[maker](np.random.default_rng(seed))

    height_mm = vessel.height_mm_of(share * vessel.capacity_ul)

    assert vessel.floor_mm <= height_mm <= vessel.height_mm + 1e-9
    assert vessel.volume_ul(height_mm) == pytest.approx(share * vessel.capacity_ul, abs=1e-6 * vessel.capacity_ul)


@pytest.mark.parametrize("maker", sorted(MAKERS))
def test_every_vessel_has_a_wall_all_around(maker: str) -> None:
    for seed in range(20):
        vessel = MAKERS[maker](np.random.default_rng(seed))
        heights = np.linspace(vessel.floor_mm, vessel.height_mm, 200)

        assert np.all(np.diff([z for z, _ in vessel.outer]) > 0), vessel
        assert np.all(np.diff([z for z, _ in vessel.inner]) > 0), vessel
        assert np.all(vessel.inner_radius_mm(heights) < vessel.outer_radius_mm(heights)), vessel
        assert vessel.inner[-1][0] == vessel.height_mm
