"""Two engines on one bench: the second is refused, and one that lost its lease is silent."""

import subprocess
import sys
from typing import Any

import pytest

from console.engine import Claim, this_run
from planning.errors import Fenced, Refused
from planning.journal import Event, Journal
from planning.owner import Owner
from robot.clock import WallClock

from .conftest import MakeRehearsal, Rehearsal

THIEF = Owner("other-host", "another kernel", 1, "1", "midnight")
THEFT = """
import sys
from pathlib import Path
from console.engine import this_run
from console.runfolder import RunFolder
folder = RunFolder(Path(sys.argv[1]))
wanted = this_run(folder, folder.setup)[0]
leases = wanted.open()
token = leases.holder(wanted.what).token
thief = {"host": "other-host", "boot": "another kernel", "pid": 1, "started": "1", "since": "midnight"}
assert leases.move(wanted.what, token, {**thief, "token": token + 1})
"""


def steal(run: Rehearsal) -> None:
    """Do what an engine elsewhere does after it has heard no heartbeat for long enough."""
    wanted = this_run(run.folder, run.folder.setup)[0]
    leases = wanted.open()
    held = leases.holder(wanted.what)
    assert held is not None
    assert leases.move(wanted.what, held.token, vars(THIEF) | {"token": held.token + 1})
    leases.close()


def test_the_second_engine_is_refused_with_the_owners_name(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1)
    refused: list[str] = []

    def begin_too(event: Event) -> None:
        if event.kind == "run_started":
            with pytest.raises(Refused) as caught:
                run.conduct()
            refused.append(str(caught.value))

    run.conduct(begin_too)

    me = Owner.this_process("")
    assert f"is being conducted by process {me.pid} on {me.host} since " in refused[0]
    assert run.statuses() == {"s001": "finished"}


def test_a_second_process_is_refused_with_the_owners_name_and_its_lease_is_left(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1)
    said: list[subprocess.CompletedProcess[str]] = []

    def resume_elsewhere(event: Event) -> None:
        if event.kind == "task_started" and event.data["skill"] == "heat":
            command = [sys.executable, "-m", "console", "resume", str(run.folder.path)]
            said.append(subprocess.run(command, capture_output=True, text=True))

    run.conduct(resume_elsewhere)

    me = Owner.this_process("")
    assert said[0].returncode == 1
    assert f"run run is being conducted by process {me.pid} on {me.host} since " in said[0].stderr
    assert run.statuses() == {"s001": "finished"}


def test_an_engine_whose_lease_another_process_stole_sends_no_further_command(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1)
    at_theft: list[Any] = []

    def be_robbed(event: Event) -> None:
        if event.kind == "task_started" and event.data["skill"] == "wash":
            subprocess.run([sys.executable, "-c", THEFT, str(run.folder.path)], check=True)
            at_theft.append(run.acts())

    with pytest.raises(Fenced, match="process 1 on other-host since midnight has it"):
        run.conduct(be_robbed)

    assert run.acts() == at_theft[0]


@pytest.mark.parametrize("skill", ["dose", "heat", "measure"])
def test_an_engine_whose_lease_was_stolen_writes_nothing_and_does_nothing_more(
    rehearse: MakeRehearsal, skill: str
) -> None:
    """Not even to make safe: what runs is another's by now."""
    run = rehearse(samples=1)
    at_theft: list[tuple[Any, int]] = []

    def lose(event: Event) -> None:
        if event.kind == "task_started" and event.data["skill"] == skill:
            steal(run)
            at_theft.append((run.acts(), len(run.events())))

    with pytest.raises(Fenced, match="process 1 on other-host since midnight has it"):
        run.conduct(lose)

    assert (run.acts(), len(run.events())) == at_theft[0]


def test_an_engine_that_wrote_after_it_was_read_is_noticed_and_its_successor_sends_nothing(
    rehearse: MakeRehearsal,
) -> None:
    run = rehearse(samples=1)

    def another_writes(event: Event) -> None:
        if event.kind == "run_started":
            with Journal(run.folder.place, WallClock()) as other:
                other.write("run_resumed", durable=True)

    with pytest.raises(Fenced, match="another engine has written here"):
        run.conduct(another_writes)

    assert not any(run.acts()["arm"].values())


def test_a_lease_that_cannot_be_renewed_ends_the_run_while_it_may_still_make_safe(
    rehearse: MakeRehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = rehearse(samples=1)
    claims: list[Claim] = []

    def remembered() -> Claim:
        claims.append(Claim())
        return claims[-1]

    def be_cut_off(event: Event) -> None:
        if event.kind == "task_started" and event.data["skill"] == "heat":
            claims[0].lost("the server has not answered for 40 s")

    monkeypatch.setattr("console.engine.Claim", remembered)
    conducted = run.conduct(be_cut_off)

    assert conducted.executor.stopped_because == "the server has not answered for 40 s"
    assert (run.events()[-1].kind, run.events()[-1].data["at_once"]) == ("made_safe", True)
