import struct
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.device_settings import DobotMagicianSettings
from robot.drivers.dobot_magician import DobotMagician, codec
from robot.errors import DeviceFault, LimitExceeded, ReplyLost
from robot.geometry import BenchPoint
from robot.wire.base import Wire
from robot.wire.transcript import Exchange, ReplayPort

SETTINGS = DobotMagicianSettings(model="dobot_magician", port="-")
ALARM_10H = bytes.fromhex("AA AA 12 14 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 00 00 EB")
STOPPED = bytes.fromhex("AA AA 02 F2 01 0D")
CLEARED = bytes.fromhex("AA AA 02 F5 01 0A")

floats = st.floats(width=32, allow_nan=False, allow_infinity=False)
commands = st.sampled_from(list(codec.Command))


def arm(*exchanges: Exchange) -> DobotMagician:
    return DobotMagician("arm", Wire(ReplayPort(exchanges), quarantine_s=0.0), SETTINGS)


@given(commands, st.binary(max_size=200), st.binary(max_size=20))
def test_a_frame_is_found_behind_any_noise_without_sync(
    command: codec.Command, parameters: bytes, noise: bytes
) -> None:
    sent = codec.encode(command, 1, parameters)

    assert codec.reply_to(sent)(noise.replace(b"\xaa", b"") + sent) == sent


@given(commands, st.binary(max_size=40), st.data())
def test_a_frame_with_a_flipped_bit_is_never_taken_for_sound(
    command: codec.Command, parameters: bytes, data: st.DataObject
) -> None:
    sound = codec.encode(command, 1, parameters)
    position = data.draw(st.integers(3, len(sound) - 1))
    damaged = bytearray(sound)
    damaged[position] ^= 1 << data.draw(st.integers(0, 7))

    assert codec.reply_to(sound)(bytes(damaged)) is None


@given(commands, st.binary(max_size=40), st.data())
def test_part_of_a_frame_is_waited_for(command: codec.Command, parameters: bytes, data: st.DataObject) -> None:
    sound = codec.encode(command, 1, parameters)

    assert codec.reply_to(sound)(sound[: data.draw(st.integers(0, len(sound) - 1))]) is None


def test_the_answer_to_another_question_is_skipped() -> None:
    assert codec.reply_to(codec.ASK_POSE)(ALARM_10H + codec.ASK_POSE) == codec.ASK_POSE


def test_noise_that_looks_like_a_long_frame_hides_no_sound_one() -> None:
    assert codec.reply_to(STOPPED)(b"\xaa\xaa\xff" + STOPPED) == STOPPED


@given(floats, floats, floats)
def test_a_pose_is_read_as_it_was_written(x_mm: float, y_mm: float, z_mm: float) -> None:
    reply = codec.encode(codec.Command.POSE, 0, struct.pack("<8f", x_mm, y_mm, z_mm, *[0.0] * 5))

    assert codec.decode_pose(reply) == BenchPoint(x_mm, y_mm, z_mm)


@given(st.integers(0, 2**64 - 1))
def test_a_queue_index_is_read_as_it_was_written(index: int) -> None:
    assert codec.decode_index(codec.encode(codec.Command.MOVE, 3, index.to_bytes(8, "little"))) == index


@given(st.sets(st.integers(0, 127)))
def test_every_alarm_has_words(numbers: set[int]) -> None:
    bitmap = sum(1 << number for number in numbers).to_bytes(16, "little")

    alarms = codec.decode_alarms(codec.encode(codec.Command.ALARMS, 0, bitmap))

    assert len(alarms) == len(numbers)


def test_a_short_reply_is_refused() -> None:
    with pytest.raises(ValueError, match="parameters"):
        codec.decode_pose(codec.encode(codec.Command.POSE))


@pytest.mark.parametrize(
    "point",
    [
        BenchPoint(321.0, 0.0, 0.0),
        BenchPoint(100.0, 0.0, 0.0),
        BenchPoint(-1.0, 200.0, 0.0),
        BenchPoint(200.0, 0.0, -61.0),
        BenchPoint(200.0, 0.0, 166.0),
        BenchPoint(200.0, 0.0, float("nan")),
        BenchPoint(inf, 0.0, 0.0),
    ],
)
def test_a_point_out_of_reach_is_refused_before_a_byte_is_sent(point: BenchPoint) -> None:
    with pytest.raises(LimitExceeded):
        arm().start_move(point)


@pytest.mark.parametrize("to_x_mm", [201.0, 300.0])
def test_a_move_takes_the_time_of_its_trapezoid(to_x_mm: float) -> None:
    start, to = BenchPoint(200.0, 0.0, 0.0), BenchPoint(to_x_mm, 0.0, 0.0)

    expected_s = {201.0: 2 * (1 / 300) ** 0.5, 300.0: 100 / 150 + 150 / 300}[to_x_mm]
    assert arm().seconds_for(start, to) == pytest.approx(expected_s)


def test_it_will_not_home_while_an_alarm_stands() -> None:
    index = codec.encode(codec.Command.QUEUE_INDEX, 0, bytes(8))
    pose = codec.encode(codec.Command.POSE, 0, bytes(32))
    asked = (
        Exchange(codec.ASK_QUEUE_INDEX, index),
        Exchange(codec.ASK_POSE, pose),
        Exchange(codec.ASK_ALARMS, ALARM_10H),
    )

    with pytest.raises(DeviceFault, match="10h"):
        arm(*asked).start_homing()


def test_a_stop_that_is_not_confirmed_still_clears_the_queue() -> None:
    port = ReplayPort([Exchange(STOPPED)] * 3 + [Exchange(CLEARED, CLEARED)])

    with pytest.raises(ReplyLost):
        DobotMagician("arm", Wire(port, quarantine_s=0.0), SETTINGS).make_safe()

    assert port.is_finished


def test_alarms_are_cleared_only_on_request() -> None:
    port = ReplayPort([Exchange(codec.CLEAR_ALARMS, codec.CLEAR_ALARMS)])

    DobotMagician("arm", Wire(port), SETTINGS).clear_alarms()

    assert port.is_finished
