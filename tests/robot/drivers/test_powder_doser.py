import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from robot.config import LabConfig
from robot.device_settings import PowderDoserSettings
from robot.drivers.open_protocols import micrograms
from robot.drivers.powder_doser import OpenPowderDoser, codec
from robot.errors import Busy, CommandRefused, DeviceError, NotReachable, ReplyLost
from robot.interfaces import DoseEnding

from .conftest import numbered

SETTINGS = PowderDoserSettings(model="powder_doser", port="-", hoppers={1: "li2co3", 2: "mno"})
IDLE = "1 idle closed yes 17600000 17 1 10000 1000 done 10100"
masses_ug = st.integers(0, 20_000_000)


def doser(*exchanges: tuple[str, str]) -> OpenPowderDoser:
    """One that is told and says these words."""
    return OpenPowderDoser("doser", numbered(*exchanges), SETTINGS)


@given(masses_ug, masses_ug, st.none() | masses_ug, st.sampled_from(codec.ENDINGS), st.integers(0, 10**9))
def test_a_state_is_read_as_it_was_told(
    load_ug: int, target_ug: int, dosed_ug: int | None, ending: DoseEnding, dose: int
) -> None:
    dosed = "?" if dosed_ug is None else dosed_ug

    state = codec.decode_state(
        tuple(f"3 idle open no {load_ug} {dose} 2 {target_ug} 5000 {ending} {dosed}".split()), {1: None}
    )

    assert (state.dose, state.ending, state.busy) == (dose, ending, ending == "running")
    assert (state.door_is_open, state.has_vessel, state.boots) == (True, False, 3)
    assert [micrograms(mass_mg) for mass_mg in (state.load_mg, state.target_mg)] == [load_ug, target_ug]
    assert (None if state.dispensed_mg is None else micrograms(state.dispensed_mg)) == dosed_ug


@given(st.lists(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=12), max_size=12))
def test_other_words_are_no_state(words: list[str]) -> None:
    with pytest.raises(ValueError):
        codec.decode_state(tuple(words), {})


def test_an_order_bears_the_number_after_the_last() -> None:
    device = doser(
        ("HOPPERS", "OK ? ?"), ("STATE", f"OK {IDLE}"), ("WATCHDOG 300", "OK"), ("DOSE 18 2 500000 5000", "OK 18")
    )

    assert device.start_dosing(2, 500.0, 5.0) == 18


@pytest.mark.parametrize(
    ("code", "error"), [(11, Busy), (12, CommandRefused), (13, CommandRefused), (99, CommandRefused)]
)
def test_a_refused_order_has_not_begun(code: int, error: type[DeviceError]) -> None:
    device = doser(
        ("HOPPERS", "OK ? ?"),
        ("STATE", f"OK {IDLE}"),
        ("WATCHDOG 300", "OK"),
        ("DOSE 18 2 500000 5000", f"NO {code}"),
    )

    with pytest.raises(error) as caught:
        device.start_dosing(2, 500.0, 5.0)
    assert not caught.value.may_have_acted


@pytest.mark.parametrize(
    "words",
    [
        "OK",
        "OK idle 3",
        f"OK {IDLE} more",
        f"OK {IDLE.replace('closed', 'yes')}",
        "OK x idle closed yes 1 1 1 1 1 done 1",
    ],
)
def test_what_is_no_state_is_a_lost_reply(words: str) -> None:
    with pytest.raises(ReplyLost):
        doser(("HOPPERS", "OK ?"), ("STATE", words)).read_state()


@pytest.mark.parametrize(
    ("who", "what"),
    [
        ("OK powder-doser 1 A 1.0 1 20000000", "has 1 hoppers"),
        ("OK powder-doser 1 A 1.0 2 5000000", "doses 5000 mg at most"),
        ("OK powder-doser 2 A 1.0 2 20000000", "no powder doser of protocol 1"),
    ],
)
def test_a_doser_that_can_less_than_the_lab_file_says_is_refused(who: str, what: str) -> None:
    with pytest.raises(NotReachable, match=what):
        doser(("WHO", who)).connect()


def test_a_filling_that_reads_back_otherwise_was_not_taken() -> None:
    with pytest.raises(CommandRefused, match="says 1"):
        doser(("FILLED 2 5000000", "OK"), ("HOPPERS", "OK ? 1000")).declare_filled(2, 5000.0)


@pytest.mark.parametrize(
    ("hoppers", "said"),
    [
        ({1: "sand"}, "devices.doser.hoppers.1: no powder is called 'sand'; there are mno"),
        ({1: "mno", 2: "mno"}, "mno is in two hoppers"),
    ],
)
def test_a_hopper_holds_a_powder_that_is_in_store(hoppers: dict[int, str], said: str) -> None:
    document = {
        "bench": "powders",
        "devices": {"doser": {"model": "powder_doser", "port": "-", "hoppers": hoppers}},
        "sites": {"chute": {"origin_mm": [0, 0, 0], "inside": "doser"}},
        "powders": {"mno": {"phase": "MnO", "mass_g": 250}},
    }

    with pytest.raises(ValidationError, match=said):
        LabConfig.model_validate(document)
