"""Orders from a terminal to a run that an engine conducts elsewhere."""

import getpass
import socket
from pathlib import Path

from console.engine import conductor
from console.runfolder import RunFolder
from planning.errors import Refused
from planning.journal import Event, Journal
from planning.orders import Order, OrderFolder, Verb, may_be_ordered, samples_in
from planning.rules import Act
from robot.clock import WallClock


def give(folder: Path, verb: Verb, sample: str = "") -> None:
    """Leave an order to a run for its engine; `retry` is for the engine that goes on with it.

    Raises:
        Refused: there is no such run or sample, or the run does not live (for `retry`: lives).
    """
    run = RunFolder(folder)
    _ = run.setup
    owner = conductor(folder)
    if verb == "retry":
        _require_failed(run, sample, is_live=owner is not None)
    elif owner is None:
        raise Refused(f"nobody conducts {folder}", f"Go on with it: athanor resume {folder}")
    order = Order(verb=verb, sample=sample, by=_me(), at=WallClock().date().isoformat(timespec="seconds"))
    may_be_ordered(order, *samples_in(past(run)))
    OrderFolder(folder).put(order)


def past(run: RunFolder) -> list[Event]:
    """What stands in a run's journal by now."""
    with Journal.reading(run.place) as journal:
        return list(journal.events())


def is_paused(events: list[Event]) -> bool:
    """Was a run paused and not told to go on?"""
    said = [event.data["verb"] for event in events if event.kind == "ordered"]
    return next((verb == "pause" for verb in reversed(said) if verb in ("pause", "continue")), False)


def _require_failed(run: RunFolder, sample: str, *, is_live: bool) -> None:
    if is_live:
        raise Refused(f"{run.path} goes on; what failed there waits for an answer, or was decided by its rules",
                      f"See what waits: athanor answer {run.path}")  # fmt: skip
    stops = [event for event in past(run) if event.kind == "task_failed" and event.data["decision"] == Act.STOP.value]
    if not any(sample in event.sample.split(",") for event in stops):
        raise Refused(f"no task of {sample!r} stopped {run.path}", "Resume it")


def _me() -> str:
    """Who gives the order, for the record."""
    return f"{getpass.getuser()} at {socket.gethostname()}"
