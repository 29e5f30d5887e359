"""What a doser's state says of a dose whose answer was lost: its number tells whether it began, its load cell how it went."""

from dataclasses import replace

import pytest

from planning.commands import Command, Outcome, evidence, judge
from robot.interfaces import PowderDoserState

DOSE = Command("doser", "start_dosing", {"hopper": 2, "target_mg": 500.0, "tolerance_mg": 5.0})
STOP = Command("doser", "stop_dosing", {})
FILL = Command("doser", "declare_filled", {"hopper": 2, "mass_mg": 25_000.0})
BEFORE = PowderDoserState(
    dose=17, ending="done", hopper=1, target_mg=10.0, tolerance_mg=1.0, dispensed_mg=10.1, remaining_mg={2: None},
    load_mg=17_600.0, has_vessel=True, door_is_open=False, boots=1, fault=None,
)  # fmt: skip
RUNNING = replace(BEFORE, dose=18, ending="running", hopper=2, target_mg=500.0, tolerance_mg=5.0, dispensed_mg=120.0)


@pytest.mark.parametrize(
    ("state", "ticket", "outcome"),
    [
        (BEFORE, None, Outcome.NOT_DONE),  # its number did not move: the order never arrived
        (RUNNING, None, Outcome.UNDER_WAY),
        (RUNNING, 18, Outcome.UNDER_WAY),
        (replace(RUNNING, ending="done", dispensed_mg=498.0), None, Outcome.DONE),
        (replace(RUNNING, ending="done", dispensed_mg=498.0), 18, Outcome.DONE),
        (replace(RUNNING, ending="no-flow", dispensed_mg=312.3), None, Outcome.FAULT),
        (replace(RUNNING, ending="no-vessel", dispensed_mg=None), 18, Outcome.FAULT),
        (replace(RUNNING, ending="power", boots=2), 18, Outcome.FAULT),
        (replace(RUNNING, ending="done", target_mg=400.0), None, Outcome.UNKNOWN),  # somebody else's dose
        (replace(RUNNING, dose=19, ending="done"), None, Outcome.UNKNOWN),
        (replace(BEFORE, dose=0), None, Outcome.UNKNOWN),  # another device stands there
        (BEFORE, 18, Outcome.UNKNOWN),  # it said yes, and does not remember
    ],
)
def test_a_dose_is_settled_by_its_number_and_its_ending(
    state: PowderDoserState, ticket: int | None, outcome: Outcome
) -> None:
    assert judge(DOSE, evidence(BEFORE), state, ticket, 1.0) is outcome


def test_a_doser_has_stopped_when_nothing_is_under_way() -> None:
    assert judge(STOP, evidence(RUNNING), RUNNING, None, 0.0) is Outcome.UNDER_WAY
    assert judge(STOP, evidence(RUNNING), replace(RUNNING, ending="stopped"), None, 3.0) is Outcome.DONE


def test_a_filling_is_read_back() -> None:
    assert judge(FILL, evidence(BEFORE), BEFORE, None, 0.0) is Outcome.NOT_DONE
    assert judge(FILL, evidence(BEFORE), replace(BEFORE, remaining_mg={2: 25_000.0}), None, 0.0) is Outcome.DONE


def test_evidence_says_how_much_fell() -> None:
    assert evidence(BEFORE) == {"dose": 17, "ending": "done", "dispensed_mg": 10.1}
