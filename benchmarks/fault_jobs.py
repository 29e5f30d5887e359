"""What the film bench has no use for, each device with a small job of its own on a bench of the conformance suites."""

import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

import anyio
import numpy as np

from hardware_sim.clock import VirtualClock
from hardware_sim.emulators.catalog import emulator_for
from hardware_sim.emulators.gantry_pipette import GantryPipetteEmulator
from hardware_sim.emulators.opentrons_ot2 import OpentronsOT2Emulator
from hardware_sim.fault_plan import parse_faults, sufferers
from hardware_sim.faults import Fault, ailments_of
from hardware_sim.laboratory import Laboratory
from planning.bench import Bench, call_inline
from planning.errors import Disappointed, InDoubt, NotCompleted, Refused
from planning.interlocks import Interlocks
from planning.inventory import Inventory
from planning.journal import Event, Journal
from planning.past import past_commands
from planning.recovery import decide
from planning.rules import Act
from planning.skills import SKILLS
from planning.skills.job import Job
from planning.task import Task
from planning.troubles import trouble_of
from robot.config import LabConfig
from robot.device_settings import CavroSettings
from robot.errors import DeviceError
from robot.fleet import open_fleet
from robot.settings import parts_of

BENCHES = Path(__file__).parent.parent / "tests" / "conformance" / "benches"
TASK = "job"
AT_ONCE = ("short-aspirate", "missing-tip")
NEXT = ("refusal", "busy")
"""What befalls the command that comes next."""
STOPS = {"stop", "reset", "stop heater", "stop motor"}
"""Acts that harm nobody when they come twice."""
PLACES = (0.5, 0.25, 0.75)
"""Of all that the device hears in its job."""
WAITS_S = 900.0
"""For a cable, a busy device, a balance that never rests: more than all of them together in one job."""

Believed = float
"""What the job takes to be in a vessel, or to have been found; its truth is asked of the laboratory."""


@dataclass(frozen=True, eq=False)
class Errand:
    """A device's small job."""

    bench: str
    device: str
    skill: str
    arguments: Mapping[str, Any]
    run: Callable[[Job], Awaitable[Believed]]
    is_true: Callable[[Believed, Laboratory], bool]
    after_s: float = 0.5
    """How long after a command it is struck."""

    @property
    def lab(self) -> LabConfig:
        """The bench it is done on."""
        return LabConfig.load(BENCHES / f"{self.bench}.yaml")


@dataclass
class Done:
    """How a job went."""

    error: Exception | None
    events: list[Event]
    hours: float
    acts: Counter[str]
    requests: Counter[str]
    struck: list[str] = field(default_factory=list)
    is_mistaken: bool = False
    """Did it end well in its own eyes, and not in truth?"""


async def _dose(job: Job) -> Believed:
    await job.do("oem_pump", "start_initialising", 4.0, waste_port=9)
    return float(sum((await SKILLS["dose"](job))["volumes_ul"].values()))


async def _push(job: Job) -> Believed:
    for level_ul in (3700.0, 3400.0, 3000.0):
        await job.do("syringe", "start_moving_plunger", 8.0, to_volume_ul=level_ul, flow_ul_per_s=50.0)
    return 1000.0


async def _pipette(job: Job, vial: str, volume_ul: float) -> Believed:
    name = job.task.arguments["pipette"]
    ports = job.bench.devices[name].ports  # type: ignore[attr-defined]
    await job.do(name, "start_initialising", 60.0, waste_port=ports["waste"])
    await job.do(name, "start_taking_tip", 20.0, number=0)
    for port, level_ul in (("ink", volume_ul), (vial, 0.0)):
        await job.do(name, "start_turning_valve", 20.0, port=ports[port])
        await job.do(name, "start_moving_plunger", 10.0, to_volume_ul=level_ul, flow_ul_per_s=50.0)
    await job.do(name, "start_dropping_tip", 20.0)
    return volume_ul


async def _weigh(job: Job) -> Believed:
    for _ in range(3):
        found = await SKILLS["weigh"](job)
        await job.bench.sleep(60.0)
    return float(found["mass_mg"])


async def _warm(job: Job) -> Believed:
    await SKILLS["warm"](job)
    return 0.0


async def _dose_powder(job: Job) -> Believed:
    return float(sum((await SKILLS["dose_powder"](job))["masses_mg"].values()))


async def _handle(job: Job) -> Believed:
    await job.do("handler", "start_shaking", 30.0, duration_s=30.0, speed_rpm=300.0)
    await job.do("handler", "start_transferring", 60.0, target_mg=200.0)
    return float((await job.bench.read("handler")).gained_mg)


