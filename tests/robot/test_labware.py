"""How high a volume stands in a vessel, and how much stands that high."""

from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from robot.labware import LIBRARY, Labware

CONE = Labware(
    name="cone", kind="jar", outer_width_mm=42.0, inner_width_mm=40.0, height_mm=62.0, inner_height_mm=60.0,
    capacity_ul=25000.0, max_temperature_c=100.0, inner_profile_mm=((0.0, 1e-6), (60.0, 20.0)),
)  # fmt: skip


def test_a_cone_that_is_half_full_by_height_holds_an_eighth() -> None:
    assert CONE.volume_ul(1.0) == pytest.approx(pi / 3 * 20**2 * 60)
    assert CONE.volume_ul(0.5) / CONE.volume_ul(1.0) == pytest.approx(1 / 8, rel=1e-3)


@given(st.floats(0.02, 1.0))
@pytest.mark.parametrize("ware", [CONE, LIBRARY["vial-8ml"], LIBRARY["glass-25mm"]])
def test_height_and_volume_are_each_others_inverse(ware: Labware, fraction: float) -> None:
    assert ware.fill_height_fraction(ware.volume_ul(fraction)) == pytest.approx(fraction, rel=1e-6)


def test_what_overflows_stands_above_the_brim() -> None:
    assert CONE.fill_height_fraction(1.05 * CONE.volume_ul(1.0)) > 1.0


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        (((0.0, 5.0),), "two points"),
        (((5.0, 5.0), (60.0, 5.0)), "from height 0"),
        (((0.0, 5.0), (40.0, 5.0)), "inner_height_mm"),
        (((0.0, 0.0), (60.0, 5.0)), "radii lie above 0"),
    ],
)
def test_a_profile_that_is_none_is_refused(profile: tuple[tuple[float, float], ...], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Labware.model_validate(CONE.model_dump() | {"inner_profile_mm": profile})
