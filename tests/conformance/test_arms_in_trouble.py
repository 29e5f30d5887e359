"""What arms with a will of their own do to us: stops for safety, resets, other clients, connections that break."""

from typing import Any

import pytest

from planning.commands import Command, Outcome, evidence, judge
from robot.errors import Busy, CommandRefused, DeviceFault, ReplyLost
from robot.geometry import BenchPoint

START = BenchPoint(250.0, 0.0, 100.0)
AWAY = BenchPoint(220.0, 100.0, 50.0)
MOVE_AWAY = Command("arm", "start_move", {"to": [AWAY.x_mm, AWAY.y_mm, AWAY.z_mm]})

pytestmark = pytest.mark.parametrize("bench", ["arms"], indirect=True)


def ready(bench: Any, name: str) -> Any:
    arm = bench.device(name)
    arm.connect()
    arm.start_homing()
    bench.wait(60.0)
    arm.start_move(START)
    bench.wait(20.0)
    return arm


def say(bench: Any, wire: str, data: bytes) -> bytes:
    """As another program on the same line would."""
    device, _, channel = wire.partition("-")
    port = bench.laboratory.port(device, channel)
    port.write(data)
    return bytes(port.read(timeout_s=0.0))


# --- a gantry


def test_a_gantry_finds_its_home_upwards_before_it_goes_sideways(bench: Any) -> None:
    gantry, tool = ready(bench, "gantry"), bench.laboratory.emulator("gantry").tool
    gantry.start_homing()
    bench.wait(2.0)
    gantry.read_state()

    level = (tool.position.x_mm, tool.position.y_mm)
    assert level == pytest.approx((START.x_mm, START.y_mm), abs=0.1)
    assert tool.position.z_mm > START.z_mm + 10


def test_a_gantry_that_was_reset_on_its_way_voids_all_belief(bench: Any) -> None:
    gantry = ready(bench, "gantry")
    before = evidence(gantry.read_state())
    ticket = gantry.start_move(AWAY)
    bench.wait(0.3)

    say(bench, "gantry", b"\x18")

    state = gantry.read_state()
    assert judge(MOVE_AWAY, before, state, ticket, 1.0) is Outcome.FAULT
    assert state.alarms == ("it is locked: not homed, or an alarm stands",)
    with pytest.raises(CommandRefused, match=r"locked.*home it"):
        gantry.start_move(START)


def test_a_gantry_that_was_reset_at_rest_has_forgotten_its_count(bench: Any) -> None:
    gantry = ready(bench, "gantry")
    before = evidence(gantry.read_state())

    say(bench, "gantry", b"\x18")

    assert judge(MOVE_AWAY, before, gantry.read_state(), None, 0.0) is Outcome.UNKNOWN


def test_a_gantry_whose_travel_is_not_as_the_lab_file_says_is_not_homed(bench: Any) -> None:
    say(bench, "gantry", b"$130=300\n")

    with pytest.raises(CommandRefused, match=r"setting \$130 is 300.0, not 400. Send \$130=400 once"):
        bench.device("gantry").start_homing()


def test_a_gantry_told_to_move_beyond_its_soft_limits_stands_and_says_so(bench: Any) -> None:
    gantry = ready(bench, "gantry")
    say(bench, "gantry", b"$132=10\n")

    with pytest.raises(DeviceFault, match="beyond its soft limits"):
        gantry.start_move(AWAY)

    assert gantry.read_state().position.distance_mm(START) < 0.1
    with pytest.raises(DeviceFault, match=r"only a reset ends\. Look at it, then clear its alarms"):
        gantry.start_homing()


def test_a_person_frees_a_gantry(bench: Any) -> None:
    gantry = ready(bench, "gantry")
    gantry.start_move(AWAY)
    bench.wait(0.3)
    say(bench, "gantry", b"\x18")

    gantry.clear_alarms()

    assert gantry.read_state().alarms == ()


# --- a gantry under Smoothieware


def test_a_gantry_that_answers_nothing_while_it_homes_is_busy(bench: Any) -> None:
    stage = bench.device("stage")
    stage.start_homing()
    bench.wait(1.0)

    assert stage.read_state().busy
    with pytest.raises(Busy):
        stage.start_move(START)
    bench.wait(60.0)
    assert (stage.read_state().busy, stage.read_state().alarms) == (False, ())


def test_a_gantry_is_halted_while_it_homes_and_homed_again(bench: Any) -> None:
    stage = bench.device("stage")
    stage.start_homing()
    bench.wait(0.3)

    stage.make_safe()

    state = stage.read_state()
    assert (state.busy, state.alarms) == (False, ("it has not found its home",))
    stage.start_homing()
    bench.wait(60.0)
    assert stage.read_state().alarms == ()


def test_a_gantry_that_somebody_halted_is_freed_by_a_person_only(bench: Any) -> None:
    stage = ready(bench, "stage")
    before = evidence(stage.read_state())
    stage.start_move(AWAY)
    bench.wait(0.3)

    say(bench, "stage", b"\x18")

    assert judge(MOVE_AWAY, before, stage.read_state(), None, 1.0) is Outcome.FAULT
    with pytest.raises(CommandRefused, match="halted"):
        stage.start_move(START)
    with pytest.raises(DeviceFault, match="halted"):
        stage.start_homing()
    stage.clear_alarms()
    assert stage.read_state().alarms == ("it has not found its home",)


