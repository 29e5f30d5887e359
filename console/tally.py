"""How a run stands by its journal, kept up event by event."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from planning.gate import Gate
from planning.journal import Event
from planning.questions import Question, hear_question

KINDS = (
    "admitted", "sample_finished", "task_started", "task_resumed", "retried", "task_done", "task_failed", "broken_off",
    "set_aside", "late", "ordered", "run_started", "run_finished", "run_resumed", "made_safe", "asked", "answered", "proposed",
)  # fmt: skip
"""What bears on it; all other events may be left out."""


@dataclass
class Tally:
    """What the events so far say."""

    samples: list[str] = field(default_factory=list)
    ended: dict[str, str] = field(default_factory=dict)
    """By sample how it ended."""
    at_work: dict[str, str] = field(default_factory=dict)
    """The tasks that run, each with its samples, joined by commas."""
    late: dict[str, str] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    gate: Gate = field(default_factory=Gate)
    """With the suggestions that wait for consent."""
    is_paused: bool = False
    farewell: Event | None = None
    """The last `run_finished` if no engine came after it."""
    is_safe: bool = False
    """Was everything made safe, and has no engine come since?"""

    @classmethod
    def of(cls, events: Iterable[Event]) -> Self:
        """What these events say."""
        tally = cls()
        for event in events:
            tally.hear(event)
        return tally

    def hear(self, event: Event) -> None:
        """Take up what one event says."""
        hear_question(self.questions, event)
        self.gate.hear(event)
        match event.kind:
            case "admitted":
                self.samples += [sample["name"] for sample in event.data["samples"]]
            case "sample_finished":
                self.ended[event.sample] = event.data["status"]
            case "task_started" | "task_resumed" | "retried":
                self.at_work[event.task] = event.sample
            case "task_done" | "task_failed" | "broken_off" | "set_aside":
                self.at_work.pop(event.task, None)
            case "late" if "what" in event.data:
                self.late[event.task] = event.data["what"]
            case "ordered" if event.data["verb"] in ("pause", "continue"):
                self.is_paused = event.data["verb"] == "pause"
            case "run_finished":
                self.farewell = event
            case "run_resumed":
                self.farewell, self.is_safe = None, False
            case "made_safe":
                self.is_safe = True

    @property
    def lateness(self) -> list[str]:
        """What is said of the tasks that run and are late."""
        return [what for task, what in self.late.items() if task in self.at_work]
