"""Pumps and pipettes: liquids are drawn and pushed out, through a valve, with fresh tips, or out of one syringe."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from planning.bench import POLL_S
from planning.errors import DoseShort, NotCompleted
from planning.liquids import Portion, handler_of, portions
from planning.skills.job import Job
from planning.task import Task
from robot.config import LabConfig
from robot.interfaces import Device, DipState, Pipette, SyringeState, TipState
from robot.liquid_handlers import LiquidHandlerSettings, TipPipetteSettings
from robot.liquid_handling import (
    Technique,
    Verb,
    stir,
    stir_in_well,
    strokes_ul,
    transfer,
    transfer_between_wells,
    transfer_through_valve,
)

TURN_S = {"valve": 0.5, "tip": 1.5, "dip": 6.0}
"""A turn of a distribution valve and the settling of what it moved, or a tip's way to a well: assumed."""
STROKE_S = {"valve": 0.0, "tip": 2.0, "dip": 0.0}
"""What a stroke takes besides its volume: an OT-2 goes to its well each time; assumed."""
TIP_S = 6.0
"""To take a tip, or to throw it away: assumed."""


async def dose(job: Job) -> Mapping[str, Any]:
    """Dose each liquid in turn into the vessel.

    Raises:
        DoseShort: a syringe stopped on its way, and its counters tell how much came.
    """
    details = job.task.arguments
    if handler_of(job.lab, details["pipette"]).way == "plunger":
        await _push_out(job, details["pipette"], sum(details["volumes_ul"].values()))
    else:
        await _move(job)
    made = {"as_made": details["as_made"]} if details["as_made"] else {}
    return made | {"volumes_ul": details["volumes_ul"]}


async def transfer_liquid(job: Job) -> Mapping[str, Any]:
    """Draw from one vessel and push out into another, or on the plate under the nozzle."""
    await _move(job)
    return {}


async def mix(job: Job) -> Mapping[str, Any]:
    """Draw from a vessel and push back, several times."""
    await _move(job)
    return {}


async def wash(job: Job) -> Mapping[str, Any]:
    """Rinse syringe and lines into the waste."""
    await _move(job)
    details = job.task.arguments
    return {"volumes_ul": {details["liquid"]: details["volume_ul"] * details["cycles"]}}


async def _move(job: Job) -> None:
    """Move each portion, with a tip of its own where there are tips."""
    name = job.task.arguments["pipette"]
    settings, pipette = handler_of(job.lab, name), job.bench.devices[name]
    for ordinal, portion in enumerate(portions(job.task, job.inventory.in_store_ul)):
        if isinstance(settings, TipPipetteSettings):
            await _take_tip(job, name, ordinal)
        for (verb, arguments), expected_s in _timed(_verbs(pipette, settings, portion), settings):
            await job.do(name, verb, expected_s, **arguments)
        if isinstance(settings, TipPipetteSettings):
            await job.do(name, "start_dropping_tip", TIP_S)


async def _take_tip(job: Job, pipette: str, ordinal: int) -> None:
    """Put on the next tip of the rack; one that a task before left on is thrown away first.

    Which tip it is is written down before: no other engine takes that one for a fresh one.

    Raises:
        Refused: none is left.
    """
    await drop_tip_left_on(job, pipette)
    tip = job.inventory.tip_of(job.task.id, ordinal)
    if tip is None:
        tip = job.inventory.next_tip(pipette)
        job.write("tip_allotted", device=pipette, tip=tip)
        job.inventory.allot_tip(pipette, job.task.id, tip)
    await job.do(pipette, "start_taking_tip", TIP_S, number=tip)


async def drop_tip_left_on(job: Job, pipette: str) -> None:
    """Throw away what is on the nozzle, if there may be a tip. One that has lost its home can do so if it remembers its tip."""
    state: TipState = await job.bench.read(pipette)
    is_able = state.initialised or (isinstance(state, DipState) and state.has_tip is not None)
    await job.do_if(is_able and state.has_tip is not False, pipette, "start_dropping_tip", TIP_S)


