import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.device_settings import PowderDiffractometerSettings
from robot.drivers.powder_diffractometer import OpenPowderDiffractometer, codec
from robot.errors import Busy, CommandRefused, DeviceError, NotReachable, ReplyLost

from .conftest import numbered

SETTINGS = PowderDiffractometerSettings(model="powder_diffractometer", port="-")
IDLE = "1 closed off 17 100000 800000 200 137 done 3501"


def diffractometer(*exchanges: tuple[str, str]) -> OpenPowderDiffractometer:
    """One that is told and says these words."""
    return OpenPowderDiffractometer("diffractometer", numbered(*exchanges), SETTINGS)


@given(
    st.integers(1, 10**9), st.integers(50_000, 1_000_000), st.integers(20, 10_000), st.integers(1, 8191),
    st.integers(10, 60_000), st.sampled_from(sorted(codec.STAGES)), st.sampled_from(codec.DOORS),
)  # fmt: skip
def test_a_state_is_read_as_it_was_told(
    scan: int, start: int, step: int, steps: int, step_ms: int, end: str, door: str
) -> None:
    last = start + step * steps

    state = codec.decode_state(tuple(f"3 {door} off {scan} {start} {last} {step} {step_ms} {end} 1".split()))

    assert (state.scan, state.points_wanted, state.points_measured, state.boots) == (scan, steps + 1, 1, 3)
    angles_deg = (state.start_deg, state.end_deg, state.step_deg)
    assert [codec.units(angle_deg) for angle_deg in angles_deg] == [start, last, step]
    assert codec.milliseconds(state.seconds_per_step) == step_ms
    assert (state.stage, state.door) == (codec.STAGES[end][0], door)


@given(st.lists(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=12), max_size=12))
def test_other_words_are_no_state_and_no_scan(words: list[str]) -> None:
    for decode in (codec.decode_state, codec.decode_scan):
        with pytest.raises(ValueError):
            decode(tuple(words))


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=64), st.integers(1, 99), st.integers(0, 8000))
def test_counts_are_read_as_they_were_told(counts: list[int], scan: int, first: int) -> None:
    words = tuple(map(str, (scan, first, *counts)))

    assert codec.decode_data(words, scan, first) == counts
    with pytest.raises(ValueError):
        codec.decode_data(words, scan, first + 1)


def test_a_scan_bears_the_number_after_the_last() -> None:
    device = diffractometer(("STATE", f"OK {IDLE}"), ("SCAN 18 100000 800000 131 137", "OK 18"))

    assert device.start_scan(10.0, 80.0, 0.0131, 0.137) == 18


@pytest.mark.parametrize(
    ("code", "error"), [(11, Busy), (12, CommandRefused), (13, CommandRefused), (99, CommandRefused)]
)
def test_a_refused_scan_has_not_begun(code: int, error: type[DeviceError]) -> None:
    device = diffractometer(("STATE", f"OK {IDLE}"), ("SCAN 18 100000 800000 200 137", f"NO {code}"))

    with pytest.raises(error) as caught:
        device.start_scan(10.0, 80.0, 0.02, 0.137)
    assert not caught.value.may_have_acted


@pytest.mark.parametrize("words", ["OK", "OK idle 3", f"OK {IDLE} more", f"OK {IDLE.replace('closed', 'ajar')}"])
def test_what_is_no_state_is_a_lost_reply(words: str) -> None:
    with pytest.raises(ReplyLost):
        diffractometer(("STATE", words)).read_state()


def test_a_pattern_is_put_together_from_blocks() -> None:
    device = diffractometer(
        ("WHAT 4", "OK 4 100000 100600 200 137 stopped 3"), ("DATA 4 0", "OK 4 0 7 8"), ("DATA 4 2", "OK 4 2 9")
    )

    pattern = device.read_pattern(4)

    assert pattern.two_theta_deg.tolist() == [10.0, 10.02, 10.04]
    assert (pattern.counts.tolist(), pattern.is_complete) == ([7, 8, 9], False)


def test_a_doser_is_no_diffractometer() -> None:
    with pytest.raises(NotReachable, match="no powder diffractometer"):
        diffractometer(("WHO", "OK powder-doser 1 PD-0001 1.0 4 20000000")).connect()
