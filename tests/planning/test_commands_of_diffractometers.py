"""What a diffractometer's state says of a scan whose answer was lost: its number tells whether it began."""

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
from robot.interfaces import DiffractometerState

LAB = LabConfig.load(Path(__file__).parents[1] / "conformance" / "benches" / "diffraction.yaml")
FIGURES = {"start_deg": 10.0, "end_deg": 80.0, "step_deg": 0.02, "seconds_per_step": 0.137}
SCAN = Command("diffractometer", "start_scan", FIGURES, expected_s=490.0, within_s=600.0)
STOP = Command("diffractometer", "stop_scan", {})
OPEN = Command("diffractometer", "start_opening_door", {})
BEFORE = DiffractometerState(
    stage="complete", scan=17, start_deg=5.0, end_deg=60.0, step_deg=0.01, seconds_per_step=0.1, points_measured=5501,
    points_wanted=5501, xrays_on=False, door="closed", boots=1, fault=None,
)  # fmt: skip
SCANNING = replace(BEFORE, stage="scanning", scan=18, **FIGURES)


@pytest.mark.parametrize(
    ("state", "ticket", "outcome"),
    [
        (BEFORE, None, Outcome.NOT_DONE),  # its number did not move: the order never arrived
        (SCANNING, None, Outcome.UNDER_WAY),
        (SCANNING, 18, Outcome.UNDER_WAY),
        (replace(SCANNING, stage="complete"), None, Outcome.DONE),
        (replace(SCANNING, stage="complete"), 18, Outcome.DONE),
        (replace(SCANNING, stage="failed", boots=2), 18, Outcome.FAULT),
        (replace(SCANNING, stage="stopped"), None, Outcome.FAULT),
        (replace(SCANNING, end_deg=70.0), None, Outcome.UNKNOWN),  # somebody else's scan
        (replace(SCANNING, scan=19), None, Outcome.UNKNOWN),
        (replace(BEFORE, scan=0), None, Outcome.UNKNOWN),  # another device stands there
        (BEFORE, 18, Outcome.UNKNOWN),  # it said yes, and does not remember
    ],
)
def test_a_scan_is_settled_by_its_number_and_its_stage(
    state: DiffractometerState, ticket: int | None, outcome: Outcome
) -> None:
    assert judge(SCAN, evidence(BEFORE), state, ticket, 1.0) is outcome


@pytest.mark.parametrize(
    ("door", "outcome"),
    [("closed", Outcome.NOT_DONE), ("moving", Outcome.UNDER_WAY), ("open", Outcome.DONE)],
)
def test_a_door_shows_how_far_it_is(door: Any, outcome: Outcome) -> None:
    assert judge(OPEN, evidence(BEFORE), replace(BEFORE, door=door), None, 0.0) is outcome


def test_a_scan_has_stopped_when_none_is_under_way() -> None:
    assert judge(STOP, evidence(SCANNING), SCANNING, None, 0.0) is Outcome.NOT_DONE
    assert judge(STOP, evidence(SCANNING), replace(SCANNING, stage="stopped"), None, 0.0) is Outcome.DONE


@pytest.mark.parametrize("had_begun", [False, True])
def test_a_scan_that_an_engine_left_open_is_measured_once(tmp_path: Path, had_begun: bool) -> None:
    clock = VirtualClock()
    laboratory = Laboratory(LAB, clock, 7)
    with open_fleet(LAB, lambda name, settings, channel: laboratory.port(name, channel)) as fleet:
        diffractometer: Any = fleet.devices["diffractometer"]
        left_open = Past(evidence(diffractometer.read_state()), None, False, "", "")
        if had_begun:
            diffractometer.start_scan(**SCAN.arguments)
        journal = Journal(tmp_path / "journal.db", clock)
        bench = Bench(fleet.devices, journal, clock, Interlocks(LAB), call_inline, {("measure", 1): left_open})

        anyio.run(bench.do, SCAN, "measure", 1, backend_options={"loop_factory": clock.new_event_loop})
        journal.close()

        assert diffractometer.read_state().stage == "complete"
        assert laboratory.counts()["diffractometer"] == {"scan": 1}
