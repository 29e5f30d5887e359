"""What a journal says of the commands that an earlier engine gave: of a task done again only the last time counts."""

import pytest

from planning.journal import Event
from planning.past import past_commands

CARRY = "s001.clear.carry"
BEFORE = {"position_mm": [0.0, 0.0, 50.0], "ticket": 4}


def intent(seq: int) -> Event:
    return Event(
        seq, float(seq), "intent", "s001", CARRY, "arm", {"command": 1, "verb": "start_move", "before": BEFORE}
    )


def said(seq: int, kind: str, **data: object) -> Event:
    return Event(seq, float(seq), kind, "s001", CARRY, "arm", data)


def test_the_last_word_on_a_command_stands() -> None:
    past = past_commands([intent(1), said(2, "accepted", command=1, ticket=5), said(3, "done", command=1)])

    assert (past[CARRY, 1].ending, past[CARRY, 1].ticket, past[CARRY, 1].begun_s) == ("done", 5, 1.0)


@pytest.mark.parametrize("again", ["retried", "task_started"])
def test_nothing_is_left_of_a_task_that_is_begun_again_under_its_name(again: str) -> None:
    assert past_commands([intent(1), said(2, "failed", command=1, why="nothing held"), said(3, again)]) == {}


def test_a_task_that_another_one_follows_keeps_its_past() -> None:
    other = Event(2, 2.0, "task_started", "s002", "s002.clear.carry", "", {})

    assert (CARRY, 1) in past_commands([intent(1), other])
