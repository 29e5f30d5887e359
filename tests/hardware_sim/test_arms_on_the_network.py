"""Emulators with several channels and callers, in the bytes of the manuals."""

import struct
from pathlib import Path

import pytest

from hardware_sim.clock import VirtualClock
from hardware_sim.laboratory import Laboratory
from robot.config import LabConfig

from .conftest import ARMS, Call, Caller

GO = b"def go():\n  movel(p[0.3,0.1,0.1,0,3.14159265,0], a=0.3, v=0.15)\nend\n"
HOME = b"hp 1 20\nattach 1\nhome\n"


# --- a Universal Robots arm


def powered(call: Call) -> Caller:
    dashboard = call("cobot", "dashboard")
    dashboard.say(b"brake release\n")
    dashboard.wait(20)
    return dashboard


def test_power_and_brakes_come_one_after_the_other(call: Call) -> None:
    dashboard = call("cobot", "dashboard")

    dashboard.say(b"power on\n")
    modes = [dashboard.say(b"robotmode\n")]
    dashboard.wait(10)
    modes.append(dashboard.say(b"robotmode\n"))
    dashboard.say(b"brake release\n")
    dashboard.wait(10)
    modes.append(dashboard.say(b"robotmode\n"))

    assert modes == [b"Robotmode: POWER_ON\n", b"Robotmode: IDLE\n", b"Robotmode: RUNNING\n"]


def test_a_program_is_run_without_a_word(laboratory: Laboratory, call: Call) -> None:
    dashboard, script = powered(call), call("cobot", "script")

    assert script.say(GO) == b""
    assert dashboard.say(b"running\n") == b"Program running: true\n"
    dashboard.wait(10)

    assert dashboard.say(b"running\n") == b"Program running: false\n"
    assert laboratory.state()["bodies"]["cobot"]["position_mm"] == [300.0, 100.0, 100.0]  # type: ignore[index]


def test_a_program_takes_the_place_of_the_one_that_runs(laboratory: Laboratory, call: Call) -> None:
    powered(call)
    script = call("cobot", "script")

    script.say(GO)
    script.wait(0.3)
    script.say(b"movel(p[0.25,0,0.2,0,3.14159265,0])\n")
    script.wait(10)

    assert laboratory.state()["bodies"]["cobot"]["position_mm"] == [250.0, 0.0, 200.0]  # type: ignore[index]


def test_a_paused_program_goes_on(laboratory: Laboratory, call: Call) -> None:
    dashboard, script = powered(call), call("cobot", "script")
    script.say(GO)
    script.wait(0.3)

    assert dashboard.say(b"pause\nprogramState\n") == b"Pausing program\nPAUSED <unnamed>\n"
    script.wait(60)
    assert dashboard.say(b"play\n") == b"Starting program\n"
    script.wait(10)

    assert laboratory.state()["bodies"]["cobot"]["position_mm"] == [300.0, 100.0, 100.0]  # type: ignore[index]


def test_a_target_out_of_reach_ends_the_program_with_a_popup(laboratory: Laboratory, call: Call) -> None:
    powered(call)

    call("cobot", "script").say(b"movel(p[2,0,0.2,0,3.14159265,0])\n")

    assert laboratory.emulator("cobot").state()["popup"] == "the target position is out of reach"


def test_joint_angles_and_places_agree(call: Call) -> None:
    powered(call)
    script, rtde = call("cobot", "script"), call("cobot", "rtde")
    script.say(b"movej([0,-1.5708,-1.5708,-1.5708,1.5708,0], a=1.4, v=1.05)\n")
    script.wait(20)
    asked = b"actual_q,actual_TCP_pose"

    rtde.say(struct.pack(">HBd", 11 + len(asked), ord("O"), 10.0) + asked)
    q = struct.unpack(">6d", rtde.say(bytes.fromhex("000353"))[8:56])
    script.say(f"movej([{','.join(map(str, q))}])\n".encode())
    script.wait(0.1)

    assert call("cobot", "dashboard").say(b"running\n").endswith(b"false\n")  # it was there already


def test_data_come_at_their_period_until_they_are_paused(call: Call) -> None:
    rtde = call("cobot", "rtde")
    rtde.say(bytes.fromhex("001F4F400000000000000074696D657374616D702C726F626F745F6D6F6465"))

    first = rtde.say(bytes.fromhex("000353"))
    early, late = rtde.wait(0.4), rtde.wait(0.2)
    rtde.say(bytes.fromhex("000350"))

    assert first[:4] == bytes.fromhex("00045301")
    assert (len(first), early, len(late)) == (4 + 16, b"", 16)
    assert struct.unpack(">di", late[4:]) == (pytest.approx(0.6), 3)
    assert rtde.wait(60) == b""


