from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from vision.labelled.truth import VesselTruth
from vision.scores.honesty import accuracy_of_the_surest, calibration_error, decisions
from vision.scores.metric import balanced_accuracy
from vision.scores.spills import false_alarms, spill_answers, spill_areas
from vision.scores.states import caps, caps_of_found, coloured_or_empty, contents

Make = Callable[..., Any]
BOX = (0, 0, 10, 30)


def tube(**known: Any) -> VesselTruth:
    return VesselTruth(id=1, kind="test tube", box_px=BOX, **known)


def test_a_cap_that_is_read_rightly_is_right(make_case: Make, read_vessel: Make) -> None:
    assert list(caps(False)(make_case([tube(cap="on")], [read_vessel(BOX, cap_on=0.8)]))) == [(1.0, 1.0)]


def test_the_cap_of_a_missed_vessel_is_wrong(make_case: Make) -> None:
    case = make_case([tube(cap="off")])

    assert list(caps(False)(case)) == [(0.0, 0.0)]
    assert list(caps_of_found(case)) == []


@pytest.mark.parametrize("cap", ["none", "unknown"])
def test_vessels_without_a_cap_to_speak_of_are_left_out(cap: str, make_case: Make, read_vessel: Make) -> None:
    assert list(caps(False)(make_case([tube(cap=cap)], [read_vessel(BOX)]))) == []


def test_states_are_not_scored_where_one_tube_hides_another(make_case: Make, read_vessel: Make) -> None:
    case = make_case([tube(cap="on", content="coloured")], [read_vessel(BOX)], all_boxed=False)

    assert [*caps(False)(case), *contents(case)] == []


def test_coloured_or_empty_is_a_choice_of_two(make_case: Make, read_vessel: Make) -> None:
    said = read_vessel(BOX, content={"transparent": 0.6, "coloured": 0.3, "empty": 0.1})

    case = make_case([tube(content="coloured")], [said])

    assert list(coloured_or_empty(case)) == [(1.0, 1.0)]
    assert [right for _, right in contents(case)] == [0.0]


def test_every_class_weighs_the_same() -> None:
    assert balanced_accuracy(np.array([[1, 1]] * 9 + [[0, 0]])) == 0.5


def test_one_class_alone_tells_nothing() -> None:
    assert np.isnan(balanced_accuracy(np.array([[1, 1]])))


def test_a_spill_that_is_overlooked_is_wrong(make_case: Make, plane: Make) -> None:
    case = make_case(read_spill=0.2, spill=True, drawn={"spill": plane({255: BOX})})

    assert list(spill_answers(case)) == [(0.0,)]
    assert list(spill_areas(case)) == [(0.0, 300.0)]


def test_an_alarm_without_a_spill_is_false(make_case: Make) -> None:
    case = make_case(read_spill=0.7, spill=False)

    assert list(false_alarms(case)) == [(1.0,)]


def test_pictures_of_which_nobody_told_a_spill_are_left_out(make_case: Make) -> None:
    case = make_case(read_spill=0.7)

    assert [*spill_answers(case), *false_alarms(case)] == []


def test_decisions_are_as_sure_as_their_likeliest_answer(make_case: Make, read_vessel: Make) -> None:
    case = make_case([tube(cap="off", content="empty")], [read_vessel(BOX, cap_on=0.3)])

    assert list(decisions(case)) == [pytest.approx((0.7, 1.0)), pytest.approx((0.8, 0.0))]


def test_chances_that_hold_have_no_calibration_error() -> None:
    rows = np.array([[0.75, 1], [0.75, 1], [0.75, 1], [0.75, 0]])

    assert calibration_error(rows) == pytest.approx(0)


def test_missed_vessels_are_the_least_sure_and_no_matter_of_calibration() -> None:
    rows = np.array([[0.9, 1]] * 8 + [[0.0, 0]] * 2)

    assert accuracy_of_the_surest(rows) == 1
    assert calibration_error(rows) == pytest.approx(0.1)


def test_the_surest_are_no_better_for_being_alike() -> None:
    assert accuracy_of_the_surest(np.array([[0.9, 1]] * 5 + [[0.9, 0]] * 5)) == 0.5
