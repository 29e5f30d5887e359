import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.device_settings import SmoothieGantrySettings
from robot.drivers.smoothie_gantry import SmoothieGantry, codec
from robot.errors import Busy, CommandRefused, DeviceFault, LimitExceeded, ReplyLost
from robot.geometry import BenchPoint
from robot.wire.base import Wire
from robot.wire.transcript import Exchange, ReplayPort

SETTINGS = SmoothieGantrySettings(
    model="smoothie_gantry", port="-", home_mm=(300, 200, 100), homed_at_mm=(418, 353, 218), travel_mm=(300, 400, 100)
)
AWAY = BenchPoint(200.0, 100.0, 50.0)
MOVE_AWAY = codec.encode_move(BenchPoint(318.0, 253.0, 168.0), 100.0)
OK = b"ok\r\nok\r\n"
HOMED = Exchange(codec.ASK_HOMED, b"X:1 Y:1 Z:1 A:0 B:0 C:0\r\n" + OK)
HALTED = Exchange(codec.ASK_HOMED, b"error:Alarm lock\nok\r\n")
AT_HOME = [
    Exchange(codec.ASK_AIM, b"ok MP: X:418.0000 Y:353.0000 Z:218.0000\r\n" + OK),
    Exchange(codec.ASK_PLACE, b"ok MCS: X:418.0000 Y:353.0000 Z:218.0000\r\n" + OK),
]
ON_ITS_WAY = [AT_HOME[0], Exchange(codec.ASK_PLACE, b"ok MCS: X:400.0000 Y:353.0000 Z:218.0000\r\n" + OK)]
STANDS = [HOMED, *AT_HOME]

stale = st.sampled_from([b"", b"ok\r\n", b"\r\n", b"M114.2\r\n\r\n"])
places = st.floats(-999, 999).map(lambda value: round(value, 4))


def gantry(*exchanges: Exchange) -> SmoothieGantry:
    return SmoothieGantry("gantry", Wire(ReplayPort(exchanges), quarantine_s=0.0), SETTINGS)


@given(stale, st.sampled_from(["error:Alarm lock", "Error: Invalid content: x", "ALARM: Hard limit +X", "!!"]))
def test_a_refusal_is_found_behind_what_was_said_before(before: bytes, refusal: str) -> None:
    reply = codec.reply_to(MOVE_AWAY)(before + refusal.encode() + b"\r\nok\r\nok\r\n")

    assert reply is not None
    assert codec.decode_refusal(reply) == refusal


@given(st.data(), st.sampled_from([OK, b"WARNING: After HALT you should HOME\nok\nok\r\n"]))
def test_part_of_a_consent_is_waited_for(data: st.DataObject, whole: bytes) -> None:
    frame = codec.reply_to(MOVE_AWAY)

    assert frame(whole[: data.draw(st.integers(0, len(whole) - 2))]) is None
    assert codec.decode_refusal(frame(whole) or b"") is None


@given(stale, places, places, places)
def test_a_place_is_read_as_it_was_told(before: bytes, x_mm: float, y_mm: float, z_mm: float) -> None:
    said = before + f"ok MCS: X:{x_mm:.4f} Y:{y_mm:.4f} Z:{z_mm:.4f} A:1.0000\r\n".encode() + OK

    assert codec.decode_place(codec.reply_to(codec.ASK_PLACE)(said) or b"") == BenchPoint(x_mm, y_mm, z_mm)


def test_a_place_without_all_axes_is_none() -> None:
    with pytest.raises(ValueError, match="not all of X, Y and Z"):
        codec.decode_place(b"ok MCS: X:1.0 Y:2.0\r\nok\r\n")


def test_it_says_where_it_is_on_the_bench() -> None:
    state = gantry(HOMED, *ON_ITS_WAY).read_state()

    assert state.position == BenchPoint(282.0, 200.0, 100.0)
    assert state.busy


def test_one_that_does_not_tell_where_it_goes_does_not_tell_whether_it_moves() -> None:
    assert gantry(HOMED, Exchange(codec.ASK_AIM, OK), AT_HOME[1]).read_state().busy is None


def test_a_move_is_sent_in_counts_of_the_machine() -> None:
    gantry(*STANDS, Exchange(MOVE_AWAY, OK)).start_move(AWAY)


def test_a_move_out_of_reach_is_not_sent() -> None:
    with pytest.raises(LimitExceeded, match="x_mm=301 is outside 0 to 300"):
        gantry().start_move(BenchPoint(301.0, 0.0, 0.0))


def test_nothing_is_begun_on_its_way() -> None:
    with pytest.raises(Busy):
        gantry(HOMED, *ON_ITS_WAY).start_grip(closed=True)


def test_a_soft_end_stop_refuses_and_nothing_has_moved() -> None:
    refused = Exchange(MOVE_AWAY, b"error:Soft Endstop X was exceeded - reset or $X or M999 required\n" + OK)

    with pytest.raises(CommandRefused, match="Soft Endstop X was exceeded") as caught:
        gantry(*STANDS, refused).start_move(AWAY)

    assert not caught.value.may_have_acted


def test_a_limit_switch_on_the_way_may_have_let_it_move() -> None:
    with pytest.raises(DeviceFault, match="Hard limit") as caught:
        gantry(*STANDS, Exchange(MOVE_AWAY, b"ALARM: Hard limit +X\nok\r\nok\r\n")).start_move(AWAY)

    assert caught.value.may_have_acted


def test_a_halt_is_not_cleared_by_a_programme() -> None:
    with pytest.raises(DeviceFault, match="halted"):
        gantry(HALTED, *AT_HOME).start_homing()


def test_silence_of_one_that_was_not_told_to_home_is_no_homing() -> None:
    with pytest.raises(ReplyLost):
        gantry(*[Exchange(codec.ASK_HOMED)] * 3).read_state()


def test_silence_of_one_that_was_told_to_home_is_homing() -> None:
    homing = gantry(*STANDS, Exchange(codec.HOME), Exchange(codec.ASK_HOMED), *[HOMED] * 2, *AT_HOME)
    homing.start_homing()

    assert homing.read_state().busy
    assert not homing.read_state().busy


def test_one_that_stands_is_not_halted_to_be_made_safe() -> None:
    gantry(*AT_HOME).make_safe()


def test_one_that_still_moves_after_it_was_halted_is_not_called_safe() -> None:
    cleared = [Exchange(codec.CLEAR, OK), Exchange(codec.FORGET_HOME, OK)]

    with pytest.raises(ReplyLost, match=r"still moves\. Switch it off"):
        gantry(*ON_ITS_WAY, Exchange(codec.HALT, OK), *cleared, *ON_ITS_WAY * 2).make_safe()
