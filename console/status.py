"""How a run stands: by its journal, its lease and its engine's pulse."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from console.engine import conductor
from console.orders import past
from console.runfolder import RunFolder
from console.tally import Tally
from console.tending import BEAT_S, PULSE
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
    return status_by(folder, Tally.of(past(run)))


def status_by(folder: Path, tally: Tally) -> Status:
    """Look at a run whose journal says this."""
    state, why = _state(folder, tally)
    return Status(
        state,
        why,
        len(tally.samples),
        len(tally.ended),
        list(tally.at_work),
        tally.lateness,
        {question.id: question.text for question in tally.questions.values()},
    )


def _state(folder: Path, tally: Tally) -> tuple[str, str]:
    owner = conductor(folder)
    if owner is None and tally.farewell is not None:
        return ("ended" if tally.farewell.data["complete"] else "stopped"), tally.farewell.data["why"]
    if owner is None and tally.is_safe:
        return "stopped", "everything was made safe"
    if owner is None:
        return "died", f"its engine is gone; athanor resume {folder}"
    silent_s = silent_s_of(folder)
    if silent_s is not None and silent_s > HANGS_AFTER_S:
        return "hangs", f"{owner} has not been at its work for {silent_s:.0f} s; athanor stop {folder}"
    return ("paused", f"athanor resume {folder} lets it go on") if tally.is_paused else ("runs", str(owner))


def silent_s_of(folder: Path) -> float | None:
    """How long ago the engine showed that it lives; None if it never did."""
    try:
        seen = datetime.fromtimestamp((folder / PULSE).stat().st_mtime, UTC)
    except FileNotFoundError:
        return None
    return (WallClock().date() - seen).total_seconds()
