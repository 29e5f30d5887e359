"""What a device's state says of a command, and when it says nothing."""

import pytest

from planning.commands import Command, Outcome, has_lost_home, judge
from robot.geometry import BenchPoint
from robot.interfaces import ArmState, FurnaceState, PipetteState, SyringeState

MOVE = Command("arm", "start_move", {"to": [200.0, 0.0, 50.0]})
PLUNGE = Command("pipette", "start_moving_plunger", {"to_volume_ul": 500.0, "flow_ul_per_s": 100.0})
TURN = Command("pipette", "start_turning_valve", {"port": 3})
DECLARE = Command("syringe", "declare_filled", {})
START = Command("furnace", "start_programme", {})
ARM_BEFORE = {"position_mm": [100.0, 0.0, 50.0], "ticket": 4}
PUMP_BEFORE = {"volume_ul": 0.0, "port": 1}


def arm(x_mm: float, ticket: int, *alarms: str) -> ArmState:
    return ArmState(BenchPoint(x_mm, 0.0, 50.0), ticket, alarms)


@pytest.mark.parametrize(
    ("state", "ticket", "outcome"),
    [
        (arm(200.0, 5), 5, Outcome.DONE),
        (arm(150.0, 5), 5, Outcome.UNDER_WAY),
        (arm(100.0, 4), 5, Outcome.UNDER_WAY),  # accepted, still waiting in the queue
        (arm(100.0, 4), None, Outcome.NOT_DONE),  # the reply was lost and the counter did not move
        (arm(200.0, 5), None, Outcome.DONE),
        (arm(100.0, 0), None, Outcome.UNKNOWN),  # the counter fell back: a brown-out
        (arm(150.0, 5, "limit"), 5, Outcome.FAULT),
    ],
)
def test_an_arms_counter_and_place_tell(state: ArmState, ticket: int | None, outcome: Outcome) -> None:
    assert judge(MOVE, ARM_BEFORE, state, ticket, 1.0) is outcome


@pytest.mark.parametrize(
    ("command", "state", "outcome"),
    [
        (PLUNGE, PipetteState(500.2, False, True, None, port=1), Outcome.DONE),
        (PLUNGE, PipetteState(250.0, True, True, None, port=1), Outcome.UNDER_WAY),
        (PLUNGE, PipetteState(0.0, False, True, None, port=1), Outcome.NOT_DONE),
        (PLUNGE, PipetteState(250.0, False, True, None, port=1), Outcome.UNKNOWN),
        (PLUNGE, PipetteState(250.0, False, True, "plunger overload", port=1), Outcome.FAULT),
        (TURN, PipetteState(0.0, False, True, None, port=3), Outcome.DONE),
        (TURN, PipetteState(0.0, False, True, None, port=1), Outcome.NOT_DONE),
        (TURN, PipetteState(0.0, False, True, None, port=7), Outcome.UNKNOWN),
    ],
)
def test_a_pumps_plunger_and_valve_tell(command: Command, state: PipetteState, outcome: Outcome) -> None:
    assert judge(command, PUMP_BEFORE, state, None, 1.0) is outcome


def test_a_furnace_that_broke_its_sensor_does_not_run_as_asked() -> None:
    state = FurnaceState(1372.0, 100.0, "running", 0.0, sensor_broken=True)

    assert judge(START, {"programme": "idle"}, state, None, 1.0) is Outcome.FAULT


@pytest.mark.parametrize(
    ("command", "state", "outcome"),
    [
        (PLUNGE, SyringeState(250.0, True, True, None), Outcome.UNDER_WAY),
        (
            PLUNGE,
            SyringeState(250.0, False, True, None),
            Outcome.NOT_DONE,
        ),  # its watchdog stopped it: the rest may follow
        (PLUNGE, SyringeState(250.0, False, False, None), Outcome.FAULT),  # its counters are gone
        (PLUNGE, SyringeState(700.0, False, True, None), Outcome.UNKNOWN),
        (DECLARE, SyringeState(4000.0, False, True, None), Outcome.DONE),
        (DECLARE, SyringeState(4000.0, False, False, None), Outcome.NOT_DONE),
    ],
)
def test_the_counters_of_a_syringe_with_one_line_tell(command: Command, state: SyringeState, outcome: Outcome) -> None:
    assert judge(command, {"volume_ul": 0.0}, state, None, 1.0) is outcome


def test_a_tip_may_be_thrown_away_though_the_plunger_has_lost_its_home() -> None:
    lost = SyringeState(0.0, False, False, None)

    assert has_lost_home(PLUNGE, lost)
    assert not has_lost_home(Command("tipper", "start_dropping_tip", {}), lost)
