"""What a person should know of a run: doubts and how they were settled, failures, what was set aside."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from console.report.story import Story
from planning.journal import Event
from planning.rules import Act


@dataclass(frozen=True)
class Incident:
    """One event, or several alike, in words; `grave` if a sample or the run suffered."""

    hours: float
    subject: str
    what: str
    grave: bool


_SAID: Mapping[str, str] = {
    "reply_lost": "No usable answer to {verb}: {why}",
    "in_doubt": "Command {command} may or may not have been carried out: {why}",
    "resolved": "Command {command} settled by {by}: {outcome}",
    "failed": "Command {command} failed: {why}",
    "task_failed": "Failed, and the bench was stopped: {why}",
    "set_aside": "Set aside: {why}",
    "not_admitted": "No further samples: {why}",
    "task_resumed": "Went on after a restart",
    "retried": "Done again ({rule})",
    "late": "{what}",
    "heats_unasked": "{what}",
    "setback": "Samples were set aside, {in_a_row} times in a row by now",
    "ordered": "Told to {verb} by {by}",
    "not_notified": "{why}",
    "run_resumed": "An engine took the run up again",
    "not_looked": "Not looked at: {why}",
}
NAMED = 4
"""More tasks than these are counted, not named."""
GRAVE = frozenset({"task_failed", "set_aside", "not_admitted", "failed"})


def incidents(story: Story) -> list[Incident]:
    """The events worth knowing, in order; what befell several samples alike in a row is told once.

    A task whose samples were set aside is told by them, one that was done again by that.
    """
    worth = (event for event in story.said(*_SAID) if event.data.get("decision", Act.STOP) == Act.STOP)
    told = groupby(worth, key=lambda event: (event.kind, _said(event)))
    return [_incident(story, what, list(events)) for (_, what), events in told]


def _said(event: Event) -> str:
    return _SAID[event.kind].format(**event.data)


def _incident(story: Story, what: str, events: list[Event]) -> Incident:
    first = events[0]
    subjects = dict.fromkeys(
        event.sample if event.kind == "set_aside" else event.task or event.device for event in events
    )
    named = ", ".join(subjects) if len(subjects) <= NAMED else f"{len(subjects)} tasks"
    return Incident(story.hours_at(first.time_s), named, what, first.kind in GRAVE)


def counts(story: Story) -> Mapping[str, int]:
    """How many commands were carried out, fell in doubt and were settled."""
    kinds = [event.kind for event in story.events]
    return {kind: kinds.count(kind) for kind in ("done", "in_doubt", "resolved")}
