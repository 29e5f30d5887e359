from collections.abc import Callable
from typing import Any

import pytest

from vision.labelled.truth import VesselTruth
from vision.scores.levels import fill_errors, layers_right, told_fill_errors, volume_errors
from vision.state.reading import Spread

Make = Callable[..., Any]
BOX = (0, 0, 10, 30)


def test_an_error_is_that_of_the_vessel_that_was_read_there(make_case: Make, read_vessel: Make) -> None:
    true = [VesselTruth(id=1, box_px=BOX, fill_height_fraction=0.7)]

    case = make_case(
        true, [read_vessel((1, 0, 10, 30)), read_vessel((20, 0, 30, 30), fill_height_fraction=Spread(mean=0.7, std=0))]
    )

    assert list(fill_errors(case)) == [pytest.approx((0.2,))]


def test_a_missed_vessel_is_as_wrong_as_the_constant(make_case: Make) -> None:
    case = make_case([VesselTruth(id=1, box_px=BOX, fill_height_fraction=0.9)])

    assert list(fill_errors(case)) == [pytest.approx((0.55,))]
    assert list(told_fill_errors(case)) == []


def test_a_refusal_is_as_wrong_as_the_constant(make_case: Make, read_vessel: Make) -> None:
    true = [VesselTruth(id=1, box_px=BOX, fill_height_fraction=0.9)]

    assert list(fill_errors(make_case(true, [read_vessel(BOX, fill_height_fraction=None)]))) == [pytest.approx((0.55,))]


def test_layers_of_a_missed_vessel_are_wrong(make_case: Make) -> None:
    assert list(layers_right(make_case([VesselTruth(id=1, box_px=BOX, n_material_regions=1)]))) == [(0.0,)]


def test_an_opaque_vessel_is_not_asked_for_its_layers(make_case: Make, read_vessel: Make) -> None:
    opaque = VesselTruth(id=1, box_px=BOX, n_material_regions=0)
    empty = VesselTruth(id=2, box_px=(20, 0, 30, 30), n_material_regions=0, fill_height_fraction=0.0)

    case = make_case([opaque, empty], [read_vessel(BOX), read_vessel((20, 0, 30, 30), layers=0)])

    assert list(layers_right(case)) == [(1.0,)]


def test_a_volume_is_off_by_a_share_of_itself(make_case: Make, read_vessel: Make) -> None:
    true = [VesselTruth(id=1, box_px=BOX, fill_volume_fraction=0.5)]

    case = make_case(true, [read_vessel(BOX, fill_volume_fraction=Spread(mean=0.6, std=0.05))])

    assert list(volume_errors(case)) == [pytest.approx((0.2,))]
