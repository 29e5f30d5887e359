"""What `athanor status` says of runs that live, hang, died or are over."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from console.cli import app
from console.engine import claimed, this_run
from console.orders import give
from console.status import HANGS_AFTER_S, status_of
from console.tending import PULSE
from planning.errors import Refused
from planning.journal import Event

from .conftest import MakeRehearsal, Rehearsal


def broken_off_at(run: Rehearsal, skill: str) -> None:
    """An engine that died in the midst of a task."""

    def die(event: Event) -> None:
        if event.kind == "task_started" and event.data["skill"] == skill:
            raise ZeroDivisionError

    with pytest.raises(ExceptionGroup):
        run.conduct(die)


def test_a_run_whose_engine_lives_is_told_with_what_is_at_work(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1)
    seen = []

    run.conduct(lambda event: seen.append(status_of(run.folder.path)) if event.kind == "run_finished" else None)

    assert [status.state for status in seen] == ["runs"]


def test_an_engine_that_is_not_at_its_work_hangs(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1)
    broken_off_at(run, "wash")
    pulse = run.folder.path / PULSE
    os.utime(pulse, (pulse.stat().st_mtime - 2 * HANGS_AFTER_S,) * 2)

    with claimed(this_run(run.folder, run.folder.setup), print):
        found = status_of(run.folder.path)

    assert found.state == "hangs"
    assert f"athanor stop {run.folder.path}" in found.why


def test_orders_from_a_terminal_reach_a_run_that_lives(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1)
    broken_off_at(run, "wash")
    folder = str(run.folder.path)

    with claimed(this_run(run.folder, run.folder.setup), print):
        answers = [CliRunner().invoke(app, words) for words in (["pause", folder], ["skip", folder, "s001"])]
        with pytest.raises(Refused, match="no sample is called 's002'"):
            give(run.folder.path, "skip", "s002")

    assert [answer.exit_code for answer in answers] == [0, 0]
    assert len(list(Path(folder, "orders").glob("*.json"))) == 2


def test_a_stopped_run_is_told_with_code_1(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1)
    broken_off_at(run, "wash")

    told = CliRunner().invoke(app, ["status", str(run.folder.path)])

    assert told.exit_code == 1
    assert "stopped: everything was made safe" in told.output
