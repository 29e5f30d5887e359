"""What the film bench has no use for, each device with a small job of its own on a bench of the conformance suites."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hardware_sim.emulators.gantry_pipette import GantryPipetteEmulator
from hardware_sim.emulators.opentrons_ot2 import OpentronsOT2Emulator
from hardware_sim.laboratory import Laboratory
from planning.skills import SKILLS
from planning.skills.job import Job
from robot.config import LabConfig

BENCHES = Path(__file__).parent.parent / "tests" / "conformance" / "benches"

Believed = float
"""What a job takes to be in a vessel, or to have been found; its truth is asked of the laboratory."""
Truth = Callable[[Believed, Laboratory], bool]


@dataclass(frozen=True, eq=False)
class Errand:
    """A device's small job."""

    bench: str
    device: str
    skill: str
    arguments: Mapping[str, Any]
    run: Callable[[Job], Awaitable[Believed]]
    is_true: Truth
    after_s: float = 0.5
    """How long after a command it is struck."""

    @property
    def lab(self) -> LabConfig:
        """The bench it is done on."""
        return LabConfig.load(BENCHES / f"{self.bench}.yaml")


async def _dose(job: Job) -> Believed:
    await job.do("oem_pump", "start_initialising", 4.0, waste_port=9)
    return float(sum((await SKILLS["dose"](job))["volumes_ul"].values()))


async def _push(job: Job) -> Believed:
    job.bench.devices["syringe"].declare_filled()  # type: ignore[attr-defined]
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
