"""What every arm keeps of its promises, whether it queues commands, counts them, or neither."""

from contextlib import suppress
from typing import Any

import pytest

from planning.commands import Command, Outcome, evidence, judge
from robot.errors import Busy, CommandRefused, ReplyLost
from robot.geometry import BenchPoint

START = BenchPoint(250.0, 0.0, 100.0)
AWAY = BenchPoint(220.0, 100.0, 50.0)
SAFE_MM = 120.0

ARMS = ("dobot", "gantry", "stage", "scara", "cobot")
every_arm = pytest.mark.parametrize(("bench", "name"), [("arms", name) for name in ARMS], indirect=["bench"])


@pytest.fixture
def arm(bench: Any, name: str) -> Any:
    """An arm at `START`, ready, its gripper open."""
    arm = bench.device(name)
    arm.connect()
    arm.start_homing()
    bench.wait(60.0)
    arm.start_grip(closed=False)
    bench.wait(2.0)
    arm.start_move(START)
    bench.wait(20.0)
    return arm


@every_arm
def test_nothing_moves_before_it_was_made_ready(bench: Any, name: str) -> None:
    arm = bench.device(name)
    before = arm.read_state().position

    with suppress(CommandRefused):
        arm.start_move(START)
    bench.wait(60.0)

    assert arm.read_state().position == before


@every_arm
def test_a_move_ends_where_it_was_told(bench: Any, arm: Any) -> None:
    ticket = arm.start_move(AWAY)
    bench.wait(10.0)

    state = arm.read_state()
    assert state.ticket is None or state.ticket >= ticket
    assert state.position.distance_mm(AWAY) < 0.2
    assert state.alarms == ()
    assert not state.busy


@every_arm
@pytest.mark.parametrize("to", [BenchPoint(255.0, 0.0, 100.0), BenchPoint(200.0, 200.0, 10.0)])
def test_a_move_takes_as_long_as_it_says(bench: Any, arm: Any, to: BenchPoint) -> None:
    expected_s = arm.seconds_for(START, to)
    arm.start_move(to)

    took_s = bench.wait_until(lambda: arm.read_state().position.distance_mm(to) < 0.01, step_s=0.01)

    assert took_s == pytest.approx(expected_s, abs=0.03)


@every_arm
def test_an_arm_on_its_way_says_so_if_it_tells(bench: Any, arm: Any) -> None:
    arm.start_move(AWAY)
    bench.wait(0.3)

    assert arm.read_state().busy in (True, None)


@every_arm
def test_what_comes_while_it_moves_is_queued_or_refused_and_never_replaces(bench: Any, arm: Any) -> None:
    first = arm.start_move(AWAY)
    try:
        second = arm.start_move(START)
    except Busy:
        end = AWAY
    else:
        end = START
        assert second > first
    bench.wait(30.0)

    assert arm.read_state().position.distance_mm(end) < 0.2


@every_arm
def test_tickets_rise_if_the_arm_counts(bench: Any, arm: Any) -> None:
    tickets = []
    for begin in (lambda: arm.start_move(AWAY), lambda: arm.start_grip(closed=True), lambda: arm.start_move(START)):
        tickets.append(begin())
        bench.wait(20.0)

    assert tickets == [None] * 3 or (tickets == sorted(set(tickets)) and arm.read_state().ticket == tickets[-1])


@every_arm
def test_a_lost_reply_admits_that_the_arm_may_move_and_asking_tells_that_it_does(
    bench: Any, name: str, arm: Any
) -> None:
    command = Command(name, "start_move", {"to": [AWAY.x_mm, AWAY.y_mm, AWAY.z_mm]})
    before = evidence(arm.read_state())
    bench.wires[name].lose_all_replies_from_the_next_act_on()

    with pytest.raises(ReplyLost) as caught:
        command.send(arm)

    assert caught.value.may_have_acted
    bench.wires[name].hear_again()
    assert judge(command, before, arm.read_state(), None, 0.0) is Outcome.UNDER_WAY
    bench.wait(20.0)
    assert judge(command, before, arm.read_state(), None, 20.0) is Outcome.DONE


@every_arm
@pytest.mark.parametrize("verb", ["start_move", "start_grip", "start_homing"])
def test_what_acts_is_never_sent_twice(bench: Any, name: str, arm: Any, verb: str) -> None:
    arguments = {"start_move": {"to": AWAY}, "start_grip": {"closed": True}, "start_homing": {}}[verb]
    acts = bench.laboratory.emulator(name).acts
    acted_before = acts.total()
    bench.wires[name].lose_all_replies_from_the_next_act_on()

    with suppress(ReplyLost):
        getattr(arm, verb)(**arguments)
    bench.wait(60.0)

    assert acts.total() - acted_before <= 1


@every_arm
def test_a_gripper_carries_a_vial_and_says_whether_it_is_closed_if_it_tells(bench: Any, arm: Any) -> None:
    source, to = bench.lab.sites["shelf"].point(0), bench.lab.sites["rack"].point(1)
    told = []
    for point, closed in ((source, True), (to, False)):
        for stop in (point.at_height(SAFE_MM), point):
            arm.start_move(stop)
            bench.wait(20.0)
        arm.start_grip(closed=closed)
        bench.wait(3.0)
        told.append(arm.read_state().is_closed)
        arm.start_move(point.at_height(SAFE_MM))
        bench.wait(20.0)

    vial = bench.laboratory.world.bench.spot("rack", 1).top
    assert vial is not None
    assert vial.name == "shelf-0"
    assert told in ([True, False], [None, None])


@every_arm
def test_making_safe_stops_in_mid_move_and_forgets_the_rest(bench: Any, arm: Any) -> None:
    arm.start_move(BenchPoint(150.0, 200.0, 20.0))
    bench.wait(0.8)

    arm.make_safe()

    stopped_at = arm.read_state().position
    bench.wait(60.0)
    assert arm.read_state().position == stopped_at
    assert stopped_at.distance_mm(START) > 1.0


@every_arm
def test_after_it_was_made_safe_it_can_be_made_ready_again(bench: Any, arm: Any) -> None:
    arm.start_move(AWAY)
    bench.wait(0.5)
    arm.make_safe()

    arm.start_homing()
    bench.wait(60.0)
    arm.start_move(START)
    bench.wait(20.0)

    assert arm.read_state().position.distance_mm(START) < 0.2


@every_arm
def test_a_light_barrier_between_the_jaws_tells_what_they_hold_and_what_they_let_go(bench: Any, arm: Any) -> None:
    shelf = bench.lab.sites["shelf"].point(0)
    told = [arm.senses_vessel()]
    for stop, closed in (
        (shelf, True),
        (shelf.at_height(SAFE_MM), None),
        (shelf, False),
        (shelf.at_height(SAFE_MM), None),
    ):
        arm.start_move(stop)
        bench.wait(20.0)
        if closed is not None:
            arm.start_grip(closed=closed)
            bench.wait(3.0)
        told.append(arm.senses_vessel())

    assert told == [False, True, True, True, False]
