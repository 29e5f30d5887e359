"""Yes, no or unknown: doubt never passes for an answer."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from planning.protocol.expectations import Answer, Expectation, judge, pooled
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
