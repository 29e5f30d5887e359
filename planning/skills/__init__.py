"""How each kind of task is done with device calls, and how long it should take."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from planning.commands import HOMING_S
from planning.errors import Refused
from planning.skills.arm import carry, carry_s
from planning.skills.capping import CAPPING_S, UNCAPPING_S, cap, uncap
from planning.skills.diffraction import diffract, scan_s
from planning.skills.heating import COOLING_S, cool, heat, heat_s, stir, warm, warm_s
from planning.skills.job import Eyes, Job
from planning.skills.liquids import dose, drop_tip_left_on, liquid_s, mix, transfer_liquid, wash
from planning.skills.observing import look, measure, weigh
from planning.skills.powders import DOSING_S, dose_powder, shake, shake_s, tap_s, transfer_powder
from planning.skills.waiting import ask, decide, wait
from planning.task import Task
from robot.config import LabConfig
from robot.device_settings import ArmSettings
from robot.interfaces import Device, Pipette, SyringeState
from robot.liquid_handlers import LiquidHandlerSettings, PipetteSettings, TipPipetteSettings

__all__ = ["ENDS_WITH_LAST_COMMAND", "SKILLS", "Eyes", "Job", "empty_after_loss", "expected_s", "prepare"]

INITIALISING_S = {"valve": 4.0, "tip": 10.0, "dip": 20.0}
"""Fact sheet of the Cavro pumps: 2 to 4 s. What homes axes, too, takes longer: assumed."""
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
            carry, dose, dose_powder, shake, transfer_powder, mix, wash, heat, warm, stir, cool, look, weigh,
            measure, diffract, cap, uncap, wait, ask, decide,
        )
    },
    "cast": transfer_liquid,
    "transfer": transfer_liquid,
}  # fmt: skip

ENDS_WITH_LAST_COMMAND = frozenset(
    {"carry", "dose", "dose_powder", "cast", "transfer", "transfer_powder", "mix", "shake", "wash", "cap", "uncap"}
)
"""The other tasks go on when their devices have been told all: something is waited for, watched or worked out."""


async def prepare(job: Job) -> None:
    """Bring arms and pipettes to their home: the arm sweeps, the pipette empties itself into the waste.

    Of a syringe that has forgotten what it holds the lab file is believed.
    """
    for name, settings in job.lab.devices.items():
        match settings:
            case _ if isinstance(settings, ArmSettings):
                await job.do(name, "start_homing", HOMING_S)
            case PipetteSettings():
                await empty(job, name, settings)
            case LiquidHandlerSettings():
                state: SyringeState = await job.bench.read(name)
                await job.do_if(not state.initialised, name, "declare_filled")


async def empty(job: Job, pump: str, settings: PipetteSettings) -> None:
    """Let a pump find its home; what it holds goes into the waste, and its tip to the other tips."""
    if isinstance(settings, TipPipetteSettings):
        await drop_tip_left_on(job, pump)
    pipette: Pipette = job.bench.devices[pump]  # type: ignore[assignment]
    expected_s = INITIALISING_S[settings.way]
    await job.do(pump, "start_initialising", expected_s, waste_port=pipette.ports[settings.waste_line])


async def empty_after_loss(job: Job, pump: str, settings: PipetteSettings) -> None:
    """Empty a pump that has lost its home under way.

    Raises:
        Refused: nobody knows whether it wears a tip.
    """
    if isinstance(settings, TipPipetteSettings) and (await job.bench.read(pump)).has_tip is None:
        raise Refused(f"nobody knows whether {pump} wears a tip", "Take it off by hand, then resume")
    await empty(job, pump, settings)


def expected_s(task: Task, lab: LabConfig, devices: Mapping[str, Device]) -> float:
    """How long a task should take on this bench."""
    details = task.arguments
    match task.skill:
        case "carry":
            return carry_s(task, lab, devices)
        case "dose" | "cast" | "transfer" | "wash" | "mix":
            return liquid_s(task, lab, devices)
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
        case "cap":
            return CAPPING_S
        case "uncap":
            return UNCAPPING_S
        case "weigh":
            return WEIGHING_S
        case "ask":
            return min(ANSWERING_S, details["time_out_s"] or ANSWERING_S)
        case "decide":
            return 0.0
        case _:
            return READING_S
