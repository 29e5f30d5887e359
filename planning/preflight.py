"""The check before anything moves: a verdict, all findings at once, and a timetable. Nothing is sent to any device."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from planning.errors import Refused
from planning.graph import Task, build, device_of, join_batches
from planning.inventory import Inventory
from planning.protocol.document import Bound, Protocol
from planning.protocol.steps import Cast, Discard, Dose, Heat, Look, Measure, Move, Step, Wash
from planning.schedule import Dispatcher, Slot
from planning.skills import expected_s
from robot.config import (
    ArmSettings,
    CavroSettings,
    FurnaceSettings,
    Keithley2400Settings,
    LabConfig,
    Site,
)
from robot.errors import LimitExceeded
from robot.interfaces import Device, keeps_dwell

DURATION_SPREAD = (0.9, 1.2)
"""How far a whole run strays from its timetable: assumed until benches have shown it."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, where in which file, and what to do."""

    level: Literal["error", "warning"]
    step: str
    what: str
    remedy: str
    location: tuple[str | int, ...] = ()
    file: Literal["protocol", "lab"] = "protocol"


@dataclass
class Preflight:
    """The verdict on some samples on a bench."""

    findings: list[Finding] = field(default_factory=list)
    timetable: list[Slot] = field(default_factory=list)
    samples: int = 0

    @property
    def passed(self) -> bool:
        """May this run?"""
        return not any(finding.level == "error" for finding in self.findings)

    @property
    def duration_s(self) -> float:
        """Expected time to the last step's end."""
        return max((slot.end_s for slot in self.timetable), default=0.0)

    def duration_interval_s(self) -> tuple[float, float]:
        """Between which the end should lie."""
        return DURATION_SPREAD[0] * self.duration_s, DURATION_SPREAD[1] * self.duration_s

    def busy_fraction(self, device: str) -> float:
        """Share of the time that a device is at work."""
        busy_s = sum(slot.end_s - slot.start_s for slot in self.timetable if device in slot.task.uses)
        return busy_s / self.duration_s if self.duration_s else 0.0


def check(
    protocol: Protocol,
    lab: LabConfig,
    devices: Mapping[str, Device],
    samples: Sequence[Mapping[str, Any]],
    *,
    batch: int,
    chamber_places: int,
) -> Preflight:
    """Check samples with these parameter values; `devices` are asked for their limits only."""
    result = Preflight(samples=len(samples))
    result.findings = [*_out_of_reach(lab, devices), *_misfits(protocol, lab)]
    if result.passed:
        _Rehearsal(protocol, lab, devices, result, chamber_places).rehearse(samples, batch)
    return result


# --- does the protocol fit the bench at all?

_KINDS: dict[str, tuple[type, str]] = {
    "with_": (CavroSettings, "pipette"),
    "in_": (FurnaceSettings, "furnace"),
}


def _out_of_reach(lab: LabConfig, devices: Mapping[str, Device]) -> Iterator[Finding]:
    """Places that the arm cannot get to, or cannot lift from."""
    arm: Any = devices[device_of(lab, ArmSettings)]
    for name, site in lab.sites.items():
        for place in range(site.places):
            point = site.point(place)
            try:
                arm.check_reach(point)
                arm.check_reach(point.at_height(lab.travel_height_mm))
            except LimitExceeded as err:
                where = ("sites", name, "origin_mm")
                yield Finding(
                    "error", "", f"sites.{name}: place {place}: {err.what}", "Move it within reach", where, "lab"
                )
                break


def _misfits(protocol: Protocol, lab: LabConfig) -> Iterator[Finding]:
    for name, use in protocol.vessels.items():
        yield from _vessel_misfits(name, use.labware, use.from_, lab)
    for index, (name, step) in enumerate(zip(protocol.step_names, protocol.steps, strict=True)):
        for where, what, remedy in _step_misfits(step, lab):
            yield Finding("error", name, what, remedy, ("steps", index, step.verb, where))