def test_a_gantry_that_lost_power_goes_nowhere_before_it_was_homed(bench: Any) -> None:
    stage = ready(bench, "stage")
    bench.laboratory.emulator("stage").lose_power()

    with pytest.raises(CommandRefused, match=r"has not found its home\. Home it"):
        stage.start_move(AWAY)


def test_a_gantry_at_rest_is_made_safe_without_losing_its_home(bench: Any) -> None:
    stage = ready(bench, "stage")

    stage.make_safe()

    assert stage.read_state().alarms == ()
    assert stage.read_state().position.distance_mm(START) < 0.1


# --- a PreciseFlex


def test_a_connection_made_anew_takes_hold_of_the_robot_again(bench: Any) -> None:
    scara = ready(bench, "scara")
    bench.wires["scara-robot"].close()

    scara.start_move(AWAY)
    bench.wait(20.0)

    assert scara.read_state().position.distance_mm(AWAY) < 0.1


def test_a_robot_held_by_another_client_is_not_taken_from_it(bench: Any) -> None:
    scara = ready(bench, "scara")
    bench.wires["scara-robot"].close()
    other = bench.laboratory.port("scara", "robot")
    other.write(b"attach 1\n")

    with pytest.raises(CommandRefused, match="another client holds the robot"):
        scara.start_move(AWAY)


def test_a_robot_is_watched_while_it_homes(bench: Any) -> None:
    scara = bench.device("scara")
    scara.start_homing()
    bench.wait(8.0)

    assert scara.read_state().busy
    with pytest.raises(Busy):
        scara.start_move(START)


def test_a_robot_is_halted_while_it_homes(bench: Any) -> None:
    scara = bench.device("scara")
    scara.start_homing()
    bench.wait(8.0)

    scara.make_safe()

    assert not scara.read_state().busy


def test_a_robot_without_power_says_what_to_do(bench: Any) -> None:
    scara = ready(bench, "scara")
    say(bench, "scara-status", b"hp 0\n")

    with pytest.raises(CommandRefused, match=r"its power is off\. Home it"):
        scara.start_move(AWAY)


# --- a Universal Robots arm


@pytest.mark.parametrize("status", ["PROTECTIVE_STOP", "SAFEGUARD_STOP", "ROBOT_EMERGENCY_STOP"])
def test_a_stop_for_safety_fails_the_move_and_is_never_reset_by_us(bench: Any, status: str) -> None:
    cobot = ready(bench, "cobot")
    before = evidence(cobot.read_state())
    ticket = cobot.start_move(AWAY)
    bench.wait(0.3)

    bench.laboratory.emulator("cobot").stop_for_safety(status)

    assert judge(MOVE_AWAY, before, cobot.read_state(), ticket, 1.0) is Outcome.FAULT
    with pytest.raises(DeviceFault, match="stop"):
        cobot.start_homing()
    with pytest.raises(CommandRefused, match="stop"):
        cobot.start_move(START)
    bench.wait(60.0)
    assert bench.laboratory.emulator("cobot").safety == status


def test_a_person_unlocks_a_protective_stop_after_five_seconds(bench: Any) -> None:
    cobot = ready(bench, "cobot")
    bench.laboratory.world.advance_to(bench.clock.now_s())
    bench.laboratory.emulator("cobot").stop_for_safety("PROTECTIVE_STOP")

    with pytest.raises(CommandRefused, match="was not unlocked"):
        cobot.unlock_protective_stop()
    bench.wait(6.0)
    cobot.unlock_protective_stop()

    assert cobot.read_state().alarms == ()


def test_an_arm_in_local_control_is_not_brought_up(bench: Any) -> None:
    bench.laboratory.emulator("cobot").is_remote = False

    with pytest.raises(CommandRefused, match="not in remote control"):
        bench.device("cobot").start_homing()


def test_a_program_that_does_not_begin_is_in_doubt(bench: Any) -> None:
    cobot = ready(bench, "cobot")
    before = evidence(cobot.read_state())
    bench.laboratory.emulator("cobot").is_remote = False  # somebody has just taken the pendant

    with pytest.raises(ReplyLost):
        cobot.start_move(AWAY)

    assert judge(MOVE_AWAY, before, cobot.read_state(), None, 0.0) is Outcome.NOT_DONE


def test_after_a_lost_look_everything_is_agreed_upon_anew(bench: Any) -> None:
    cobot = ready(bench, "cobot")
    wire = bench.wires["cobot-rtde"]
    del wire.sent[:]
    wire.lose_reply()

    assert cobot.read_state().position.distance_mm(START) < 0.1

    assert [request[2:3] for request in wire.sent] == [b"S", b"V", b"O", b"S", b"P"]


def test_a_program_never_replaces_one_that_runs(bench: Any) -> None:
    cobot = ready(bench, "cobot")
    say(bench, "cobot-dashboard", b"load home.urp\nplay\n")

    with pytest.raises(Busy):
        cobot.start_move(AWAY)
