from typing import Any

import numpy as np
import pytest

from hardware_sim.world.powder import Powder
from robot.diffraction import fit_phases
from robot.errors import Busy, CommandRefused, LimitExceeded, ReplyLost

pytestmark = pytest.mark.parametrize(("bench", "name"), [("diffraction", "diffractometer")], indirect=["bench"])

EIGHT_MINUTES = {"start_deg": 10.0, "end_deg": 80.0, "step_deg": 0.02, "seconds_per_step": 0.137}
SHORT = {"start_deg": 10.0, "end_deg": 25.0, "step_deg": 0.1, "seconds_per_step": 1.0}


@pytest.fixture
def diffractometer(bench: Any, name: str) -> Any:
    diffractometer = bench.device(name)
    diffractometer.connect()
    return diffractometer


def finish(bench: Any, diffractometer: Any, at_most_s: float = 600.0) -> float:
    seconds: float = bench.wait_until(
        lambda: diffractometer.read_state().stage != "scanning", step_s=1.0, at_most_s=at_most_s
    )
    return seconds


def test_at_first_nothing_was_scanned_and_the_door_is_closed(diffractometer: Any) -> None:
    state = diffractometer.read_state()

    assert (state.stage, state.scan, state.points_wanted, state.xrays_on) == ("idle", 0, 0, False)
    assert (state.door, state.fault) == ("closed", None)


def test_a_scan_takes_its_time_and_ends_by_itself(bench: Any, diffractometer: Any) -> None:
    scan = diffractometer.start_scan(**EIGHT_MINUTES)

    assert diffractometer.read_state().stage == "scanning"
    assert finish(bench, diffractometer) == pytest.approx(3501 * 0.137 + 10.0, abs=2.0)
    state = diffractometer.read_state()
    assert (state.stage, state.scan, state.points_measured) == ("complete", scan, 3501)


def test_the_phases_on_the_holder_are_found_in_the_pattern(bench: Any, diffractometer: Any) -> None:
    scan = diffractometer.start_scan(**EIGHT_MINUTES)
    finish(bench, diffractometer)

    found = fit_phases(diffractometer.read_pattern(scan))

    assert found.doubts == ()
    for phase, fraction in {"LiMn2O4": 0.60, "Mn2O3": 0.24, "Li2MnO3": 0.16}.items():
        assert found.fraction(phase) == pytest.approx(fraction, abs=0.04)


def test_a_pattern_has_the_angles_that_were_asked_for_and_can_be_fetched_again(bench: Any, diffractometer: Any) -> None:
    scan = diffractometer.start_scan(**SHORT)
    finish(bench, diffractometer)

    pattern, again = diffractometer.read_pattern(scan), diffractometer.read_pattern(scan)

    np.testing.assert_allclose(pattern.two_theta_deg, 10.0 + 0.1 * np.arange(151))
    assert (pattern.scan, pattern.seconds_per_step, pattern.is_complete) == (scan, 1.0, True)
    np.testing.assert_array_equal(pattern.counts, again.counts)


def test_each_measurement_scatters_anew(bench: Any, diffractometer: Any) -> None:
    patterns = []
    for _ in range(2):
        scan = diffractometer.start_scan(**SHORT)
        finish(bench, diffractometer)
        patterns.append(diffractometer.read_pattern(scan))

    assert (patterns[0].counts != patterns[1].counts).any()


def test_xrays_are_on_only_while_it_counts(bench: Any, diffractometer: Any) -> None:
    diffractometer.start_scan(**SHORT)
    assert not diffractometer.read_state().xrays_on

    bench.wait(20.0)
    assert diffractometer.read_state().xrays_on

    finish(bench, diffractometer)
    assert not diffractometer.read_state().xrays_on


@pytest.mark.parametrize("wait_s", [0.0, 5.0])
def test_no_scan_begins_unless_the_door_is_closed(bench: Any, name: str, diffractometer: Any, wait_s: float) -> None:
    diffractometer.start_opening_door()
    bench.wait(wait_s)

    with pytest.raises(CommandRefused, match="door is not closed"):
        diffractometer.start_scan(**SHORT)

    assert "scan" not in bench.laboratory.counts()[name]


def test_the_door_stays_locked_while_it_scans(bench: Any, diffractometer: Any) -> None:
    diffractometer.start_scan(**SHORT)
    bench.wait(20.0)

    with pytest.raises(Busy):
        diffractometer.start_opening_door()

    assert diffractometer.read_state().door == "closed"


