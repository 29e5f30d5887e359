import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.device_settings import GrblGantrySettings
from robot.drivers.grbl_gantry import GrblGantry, codec
from robot.errors import Busy, CommandRefused, DeviceFault, LimitExceeded, ReplyLost
from robot.geometry import BenchPoint
from robot.wire.base import Wire
from robot.wire.transcript import Exchange, ReplayPort

SETTINGS = GrblGantrySettings(model="grbl_gantry", port="-", home_mm=(300, 200, 100), travel_mm=(300, 400, 100))
AWAY = BenchPoint(200.0, 100.0, 50.0)
IDLE = Exchange(b"?", b"<Idle|MPos:-1.000,-1.000,-1.000|FS:0,0>\r\n")
COUNT_4 = Exchange(b"$G\n", b"[GC:G1 G54 G17 G21 G90 G94 M5 M9 T0 F6000 S4]\r\nok\r\n")
MOVE_5 = codec.encode_move(BenchPoint(-100.0, -100.0, -50.0), 100.0, 5)

pushes = st.lists(
    st.sampled_from([b"<Run|MPos:0.000,0.000,0.000|FS:1,0>\r\n", b"[MSG:Caution: Unlocked]\r\n", b"\r\n"]), max_size=4
).map(b"".join)
places = st.floats(-999, 0).map(lambda value: round(value, 3))


def gantry(*exchanges: Exchange) -> GrblGantry:
    return GrblGantry("gantry", Wire(ReplayPort(exchanges), quarantine_s=0.0), SETTINGS)


@given(pushes, st.sampled_from([b"ok", b"error:9", b"ALARM:1"]))
def test_an_acknowledgement_is_found_behind_whatever_is_pushed(pushed: bytes, answer: bytes) -> None:
    reply = codec.reply_to(MOVE_5)(pushed + answer + b"\r\n<Idle")

    assert reply is not None
    assert codec.decode_acknowledgement(reply) == answer


@given(st.data())
def test_part_of_an_acknowledgement_is_waited_for(data: st.DataObject) -> None:
    whole = b"[MSG:Caution: Unlocked]\r\nok\r\n"

    assert codec.reply_to(MOVE_5)(whole[: data.draw(st.integers(0, len(whole) - 1))]) is None


@given(places, places, places)
def test_a_place_is_read_as_it_was_told(x_mm: float, y_mm: float, z_mm: float) -> None:
    status = codec.decode_status(f"<Idle|MPos:{x_mm:.3f},{y_mm:.3f},{z_mm:.3f}|FS:0,0>\r\n".encode())

    assert status.place == BenchPoint(x_mm, y_mm, z_mm)


@given(st.integers(0, 2**24))
def test_a_count_is_read_as_it_was_sent(count: int) -> None:
    sent = codec.encode_coolant(False, count)

    assert codec.decode_modes(b"[GC:G0 M5 M9 F0 " + sent[2:].strip() + b"]\r\nok\r\n").count == count


def test_a_firmware_without_the_s_word_keeps_no_count() -> None:
    assert codec.decode_modes(b"[GC:G0 G54 G17 G21 G90 G94 M5 M9 T0 F0]\r\nok\r\n").count is None


def test_work_coordinates_are_not_taken_for_the_machines() -> None:
    with pytest.raises(ValueError, match="no status"):
        codec.decode_status(b"<Idle|WPos:0.000,0.000,0.000|FS:0,0>\r\n")


@given(places, places, places)
def test_no_line_is_too_long(x_mm: float, y_mm: float, z_mm: float) -> None:
    assert len(codec.encode_move(BenchPoint(x_mm, y_mm, z_mm), 500.0, 2**24)) <= 80


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"error:8\r\n", CommandRefused),
        (b"error:33\r\n", CommandRefused),
        (b"ALARM:1\r\n", DeviceFault),
        (b"ALARM:77\r\n", DeviceFault),
        (b"\r\nGrbl 1.1h ['$' for help]\r\n", DeviceFault),  # it was reset just now
        (b"", ReplyLost),
    ],
)
def test_a_move_that_is_not_acknowledged_says_why(answer: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        gantry(IDLE, COUNT_4, Exchange(MOVE_5, answer)).start_move(AWAY)


def test_a_gantry_on_its_way_is_busy() -> None:
    with pytest.raises(Busy, match="in state Jog"):
        gantry(Exchange(b"?", b"<Jog|MPos:0.000,0.000,0.000|FS:0,0>\r\n")).start_move(AWAY)


def test_a_gantry_that_was_held_is_in_trouble() -> None:
    state = gantry(Exchange(b"?", b"<Hold:0|MPos:0.000,0.000,0.000|FS:0,0>\r\n")).read_state()

    assert state.alarms == ("it was held",)
    assert state.ticket is None


@pytest.mark.parametrize("point", [BenchPoint(300.1, 0, 50), BenchPoint(-0.1, 0, 50), BenchPoint(100, 0, float("nan"))])
def test_a_point_outside_its_box_is_refused_before_a_byte_is_sent(point: BenchPoint) -> None:
    with pytest.raises(LimitExceeded):
        gantry().start_move(point)


def test_along_a_diagonal_each_axis_lends_its_acceleration() -> None:
    start = BenchPoint(100.0, 0.0, 50.0)

    straight_s = gantry().seconds_for(start, BenchPoint(110.0, 0.0, 50.0))
    diagonal_s = gantry().seconds_for(start, BenchPoint(100.0 + 10 / 2**0.5, 10 / 2**0.5, 50.0))

    assert diagonal_s == pytest.approx(straight_s / 2**0.25)
    assert gantry().seconds_for(start, start) == 0.0


def test_making_safe_holds_and_only_then_resets() -> None:
    port = ReplayPort(
        [
            Exchange(b"!"),
            Exchange(b"?", b"<Hold:1|MPos:0.000,0.000,0.000|FS:9,0>\r\n"),
            Exchange(b"?", b"<Hold:0|MPos:0.000,0.000,0.000|FS:0,0>\r\n"),
            Exchange(b"\x18", b"\r\nGrbl 1.1h ['$' for help]\r\n"),
            IDLE,
        ]
    )

    GrblGantry("gantry", Wire(port), SETTINGS).make_safe()

    assert port.is_finished
