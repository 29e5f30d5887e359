from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.device_settings import YudianAI518PSettings
from robot.drivers.yudian_ai518p import YudianAI518P, codec
from robot.errors import CommandRefused, LimitExceeded, NotReachable, ReplyLost
from robot.interfaces import Segment
from robot.wire.base import Wire
from robot.wire.transcript import Exchange, ReplayPort

SETTINGS = YudianAI518PSettings(model="yudian_ai518p", port="-", max_temperature_c=350)
words = st.integers(-32768, 32767)
READING = (253, 1000, 40, 0)  # 25.3 °C, set-point 100.0 °C, output 40 %, status


def answer(value: int, reading: Sequence[int] = READING, address: int = 1) -> bytes:
    """By the rule of the maker's note: a second opinion on the codec."""
    process_value, setpoint, output, status = reading
    total = process_value + setpoint + status * 256 + output + value + address
    numbers = (process_value, setpoint), (value, total)
    first, last = (b"".join((number % 65536).to_bytes(2, "little") for number in pair) for pair in numbers)
    return first + bytes((output, status)) + last


def reads(parameter: int, value: int, reading: Sequence[int] = READING) -> Exchange:
    return Exchange(codec.encode_read(1, parameter), answer(value, reading))


def writes(parameter: int, value: int, kept: int | None = None) -> Exchange:
    return Exchange(codec.encode_write(1, parameter, value), answer(value if kept is None else kept))


HANDSHAKE = [reads(0x0C, 1), reads(0x06, 1), reads(0x1B, codec.STOP)]


def furnace(*exchanges: Exchange) -> tuple[YudianAI518P, ReplayPort]:
    port = ReplayPort([*HANDSHAKE, *exchanges])
    furnace = YudianAI518P("furnace", Wire(port, quarantine_s=0.0), SETTINGS)
    furnace.connect()
    return furnace, port


@given(words, words, st.integers(0, 100), st.integers(0, 255), words, st.integers(0, 80), st.binary(max_size=7))
def test_an_answer_is_read_behind_noise(
    process_value: int, setpoint: int, output: int, status: int, value: int, address: int, noise: bytes
) -> None:
    frame = answer(value, (process_value, setpoint, output, status), address)

    found = codec.reply_from(address)(frame + noise)

    assert found == frame
    assert codec.decode_reply(frame) == codec.Reply(process_value, setpoint, output, status, value)


@given(words, st.integers(0, 9), st.integers(0, 7))
def test_a_damaged_answer_is_refused(value: int, position: int, bit: int) -> None:
    damaged = bytearray(answer(value))
    damaged[position] ^= 1 << bit

    assert codec.reply_from(1)(bytes(damaged)) is None


def test_an_answer_of_another_address_is_refused() -> None:
    assert codec.reply_from(1)(answer(12, address=2)) is None


@given(st.integers(0, 80), st.integers(0, 255), words)
def test_a_request_bears_its_sum(address: int, parameter: int, value: int) -> None:
    request = codec.encode_write(address, parameter, value)

    assert int.from_bytes(request[6:], "little") == (parameter * 256 + 0x43 + value + address) % 65536


segments = st.builds(Segment, st.floats(20, 350), st.floats(0.1, 100), st.integers(0, 600).map(float))


@given(st.lists(segments, min_size=1, max_size=14))
def test_no_time_of_a_programme_is_zero_and_only_the_last_is_negative(programme: list[Segment]) -> None:
    times = [word for parameter, word in codec.programme_words(programme, 10, codec.REST_C).items() if parameter % 2]

    assert min(times[:-1]) >= 1
    assert times[-1] == -121
    assert len(times) <= 30


@given(segments)
def test_a_ramp_is_never_faster_than_asked_for(segment: Segment) -> None:
    minutes = codec.longest_ramp_min([segment])

    assert minutes * segment.rate_c_per_min >= abs(segment.target_c - codec.REST_C) - 1e-4


@given(st.floats(20, 350))
def test_a_programme_sets_out_from_where_the_chamber_is(start_c: float) -> None:
    words = codec.programme_words([Segment(20.0, 10.0, 5.0), Segment(350.0, 10.0, 5.0)], 10, start_c)

    assert words[0x50] == round(10 * start_c)


def test_one_answer_tells_all_of_the_state() -> None:
    bench, port = furnace(reads(0x1B, codec.RUN, (1405, 1400, 62, codec.INPUT_OUT_OF_RANGE)))

    state = bench.read_state()

    assert (state.temperature_c, state.setpoint_c, state.output_fraction) == (140.5, 140.0, 0.62)
    assert (state.programme, state.sensor_broken) == ("running", True)
    assert port.is_finished


def test_who_stopped_where_a_programme_ends_has_ended() -> None:
    bench, _ = furnace(reads(0x1B, codec.STOP, (900, 50, 0, 0)))

    assert bench.read_state().programme == "ended"


@pytest.mark.parametrize(
    "strange", [[reads(0x0C, 77)], [reads(0x0C, 1), reads(0x06, 9)]], ids=["scale", "control mode"]
)
def test_a_stranger_is_refused_before_anything_is_written(strange: list[Exchange]) -> None:
    with pytest.raises(NotReachable):
        YudianAI518P("furnace", Wire(ReplayPort(strange)), SETTINGS).make_safe()


def test_a_setpoint_that_is_not_taken_is_noticed() -> None:
    stopped = reads(0x1B, codec.STOP)
    bench, _ = furnace(stopped, stopped, reads(0x00, 1000), writes(0x00, 200, kept=1000))

    with pytest.raises(CommandRefused, match="was told 200 for parameter 00h and keeps 1000"):
        bench.stop_programme()


def test_after_a_lost_answer_a_known_question_comes_first() -> None:
    silence = Exchange(codec.encode_read(1, 0x1B))
    bench, port = furnace(silence, silence, silence, reads(0x0C, 1), reads(0x1B, codec.STOP))
    with pytest.raises(ReplyLost):
        bench.read_state()

    assert bench.read_state().programme == "idle"
    assert port.is_finished


def test_answers_that_lag_one_behind_are_found_out() -> None:
    silence = Exchange(codec.encode_read(1, 0x1B))
    belated = Exchange(codec.encode_read(1, 0x0C), answer(codec.STOP))
    bench, _ = furnace(silence, silence, silence, belated)
    with pytest.raises(ReplyLost):
        bench.read_state()

    with pytest.raises(ReplyLost, match="not to our questions"):
        bench.read_state()


def test_a_ramp_that_takes_too_long_to_be_stored_is_refused() -> None:
    hot = SETTINGS.model_copy(update={"max_temperature_c": 1500.0})

    with pytest.raises(LimitExceeded, match="9999 min"):
        YudianAI518P("furnace", Wire(ReplayPort([])), hot).load_programme([Segment(1400.0, 0.1, 0.0)])
