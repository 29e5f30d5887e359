"""What a powder handler's state says of an order whose answer was lost: its number tells whether it began."""

from dataclasses import replace

import pytest

from planning.commands import Command, Outcome, evidence, judge
from robot.interfaces import PowderHandlerState

SHAKE = Command("handler", "start_shaking", {"duration_s": 120.0, "speed_rpm": 1500.0})
TRANSFER = Command("handler", "start_transferring", {"target_mg": 150.0})
STOP = Command("handler", "stop_handling", {})
BEFORE = PowderHandlerState(
    order=6, task="transfer", ending="done", duration_s=0.0, speed_rpm=0.0, shaken_s=0.0, target_mg=100.0, gained_mg=112.0,
    load_mg=9112.0, has_source=True, has_target=True, door_is_open=False, boots=1, fault=None,
)  # fmt: skip
MOVING = replace(BEFORE, order=7, ending="running", target_mg=150.0, gained_mg=40.0)
SHAKING = replace(
    BEFORE, order=7, task="shake", ending="running", duration_s=120.0, speed_rpm=1500.0, target_mg=0.0, gained_mg=0.0
)


@pytest.mark.parametrize(
    ("command", "state", "ticket", "outcome"),
    [
        (TRANSFER, BEFORE, None, Outcome.NOT_DONE),  # its number did not move: the order never arrived
        (TRANSFER, MOVING, None, Outcome.UNDER_WAY),
        (TRANSFER, MOVING, 7, Outcome.UNDER_WAY),
        (TRANSFER, replace(MOVING, ending="done", gained_mg=160.0), None, Outcome.DONE),
        (TRANSFER, replace(MOVING, ending="no-gain"), 7, Outcome.FAULT),
        (TRANSFER, replace(MOVING, ending="done", target_mg=400.0), None, Outcome.UNKNOWN),  # somebody else's order
        (TRANSFER, SHAKING, None, Outcome.UNKNOWN),
        (TRANSFER, replace(MOVING, order=8, ending="done"), None, Outcome.UNKNOWN),
        (TRANSFER, BEFORE, 7, Outcome.UNKNOWN),  # it said yes, and does not remember
        (SHAKE, BEFORE, None, Outcome.NOT_DONE),
        (SHAKE, SHAKING, 7, Outcome.UNDER_WAY),
        (SHAKE, replace(SHAKING, ending="done", shaken_s=120.0), None, Outcome.DONE),
        (SHAKE, replace(SHAKING, ending="power", boots=2), 7, Outcome.FAULT),
        (SHAKE, replace(SHAKING, ending="done", duration_s=60.0), None, Outcome.UNKNOWN),
        (STOP, MOVING, None, Outcome.UNDER_WAY),
        (STOP, replace(MOVING, ending="stopped"), None, Outcome.DONE),
    ],
)
def test_an_order_is_settled_by_its_number_and_its_ending(
    command: Command, state: PowderHandlerState, ticket: int | None, outcome: Outcome
) -> None:
    assert judge(command, evidence(BEFORE), state, ticket, 1.0) is outcome


def test_evidence_says_how_far_it_came() -> None:
    assert evidence(BEFORE) == {"order": 6, "ending": "done", "shaken_s": 0.0, "gained_mg": 112.0}
