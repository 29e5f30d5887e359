"""A whole run whose journal lies on a PostgreSQL server: begun, killed, gone on with."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from console.compose import conduct
from console.engine import this_run
from console.runfolder import RunFolder, Setup, key_on_server
from console.unwatched import Unwatched
from planning.errors import Refused
from planning.journal import Event, Journal
from planning.journal.verify import verify
from planning.owner import Owner

from .server import Server

KILLED_AFTER_EVENT = 200


class Watch(Unwatched):
    """Calls somebody at each event."""

    def __init__(self, on_event: Callable[[Event], object]) -> None:
        self.event = on_event  # type: ignore[assignment]


def results(folder: RunFolder) -> dict[str, Any]:
    with Journal.reading(folder.place) as journal:
        return {event.sample: event.data for event in journal.events() if event.kind == "sample_finished"}


@pytest.fixture
def make_run(server: Server, film_bench: Path, tmp_path: Path) -> Callable[[str], RunFolder]:
    def make(name: str) -> RunFolder:
        folder = RunFolder.create(tmp_path / name, film_bench / "lab.yaml", film_bench / "protocol.yaml", None)
        samples: list[dict[str, object]] = [{"blend": {"p3ht": 0.5, "l_swnt": 0.5}}]
        setup = Setup(seed=7, vision=False, samples=samples, journal=server.url)
        folder.write_setup(replace(setup, run=key_on_server(folder.path)))
        return folder

    return make


def test_a_run_that_was_killed_goes_on_from_the_servers_journal(make_run: Callable[[str], RunFolder]) -> None:
    undisturbed, killed = make_run("undisturbed"), make_run("killed")
    conduct(undisturbed, undisturbed.setup, Unwatched())
    child = os.fork()
    if child == 0:
        conduct(killed, killed.setup, Watch(lambda event: os._exit(9) if event.seq == KILLED_AFTER_EVENT else None))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9

    conduct(killed, killed.setup, Unwatched(), resume=True)

    assert not killed.journal.exists()
    assert results(killed).keys() == results(undisturbed).keys()
    assert results(killed)["s001"]["status"] == "finished"
    assert verify(killed.place).findings == ()


def test_the_servers_lease_refuses_who_has_another_copy_of_the_folder(make_run: Callable[[str], RunFolder]) -> None:
    run, copy = make_run("run"), make_run("copy")
    copy.write_setup(run.setup)
    refused: list[str] = []

    def begin_the_copy(event: Event) -> None:
        if event.kind == "run_started":
            with pytest.raises(Refused) as caught:
                conduct(copy, copy.setup, Unwatched())
            refused.append(str(caught.value))

    conduct(run, run.setup, Watch(begin_the_copy))

    assert f"{this_run(run, run.setup)[1].what} is being conducted by process {os.getpid()}" in refused[0]
    assert Owner.this_process("").host in refused[0]