async def _push_out(job: Job, pump: str, volume_ul: float) -> None:
    """Push out of a syringe that holds its liquid. The level to reach is written down: whatever stops it, only the rest follows."""
    device = cast(Any, job.bench.devices[pump])
    to_ul = _level_to_reach_ul(job) if job.attempt or job.next_is_begun() else None
    if to_ul is None:
        state: SyringeState = await job.bench.read(pump)
        steps = round(volume_ul / device.resolution_ul)
        to_ul = round(state.volume_ul - steps * device.resolution_ul, 3)
        job.write("level_chosen", device=pump, to_volume_ul=to_ul)
    flow_ul_per_s = handler_of(job.lab, pump).pace_ul_per_s
    try:
        await job.do(pump, "start_moving_plunger", volume_ul / flow_ul_per_s, to_volume_ul=to_ul,
                     flow_ul_per_s=flow_ul_per_s)  # fmt: skip
    except NotCompleted as err:
        state = await job.bench.read(pump)
        if not state.initialised:
            raise
        missing_ul = state.volume_ul - to_ul
        if missing_ul < device.resolution_ul:
            return  # it had arrived before its alarm
        raise DoseShort(pump, f"{err.what}; {missing_ul:.1f} of {volume_ul:.1f} µl are missing") from err


def _level_to_reach_ul(job: Job) -> float | None:
    """What an earlier attempt or engine wrote down."""
    chosen = (e for e in job.bench.journal.events() if e.kind == "level_chosen" and e.task == job.task.id)
    return next((float(event.data["to_volume_ul"]) for event in chosen), None)


def _verbs(device: Device, settings: LiquidHandlerSettings, portion: Portion) -> Iterator[Verb]:
    """What a pipette is told to move a portion, in as many equal strokes as it needs."""
    pipette = cast(Any, device)
    source, to = _ports(pipette, portion)
    technique = Technique(flow_ul_per_s=settings.pace_ul_per_s)
    there_ul = portion.there_ul
    for volume_ul in strokes_ul(portion.volume_ul, settings.stroke_ul):
        match settings.way:
            case "valve":
                for _ in range(portion.cycles or 1):
                    yield from transfer_through_valve(source, to, volume_ul, technique)
            case "tip" if portion.cycles:
                yield from stir_in_well(source, volume_ul, portion.cycles, technique)
            case "tip":
                yield from transfer_between_wells(source, to, volume_ul, technique)
            case _ if portion.cycles:
                yield from stir(pipette, source, volume_ul, max(there_ul, volume_ul), portion.cycles, technique)
            case _:
                yield from transfer(pipette, source, to, volume_ul, max(there_ul, volume_ul), technique)
                there_ul -= volume_ul


def _ports(pipette: Pipette, portion: Portion) -> tuple[int, int]:
    return pipette.ports[portion.source], pipette.ports[portion.to]


def _timed(verbs: Iterable[Verb], settings: LiquidHandlerSettings) -> Iterator[tuple[Verb, float]]:
    """Each with how long it should take."""
    level_ul = 0.0
    for verb, arguments in verbs:
        if verb == "start_moving_plunger":
            way_ul, level_ul = abs(arguments["to_volume_ul"] - level_ul), arguments["to_volume_ul"]
            yield (verb, arguments), STROKE_S[settings.way] + way_ul / settings.pace_ul_per_s
        else:
            yield (verb, arguments), TURN_S[settings.way]


def liquid_s(task: Task, lab: LabConfig, devices: Mapping[str, Device]) -> float:
    """How long it takes to move all portions, being looked at in between."""
    name = task.arguments["pipette"]
    settings = handler_of(lab, name)
    if settings.way == "plunger":
        volume_ul: float = sum(task.arguments["volumes_ul"].values())
        return volume_ul / settings.pace_ul_per_s
    tip_s = 2 * TIP_S if isinstance(settings, TipPipetteSettings) else 0.0
    moves_s = (
        POLL_S + seconds
        for portion in portions(task, lambda stock: 0.0)
        for _, seconds in _timed(_verbs(devices[name], settings, portion), settings)
    )
    return tip_s * len(portions(task, lambda stock: 0.0)) + sum(moves_s)
