"""Do these samples work out? All their tasks are gone through in order, counting what they take, then foretold."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from planning.errors import Refused
from planning.fit import Finding, ports_of
from planning.graph import Task, build, join_batches
from planning.inventory import Inventory, Standing
from planning.places import device_of
from planning.protocol.binding import Bound, Decisions
from planning.protocol.consistency import Location
from planning.protocol.document import Protocol
from planning.schedule import Circle, Dispatcher, Slot
from planning.skills import expected_s
from robot.config import ArmSettings, LabConfig
from robot.interfaces import Device, keeps_dwell


class Rehearsal:
    """Goes through all samples' tasks in order, counting what they take."""

    def __init__(self, protocol: Protocol, lab: LabConfig, devices: Mapping[str, Device], chamber_places: int) -> None:
        self.protocol = protocol
        self.lab = lab
        self.devices = devices
        self.findings: list[Finding] = []
        self.inventory = Inventory(lab)
        self._chamber_places = chamber_places
        self._location: dict[str, Location] = {}
        self._verb: dict[str, str] = {}
        self._volume_ul: dict[tuple[str, str], float] = {}
        self._checks: dict[str, Callable[[Task, str], None]] = {
            "carry": self._check_carry,
            "dose": self._check_dose,
            "dose_powder": self._check_dose_powder,
            "cast": self._check_transfer,
            "transfer": self._check_transfer,
            "mix": self._check_mix,
            "wash": self._check_wash,
            "heat": self._check_heat,
            "warm": self._check_warm,
            "stir": self._check_speed,
            "measure": self._check_measure,
            "diffract": self._check_diffract,
        }

    def rehearse(self, samples: Sequence[Mapping[str, Any]], batch: int) -> list[Slot]:
        """Check each sample's tasks, then foretell the whole; no timetable if anything is wrong."""
        tasks_of = []
        for number, values in enumerate(samples, start=1):
            name = f"s{number:03d}"
            try:
                bound = self.protocol.bind(values)
                tasks = self._check_way(name, bound, self.inventory.allot(self.protocol), {})
                if number == 1:
                    self._check_other_ways(name, bound)
            except Refused as err:
                self._add(Finding("error", "", f"sample {number}: {err.what}", err.remedy, err.location))
                return []
            tasks_of.append(tasks)
        return [] if self.findings else self._foretell(tasks_of, batch)

    def _check_way(self, name: str, bound: Bound, allotted: Mapping[str, Standing], decisions: Decisions) -> list[Task]:
        """Check one sample's tasks on the way that its decisions take it."""
        for step in bound.path(decisions):
            self._location[step.name], self._verb[step.name] = step.location, step.step.verb
        tasks = build(name, bound, allotted, self.lab, decisions)
        for task in tasks:
            if task.skill in self._checks:
                self._checks[task.skill](task, name)
        self._check_temperatures(bound, decisions)
        return tasks

    def _check_other_ways(self, name: str, bound: Bound) -> None:
        """Check the ways on which one decision comes out otherwise than planned; nothing of a stock is counted."""
        used = deepcopy(self.inventory)
        for step in bound.assumed:
            if step.decision is not None:
                self._volume_ul.clear()
                allotted = Inventory(self.lab).allot(self.protocol)
                self._check_way(name, bound, allotted, {step.name: not step.decision.outcome})
        self.inventory = used
        self._volume_ul.clear()

    def _find(self, step: str, what: str, remedy: str, *path: str) -> None:
        """Note a finding about a step."""
        location = (*self._location[step], self._verb[step], *path) if step in self._location else ()
        self._add(Finding("error", step, what, remedy, location))

    def _add(self, finding: Finding) -> None:
        """Note a finding, unless another sample had the very same."""
        told = ((old.step, old.location, old.remedy) for old in self.findings)
        if (finding.step, finding.location, finding.remedy) not in told:
            self.findings.append(finding)

    def _check_carry(self, task: Task, sample: str) -> None:
        site = self.lab.sites[task.arguments["to"][0]]
        if site.holds is not None and site.holds != task.arguments["ware"]:
            what = f"{task.arguments['to'][0]} holds {site.holds}, not {task.arguments['ware']}"
            self._find(task.step, what, "Name a site that this vessel fits")

    def _check_dose(self, task: Task, sample: str) -> None:
        details = task.arguments
        ports = ports_of(self.lab, details["pipette"])
        for ink, volume_ul in details["volumes_ul"].items():
            if ink not in ports:
                self._find(
                    task.step, f"no valve port of {details['pipette']} is called {ink!r}", f"Use {', '.join(ports)}"
                )
            self._check_least(task, volume_ul, f"{ink}: ")
        self._fill(task, sample, details["vessel"], sum(details["volumes_ul"].values()))
        self._draw(task, sample, details["volumes_ul"])

    def _check_transfer(self, task: Task, sample: str) -> None:
        details = task.arguments
        self._check_there(task, sample, details["vessel"], "Dose more, or take less")
        self._volume_ul[sample, details["vessel"]] -= details["volume_ul"]
        self._fill(task, sample, details.get("film") or details["into"], details["volume_ul"])

    def _check_mix(self, task: Task, sample: str) -> None:
        self._check_there(task, sample, task.arguments["vessel"], "Dose more, or draw less")

    def _check_there(self, task: Task, sample: str, vessel: str, remedy: str) -> None:
        volume_ul = task.arguments["volume_ul"]
        self._check_least(task, volume_ul, "")
        there_ul = self._volume_ul.setdefault((sample, vessel), 0.0)
        if volume_ul > there_ul:
            what = f"volume_ul={volume_ul:g} is more than the {there_ul:g} µl in {vessel}"
            self._find(task.step, what, remedy, "volume_ul")

    def _check_dose_powder(self, task: Task, sample: str) -> None:
        details = task.arguments
        name = details["doser"]
        doser: Any = self.devices[name]
        if details["tolerance_mg"] < doser.min_tolerance_mg:
            self._find(task.step, f"tolerance_mg={details['tolerance_mg']:g} is finer than {name} can dose, "
                       f"{doser.min_tolerance_mg:g} mg", "Allow more", "tolerance_mg")  # fmt: skip
        for powder, mass_mg in details["masses_mg"].items():
            if powder not in doser.hoppers:
                self._find(task.step, f"{powder} is in no hopper of {name}", f"Use {', '.join(doser.hoppers)}")
            if not doser.min_mass_mg <= mass_mg <= doser.max_mass_mg:
                self._find(task.step, f"{powder}: {mass_mg:g} mg is outside what {name} can dose, {doser.min_mass_mg:g} to "
                           f"{doser.max_mass_mg:g} mg", "Leave the part out (leave_out_below), or change the mass")  # fmt: skip
        self.inventory.use_powders(details["masses_mg"])
        for powder in details["masses_mg"]:
            if self.inventory.left_mg(powder) < 0:
                needed_mg = self.inventory.powder_used_mg[powder]
                self._find(task.step, f"{powder} runs out at sample {int(sample[1:])} (needs {needed_mg / 1000:.2f} g by then, "
                           f"{self.lab.powders[powder].mass_g:g} g in store)", f"Refill {powder}, or make fewer samples")  # fmt: skip

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
        if len(details["segments"]) > furnace.max_segments:
            self._find(task.step, f"{len(details['segments'])} segments are more than {details['furnace']} takes, "
                       f"{furnace.max_segments}", "Leave some out", "segments")  # fmt: skip
        for to_c, rate_c_per_min, hold_min in details["segments"]:
            for quantity, value, low, high in (
                ("to_c", to_c, furnace.min_target_c, furnace.max_target_c),
                ("rate_c_per_min", rate_c_per_min, 0.1, furnace.max_rate_c_per_min),
                ("hold_min", hold_min, 0.0, furnace.max_dwell_min),
            ):
                if not low <= value <= high:
                    self._find(task.step, f"{quantity}={value:g} is outside what {details['furnace']} can do, {low:g} to {high:g}",
                               "Change the step or the parameter", quantity)  # fmt: skip
            if not keeps_dwell(furnace.dwell_step_min, hold_min):
                self._find(task.step, f"hold_min={hold_min:g} is no multiple of {furnace.dwell_step_min:g}, in which "
                           f"{details['furnace']} counts", "Round it", "hold_min")  # fmt: skip

    def _check_warm(self, task: Task, sample: str) -> None:
        details = task.arguments
        plate: Any = self.devices[details["plate"]]
        for to_c, _, _ in details["segments"]:
            if not plate.min_target_c <= to_c <= plate.max_target_c:
                self._find(task.step, f"to_c={to_c:g} is outside what {details['plate']} can do, {plate.min_target_c:g} to "
                           f"{plate.max_target_c:g}", "Change the step or the parameter", "to_c")  # fmt: skip
        if details["speed_rpm"]:
            self._check_speed(task, sample)

    def _check_speed(self, task: Task, sample: str) -> None:
        details = task.arguments
        plate: Any = self.devices[details["plate"]]
        if not plate.min_speed_rpm <= details["speed_rpm"] <= plate.max_speed_rpm:
            self._find(task.step, f"{details['speed_rpm']:g} rpm is outside what {details['plate']} can do, "
                       f"{plate.min_speed_rpm:g} to {plate.max_speed_rpm:g}", "Change the step or the parameter")  # fmt: skip

    def _check_temperatures(self, bound: Bound, decisions: Decisions) -> None:
        for step in bound.path(decisions):
            heat = step.step.heat
            if heat is not None:
                ware = self.lab.ware(self.protocol.vessels[heat.what].labware)
                hottest_c = max(to_c for to_c, _, _ in heat.programme())
                if hottest_c > ware.max_temperature_c:
                    self._find(step.name, f"to_c={hottest_c:g} is above what {ware.name} bears, "
                               f"{ware.max_temperature_c:g} °C", "Heat less, or use other labware", "to_c")  # fmt: skip

    def _check_measure(self, task: Task, sample: str) -> None:
        meter: Any = self.devices[task.arguments["meter"]]
        for quantity, limit in (("current_a", meter.max_current_a), ("compliance_v", meter.max_voltage_v)):
            if task.arguments[quantity] > limit:
                self._find(task.step, f"{quantity}={task.arguments[quantity]:g} is more than {task.arguments['meter']} "
                           f"may give, {limit:g}", "Lower it", quantity)  # fmt: skip
        if task.arguments["thickness_mm"] <= 0:
            self._find(task.step, "there is no film on this vessel: nothing was cast on it", "Cast before measuring")

    def _check_diffract(self, task: Task, sample: str) -> None:
        details = task.arguments
        device: Any = self.devices[details["diffractometer"]]
        for quantity in ("start_deg", "end_deg"):
            if not device.min_angle_deg <= details[quantity] <= device.max_angle_deg:
                self._find(task.step, f"{quantity}={details[quantity]:g} is outside what {details['diffractometer']} can do, "
                           f"{device.min_angle_deg:g} to {device.max_angle_deg:g}", "Change it", quantity)  # fmt: skip

    def _foretell(self, tasks_of: Sequence[list[Task]], batch: int) -> list[Slot]:
        arm: Any = self.devices[device_of(self.lab, ArmSettings)]
        dispatcher = Dispatcher(lambda task: expected_s(task, self.lab, arm))
        for number, start in enumerate(range(0, len(tasks_of), batch), start=1):
            group = tasks_of[start : start + batch]
            dispatcher.add(join_batches(group, f"b{number:02d}", self._chamber_places), 0.0)
        try:
            timetable = dispatcher.foretell(0.0)
        except Circle as err:
            self._find(err.step, err.what, err.remedy)
            return []
        slots = {slot.task.id: slot for slot in timetable}
        for slot in timetable:
            for head in slot.task.after_lag:
                lag_s = slot.start_s - slots[head].end_s
                assert slot.task.within_s is not None
                if lag_s > slot.task.within_s:
                    self._find(slot.task.step, f"begins {lag_s / 60:.0f} min after {slots[head].task.step}, within_min allows "
                               f"{slot.task.within_s / 60:g}", "Allow more time, or make smaller batches")  # fmt: skip
        return timetable
