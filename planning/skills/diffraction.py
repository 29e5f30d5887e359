"""Diffractometers: a powder's pattern is taken, and phases are found in it."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from planning.errors import NotTrusted
from planning.skills.job import Job
from planning.task import Task
from robot.device_settings import PowderDiffractometerSettings
from robot.diffraction import CARDS, PhaseFractions, fit_phases
from robot.interfaces import DiffractometerState, Pattern

DOOR_S = 5.0
"""Until a door is open or closed: assumed until the bench has shown it."""


async def open_doors(job: Job, *sites: str) -> None:
    """Open what stands shut around places that an arm is to reach."""
    for inside in dict.fromkeys(job.lab.sites[site].inside for site in sites):
        if inside is not None and isinstance(job.lab.devices[inside], PowderDiffractometerSettings):
            await job.do(inside, "start_opening_door", DOOR_S)


async def diffract(job: Job) -> Mapping[str, Any]:
    """Scan behind a closed door, fetch the pattern, fit the phases."""
    details = job.task.arguments
    device = details["diffractometer"]
    figures = {name: details[name] for name in ("start_deg", "end_deg", "step_deg", "seconds_per_step")}
    await job.do(device, "start_closing_door", DOOR_S)
    await job.do(device, "start_scan", scan_s(job.task), **figures)
    state: DiffractometerState = await job.bench.read(device)
    pattern: Pattern = await job.bench.read(device, "read_pattern", scan=state.scan)
    cards = {phase: CARDS[phase] for phase in details["phases"] or CARDS}
    found: PhaseFractions = await job.bench.call(partial(fit_phases, pattern, cards))
    fractions = {phase: round(share, 4) for phase, share in found.mass_fractions.items()}
    kept = job.bench.journal.keep(pattern.xy(), ".xy")
    job.write("diffracted", device=device, scan=state.scan, pattern=kept, fractions=fractions, doubts=found.doubts,
              stds={phase: round(std, 4) for phase, std in found.mass_fraction_stds.items()})  # fmt: skip
    if details["of"] is None:
        absent = dict.fromkeys(cards, 0.0)
        return {details["quantity"]: {**absent, **fractions, "doubts": float(len(found.doubts))}}
    if found.doubts:
        raise NotTrusted(f"scan {state.scan} is not to be trusted: {'; '.join(found.doubts)}")
    return {details["quantity"]: fractions.get(details["of"], 0.0)}


def scan_s(task: Task) -> float:
    """How long the scan takes."""
    details = task.arguments
    points = round((details["end_deg"] - details["start_deg"]) / details["step_deg"]) + 1
    return float(points * details["seconds_per_step"])
