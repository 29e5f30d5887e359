"""Whole runs on the simulated film bench, and the truth that its emulators wrote down."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from console.compose import Conducted, conduct
from console.far_side import end_host
from console.runfolder import RunFolder, Setup, Wires
from console.unwatched import Unwatched
from hardware_sim.clock import VirtualClock
from hardware_sim.fault_plan import parse_faults
from hardware_sim.laboratory import Laboratory
from planning.journal import Event, Journal
from robot.config import LabConfig

BLENDS = [{"p3ht": 0.5, "l_swnt": 0.5}, {"p3ht": 0.4, "dwnt": 0.6}, {"p3ht": 0.3, "mwnt": 0.7}]


@dataclass(frozen=True)
class Rehearsal:
    """A run in a folder, to be conducted, read and compared."""

    folder: RunFolder

    def conduct(self, on_event: Callable[[Event], object] = lambda event: None, *, resume: bool = False) -> Conducted:
        return conduct(self.folder, self.folder.setup, Unwatched(on_event), resume=resume)

    def conduct_struck(self) -> tuple[Conducted, Laboratory]:
        """Conduct, and see that something befell it; return also the truth."""
        over = self.conduct()
        truth = self.truth_on_file()
        assert faults_of(truth)
        return over, truth

    def conduct_and_die(self, is_last: Callable[[Event], bool], *, resume: bool = False) -> None:
        """Conduct in a process that ends without farewell at an event: what is not committed is lost, no device is made safe."""

        def die(event: Event) -> None:
            if is_last(event):
                os._exit(9)

        child = os.fork()
        if child == 0:
            self.conduct(die, resume=resume)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9

    def events(self) -> list[Event]:
        with Journal.reading(self.folder.journal) as journal:
            return list(journal.events())

    def results(self) -> dict[str, Any]:
        ended = [event for event in self.events() if event.kind == "sample_finished"]
        return {event.sample: (event.data["status"], event.data["results"]) for event in ended}

    def statuses(self) -> dict[str, str]:
        """How each sample ended that did."""
        return {name: status for name, (status, _) in self.results().items()}

    def batches(self) -> list[list[str]]:
        """Who was fired together, in the order of the firings."""
        begun = [event for event in self.events() if event.kind == "task_started"]
        return [event.sample.split(",") for event in begun if event.data["skill"] == "heat"]

    def truth(self) -> Laboratory:
        """The laboratory as the emulators' own record leaves it."""
        setup = self.folder.setup
        lab = LabConfig.load(self.folder.lab)
        faults = parse_faults(setup.faults, np.random.default_rng(setup.seed), lab)
        return Laboratory.replayed(
            lab, self.folder.world_log, VirtualClock(), setup.seed, truth=setup.truth, faults=faults
        )

    def truth_on_file(self) -> Laboratory:
        """The same, its record closed."""
        laboratory = self.truth()
        laboratory.close()
        return laboratory

    def acts(self) -> dict[str, dict[str, int]]:
        """How many acting commands each device received, counted on the far side of the wire."""
        return self.truth_on_file().counts()


def faults_of(truth: Laboratory) -> list[str]:
    """What truly struck."""
    return [str(effect["kind"]) for effect in truth.effects if effect["effect"] == "fault"]


def after(seq: int) -> Callable[[Event], bool]:
    """Is it the event of this number?"""
    return lambda event: event.seq == seq


MakeRehearsal = Callable[..., Rehearsal]


@pytest.fixture
def rehearse(film_bench: Path, tmp_path: Path) -> Iterator[MakeRehearsal]:
    """Prepare a run of `samples` films in a fresh folder; laboratories in processes of their own end with the test."""
    made: list[RunFolder] = []

    def make(
        name: str = "run", *, samples: int = 2, seed: int = 7, faults: str = "", wires: Wires = "loopback", vision: bool = False,
        speed: float = 300.0,
    ) -> Rehearsal:  # fmt: skip
        folder = RunFolder.create(tmp_path / name, film_bench / "lab.yaml", film_bench / "protocol.yaml", None)
        values: list[dict[str, object]] = [{"blend": BLENDS[index % len(BLENDS)]} for index in range(samples)]
        folder.write_setup(Setup(wires, seed, speed, faults=faults, vision=vision, samples=values))
        made.append(folder)
        return Rehearsal(folder)

    yield make
    for folder in made:
        end_host(folder)
