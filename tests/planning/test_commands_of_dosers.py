"""What a doser's state says of a dose whose answer was lost: its number tells whether it began, its load cell how it went."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import pytest

from hardware_sim.clock import VirtualClock
from hardware_sim.laboratory import Laboratory
from planning.bench import Bench, call_inline
from planning.commands import Command, Outcome, evidence, judge
from planning.interlocks import Interlocks
from planning.journal import Journal
from planning.past import Past
from robot.config import LabConfig
from robot.fleet import open_fleet
from robot.interfaces import PowderDoserState

LAB = LabConfig.load(Path(__file__).parents[1] / "conformance" / "benches" / "powders.yaml")
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


@pytest.mark.parametrize("had_begun", [False, True])
def test_a_dose_that_an_engine_left_open_is_given_once(tmp_path: Path, had_begun: bool) -> None:
    clock = VirtualClock()
    laboratory = Laboratory(LAB, clock, 7)
    with open_fleet(LAB, lambda name, settings, channel: laboratory.port(name, channel)) as fleet:
        doser: Any = fleet.devices["doser"]
        left_open = Past(evidence(doser.read_state()), None, False, "", "")
        if had_begun:
            doser.start_dosing(**DOSE.arguments)
        journal = Journal(tmp_path / "journal.db", clock)
        bench = Bench(fleet.devices, journal, clock, Interlocks(LAB), call_inline, {("dose", 1): left_open})

        anyio.run(bench.do, replace(DOSE, within_s=600.0), "dose", 1,
                  backend_options={"loop_factory": clock.new_event_loop})  # fmt: skip
        journal.close()

        assert doser.read_state().ending == "done"
        assert laboratory.counts()["doser"] == {"dose": 1}
