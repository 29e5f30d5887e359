"""What an Opentrons OT-2 does to us, which feels neither tip nor liquid: nothing is believed that nobody can know."""

from typing import Any

import pytest

from robot.errors import Busy, CommandRefused, ReplyLost

pytestmark = pytest.mark.parametrize("bench", ["liquids"], indirect=True)
FLOW_UL_PER_S = 100.0


@pytest.fixture
def handler(bench: Any) -> Any:
    """Ready, with a tip on."""
    handler = bench.device("handler")
    handler.connect()
    handler.start_initialising(handler.ports["waste"])
    bench.wait(30.0)
    handler.start_taking_tip(0)
    bench.wait(30.0)
    return handler


def test_lost_power_voids_what_was_known_of_its_tip(bench: Any, handler: Any) -> None:
    bench.laboratory.world.advance_to(bench.clock.now_s())
    bench.laboratory.emulator("handler").lose_power()
    with pytest.raises(ReplyLost):
        handler.read_state()
    bench.wait(60.0)

    state = handler.read_state()

    assert state.has_tip is None
    assert not state.initialised
    with pytest.raises(CommandRefused, match="not been initialised"):
        handler.start_taking_tip(1)


def test_a_robot_that_somebody_else_uses_is_busy_and_takes_nothing(bench: Any, handler: Any) -> None:
    emulator = bench.laboratory.emulator("handler")
    bench.laboratory.world.advance_to(bench.clock.now_s())
    emulator.be_played_with()
    acts = emulator.acts.total()

    with pytest.raises(Busy, match="Command Not Allowed"):
        handler.start_dropping_tip()
    bench.wait(10.0)
    handler.start_dropping_tip()

    assert emulator.acts.total() == acts + 1


def test_a_command_that_fails_leaves_the_tip_unknown(bench: Any, handler: Any) -> None:
    bench.laboratory.emulator("handler").fail_next()
    handler.start_dropping_tip()
    bench.wait(30.0)

    state = handler.read_state()

    assert state.has_tip is None
    assert "Hard limit" in str(state.fault)


def test_without_its_tip_it_draws_nothing_though_it_says_so(bench: Any) -> None:
    handler = bench.device("handler")
    handler.connect()
    handler.start_initialising(handler.ports["waste"])
    bench.wait(30.0)
    emulator = bench.laboratory.emulator("handler")
    emulator.find_no_tip()
    for begin in (
        lambda: handler.start_taking_tip(0),
        lambda: handler.start_turning_valve(handler.ports["ink"]),
        lambda: handler.start_moving_plunger(100.0, FLOW_UL_PER_S),
    ):
        begin()
        bench.wait(30.0)

    assert handler.read_state().volume_ul == 100.0  # its own record: a balance or a camera has to tell
    assert not emulator.tip_is_on
    assert emulator.plumbing.held.volume_ul == 0.0


def test_a_tip_that_sticks_is_still_on_though_it_says_otherwise(bench: Any, handler: Any) -> None:
    emulator = bench.laboratory.emulator("handler")
    emulator.keep_tip()

    handler.start_dropping_tip()
    bench.wait(30.0)

    assert handler.read_state().has_tip is False
    assert emulator.tip_is_on
