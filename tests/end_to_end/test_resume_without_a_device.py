"""A device does not answer when a run is to go on: one error says so, nothing is done, and later the run goes on."""

from dataclasses import replace

import pytest
from typer.testing import CliRunner

from console.cli import app
from console.runfolder import Wires
from planning.journal import Event
from planning.orders import Order, OrderFolder
from robot.errors import NotReachable

from .conftest import MakeRehearsal, Rehearsal


@pytest.fixture
def stopped(rehearse: MakeRehearsal) -> Rehearsal:
    """A run that was broken off while its film was fired, on a bench whose ports are not there."""
    run = rehearse(samples=1)
    lab = run.folder.lab
    lab.write_text(lab.read_text().replace("/dev/ttyUSB", f"{run.folder.path}/absent"))
    given: list[int] = []

    def abort(event: Event) -> None:
        if event.kind == "task_started" and event.data.get("skill") == "heat" and not given:
            given.append(event.seq)
            OrderFolder(run.folder.path).put(Order(verb="abort", sample="", by="ada", at="2026-11-22T20:15:00+00:00"))

    run.conduct(abort)
    return run


def resume(run: Rehearsal, wires: Wires) -> BaseException | None:
    """Go on with a run over other wires; return what that ended with."""
    run.folder.write_setup(replace(run.folder.setup, wires=wires))
    return CliRunner().invoke(app, ["resume", str(run.folder.path), "--yes"]).exception


def test_a_device_that_is_absent_is_named_with_its_address_and_what_to_do(stopped: Rehearsal) -> None:
    error = resume(stopped, "real")

    assert isinstance(error, NotReachable)
    assert error.device == "arm"
    assert f"{stopped.folder.path}/absent0" in str(error)
    assert str(error).endswith(f"then athanor resume {stopped.folder.path}: the run is as it was.")


def test_nothing_is_done_to_the_run_and_it_goes_on_when_the_device_answers(stopped: Rehearsal) -> None:
    before = stopped.events()

    resume(stopped, "real")
    after = stopped.events()
    ended = resume(stopped, "loopback")

    assert after == before
    assert ended is None
    finish = [event.data["complete"] for event in stopped.events() if event.kind == "run_finished"]
    assert finish == [False, True]
