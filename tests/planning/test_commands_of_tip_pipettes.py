"""What the state of a pipette with tips says of a command, and whether `bench.do` may say it again."""

from pathlib import Path
from typing import Any

import pytest

from hardware_sim.clock import VirtualClock
from hardware_sim.laboratory import Laboratory
from planning.commands import Command, Outcome, evidence, judge
from robot.config import LabConfig
from robot.errors import ReplyLost
from robot.fleet import open_fleet
from robot.interfaces import DipState, TipState

LIQUIDS = Path(__file__).parents[1] / "conformance" / "benches" / "liquids.yaml"
TAKE = Command("handler", "start_taking_tip", {"number": 3})
DROP = Command("handler", "start_dropping_tip", {})
TURN = Command("tipper", "start_turning_valve", {"port": 2})
DIP = Command("tipper", "start_dipping", {"port": 2, "height_mm": 20.0})


def tip(has_tip: bool | None, *, busy: bool = False) -> TipState:
    return TipState(0.0, busy, True, None, port=1, has_tip=has_tip)


def dip(over: int, height_mm: float | None, *, is_in: bool = True, fault: str | None = None) -> DipState:
    port = over if is_in else 0
    return DipState(0.0, False, True, fault, port=port, has_tip=True, over=over, height_mm=height_mm, next_tip=1)


@pytest.mark.parametrize(
    ("command", "state", "outcome"),
    [
        (TAKE, tip(True), Outcome.DONE),
        (TAKE, tip(False, busy=True), Outcome.UNDER_WAY),
        (TAKE, tip(False), Outcome.NOT_DONE),
        (TAKE, tip(None), Outcome.UNKNOWN),
        (DROP, tip(False), Outcome.DONE),
        (DROP, tip(True), Outcome.NOT_DONE),
        (DROP, tip(None), Outcome.UNKNOWN),
    ],
)
def test_what_is_on_the_nozzle_tells(command: Command, state: TipState, outcome: Outcome) -> None:
    assert judge(command, evidence(tip(command is DROP)), state, None, 1.0) is outcome


@pytest.mark.parametrize(
    ("command", "state", "outcome"),
    [
        (TURN, dip(2, 1.0), Outcome.DONE),
        (TURN, dip(2, 62.0, is_in=False), Outcome.NOT_DONE),  # over the well, not in it: it would draw air
        (TURN, dip(0, None), Outcome.NOT_DONE),  # cut short at travel height: the way may be gone again
        (DIP, dip(2, 20.0), Outcome.DONE),
        (DIP, dip(2, 1.0), Outcome.NOT_DONE),
        (DIP, dip(1, 20.0), Outcome.NOT_DONE),
        (DIP, dip(2, 35.0, fault="it was held"), Outcome.FAULT),
    ],
)
def test_where_the_tip_is_tells(command: Command, state: DipState, outcome: Outcome) -> None:
    assert judge(command, evidence(dip(1, 1.0)), state, None, 1.0) is outcome


@pytest.mark.parametrize("nth", range(1, 4))
def test_a_tip_whose_taking_was_cut_short_is_judged_as_it_truly_is(nth: int, muffled: Any) -> None:
    lab, clock, heard = LabConfig.load(LIQUIDS), VirtualClock(), [0]
    laboratory = Laboratory(lab, clock, seed=7)

    def is_lost(data: bytes) -> bool:
        heard[0] += b"G53" in data
        return b"G53" in data and heard[0] == nth

    with open_fleet(lab, lambda name, _, channel: muffled(laboratory.port(name, channel), is_lost)) as fleet:
        tipper: Any = fleet.devices["tipper"]
        tipper.start_initialising(tipper.ports["waste"])
        clock.jump_to(60.0)
        before = evidence(tipper.read_state())
        with pytest.raises(ReplyLost):
            tipper.start_taking_tip(3)
        clock.jump_to(120.0)

        outcome = judge(Command("tipper", "start_taking_tip", {"number": 3}), before, tipper.read_state(), None, 0.0)

    emulator: Any = laboratory.emulator("tipper")
    assert outcome is (Outcome.NOT_DONE if emulator.nozzle.tip is None else Outcome.DONE)
