import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.device_settings import VialCapperSettings
from robot.drivers.vial_capper import OpenVialCapper, codec
from robot.errors import Busy, CommandRefused, DeviceError, NotReachable, ReplyLost
from robot.interfaces import CappingEnding, VesselOnCapper

from .conftest import numbered

IDLE = "1 idle open yes 17 uncap 0 done 590"
torques = st.integers(0, 3000)


def capper(*exchanges: tuple[str, str]) -> OpenVialCapper:
    """One that is told and says these words."""
    return OpenVialCapper("capper", numbered(*exchanges), VialCapperSettings(model="vial_capper", port="-"))


@given(torques, torques, st.sampled_from(codec.ENDINGS), st.sampled_from(codec.VESSELS), st.integers(0, 10**9))
def test_a_state_is_read_as_it_was_told(
    torque: int, reached: int, ending: CappingEnding, vessel: VesselOnCapper, order: int
) -> None:
    state = codec.decode_state(tuple(f"3 capping {vessel} no {order} cap {torque} {ending} {reached}".split()))

    assert (state.order, state.task, state.ending, state.busy) == (order, "cap", ending, ending == "running")
    assert (state.vessel, state.has_caps, state.boots) == (vessel, False, 3)
    assert (state.torque_mnm, state.reached_mnm) == (torque, reached)


@given(st.lists(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=12), max_size=10))
def test_other_words_are_no_state(words: list[str]) -> None:
    with pytest.raises(ValueError):
        codec.decode_state(tuple(words))


def test_an_order_bears_the_number_after_the_last() -> None:
    assert capper(("STATE", f"OK {IDLE}"), ("CAP 18 800", "OK 18")).start_capping(800) == 18
    assert capper(("STATE", f"OK {IDLE}"), ("UNCAP 18", "OK 18")).start_uncapping() == 18


@pytest.mark.parametrize(
    ("code", "error"), [(11, Busy), (12, CommandRefused), (14, CommandRefused), (99, CommandRefused)]
)
def test_a_refused_order_has_not_begun(code: int, error: type[DeviceError]) -> None:
    device = capper(("STATE", f"OK {IDLE}"), ("CAP 18 800", f"NO {code}"))

    with pytest.raises(error) as caught:
        device.start_capping(800)
    assert not caught.value.may_have_acted


@pytest.mark.parametrize("words", ["OK", "OK idle 3", f"OK {IDLE} more", f"OK {IDLE.replace('uncap', 'unplug')}"])
def test_what_is_no_state_is_a_lost_reply(words: str) -> None:
    with pytest.raises(ReplyLost):
        capper(("STATE", words)).read_state()


@pytest.mark.parametrize(
    ("who", "what"),
    [
        ("OK vial-capper 1 A 1.0 500", "turns with 500 mN·m at most, lab.yaml says 800"),
        ("OK vial-capper 2 A 1.0 3000", "no vial capper of protocol 1"),
        ("OK powder-handler 1 A 1.0 3000", "no vial capper"),
    ],
)
def test_a_capper_that_can_less_than_the_lab_file_says_is_refused(who: str, what: str) -> None:
    with pytest.raises(NotReachable, match=what):
        capper(("WHO", who)).connect()
