"""What a journal says of commands that were given before: how far each came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a check before a run loads no database
    from planning.journal import Event


@dataclass(frozen=True)
class Past:
    """What an earlier engine wrote of one command: its last intent and how far it came."""

    before: Mapping[str, Any]
    ticket: int | None
    accepted: bool
    ending: str
    """`done`, `failed`, or empty if it stands open."""
    why: str
    verb: str = ""
    begun_s: float = 0.0
    """When that intent was written."""


def past_commands(events: Iterable[Event]) -> dict[tuple[str, int], Past]:
    """Collect from a journal how far each command came, by task and number within it; of a task that was done again, or
    begun anew under its name, only the last time counts.
    """
    past: dict[tuple[str, int], Past] = {}
    for event in events:
        if event.kind in ("retried", "task_started"):
            past = {key: each for key, each in past.items() if key[0] != event.task}
        if "command" not in event.data:
            continue
        key = (event.task, event.data["command"])
        if event.kind == "intent":
            past[key] = Past(event.data["before"], None, False, "", "", event.data["verb"], event.time_s)
        elif key in past:
            old = past[key]
            ticket = event.data.get("ticket", old.ticket)
            ending = event.kind if event.kind in ("done", "failed") else old.ending
            accepted = old.accepted or event.kind in ("accepted", "done")
            past[key] = replace(
                old, ticket=ticket, accepted=accepted, ending=ending, why=event.data.get("why", old.why)
            )
    return past


def past_of(task: str, events: Iterable[Event]) -> dict[int, Past]:
    """Collect from a journal how far each command of one task came, by its number."""
    return {number: past for (name, number), past in past_commands(events).items() if name == task}
