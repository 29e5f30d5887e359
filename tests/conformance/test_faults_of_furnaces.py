"""What befalls a furnace, and what its driver tells of it: every model, every kind, in bounded time."""

from typing import Any

import pytest

from planning.furnace_watch import Sighting, Trouble, while_cooling, while_running
from robot.errors import Busy, CommandRefused
from robot.interfaces import Segment

FIRING = [Segment(target_c=140.0, rate_c_per_min=10.0, dwell_min=20.0)]
OTHER = [Segment(target_c=120.0, rate_c_per_min=10.0, dwell_min=20.0)]
PROGRAMME_S = 60 * (120 / 10 + 20)
STEP_S = 10.0
EUROTHERMS = ["eurotherm_2416", "eurotherm_3216p", "eurotherm_epc3016", "epc3016_ethernet"]
MODELS = [*EUROTHERMS, "yudian_ai518p"]
pytestmark = pytest.mark.parametrize("bench", ["furnaces"], indirect=True)
every_furnace = pytest.mark.parametrize("name", MODELS)


def begin(bench: Any, name: str) -> Any:
    furnace = bench.device(name)
    furnace.connect()
    furnace.load_programme(FIRING)
    furnace.start_programme()
    return furnace


def watch(bench: Any, furnace: Any) -> Trouble | None:
    """Follow a programme as a run does; return what it would stop it for."""
    begun_s = bench.clock.now_s()
    seen: list[Sighting] = []
    trouble = None
    while trouble is None and not (seen and seen[-1].state.programme == "ended"):
        seen.append(Sighting(bench.clock.now_s(), furnace.read_state()))
        trouble = while_running(seen, FIRING, begun_s)
        assert bench.clock.now_s() - begun_s < 2 * PROGRAMME_S
        bench.wait(STEP_S)
    return trouble


@every_furnace
def test_a_sound_furnace_is_not_suspected(bench: Any, name: str) -> None:
    assert watch(bench, begin(bench, name)) is None


@every_furnace
@pytest.mark.parametrize("kind", ["sluggish", "overshoot", "thermocouple-frozen", "thermocouple-reversed", "runaway"])
def test_what_no_device_tells_is_found_by_watching(bench: Any, name: str, kind: str) -> None:
    furnace = begin(bench, name)
    bench.wait(300.0)
    bench.befall(name, kind)

    assert watch(bench, furnace) is not None


@every_furnace
def test_a_welded_relay_calls_for_the_cut_out_once_the_heater_is_off(bench: Any, name: str) -> None:
    furnace = begin(bench, name)
    bench.wait(300.0)
    bench.befall(name, "runaway")
    watch(bench, furnace)

    furnace.stop_programme()
    seen: list[Sighting] = []
    trouble = None
    while trouble is None:
        seen.append(Sighting(bench.clock.now_s(), furnace.read_state()))
        trouble = while_cooling(seen, warm_c=60.0)
        bench.wait(STEP_S)

    assert seen[-1].at_s - seen[0].at_s <= 300.0
    assert trouble.needs_person
    assert "cut-out" in trouble.what


@every_furnace
@pytest.mark.parametrize("kind", ["setpoint-kept", "setpoint-clipped"])
def test_a_set_point_that_was_not_taken_is_read_back_before_anything_heats(bench: Any, name: str, kind: str) -> None:
    furnace = bench.device(name)
    furnace.connect()
    furnace.load_programme(FIRING)
    bench.befall(name, kind)

    with pytest.raises(CommandRefused, match="locked, or a limit"):
        furnace.load_programme(OTHER)

    assert furnace.read_state().programme == "idle"


@pytest.mark.parametrize(
    ("name", "shows"),
    [("eurotherm_2416", "was reset"), ("eurotherm_epc3016", "was held"), ("epc3016_ethernet", "was held"),
     ("yudian_ai518p", "fell back")],
)  # fmt: skip
def test_a_programme_that_power_loss_changed_is_noticed(bench: Any, name: str, shows: str) -> None:
    furnace = begin(bench, name)
    bench.wait_until(lambda: furnace.read_state().temperature_c > 60.0, step_s=STEP_S, at_most_s=600.0)
    bench.clock.jump_to(bench.clock.now_s())
    begun_s = bench.clock.now_s() - 300.0
    before = Sighting(bench.clock.now_s(), furnace.read_state())

    bench.befall(name, "power-loss")
    bench.wait(1.0)
    trouble = while_running([before, Sighting(bench.clock.now_s(), furnace.read_state())], FIRING, begun_s)

    assert trouble is not None
    assert shows in trouble.what


def test_a_programme_that_continues_after_power_loss_still_ends_as_it_should(bench: Any) -> None:
    furnace = begin(bench, "eurotherm_3216p")
    bench.wait(300.0)
    bench.befall("eurotherm_3216p", "power-loss")

    assert watch(bench, furnace) is None


@every_furnace
def test_a_door_left_ajar_is_seen_by_no_furnace_but_by_what_it_does(bench: Any, name: str) -> None:
    furnace = begin(bench, name)
    bench.wait(300.0)

    bench.befall(name, "door-open")

    assert furnace.read_state().sensor_broken is False
    assert bench.laboratory.world.ovens[name].chamber.door_is_open


@pytest.mark.parametrize("name", EUROTHERMS)
def test_a_controller_without_time_says_so_and_keeps_what_it_was_told(bench: Any, name: str) -> None:
    furnace = begin(bench, name)
    bench.befall(name, "busy")

    with pytest.raises(Busy):
        furnace.read_state()
    bench.wait(5.0)

    assert furnace.read_state().programme == "running"


@pytest.mark.parametrize("name", EUROTHERMS)
def test_a_refused_start_leaves_the_furnace_idle(bench: Any, name: str) -> None:
    furnace = bench.device(name)
    furnace.connect()
    furnace.load_programme(FIRING)
    bench.befall(name, "refusal")

    with pytest.raises(CommandRefused):
        furnace.start_programme()

    assert furnace.read_state().programme == "idle"
