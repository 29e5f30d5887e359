from typing import Any

import pytest

from robot.errors import ReplyLost
from robot.geometry import BenchPoint

START = BenchPoint(250.0, 0.0, 100.0)


@pytest.fixture
def arm(bench: Any) -> Any:
    """An arm at `START`, its queue running."""
    arm = bench.device("arm")
    arm.connect()
    ticket = arm.start_homing()
    bench.wait_until(lambda: arm.read_state().ticket >= ticket)
    bench.wait(60.0)
    arm.start_move(START)
    bench.wait(10.0)
    return arm


def test_nothing_moves_before_homing_started_the_queue(bench: Any) -> None:
    arm = bench.device("arm")
    before = arm.read_state().position

    arm.start_move(START)
    bench.wait(60.0)

    assert arm.read_state().position == before


def test_a_move_ends_where_it_was_told(bench: Any, arm: Any) -> None:
    ticket = arm.start_move(BenchPoint(200.0, 100.0, 50.0))
    bench.wait(10.0)

    state = arm.read_state()
    assert state.ticket >= ticket
    assert state.position.distance_mm(BenchPoint(200.0, 100.0, 50.0)) < 0.2
    assert state.alarms == ()


@pytest.mark.parametrize("to", [BenchPoint(255.0, 0.0, 100.0), BenchPoint(200.0, 200.0, 0.0)])
def test_a_move_takes_as_long_as_it_says(bench: Any, arm: Any, to: BenchPoint) -> None:
    expected_s = arm.seconds_for(START, to)
    arm.start_move(to)

    took_s = bench.wait_until(lambda: arm.read_state().position.distance_mm(to) < 0.01, step_s=0.01)

    assert took_s == pytest.approx(expected_s, abs=0.03)


def test_commands_queue_and_tickets_rise(bench: Any, arm: Any) -> None:
    tickets = [arm.start_move(START.above(10.0)), arm.start_grip(closed=True), arm.start_move(START)]

    assert tickets == sorted(set(tickets))
    assert arm.read_state().ticket == tickets[0]
    bench.wait(20.0)
    assert arm.read_state().ticket == tickets[-1]


def test_a_lost_reply_admits_that_the_arm_may_move_and_the_ticket_tells_that_it_does(bench: Any, arm: Any) -> None:
    before = arm.read_state().ticket
    bench.wires["arm"].lose_reply()

    with pytest.raises(ReplyLost) as caught:
        arm.start_move(START.above(10.0))

    assert caught.value.may_have_acted
    assert arm.read_state().ticket == before + 1


def test_a_move_is_never_sent_twice(bench: Any, arm: Any) -> None:
    wire = bench.wires["arm"]
    sent = len(wire.sent)
    wire.lose_all_replies()

    with pytest.raises(ReplyLost):
        arm.start_move(START.above(10.0))

    assert len(wire.sent) == sent + 1


def test_making_safe_stops_in_mid_move_and_forgets_the_rest(bench: Any, arm: Any) -> None:
    arm.start_move(BenchPoint(150.0, 200.0, 0.0))
    arm.start_move(START)
    bench.wait(0.8)

    arm.make_safe()

    stopped_at = arm.read_state().position
    bench.wait(60.0)
    assert arm.read_state().position == stopped_at
    assert stopped_at.distance_mm(START) > 1.0
