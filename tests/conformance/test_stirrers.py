from typing import Any

import pytest

from robot.errors import CommandRefused, LimitExceeded, ReplyLost

pytestmark = pytest.mark.parametrize(("bench", "name"), [("liquids", "hotplate")], indirect=["bench"])


@pytest.fixture
def stirrer(bench: Any, name: str) -> Any:
    """A hotplate under a vial with 10 ml of water."""
    world = bench.laboratory.world
    world.pour(world.stocks["water"].take(10_000.0), world.bench.spot("plate"))
    stirrer = bench.device(name)
    stirrer.connect()
    return stirrer


def watch(bench: Any, stirrer: Any, minutes: float) -> None:
    for _ in range(int(minutes * 3)):
        bench.wait(20.0)
        stirrer.read_state()


def test_whether_it_heats_nobody_knows_before_it_was_told(stirrer: Any) -> None:
    state = stirrer.read_state()

    assert (state.is_heating, state.is_stirring, state.fault) == (None, None, None)
    assert state.plate_c == state.probe_c == 22.0


def test_a_vessel_comes_to_its_target_and_stays(bench: Any, stirrer: Any) -> None:
    stirrer.start_stirring(300.0)
    stirrer.start_heating(60.0)

    watch(bench, stirrer, minutes=15)
    first_c = stirrer.read_state().probe_c
    watch(bench, stirrer, minutes=15)

    assert first_c == pytest.approx(60.0, abs=1.0)
    assert stirrer.read_state().probe_c == pytest.approx(60.0, abs=1.0)
    assert stirrer.read_state().speed_rpm == 300.0


def test_stirring_brings_the_heat_of_the_plate_into_the_vessel(bench: Any, stirrer: Any) -> None:
    stirrer.start_heating(60.0)
    watch(bench, stirrer, minutes=1)
    still = stirrer.read_state()

    stirrer.start_stirring(300.0)
    watch(bench, stirrer, minutes=1)

    stirred = stirrer.read_state()
    assert stirred.plate_c - stirred.probe_c < 0.3 * (still.plate_c - still.probe_c)


def test_what_is_stopped_cools_and_stands_still(bench: Any, stirrer: Any) -> None:
    stirrer.start_stirring(300.0)
    stirrer.start_heating(60.0)
    watch(bench, stirrer, minutes=10)

    stirrer.stop_heating()
    stirrer.stop_stirring()
    bench.wait(3 * 3600.0)

    state = stirrer.read_state()
    assert state.probe_c < 25.0
    assert (state.speed_rpm, state.target_c) == (0.0, 20.0)
    assert (state.is_heating, state.is_stirring) == (False, False)


def test_when_we_fall_silent_its_watchdog_switches_all_off(bench: Any, name: str, stirrer: Any) -> None:
    stirrer.start_stirring(300.0)
    stirrer.start_heating(60.0)
    watch(bench, stirrer, minutes=5)

    bench.wait(61.0)

    truth = bench.laboratory.state()["devices"][name]
    assert (truth["is_heating"], truth["is_stirring"]) == (False, False)


def test_a_watchdog_that_barked_does_not_keep_it_from_the_next_start(bench: Any, name: str, stirrer: Any) -> None:
    stirrer.start_heating(60.0)
    stirrer.stop_heating()
    bench.wait(3600.0)

    stirrer.start_heating(60.0)

    assert bench.laboratory.state()["devices"][name]["is_heating"]


def test_as_long_as_we_look_the_watchdog_is_content(bench: Any, name: str, stirrer: Any) -> None:
    stirrer.start_heating(60.0)

    watch(bench, stirrer, minutes=30)

    assert bench.laboratory.state()["devices"][name]["is_heating"]


def test_making_safe_switches_all_off(bench: Any, name: str, stirrer: Any) -> None:
    stirrer.start_stirring(300.0)
    stirrer.start_heating(60.0)

    stirrer.make_safe()

    truth = bench.laboratory.state()["devices"][name]
    assert (truth["is_heating"], truth["is_stirring"], truth["target_c"]) == (False, False, 20.0)


@pytest.mark.parametrize("ahead", range(1, 10))
def test_whichever_reply_is_lost_it_heats_or_says_that_it_may(bench: Any, name: str, stirrer: Any, ahead: int) -> None:
    bench.wires[name].lose_reply(ahead)

    stirrer.start_heating(60.0)
    stirrer.start_stirring(300.0)

    truth = bench.laboratory.state()["devices"][name]
    assert (truth["is_heating"], truth["target_c"], truth["is_stirring"]) == (True, 60.0, True)


def test_a_target_that_was_not_taken_heats_nothing(bench: Any, name: str, stirrer: Any) -> None:
    bench.laboratory.emulator(name)._set = lambda channel, value: None

    with pytest.raises(CommandRefused, match="reads back"):
        stirrer.start_heating(60.0)

    assert not bench.laboratory.state()["devices"][name]["is_heating"]


def test_a_hotplate_that_falls_silent_admits_that_it_may_heat(bench: Any, name: str, stirrer: Any) -> None:
    stirrer.start_heating(60.0)
    bench.wires[name].lose_all_replies()

    with pytest.raises(ReplyLost) as caught:
        stirrer.stop_heating()

    assert caught.value.may_have_acted


@pytest.mark.parametrize(("verb", "value"), [("start_heating", 310.5), ("start_heating", float("nan")),
                                             ("start_heating", 5.0), ("start_stirring", 1501.0),
                                             ("start_stirring", 10.0)])  # fmt: skip
def test_what_it_cannot_do_is_refused(stirrer: Any, verb: str, value: float) -> None:
    with pytest.raises(LimitExceeded):
        getattr(stirrer, verb)(value)
