"""What a capper's state says of an order whose answer was lost: its number tells whether it began."""

from dataclasses import replace

import pytest

from planning.commands import Command, Outcome, evidence, judge
from robot.interfaces import CapperState

CAP = Command("capper", "start_capping", {"torque_mnm": 800})
UNCAP = Command("capper", "start_uncapping", {})
STOP = Command("capper", "stop_capping", {})
BEFORE = CapperState(
    order=6, task="uncap", ending="done", torque_mnm=0.0, reached_mnm=590.0, vessel="open", has_caps=True, boots=1, fault=None
)  # fmt: skip
CAPPING = replace(BEFORE, order=7, task="cap", ending="running", torque_mnm=800.0, reached_mnm=0.0)
UNCAPPING = replace(BEFORE, order=7, ending="running", vessel="capped")


@pytest.mark.parametrize(
    ("command", "state", "ticket", "outcome"),
    [
        (CAP, BEFORE, None, Outcome.NOT_DONE),  # its number did not move: the order never arrived
        (CAP, CAPPING, None, Outcome.UNDER_WAY),
        (CAP, CAPPING, 7, Outcome.UNDER_WAY),
        (CAP, replace(CAPPING, ending="done", vessel="capped"), None, Outcome.DONE),
        (CAP, replace(CAPPING, ending="slipped"), 7, Outcome.FAULT),
        (CAP, replace(CAPPING, ending="done", torque_mnm=900.0), None, Outcome.UNKNOWN),  # somebody else's order
        (CAP, UNCAPPING, None, Outcome.UNKNOWN),
        (CAP, replace(CAPPING, order=8, ending="done"), None, Outcome.UNKNOWN),
        (CAP, BEFORE, 7, Outcome.UNKNOWN),  # it said yes, and does not remember
        (UNCAP, BEFORE, None, Outcome.NOT_DONE),
        (UNCAP, UNCAPPING, 7, Outcome.UNDER_WAY),
        (UNCAP, replace(UNCAPPING, ending="done", vessel="open"), None, Outcome.DONE),
        (UNCAP, replace(UNCAPPING, ending="power", boots=2), 7, Outcome.FAULT),
        (UNCAP, CAPPING, None, Outcome.UNKNOWN),
        (STOP, CAPPING, None, Outcome.UNDER_WAY),
        (STOP, replace(CAPPING, ending="stopped"), None, Outcome.DONE),
    ],
)
def test_an_order_is_settled_by_its_number_and_its_ending(
    command: Command, state: CapperState, ticket: int | None, outcome: Outcome
) -> None:
    assert judge(command, evidence(BEFORE), state, ticket, 1.0) is outcome


def test_evidence_says_whether_a_cap_is_on() -> None:
    assert evidence(BEFORE) == {"order": 6, "ending": "done", "vessel": "open"}
