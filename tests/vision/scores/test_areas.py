from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.labelled.truth import VesselTruth
from vision.scores.areas import areas_of, filled_areas, instances, panoptic_quality, vessel_areas
from vision.scores.case import Case
from vision.scores.metric import ratio
from vision.scores.overlap import ious_of_numbers, shared_pixels
from vision.state.vessel import Material

Make = Callable[..., Any]
LEFT, RIGHT = (0, 0, 10, 20), (20, 0, 30, 20)


def two_vessels(make_case: Make, plane: Make, read_vessel: Make, read_as: dict[int, Any]) -> Case:
    drawn = {"vessel": plane({1: LEFT, 2: RIGHT}), "material": plane({2: LEFT, 1: RIGHT})}
    readings = [read_vessel(box) for box in read_as.values()]
    true = [VesselTruth(id=1), VesselTruth(id=2)]
    case: Case = make_case(true, readings, drawn=drawn, masks={"vessel": plane(read_as)})
    return case


def test_the_same_masks_have_a_panoptic_quality_of_1(make_case: Make, plane: Make, read_vessel: Make) -> None:
    case = two_vessels(make_case, plane, read_vessel, {1: LEFT, 2: RIGHT})

    assert panoptic_quality(np.array(list(instances(case)))) == 1


def test_other_numbers_for_the_same_vessels_change_nothing(make_case: Make, plane: Make, read_vessel: Make) -> None:
    case = two_vessels(make_case, plane, read_vessel, {1: RIGHT, 2: LEFT})

    assert panoptic_quality(np.array(list(instances(case)))) == 1


def test_a_missed_vessel_costs_a_third_of_two(make_case: Make, plane: Make, read_vessel: Make) -> None:
    case = two_vessels(make_case, plane, read_vessel, {1: LEFT})

    assert panoptic_quality(np.array(list(instances(case)))) == pytest.approx(1 / 1.5)


def test_a_vessel_read_where_none_is_counts_as_false(make_case: Make, plane: Make, read_vessel: Make) -> None:
    case = two_vessels(make_case, plane, read_vessel, {1: LEFT, 2: RIGHT, 3: (0, 30, 10, 40)})

    assert list(instances(case)) == [(2.0, 2, 1, 0)]


def test_half_a_vessel_is_no_match(make_case: Make, plane: Make, read_vessel: Make) -> None:
    case = two_vessels(make_case, plane, read_vessel, {1: (0, 0, 10, 10), 2: RIGHT})

    assert list(instances(case)) == [(1.0, 1, 1, 1)]


def test_what_is_read_on_ignored_pixels_is_not_false(make_case: Make, plane: Make, read_vessel: Make) -> None:
    hidden = (0, 30, 10, 40)
    drawn = {"vessel": plane({1: LEFT}), "material": plane({1: LEFT, 255: hidden})}

    case = make_case([VesselTruth(id=1)], [read_vessel(LEFT), read_vessel(hidden)], drawn=drawn,
                     masks={"vessel": plane({1: LEFT, 2: hidden})})  # fmt: skip

    assert list(instances(case)) == [(1.0, 1, 0, 0)]
    assert list(vessel_areas(case)) == [(200.0, 200.0)]


def test_ignored_pixels_inside_a_vessel_still_are_vessel(make_case: Make, plane: Make) -> None:
    opaque = {"vessel": plane({1: LEFT}), "material": plane({255: LEFT})}

    case = make_case([VesselTruth(id=1)], drawn=opaque)

    assert list(vessel_areas(case)) == [(0.0, 200.0)]


def test_an_unsure_class_is_filled_and_no_class(make_case: Make, plane: Make) -> None:
    drawn = {"vessel": plane({1: LEFT}), "material": plane({254: LEFT})}

    case = make_case(drawn=drawn, masks={"material": plane({int(Material.LIQUID): LEFT})})

    assert list(filled_areas(case)) == [(200.0, 200.0)]
    assert list(areas_of(Material.LIQUID)(case)) == [(0.0, 0.0)]


def test_a_suspension_is_no_liquid_but_either(make_case: Make, plane: Make) -> None:
    drawn = {"vessel": plane({1: LEFT}), "material": plane({2: LEFT})}

    case = make_case(drawn=drawn, masks={"material": plane({3: LEFT})})

    assert ratio(np.array(list(areas_of(Material.LIQUID)(case)))) == 0
    assert ratio(np.array(list(areas_of(Material.LIQUID, Material.SUSPENSION)(case)))) == 1


def test_without_masks_nothing_is_said_of_areas(make_case: Make, plane: Make) -> None:
    case = make_case([VesselTruth(id=1)], drawn={"vessel": plane({1: LEFT}), "material": plane({1: LEFT})})

    told = Case(case.picture, case.reading, None)

    assert [*vessel_areas(told), *filled_areas(told), *instances(told)] == []


@given(st.lists(st.integers(0, 5), min_size=64, max_size=64), st.permutations(range(1, 6)))
def test_any_mask_agrees_with_itself_whatever_its_numbers(values: list[int], order: list[int]) -> None:
    mask = np.array(values, np.uint8).reshape(8, 8)
    renamed = np.array([0, *order], np.uint8)[mask]

    best = ious_of_numbers(shared_pixels(mask, renamed, 5, 5)).max(axis=1, initial=0)

    assert best.tolist() == [float((mask == number).any()) for number in range(1, 6)]
