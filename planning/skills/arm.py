"""Arms: vessels are carried from place to place."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from planning.commands import GRIP_S
from planning.errors import GripMissed, Missing
from planning.skills.diffraction import open_doors
from planning.skills.heating import until_cool
from planning.skills.job import Job
from planning.skills.observing import sight
from planning.task import Task
from robot.config import LabConfig
from robot.geometry import BenchPoint
from robot.interfaces import Arm

TAKES, LETS_GO = 4, 8
"""Which of a carry's commands closes the gripper on the vessel, and which opens it again."""


JAWS_TOLERANCE_MM = 2.0
"""Of what a gripper says of its jaws, and of how wide labware is."""


def way(lab: LabConfig, arguments: Mapping[str, Any]) -> list[BenchPoint | bool]:
    """The points a carry passes, and what the gripper does in between (True closes it).

    Over a place that another arm reaches, too, an arm does not stay.
    """
    source = lab.sites[arguments["source"][0]].point(arguments["source"][1])
    to = lab.sites[arguments["to"][0]].point(arguments["to"][1])
    over_source, over_to = (point.at_height(lab.travel_height_mm) for point in (source, to))
    stops: list[BenchPoint | bool] = [False, over_source, source, True, over_source, over_to, to, False, over_to]
    return [*stops, over_source] if arguments["withdraws"] else stops


async def carry(job: Job) -> Mapping[str, Any]:
    """Take a vessel from its place to another, and see that it went there as far as gripper and cameras tell.

    Raises:
        Missing: the gripper feels that it holds nothing, or has let nothing go; the camera sees the vessel not where it
            was put, or where it was taken from.
    """
    name = job.task.arguments["arm"]
    arm = job.bench.devices[name]
    at: BenchPoint = (await job.bench.read(name)).position
    for site in (job.task.arguments["source"][0], job.task.arguments["to"][0]):
        await until_cool(job, job.lab.sites[site].inside)
    await open_doors(job, job.task.arguments["source"][0], job.task.arguments["to"][0])
    is_felt = False
    for stop in way(job.lab, job.task.arguments):
        if isinstance(stop, bool):
            await job.do(name, "start_grip", GRIP_S, closed=stop)
        else:
            expected_s = arm.seconds_for(at, stop)  # type: ignore[attr-defined]
            await job.do(name, "start_move", expected_s, to=[stop.x_mm, stop.y_mm, stop.z_mm])
            at = stop
        if job.commands in (TAKES, LETS_GO - 1, LETS_GO + 1) and not job.next_is_begun():
            is_felt |= await _feel(job, name)
    seen = await sight(job, job.task.arguments["source"][0], job.task.arguments["to"][0])
    return {**seen, **({"felt": True} if is_felt else {})}


async def _feel(job: Job, arm: str) -> bool:
    """Compare what the gripper feels with what it should hold; True if it feels the vessel.

    Jaws nearer together than a vessel is wide do not hold it; a light barrier between them sees whether something is there.
    """
    details, state = job.task.arguments, await job.bench.read(arm)
    senses: bool | None = await job.bench.read(arm, "senses_vessel")
    vessel, way_there = details["vessel"], f"between {details['source'][0]} and {details['to'][0]}"
    if job.commands > LETS_GO:
        if senses:
            raise Missing(f"{arm} opened its gripper at {details['to'][0]} and {vessel} is still in it")
        return False
    kind = GripMissed if job.commands == TAKES else Missing
    too_wide_mm = None if state.jaws_mm is None else state.jaws_mm - job.lab.ware(details["ware"]).outer_width_mm
    if too_wide_mm is not None and too_wide_mm < -JAWS_TOLERANCE_MM:
        raise kind(f"{arm} closed its gripper to {state.jaws_mm:.1f} mm {way_there}: it does not hold {vessel}, "
                   "which is wider")  # fmt: skip
    if senses is False:
        raise kind(f"{arm} closed its gripper {way_there} and nothing is in it: it does not hold {vessel}")
    return bool(senses) or (too_wide_mm is not None and too_wide_mm <= JAWS_TOLERANCE_MM)


def carry_s(task: Task, lab: LabConfig, devices: Mapping[str, Any]) -> float:
    """Sum of the moves, from above the source."""
    arm: Arm = devices[task.arguments["arm"]]
    stops = way(lab, task.arguments)
    points = [stop for stop in stops if isinstance(stop, BenchPoint)]
    moves_s = sum(arm.seconds_for(start, end) for start, end in pairwise(points))
    return moves_s + 2 + GRIP_S * (len(stops) - len(points))
