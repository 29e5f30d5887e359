import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.device_settings import PreciseFlexPf400Settings
from robot.drivers.preciseflex_pf400 import PreciseFlexPf400, codec
from robot.errors import CommandRefused, DeviceFault, LimitExceeded, NotReachable
from robot.geometry import BenchPoint
from robot.wire.base import Wire
from robot.wire.transcript import Exchange, ReplayPort

SETTINGS = PreciseFlexPf400Settings(model="preciseflex_pf400", port="-")
AWAY = BenchPoint(300.0, 0.0, 60.0)
GO = codec.encode_move(AWAY)
floats = st.floats(-2000, 2000).map(lambda value: round(value, 3))


def look(system: int = 21, motion: int = 1, homed: int = 1) -> list[Exchange]:
    return [
        Exchange(codec.SELECT_ROBOT, b"0\r\n"),
        Exchange(codec.ASK_SYSTEM, b"0 %d\r\n" % system),
        Exchange(codec.ASK_MOTION, b"0 %d\r\n" % motion),
        Exchange(codec.ASK_HOMED, b"0 %d\r\n" % homed),
    ]


def arm(status: list[Exchange], *robot: Exchange) -> PreciseFlexPf400:
    wires = {"robot": Wire(ReplayPort(robot), quarantine_s=0.0), "status": Wire(ReplayPort(status), quarantine_s=0.0)}
    return PreciseFlexPf400("scara", wires, SETTINGS)


@given(st.integers(-9999, 0), st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=30))
def test_a_reply_is_read_as_it_was_written(code: int, data: str) -> None:
    assert codec.decode(f"{code} {data}\r\n".encode()) == codec.Answer(code, data)


@given(st.lists(floats, min_size=7, max_size=7))
def test_a_place_is_read_as_it_was_told(values: list[float]) -> None:
    reply = ("0 " + " ".join(f"{value:.3f}" for value in values) + "\r\n").encode()

    assert codec.decode_place(reply) == BenchPoint(*values[:3])


@pytest.mark.parametrize("reply", [b"TCP Command Server 3.0C1\r\n", b"Ok\r\n", b"\r\n", b"0"])
def test_prose_is_not_taken_for_a_reply(reply: bytes) -> None:
    with pytest.raises(ValueError, match="mode 0"):
        codec.decode(reply)


@pytest.mark.parametrize("reply", [b"0\r\n", b"-1021 *Robot not homed*\r\n", b"0 a b\r\n"])
def test_what_holds_no_numbers_is_no_measurement(reply: bytes) -> None:
    with pytest.raises(ValueError):
        codec.decode_numbers(reply)


def test_another_server_is_not_taken_for_the_arm() -> None:
    with pytest.raises(NotReachable, match="not a TCP Command Server"):
        arm([Exchange(codec.ASK_VERSION, b"0 Coffee 1.0\r\n")]).connect()


@pytest.mark.parametrize(
    ("code", "error"), [(-1012, CommandRefused), (-9999, CommandRefused), (-3100, DeviceFault), (-3122, DeviceFault)]
)
def test_a_move_that_is_refused_says_why(code: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        arm(look(), Exchange(GO, b"%d *...*\r\n" % code)).start_move(AWAY)


def test_whoever_lost_hold_of_the_robot_takes_it_and_goes_on() -> None:
    lost, taken, done = (
        Exchange(GO, b"-1009 *No robot attached*\r\n"),
        Exchange(codec.ATTACH, b"0\r\n"),
        Exchange(GO, b"0\r\n"),
    )

    arm(look(), lost, taken, done).start_move(AWAY)


def test_a_hold_that_is_lost_at_once_again_is_a_refusal() -> None:
    lost = Exchange(GO, b"-1009 *No robot attached*\r\n")

    with pytest.raises(CommandRefused, match="-1009"):
        arm(look(), lost, Exchange(codec.ATTACH, b"0\r\n"), lost).start_move(AWAY)


def test_an_emergency_stop_is_left_to_a_person() -> None:
    with pytest.raises(DeviceFault, match="emergency stop is pressed"):
        arm(look(system=15)).start_homing()


def test_an_arm_that_knows_its_home_does_not_sweep_again() -> None:
    port = ReplayPort([Exchange(codec.POWER_ON + codec.ATTACH + codec.encode_set_up(150.0, 500.0, 100.0, 70.0))])
    wires = {"robot": Wire(port), "status": Wire(ReplayPort([*look(), Exchange(codec.ASK_HOMED, b"0 1\r\n")]))}

    PreciseFlexPf400("scara", wires, SETTINGS).start_homing()

    assert port.is_finished


@pytest.mark.parametrize("point", [BenchPoint(199.0, 0, 50), BenchPoint(0, 577, 50), BenchPoint(300, 0, 401)])
def test_a_point_out_of_reach_is_refused_before_a_byte_is_sent(point: BenchPoint) -> None:
    with pytest.raises(LimitExceeded):
        arm([]).start_move(point)
