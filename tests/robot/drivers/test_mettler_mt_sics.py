import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.device_settings import MettlerBalanceSettings
from robot.drivers.mettler_mt_sics import MettlerMtSics, codec
from robot.errors import Busy, CommandRefused, DeviceError, DeviceFault, NotReachable, ReplyLost
from robot.wire.base import Wire
from robot.wire.transcript import Exchange, ReplayPort

SETTINGS = MettlerBalanceSettings(model="mettler_mt_sics", port="-")


def balance(*exchanges: tuple[str, str]) -> MettlerMtSics:
    said = [Exchange(f"{sent}\r\n".encode(), f"{reply}\r\n".encode() if reply else b"") for sent, reply in exchanges]
    return MettlerMtSics("balance", Wire(ReplayPort(said), quarantine_s=0.0), SETTINGS)


@given(st.decimals(-200, 200, places=4), st.sampled_from("SD"))
def test_a_weight_is_read_as_it_was_shown(mass_g: object, letter: str) -> None:
    weight = balance(("SI", f"S {letter} {mass_g:>10} g")).read_weight()

    assert weight.mass_mg == pytest.approx(float(str(mass_g)) * 1000)
    assert weight.is_stable is (letter == "S")


def test_a_late_answer_to_something_else_is_passed_over() -> None:
    assert codec.reply_to(codec.ASK_TARE)(b"S S     1.0000 g\r\nTA A     2.0000 g\r\n") == b"TA A     2.0000 g\r\n"
    assert codec.reply_to(codec.ASK_TARE)(b"S S     1.0000 g\r\n") is None


@pytest.mark.parametrize(
    ("reply", "error"),
    [("S I", Busy), ("S +", DeviceFault), ("S -", DeviceFault), ("S L", CommandRefused), ("ES", CommandRefused),
     ("ET", CommandRefused), ("EL", CommandRefused), ("S S Error 10b", DeviceFault), ("S S    12.3456 kg", DeviceFault),
     ("S S", ReplyLost)],
)  # fmt: skip
def test_what_is_no_weight_is_its_own_error(reply: str, error: type[DeviceError]) -> None:
    with pytest.raises(error):
        balance(("SI", reply)).read_weight()


def test_a_tare_taken_while_the_reading_moved_is_a_fault() -> None:
    with pytest.raises(DeviceFault, match="moved"):
        balance(("SI", "S S     1.0000 g"), ("TI", "TI D     1.0004 g")).tare()


def test_a_tare_whose_answer_is_lost_is_sent_once() -> None:
    with pytest.raises(ReplyLost):
        balance(("SI", "S S     1.0000 g"), ("TI", "")).tare()


def test_a_balance_that_bears_less_is_refused() -> None:
    with pytest.raises(NotReachable, match="bears 81 g"):
        balance(("I4", 'I4 A "B1"'), ("I2", 'I2 A "XS64 Excellence 81.0000 g"')).connect()
