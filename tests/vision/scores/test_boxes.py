from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest

from vision.labelled.truth import VesselTruth
from vision.scores.boxes import average_precision, tube_boxes
from vision.scores.case import Case
from vision.scores.metric import Row

Make = Callable[..., Any]
TUBE, OTHER = (0, 0, 10, 30), (20, 0, 30, 30)


def precision(rows: Iterable[Row]) -> float:
    return average_precision(np.array(list(rows)))


def test_every_tube_found_and_nothing_else_is_1(make_case: Make, read_vessel: Make) -> None:
    true = [VesselTruth(id=1, kind="test tube", box_px=TUBE), VesselTruth(id=2, kind="test tube", box_px=OTHER)]

    assert precision(tube_boxes(make_case(true, [read_vessel(TUBE), read_vessel(OTHER)]))) == 1


def test_a_second_box_on_the_same_tube_is_false(make_case: Make, read_vessel: Make) -> None:
    true = [VesselTruth(id=1, kind="test tube", box_px=TUBE)]

    case = make_case(true, [read_vessel(TUBE, score=0.6), read_vessel(TUBE, score=0.9)])

    assert list(tube_boxes(case)) == [(0.9, 1.0, 0.0), (0.6, 0.0, 0.0), (0.0, 0.0, 1.0)]


def test_a_false_box_that_is_surer_halves_the_precision(make_case: Make, read_vessel: Make) -> None:
    true = [VesselTruth(id=1, kind="test tube", box_px=TUBE)]

    assert precision(tube_boxes(make_case(true, [read_vessel(OTHER, score=0.95), read_vessel(TUBE, score=0.9)]))) == 0.5


def test_false_boxes_on_pictures_without_tubes_count(make_case: Make, read_vessel: Make) -> None:
    found = make_case([VesselTruth(id=1, kind="test tube", box_px=TUBE)], [read_vessel(TUBE, score=0.8)])
    false = make_case([], [read_vessel(TUBE, score=0.9)])

    assert precision([*tube_boxes(found), *tube_boxes(false)]) == 0.5


def test_bottles_are_no_false_tubes(make_case: Make, read_vessel: Make) -> None:
    true = [VesselTruth(id=1, kind="silicone container", box_px=OTHER)]

    case = make_case(true, [read_vessel(OTHER, kind="bottle"), read_vessel(OTHER, kind="vessel")])

    assert list(tube_boxes(case)) == [(0.0, 0.0, 0.0)]


def test_pictures_in_which_one_tube_hides_another_say_nothing(make_case: Make, read_vessel: Make) -> None:
    case = make_case([VesselTruth(id=1, kind="test tube", box_px=TUBE)], [read_vessel(OTHER)], all_boxed=False)

    assert list(tube_boxes(case)) == []


def test_a_worked_example_of_coco_holds() -> None:
    """Scores .9 to .5, right right false right false, of four true ones: precisions 1, 1, 2/3, 3/4, 3/5.

    On 40 random sets of boxes the figure is that of pycocotools 2.0.11, to the last digit.
    """
    rows: list[Row] = [(0.9, 1, 0), (0.8, 1, 0), (0.7, 0, 0), (0.6, 1, 0), (0.5, 0, 0), (0, 0, 4)]

    assert precision(rows) == pytest.approx((51 * 1 + 25 * 0.75) / 101)


def test_a_vessel_is_told_by_its_mask_where_it_has_one(make_case: Make, read_vessel: Make, plane: Make) -> None:
    drawn = {"vessel": plane({1: TUBE}), "material": plane({1: TUBE})}

    case: Case = make_case([VesselTruth(id=1)], [read_vessel(OTHER)], drawn=drawn, masks={"vessel": plane({1: TUBE})})

    assert case.pairs[0][1] is not None
