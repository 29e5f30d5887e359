import re
from binascii import crc_hqx

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.device_settings import NewEraNE1000Settings
from robot.drivers.new_era_ne1000 import NewEraNE1000, codec
from robot.errors import CommandRefused, DeviceFault, NotReachable, ReplyLost
from robot.wire.base import Wire
from robot.wire.transcript import Exchange, ReplayPort

SETTINGS = NewEraNE1000Settings(
    model="new_era_ne1000", port="-", syringe_ul=5000, diameter_mm=12.06, holds="water", filled_ul=4000, reaches="cup",
    watchdog_s=0,
)  # fmt: skip
READINGS = [("", "00S"), ("DIS", "00SI0.000W0.000UL")]
PREPARED = [
    ("DIS", "00SI0.000W0.000UL"), ("", "00S"), ("DIA", "00S12.06"), ("DIRINF", "00S"), ("RAT3000UM", "00S"),
    ("RAT", "00S3000.UM"), ("VOL1000", "00S"), ("VOL", "00S1000.UL"),
]  # fmt: skip


def pump(*exchanges: tuple[str, str]) -> NewEraNE1000:
    said = [
        Exchange(f"00{text}\r".encode(), f"\x02{reply}\x03".encode() if reply else b"") for text, reply in exchanges
    ]
    return NewEraNE1000("pump", Wire(ReplayPort(said), quarantine_s=0.0), SETTINGS)


@given(st.text(alphabet="ABCDEFGIWSVLU.0123456789", max_size=20), st.booleans(), st.binary(max_size=8))
def test_an_answer_of_either_form_is_found_behind_noise(data: str, is_safe: bool, noise: bytes) -> None:
    body = b"00S" + data.encode()
    basic = b"\x02" + body + b"\x03"
    safe = b"\x02" + bytes((len(body) + 4,)) + body + crc_hqx(body, 0).to_bytes(2, "big") + b"\x03"
    answer = safe if is_safe else basic

    assert codec.frame(noise.replace(b"\x02", b"") + answer) == answer
    assert codec.decode(answer) == codec.Answer(0, "S", data=data)


@given(st.integers(2, 6), st.integers(1, 255))
def test_a_damaged_safe_answer_is_none(at: int, flipped: int) -> None:
    damaged = bytearray(bytes.fromhex("0207303053AAA603"))
    damaged[at] ^= flipped

    assert codec.frame(bytes(damaged)) is None


@given(st.floats(0.001, 9999.4))
def test_a_figure_has_at_most_four_digits_three_of_them_decimals(value: float) -> None:
    text = codec.encode_number(value)

    assert re.fullmatch(r"\d{1,4}|\d{1,3}\.\d{1,3}", text)
    assert len(text.replace(".", "")) <= 4
    assert float(text) == pytest.approx(value, abs=0.5, rel=6e-4)


def test_power_loss_is_told_once_and_remembered() -> None:
    lone = pump(("", "00A?R"), *READINGS)

    assert not lone.read_state().initialised


def test_after_power_loss_it_does_not_move() -> None:
    with pytest.raises(CommandRefused, match="declare_filled"):
        pump(("", "00A?R"), *READINGS).start_moving_plunger(3000.0, 50.0)


def test_power_loss_between_settings_and_run_stops_it_there() -> None:
    surprised = [*PREPARED[:-1], ("VOL", "00A?R"), ("VOL", "00S1000.UL")]

    with pytest.raises(CommandRefused, match="declare_filled"):
        pump(*READINGS, *surprised).start_moving_plunger(3000.0, 50.0)


def test_an_alarm_instead_of_running_may_have_acted() -> None:
    with pytest.raises(DeviceFault, match="stalled") as caught:
        pump(*READINGS, *PREPARED, ("RUN", "00A?S")).start_moving_plunger(3000.0, 50.0)

    assert caught.value.may_have_acted


def test_a_run_whose_answer_is_lost_is_sent_once() -> None:
    with pytest.raises(ReplyLost) as caught:
        pump(*READINGS, *PREPARED, ("RUN", "")).start_moving_plunger(3000.0, 50.0)

    assert caught.value.may_have_acted


def test_a_figure_that_it_kept_otherwise_is_noticed_before_it_runs() -> None:
    with pytest.raises(CommandRefused, match="keeps RAT at 300"):
        pump(*READINGS, *PREPARED[:5], ("RAT", "00S300.0UM")).start_moving_plunger(3000.0, 50.0)


def test_another_model_is_refused() -> None:
    with pytest.raises(NotReachable, match="NE500"):
        pump(("VER", "00SNE500V3.7")).connect()


def test_another_pump_that_answers_is_not_believed() -> None:
    with pytest.raises(NotReachable, match="pump 1 answered"):
        pump(*[("VER", "01SNE1000V3.923")] * 3).connect()
