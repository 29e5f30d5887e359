import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.device_settings import IkaRctSettings
from robot.drivers.ika_rct_digital import IkaRctDigital, codec
from robot.errors import CommandRefused, NotReachable, ReplyLost
from robot.wire.base import Wire
from robot.wire.transcript import Exchange, ReplayPort

SETTINGS = IkaRctSettings(model="ika_rct_digital", port="-")


def plate(*exchanges: tuple[str, str]) -> IkaRctDigital:
    said = [Exchange(f"{sent} \r\n".encode(), f"{reply} \r\n".encode() if reply else b"") for sent, reply in exchanges]
    return IkaRctDigital("plate", Wire(ReplayPort(said), quarantine_s=0.0), SETTINGS)


@given(st.decimals(-50, 400, places=1), st.integers(1, 5), st.sampled_from([" \r\n", "\r\n"]))
def test_a_value_is_read_with_its_channel(value: object, channel: int, end: str) -> None:
    assert codec.decode_value(channel, f"{value} {channel}{end}".encode()) == float(str(value))


@pytest.mark.parametrize("reply", [b"25.5 1\r\n", b"60 \r\n", b"RCT digital\r\n", b"\r\n"])
def test_an_answer_to_something_else_is_no_value(reply: bytes) -> None:
    with pytest.raises(ValueError, match="channel 2"):
        codec.decode_value(2, reply)


def test_an_echo_of_the_watchdog_is_not_taken_for_a_value() -> None:
    echoing = plate(("IN_SP_3", "360.0 3"), ("OUT_SP_1 60.0", ""), ("IN_SP_1", "60.0 1"), ("RESET", ""),
                    ("OUT_WD1@60", "60"), ("START_1", ""))  # fmt: skip

    echoing.start_heating(60.0)


def test_too_near_to_the_safety_circuit_is_refused_before_anything_is_set() -> None:
    with pytest.raises(CommandRefused, match="safety circuit"):
        plate(("IN_SP_3", "100.0 3")).start_heating(60.0)


def test_a_target_that_was_not_taken_is_refused_before_it_heats() -> None:
    with pytest.raises(CommandRefused, match="reads back 50"):
        plate(("IN_SP_3", "360.0 3"), ("OUT_SP_1 60.0", ""), ("IN_SP_1", "50.0 1")).start_heating(60.0)


def test_making_safe_says_that_it_may_heat_if_the_target_stays() -> None:
    deaf = plate(("STOP_4", ""), ("STOP_1", ""), ("OUT_SP_1 20.0", ""), ("IN_SP_1", "60.0 1"))

    with pytest.raises(ReplyLost) as caught:
        deaf.make_safe()

    assert caught.value.may_have_acted


def test_another_device_is_refused() -> None:
    with pytest.raises(NotReachable, match="no hotplate"):
        plate(("IN_NAME", "EUROSTAR")).connect()
