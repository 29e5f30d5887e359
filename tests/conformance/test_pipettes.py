from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from robot.errors import Busy, CommandRefused, LimitExceeded, ReplyLost

FLOW = 50.0

VALVES = {"pipette": "film_bench", "oem_pump": "liquids", "handler": "liquids", "tipper": "liquids"}
"""Pumps that reach several places, and the bench each is on."""
PUMPS = {**VALVES, "syringe": "liquids"}
SOURCES = {"pipette": "p3ht", "oem_pump": "ink", "handler": "ink", "tipper": "ink"}

every_pump = pytest.mark.parametrize(("bench", "name"), [(PUMPS[name], name) for name in PUMPS], indirect=["bench"])
every_valve = pytest.mark.parametrize(("bench", "name"), [(VALVES[name], name) for name in VALVES], indirect=["bench"])


def settle(bench: Any, pump: Any) -> None:
    bench.wait_until(lambda: not pump.read_state().busy)


def ready_valve(bench: Any, pump: Any) -> None:
    pump.start_initialising(pump.ports["waste"])
    settle(bench, pump)
    if hasattr(pump, "start_taking_tip"):
        pump.start_taking_tip(0)
        settle(bench, pump)
    pump.start_turning_valve(pump.ports[SOURCES[pump.name]])
    settle(bench, pump)


def ready(bench: Any, name: str) -> Any:
    """A pump that knows where it is, empty over its source if it has a choice."""
    pump = bench.device(name)
    pump.connect()
    if name in VALVES:
        ready_valve(bench, pump)
    else:
        pump.declare_filled()
    return pump


def target_ul(pump: Any) -> float:
    """Somewhere else than where a ready pump stands."""
    return float(pump.capacity_ul * 0.6)


def truly_held_ul(bench: Any, name: str) -> float:
    plumbing = bench.laboratory.emulator(name).plumbing
    return float(plumbing.held.volume_ul + plumbing.air_ul)


@every_pump
def test_a_pump_just_switched_on_says_that_it_is_not_initialised(bench: Any, name: str) -> None:
    state = bench.device(name).read_state()

    assert not state.initialised
    assert state.fault is None


@every_pump
def test_a_pump_that_is_not_initialised_refuses_to_move(bench: Any, name: str) -> None:
    pump = bench.device(name)

    with pytest.raises(CommandRefused):
        pump.start_moving_plunger(target_ul(pump), FLOW)

    assert sum(bench.laboratory.counts()[name].values()) == 0


@every_pump
def test_where_the_plunger_went_can_be_read_and_is_true(bench: Any, name: str) -> None:
    pump = ready(bench, name)

    pump.start_moving_plunger(target_ul(pump), FLOW)
    settle(bench, pump)

    state = pump.read_state()
    assert state.volume_ul == pytest.approx(target_ul(pump), abs=pump.resolution_ul / 2)
    assert state.fault is None
    assert truly_held_ul(bench, name) == pytest.approx(target_ul(pump), rel=0.02)


@every_pump
def test_a_stroke_takes_about_its_volume_over_its_flow(bench: Any, name: str) -> None:
    pump = ready(bench, name)
    way_ul = abs(target_ul(pump) - pump.read_state().volume_ul)

    pump.start_moving_plunger(target_ul(pump), FLOW)
    took_s = bench.wait_until(lambda: not pump.read_state().busy, step_s=0.05)

    assert took_s == pytest.approx(way_ul / FLOW, rel=0.1, abs=2.5)


@every_pump
def test_a_command_while_it_moves_is_not_taken(bench: Any, name: str) -> None:
    pump = ready(bench, name)
    pump.start_moving_plunger(target_ul(pump), FLOW)

    with pytest.raises(Busy) as caught:
        pump.start_moving_plunger(0.0, FLOW)

    assert not caught.value.may_have_acted
    settle(bench, pump)
    assert pump.read_state().volume_ul == pytest.approx(target_ul(pump), abs=pump.resolution_ul / 2)
    assert pump.read_state().fault is None


