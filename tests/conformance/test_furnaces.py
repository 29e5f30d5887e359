from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest

from robot.catalog import build
from robot.errors import Busy, CommandRefused, LimitExceeded, NotReachable, ReplyLost
from robot.interfaces import Segment, keeps_dwell
from robot.wire.base import Wire

ANNEAL = [Segment(target_c=140.0, rate_c_per_min=10.0, dwell_min=20.0)]
WARM = [Segment(target_c=60.5, rate_c_per_min=20.0, dwell_min=1.0), Segment(40.0, 50.0, 1.0)]

ONLY_ASKS: dict[str, Callable[[bytes], bool]] = {
    "eurotherm_2416": lambda request: request[1] == 3,
    "eurotherm_3216p": lambda request: request[1] == 3,
    "eurotherm_epc3016": lambda request: request[1] == 3,
    "epc3016_ethernet": lambda request: request[7] == 3,
    "yudian_ai518p": lambda request: request[2] == 0x52,
}
pytestmark = pytest.mark.parametrize("bench", ["furnaces"], indirect=True)


@pytest.fixture(params=list(ONLY_ASKS))
def name(request: pytest.FixtureRequest) -> Any:
    """A furnace of the bench; a new model is one line there and one above."""
    return request.param


@pytest.fixture
def wire(bench: Any, name: str) -> Any:
    return bench.wires[name]


@pytest.fixture
def furnace(bench: Any, name: str) -> Any:
    furnace = bench.device(name)
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


def test_starting_twice_is_as_good_as_once(name: str, wire: Any, furnace: Any) -> None:
    furnace.load_programme(ANNEAL)
    furnace.start_programme()
    sent = len(wire.sent)

    furnace.start_programme()

    assert all(ONLY_ASKS[name](request) for request in wire.sent[sent:])


def test_loading_the_same_programme_again_writes_nothing(name: str, wire: Any, furnace: Any) -> None:
    furnace.load_programme(ANNEAL)
    sent = len(wire.sent)

    furnace.load_programme(ANNEAL)

    assert all(ONLY_ASKS[name](request) for request in wire.sent[sent:])


@pytest.mark.parametrize("ahead", range(1, 45))
def test_whichever_reply_is_lost_the_programme_is_loaded_and_runs(
    bench: Any, wire: Any, furnace: Any, ahead: int
) -> None:
    wire.lose_reply(ahead)

    furnace.load_programme(ANNEAL)
    furnace.start_programme()

    bench.wait(15 * 60.0)
    assert furnace.read_state().programme == "running"
    assert furnace.read_state().setpoint_c == 140.0


def test_a_furnace_that_falls_silent_admits_that_it_may_heat(wire: Any, furnace: Any) -> None:
    furnace.load_programme(ANNEAL)
    wire.lose_all_replies()

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


def test_connecting_only_asks(bench: Any, name: str, wire: Any) -> None:
    bench.device(name).connect()

    assert wire.sent
    assert all(ONLY_ASKS[name](request) for request in wire.sent)


@pytest.mark.parametrize("beside", range(1, len(ONLY_ASKS)))
def test_a_stop_is_never_sent_to_another_controller(bench: Any, name: str, beside: int) -> None:
    models = list(ONLY_ASKS)
    other = models[(models.index(name) + beside) % len(models)]
    stranger = build(name, bench.lab.devices[name], Wire(bench.wires[other]))

    with pytest.raises(NotReachable):
        stranger.make_safe()

    assert all(ONLY_ASKS[name](request) for request in bench.wires[other].sent)


def test_a_dwell_is_kept_or_refused_never_rounded(furnace: Any) -> None:
    kept = keeps_dwell(furnace.dwell_step_min, 5.5)

    with nullcontext() if kept else pytest.raises(LimitExceeded, match="no multiple"):
        furnace.load_programme([Segment(100.0, 10.0, 5.5)])


def test_a_programme_may_begin_in_a_warm_chamber(bench: Any, furnace: Any) -> None:
    furnace.load_programme(WARM[:1])
    furnace.start_programme()
    bench.wait_until(lambda: furnace.read_state().programme == "ended", step_s=5.0, at_most_s=3600)
    furnace.stop_programme()
    warm_c = furnace.read_state().temperature_c

    furnace.load_programme(ANNEAL)
    furnace.start_programme()
    bench.wait(2.0)

    assert warm_c > 50.0
    assert furnace.read_state().setpoint_c == pytest.approx(warm_c, abs=2.0)
