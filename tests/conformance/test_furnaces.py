from typing import Any

import pytest

from robot.errors import Busy, CommandRefused, LimitExceeded, ReplyLost
from robot.interfaces import Segment

ANNEAL = [Segment(target_c=140.0, rate_c_per_min=10.0, dwell_min=20.0)]
WARM = [Segment(target_c=60.5, rate_c_per_min=20.0, dwell_min=1.0), Segment(40.0, 50.0, 0.5)]


@pytest.fixture
def furnace(bench: Any) -> Any:
    furnace = bench.device("furnace")
    furnace.connect()
    return furnace


def test_a_furnace_at_rest_is_idle_and_at_the_rooms_temperature(furnace: Any) -> None:
    state = furnace.read_state()

    assert state.programme == "idle"
    assert state.temperature_c == pytest.approx(22.0, abs=1.0)
    assert (state.output_fraction, state.sensor_broken) == (0.0, False)


def test_loading_a_programme_heats_nothing(bench: Any, furnace: Any) -> None:
    furnace.load_programme(ANNEAL)
    bench.wait(600.0)

    assert furnace.read_state().programme == "idle"
    assert furnace.read_state().output_fraction == 0.0


def test_a_programme_goes_to_its_target_stays_and_ends(bench: Any, furnace: Any) -> None:
    furnace.load_programme(WARM)
    furnace.start_programme()
    assert furnace.read_state().programme == "running"

    bench.wait_until(lambda: furnace.read_state().setpoint_c == 60.5, step_s=5.0, at_most_s=600)
    bench.wait_until(lambda: furnace.read_state().programme == "ended", step_s=5.0, at_most_s=3600)


def test_an_ended_programme_heats_no_more(bench: Any, furnace: Any) -> None:
    furnace.load_programme(WARM[:1])
    furnace.start_programme()
    bench.wait_until(lambda: furnace.read_state().programme == "ended", step_s=5.0, at_most_s=3600)

    bench.wait(60.0)

    assert furnace.read_state().output_fraction == 0.0


def test_stopping_returns_an_ended_furnace_to_idle_and_lets_it_cool(bench: Any, furnace: Any) -> None:
    furnace.load_programme(WARM[:1])
    furnace.start_programme()
    bench.wait_until(lambda: furnace.read_state().programme == "ended", step_s=5.0, at_most_s=3600)

    furnace.stop_programme()
    bench.wait(3 * 3600.0)

    assert furnace.read_state().programme == "idle"
    assert furnace.read_state().temperature_c < 30


def test_making_safe_stops_a_running_programme(bench: Any, furnace: Any) -> None:
    furnace.load_programme(ANNEAL)
    furnace.start_programme()
    bench.wait(300.0)

    furnace.make_safe()

    bench.wait(5.0)
    assert furnace.read_state().programme == "idle"
    assert furnace.read_state().output_fraction == 0.0


def test_a_running_programme_is_never_overwritten(furnace: Any) -> None:
    furnace.load_programme(ANNEAL)
    furnace.start_programme()

    with pytest.raises(Busy):
        furnace.load_programme(WARM)


def test_an_ended_programme_must_be_stopped_before_the_next(bench: Any, furnace: Any) -> None:
    furnace.load_programme(WARM)
    furnace.start_programme()
    bench.wait_until(lambda: furnace.read_state().programme == "ended", step_s=5.0, at_most_s=3600)

    for verb in (furnace.start_programme, lambda: furnace.load_programme(ANNEAL)):
        with pytest.raises(CommandRefused, match="ended"):
            verb()


def test_starting_twice_is_as_good_as_once(bench: Any, furnace: Any) -> None:
    furnace.load_programme(ANNEAL)
    furnace.start_programme()
    sent = len(bench.wires["furnace"].sent)

    furnace.start_programme()

    assert all(request[1] == 3 for request in bench.wires["furnace"].sent[sent:])


def test_loading_the_same_programme_again_writes_nothing(bench: Any, furnace: Any) -> None:
    furnace.load_programme(ANNEAL)
    sent = len(bench.wires["furnace"].sent)

    furnace.load_programme(ANNEAL)

    assert all(request[1] == 3 for request in bench.wires["furnace"].sent[sent:])


@pytest.mark.parametrize("ahead", range(1, 45))
def test_whichever_reply_is_lost_the_programme_is_loaded_and_runs(bench: Any, furnace: Any, ahead: int) -> None:
    bench.wires["furnace"].lose_reply(ahead)

    furnace.load_programme(ANNEAL)
    furnace.start_programme()

    bench.wait(15 * 60.0)
    assert furnace.read_state().programme == "running"
    assert furnace.read_state().setpoint_c == 140.0


def test_a_furnace_that_falls_silent_admits_that_it_may_heat(bench: Any, furnace: Any) -> None:
    furnace.load_programme(ANNEAL)
    bench.wires["furnace"].lose_all_replies()

    with pytest.raises(ReplyLost) as caught:
        furnace.start_programme()

    assert caught.value.may_have_acted


@pytest.mark.parametrize(
    "segment",
    [Segment(350.1, 10.0, 1.0), Segment(float("nan"), 10.0, 1.0), Segment(100.0, -1.0, 1.0), Segment(100.0, 10.0, 1e4)],
)
def test_an_impossible_segment_is_refused(furnace: Any, segment: Segment) -> None:
    with pytest.raises(LimitExceeded):
        furnace.load_programme([segment])


def test_a_programme_of_too_many_segments_is_refused(furnace: Any) -> None:
    with pytest.raises(LimitExceeded):
        furnace.load_programme(ANNEAL * (furnace.max_segments + 1))


def test_the_longest_programme_fits(furnace: Any) -> None:
    furnace.load_programme(ANNEAL * furnace.max_segments)
