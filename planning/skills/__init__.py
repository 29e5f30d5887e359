"""How each kind of task is done with device calls, and how long it should take."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from planning.commands import HOMING_S
from planning.skills.arm import carry, carry_s
from planning.skills.diffraction import diffract, scan_s
from planning.skills.heating import COOLING_S, cool, heat, heat_s, stir, warm, warm_s
from planning.skills.job import Eyes, Job
from planning.skills.liquids import dose, mix, pump_s, transfer, wash
from planning.skills.observing import look, measure, weigh
from planning.skills.powders import DOSING_S, dose_powder, shake, shake_s, tap_s, transfer_powder
from planning.skills.waiting import ask, decide, wait
from planning.task import Task
from robot.config import ArmSettings, CavroSettings, LabConfig
from robot.interfaces import Device

__all__ = ["ENDS_WITH_LAST_COMMAND", "SKILLS", "Eyes", "Job", "expected_s", "prepare"]

INITIALISING_S = 4.0
"""Fact sheet of the Cavro pumps: 2 to 4 s."""
READING_S = 3.0
"""A picture, or a few readings."""
WEIGHING_S = 10.0
"""Until a balance is at rest: assumed."""
ANSWERING_S = 600.0
"""Until a person has answered: assumed."""

SKILLS: dict[str, Callable[[Job], Awaitable[Mapping[str, Any]]]] = {
    **{
        skill.__name__: skill
        for skill in (
            carry, dose, dose_powder, shake, transfer_powder, transfer, mix, wash, heat, warm, stir, cool, look, weigh,
            measure, diffract, wait, ask, decide,
        )
    },
    "cast": transfer,
}  # fmt: skip

ENDS_WITH_LAST_COMMAND = frozenset(
    {"carry", "dose", "dose_powder", "cast", "transfer", "transfer_powder", "mix", "shake", "wash"}
)
"""The other tasks go on when their devices have been told all: something is waited for, watched or worked out."""


async def prepare(job: Job) -> None:
    """Bring arms and pipettes to their home: the arm sweeps, the pipette empties itself into the waste."""
    for name, settings in job.lab.devices.items():
        if isinstance(settings, ArmSettings):
            await job.do(name, "start_homing", HOMING_S)
        elif isinstance(settings, CavroSettings):
            await empty(job, name, settings)


async def empty(job: Job, pump: str, settings: CavroSettings) -> None:
    """Let a pump find its home; what it holds goes into the waste."""
    waste = next(port for port, line in settings.valve.items() if line == settings.waste)
    await job.do(pump, "start_initialising", INITIALISING_S, waste_port=waste)


def expected_s(task: Task, lab: LabConfig, devices: Mapping[str, Device]) -> float:
    """How long a task should take on this bench."""
    details = task.arguments
    match task.skill:
        case "carry":
            return carry_s(task, lab, devices)
        case "dose":
            volumes_ul: Iterable[float] = details["volumes_ul"].values()
            return sum(pump_s(lab, details["pipette"], volume_ul) for volume_ul in volumes_ul)
        case "cast" | "transfer":
            return pump_s(lab, details["pipette"], details["volume_ul"])
        case "wash" | "mix":
            return int(details["cycles"]) * pump_s(lab, details["pipette"], details["volume_ul"])
        case "shake":
            return shake_s(task)
        case "transfer_powder":
            return tap_s(task)
        case "dose_powder":
            return DOSING_S * len(details["masses_mg"])
        case "heat":
            return heat_s(task, lab)
        case "warm":
            return warm_s(task)
        case "cool":
            return COOLING_S
        case "wait" | "stir":
            return float(details["for_s"])
        case "diffract":
            return scan_s(task)
        case "weigh":
            return WEIGHING_S
        case "ask":
            return min(ANSWERING_S, details["time_out_s"] or ANSWERING_S)
        case "decide":
            return 0.0
        case _:
            return READING_S
