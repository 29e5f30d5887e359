"""A gantry under GRBL, in the bytes of its documents."""

import pytest

from .conftest import Call, Caller


def homed(call: Call) -> Caller:
    gantry = call("gantry")
    gantry.say(b"$H\n")
    assert gantry.wait(60) == b"ok\r\n"
    return gantry


def test_homing_is_acknowledged_at_its_end_and_lines_wait_for_it(call: Call) -> None:
    gantry = call("gantry")

    assert gantry.say(b"$H\nG21\n") == b""
    assert gantry.say(b"?").startswith(b"<Home|")
    assert gantry.wait(60) == b"ok\r\nok\r\n"
    assert gantry.say(b"?").startswith(b"<Idle|MPos:-1.000,-1.000,-1.000|")


def test_a_dwell_is_acknowledged_when_all_motion_is_over(call: Call) -> None:
    gantry = homed(call)

    assert gantry.say(b"G90\nG1 X-50 F600\nG4 P0.01\n") == b"ok\r\nok\r\n"
    assert gantry.wait(20) == b"ok\r\n"


def test_lines_after_a_dwell_wait_for_its_end(call: Call) -> None:
    gantry = homed(call)

    assert gantry.say(b"G04 P2\nG90 G0 X-50\n") == b""
    assert gantry.say(b"?").startswith(b"<Idle|MPos:-1.000,")
    assert gantry.wait(2.1) == b"ok\r\nok\r\n"
    assert gantry.say(b"?").startswith(b"<Run|")


def test_a_dwell_of_no_length_is_refused(call: Call) -> None:
    assert homed(call).say(b"G4\n") == b"error:28\r\n"


def test_a_reset_ends_a_dwell(call: Call) -> None:
    gantry = homed(call)
    gantry.say(b"G4 P5\n")

    assert gantry.say(b"\x18").startswith(b"\r\nGrbl 1.1h")
    assert gantry.wait(10) == b""
    assert gantry.say(b"G90\n") == b"ok\r\n"


def test_it_tells_its_offsets_which_are_none(call: Call) -> None:
    told = homed(call).say(b"$#\n").decode().splitlines()

    assert told[0] == "[G54:0.000,0.000,0.000]"
    assert told[-2:] == ["[PRB:0.000,0.000,0.000:0]", "ok"]


def test_the_sixteenth_waiting_move_is_not_acknowledged_before_there_is_room(call: Call) -> None:
    gantry = homed(call)

    planned = gantry.say(b"".join(b"G1 X-%d F600\n" % (10 + n) for n in range(18)))

    assert planned == b"ok\r\n" * 16  # one moves, fifteen wait
    assert gantry.wait(60) == b"ok\r\n" * 2


def test_a_hold_keeps_the_rest_and_a_resume_goes_on(call: Call) -> None:
    gantry = homed(call)
    gantry.say(b"G1 X-50 F600\n")
    gantry.wait(1.0)

    gantry.say(b"!")
    held = gantry.say(b"?")
    gantry.wait(30)
    assert gantry.say(b"?").split(b"|")[:2] == held.split(b"|")[:2]
    assert held.startswith(b"<Hold:0|")
    gantry.say(b"~")
    gantry.wait(30)

    assert gantry.say(b"?").startswith(b"<Idle|MPos:-50.000,")


def test_a_reset_on_the_way_loses_the_position_and_locks(call: Call) -> None:
    gantry = homed(call)
    gantry.say(b"G1 X-50 F600\n")
    gantry.wait(1.0)

    said = gantry.say(b"\x18")

    assert said == b"ALARM:3\r\n\r\nGrbl 1.1h ['$' for help]\r\n[MSG:'$H'|'$X' to unlock]\r\n"
    assert gantry.say(b"G1 X-5 F600\n") == b"error:9\r\n"


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (b"G1 X-5\n", b"error:22\r\n"),
        (b"G2 X-5 F100\n", b"error:20\r\n"),
        (b"12\n", b"error:1\r\n"),
        (b"$Q\n", b"error:3\r\n"),
        (b"G1 X-" + b"0" * 80 + b"5 F100\n", b"error:11\r\n"),
        (b"(a remark)\n", b"ok\r\n"),
        (b"\n", b"ok\r\n"),
    ],
)
def test_a_line_is_understood_or_refused_by_number(call: Call, line: bytes, answer: bytes) -> None:
    assert homed(call).say(line) == answer
