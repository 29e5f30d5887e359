import re
from functools import reduce
from operator import xor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.device_settings import CavroSettings
from robot.drivers.cavro import Cavro, codec
from robot.errors import Busy, CommandRefused, DeviceError, DeviceFault, ReplyLost
from robot.wire.base import Wire
from robot.wire.transcript import Exchange, ReplayPort

SETTINGS = CavroSettings.model_validate(
    {"model": "cavro_xcalibur", "port": "-", "valve": {1: "ink", 2: "waste"}, "syringe_ul": 1000}
)
MOVE = b"/1V450A600R\r"


def pump(*exchanges: tuple[bytes, bytes]) -> Cavro:
    port = ReplayPort([Exchange(*exchange) for exchange in exchanges])
    return Cavro("pump", Wire(port, quarantine_s=0.0), SETTINGS)


@given(st.booleans(), st.integers(0, 15), st.integers(0, 3000), st.binary(max_size=10))
def test_an_answer_is_found_behind_any_noise(ready: bool, error: int, position: int, noise: bytes) -> None:
    answer = b"/0%c%d\x03\r\n" % (0x40 | 0x20 * ready | error, position)

    assert codec.frame_dt(noise.replace(b"/", b"") + answer) == answer
    assert codec.decode(answer) == codec.Answer(ready, error, str(position))


@given(st.integers(0, 6))
def test_part_of_an_answer_is_waited_for(length: int) -> None:
    assert codec.frame_dt(b"/0`9\x03\r\n"[:length]) is None


@given(st.booleans(), st.integers(0, 15), st.integers(0, 6000), st.binary(max_size=10))
def test_an_oem_answer_is_found_behind_any_noise(ready: bool, error: int, position: int, noise: bytes) -> None:
    body = b"\x020%c%d\x03" % (0x40 | 0x20 * ready | error, position)
    answer = body + bytes((reduce(xor, body),))

    assert codec.frame_oem(noise.replace(b"\x02", b"") + answer) == answer
    assert codec.decode(answer) == codec.Answer(ready, error, str(position))


@given(st.integers(2, 5), st.integers(1, 255))
def test_a_damaged_oem_answer_is_none(at: int, flipped: int) -> None:
    damaged = bytearray(b"\x020`600\x03g")
    damaged[at] ^= flipped

    assert codec.frame_oem(bytes(damaged)) is None


@given(st.text(alphabet="ZAIOQ?0123456789,R", max_size=20), st.integers(1, 7))
def test_an_oem_request_and_its_repetition_differ_in_one_bit_and_the_sum(text: str, sequence: int) -> None:
    fresh, repeated = codec.encode_oem(1, text, sequence)

    assert [one ^ other for one, other in zip(fresh, repeated, strict=True) if one != other] == [8, 8]


def test_the_echo_of_a_request_is_no_answer() -> None:
    assert codec.frame_dt(b"/1Q\r") is None


@given(st.floats(0.0, 1000.0))
def test_a_volume_is_rounded_to_the_nearest_increment(volume_ul: float) -> None:
    sent: list[bytes] = []

    class Listener(ReplayPort):
        def write(self, data: bytes) -> None:
            sent.append(data)
            self._waiting = b"/0@\x03\r\n"

    pump = Cavro("pump", Wire(Listener([])), SETTINGS)
    pump.start_moving_plunger(volume_ul, flow_ul_per_s=150.0)

    match = re.fullmatch(rb"/1V450A(\d+)R\r", sent[0])
    assert match is not None
    assert abs(int(match[1]) * pump.resolution_ul - volume_ul) <= pump.resolution_ul / 2 + 1e-9


@pytest.mark.parametrize(
    ("status", "error"),
    [(b"O", Busy), (b"b", CommandRefused), (b"g", CommandRefused), (b"k", CommandRefused), (b"i", DeviceFault)],
)
def test_an_error_code_becomes_the_error_that_says_whether_it_moved(status: bytes, error: type[DeviceError]) -> None:
    with pytest.raises(error) as caught:
        pump((MOVE, b"/0" + status + b"\x03\r\n")).start_moving_plunger(200.0, 150.0)

    assert caught.value.may_have_acted is (error is DeviceFault)


@pytest.mark.parametrize(
    ("status", "initialised", "is_faulty"),
    [(b"`", True, False), (b"g", False, False), (b"i", False, True), (b"c", True, True), (b"o", True, False)],
)
def test_the_status_decides_what_is_wrong(status: bytes, initialised: bool, is_faulty: bool) -> None:
    state = pump(
        (b"/1Q\r", b"/0" + status + b"\x03\r\n"),
        (b"/1?\r", b"/0`1500\x03\r\n"),
        (b"/1?6\r", b"/0`2\x03\r\n"),
    ).read_state()

    assert (state.initialised, state.fault is not None) == (initialised, is_faulty)
    assert (state.volume_ul, state.port) == (500.0, 2)


def test_an_unheard_answer_to_a_question_is_asked_for_again() -> None:
    assert pump((b"/1&\r", b""), (b"/1&\r", b"/0`P/N: 123\x03\r\n")).connect().firmware == "P/N: 123"


def test_a_pump_that_moves_on_after_a_stop_is_not_safe() -> None:
    with pytest.raises(ReplyLost):
        pump((b"/1T\r", b"/0`\x03\r\n"), (b"/1Q\r", b"/0@\x03\r\n")).make_safe()
