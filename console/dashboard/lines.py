"""The journal's lines in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from console.dashboard.sentence import Mood
from console.dashboard.words import doing
from console.journal_view import folded, short
from planning.journal import Event

LINES = 120
KINDS: Mapping[str, frozenset[str]] = {
    "all": frozenset(),
    "samples": frozenset({"admitted", "sample_finished", "set_aside", "measured", "not_admitted"}),
    "tasks": frozenset({"task_started", "task_done", "task_failed", "task_resumed", "retried", "broken_off"}),
    "looks": frozenset({"look", "sighted", "seen_gone", "not_looked", "overruled"}),
    "people": frozenset({"asked", "answered", "ordered", "approved", "held", "audit", "overruled"}),
    "troubles": frozenset({"in_doubt", "reply_lost", "failed", "task_failed", "late", "heats_unasked", "set_aside", "setback", "resolved",
                           "hold_limit", "astray"}),
}  # fmt: skip
"""What a reader may choose to see."""
MOODS: Mapping[str, Mood] = {
    "failed": "bad", "task_failed": "bad", "set_aside": "bad", "heats_unasked": "bad", "astray": "bad", "in_doubt": "doubt",
    "reply_lost": "doubt", "late": "doubt", "asked": "doubt", "retried": "doubt", "hold_limit": "doubt", "setback": "doubt",
    "sample_finished": "good", "measured": "good", "resolved": "good", "answered": "good",
}  # fmt: skip
PLUMBING = frozenset(
    {"command", "before", "picture", "mask", "versions", "files", "eyes", "arguments", "content", "ticket", "verb"}
)


@dataclass(frozen=True)
class Line:
    """One line."""

    seq: int
    time_s: float
    kind: str
    mood: Mood
    subject: str
    text: str


def lines_of(events: Iterable[Event], kind: str, sample: str) -> list[Line]:
    """The newest lines of a kind and sample, newest first."""
    wanted = KINDS.get(kind, frozenset())
    told = [
        event for event in folded(events)
        if (not wanted or event.kind in wanted) and (not sample or sample in event.sample or event.task.startswith(f"{sample}."))
    ]  # fmt: skip
    return [_line(event) for event in reversed(told[-LINES:])]


def _line(event: Event) -> Line:
    subject = event.task or event.sample or event.device
    return Line(event.seq, event.time_s, event.kind, MOODS.get(event.kind, "still"), subject, _said(event))


def _said(event: Event) -> str:
    data = event.data
    match event.kind:
        case "task_started":
            return f"{doing(data['skill'])} begins"
        case "task_done":
            return f"{doing(data['skill'])} is done"
        case "admitted":
            return f"{', '.join(each['name'] for each in data['samples'])} begin"
        case "proposed":
            return f"{', '.join(each['suggestion'] for each in data['suggestions'])} wait for consent"
        case "ordered":
            return f"told to {data['verb']} {data.get('suggestion', '')} by {data['by']}".replace("  ", " ")
        case "run_started":
            return f"{data['protocol']} on {data['bench']}"
        case "made_safe":
            return "every device" if not data["troubles"] else str(data["troubles"])
        case "done" | "intent" if "verb" in data:
            return f"{event.device}: {data['verb'].removeprefix('start_').replace('_', ' ')}"
    for name in ("why", "what", "question", "reason"):
        if data.get(name):
            return str(data[name])
    return ", ".join(f"{name.replace('_', ' ')} {short(value)}" for name, value in _worth(data))


def _worth(data: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    return ((name, value) for name, value in data.items() if name not in PLUMBING and value not in (None, "", {}, []))
