"""Powder dosers: powders fall into a vessel, one after the other."""

from collections.abc import Mapping
from typing import Any

from planning.skills.job import Job
from robot.config import PowderDoserSettings
from robot.interfaces import PowderDoserState

DOSING_S = 90.0
"""One powder, door and settling included: assumed until the bench has shown it."""


async def dose_powder(job: Job) -> Mapping[str, Any]:
    """Dose each powder in turn; what its load cell says has fallen is what is believed.

    Of a dose that an earlier engine saw to its end only the target is known here.
    """
    details = job.task.arguments
    doser = details["doser"]
    settings = job.lab.devices[doser]
    assert isinstance(settings, PowderDoserSettings)
    hopper_of = {powder: hopper for hopper, powder in settings.hoppers.items()}
    made_mg: dict[str, float] = {}
    for powder, mass_mg in details["masses_mg"].items():
        await job.do(doser, "start_dosing", DOSING_S, hopper=hopper_of[powder], target_mg=mass_mg,
                     tolerance_mg=details["tolerance_mg"])  # fmt: skip
        made_mg[powder] = mass_mg
        if not job.next_is_begun():
            state: PowderDoserState = await job.bench.read(doser)
            made_mg[powder] = mass_mg if state.dispensed_mg is None else state.dispensed_mg
        job.write("dosed", device=doser, powder=powder, target_mg=mass_mg, mass_mg=made_mg[powder])
    return {"masses_mg": made_mg}
