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
    """Take a vessel from its place to another, and look whether it is there, where a camera sees the place.

    Raises:
        Missing: the gripper feels that it holds nothing, or the camera does not see the vessel.
    """
    name = job.task.arguments["arm"]
    arm = job.bench.devices[name]
    at: BenchPoint = (await job.bench.read(name)).position
    for site in (job.task.arguments["source"][0], job.task.arguments["to"][0]):
        await until_cool(job, job.lab.sites[site].inside)
    await open_doors(job, job.task.arguments["source"][0], job.task.arguments["to"][0])
    for stop in way(job.lab, job.task.arguments):
        if isinstance(stop, bool):
            if job.commands == LETS_GO - 1:
                await _must_hold(job, name)
            await job.do(name, "start_grip", GRIP_S, closed=stop)
            if job.commands == TAKES:
                await _must_hold(job, name)
        else:
            expected_s = arm.seconds_for(at, stop)  # type: ignore[attr-defined]
            await job.do(name, "start_move", expected_s, to=[stop.x_mm, stop.y_mm, stop.z_mm])
            at = stop
    return await sight(job, job.task.arguments["to"][0])


async def _must_hold(job: Job, arm: str) -> None:
    """Jaws nearer together than the vessel is wide do not hold it; what comes next may have been begun long ago."""
    if job.next_is_begun():
        return
    details, state = job.task.arguments, await job.bench.read(arm)
    ware = job.lab.ware(details["ware"])
    if state.jaws_mm is not None and state.jaws_mm < ware.outer_width_mm - JAWS_TOLERANCE_MM:
        kind = GripMissed if job.commands == TAKES else Missing
        raise kind(f"{arm} closed its gripper to {state.jaws_mm:.1f} mm between {details['source'][0]} and "
                      f"{details['to'][0]}: it does not hold {details['vessel']}, which is wider")  # fmt: skip


def carry_s(task: Task, lab: LabConfig, devices: Mapping[str, Any]) -> float:
    """Sum of the moves, from above the source."""
    arm: Arm = devices[task.arguments["arm"]]
    stops = way(lab, task.arguments)
    points = [stop for stop in stops if isinstance(stop, BenchPoint)]
    moves_s = sum(arm.seconds_for(start, end) for start, end in pairwise(points))
    return moves_s + 2 + GRIP_S * (len(stops) - len(points))