def _vessel_misfits(name: str, labware: str, rack: str, lab: LabConfig) -> Iterator[Finding]:
    where = ("vessels", name)
    try:
        lab.ware(labware)
    except KeyError:
        yield Finding("error", "", f"no labware is called {labware!r}", "Describe it in the lab file", where)
    site = lab.sites.get(rack)
    if site is None:
        yield Finding("error", "", f"no site is called {rack!r}; there are {', '.join(lab.sites)}", "Correct it", where)
    elif site.holds != labware:
        yield Finding(
            "error", "", f"{rack} holds {site.holds or 'nothing'}, not {labware}", "Choose another site", where
        )


def _step_misfits(step: Step, lab: LabConfig) -> Iterator[tuple[str, str, str]]:
    """Yield field, what is wrong, remedy."""
    action = step.action
    wanted = dict(_KINDS)
    if isinstance(action, Measure):
        wanted["with_"] = (Keithley2400Settings, "source meter")
    for attribute, (kind, word) in wanted.items():
        name = getattr(action, attribute, None)
        if name is not None and not isinstance(lab.devices.get(name), kind):
            there = [device for device, settings in lab.devices.items() if isinstance(settings, kind)]
            what = f"{name!r} is no {word} of this bench; there is {', '.join(there) or 'none'}"
            yield attribute.removesuffix("_"), what, "Name one of them"
    for attribute in ("at", "to"):
        site = getattr(action, attribute, None)
        if site is None or isinstance(action, Wash):
            continue
        if site not in lab.sites:
            yield attribute, f"no site is called {site!r}; there are {', '.join(lab.sites)}", "Name one of them"
        else:
            yield from _site_misfits(attribute, site, lab.sites[site], step)
    if isinstance(action, Wash):
        ports = _ports(lab, action.with_)
        for attribute, port in (("liquid", action.liquid), ("to", action.to)):
            if ports and port not in ports:
                yield attribute, f"no valve port of {action.with_} is called {port!r}", f"Use one of {', '.join(ports)}"


def _site_misfits(attribute: str, name: str, site: Site, step: Step) -> Iterator[tuple[str, str, str]]:
    action = step.action
    if isinstance(action, Heat) and site.inside != action.in_:
        yield attribute, f"{name} is not inside {action.in_}", "Name a site whose `inside` is that furnace"
    if isinstance(action, Measure) and site.inside != action.with_:
        yield attribute, f"{name} is not inside {action.with_}", "Name the site of that probe"
    if isinstance(action, Discard) and not site.bin:
        yield attribute, f"{name} is no bin", "Name a site with `bin: yes`"
    if isinstance(action, Move | Look | Dose | Cast | Measure) and (site.stock or site.bin):
        yield attribute, f"{name} is a store or a bin; nothing can be set down there to work on", "Name a working site"


def _ports(lab: LabConfig, pipette: str) -> list[str]:
    settings = lab.devices.get(pipette)
    return list(settings.valve.values()) if isinstance(settings, CavroSettings) else []


# --- do these samples work out?


