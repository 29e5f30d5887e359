"""How each kind of task is done with device calls, and how long it should take.

A skill names its commands in a fixed order; `Job.do` numbers them. After a crash the skill runs again from its
beginning, and the numbers tell which commands are done: those are not sent again.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, inf, log, pi
from typing import Any, Protocol

from planning.bench import Bench
from planning.commands import GRIP_S, HOMING_S, Command
from planning.errors import Disappointed, NotCompleted
from planning.graph import Task, device_of
from planning.protocol.expectations import Answer, Expectation, judge, pooled
from robot.config import ArmSettings, CavroSettings, FurnaceSettings, LabConfig
from robot.geometry import BenchPoint
from robot.interfaces import Arm, FurnaceState
from robot.labware import Labware
from vision.frame import Frame
from vision.state.vessel import VesselState

INITIALISING_S = 4.0
"""Fact sheet of the Cavro pumps: 2 to 4 s."""
VALVE_S = 1.0
"""A turn of a distribution valve, and the settling of what it moved; assumed."""
COOLING_S = 1800.0
"""From a working temperature until the arm may reach in: assumed until the bench has shown it."""
WATCH_FURNACE_S = 10.0
LATE_FACTOR, LATE_S = 3.0, 20.0
"""A command fails when it takes three times as long as it should, and some seconds."""
LOOKS = 3
LOOK_AGAIN_S = 2.0
OVERSHOOT_C = 30.0
"""Hotter than the programme by this much is a fault of the furnace."""
COOL_WITHIN_S = 6 * 3600.0
TOO_SLOW_S = 2 * 3600.0


class Eyes(Protocol):
    """Reads one vessel in a picture."""

    def look(self, frame: Frame, ware: Labware) -> VesselState:
        """Say what is there, with doubt."""


@dataclass
class Job:
    """One task at work."""

    task: Task
    bench: Bench
    lab: LabConfig
    eyes: Eyes | None
    commands: int = 0

    async def do(self, device: str, verb: str, expected_s: float = 0.0, **arguments: Any) -> None:
        """Carry out the task's next command."""
        command = Command(device, verb, arguments, expected_s, LATE_FACTOR * expected_s + LATE_S)
        self.commands += 1
        await self.bench.do(command, self.task.id, self.commands)

    def next_is_begun(self) -> bool:
        """Did an earlier engine begin the command that comes next? Then what leads to it is over."""
        return self.bench.has_begun(self.task.id, self.commands + 1)

    def write(self, kind: str, **data: Any) -> None:
        """Write an event of this task."""
        self.bench.journal.write(kind, sample=",".join(self.task.samples), task=self.task.id, **data)


async def prepare(job: Job) -> None:
    """Bring arms and pipettes to their home: the arm sweeps, the pipette empties itself into the waste."""
    for name, settings in job.lab.devices.items():
        if isinstance(settings, ArmSettings):
            await job.do(name, "start_homing", HOMING_S)
        elif isinstance(settings, CavroSettings):
            waste = next(port for port, line in settings.valve.items() if line == settings.waste)
            await job.do(name, "start_initialising", INITIALISING_S, waste_port=waste)


# --- arm


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
        await _until_cool(job, job.lab.sites[site].inside)
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


async def _until_cool(job: Job, furnace: str | None) -> None:
    """Wait until the arm may reach into a furnace; give up after some hours."""
    settings = job.lab.devices.get(furnace or "")
    if furnace is None or not isinstance(settings, FurnaceSettings):
        return
    start_s = job.bench.clock.now_s()
    while True:
        state = await _note_furnace(job, furnace)
        if state.temperature_c < settings.handle_below_c and not state.sensor_broken:
            return
        if job.bench.clock.now_s() - start_s > COOL_WITHIN_S:
            raise NotCompleted(furnace, f"not cool, or not known to be, within {COOL_WITHIN_S / 3600:.0f} h")
        await job.bench.sleep(WATCH_FURNACE_S)


