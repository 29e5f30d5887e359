"""The check before a run, for whoever asks: apart from `compose`, so that it answers at once and loads no engine."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from planning.operating import Operating
from planning.preflight import Admission, Finding, Preflight, check
from planning.protocol.document import Protocol
from planning.protocol.source import Source
from planning.rooms import Rooms
from robot.config import LabConfig
from robot.files import FileProblem, load_yaml
from robot.fleet import open_fleet
from vision.errors import WeightsDamaged
from vision.state.trust import UNMEASURED, Trust

Document = TypeVar("Document")


def pace(lab: LabConfig) -> tuple[int, int]:
    """How many samples of a list are let in at a time, and how many may be under way: one furnace full; all of them, twice."""
    rooms = Rooms(lab)
    ovens = [room for site in lab.sites if (room := rooms.room(site)) is not None and room.ovens]
    largest = max(ovens, key=lambda room: len(room.places), default=None)
    return (1, 2) if largest is None else (largest.oven_places, 2 * len(largest.places))


def preflight(
    lab: LabConfig,
    protocol: Protocol,
    samples: Sequence[Mapping[str, Any]],
    batch: int = 0,
    in_flight: int = 0,
    also: Iterable[Mapping[str, Any]] = (),
) -> Preflight:
    """Check samples against a bench, as they will be let in: as the bench has places, if not said otherwise.

    `also` are values that may come instead: each is judged by itself.
    """
    usual, most = pace(lab)
    admission = Admission(min(batch or usual, usual), in_flight or most)
    with open_fleet(lab) as fleet:
        return check(protocol, lab, fleet.devices, samples, admission, also, _eyes_in_use())


def _eyes_in_use() -> Trust:
    """What the eyes in use can tell; a run without eyes needs no weights, and one with eyes refuses damaged ones itself."""
    try:
        return Trust.of()
    except WeightsDamaged:
        return UNMEASURED


@dataclass(frozen=True)
class Told:
    """A finding with its file and line."""

    finding: Finding
    path: Path
    line: int | None

    def __str__(self) -> str:
        step = f"step {self.finding.step}: " if self.finding.step else ""
        return f"{self.path}{f':{self.line}' if self.line else ''}: {step}{self.finding.what}"

    def as_data(self) -> dict[str, Any]:
        """For programs."""
        return {**vars(self.finding), "file": str(self.path), "line": self.line}


@dataclass(frozen=True)
class Examined:
    """The verdict on files: what the check says, each finding with its line; and what they hold, if they can be read."""

    preflight: Preflight
    told: list[Told]
    protocol: Protocol | None = None
    lab: LabConfig | None = None
    samples: Sequence[Mapping[str, Any]] = ()


def is_campaign(path: Path) -> bool:
    """Is a file a campaign, or meant to be one? It names a protocol; a protocol has steps.

    Raises:
        FileProblem: it cannot be read.
    """
    fields = load_yaml(path)[0].keys()
    return "steps" not in fields and bool({"campaign", "lab", "budget"} & fields)


def examine(
    protocol: Path, lab: Path, samples_of: Callable[[Protocol], Sequence[Mapping[str, Any]]], in_flight: int = 0
) -> Examined:
    """Check files, however much is wrong with them."""
    told: list[Told] = []
    recipe, bench = read_both(protocol, lab, told)
    samples = read_or_tell(lambda: samples_of(recipe), told) if recipe else None
    if told or recipe is None or bench is None or samples is None:
        return unreadable(told)
    result = preflight(bench, recipe, samples, in_flight=in_flight)
    return Examined(result, located(result, {"protocol": protocol, "lab": lab}), recipe, bench, samples)


def read_both(protocol: Path, lab: Path, told: list[Told]) -> tuple[Protocol | None, LabConfig | None]:
    """The recipe and the bench, each as far as its files can be used; what is wrong with them is told."""
    recipe = read_or_tell(lambda: Protocol.load(protocol), told)
    bench = read_or_tell(lambda: LabConfig.load(lab), told)
    if bench is not None:
        read_or_tell(lambda: Operating.load(lab, bench), told)
    return recipe, bench


def unreadable(told: list[Told]) -> Examined:
    """The verdict on files that cannot be used."""
    return Examined(Preflight([each.finding for each in told]), told)


def read_or_tell(read: Callable[[], Document], told: list[Told]) -> Document | None:
    """What a file holds; if it cannot be used, every reason is told."""
    try:
        return read()
    except FileProblem as err:
        for problem in err.problems:
            what = f"{problem.field}: {problem.what}" if problem.field else problem.what
            told.append(Told(Finding("file", what, problem.remedy or "Correct it"), err.path, problem.line))
        return None


def located(result: Preflight, files: Mapping[str, Path]) -> list[Told]:
    """Each finding with its file and line."""
    spoken_of = {finding.file for finding in result.findings}
    sources = {name: Source.read(path) for name, path in files.items() if name in spoken_of}
    return [Told(finding, *sources[finding.file].where(finding.location)) for finding in result.findings]
