"""Powder dosers and handlers: powders fall into vessels, are shaken, and tapped over from one into another."""

from collections.abc import Mapping
from typing import Any

from planning.errors import DoseShort, NotCompleted
from planning.past import past_of
from planning.skills.job import Job
from planning.task import Task
from robot.device_settings import PowderDoserSettings
from robot.interfaces import PowderDoserState, PowderHandlerState

DOSING_S = 90.0
"""One powder, door and settling included: assumed until the bench has shown it."""
HANDLING_S = 5.0
"""Doors and weighing around a shake or a transfer: assumed."""
TAPPING_MG_PER_S = 5.0
"""How fast powder is tapped over, a cake that was broken: assumed."""


async def dose_powder(job: Job) -> Mapping[str, Any]:
    """Dose each powder in turn; what its load cell says has fallen is what is believed.

    Of a dose that an earlier engine saw to its end only the target is known here. When the task is done again, only
    what is missing is dosed.

    Raises:
        DoseShort: a dose ended too early, and its load cell says how much fell.
    """
    details = job.task.arguments
    made_mg = _fallen_mg(job) if job.attempt else {}
    for powder, wanted_mg in details["masses_mg"].items():
        rest_mg = round(wanted_mg - made_mg.get(powder, 0.0), 3)
        if not job.attempt or rest_mg > details["tolerance_mg"]:
            made_mg[powder] = made_mg.get(powder, 0.0) + await _dose(job, powder, rest_mg)
    return {"masses_mg": made_mg}


async def _dose(job: Job, powder: str, mass_mg: float) -> float:
    """Let powder fall; return how much did."""
    details = job.task.arguments
    doser, settings = details["doser"], job.lab.devices[details["doser"]]
    assert isinstance(settings, PowderDoserSettings)
    hopper_of = {name: hopper for hopper, name in settings.hoppers.items()}
    try:
        await job.do(doser, "start_dosing", DOSING_S, hopper=hopper_of[powder], target_mg=mass_mg,
                     tolerance_mg=details["tolerance_mg"])  # fmt: skip
    except NotCompleted as err:
        fallen_mg = await _fallen_short_mg(job, doser)
        if fallen_mg is None:
            raise
        job.write("dosed", device=doser, powder=powder, target_mg=mass_mg, mass_mg=fallen_mg)
        raise DoseShort(doser, f"{err.what}; {fallen_mg:.1f} of {mass_mg:.1f} mg {powder} fell") from err
    fallen_mg = mass_mg
    if not job.next_is_begun():
        state: PowderDoserState = await job.bench.read(doser)
        fallen_mg = mass_mg if state.dispensed_mg is None else state.dispensed_mg
    job.write("dosed", device=doser, powder=powder, target_mg=mass_mg, mass_mg=fallen_mg)
    return fallen_mg


async def _fallen_short_mg(job: Job, doser: str) -> float | None:
    """What the dose that just failed let fall, if it began, fell short, and its load cell knows."""
    past = past_of(job.task.id, job.bench.journal.events())[job.commands]
    state: PowderDoserState = await job.bench.read(doser)
    is_ours = past.accepted and state.dose == past.before["dose"] + 1
    fell_short = state.ending not in ("none", "running", "done", "over")
    return state.dispensed_mg if is_ours and fell_short else None


def _fallen_mg(job: Job) -> dict[str, float]:
    """What the earlier attempts at this task let fall; an engine that came back may have told of a dose once more."""
    attempts: list[dict[str, float]] = [{}]
    for event in job.bench.journal.events():
        if event.task == job.task.id and event.kind == "dosed":
            attempts[-1].setdefault(event.data["powder"], event.data["mass_mg"])
        elif event.task == job.task.id and event.kind == "retried":
            attempts.append({})
    powders = dict.fromkeys(powder for attempt in attempts for powder in attempt)
    return {powder: sum(attempt.get(powder, 0.0) for attempt in attempts[:-1]) for powder in powders}


async def shake(job: Job) -> Mapping[str, Any]:
    """Shake what stands on the handler's first place."""
    details = job.task.arguments
    await job.do(details["handler"], "start_shaking", shake_s(job.task), duration_s=details["for_s"],
                 speed_rpm=details["speed_rpm"])  # fmt: skip
    return {}


def shake_s(task: Task) -> float:
    """How long a shake takes."""
    return HANDLING_S + float(task.arguments["for_s"])


async def transfer_powder(job: Job) -> Mapping[str, Any]:
    """Tap powder over, and write down how much came as far as the load cell tells."""
    details = job.task.arguments
    await job.do(details["handler"], "start_transferring", tap_s(job.task), target_mg=details["mass_mg"])
    state: PowderHandlerState = await job.bench.read(details["handler"])
    job.write("transferred", device=details["handler"], vessel=details["vessel"], into=details["into"],
              target_mg=details["mass_mg"], gained_mg=state.gained_mg)  # fmt: skip
    return {}


def tap_s(task: Task) -> float:
    """How long it takes until enough has come over."""
    return HANDLING_S + float(task.arguments["mass_mg"]) / TAPPING_MG_PER_S
