"""What a furnace shows, and what is read from it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.furnace_watch import Sighting, Trouble, while_cooling, while_running
from robot.interfaces import FurnaceState, Segment, Stage

FIRING = [Segment(140.0, rate_c_per_min=10.0, dwell_min=20.0)]
STEP_S = 10.0
RUNNING = FurnaceState(140.0, 140.0, "running", 0.3, sensor_broken=False)
OFF = FurnaceState(100.0, 0.0, "idle", 0.0, sensor_broken=False)

Course = Callable[[float], FurnaceState]


def sightings(course: Course, until_s: float) -> list[Sighting]:
    return [Sighting(STEP_S * n, course(STEP_S * n)) for n in range(int(until_s / STEP_S) + 1)]


def first_trouble(course: Course, until_s: float) -> Trouble | None:
    """As the watcher goes: one more sighting each time, until something is wrong."""
    seen = sightings(course, until_s)
    judged = (while_running(seen[: n + 1], FIRING, begun_s=0.0) for n in range(len(seen)))
    return next((trouble for trouble in judged if trouble is not None), None)


def ramp_c(at_s: float) -> float:
    return min(22.0 + at_s / 6, 140.0)


def obedient(at_s: float) -> FurnaceState:
    """It follows its set-point by some degrees, and ends after 20 minutes at the top."""
    setpoint_c = ramp_c(at_s)
    stage: Stage = "ended" if at_s > 6 * 118 + 1200 else "running"
    return replace(
        RUNNING, temperature_c=ramp_c(at_s - 20.0), setpoint_c=setpoint_c, output_fraction=0.5, programme=stage
    )


def test_an_obedient_furnace_is_left_alone() -> None:
    assert first_trouble(obedient, 2000.0) is None


@given(
    lag_s=st.floats(0, 60),
    overshoot_c=st.floats(0, 5),
    noise=st.lists(st.floats(-0.5, 0.5), min_size=201, max_size=201),
)
def test_lag_overshoot_and_noise_of_a_sound_furnace_are_no_trouble(
    lag_s: float, overshoot_c: float, noise: Sequence[float]
) -> None:
    def course(at_s: float) -> FurnaceState:
        excess_c = overshoot_c * (ramp_c(at_s - lag_s) == 140.0 and at_s < 900.0) + noise[int(at_s / STEP_S)]
        return replace(obedient(at_s), temperature_c=ramp_c(max(at_s - lag_s, 0.0)) + excess_c)

    assert first_trouble(course, 2000.0) is None


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (replace(RUNNING, temperature_c=60.0, output_fraction=1.0), "changed by 0 °C"),
        (replace(RUNNING, temperature_c=200.0), "changed by"),
        (replace(RUNNING, temperature_c=-20.0), "colder than any room"),
    ],
    ids=["frozen at full output", "jumps", "reversed"],
)
def test_a_reading_that_no_chamber_can_give_needs_a_person(broken: FurnaceState, says: str) -> None:
    def course(at_s: float) -> FurnaceState:
        return obedient(at_s) if at_s < 250.0 else broken

    trouble = first_trouble(course, 1000.0)

    assert trouble is not None
    assert trouble.needs_person
    assert says in trouble.what


def test_a_reading_that_falls_while_much_power_is_given_needs_a_person() -> None:
    def course(at_s: float) -> FurnaceState:
        return replace(obedient(at_s), temperature_c=35.0 - at_s / 30, output_fraction=1.0)

    trouble = first_trouble(course, 1000.0)

    assert trouble is not None
    assert trouble.needs_person


@given(climb_c_per_min=st.floats(5, 60), start_c=st.floats(30, 800))
def test_heat_without_output_calls_for_the_cut_out(climb_c_per_min: float, start_c: float) -> None:
    def course(at_s: float) -> FurnaceState:
        return replace(OFF, temperature_c=start_c + climb_c_per_min * at_s / 60)

    trouble = while_cooling(sightings(course, 200.0), warm_c=60.0)

    assert trouble is not None
    assert trouble.needs_person
    assert "cut-out" in trouble.what


@given(half_s=st.floats(600, 36_000), start_c=st.floats(61, 1200))
def test_a_furnace_that_cools_however_slowly_is_left_alone(half_s: float, start_c: float) -> None:
    seen = sightings(lambda at_s: replace(OFF, temperature_c=22 + (start_c - 22) * 0.5 ** (at_s / half_s)), 3600.0)

    assert all(while_cooling(seen[: n + 1], warm_c=60.0) is None for n in range(0, len(seen), 12))


def test_heat_that_is_left_in_the_element_is_no_runaway() -> None:
    seen = sightings(lambda at_s: replace(OFF, temperature_c=100.0 + 15.0 * min(at_s / 90.0, 1.0) - at_s / 60), 300.0)

    assert all(while_cooling(seen[: n + 1], warm_c=60.0) is None for n in range(len(seen)))


def test_a_hot_furnace_that_stays_as_hot_without_heater_is_not_believed() -> None:
    trouble = while_cooling(sightings(lambda _: OFF, 1900.0), warm_c=60.0)

    assert trouble is not None
    assert trouble.needs_person


def test_a_programme_that_nobody_started_needs_a_person() -> None:
    trouble = while_cooling([Sighting(0.0, RUNNING)], warm_c=60.0)

    assert trouble is not None
    assert trouble.needs_person


@pytest.mark.parametrize("stage", ["idle", "holding"])
def test_a_programme_that_does_not_run_any_more_was_stopped_by_somebody_else(stage: Stage) -> None:
    trouble = while_running([Sighting(0.0, replace(RUNNING, programme=stage))], FIRING, begun_s=0.0)

    assert trouble is not None
    assert not trouble.needs_person


def test_a_set_point_that_begins_anew_is_noticed() -> None:
    def course(at_s: float) -> FurnaceState:
        return obedient(at_s) if at_s < 600.0 else replace(obedient(at_s), setpoint_c=ramp_c(at_s - 600.0))

    trouble = first_trouble(course, 700.0)

    assert trouble is not None
    assert "set-point fell back" in trouble.what


@pytest.mark.parametrize("short_c", [-30.0, 15.0])
def test_a_dwell_away_from_its_temperature_is_not_believed_to_be_kept(short_c: float) -> None:
    def course(at_s: float) -> FurnaceState:
        state = obedient(at_s)
        return replace(state, temperature_c=state.temperature_c + short_c * (at_s > 720.0), output_fraction=0.3)

    trouble = first_trouble(course, 2000.0)

    assert trouble is not None
    assert "was not kept" in trouble.what


def test_who_comes_back_in_the_midst_of_a_dwell_does_not_take_its_end_for_a_fault() -> None:
    def course(at_s: float) -> FurnaceState:
        return obedient(at_s + 1600.0) if at_s < 300.0 else replace(RUNNING, setpoint_c=0.0, output_fraction=0.0)

    seen = sightings(course, 330.0)

    assert all(while_running(seen[: n + 1], FIRING, begun_s=-1600.0) is None for n in range(len(seen)))
