"""Cappers: vessels are closed and opened."""

from collections.abc import Mapping
from typing import Any

from planning.errors import CapFailed, InDoubt, NotCompleted
from planning.past import past_of
from planning.skills.job import Job
from robot.device_settings import VialCapperSettings
from robot.interfaces import CapperState

CAPPING_S, UNCAPPING_S = 9.0, 6.0
"""Fetching a cap included: assumed until the bench has shown it."""
AS_BEFORE = {"slipped": "open", "no-cap": "open", "stuck": "capped"}
"""Endings after which a vessel is what it was before the order, and what that is."""


async def cap(job: Job) -> Mapping[str, Any]:
    """Screw a fresh cap on."""
    settings = job.lab.devices[job.task.arguments["capper"]]
    assert isinstance(settings, VialCapperSettings)
    await _turn(job, "start_capping", CAPPING_S, closes=True, torque_mnm=settings.torque_mnm)
    return {}


async def uncap(job: Job) -> Mapping[str, Any]:
    """Screw the cap off; it is thrown away."""
    await _turn(job, "start_uncapping", UNCAPPING_S, closes=False)
    return {}


async def _turn(job: Job, verb: str, expected_s: float, *, closes: bool, **arguments: Any) -> None:
    """Turn a cap, and write down whether one is on by then; None: nobody knows how it sits.

    Raises:
        CapFailed: it did not go on, or come off, and the vessel is as it was before.
    """
    capper = job.task.arguments["capper"]
    try:
        await job.do(capper, verb, expected_s, **arguments)
    except (NotCompleted, InDoubt) as err:
        is_as_before = isinstance(err, NotCompleted) and await _is_as_before(job, capper)
        _note(job, not closes if is_as_before else None)
        if is_as_before:
            raise CapFailed(capper, err.what) from err
        raise
    _note(job, closes)


def _note(job: Job, is_on: bool | None) -> None:
    job.write("cap", device=job.task.arguments["capper"], vessel=job.task.arguments["vessel"], is_on=is_on)


async def _is_as_before(job: Job, capper: str) -> bool:
    """Did the order that just failed leave everything as it was, as far as the capper sees?"""
    past = past_of(job.task.id, job.bench.journal.events())[job.commands]
    state: CapperState = await job.bench.read(capper)
    is_ours = past.accepted and state.order == past.before["order"] + 1
    return is_ours and AS_BEFORE.get(state.ending) == state.vessel
