"""Plugs the rooms together and conducts runs; `far_side` opens what is on the other end of the wires."""

import contextlib
import hashlib
import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import anyio

from console.checking import pace
from console.designing import designer_for
from console.engine import Claim, claimed, this_bench, this_run
from console.far_side import Far, Opening, end_host, far_side
from console.runfolder import RunFolder, Setup
from console.tending import Audience, Pulse, notifying
from planning.bench import Bench
from planning.campaign import Campaign, Fixed
from planning.errors import Fenced, NotRecorded, Refused
from planning.executor import Executor, Request, Source
from planning.interlocks import Interlocks
from planning.inventory import Inventory
from planning.journal import Event, Journal, Listener
from planning.notices import Notice
from planning.operating import Operating
from planning.orders import OrderFolder
from planning.past import past_commands
from planning.protocol.document import Protocol as Recipe
from planning.questions import FolderInbox, Inbox, Rehearsed
from planning.skills import Eyes
from robot.clock import Clock
from robot.config import LabConfig
from robot.fleet import Fleet

REST_S = 0.2
"""Of the wall, between looks for orders while a rehearsal is paused: its own time would fly."""


@dataclass
class Conducted:
    """A run in progress or over, for whoever shows it."""

    folder: RunFolder
    executor: Executor
    source: Source
    fleet: Fleet
    clock: Clock


class Watch(Listener, Protocol):
    """Follows a run's journal, and shows it while inside its context."""

    def showing(self, run: Conducted) -> AbstractContextManager[object]:
        """Show the run from its first command to its last."""


def load_eyes() -> Eyes:
    """The segmentation model with the weights in use.

    Raises:
        Refused: the weights are missing or damaged.
    """
    from vision.errors import WeightsDamaged
    from vision.eyes import Eyes as SegmentingEyes

    try:
        return SegmentingEyes.load()
    except WeightsDamaged as err:
        raise Refused(str(err).rstrip("."), "Or go without the camera's checks: --no-vision") from err


def conduct(
    folder: RunFolder, setup: Setup, watch: Watch, *, resume: bool = False, opening: Opening = far_side
) -> Conducted:
    """Run, or go on with, what a folder holds; return when it has ended or was stopped.

    Raises:
        FileProblem, Refused: what is asked cannot be done; nothing moved.
        NotReachable: a device is absent or not what it should be; nothing moved.
    """
    lab = LabConfig.load(folder.lab)
    source = source_of(folder, lab, setup)
    if setup.vision:
        load_eyes()  # refuse damaged weights before anything is opened
    with claimed([*this_run(folder, setup), *this_bench(lab, setup)], print) as claim:
        events = _past(folder) if resume else []
        resume_at_s = (events[-1].time_s if events else 0.0) if resume else None
        with opening(folder, lab, setup, resume_at_s) as far:
            far.fleet.connect_all()
            run = conduct_on(far, folder, source, Inventory(lab), watch, claim, events)
    if setup.wires == "pty" and not run.executor.stopped_because:
        end_host(folder)
    return run


def _past(folder: RunFolder) -> list[Event]:
    """What an earlier engine wrote; raise Refused if the run has ended."""
    with Journal.reading(folder.place) as past:
        events = list(past.events())
    if any(event.kind == "run_finished" and event.data["complete"] for event in events):
        raise Refused(f"the run in {folder.path} has ended; nothing is left to go on with", "Begin a new one")
    return events