# --- pipette


async def _transfer(job: Job, pipette: str, source: str, to: str, volume_ul: float) -> None:
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


def _transfer_s(lab: LabConfig, pipette: str, volume_ul: float) -> float:
    settings = lab.devices[pipette]
    assert isinstance(settings, CavroSettings)
    strokes = ceil(volume_ul / settings.syringe_ul)
    return 2 * (strokes * VALVE_S + volume_ul / settings.flow_ul_per_s)


async def dose(job: Job) -> Mapping[str, Any]:
    """Dose each ink in turn into the vessel."""
    details = job.task.arguments
    for ink, volume_ul in details["volumes_ul"].items():
        await _transfer(job, details["pipette"], ink, details["line"], volume_ul)
    return {"as_made": details["as_made"], "volumes_ul": details["volumes_ul"]}


async def cast(job: Job) -> Mapping[str, Any]:
    """Draw from the vessel and spread on the plate under the nozzle."""
    details = job.task.arguments
    await _transfer(job, details["pipette"], details["line"], details["nozzle"], details["volume_ul"])
    return {}


async def wash(job: Job) -> Mapping[str, Any]:
    """Rinse syringe and lines into the waste."""
    details = job.task.arguments
    for _ in range(details["cycles"]):
        await _transfer(job, details["pipette"], details["liquid"], details["to"], details["volume_ul"])
    return {"volumes_ul": {details["liquid"]: details["volume_ul"] * details["cycles"]}}


# --- furnace


async def heat(job: Job) -> Mapping[str, Any]:
    """Run a programme and watch it to its end; then switch the heater off and wait until the arm may reach in."""
    details = job.task.arguments
    furnace = details["furnace"]
    segments = [[details["to_c"], details["rate_c_per_min"], details["hold_min"]]]
    await job.do(furnace, "load_programme", segments=segments)
    await job.do(furnace, "start_programme")
    trouble = None if job.next_is_begun() else await _watch(job, furnace)
    await job.do(furnace, "stop_programme")
    if trouble is not None:
        raise NotCompleted(furnace, trouble)
    await _until_cool(job, furnace)
    return {}


async def _watch(job: Job, furnace: str) -> str | None:
    """Follow a programme until it has ended; return what went wrong, if anything did."""
    clock = job.bench.clock
    give_up_s = clock.now_s() + heat_s(job.task, job.lab) + TOO_SLOW_S
    highest_c = -inf
    while True:
        state = await _note_furnace(job, furnace)
        highest_c = max(highest_c, state.setpoint_c)
        trouble = _trouble(state, highest_c)
        if trouble is not None or state.programme == "ended":
            return trouble
        if clock.now_s() > give_up_s:
            return "it took hours longer than its programme"
        await job.bench.sleep(WATCH_FURNACE_S)


async def _note_furnace(job: Job, furnace: str) -> FurnaceState:
    """Read a furnace, for us and for the record."""
    state: FurnaceState = await job.bench.read(furnace)
    job.bench.journal.note(furnace, "temperature_c", state.temperature_c)
    job.bench.journal.note(furnace, "setpoint_c", state.setpoint_c)
    return state


def _trouble(state: FurnaceState, highest_c: float) -> str | None:
    """What is wrong, given the highest set-point so far: one that falls faster than a furnace cools is no trouble."""
    if state.sensor_broken:
        return "its thermocouple is broken; heating was stopped"
    if state.programme == "idle":
        return "its programme was reset, and not by us"
    if state.programme == "running" and state.temperature_c > highest_c + OVERSHOOT_C:
        return f"at {state.temperature_c:.0f} °C it is far above its set-point of {highest_c:.0f} °C"
    return None


def heat_s(task: Task, lab: LabConfig) -> float:
    """Ramp from room temperature, hold, cool."""
    details = task.arguments
    ramp_min = max(details["to_c"] - 22.0, 0.0) / details["rate_c_per_min"]
    return float(60 * (ramp_min + details["hold_min"]) + COOLING_S)