def test_a_door_forced_open_drops_the_shutter_and_ends_the_scan(bench: Any, name: str, diffractometer: Any) -> None:
    diffractometer.start_scan(**SHORT)
    bench.wait(60.0)

    bench.laboratory.emulator(name).force_door()

    state = diffractometer.read_state()
    assert (state.xrays_on, state.door, state.stage) == (False, "open", "failed")
    assert state.fault == "its door was opened while it scanned"


def test_what_was_counted_before_a_stop_can_be_read(bench: Any, diffractometer: Any) -> None:
    scan = diffractometer.start_scan(**SHORT)
    bench.wait(60.0)

    diffractometer.stop_scan()

    pattern = diffractometer.read_pattern(scan)
    assert (pattern.counts.size, pattern.is_complete) == (50, False)
    assert diffractometer.read_state().stage == "stopped"


def test_a_pattern_under_way_is_not_given_yet(diffractometer: Any) -> None:
    scan = diffractometer.start_scan(**SHORT)

    with pytest.raises(Busy):
        diffractometer.read_pattern(scan)


def test_a_scan_long_past_is_forgotten(bench: Any, diffractometer: Any) -> None:
    first = diffractometer.start_scan(**SHORT)
    for _ in range(8):
        finish(bench, diffractometer)
        diffractometer.start_scan(**SHORT)

    with pytest.raises(CommandRefused, match="does not remember"):
        diffractometer.read_pattern(first)


@pytest.mark.parametrize("ahead", [1, 2, 3])
def test_a_scan_whose_answer_was_lost_is_begun_once(bench: Any, name: str, diffractometer: Any, ahead: int) -> None:
    bench.wires[name].lose_reply(ahead)

    assert diffractometer.start_scan(**SHORT) == 1

    assert bench.laboratory.counts()[name] == {"scan": 1}


def test_if_no_answer_comes_through_the_number_tells_that_it_began(bench: Any, name: str, diffractometer: Any) -> None:
    bench.wires[name].lose_all_replies_from_the_next_act_on()

    with pytest.raises(ReplyLost) as caught:
        diffractometer.start_scan(**SHORT)

    assert caught.value.may_have_acted
    bench.wires[name].hear_again()
    assert diffractometer.read_state().scan == 1
    assert bench.laboratory.counts()[name] == {"scan": 1}


def test_whichever_reply_is_lost_a_pattern_comes_whole(bench: Any, name: str, diffractometer: Any) -> None:
    scan = diffractometer.start_scan(**SHORT)
    finish(bench, diffractometer)
    whole = diffractometer.read_pattern(scan)

    for ahead in range(1, 5):
        bench.wires[name].lose_reply(ahead)
        np.testing.assert_array_equal(diffractometer.read_pattern(scan).counts, whole.counts)


def test_after_a_power_cut_it_remembers_its_number_and_says_what_happened(
    bench: Any, name: str, diffractometer: Any
) -> None:
    diffractometer.start_scan(**SHORT)
    bench.wait(60.0)

    bench.laboratory.emulator(name).lose_power()

    state = diffractometer.read_state()
    assert (state.boots, state.scan, state.stage) == (2, 1, "failed")
    assert diffractometer.start_scan(**SHORT) == 2


def test_a_refused_scan_has_not_begun_and_can_be_asked_for_again(bench: Any, name: str, diffractometer: Any) -> None:
    bench.laboratory.emulator(name).refuse_next()

    with pytest.raises(CommandRefused, match="not ready") as caught:
        diffractometer.start_scan(**SHORT)

    assert not caught.value.may_have_acted
    assert diffractometer.start_scan(**SHORT) == 1


@pytest.mark.parametrize(
    "figures",
    [
        {"start_deg": 4.9}, {"end_deg": 140.1}, {"end_deg": 10.0}, {"step_deg": 0.001}, {"step_deg": float("nan")},
        {"seconds_per_step": 61.0}, {"start_deg": 5.0, "end_deg": 140.0, "step_deg": 0.01},
    ],
)  # fmt: skip
def test_figures_that_it_cannot_do_are_refused(diffractometer: Any, figures: dict[str, float]) -> None:
    with pytest.raises(LimitExceeded):
        diffractometer.start_scan(**{**SHORT, **figures})


def test_too_little_powder_is_told(bench: Any, diffractometer: Any) -> None:
    bench.laboratory.world.bench.spot("stage").top.powder = Powder({"LiMn2O4": 4.0})
    scan = diffractometer.start_scan(**EIGHT_MINUTES)
    finish(bench, diffractometer)

    assert "too little powder" in fit_phases(diffractometer.read_pattern(scan)).doubts[0]
