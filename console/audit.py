"""Belief against truth: a run on a simulated bench compared with what its emulators wrote down."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from console.compose import Conducted
from console.runfolder import RunFolder
from hardware_sim.clock import VirtualClock
from hardware_sim.fault_plan import parse_faults
from hardware_sim.laboratory import Laboratory
from planning.inventory import Standing
from planning.journal import Event, Journal
from robot.config import LabConfig
from robot.device_settings import ArmSettings, CavroSettings, DeviceSettings

HARMLESS = ("power", "power on")
"""What a device counts as acts and may be told twice."""

Place = tuple[str, str, int]
"""Rack or magazine that a vessel came from (with its place, if vessels have places there), site, place."""


@dataclass(frozen=True)
class Audit:
    """What a comparison found; `wrong` and `repeated` must be empty, whatever went wrong at the devices."""

    struck: tuple[str, ...]
    """The faults that truly struck, as kind@device."""
    repeated: Mapping[str, int]
    """By device, acts beyond those that the journal says were sent."""
    wrong: tuple[str, ...]
    """Vessels that are not where they are believed to have been seen."""
    unchecked: tuple[str, ...]
    """Vessels that are not where they are presumed to be: nobody has looked since they were put there."""
    astray: tuple[str, ...]
    """Vessels of which we know that we do not know."""
    miscapped: tuple[str, ...] = ()
    """Vessels that are open and believed to be closed, or closed and believed to be open."""


def audit(run: Conducted) -> Audit:
    """Compare a run's belief with the truth; its laboratory is rebuilt from its own record."""
    truth = laboratory_of(run.folder, VirtualClock())
    truth.close()
    with Journal.reading(run.folder.journal) as journal:
        events = list(journal.events())
    truly, seen, presumed = _truly(truth), _believed(run, seen=True), _believed(run, seen=False)
    wrong = seen - truly
    return Audit(
        struck=tuple(f"{each['kind']}@{each.get('device', '')}" for each in truth.effects if each["effect"] == "fault"),
        repeated=repeated(truth, events),
        wrong=_shown(wrong),
        unchecked=_shown(seen + presumed - truly - wrong),
        astray=tuple(f"{lost.sample}.{lost.vessel}" for lost in run.executor.whereabouts.astray.values()),
        miscapped=tuple(_miscapped(run, truth, events)),
    )


def laboratory_of(folder: RunFolder, clock: VirtualClock) -> Laboratory:
    """The laboratory of a run as the emulators' own record leaves it; the clock moves on to its last request."""
    setup, lab = folder.setup, LabConfig.load(folder.lab)
    faults = parse_faults(setup.faults, np.random.default_rng(setup.seed), lab)
    return Laboratory.replayed(lab, folder.world_log, clock, setup.seed, truth=setup.truth, faults=faults)


def repeated(truth: Laboratory, events: Iterable[Event]) -> dict[str, int]:
    """Acts of arms and pumps beyond those that were sent and not proven undone or declined, by device."""
    sent: Counter[str] = Counter()
    for event in events:
        sent[event.device] += event.kind == "intent"
        is_undone = event.kind == "not_taken" or (event.kind == "resolved" and event.data["outcome"] == "not done")
        sent[event.device] -= is_undone
    received = {
        device: sum(count for act, count in acts.items() if act not in HARMLESS)
        for device, acts in truth.counts().items()
        if _counts_one_for_one(truth.world.lab.devices[device])
    }
    return {device: count - sent[device] for device, count in received.items() if count > sent[device]}


def _counts_one_for_one(settings: DeviceSettings) -> bool:
    return isinstance(settings, ArmSettings | CavroSettings)


def _truly(truth: Laboratory) -> Counter[Place]:
    """Where vessels are: how many of a kind at each place; what fell or broke is nowhere."""
    lab = truth.world.lab
    return Counter(
        (_kind(lab, *vessel.name.rsplit("-", 1)), spot.site, spot.place)
        for spot in truth.world.bench.spots.values()
        for vessel in spot.vessels
    )


def _believed(run: Conducted, *, seen: bool) -> Counter[Place]:
    lab, racks = run.executor.lab, run.executor.recipe.vessels
    return Counter(
        (_kind(lab, rack, str(sample.start[vessel].place)), standing.site, _place(lab, standing))
        for sample in run.executor.samples.values()
        for vessel, standing in sample.standing.items()
        if standing.seen is seen and (rack := racks[vessel].from_) is not None
    )


def _miscapped(run: Conducted, truth: Laboratory, events: Iterable[Event]) -> Iterator[str]:
    """Compare caps; where nobody knows how one sits, nothing is believed."""
    believed = {(event.sample, event.data["vessel"]): event.data["is_on"] for event in events if event.kind == "cap"}
    is_tight = {vessel.name: vessel.cap == "tight" for vessel in truth.world.bench.pieces}
    for (sample, vessel), is_on in believed.items():
        rack, place = run.executor.recipe.vessels[vessel].from_, run.executor.samples[sample].start[vessel].place
        if is_on is not None and is_on != is_tight[f"{rack}-{place}"]:
            yield f"{sample}.{vessel}"


def _kind(lab: LabConfig, rack: str, place: str) -> str:
    """Pieces of a magazine are alike."""
    return rack if lab.sites[rack].stack else f"{rack}-{place}"


def _place(lab: LabConfig, standing: Standing) -> int:
    return 0 if lab.sites[standing.site].stack else standing.place


def _shown(places: Counter[Place]) -> tuple[str, ...]:
    return tuple(f"{kind} at {site}:{place}" for kind, site, place in places.elements())