async def _open_and_close(job: Job) -> Believed:
    """Close a vial, open it and close it again, twice; 1 is closed."""
    for _ in range(2):
        await SKILLS["cap"](job)
        await SKILLS["uncap"](job)
    await SKILLS["cap"](job)
    return 1.0


async def _diffract(job: Job) -> Believed:
    await job.do("diffractometer", "start_opening_door", 5.0)
    return float((await SKILLS["diffract"](job))["share"])


Truth = Callable[[Believed, Laboratory], bool]


def _holds_ul(site: str, tolerance_ul: float) -> Truth:
    """Is as much liquid there as is believed, and no tip left on any nozzle?"""

    def is_true(believed: Believed, laboratory: Laboratory) -> bool:
        there_ul = sum(each.contents.volume_ul for each in laboratory.world.bench.spot(site).vessels)
        return abs(there_ul - believed) <= tolerance_ul and not _wears_a_tip(laboratory)

    return is_true


def _wears_a_tip(laboratory: Laboratory) -> bool:
    tipper, handler = laboratory.emulator("tipper"), laboratory.emulator("handler")
    assert isinstance(tipper, GantryPipetteEmulator)
    assert isinstance(handler, OpentronsOT2Emulator)
    return tipper.nozzle.tip is not None or handler.tip_is_on


def _holds_mg(site: str, tolerance_mg: float) -> Truth:
    """Is as much powder there as is believed?"""

    def is_true(believed: Believed, laboratory: Laboratory) -> bool:
        there_mg = sum(each.powder.mass_mg for each in laboratory.world.bench.spot(site).vessels)
        return abs(there_mg - believed) <= tolerance_mg

    return is_true


def _weighs(believed: Believed, laboratory: Laboratory) -> bool:
    """Has the vial that stood on the balance when it was switched on become so much heavier?"""
    vessels = laboratory.world.bench.spot("scale").vessels
    return abs(sum(laboratory.world.weight_mg(each) - each.ware.mass_mg for each in vessels) - believed) <= 2.0


def _is_off(_: Believed, laboratory: Laboratory) -> bool:
    return not laboratory.emulator("hotplate").state()["is_heating"]


def _is_closed(believed: Believed, laboratory: Laboratory) -> bool:
    return all((each.cap == "tight") == bool(believed) for each in laboratory.world.bench.spot("clamp").vessels)


def _is_in_the_holder(believed: Believed, _: Laboratory) -> bool:
    """What the bench's file says of the sample: 90 of 150 mg."""
    return abs(believed - 0.6) <= 0.1


ERRANDS = (
    Errand("liquids", "oem_pump", "dose", {"pipette": "oem_pump", "volumes_ul": {"ink": 900.0, "water": 600.0},
           "line": "vial", "as_made": {}}, _dose, _holds_ul("scale", 25.0)),
    Errand("liquids", "syringe", "dose", {}, _push, _holds_ul("plate", 25.0)),
    Errand("liquids", "handler", "dose", {"pipette": "handler"}, lambda job: _pipette(job, "vial", 200.0),
           _holds_ul("deck", 10.0)),
    Errand("liquids", "tipper", "dose", {"pipette": "tipper"}, lambda job: _pipette(job, "vial_0", 500.0),
           _holds_ul("tray", 15.0)),
    Errand("liquids", "balance", "weigh", {"balance": "balance", "vessel": "vial", "expectation": None,
           "quantity": "mass_mg"}, _weigh, _weighs),
    Errand("liquids", "hotplate", "warm", {"plate": "hotplate", "speed_rpm": 300, "segments": [[60.0, 10.0, 10.0]]},
           _warm, _is_off, after_s=120.0),
    Errand("powders", "doser", "dose_powder", {"doser": "doser", "masses_mg": {"li2co3": 50.0, "mno": 30.0},
           "tolerance_mg": 1.0}, _dose_powder, _holds_mg("chute", 2.0)),
    Errand("handlers", "handler", "dose_powder", {}, _handle, _holds_mg("funnel", 5.0)),
    Errand("cappers", "capper", "cap", {"capper": "capper", "vessel": "vial"}, _open_and_close, _is_closed, after_s=4.0),
    Errand("diffraction", "diffractometer", "diffract", {"diffractometer": "diffractometer", "start_deg": 10.0,
           "end_deg": 70.0, "step_deg": 0.05, "seconds_per_step": 0.2, "phases": ["LiMn2O4", "Mn2O3", "Li2MnO3"],
           "of": "LiMn2O4", "quantity": "share"}, _diffract, _is_in_the_holder),
)  # fmt: skip


