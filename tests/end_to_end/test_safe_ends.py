"""However a run ends, the bench is made safe, and the journal says so."""

import os
import signal

import pytest

from planning.errors import Refused
from planning.journal import Event

from .conftest import MakeRehearsal, Rehearsal


def assert_furnace_is_off(run: Rehearsal) -> None:
    """By the laboratory's own record: no programme, and a set-point that asks for nothing."""
    laboratory = run.truth()
    state = laboratory.emulator("furnace").state()
    laboratory.close()
    assert state["programme"] == "reset"
    assert state["setpoint_c"] == 0.0


def test_a_defect_of_ours_leaves_no_heater_on(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1)

    def fail_while_hot(event: Event) -> None:
        if event.kind == "task_done" and event.data["skill"] == "wash":
            raise ZeroDivisionError

    with pytest.raises(ExceptionGroup):
        run.conduct(fail_while_hot)

    assert run.events()[-1].kind == "made_safe"
    assert_furnace_is_off(run)


@pytest.mark.parametrize(
    ("presses", "at_once"),
    [((signal.SIGINT,), False), ((signal.SIGINT, signal.SIGINT), True), ((signal.SIGTERM,), True)],
)
def test_ctrl_c_ends_tasks_or_everything_and_the_run_can_go_on(
    rehearse: MakeRehearsal, presses: tuple[signal.Signals, ...], at_once: bool
) -> None:
    run = rehearse(samples=2)

    def press(event: Event) -> None:
        if event.kind == "task_started" and event.data["skill"] == "heat":
            for number in presses:
                os.kill(os.getpid(), number)

    run.conduct(press)
    safe = run.events()[-1]
    statuses_before = run.statuses()
    assert (safe.kind, safe.data["at_once"], safe.data["troubles"]) == ("made_safe", at_once, {})
    assert statuses_before == {}
    assert_furnace_is_off(run)

    run.conduct(resume=True)

    ended = "set aside" if at_once else "finished"
    assert run.statuses() == {"s001": ended, "s002": ended}


def test_a_run_that_has_ended_is_not_gone_on_with(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1)
    run.conduct()

    with pytest.raises(Refused, match="has ended"):
        run.conduct(resume=True)