class _Rehearsal:
    """Goes through all samples' tasks in order, counting what they take."""

    def __init__(
        self, protocol: Protocol, lab: LabConfig, devices: Mapping[str, Device], result: Preflight, chamber_places: int
    ) -> None:
        self.protocol = protocol
        self.lab = lab
        self.devices = devices
        self.result = result
        self.inventory = Inventory(lab)
        self._chamber_places = chamber_places
        self._index = {name: index for index, name in enumerate(protocol.step_names)}
        self._volume_ul: dict[tuple[str, str], float] = {}
        self._checks: dict[str, Callable[[Task, str], None]] = {
            "carry": self._check_carry,
            "dose": self._check_dose,
            "cast": self._check_cast,
            "wash": self._check_wash,
            "heat": self._check_heat,
            "measure": self._check_measure,
        }

    def rehearse(self, samples: Sequence[Mapping[str, Any]], batch: int) -> None:
        """Check each sample's tasks, then foretell the whole."""
        tasks_of = []
        for number, values in enumerate(samples, start=1):
            name = f"s{number:03d}"
            try:
                bound = self.protocol.bind(values)
                tasks = build(name, bound, self.inventory.allot(self.protocol), self.lab)
            except Refused as err:
                self._find("", f"sample {number}: {err.what}", err.remedy)
                return
            for task in tasks:
                if task.skill in self._checks:
                    self._checks[task.skill](task, name)
            self._check_temperatures(bound)
            tasks_of.append(tasks)
        if self.result.passed:
            self._foretell(tasks_of, batch)

    def _find(self, step: str, what: str, remedy: str, *path: str) -> None:
        """Note a finding, unless another sample had the very same."""
        location: tuple[str | int, ...] = ()
        if step in self._index:
            index = self._index[step]
            location = ("steps", index, self.protocol.steps[index].verb, *path)
        if not any((old.step, old.location, old.remedy) == (step, location, remedy) for old in self.result.findings):
            self.result.findings.append(Finding("error", step, what, remedy, location))

    def _check_carry(self, task: Task, sample: str) -> None:
        site = self.lab.sites[task.arguments["to"][0]]
        if site.holds is not None and site.holds != task.arguments["ware"]:
            what = f"{task.arguments['to'][0]} holds {site.holds}, not {task.arguments['ware']}"
            self._find(task.step, what, "Name a site that this vessel fits")

    def _check_dose(self, task: Task, sample: str) -> None:
        details = task.arguments
        ports = _ports(self.lab, details["pipette"])
        for ink, volume_ul in details["volumes_ul"].items():
            if ink not in ports:
                self._find(
                    task.step, f"no valve port of {details['pipette']} is called {ink!r}", f"Use {', '.join(ports)}"
                )
            self._check_least(task, volume_ul, f"{ink}: ")
        self._fill(task, sample, details["vessel"], sum(details["volumes_ul"].values()))
        self._draw(task, sample, details["volumes_ul"])

    def _check_cast(self, task: Task, sample: str) -> None:
        details = task.arguments
        volume_ul = details["volume_ul"]
        self._check_least(task, volume_ul, "")
        there_ul = self._volume_ul.get((sample, details["vessel"]), 0.0)
        if volume_ul > there_ul:
            self._find(task.step, f"volume_ul={volume_ul:g} is more than the {there_ul:g} µl in {details['vessel']}",
                       "Dose more or cast less", "volume_ul")  # fmt: skip
        self._volume_ul[sample, details["vessel"]] = there_ul - volume_ul
        self._fill(task, sample, details["film"], volume_ul)

    def _check_wash(self, task: Task, sample: str) -> None:
        details = task.arguments
        self._check_least(task, details["volume_ul"], "")
        if details["liquid"] in self.lab.stocks:
            self._draw(task, sample, {details["liquid"]: details["volume_ul"] * details["cycles"]})

    def _check_least(self, task: Task, volume_ul: float, what: str) -> None:
        pipette: Any = self.devices[task.arguments["pipette"]]
        if volume_ul < pipette.min_volume_ul:
            self._find(task.step, f"{what}{volume_ul:.2f} µl is less than the pipette can draw, {pipette.min_volume_ul:g} µl",
                       "Leave the part out (leave_out_below) or dose more")  # fmt: skip

    def _fill(self, task: Task, sample: str, vessel: str, volume_ul: float) -> None:
        ware = self.lab.ware(self.protocol.vessels[vessel].labware)
        total_ul = self._volume_ul.get((sample, vessel), 0.0) + volume_ul
        self._volume_ul[sample, vessel] = total_ul
        if total_ul > ware.capacity_ul:
            self._find(task.step, f"{total_ul:g} µl in a {ware.name} that holds {ware.capacity_ul:g} µl: it would spill",
                       "Dose less, or use a larger vessel", "volume_ul")  # fmt: skip

    def _draw(self, task: Task, sample: str, volumes_ul: Mapping[str, float]) -> None:
        self.inventory.use(volumes_ul)
        for stock in volumes_ul:
            short_ul = -self.inventory.left_ul(stock)
            if short_ul > 0:
                store = self.lab.stocks[stock]
                needed_ml = self.inventory.stock_used_ul[stock] / 1000
                self._find(task.step, f"{stock} runs out at sample {int(sample[1:])} (needs {needed_ml:.1f} ml by then, "
                           f"{store.volume_ml - store.dead_volume_ml:.1f} ml in stock after dead volume)",
                           f"Refill {stock}, or make fewer samples")  # fmt: skip

    def _check_heat(self, task: Task, sample: str) -> None:
        details = task.arguments
        furnace: Any = self.devices[details["furnace"]]
        for quantity, value, low, high in (
            ("to_c", details["to_c"], furnace.min_target_c, furnace.max_target_c),
            ("rate_c_per_min", details["rate_c_per_min"], 0.1, furnace.max_rate_c_per_min),
            ("hold_min", details["hold_min"], 0.0, furnace.max_dwell_min),
        ):
            if not low <= value <= high:
                self._find(task.step, f"{quantity}={value:g} is outside what {details['furnace']} can do, {low:g} to {high:g}",
                           "Change the step or the parameter", quantity)  # fmt: skip
        if not keeps_dwell(furnace.dwell_step_min, details["hold_min"]):
            self._find(task.step, f"hold_min={details['hold_min']:g} is no multiple of {furnace.dwell_step_min:g}, in which "
                       f"{details['furnace']} counts", "Round it", "hold_min")  # fmt: skip

    def _check_temperatures(self, bound: Bound) -> None:
        for name, step in bound.named_steps():
            if step.heat is not None:
                ware = self.lab.ware(self.protocol.vessels[step.heat.what].labware)
                if float(step.heat.to_c) > ware.max_temperature_c:
                    self._find(name, f"to_c={float(step.heat.to_c):g} is above what {ware.name} bears, "
                               f"{ware.max_temperature_c:g} °C", "Heat less, or use other labware", "to_c")  # fmt: skip

    def _check_measure(self, task: Task, sample: str) -> None:
        meter: Any = self.devices[task.arguments["meter"]]
        for quantity, limit in (("current_a", meter.max_current_a), ("compliance_v", meter.max_voltage_v)):
            if task.arguments[quantity] > limit:
                self._find(task.step, f"{quantity}={task.arguments[quantity]:g} is more than {task.arguments['meter']} "
                           f"may give, {limit:g}", "Lower it", quantity)  # fmt: skip
        if task.arguments["thickness_mm"] <= 0:
            self._find(task.step, "there is no film on this vessel: nothing was cast on it", "Cast before measuring")

    def _foretell(self, tasks_of: Sequence[list[Task]], batch: int) -> None:
        arm: Any = self.devices[device_of(self.lab, ArmSettings)]
        dispatcher = Dispatcher(lambda task: expected_s(task, self.lab, arm))
        for number, start in enumerate(range(0, len(tasks_of), batch), start=1):
            group = tasks_of[start : start + batch]
            dispatcher.add(join_batches(group, f"b{number:02d}", self._chamber_places), 0.0)
        try:
            self.result.timetable = dispatcher.foretell(0.0)
        except Refused as err:
            self._find("", err.what, err.remedy)
            return
        end_s = {slot.task.id: slot.end_s for slot in self.result.timetable}
        for slot in self.result.timetable:
            for head in slot.task.after_lag:
                lag_s = slot.start_s - end_s[head]
                assert slot.task.within_s is not None
                if lag_s > slot.task.within_s:
                    self._find(slot.task.step, f"begins {lag_s / 60:.0f} min after {head}, within_min allows "
                               f"{slot.task.within_s / 60:g}", "Allow more time, or make smaller batches")  # fmt: skip
