"""What an arm's state says of a command, for arms that count their commands, tell that they are busy, or neither."""

from dataclasses import replace

import pytest

from planning.commands import GRIP_S, Command, Outcome, evidence, judge
from robot.geometry import BenchPoint
from robot.interfaces import ArmState

MOVE = Command("arm", "start_move", {"to": [200.0, 0.0, 50.0]})
CLOSE = Command("arm", "start_grip", {"closed": True})
HOME = Command("arm", "start_homing", {})


def arm(x_mm: float, ticket: int | None, *, busy: bool | None = False, is_closed: bool | None = False) -> ArmState:
    return ArmState(BenchPoint(x_mm, 0.0, 50.0), ticket, (), busy, is_closed)


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (arm(200.0, None), Outcome.DONE),
        (arm(150.0, None, busy=True), Outcome.UNDER_WAY),
        (arm(100.0, None), Outcome.NOT_DONE),  # it stands where it stood: nothing happened
        (arm(150.0, None), Outcome.FAULT),  # it stands on the way: somebody stopped it
    ],
)
def test_the_place_of_an_arm_that_keeps_no_count_tells(state: ArmState, outcome: Outcome) -> None:
    assert judge(MOVE, evidence(arm(100.0, None)), state, None, 1.0) is outcome


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (arm(100.0, 5, busy=True), Outcome.UNDER_WAY),
        (arm(100.0, 4), Outcome.NOT_DONE),
        (arm(100.0, 5), Outcome.FAULT),  # it began and stands still at its start
        (arm(100.0, None, busy=True), Outcome.UNDER_WAY),  # it cannot tell its count just now
        (arm(100.0, 0), Outcome.UNKNOWN),
    ],
)
def test_a_lost_reply_is_settled_by_count_and_place(state: ArmState, outcome: Outcome) -> None:
    assert judge(MOVE, evidence(arm(100.0, 4)), state, None, 0.0) is outcome


@pytest.mark.parametrize(
    ("state", "elapsed_s", "outcome"),
    [
        (arm(100.0, None, is_closed=True), GRIP_S, Outcome.DONE),
        (arm(100.0, None, is_closed=True), 0.0, Outcome.UNDER_WAY),  # air takes its time
        (arm(100.0, None, is_closed=False), GRIP_S, Outcome.NOT_DONE),
        (arm(100.0, None, is_closed=None), GRIP_S, Outcome.DONE),
    ],
)
def test_a_gripper_that_tells_is_believed(state: ArmState, elapsed_s: float, outcome: Outcome) -> None:
    assert judge(CLOSE, evidence(arm(100.0, None)), state, None, elapsed_s) is outcome


def test_homing_is_over_when_an_arm_that_tells_is_no_longer_busy() -> None:
    before = evidence(arm(100.0, None))

    assert judge(HOME, before, arm(100.0, None, busy=True), None, 60.0) is Outcome.UNDER_WAY
    assert judge(HOME, before, arm(100.0, None), None, 1.0) is Outcome.DONE


OFF = ArmState(BenchPoint(100.0, 0.0, 50.0), 0, ("it is not running: POWER_OFF",), False, False)


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (OFF, Outcome.NOT_DONE),
        (arm(100.0, 0, busy=True), Outcome.UNDER_WAY),
        (arm(100.0, 0), Outcome.DONE),  # it counts programs, and was sent none
        (replace(OFF, alarms=("protective stop",)), Outcome.FAULT),
        (replace(OFF, position=BenchPoint(150.0, 0.0, 50.0)), Outcome.FAULT),  # it began, and did not get there
    ],
)
def test_an_arm_that_was_to_wake_up_tells_by_what_it_complains_of(state: ArmState, outcome: Outcome) -> None:
    assert judge(HOME, evidence(OFF), state, None, 0.0) is outcome