# --- camera and probe


async def look(job: Job) -> Mapping[str, Any]:
    """Compare what is there with what should be; look again in doubt or disappointment, then give up."""
    if job.eyes is None:
        job.write("not_looked", why="vision is switched off")
        return {}
    details = job.task.arguments
    expectation = Expectation.model_validate(details["expectation"])
    ware = job.lab.ware(details["ware"])
    looks: list[VesselState] = []
    reason = ""
    for attempt in range(1, LOOKS + 1):
        pixels = await job.bench.read(details["camera"], "capture")
        frame = Frame(pixels, details["camera"], job.bench.clock.now_s())
        seen = await job.bench.call(lambda frame=frame: job.eyes.look(frame, ware))  # type: ignore[misc]
        looks.append(seen)
        verdict = judge(expectation, pooled(looks), details["fill_height_fraction"])
        job.write("look", device=details["camera"], vessel=details["vessel"], attempt=attempt,
                  answer=verdict.answer.value, reason=verdict.reason, **_evidence(job, frame, seen))  # fmt: skip
        if verdict.answer is Answer.YES:
            return {}
        reason = f"{verdict.answer.value}: {verdict.reason}"
        await job.bench.sleep(LOOK_AGAIN_S)
    raise Disappointed(f"{details['vessel']} was looked at {LOOKS} times: {reason}")


def _evidence(job: Job, frame: Frame, seen: VesselState) -> dict[str, Any]:
    level = seen.fill_height_fraction
    return {
        "present": round(seen.present, 4),
        "content": {name: round(share, 4) for name, share in seen.content.items()},
        "fill_height_fraction": None if level is None else [round(level.mean, 4), round(level.std, 4)],
        "quality": seen.quality,
        "picture": job.bench.journal.keep_picture(frame.png()),
        "mask": job.bench.journal.keep_picture(seen.mask_png()),
    }


async def measure(job: Job) -> Mapping[str, Any]:
    """Four-point resistance to conductivity.

    Thin collinear probe on a wide film: R_s = (π / ln 2)·R, σ = 1 / (R_s·t) (Smits, Bell Syst. Tech. J. 37, 711 (1958)).
    """
    details = job.task.arguments
    reading = await job.bench.read(
        details["meter"], "measure_resistance",
        current_a=details["current_a"], compliance_v=details["compliance_v"], readings=details["readings"],
    )  # fmt: skip
    sheet_ohm = pi / log(2) * reading.resistance_ohm
    value = 1.0 / (sheet_ohm * details["thickness_mm"] / 10)
    job.write("measured", device=details["meter"], quantity=details["quantity"], value=float(f"{value:.6g}"),
              resistance_ohm=reading.resistance_ohm, std_ohm=reading.std_ohm)  # fmt: skip
    return {details["quantity"]: float(f"{value:.6g}")}


SKILLS: dict[str, Callable[[Job], Awaitable[Mapping[str, Any]]]] = {
    skill.__name__: skill for skill in (carry, dose, cast, wash, heat, look, measure)
}


def expected_s(task: Task, lab: LabConfig, arm: Arm) -> float:
    """How long a task should take on this bench."""
    details = task.arguments
    match task.skill:
        case "carry":
            return carry_s(task, lab, arm)
        case "dose":
            volumes_ul: Iterable[float] = details["volumes_ul"].values()
            return sum(_transfer_s(lab, details["pipette"], volume_ul) for volume_ul in volumes_ul)
        case "cast":
            return _transfer_s(lab, details["pipette"], details["volume_ul"])
        case "wash":
            return int(details["cycles"]) * _transfer_s(lab, details["pipette"], details["volume_ul"])
        case "heat":
            return heat_s(task, lab)
        case _:
            return 3.0  # a picture, or a few readings