def test_a_trailing_comma_is_no_name(call: Call) -> None:
    asked = b"timestamp,"

    reply = call("cobot", "rtde").say(struct.pack(">HBd", 11 + len(asked), ord("O"), 10.0) + asked)

    assert reply[4:] == b"DOUBLE"


def test_an_input_belongs_to_one_caller_until_he_hangs_up(call: Call) -> None:
    ask = struct.pack(">HB", 3 + 20, ord("I")) + b"input_int_register_0"
    first, second = call("cobot", "rtde"), call("cobot", "rtde")

    assert first.say(ask)[3:] == b"\x01INT32"
    assert second.say(ask)[3:] == b"\x00IN_USE"
    first.port.close()
    assert second.say(ask)[3:] == b"\x01INT32"


# --- a PreciseFlex


def test_what_waits_is_answered_when_it_is_over(call: Call) -> None:
    robot = call("scara", "robot")

    assert robot.say(HOME) == b""
    assert robot.wait(4.9) == b""
    assert robot.wait(0.2) == b"0\r\n0\r\n"
    assert robot.wait(20) == b"0\r\n"

    robot.say(b"moveC 1 300 0 60 0 90 180\n")
    assert robot.say(b"waitForEom\n") == b""
    assert robot.wait(10) == b"0\r\n"


def test_the_status_server_answers_while_the_robot_server_waits(call: Call) -> None:
    robot, status = call("scara", "robot"), call("scara", "status")
    robot.say(HOME)
    status.wait(10)

    assert status.say(b"selectRobot 1\nsysState\n") == b"0\r\n0 28\r\n"


def test_two_clients_cannot_hold_one_robot(call: Call) -> None:
    first, second = call("scara", "robot"), call("scara", "robot")
    first.say(b"hp 1 20\nattach 1\n")
    first.wait(10)

    assert second.say(b"attach 1\n") == b"-1006 *Robot already attached*\r\n"
    first.port.close()
    assert second.say(b"attach 1\n") == b"0\r\n"


def test_a_move_begins_when_the_one_before_has_ended(laboratory: Laboratory, call: Call) -> None:
    robot = call("scara", "robot")
    robot.say(HOME)
    robot.wait(30)

    assert robot.say(b"moveC 1 300 0 60 0 90 180\nmoveC 1 300 100 60 20 90 180\n") == b"0\r\n"
    assert robot.wait(20) == b"0\r\n"

    assert laboratory.state()["bodies"]["scara"]["position_mm"] == [300.0, 100.0, 60.0]  # type: ignore[index]


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        (b"moveC 1 700 0 60 0 90 180\n", b"-1012 *Joint out-of-range*\r\n"),
        (b"MOVEC 99 300 0 60 0 90 180\n", b"-2815 *Invalid profile index*\r\n"),
        (b"moveC 1 300 0\n", b"-2804 *Warning: Invalid Cartesian coordinate values*\r\n"),
        (b"moveC 1 here\n", b"-2800 *Warning Parameter Mismatch*\r\n"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused(call: Call, line: bytes, reply: bytes) -> None:
    robot = call("scara", "robot")
    robot.say(HOME)
    robot.wait(30)

    assert robot.say(line) == reply


# --- all of them


def test_a_laboratory_rebuilt_from_its_log_stands_where_it_stood(tmp_path: Path) -> None:
    lab, log, clock = LabConfig.load(ARMS), tmp_path / "truth.jsonl", VirtualClock()
    laboratory = Laboratory(lab, clock, 7, log=log)
    robot, dashboard = Caller(laboratory, clock, "scara", "robot"), Caller(laboratory, clock, "cobot", "dashboard")
    robot.say(HOME)
    dashboard.say(b"brake release\n")
    robot.wait(30)
    robot.say(b"moveC 1 300 0 60 0 90 180\n")
    Caller(laboratory, clock, "cobot", "script").say(GO)
    robot.wait(0.5)
    robot.port.close()
    robot.say(b"attach 1\n")
    before = laboratory.state()
    laboratory.close()

    rebuilt = Laboratory.replayed(lab, log, VirtualClock(), 7)

    assert rebuilt.state() == before
    rebuilt.close()
