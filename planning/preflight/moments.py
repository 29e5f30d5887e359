"""What is in each vessel before and after each task, on one sample's way over the bench."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from planning.preflight.drying import Segment, dries_ul
from planning.preflight.findings import Figure, Finding, Level
from planning.protocol.binding import BoundStep
from planning.skills.heating import ROOM_C, cooling_s
from planning.task import Task
from robot.config import LabConfig
from robot.device_settings import FurnaceSettings
from robot.interfaces import Device
from robot.labware import Labware
from robot.materials import Material
from vision.state.trust import UNMEASURED, Trust


@dataclass(frozen=True)
class Contents:
    """What should be in a vessel."""

    liquids_ul: Mapping[str, float] = field(default_factory=dict)
    """By stock."""
    powders_mg: Mapping[str, float] = field(default_factory=dict)
    has_film: bool = False
    is_capped: bool = False

    @property
    def volume_ul(self) -> float:
        """Of all liquids."""
        return sum(self.liquids_ul.values())

    def part(self, volume_ul: float) -> dict[str, float]:
        """What a part of its liquid consists of; all of it, if there is less."""
        share = min(volume_ul / self.volume_ul, 1.0) if self.volume_ul else 0.0
        return {stock: there_ul * share for stock, there_ul in self.liquids_ul.items()}

    def with_liquids(self, volumes_ul: Mapping[str, float], sign: int = 1) -> "Contents":
        """The same after liquids came, or went."""
        stocks = {**self.liquids_ul, **volumes_ul}
        return replace(self, liquids_ul={
            stock: max(self.liquids_ul.get(stock, 0.0) + sign * volumes_ul.get(stock, 0.0), 0.0) for stock in stocks
        })  # fmt: skip

    def powder_part(self, mass_mg: float) -> dict[str, float]:
        """What a part of its powder consists of, mixed as it is; all of it, if there is less."""
        there_mg = sum(self.powders_mg.values())
        share = min(mass_mg / there_mg, 1.0) if there_mg else 0.0
        return {powder: part_mg * share for powder, part_mg in self.powders_mg.items()}

    def with_powders(self, masses_mg: Mapping[str, float], sign: int = 1) -> "Contents":
        """The same after powders came, or went."""
        powders = {**self.powders_mg, **masses_mg}
        return replace(self, powders_mg={
            powder: self.powders_mg.get(powder, 0.0) + sign * masses_mg.get(powder, 0.0) for powder in powders
        })  # fmt: skip


EMPTY = Contents()
Vessels = Mapping[str, Contents]


@dataclass(frozen=True)
class Bench:
    """What the rules may ask: the lab file, the devices for their limits, and which labware each vessel is."""

    lab: LabConfig
    devices: Mapping[str, Device]
    wares: Mapping[str, str]
    capped: frozenset[str] = frozenset()
    """Vessels that wear a cap at the start."""
    eyes: Trust = UNMEASURED
    """What the eyes in use can tell."""

    def ware(self, vessel: str) -> Labware:
        """Which labware a vessel is."""
        return self.lab.ware(self.wares[vessel])

    def materials_of(self, name: str) -> list[str]:
        """What a stock or a powder is, as the table of materials may call it: itself, and its solvent."""
        store = self.lab.stocks.get(name)
        return [name, *([store.solvent] if store and store.solvent else [])]

    def liquid(self, stock: str) -> Material | None:
        """What is known of the liquid that a stock mostly is."""
        store = self.lab.stocks.get(stock)
        return self.lab.materials.find(store.solvent or stock if store else stock)


@dataclass(frozen=True)
class Moment:
    """A task, with what is in all vessels before it and after it."""

    bench: Bench
    task: Task
    step: BoundStep
    before: Vessels
    after: Vessels

    @property
    def details(self) -> Mapping[str, Any]:
        """The task's arguments."""
        return self.task.arguments

    def device(self, role: str) -> Any:
        """The device that the task's arguments name in a role, for its limits."""
        return self.bench.devices[self.details[role]]

    def inside(self, vessel: str) -> Contents:
        """What is in a vessel before."""
        return self.before.get(vessel, EMPTY)

    def finding(
        self, rule: str, what: str, remedy: str, *path: str, value: Figure = None, limit: Figure = None,
        level: Level = "error",
    ) -> Finding:  # fmt: skip
        """Something to say about this step; `path` leads from its verb to the field."""
        location = (*self.step.location, self.step.step.verb, *path)
        return Finding(rule, what, remedy, self.step.name, location, value, limit, level)