def conduct_on(
    far: Far, folder: RunFolder, source: Source, inventory: Inventory, watch: Watch, claim: Claim,
    events: Sequence[Event] = (),
) -> Conducted:  # fmt: skip
    """Conduct the folder's protocol on devices that are connected; `events` are those of a run to go on with."""
    lab, protocol = LabConfig.load(folder.lab), Recipe.load(folder.protocol)
    operating = Operating.load(folder.lab, lab)
    outlives = far.setup.wires != "loopback"
    with (
        notifying([*operating.notify, *_of_campaign(folder)], folder, lab.bench, far.setup) as notifier,
        Journal(
            folder.place, far.clock, Audience(watch, notifier), world_outlives_power=outlives, fence=claim.check
        ) as journal,
    ):
        if journal.ends[0].seq != len(events):
            raise Fenced(str(folder.place), "another engine has written here since we read it")
        bench = Bench(
            far.fleet.devices, journal, far.clock, Interlocks(lab, operating.interlocks), far.call,
            past_commands(events), far.fleet.reconnect,
        )  # fmt: skip
        eyes = load_eyes() if far.setup.vision else None
        inbox: Inbox = FolderInbox(folder.path)
        if far.setup.wires == "loopback" and far.setup.pace is None:
            inbox = Rehearsed(far.setup.answers, inbox)
        orders = OrderFolder(folder.path, 0.0 if outlives else REST_S)
        executor = Executor(
            bench, lab, protocol, source, eyes, inventory, inbox, [*protocol.recovery, *operating.recovery], orders,
            operating.patience,
        )  # fmt: skip
        executor.attendant.pulse, executor.attendant.untold = Pulse(folder.path, journal.commit), notifier.failures
        executor.restore(events)
        for event in events:
            watch.event(event)
        _write_start(journal, folder, lab, protocol, far.setup, resumed=bool(events))
        run = Conducted(folder, executor, source, far.fleet, far.clock)
        with watch.showing(run):
            anyio.run(_until_over, run, journal, claim, backend_options=far.loop_options)
        notifier.close()
        for why in notifier.failures():
            journal.write("not_notified", why=why)
    return run


def _of_campaign(folder: RunFolder) -> list[Notice]:
    return Campaign.load(folder.campaign).notify if folder.campaign.exists() else []


async def _until_over(run: Conducted, journal: Journal, claim: Claim) -> None:
    """Run the executor; the first Ctrl-C lets tasks end, the second makes everything safe at once."""
    from console.interrupts import from_any_thread, on_interrupt

    with anyio.CancelScope() as scope:
        try:
            end = from_any_thread(run.executor.stop, scope.cancel)
            with on_interrupt(run.executor.stop, scope.cancel), claim.told_to(end):
                await run.executor.run()
        finally:  # whatever happened, a defect of ours included
            with contextlib.suppress(NotRecorded):
                journal.check()  # what another engine conducts by now is no longer ours to stop
            with anyio.CancelScope(shield=True):
                troubles = await run.executor.bench.call(run.fleet.make_all_safe)
            run.executor.attendant.take_note()
            said = {name: str(error) for name, error in troubles.items() if error is not None}
            journal.write("made_safe", durable=True, troubles=said, at_once=scope.cancel_called)


def source_of(folder: RunFolder, lab: LabConfig, setup: Setup) -> Source:
    """What says which samples are made: the folder's campaign, or the list in its setup."""
    if folder.campaign.exists():
        return designer_for(Campaign.load(folder.campaign), Recipe.load(folder.protocol), folder.campaign, setup.truth)
    requests = [Request(values) for values in setup.samples or []]
    batch, in_flight = pace(lab)
    return Fixed(requests, in_flight=in_flight, batch=batch)


def _write_start(
    journal: Journal, folder: RunFolder, lab: LabConfig, protocol: Recipe, setup: Setup, *, resumed: bool
) -> None:
    from importlib.metadata import version

    names = ("athanor", "numpy", "torch", "botorch", "pydantic")
    journal.write(
        "run_resumed" if resumed else "run_started", durable=True, bench=lab.bench, protocol=protocol.protocol,
        simulated=setup.wires != "real", seed=setup.seed, faults=setup.faults, truth=Path(setup.truth).name if setup.truth else None,
        eyes=_eyes_in_use() if setup.vision else None, versions={name: version(name) for name in names},
        files={path.relative_to(folder.path).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.copies},
    )  # fmt: skip


def _eyes_in_use() -> dict[str, str]:
    """Which weights look at this run, for its record."""
    from vision.segmentation.weights import SHIPPED

    record = json.loads(SHIPPED.with_suffix(".json").read_text(encoding="utf-8"))
    return {"sha256": record["sha256"], "commit": record["training"]["commit"]}
