import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from robot.config import LabConfig
from robot.device_settings import PowderHandlerSettings
from robot.drivers.open_protocols import micrograms
from robot.drivers.powder_handler import OpenPowderHandler, codec
from robot.errors import Busy, CommandRefused, DeviceError, NotReachable, ReplyLost
from robot.interfaces import HandlingEnding

from .conftest import numbered

SETTINGS = PowderHandlerSettings(model="powder_handler", port="-", reaches={"source": "shaker", "target": "funnel"})
IDLE = "1 idle closed yes yes 9000000 17 shake 120 1500 done 120"
figures = st.integers(0, 20_000_000)


def handler(*exchanges: tuple[str, str]) -> OpenPowderHandler:
    """One that is told and says these words."""
    return OpenPowderHandler("handler", numbered(*exchanges), SETTINGS)


@given(figures, figures, st.none() | figures, st.sampled_from(codec.ENDINGS), st.integers(0, 10**9))
def test_a_transfer_is_read_as_it_was_told(
    load_ug: int, target_ug: int, done_ug: int | None, ending: HandlingEnding, order: int
) -> None:
    done = "?" if done_ug is None else done_ug

    state = codec.decode_state(
        tuple(f"3 idle open no yes {load_ug} {order} transfer {target_ug} 0 {ending} {done}".split())
    )

    assert (state.order, state.task, state.ending, state.busy) == (order, "transfer", ending, ending == "running")
    assert (state.door_is_open, state.has_source, state.has_target, state.boots) == (True, False, True, 3)
    assert [micrograms(mass_mg) for mass_mg in (state.load_mg, state.target_mg)] == [load_ug, target_ug]
    assert (None if state.gained_mg is None else micrograms(state.gained_mg)) == done_ug
    assert (state.duration_s, state.speed_rpm, state.shaken_s) == (0.0, 0.0, 0.0)


@given(st.integers(1, 3600), st.integers(1, 3000), st.integers(0, 3600))
def test_a_shake_is_read_as_it_was_told(seconds: int, speed_rpm: int, shaken_s: int) -> None:
    state = codec.decode_state(
        tuple(f"1 shaking closed yes no 0 5 shake {seconds} {speed_rpm} running {shaken_s}".split())
    )

    assert (state.duration_s, state.speed_rpm, state.shaken_s) == (seconds, speed_rpm, shaken_s)
    assert (state.target_mg, state.gained_mg) == (0.0, 0.0)


@given(st.lists(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=12), max_size=13))
def test_other_words_are_no_state(words: list[str]) -> None:
    with pytest.raises(ValueError):
        codec.decode_state(tuple(words))


def test_an_order_bears_the_number_after_the_last() -> None:
    device = handler(("STATE", f"OK {IDLE}"), ("WATCHDOG 300", "OK"), ("TRANSFER 18 150000", "OK 18"))

    assert device.start_transferring(150.0) == 18


@pytest.mark.parametrize(
    ("code", "error"), [(11, Busy), (12, CommandRefused), (13, CommandRefused), (99, CommandRefused)]
)
def test_a_refused_order_has_not_begun(code: int, error: type[DeviceError]) -> None:
    device = handler(("STATE", f"OK {IDLE}"), ("WATCHDOG 300", "OK"), ("SHAKE 18 60 1000", f"NO {code}"))

    with pytest.raises(error) as caught:
        device.start_shaking(60, 1000)
    assert not caught.value.may_have_acted


@pytest.mark.parametrize(
    "words",
    [
        "OK",
        "OK idle 3",
        f"OK {IDLE} more",
        f"OK {IDLE.replace('closed', 'yes')}",
        f"OK {IDLE.replace('shake', 'bake')}",
    ],
)
def test_what_is_no_state_is_a_lost_reply(words: str) -> None:
    with pytest.raises(ReplyLost):
        handler(("STATE", words)).read_state()


@pytest.mark.parametrize(
    ("who", "what"),
    [
        ("OK powder-handler 1 A 1.0 1500", "shakes at 1500 rpm at most"),
        ("OK powder-handler 2 A 1.0 3000", "no powder handler of protocol 1"),
        ("OK powder-doser 1 A 1.0 3000", "no powder handler"),
    ],
)
def test_a_handler_that_can_less_than_the_lab_file_says_is_refused(who: str, what: str) -> None:
    with pytest.raises(NotReachable, match=what):
        handler(("WHO", who)).connect()


@pytest.mark.parametrize(
    ("reaches", "said"),
    [
        ({"source": "shaker", "target": "nowhere"}, "devices.handler.reaches.target: no site is called 'nowhere'"),
        ({"source": "shaker"}, "reaches"),
    ],
)
def test_both_ends_of_a_handler_are_sites_of_the_bench(reaches: dict[str, str], said: str) -> None:
    document = {
        "bench": "handlers",
        "devices": {"handler": {"model": "powder_handler", "port": "-", "reaches": reaches}},
        "sites": {"shaker": {"origin_mm": [0, 0, 0]}, "funnel": {"origin_mm": [100, 0, 0]}},
    }

    with pytest.raises(ValidationError, match=said):
        LabConfig.model_validate(document)