@every_pump
@pytest.mark.parametrize("ahead", range(1, 16))
def test_whichever_reply_is_lost_it_moves_once_or_not_at_all_and_reading_tells(
    bench: Any, name: str, ahead: int
) -> None:
    pump = ready(bench, name)
    before_ul, acts = pump.read_state().volume_ul, sum(bench.laboratory.counts()[name].values())
    bench.wires[name].lose_reply(ahead)

    with suppress(ReplyLost):
        pump.start_moving_plunger(target_ul(pump), FLOW)
    settle(bench, pump)

    acted = sum(bench.laboratory.counts()[name].values()) - acts
    found_ul = pump.read_state().volume_ul
    assert acted in (0, 1)
    assert found_ul == pytest.approx(target_ul(pump) if acted else before_ul, abs=pump.resolution_ul / 2)
    assert truly_held_ul(bench, name) == pytest.approx(found_ul, rel=0.02, abs=0.1)


@every_pump
@pytest.mark.parametrize(
    ("share", "flow_ul_per_s"), [(-0.1, FLOW), (1.001, FLOW), (float("nan"), FLOW), (0.1, 0.0), (0.1, 1e4)]
)
def test_what_it_cannot_do_is_refused(bench: Any, name: str, share: float, flow_ul_per_s: float) -> None:
    pump = bench.device(name)

    with pytest.raises(LimitExceeded):
        pump.start_moving_plunger(share * pump.capacity_ul, flow_ul_per_s)


@every_pump
def test_making_safe_stops_in_mid_stroke(bench: Any, name: str) -> None:
    pump = ready(bench, name)
    pump.start_moving_plunger(target_ul(pump), FLOW)
    bench.wait(2.0)

    pump.make_safe()

    stopped_at_ul = truly_held_ul(bench, name)
    bench.wait(60.0)
    assert not pump.read_state().busy
    assert truly_held_ul(bench, name) == stopped_at_ul
    assert stopped_at_ul != pytest.approx(target_ul(pump), rel=0.1)


@every_valve
def test_initialising_ends_empty(bench: Any, name: str) -> None:
    pump = bench.device(name)
    pump.start_initialising(pump.ports["waste"])
    settle(bench, pump)

    assert pump.read_state().initialised
    assert pump.read_state().volume_ul == 0.0


@every_valve
def test_where_the_valve_stands_can_be_read(bench: Any, name: str) -> None:
    pump = ready(bench, name)

    assert pump.read_state().port == pump.ports[SOURCES[name]]


@every_valve
def test_what_was_drawn_here_comes_out_there(bench: Any, name: str) -> None:
    pump = ready(bench, name)
    pump.start_moving_plunger(target_ul(pump), FLOW)
    settle(bench, pump)
    pump.start_turning_valve(pump.ports["waste"])
    settle(bench, pump)

    pump.start_moving_plunger(0.0, FLOW)
    settle(bench, pump)

    waste = bench.laboratory.world.waste
    assert waste.parts_ul[SOURCES[name]] == pytest.approx(target_ul(pump), rel=0.02)


@every_valve
@pytest.mark.parametrize("verb", ["start_turning_valve", "start_initialising"])
def test_a_port_where_nothing_hangs_is_refused(bench: Any, name: str, verb: str) -> None:
    with pytest.raises(LimitExceeded, match="port 10"):
        getattr(bench.device(name), verb)(10)


def test_without_a_repeat_bit_a_command_is_never_sent_twice(bench: Any) -> None:
    pump = ready(bench, "pipette")
    wire = bench.wires["pipette"]
    sent = len(wire.sent)
    wire.lose_all_replies()

    with pytest.raises(ReplyLost) as caught:
        pump.start_moving_plunger(600.0, FLOW)

    assert caught.value.may_have_acted
    assert len(wire.sent) == sent + 1