def conducted(errand: Errand, faults: tuple[Fault, ...] = ()) -> Done:
    """Do a device's job, while something befalls it."""
    lab, clock = errand.lab, VirtualClock()
    laboratory = Laboratory(lab, clock, seed=7, faults=faults)
    with tempfile.TemporaryDirectory() as temporary, open_fleet(lab, _lines(laboratory)) as fleet:
        fleet.devices[errand.device].connect()
        if errand.device == "syringe":
            fleet.devices["syringe"].declare_filled()  # type: ignore[attr-defined]
        with Journal(Path(temporary) / "journal.db", clock) as journal:
            task = Task(TASK, ("s001",), errand.skill, errand.skill, errand.arguments, frozenset())
            job = Job(
                task,
                Bench(fleet.devices, journal, clock, Interlocks(lab), call_inline, reconnect=fleet.reconnect),
                lab,
                Inventory(lab),
                eyes=None,
            )
            ended: list[Believed | Exception] = []
            anyio.run(_attempt, errand, job, ended, backend_options={"loop_factory": clock.new_event_loop})
            fleet.make_all_safe()
            events = list(journal.events())
    (end,) = ended
    error = end if isinstance(end, Exception) else None
    laboratory.state()
    is_mistaken = not isinstance(end, Exception) and not errand.is_true(end, laboratory)
    laboratory.close()
    return Done(
        error, events, clock.now_s() / 3600, Counter(laboratory.counts()[errand.device]), laboratory.requests.copy(),
        [str(effect["kind"]) for effect in laboratory.effects if effect["effect"] == "fault"],
        is_mistaken,
    )  # fmt: skip


async def _attempt(errand: Errand, job: Job, ended: list[Believed | Exception]) -> None:
    try:
        ended.append(await errand.run(job))
    except (Disappointed, InDoubt, NotCompleted, Refused, DeviceError) as err:
        ended.append(err)


def _lines(laboratory: Laboratory) -> Callable[..., Any]:
    return lambda name, settings, channel: laboratory.port(name, channel)


@cache
def undisturbed(errand: Errand) -> Done:
    """The same job, and all is well."""
    return conducted(errand)


def decided(errand: Errand, done: Done) -> str:
    """What the executor would do next."""
    if done.error is None:
        kinds = {event.kind for event in done.events}
        return "asked, went on" if "resolved" in kinds else "waited, went on" if "not_taken" in kinds else "went on"
    task = Task(TASK, ("s001",), errand.skill, errand.skill, errand.arguments, frozenset())
    past = {number: each for (_, number), each in past_commands(done.events).items()}
    act = decide(trouble_of(done.error, task, past), (), {}).act
    can_be_emptied = isinstance(errand.lab.devices[errand.device], CavroSettings)
    return (Act.STOP if act is Act.EMPTY and not can_be_emptied else act).value


def repeated(errand: Errand, done: Done) -> int:
    """Acts beyond those of the undisturbed job."""
    usual = undisturbed(errand).acts
    return sum(max(count - usual[act], 0) for act, count in done.acts.items() if act not in STOPS)


def limit_h(errand: Errand) -> float:
    """When a job must have ended, whatever happened."""
    return 3 * undisturbed(errand).hours + WAITS_S / 3600


def blows(errand: Errand) -> Iterator[tuple[str, str, str]]:
    """What can befall an errand's device: the kind, whom it strikes, that device's model or its part's."""
    settings = errand.lab.devices[errand.device]
    models = {part: each.model for part, each in parts_of(settings).items()}
    for struck, kinds in sufferers(errand.lab).items():
        name, _, part = struck.partition("/")
        if name == errand.device:
            model = settings.model if not part else f"{settings.model}/{part}"
            assert not part or part in models
            yield from ((kind, struck, model) for kind in kinds)


def planned(errand: Errand, kind: str, struck: str, place: int) -> tuple[Fault, ...]:
    """One blow, in the midst of the job or at another of its `PLACES`."""
    usual, lab = undisturbed(errand), errand.lab
    settings, part = lab.devices[errand.device], struck.partition("/")[2]
    suffering = ailments_of(emulator_for(parts_of(settings).get(part, settings))).get(kind)
    is_act = kind == "lost-reply" or (suffering is not None and suffering.counts == "acts")
    acts = sum(count for act, count in usual.acts.items() if act not in STOPS)
    nth = 1 if kind in AT_ONCE else max(ceil((acts if is_act else usual.requests[struck]) * PLACES[place]), 1)
    after = "" if suffering is None else "+0" if kind in NEXT else f"+{errand.after_s:g}"
    return parse_faults(f"{kind}@{struck}:{nth}{after}", np.random.default_rng(0), lab)
