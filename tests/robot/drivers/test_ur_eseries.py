import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.device_settings import UrESeriesSettings
from robot.drivers.ur_eseries import UrESeries, dashboard, rtde, script
from robot.errors import LimitExceeded, NotReachable, ReplyLost
from robot.geometry import BenchPoint
from robot.wire.base import PortUnavailable, Wire
from robot.wire.transcript import Exchange, ReplayPort

SETTINGS = UrESeriesSettings(model="ur_eseries", port="-")
AWAY = BenchPoint(300.0, 100.0, 60.0)
metres = st.floats(-2, 2)


def package(kind: int, payload: bytes) -> bytes:
    return struct.pack(">HB", 3 + len(payload), kind) + payload


def data(
    x_m: float = 0.25,
    y_m: float = 0.0,
    z_m: float = 0.2,
    mode: int = 7,
    safety: int = 1,
    runtime: int = 1,
    count: int = 4,
) -> bytes:
    values = (x_m, y_m, z_m, 0.0, 3.14, 0.0, mode, safety, runtime, 0, 0, count)
    return package(rtde.DATA, b"\x01" + struct.pack(">6diiIQQi", *values))


AGREED = [
    Exchange(rtde.ASK_PROTOCOL, package(rtde.PROTOCOL, b"\x01")),
    Exchange(rtde.ASK_OUTPUTS, package(rtde.OUTPUTS, b"\x01VECTOR6D,INT32,INT32,UINT32,UINT64,UINT64,INT32")),
]
PAUSED = Exchange(rtde.ASK_PAUSE, data() + package(rtde.PAUSE, b"\x01"))


def look(seen: bytes) -> list[Exchange]:
    return [Exchange(rtde.ASK_START, package(rtde.START, b"\x01") + seen), PAUSED]


class Vanishing(ReplayPort):
    """After its last exchange nobody listens any more."""

    def discard_input(self) -> None:
        if self.is_finished:
            raise PortUnavailable("nobody listens there", "Switch it on")
        super().discard_input()


def arm(
    telemetry: list[Exchange], *programs: Exchange, greeting: bytes = b"", port: type[ReplayPort] = ReplayPort
) -> UrESeries:
    wires = {
        "rtde": Wire(port([*AGREED, *telemetry]), quarantine_s=0.0),
        "script": Wire(port(programs), quarantine_s=0.0),
        "dashboard": Wire(ReplayPort([Exchange(dashboard.ASK_VERSION, greeting)] * 3), quarantine_s=0.0),
    }
    return UrESeries("cobot", wires, SETTINGS)


@given(metres, metres, metres, st.integers(0, 2**31 - 1))
def test_what_the_robot_tells_is_read_as_it_was_told(x_m: float, y_m: float, z_m: float, count: int) -> None:
    sample = rtde.decode_sample(data(x_m, y_m, z_m, count=count))

    assert sample.position == BenchPoint(x_m * 1000, y_m * 1000, z_m * 1000)
    assert sample.count == count


@given(st.integers(0, 200))
def test_part_of_the_data_is_waited_for(cut: int) -> None:
    whole = package(rtde.START, b"\x01") + data()

    assert rtde.sample_where(lambda sample: True)(whole[: min(cut, len(whole) - 1)]) is None


def test_data_that_do_not_show_what_is_awaited_are_passed_over() -> None:
    frame = rtde.sample_where(lambda sample: sample.count == 5)

    assert frame(data() + data()) is None
    assert frame(data() + data(count=5) + data(count=6)) == data() + data(count=5)


def test_what_is_not_rtde_is_said_so() -> None:
    with pytest.raises(ValueError, match="not RTDE"):
        rtde.reply_to(rtde.ASK_PROTOCOL)(b"\x00\x00\x00\x00")


def test_a_robot_that_does_not_know_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="does not tell"):
        rtde.decode_agreed(package(rtde.OUTPUTS, b"\x01VECTOR6D,NOT_FOUND,INT32,UINT32,UINT64,UINT64,INT32"))


@pytest.mark.parametrize(
    ("seen", "troubles", "is_at_work"),
    [
        (data(), (), False),
        (data(runtime=2), (), True),
        (data(mode=5), (), True),
        (data(mode=3), ("it is not running: power off",), False),
        (data(safety=3), ("protective stop: it met something, or cannot go there",), False),
        (data(safety=77), ("safety status 77",), False),
    ],
)
def test_modes_are_told_in_words(seen: bytes, troubles: tuple[str, ...], is_at_work: bool) -> None:
    sample = rtde.decode_sample(seen)

    assert (sample.troubles, sample.is_at_work) == (troubles, is_at_work)


def test_a_program_is_begun_when_its_number_shows() -> None:
    program = Exchange(script.encode_move(AWAY, 150.0, 300.0, 5))

    ticket = arm([*look(data()), *look(data() + data(runtime=2, count=5))], program).start_move(AWAY)

    assert ticket == 5


def test_a_program_whose_number_does_not_show_may_have_begun() -> None:
    program = Exchange(script.encode_move(AWAY, 150.0, 300.0, 5))
    seen = [*look(data()), Exchange(rtde.ASK_START, package(rtde.START, b"\x01") + data() * 3)]

    with pytest.raises(ReplyLost) as caught:
        arm(seen, program).start_move(AWAY)

    assert caught.value.may_have_acted


def test_a_program_that_was_sent_and_cannot_be_watched_may_have_begun() -> None:
    program = Exchange(script.encode_move(AWAY, 150.0, 300.0, 5))

    with pytest.raises(ReplyLost, match="cannot be watched"):
        arm(look(data()), program, port=Vanishing).start_move(AWAY)


def test_a_robot_that_takes_no_programs_was_sent_nothing() -> None:
    with pytest.raises(NotReachable) as caught:
        arm(look(data()), port=Vanishing).start_move(AWAY)

    assert not caught.value.may_have_acted


def test_another_server_is_not_taken_for_the_arm() -> None:
    with pytest.raises(NotReachable, match="no version of PolyScope"):
        arm([], greeting=b"Connected: Coffee\nmilk?\n").connect()


@pytest.mark.parametrize("point", [BenchPoint(149.0, 0, 50), BenchPoint(851, 0, 163), BenchPoint(300, 0, 1000)])
def test_a_point_out_of_reach_is_refused_before_a_byte_is_sent(point: BenchPoint) -> None:
    with pytest.raises(LimitExceeded):
        arm([]).start_move(point)
