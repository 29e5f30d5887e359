"""Orders from a terminal to a run that an engine conducts elsewhere."""

import getpass
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from console.engine import claimed, conductor, this_run
from console.runfolder import RunFolder
from console.tally import KINDS, Tally
from hardware_sim.clock import VirtualClock
from planning.controls import Controls
from planning.errors import Refused
from planning.journal import Event, Journal
from planning.orders import Order, OrderFolder, Verb, may_be_ordered
from planning.rules import Act
from robot.clock import WallClock

NEEDS_NO_ENGINE = ("overrule",)
"""Orders that concern the record alone."""


def give(folder: Path, verb: Verb, sample: str = "", *, by: str = "", **more: Any) -> None:
    """Leave an order to a run for its engine; `retry` is for the engine that goes on with it.

    Args:
        by: who gives it; who sits at this computer, if left out.
        more: further fields of the order, such as `suggestion`.

    Raises:
        Refused: there is no such run, sample or suggestion, or the run does not live (for `retry`: lives).
    """
    run = RunFolder(folder)
    _ = run.setup
    owner = conductor(folder)
    if verb == "retry":
        _require_failed(run, sample, is_live=owner is not None)
    elif owner is None and verb not in NEEDS_NO_ENGINE:
        raise Refused(f"nobody conducts {folder}", f"Go on with it: athanor resume {folder}")
    at = WallClock().date().isoformat(timespec="seconds")
    order = Order(verb=verb, sample=sample, by=by or me(), at=at, **more)
    tally = Tally.of(past(run))
    may_be_ordered(order, tally.samples, tally.ended, tally.gate.proposals)
    OrderFolder(folder).put(order)
    if owner is None and verb in NEEDS_NO_ENGINE:
        note_down(run)


def leave_word(folder: Path, by: str) -> None:
    """Say who stops a run whose engine is about to be told so by a signal: it writes that down once all is safe."""
    OrderFolder(folder).put(Order(verb="abort", by=by, at=WallClock().date().isoformat(timespec="seconds")))


def note_down(run: RunFolder) -> None:
    """Write orders into the journal of a run that nobody conducts."""
    with claimed(this_run(run, run.setup), print) as claim:
        events = list(_all_events(run))
        clock = VirtualClock()
        clock.jump_to(events[-1].time_s if events else 0.0)
        with Journal(run.place, clock, fence=claim.check) as journal:
            controls, tally = Controls(OrderFolder(run.path), journal), Tally.of(events)
            for event in events:
                controls.restore(event)
            controls.take_up(tally.samples, tally.ended)


def _all_events(run: RunFolder) -> Iterator[Event]:
    with Journal.reading(run.place) as journal:
        yield from journal.events()


def past(run: RunFolder) -> list[Event]:
    """What a run's journal says by now of how the run stands."""
    with Journal.reading(run.place) as journal:
        return list(journal.events(kinds=KINDS))


def _require_failed(run: RunFolder, sample: str, *, is_live: bool) -> None:
    if is_live:
        raise Refused(f"{run.path} goes on; what failed there waits for an answer, or was decided by its rules",
                      f"See what waits: athanor answer {run.path}")  # fmt: skip
    stops = [event for event in past(run) if event.kind == "task_failed" and event.data["decision"] == Act.STOP.value]
    if not any(sample in event.sample.split(",") for event in stops):
        raise Refused(f"no task of {sample!r} stopped {run.path}", "Resume it")


def me() -> str:
    """Who gives the order, for the record."""
    return f"{getpass.getuser()} at {socket.gethostname()}"
