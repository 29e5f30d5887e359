from typing import Any

import pytest

from robot.errors import Busy, CommandRefused, LimitExceeded, ReplyLost

FLOW = 150.0


@pytest.fixture
def pipette(bench: Any) -> Any:
    """A pump that is initialised, empty, its valve on waste."""
    pipette = bench.device("pipette")
    pipette.connect()
    pipette.start_initialising(pipette.ports["waste"])
    settle(bench, pipette)
    return pipette


def settle(bench: Any, pipette: Any) -> None:
    bench.wait_until(lambda: not pipette.read_state().busy)


def test_a_pump_just_switched_on_says_that_it_is_not_initialised(bench: Any) -> None:
    state = bench.device("pipette").read_state()

    assert not state.initialised
    assert state.fault is None


def test_a_pump_that_is_not_initialised_refuses_to_draw(bench: Any) -> None:
    with pytest.raises(CommandRefused, match="not initialised"):
        bench.device("pipette").start_moving_plunger(100.0, FLOW)


def test_initialising_ends_empty_on_the_waste_port(pipette: Any) -> None:
    state = pipette.read_state()

    assert state.initialised
    assert (state.volume_ul, state.port) == (0.0, pipette.ports["waste"])


def test_what_is_drawn_in_can_be_read(bench: Any, pipette: Any) -> None:
    pipette.start_turning_valve(pipette.ports["p3ht"])
    settle(bench, pipette)
    pipette.start_moving_plunger(333.0, FLOW)
    settle(bench, pipette)

    state = pipette.read_state()
    assert state.volume_ul == pytest.approx(333.0, abs=pipette.resolution_ul / 2)
    assert state.port == pipette.ports["p3ht"]
    assert state.fault is None


def test_a_stroke_takes_about_its_volume_over_its_flow(bench: Any, pipette: Any) -> None:
    pipette.start_moving_plunger(900.0, FLOW)

    took_s = bench.wait_until(lambda: not pipette.read_state().busy, step_s=0.05)

    assert took_s == pytest.approx(900.0 / FLOW, rel=0.1)


def test_a_command_while_it_moves_is_not_taken(bench: Any, pipette: Any) -> None:
    pipette.start_moving_plunger(600.0, FLOW)

    with pytest.raises(Busy) as caught:
        pipette.start_moving_plunger(0.0, FLOW)

    assert not caught.value.may_have_acted
    settle(bench, pipette)
    assert pipette.read_state().volume_ul == 600.0
    assert pipette.read_state().fault is None


def test_a_lost_reply_admits_that_it_may_draw_and_the_volume_tells_that_it_did(bench: Any, pipette: Any) -> None:
    bench.wires["pipette"].lose_reply()

    with pytest.raises(ReplyLost) as caught:
        pipette.start_moving_plunger(600.0, FLOW)

    assert caught.value.may_have_acted
    settle(bench, pipette)
    assert pipette.read_state().volume_ul == 600.0


def test_a_command_is_never_sent_twice(bench: Any, pipette: Any) -> None:
    wire = bench.wires["pipette"]
    sent = len(wire.sent)
    wire.lose_all_replies()

    with pytest.raises(ReplyLost):
        pipette.start_moving_plunger(600.0, FLOW)

    assert len(wire.sent) == sent + 1


@pytest.mark.parametrize(
    ("to_volume_ul", "flow_ul_per_s"), [(-0.1, FLOW), (float("nan"), FLOW), (1.0, 0.0), (1.0, 1e4)]
)
def test_what_it_cannot_draw_is_refused(pipette: Any, to_volume_ul: float, flow_ul_per_s: float) -> None:
    with pytest.raises(LimitExceeded):
        pipette.start_moving_plunger(to_volume_ul, flow_ul_per_s)


def test_a_port_where_nothing_hangs_is_refused(pipette: Any) -> None:
    with pytest.raises(LimitExceeded, match="port 10"):
        pipette.start_turning_valve(10)


def test_making_safe_stops_in_mid_stroke(bench: Any, pipette: Any) -> None:
    pipette.start_moving_plunger(900.0, FLOW)
    bench.wait(2.0)

    pipette.make_safe()

    stopped_at_ul = pipette.read_state().volume_ul
    bench.wait(60.0)
    assert pipette.read_state().volume_ul == stopped_at_ul
    assert 0 < stopped_at_ul < 900
