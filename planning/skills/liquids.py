"""Pipettes: liquids are drawn and pushed out."""

from collections.abc import Mapping
from math import ceil
from typing import Any

from planning.skills.job import Job
from robot.config import CavroSettings, LabConfig

VALVE_S = 1.0
"""A turn of a distribution valve, and the settling of what it moved; assumed."""


async def _pump(job: Job, pipette: str, source: str, to: str, volume_ul: float) -> None:
    """Draw from one port and push out of another, in as many equal strokes as the syringe needs."""
    settings = job.lab.devices[pipette]
    assert isinstance(settings, CavroSettings)
    ports = {name: port for port, name in settings.valve.items()}
    strokes = ceil(volume_ul / settings.syringe_ul)
    stroke_ul = volume_ul / strokes
    expected_s = stroke_ul / settings.flow_ul_per_s
    for _ in range(strokes):
        for line, level_ul in ((source, stroke_ul), (to, 0.0)):
            await job.do(pipette, "start_turning_valve", VALVE_S / 2, port=ports[line])
            await job.do(pipette, "start_moving_plunger", expected_s, to_volume_ul=round(level_ul, 3),
                         flow_ul_per_s=settings.flow_ul_per_s)  # fmt: skip


def pump_s(lab: LabConfig, pipette: str, volume_ul: float) -> float:
    """How long it takes to draw a volume and push it out again."""
    settings = lab.devices[pipette]
    assert isinstance(settings, CavroSettings)
    strokes = ceil(volume_ul / settings.syringe_ul)
    return 2 * (strokes * VALVE_S + volume_ul / settings.flow_ul_per_s)


async def dose(job: Job) -> Mapping[str, Any]:
    """Dose each liquid in turn into the vessel."""
    details = job.task.arguments
    for ink, volume_ul in details["volumes_ul"].items():
        await _pump(job, details["pipette"], ink, details["line"], volume_ul)
    made = {"as_made": details["as_made"]} if details["as_made"] else {}
    return made | {"volumes_ul": details["volumes_ul"]}


async def transfer(job: Job) -> Mapping[str, Any]:
    """Draw from one vessel and push out into another, or on the plate under the nozzle."""
    details = job.task.arguments
    await _pump(job, details["pipette"], details["line"], details["nozzle"], details["volume_ul"])
    return {}


async def mix(job: Job) -> Mapping[str, Any]:
    """Draw from a vessel and push back, several times."""
    details = job.task.arguments
    for _ in range(details["cycles"]):
        await _pump(job, details["pipette"], details["line"], details["line"], details["volume_ul"])
    return {}


async def wash(job: Job) -> Mapping[str, Any]:
    """Rinse syringe and lines into the waste."""
    details = job.task.arguments
    for _ in range(details["cycles"]):
        await _pump(job, details["pipette"], details["liquid"], details["to"], details["volume_ul"])
    return {"volumes_ul": {details["liquid"]: details["volume_ul"] * details["cycles"]}}
