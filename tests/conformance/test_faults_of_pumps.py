"""What befalls a pump, and what its driver tells of it."""

from typing import Any

import pytest

from robot.errors import Busy, CommandRefused

liquids = pytest.mark.parametrize("bench", ["liquids"], indirect=True)
every_pump = pytest.mark.parametrize("name", ["oem_pump", "syringe"])
FLOW_UL_PER_S, PUSHED_UL = 50.0, 400.0


def ready(bench: Any, name: str) -> Any:
    """A pump that knows what it holds, with something in its syringe."""
    pump = bench.device(name)
    pump.connect()
    if name == "syringe":
        pump.declare_filled()
    else:
        pump.start_initialising(9)
        finish(bench, pump)
        pump.start_turning_valve(2)
        finish(bench, pump)
        pump.start_moving_plunger(800.0, FLOW_UL_PER_S)
        finish(bench, pump)
    return pump


def finish(bench: Any, pump: Any) -> None:
    bench.wait_until(lambda: not pump.read_state().busy)


def begin_to_push(bench: Any, pump: Any) -> float:
    """Push some out; return how long that takes."""
    pump.start_moving_plunger(pump.read_state().volume_ul - PUSHED_UL, FLOW_UL_PER_S)
    return PUSHED_UL / FLOW_UL_PER_S


@liquids
@every_pump
@pytest.mark.parametrize("moves_already", [True, False])
def test_a_stalled_plunger_is_told_and_its_volume_is_known_no_more(bench: Any, name: str, moves_already: bool) -> None:
    pump = ready(bench, name)
    stroke_s = 0.0
    if moves_already:
        stroke_s = begin_to_push(bench, pump)
        bench.wait(stroke_s / 2)
    bench.befall(name, "plunger-overload")
    if not moves_already:
        stroke_s = begin_to_push(bench, pump)
    bench.wait(stroke_s)

    state = pump.read_state()

    assert (state.busy, state.initialised) == (False, False)
    assert "stalled" in str(state.fault)


@liquids
@every_pump
def test_a_pump_that_stalled_takes_no_further_stroke(bench: Any, name: str) -> None:
    pump = ready(bench, name)
    bench.befall(name, "plunger-overload")
    bench.wait(begin_to_push(bench, pump))
    pump.read_state()
    strokes = bench.laboratory.counts()[name]

    with pytest.raises(CommandRefused):
        pump.start_moving_plunger(0.0, FLOW_UL_PER_S)

    assert bench.laboratory.counts()[name] == strokes


@liquids
@every_pump
def test_after_power_loss_a_pump_admits_that_it_knows_nothing(bench: Any, name: str) -> None:
    pump = ready(bench, name)
    bench.wait(begin_to_push(bench, pump) / 2)

    bench.befall(name, "power-loss")

    state = pump.read_state()
    assert (state.busy, state.initialised) == (False, False)
    with pytest.raises(CommandRefused):
        pump.start_moving_plunger(0.0, FLOW_UL_PER_S)


@liquids
def test_a_jammed_valve_is_told_and_it_stands_where_it_stood(bench: Any) -> None:
    pump = ready(bench, "oem_pump")
    bench.befall("oem_pump", "valve-jam")

    pump.start_turning_valve(6)
    bench.wait(2.0)

    state = pump.read_state()
    assert (state.port, state.initialised) == (2, False)
    assert "valve stalled" in str(state.fault)


@liquids
@pytest.mark.parametrize("kind", ["plunger-overload", "valve-jam", "power-loss"])
def test_a_pump_that_was_emptied_into_the_waste_is_sound_again(bench: Any, kind: str) -> None:
    pump = ready(bench, "oem_pump")
    bench.befall("oem_pump", kind)
    pump.start_turning_valve(6) if kind == "valve-jam" else begin_to_push(bench, pump) if kind != "power-loss" else None
    bench.wait(30.0)
    held_ul = bench.laboratory.world.bodies["oem_pump"].held.volume_ul

    pump.read_state()
    pump.start_initialising(9)
    finish(bench, pump)

    state = pump.read_state()
    assert (state.initialised, state.fault, state.volume_ul) == (True, None, 0.0)
    assert held_ul > 100.0
    assert bench.laboratory.world.bodies["oem_pump"].held.volume_ul < 5.0


@liquids
@every_pump
def test_a_pump_without_time_takes_nothing_and_does_it_later(bench: Any, name: str) -> None:
    pump = ready(bench, name)
    before = bench.laboratory.counts()[name]
    bench.befall(name, "busy")

    with pytest.raises(Busy):
        pump.start_moving_plunger(100.0, FLOW_UL_PER_S)
    assert bench.laboratory.counts()[name] == before
    bench.wait(5.0)
    begin_to_push(bench, pump)

    assert pump.read_state().busy


@liquids
@every_pump
def test_a_refused_stroke_moves_nothing(bench: Any, name: str) -> None:
    pump = ready(bench, name)
    volume_ul = pump.read_state().volume_ul
    bench.befall(name, "refusal")

    with pytest.raises(CommandRefused):
        pump.start_moving_plunger(100.0, FLOW_UL_PER_S)

    assert pump.read_state().volume_ul == volume_ul


@liquids
def test_a_bubble_leaves_air_where_the_pump_believes_liquid(bench: Any) -> None:
    pump = ready(bench, "oem_pump")
    pump.start_turning_valve(2)
    finish(bench, pump)
    bench.befall("oem_pump", "bubble")

    pump.start_moving_plunger(1000.0, FLOW_UL_PER_S)
    finish(bench, pump)

    assert pump.read_state().volume_ul == pytest.approx(1000.0)
    assert bench.laboratory.world.bodies["oem_pump"].air_ul == pytest.approx(120.0, rel=0.1)


@liquids
@every_pump
def test_what_a_clot_keeps_back_is_spilled_and_only_another_instrument_can_tell(bench: Any, name: str) -> None:
    pump = ready(bench, name)
    if name == "oem_pump":
        pump.start_turning_valve(6)
        finish(bench, pump)
    bench.befall(name, "clot")

    bench.wait(begin_to_push(bench, pump) + 1.0)
    finish(bench, pump)

    assert pump.read_state().fault is None
    assert bench.laboratory.world.spilled.volume_ul > 100.0


@pytest.mark.parametrize("bench", ["shared_pumps"], indirect=True)
def test_a_stall_on_a_shared_line_is_its_own_pumps_alone(bench: Any) -> None:
    pumps = {name: bench.device(name) for name in ("left", "right")}
    for pump in pumps.values():
        pump.connect()
        pump.start_initialising(9)
        finish(bench, pump)
        pump.start_turning_valve(2)
        finish(bench, pump)
        pump.start_moving_plunger(500.0, FLOW_UL_PER_S)
    bench.wait(2.0)
    bench.befall("left", "plunger-overload")

    seen = [(pumps["right"].read_state(), pumps["left"].read_state()) for _ in range(3)]
    finish(bench, pumps["right"])

    assert [right.fault for right, _ in seen] == [None] * 3
    assert all(right.busy and right.initialised and not left.initialised for right, left in seen)
    assert pumps["right"].read_state().volume_ul == pytest.approx(500.0)