def moments_of(tasks: Iterable[Task], steps: Mapping[str, BoundStep], bench: Bench) -> Iterator[Moment]:
    """Follow one sample's tasks in the order in which they are written down."""
    vessels = {vessel: Contents(is_capped=True) for vessel in bench.capped}
    for task in tasks:
        step = steps[task.step]
        before = dict(vessels)
        vessels |= _changes(task, step, vessels, bench)
        yield Moment(bench, task, step, before, dict(vessels))


def _changes(task: Task, step: BoundStep, vessels: Vessels, bench: Bench) -> dict[str, Contents]:
    """What is otherwise after a task."""
    details = task.arguments
    match task.skill:
        case "dose":
            return {details["vessel"]: vessels.get(details["vessel"], EMPTY).with_liquids(details["volumes_ul"])}
        case "dose_powder":
            return {details["vessel"]: vessels.get(details["vessel"], EMPTY).with_powders(details["masses_mg"])}
        case "transfer_powder":
            source, to = details["vessel"], details["into"]
            tapped_mg = vessels.get(source, EMPTY).powder_part(details["mass_mg"])
            return {
                source: vessels.get(source, EMPTY).with_powders(tapped_mg, -1),
                to: vessels.get(to, EMPTY).with_powders(tapped_mg),
            }
        case "transfer" | "cast":
            source, to = details["vessel"], details.get("film") or details["into"]
            poured_ul = vessels.get(source, EMPTY).part(details["volume_ul"])
            filled = vessels.get(to, EMPTY).with_liquids(poured_ul)
            return {
                source: vessels.get(source, EMPTY).with_liquids(poured_ul, -1),
                to: replace(filled, has_film=filled.has_film or task.skill == "cast"),
            }
        case "cap" | "uncap":
            there = vessels.get(details["vessel"], EMPTY)
            return {details["vessel"]: replace(there, is_capped=task.skill == "cap")}
        case "heat" | "warm":
            assert step.step.heat is not None
            vessel = step.step.heat.what
            return {vessel: _dried(vessels.get(vessel, EMPTY), _with_cooling(task, bench.lab), vessel, bench)}
        case "wait":
            rest = [(ROOM_C, 0.0, details["for_s"] / 60)]
            return {vessel: _dried(there, rest, vessel, bench) for vessel, there in vessels.items()}
    return {}


def heated(moment: Moment) -> str:
    """The vessel that a step heats."""
    assert moment.step.step.heat is not None
    return moment.step.step.heat.what


def hottest_c(task: Task) -> float:
    """The highest temperature of a programme."""
    return max(float(to_c) for to_c, _, _ in task.arguments["segments"])


def _with_cooling(task: Task, lab: LabConfig) -> list[Segment]:
    """A programme, and in a furnace the natural cooling after it."""
    segments: list[Segment] = list(task.arguments["segments"])
    furnace = lab.devices.get(task.arguments.get("furnace", ""))
    if isinstance(furnace, FurnaceSettings) and (falls_min := cooling_s(furnace, segments[-1][0]) / 60):
        segments.append((furnace.handle_below_c, (segments[-1][0] - furnace.handle_below_c) / falls_min, 0.0))
    return segments


def _dried(contents: Contents, segments: Sequence[Segment], vessel: str, bench: Bench) -> Contents:
    """What heat leaves: of a film on a plate what has no time to dry, of liquid in a vessel what does not boil; under a cap everything."""
    if contents.is_capped:
        return contents
    ware = bench.ware(vessel)
    rest: dict[str, float] = {}
    for stock, volume_ul in contents.liquids_ul.items():
        liquid = bench.liquid(stock)
        boils_c = liquid.boils_c if liquid else None
        if ware.kind == "plate":
            share = volume_ul / contents.volume_ul if volume_ul else 0.0
            gone_ul = volume_ul if boils_c is None else share * dries_ul(segments, boils_c, ware.inner_width_mm**2)
            rest[stock] = max(volume_ul - gone_ul, 0.0)
        elif boils_c is None or max(to_c for to_c, _, _ in segments) < boils_c:
            rest[stock] = volume_ul
    return replace(contents, liquids_ul=rest)
