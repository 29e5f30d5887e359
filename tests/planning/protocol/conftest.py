"""A bench with one of each device, and protocols written in a line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from console.checking import preflight
from console.compose import Conducted, conduct
from console.runfolder import RunFolder, Setup
from console.unwatched import Unwatched
from planning.executor import Sample
from planning.journal import Event, Journal
from planning.preflight import Preflight
from planning.protocol.document import Protocol
from robot.config import LabConfig

WORKBENCH = Path(__file__).parent / "files" / "workbench.yaml"
VESSELS = {
    "vial": {"labware": "vial-20ml", "from": "vials"},
    "cup": {"labware": "vial-20ml", "from": "vials"},
    "holder": {"labware": "xrd-holder", "from": "holders"},
    "crucible": {"labware": "crucible-10ml", "from": "crucibles"},
}
Steps = Sequence[Mapping[str, Any]]


def recipe(steps: Steps, **parts: Any) -> dict[str, Any]:
    """A document around some steps."""
    return {"protocol": "test", "vessels": VESSELS, **parts, "steps": list(steps)}


@dataclass(frozen=True)
class Night:
    """A run on the workbench, without eyes."""

    folder: RunFolder

    def conduct(self, on_event: Callable[[Event], object] = lambda event: None, *, resume: bool = False) -> Conducted:
        return conduct(self.folder, self.folder.setup, Unwatched(on_event), resume=resume)

    def sample(self) -> Sample:
        return self.conduct().executor.samples["s001"]

    def events(self) -> list[Event]:
        with Journal.reading(self.folder.place) as journal:
            return list(journal.events())

    def steps_done(self) -> list[str]:
        """Steps whose task of their own skill was done, in order."""
        done = [event for event in self.events() if event.kind == "task_done" and event.data["skill"] != "carry"]
        return [event.task.split(".")[1] for event in done]


MakeNight = Callable[..., Night]
Check = Callable[..., Preflight]


@pytest.fixture
def night(tmp_path: Path) -> MakeNight:
    def make(steps: Steps, *, samples: int = 1, answers: Mapping[str, str] | None = None, name: str = "run") -> Night:
        source = tmp_path / f"{name}.yaml"
        source.write_text(yaml.safe_dump(recipe(steps), sort_keys=False), encoding="utf-8")
        folder = RunFolder.create(tmp_path / name, WORKBENCH, source, None)
        folder.write_setup(Setup(vision=False, samples=[{} for _ in range(samples)], answers=dict(answers or {})))
        return Night(folder)

    return make


@pytest.fixture(scope="session")
def workbench() -> LabConfig:
    return LabConfig.load(WORKBENCH)


@pytest.fixture
def check(workbench: LabConfig) -> Check:
    def run(steps: Steps, samples: int = 1, values: Mapping[str, Any] | None = None, **parts: Any) -> Preflight:
        return preflight(workbench, Protocol.model_validate(recipe(steps, **parts)), [dict(values or {})] * samples)

    return run


@pytest.fixture
def document() -> Callable[..., Protocol]:
    return lambda steps, **parts: Protocol.model_validate(recipe(steps, **parts))


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Write a protocol as it would be typed."""

    def write(text: str, name: str = "protocol.yaml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write
