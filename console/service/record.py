"""What a run has come to, kept up event by event: the engine's own course of things, and what is shown beside it."""

from collections.abc import Iterator
from pathlib import Path

from console.compose import source_of
from console.runfolder import RunFolder, Setup
from console.service.board import Board
from console.service.looking import Looks
from console.service.vessels import Contents
from console.service.views import Bar, Evidence, JournalEvent, Waiting
from console.tally import Tally
from planning.campaign import Campaign, Chosen
from planning.course import Course
from planning.inventory import Inventory
from planning.journal import Event, Reading
from planning.protocol.document import Protocol
from robot.config import LabConfig
from robot.fleet import open_fleet


class Record:
    """One run, as the events that were heard so far tell it. The same code reads them as when a run is resumed.

    Raises:
        FileProblem: one of the run's files cannot be used.
        Refused: this is no folder of a run.
    """

    def __init__(self, path: Path) -> None:
        folder = RunFolder(path)
        self.folder = folder
        self.setup: Setup = folder.setup
        self.lab = LabConfig.load(folder.lab)
        self.recipe = Protocol.load(folder.protocol)
        self.source = source_of(folder, self.lab, self.setup)
        self.course = Course(self.lab, open_fleet(self.lab).devices, self.recipe, self.source, Inventory(self.lab))
        self.tally = Tally()
        self.board = Board(self.lab)
        self.looks = Looks(path.name)
        self.contents = Contents()
        self.events: list[Event] = []
        self.readings: list[Reading] = []
        self.bars: dict[str, Bar] = {}
        self.begun_s: dict[str, float] = {}
        self.ended_s: dict[str, float] = {}
        self.last_plan = 0
        """The number of the last event that may have changed what is to be expected."""
        self._asked: dict[str, Event] = {}

    @property
    def campaign(self) -> Campaign | None:
        """The question, if a designer chooses the samples."""
        return self.source.campaign if isinstance(self.source, Chosen) else None

    @property
    def last_event(self) -> int:
        """The number of the last event that was heard."""
        return self.events[-1].seq if self.events else 0

    @property
    def last_s(self) -> float:
        """Its bench time."""
        return self.events[-1].time_s if self.events else 0.0

    @property
    def budget(self) -> int:
        """How many samples there should be in the end."""
        return self.campaign.budget.samples if self.campaign else len(self.setup.samples or [])

    def read(self, reading: Reading) -> None:
        """Take up a reading."""
        self.readings.append(reading)
        self.board.read(reading)

    def hear(self, event: Event) -> None:
        """Take up one event; they come in order, each once."""
        if event.kind == "task_done":
            self.contents.end(self.course.dispatcher.running[event.task].task)
        self.course.hear(event)
        for part in (self.tally, self.board, self.looks):
            part.hear(event)
        self._note_times(event)
        if event.kind == "asked":
            self._asked[event.task] = event
        if event.kind not in ("intent", "accepted", "done", "look", "sighted"):
            self.last_plan = event.seq
        self.events.append(event)

    def _note_times(self, event: Event) -> None:
        match event.kind:
            case "admitted":
                self.begun_s |= {sample["name"]: event.time_s for sample in event.data["samples"]}
            case "sample_finished":
                self.ended_s[event.sample] = event.time_s
            case "task_started":
                task = self.course.dispatcher.running[event.task].task
                self.bars[event.task] = Bar(
                    task=task.id, skill=task.skill, devices=sorted(task.uses), samples=list(task.samples),
                    start_s=event.time_s, end_s=event.time_s, ending="open",
                )  # fmt: skip
            case "task_done" | "task_failed" if event.task in self.bars:
                ending = "done" if event.kind == "task_done" else "failed"
                self.bars[event.task] = self.bars[event.task].model_copy(
                    update={"end_s": event.time_s, "ending": ending}
                )

    def busy(self) -> dict[str, str]:
        """The devices that are at work, each with its task."""
        slots = self.course.dispatcher.running.values()
        return {device: slot.task.id for slot in slots for device in slot.task.uses}

    def questions(self) -> Iterator[Waiting]:
        """The questions that wait for a person."""
        for name, question in self.tally.questions.items():
            asked = self._asked[name]
            yield Waiting(
                id=name, text=question.text, answers=None if question.answers is None else list(question.answers),
                quantity=question.quantity, samples=[each for each in asked.sample.split(",") if each],
                asked_s=asked.time_s, event=asked.seq, evidence=self._picture_for(name),
            )  # fmt: skip

    def _picture_for(self, question: str) -> Evidence | None:
        """The last picture of the task that asks, or that was in trouble."""
        return next((found for task, found in self.looks.by_task.items() if question.startswith(task)), None)


def as_view(event: Event) -> JournalEvent:
    """One event, for others."""
    return JournalEvent(
        seq=event.seq, time_s=event.time_s, kind=event.kind, sample=event.sample, task=event.task,
        device=event.device, data=dict(event.data),
    )  # fmt: skip