@pytest.mark.parametrize("bench", ["liquids"], indirect=True)
class TestOem:
    def test_with_a_repeat_bit_a_lost_reply_is_no_trouble(self, bench: Any) -> None:
        pump = ready(bench, "oem_pump")
        acts = bench.laboratory.counts()["oem_pump"]
        bench.wires["oem_pump"].lose_reply()

        pump.start_moving_plunger(600.0, FLOW)

        assert bench.laboratory.counts()["oem_pump"] == acts | {"A3600": 1}

    def test_a_pump_of_the_other_stroke_is_refused(self, bench: Any) -> None:
        assert "XLP" in bench.device("oem_pump").connect().firmware
        assert bench.device("oem_pump").resolution_ul == pytest.approx(1000.0 / 6000)


@pytest.mark.parametrize("bench", ["liquids"], indirect=True)
class TestSyringe:
    def test_its_watchdog_stops_it_when_we_fall_silent_and_reading_tells(self, bench: Any) -> None:
        pump = ready(bench, "syringe")
        pump.start_moving_plunger(0.0, FLOW)

        bench.wait(60.0)

        state = pump.read_state()
        assert state.volume_ul == pytest.approx(4000.0 - 10 * FLOW, abs=1.0)
        assert "watchdog" in state.fault
        assert not state.busy

    def test_a_watchdog_that_barks_at_rest_is_no_fault(self, bench: Any) -> None:
        pump = ready(bench, "syringe")
        pump.start_moving_plunger(3990.0, FLOW)
        settle(bench, pump)

        bench.wait(3600.0)

        assert pump.read_state().fault is None
        pump.start_moving_plunger(3900.0, FLOW)

    def test_at_the_end_of_its_syringe_it_stalls_and_trusts_its_volume_no_more(self, bench: Any) -> None:
        pump = ready(bench, "syringe")
        bench.laboratory.emulator("syringe")._level_ul = 100.0  # it was filled with less than somebody said
        pump.start_moving_plunger(3000.0, FLOW)
        bench.wait(9.0)

        state = pump.read_state()

        assert (state.initialised, state.fault) == (False, "its plunger stalled")


@pytest.mark.parametrize("bench", ["liquids"], indirect=True)
@pytest.mark.parametrize("name", ["handler", "tipper"])
class TestTips:
    def test_a_second_tip_is_not_put_on_the_first(self, bench: Any, name: str) -> None:
        handler = ready(bench, name)

        with pytest.raises(CommandRefused, match="wears a tip"):
            handler.start_taking_tip(1)

    def test_without_a_tip_nothing_is_drawn(self, bench: Any, name: str) -> None:
        handler = ready(bench, name)
        handler.start_dropping_tip()
        settle(bench, handler)
        assert handler.read_state().has_tip is False

        handler.start_turning_valve(handler.ports["ink"])
        settle(bench, handler)
        with pytest.raises(CommandRefused, match="wears no tip"):
            handler.start_moving_plunger(100.0, FLOW)

    def test_a_tip_that_was_not_there_is_not_noticed(self, bench: Any, name: str) -> None:
        far_side = bench.laboratory.emulator(name)
        getattr(far_side, "nozzle", far_side).tips -= {"A1", 0}

        handler = ready(bench, name)
        handler.start_moving_plunger(100.0, FLOW)
        settle(bench, handler)

        assert handler.read_state().volume_ul == pytest.approx(100.0, abs=0.5)
        assert bench.laboratory.emulator(name).plumbing.held.volume_ul == 0.0

    def test_a_rack_has_96_tips(self, bench: Any, name: str) -> None:
        with pytest.raises(LimitExceeded):
            bench.device(name).start_taking_tip(96)

    def test_another_driver_reads_what_the_first_did(
        self, bench: Any, name: str, make_again: Callable[[Any, str], Any]
    ) -> None:
        handler = ready(bench, name)
        handler.start_moving_plunger(100.0, FLOW)
        settle(bench, handler)

        assert make_again(bench, name).read_state() == handler.read_state()


@pytest.fixture
def make_again() -> Callable[[Any, str], Any]:
    """The driver of an engine that was killed and came back."""
    from robot.catalog import open_device

    return lambda bench, name: open_device(
        name, bench.lab.devices[name], lambda name, _, channel: bench.wires[f"{name}-{channel}".strip("-")]
    )
