"""How a run stands: by its journal, its lease and its engine's pulse."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from console.engine import conductor
from console.orders import is_paused, past
from console.runfolder import RunFolder
from console.tending import BEAT_S, PULSE
from planning.journal import Event
from planning.orders import samples_in
from planning.questions import open_questions
from robot.clock import WallClock

HANGS_AFTER_S = 6 * BEAT_S


@dataclass(frozen=True)
class Status:
    """One look at a run. `state` is runs, paused, hangs, died, stopped or ended."""

    state: str
    why: str
    samples: int
    ended: int
    at_work: list[str]
    late: list[str]
    questions: dict[str, str]


def status_of(folder: Path) -> Status:
    """Look at a run.

    Raises:
        Refused: there is none.
    """
    run = RunFolder(folder)
    _ = run.setup
    events = past(run)
    samples, ended = samples_in(events)
    at_work = _at_work(events)
    state, why = _state(run, events)
    late = {event.task: event.data["what"] for event in events if event.kind == "late" and "what" in event.data}
    return Status(
        state,
        why,
        len(samples),
        len(ended),
        at_work,
        [what for task, what in late.items() if task in at_work],
        {question.id: question.text for question in open_questions(events).values()},
    )


def _state(run: RunFolder, events: list[Event]) -> tuple[str, str]:
    owner = conductor(run.path)
    finish = next((event for event in reversed(events) if event.kind in ("run_finished", "run_resumed")), None)
    if owner is None and finish is not None and finish.kind == "run_finished":
        return ("ended" if finish.data["complete"] else "stopped"), finish.data["why"]
    if owner is None and events and events[-1].kind == "made_safe":
        return "stopped", "everything was made safe"
    if owner is None:
        return "died", f"its engine is gone; athanor resume {run.path}"
    silent_s = _silent_s(run.path)
    if silent_s is not None and silent_s > HANGS_AFTER_S:
        return "hangs", f"{owner} has not been at its work for {silent_s:.0f} s; athanor stop {run.path}"
    return ("paused", f"athanor resume {run.path} lets it go on") if is_paused(events) else ("runs", str(owner))


def _silent_s(folder: Path) -> float | None:
    """How long ago the engine showed that it lives; None if it never did."""
    try:
        seen = datetime.fromtimestamp((folder / PULSE).stat().st_mtime, UTC)
    except FileNotFoundError:
        return None
    return (WallClock().date() - seen).total_seconds()


def _at_work(events: list[Event]) -> list[str]:
    running: dict[str, None] = {}
    for event in events:
        if event.kind in ("task_started", "task_resumed", "retried"):
            running[event.task] = None
        elif event.kind in ("task_done", "task_failed", "broken_off", "set_aside"):
            running.pop(event.task, None)
    return list(running)
