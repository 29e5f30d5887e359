"""Yes, no or unknown: doubt never passes for an answer."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from planning.protocol.expectations import Answer, Expectation, judge, pooled
from vision.state.trust import Sure, Trust
from vision.state.vessel import Estimate, VesselState


def seen(present: float = 1.0, liquid: float = 1.0, fill: Estimate | None = None, quality: str = "ok") -> VesselState:
    content = {"empty": 0.0, "liquid": liquid, "solid": 1.0 - liquid}
    mask = np.zeros((2, 2), np.uint8)
    return VesselState(present, content, fill, quality, mask)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("mean", "std", "answer"),
    [
        (0.25, 0.005, Answer.YES),
        (0.20, 0.005, Answer.NO),
        (0.20, 0.04, Answer.UNKNOWN),
        (0.25, 0.10, Answer.UNKNOWN),
        (0.225, 0.005, Answer.UNKNOWN),
    ],
)
def test_a_level_is_judged_with_its_doubt(mean: float, std: float, answer: Answer) -> None:
    expectation = Expectation(fill="as dosed", tolerance=0.02)

    assert judge(expectation, seen(fill=Estimate(mean, std)), 0.25).answer is answer


def test_a_level_that_could_not_be_read_is_unknown() -> None:
    assert judge(Expectation(fill=0.3), seen(), 0.3).answer is Answer.UNKNOWN


def test_a_missing_vessel_is_a_no_whatever_else_was_asked() -> None:
    verdict = judge(Expectation(present=True, fill=0.3), seen(present=0.01), 0.3)

    assert verdict.answer is Answer.NO
    assert "vessel present" in verdict.reason


@pytest.mark.parametrize("quality", ["dark", "blurred"])
def test_a_bad_picture_answers_nothing(quality: str) -> None:
    assert judge(Expectation(present=True), seen(quality=quality), None).answer is Answer.UNKNOWN


@given(st.floats(0.0, 1.0))
@example(0.1)
@example(0.9)
def test_the_opposite_question_gets_the_opposite_answer(probability: float) -> None:
    opposite = {Answer.YES: Answer.NO, Answer.NO: Answer.YES, Answer.UNKNOWN: Answer.UNKNOWN}
    state = seen(liquid=probability)

    is_wet, is_dry = judge(Expectation(wet=True), state, None), judge(Expectation(wet=False), state, None)

    assert opposite[is_wet.answer] is is_dry.answer


def test_looking_again_until_the_answer_pleases_gains_nothing() -> None:
    looks = [seen(fill=Estimate(mean, 0.01)) for mean in (0.219, 0.220, 0.2255)]

    assert judge(Expectation(fill=0.25, tolerance=0.025), looks[-1], 0.25).answer is Answer.YES
    assert judge(Expectation(fill=0.25, tolerance=0.025), pooled(looks), 0.25).answer is Answer.UNKNOWN


def test_a_bad_picture_does_not_spoil_the_good_ones() -> None:
    looks = [seen(present=0.0, quality="dark"), seen(present=1.0)]

    assert judge(Expectation(present=True), pooled(looks), None).answer is Answer.YES


def test_an_expectation_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="expects nothing"):
        Expectation()


def told(**states: object) -> VesselState:
    """A state of which eyes could tell more."""
    return replace(seen(), **states)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wanted", "state", "answer"),
    [
        (Expectation(cap=True), told(cap_on=0.97), Answer.YES),
        (Expectation(cap=False), told(cap_on=0.97), Answer.NO),
        (Expectation(cap=False), told(cap_on=0.6), Answer.UNKNOWN),
        (Expectation(spill=False), told(spill=0.02), Answer.YES),
        (Expectation(spill=False), told(spill=0.95), Answer.NO),
        (Expectation(layers=1), told(layers=(0.01, 0.95, 0.03, 0.01)), Answer.YES),
        (Expectation(layers=2), told(layers=(0.01, 0.95, 0.03, 0.01)), Answer.NO),
        (Expectation(layers=2), told(layers=(0.0, 0.5, 0.5, 0.0)), Answer.UNKNOWN),
        (Expectation(colour="red"), told(colour={"red": 0.93, "orange": 0.07}), Answer.YES),
        (Expectation(colour="blue"), told(colour={"red": 0.93, "orange": 0.07}), Answer.NO),
        (Expectation(colour="orange"), told(colour={"red": 0.6, "orange": 0.4}), Answer.UNKNOWN),
    ],
)
def test_what_the_eyes_can_tell_is_judged(wanted: Expectation, state: VesselState, answer: Answer) -> None:
    assert judge(wanted, state, None).answer is answer


@pytest.mark.parametrize("layers", [3, 4])
def test_as_many_layers_and_more_can_be_denied_but_not_confirmed(layers: int) -> None:
    many, few = told(layers=(0.0, 0.01, 0.01, 0.98)), told(layers=(0.0, 0.97, 0.02, 0.01))

    assert judge(Expectation(layers=layers), many, None).answer is Answer.UNKNOWN
    assert judge(Expectation(layers=layers), few, None).answer is Answer.NO


@pytest.mark.parametrize(
    "wanted", [Expectation(cap=True), Expectation(layers=1), Expectation(colour="red"), Expectation(spill=False)]
)
def test_what_the_eyes_cannot_tell_is_unknown(wanted: Expectation) -> None:
    verdict = judge(wanted, seen(), None)

    assert verdict.answer is Answer.UNKNOWN
    assert "cannot tell" in verdict.reason


def test_each_question_has_the_threshold_that_was_measured_for_it() -> None:
    strict = Trust(sure={"cap": Sure(yes_from=0.99, no_up_to=0.05)})
    state = told(cap_on=0.95, present=0.95, trust=strict)

    assert judge(Expectation(cap=True), state, None).answer is Answer.UNKNOWN
    assert judge(Expectation(present=True), state, None).answer is Answer.YES


def test_several_looks_are_pooled_where_they_could_tell() -> None:
    looks = [
        told(cap_on=0.9, spill=0.2, layers=(0.0, 1.0, 0.0, 0.0), colour={"red": 1.0}),
        told(cap_on=0.7, layers=(0.5, 0.5, 0.0, 0.0), colour={"orange": 1.0}),
        told(),
    ]

    both = pooled(looks)

    assert (both.cap_on, both.spill, both.layers) == (pytest.approx(0.8), 0.2, (0.25, 0.75, 0.0, 0.0))
    assert both.colour == {"red": 0.5, "orange": 0.5}
    assert both.tipped is None
