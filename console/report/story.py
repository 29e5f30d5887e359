"""What a run folder tells: its files, and the samples and tasks that its journal speaks of. Nothing is kept elsewhere."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from console.runfolder import RunFolder
from planning.campaign import Campaign, Chosen, flat
from planning.design.space import Point
from planning.executor import Request, Sample
from planning.journal import Event, Journal, Reading
from planning.protocol.document import Protocol
from planning.protocol.observations import Diffract, Measure, Weigh
from robot.config import LabConfig

OPEN = "open"


@dataclass(frozen=True)
class Span:
    """One task on its device, from start to end; `ending` is done, failed or open."""

    task: str
    skill: str
    device: str
    samples: tuple[str, ...]
    start_s: float
    end_s: float
    ending: str


@dataclass
class Story:
    """A run as its folder tells it. Times count from the run's first event."""

    folder: Path
    lab: LabConfig
    recipe: Protocol
    campaign: Campaign | None
    origin: Mapping[str, Any]
    events: list[Event]
    readings: list[Reading]
    samples: dict[str, Sample] = field(default_factory=dict)
    ended_s: dict[str, float] = field(default_factory=dict)
    """When each sample ended, in order."""
    chosen: Chosen | None = None

    def __post_init__(self) -> None:
        if self.campaign is not None:
            space = self.campaign.space_for(self.recipe, self.folder / "campaign.yaml")
            self.chosen = Chosen(self.campaign, self.campaign.designer(space, self.folder / "campaign.yaml"))
        for event in self.events:
            self._hear(event)

    @property
    def start_s(self) -> float:
        """Bench time of the first event."""
        return self.events[0].time_s if self.events else 0.0

    @property
    def end_s(self) -> float:
        """Bench time of the last event."""
        return self.events[-1].time_s if self.events else 0.0

    @property
    def hours(self) -> float:
        """How long the bench was at it."""
        return (self.end_s - self.start_s) / 3600

    @property
    def is_over(self) -> bool:
        """Has the run come to its end, after whatever restarts?"""
        last = [event.kind for event in self.events if event.kind in ("run_finished", "run_started", "run_resumed")]
        return last[-1:] == ["run_finished"]

    @property
    def quantities(self) -> list[str]:
        """What the protocol finds in one figure, the campaign's own first."""
        wanted = self.campaign.quantity if self.campaign else ""
        measured = [
            action.as_
            for action in self.recipe.actions()
            if isinstance(action, Measure)
            or (isinstance(action, Diffract) and action.of)
            or (isinstance(action, Weigh) and action.as_ == wanted)
        ]
        return sorted(dict.fromkeys(measured), key=lambda name: name != wanted)

    def result_of(self, name: str) -> float | None:
        """A sample's figure of the kind that matters most; None if it has none or was set aside."""
        sample = self.samples[name]
        value = sample.results.get(self.quantities[0]) if self.quantities and sample.status == "finished" else None
        if value is None:
            return None
        return self.campaign.goals()[0].shown(float(value)) if self.campaign else float(value)

    @property
    def measured(self) -> list[tuple[Point, float]]:
        """The points with a result, in the order in which they were asked for."""
        results = [(sample, self.result_of(sample.name)) for sample in self.samples.values()]
        return [(flat(sample.request.values), value) for sample, value in results if value is not None]

    @cached_property
    def spans(self) -> list[Span]:
        """Every task that was started, in order."""
        return _spans(self.events, self.end_s)

    def said(self, *kinds: str) -> Iterable[Event]:
        """The events of some kinds."""
        return (event for event in self.events if event.kind in kinds)

    def hours_at(self, time_s: float) -> float:
        """Bench time as hours into the run."""
        return (time_s - self.start_s) / 3600

    def _hear(self, event: Event) -> None:
        """Let the samples become what an event made of them; the designer learns as it did during the run."""
        match event.kind:
            case "admitted":
                new = [self._begin(sample) for sample in event.data["samples"]]
                self.samples |= {sample.name: sample for sample in new}
                if self.chosen is not None:
                    self.chosen.admitted(new)
            case "task_done":
                for name in filter(None, event.sample.split(",")):
                    self.samples[name].results |= event.data["result"]
            case "set_aside":
                self.samples[event.sample].why = event.data["why"]
            case "sample_finished":
                sample = self.samples[event.sample]
                sample.status, sample.results = event.data["status"], event.data["results"]
                self.ended_s[sample.name] = event.time_s
                if self.chosen is not None:
                    self.chosen.finished(sample)

    def _begin(self, told: Mapping[str, Any]) -> Sample:
        predicted = (told["predicted"][0], told["predicted"][1]) if told["predicted"] else None
        request = Request(told["values"], told["reason"], predicted)
        return Sample(told["name"], request, self.recipe.bind(request.values), {})


def read_story(folder: Path) -> Story:
    """Read a run folder.

    Raises:
        FileProblem: one of its YAML files cannot be used.
        Refused: there is no journal.
    """
    campaign, origin = folder / "campaign.yaml", folder / "run.json"
    with Journal.reading(RunFolder(folder).place) as journal:
        events, readings = list(journal.events()), list(journal.readings())
    return Story(
        folder,
        LabConfig.load(folder / "lab.yaml"),
        Protocol.load(folder / "protocol.yaml"),
        Campaign.load(campaign) if campaign.exists() else None,
        json.loads(origin.read_text(encoding="utf-8")) if origin.exists() else {},
        events,
        readings,
    )


def _spans(events: list[Event], end_s: float) -> list[Span]:
    started = {event.task: event for event in events if event.kind == "task_started"}
    ended = {event.task: event for event in events if event.kind in ("task_done", "task_failed")}
    devices = _devices(events)
    spans = []
    for task, start in started.items():
        end = ended.get(task)
        spans.append(
            Span(
                task,
                start.data["skill"],
                devices.get(task) or devices.get(_step_of(task), ""),
                tuple(start.sample.split(",")),
                start.time_s,
                end.time_s if end else end_s,
                end.kind.removeprefix("task_") if end else OPEN,
            )
        )
    return spans


def _devices(events: list[Event]) -> dict[str, str]:
    """Which device each task was heard to use; also by step, for tasks that ended before they used any."""
    devices: dict[str, str] = {}
    for event in events:
        if event.task and event.device:
            devices.setdefault(event.task, event.device)
            devices.setdefault(_step_of(event.task), event.device)
    return devices


def _step_of(task: str) -> str:
    """A task's name without its sample or batch."""
    return task.partition(".")[2]
