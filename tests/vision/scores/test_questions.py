from collections.abc import Callable
from typing import Any

import pytest

from vision.labelled.truth import Check
from vision.scores.honesty import verdicts
from vision.scores.questions import Expected, answer, understand

Make = Callable[..., Any]
ONE, TWO = (0, 0, 10, 30), (20, 0, 30, 30)


@pytest.mark.parametrize(
    ("question", "place", "cap", "content"),
    [
        ("Check whether there is an empty capped test tube on test tube rack 1 (sgj1).", "test tube rack 1", "on", "empty"),
        ("Check whether there is an uncapped test tube on scale.", "scale", "off", "empty"),
        ("Check whether there is a capped test tube on shaking device (yy).", "shaking device", "on", None),
        ("Check near capping device (xn) whether the test tube on the gripper has been screwed on.", "capping device", "on", None),
        ("Check near capping device (xn) whether the test tube on the gripper has been uncapped.", "capping device", "off", None),
        ("Check near the tray (tp) whether the gripper holds a test tube containing colored liquid.", "tray", None, "coloured"),
        ("Check on test tube rack 2 (sgj2) whether there is a uncapped test tube containing transparent liquid with a small amount of colored fluid at the top.", "test tube rack 2", "off", "two_layer"),
    ],
)  # fmt: skip
def test_questions_about_tubes_name_place_cap_and_content(
    question: str, place: str, cap: str, content: str | None
) -> None:
    assert understand(question) == Expected("test tube", place, cap=cap, content=content)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "question",
    [
        "Check whether a clean mold is on workbench (czt).",
        "Check whether the door of vacuum drying oven (gzx) is closed.",
    ],
)
def test_questions_about_other_things_are_not_understood(question: str) -> None:
    assert understand(question) is None


def test_a_tube_as_expected_is_a_yes(make_case: Make, read_vessel: Make) -> None:
    reading = make_case([], [read_vessel(ONE, cap_on=0.9, content={"coloured": 0.95})]).reading

    said, sure = answer(Expected("test tube", "rack", cap="on", content="coloured"), reading)

    assert said == "yes"
    assert sure == pytest.approx(0.9 * 0.9 * 0.95)


def test_a_tube_in_another_state_is_a_no(make_case: Make, read_vessel: Make) -> None:
    reading = make_case([], [read_vessel(ONE, cap_on=0.9)]).reading

    assert answer(Expected("test tube", "rack", cap="off"), reading)[0] == "no"


def test_nothing_in_view_is_a_sure_no(make_case: Make) -> None:
    assert answer(Expected("test tube", "rack"), make_case().reading) == ("no", 1.0)


def test_two_containers_are_more_than_one(make_case: Make, read_vessel: Make) -> None:
    bottle = {"kind": "bottle", "content": {"empty": 1.0}}
    one = make_case([], [read_vessel(ONE, **bottle)]).reading
    two = make_case([], [read_vessel(ONE, **bottle), read_vessel(TWO, **bottle)]).reading
    expected = Expected("silicone container", "workbench", count=2)

    assert [answer(expected, reading)[0] for reading in (one, two)] == ["no", "yes"]


def test_a_container_on_its_side_does_not_count(make_case: Make, read_vessel: Make) -> None:
    reading = make_case([], [read_vessel(ONE, kind="bottle", tipped=0.9)]).reading

    assert answer(Expected("pigment container", "workbench"), reading)[0] == "no"


def test_what_a_reading_does_not_say_leaves_the_answer_unknown(make_case: Make, read_vessel: Make) -> None:
    order = Expected("silicone container", "station", count=2, beyond="the colours of their marks, in order")
    two = [read_vessel(box, kind="bottle", content={"empty": 1.0}) for box in (ONE, TWO)]

    assert answer(order, make_case([], two).reading)[0] == "unknown"
    assert answer(order, make_case([], two[:1]).reading)[0] == "no"


def test_a_small_spill_is_allowed_and_a_large_one_is_not(make_case: Make) -> None:
    small = make_case(read_spill=0.95, spill_px=1000).reading
    large = make_case(read_spill=0.95, spill_px=20000).reading
    expected = Expected("spill", "tray")

    assert [answer(expected, reading)[0] for reading in (small, large)] == ["yes", "no"]


def test_an_unsure_answer_is_unknown_if_that_is_wished(make_case: Make, read_vessel: Make) -> None:
    reading = make_case([], [read_vessel(ONE, cap_on=0.6)]).reading

    assert answer(Expected("test tube", "rack", cap="on"), reading, sure_from=0.8)[0] == "unknown"


def test_checks_are_scored_by_what_was_answered(make_case: Make) -> None:
    asked = (Check(question="Check whether there is an uncapped test tube on scale.", ok=True),
             Check(question="Check whether a mold is on workbench (czt).", ok=True))  # fmt: skip

    assert list(verdicts(make_case(checks=asked))) == [(1.0, 0.0, 1.0, 1.0)]
