import json
from typing import Any

import pytest

from robot.device_settings import OpentronsOT2Settings
from robot.drivers.opentrons_ot2 import OpentronsOT2, codec
from robot.errors import CommandRefused, NotReachable, ReplyLost
from robot.wire.base import Wire
from robot.wire.http import message
from robot.wire.transcript import Exchange, ReplayPort

SETTINGS = OpentronsOT2Settings.model_validate(
    {"model": "opentrons_ot2", "port": "http://robot", "labware": {2: "reservoir", 11: "rack"},
     "wells": {"ink": "2/A1", "waste": "2/A2"}}
)  # fmt: skip
IDLE = {"data": [{"id": "run-1", "status": "idle", "current": True}]}
HOMED = {"commandType": "home", "params": {}, "status": "succeeded", "key": "a"}
TIP = {"commandType": "pickUpTip", "params": {"labwareId": "slot-11", "wellName": "A1"}, "status": "succeeded"}
MOVED = {"commandType": "moveToWell", "params": {"labwareId": "slot-2", "wellName": "A1"}, "status": "succeeded"}


def robot(*exchanges: tuple[bytes, int, Any]) -> OpentronsOT2:
    said = [
        Exchange(sent, message(f"HTTP/1.1 {status} -", {}, json.dumps(answer).encode()) if status else b"")
        for sent, status, answer in exchanges
    ]
    return OpentronsOT2("robot", Wire(ReplayPort(said), quarantine_s=0.0), SETTINGS)


def listed(*commands: Any, since: int = 0) -> tuple[bytes, int, Any]:
    return codec.ask_commands("run-1", since), 200, {"data": list(commands)}


def drew(volume_ul: float, status: str = "succeeded", **more: Any) -> dict[str, Any]:
    params = {"labwareId": "slot-2", "wellName": "A1", "volume": volume_ul}
    return {"commandType": "aspirate", "params": params, "status": status, **more}


def test_the_robots_own_record_tells_well_tip_and_volume() -> None:
    state = robot((codec.ASK_RUNS, 200, IDLE), listed(HOMED, TIP, MOVED, drew(120.0))).read_state()

    assert (state.port, state.has_tip, state.volume_ul, state.busy, state.initialised) == (1, True, 120.0, False, True)


def test_what_is_settled_is_not_asked_for_again() -> None:
    lone = robot(
        (codec.ASK_RUNS, 200, IDLE), listed(HOMED, TIP, drew(50.0, "running")),
        (codec.ASK_RUNS, 200, IDLE), listed(drew(50.0), since=2),
    )  # fmt: skip

    assert lone.read_state().busy
    assert lone.read_state().volume_ul == 50.0


def test_after_a_failure_nobody_knows_whether_it_wears_a_tip() -> None:
    error = {"errorType": "OverpressureError", "detail": "clot"}

    state = robot((codec.ASK_RUNS, 200, IDLE), listed(HOMED, TIP, drew(50.0, "failed", error=error))).read_state()

    assert (state.has_tip, state.initialised) == (None, False)
    assert "clot" in (state.fault or "")


def test_a_run_that_is_gone_means_not_initialised() -> None:
    assert not robot((codec.ASK_RUNS, 200, {"data": []})).read_state().initialised


def turn(answer_status: int, *after: tuple[bytes, int, Any]) -> OpentronsOT2:
    post = codec.command("run-1", "robot-1", "moveToWell", codec.place("2/A1", "top"))
    return robot((codec.ASK_RUNS, 200, IDLE), listed(HOMED), listed(since=1), (post, answer_status, {}), *after)


def test_a_command_whose_answer_is_lost_is_looked_for_by_its_key() -> None:
    turn(0, listed({**MOVED, "key": "robot-1"}, since=1)).start_turning_valve(1)


def test_a_command_that_did_not_arrive_is_not_posted_again() -> None:
    with pytest.raises(ReplyLost):
        turn(0, listed(since=1)).start_turning_valve(1)


@pytest.mark.parametrize(("status", "error"), [(409, CommandRefused), (422, CommandRefused), (500, ReplyLost)])
def test_a_refusal_has_not_acted_and_a_crash_of_the_server_may_have(status: int, error: type[Exception]) -> None:
    after = [listed(since=1)] if status == 500 else []

    with pytest.raises(error):
        turn(status, *after).start_turning_valve(1)


def test_another_pipette_is_refused() -> None:
    worn = {"left": {}, "right": {"name": "p20_single_gen2"}}

    with pytest.raises(NotReachable, match="p20_single_gen2"):
        robot((codec.ASK_HEALTH, 200, {"fw_version": "v1"}), (codec.ASK_PIPETTES, 200, worn)).connect()
