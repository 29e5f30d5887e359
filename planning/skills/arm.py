"""Arms: vessels are carried from place to place."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from planning.commands import GRIP_S
from planning.places import device_of
from planning.skills.diffraction import open_doors
from planning.skills.heating import until_cool
from planning.skills.job import Job
from planning.task import Task
from robot.config import ArmSettings, LabConfig
from robot.geometry import BenchPoint
from robot.interfaces import Arm


def way(lab: LabConfig, arguments: Mapping[str, Any]) -> list[BenchPoint | bool]:
    """The points a carry passes, and what the gripper does in between (True closes it)."""
    source = lab.sites[arguments["source"][0]].point(arguments["source"][1])
    to = lab.sites[arguments["to"][0]].point(arguments["to"][1])
    over_source, over_to = (point.at_height(lab.travel_height_mm) for point in (source, to))
    return [False, over_source, source, True, over_source, over_to, to, False, over_to]


async def carry(job: Job) -> Mapping[str, Any]:
    """Take a vessel from its place to another."""
    name = device_of(job.lab, ArmSettings)
    arm = job.bench.devices[name]
    at: BenchPoint = (await job.bench.read(name)).position
    for site in (job.task.arguments["source"][0], job.task.arguments["to"][0]):
        await until_cool(job, job.lab.sites[site].inside)
    await open_doors(job, job.task.arguments["source"][0], job.task.arguments["to"][0])
    for stop in way(job.lab, job.task.arguments):
        if isinstance(stop, bool):
            await job.do(name, "start_grip", GRIP_S, closed=stop)
        else:
            expected_s = arm.seconds_for(at, stop)  # type: ignore[attr-defined]
            await job.do(name, "start_move", expected_s, to=[stop.x_mm, stop.y_mm, stop.z_mm])
            at = stop
    return {}


def carry_s(task: Task, lab: LabConfig, arm: Arm) -> float:
    """Sum of the moves, from above the source."""
    stops = way(lab, task.arguments)
    points = [stop for stop in stops if isinstance(stop, BenchPoint)]
    moves_s = sum(arm.seconds_for(start, end) for start, end in pairwise(points))
    return moves_s + 2 + GRIP_S * (len(stops) - len(points))
