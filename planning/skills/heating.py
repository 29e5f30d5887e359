"""Furnaces and hotplates: programmes are run and watched, and what is hot is waited for."""

from collections.abc import Mapping
from math import inf, log
from typing import Any

from planning.errors import NotCompleted, NotKept, OutOfControl
from planning.furnace_watch import CLIMB_S, OFF_S, Sighting, Trouble, while_cooling, while_running
from planning.skills.job import Job
from planning.task import Task
from robot.config import LabConfig
from robot.device_settings import FurnaceSettings
from robot.errors import CommandRefused, DeviceFault
from robot.interfaces import FurnaceState, Segment, StirrerState

COOLING_S = 1800.0
"""From a working temperature until the arm may reach in: assumed until the bench has shown it."""
WATCH_S, SELDOM_S = 10.0, 60.0
LOOKS = 120
"""A furnace is looked at so often while it loses most of its heat, but not more often than each `WATCH_S`, and each `SELDOM_S` at least."""
OBEYS_WITHIN_S = OFF_S + CLIMB_S
"""So long after it was switched off a furnace that heats by itself has shown it."""
COOL_WITHIN_S = 12 * 3600.0
TOO_SLOW_S = 2 * 3600.0
ROOM_C = 22.0
PLATE_C_PER_S = 0.1
"""How fast a hotplate warms a vessel, about; assumed."""
NEAR_C = 2.0
"""A vessel on a hotplate is there when it is this near."""


async def heat(job: Job) -> Mapping[str, Any]:
    """Run a programme and watch it to its end; then switch the heater off and wait until the arm may reach in."""
    details = job.task.arguments
    furnace = details["furnace"]
    await job.do(furnace, "load_programme", segments=details["segments"])
    await job.do(furnace, "start_programme")
    trouble = None if job.next_is_begun() else await _watch(job, furnace)
    await _switch_off(job, furnace)
    if trouble is not None:
        raise _failure(furnace, await _once_stopped(job, furnace, trouble))
    await until_cool(job, furnace)
    return {}


async def _switch_off(job: Job, furnace: str) -> None:
    """Stop its programme.

    Raises:
        OutOfControl: it refused; nothing may be heated there before a person has looked.
    """
    try:
        await job.do(furnace, "stop_programme")
    except CommandRefused as err:
        raise OutOfControl(furnace, f"it will not be switched off: {err.what}") from err


async def _watch(job: Job, furnace: str) -> Trouble | None:
    """Follow a programme until it has ended; return what went wrong, if anything did."""
    clock = job.bench.clock
    segments = [Segment(*segment) for segment in job.task.arguments["segments"]]
    give_up_s = clock.now_s() + heat_s(job.task, job.lab) + TOO_SLOW_S
    pause_s = watched_every_s(_settings(job.lab, furnace))
    seen: list[Sighting] = []
    while True:
        try:
            seen.append(await _sight(job, furnace))
        except (CommandRefused, DeviceFault) as err:
            return Trouble(f"it cannot be watched: {err.what}")
        trouble = while_running(seen, segments, job.begun_s)
        if trouble is not None or seen[-1].state.programme == "ended":
            return trouble
        if clock.now_s() > give_up_s:
            return Trouble("it took hours longer than its programme")
        await job.bench.sleep(pause_s)


async def _once_stopped(job: Job, furnace: str, trouble: Trouble) -> Trouble:
    """The heater was told to be off: if it is on, that is the greater trouble."""
    end_s = job.bench.clock.now_s() + OBEYS_WITHIN_S
    seen: list[Sighting] = []
    while not trouble.needs_person and job.bench.clock.now_s() < end_s:
        seen.append(await _sight(job, furnace))
        trouble = while_cooling(seen, inf) or trouble
        await job.bench.sleep(WATCH_S)
    return trouble


def _failure(furnace: str, trouble: Trouble) -> NotCompleted:
    kind = OutOfControl if trouble.needs_person else NotKept
    return kind(furnace, trouble.what)


async def _sight(job: Job, furnace: str) -> Sighting:
    """Read a furnace, for us and for the record."""
    state: FurnaceState = await job.bench.read(furnace)
    job.bench.journal.note(furnace, "temperature_c", state.temperature_c)
    job.bench.journal.note(furnace, "setpoint_c", state.setpoint_c)
    return Sighting(job.bench.clock.now_s(), state)


async def until_cool(job: Job, furnace: str | None) -> None:
    """Wait until the arm may reach into a furnace; give up after half a day."""
    settings = job.lab.devices.get(furnace or "")
    if furnace is None or not isinstance(settings, FurnaceSettings):
        return
    start_s = job.bench.clock.now_s()
    seen: list[Sighting] = []
    while True:
        seen.append(await _sight(job, furnace))
        state = seen[-1].state
        trouble = while_cooling(seen, settings.handle_below_c)
        if trouble is not None:
            await _switch_off(job, furnace)
            raise _failure(furnace, trouble)
        if state.temperature_c < settings.handle_below_c and not state.sensor_broken:
            return
        if job.bench.clock.now_s() - start_s > COOL_WITHIN_S:
            raise NotCompleted(furnace, f"not cool, or not known to be, within {COOL_WITHIN_S / 3600:.0f} h")
        await job.bench.sleep(watched_every_s(settings))


def watched_every_s(furnace: FurnaceSettings) -> float:
    """How long a furnace at work is left alone: slow ones change little.

    >>> watched_every_s(FurnaceSettings(port="-", max_temperature_c=1100, cooling_min=200))
    60.0
    """
    return min(max(60 * furnace.cooling_min / LOOKS, WATCH_S), SELDOM_S)


def _settings(lab: LabConfig, furnace: str) -> FurnaceSettings:
    settings = lab.devices[furnace]
    assert isinstance(settings, FurnaceSettings)
    return settings


def heat_s(task: Task, lab: LabConfig) -> float:
    """Ramps from room temperature, dwells, and natural cooling until the arm may reach in."""
    programme_s, at_c = 0.0, ROOM_C
    for to_c, rate_c_per_min, hold_min in task.arguments["segments"]:
        programme_s += 60 * (abs(to_c - at_c) / rate_c_per_min + hold_min)
        at_c = to_c
    return programme_s + cooling_s(_settings(lab, task.arguments["furnace"]), at_c)


def cooling_s(furnace: FurnaceSettings, from_c: float) -> float:
    """How long a chamber that is switched off takes until the arm may reach in: its excess over the room decays."""
    excess_c, handled_c = from_c - ROOM_C, max(furnace.handle_below_c - ROOM_C, NEAR_C)
    return 60 * furnace.cooling_min * log(max(excess_c / handled_c, 1.0))


async def warm(job: Job) -> Mapping[str, Any]:
    """Heat a vessel on a hotplate, stirring if that is wanted; a hold that a crash interrupts begins anew."""
    details = job.task.arguments
    plate, speed_rpm = details["plate"], details["speed_rpm"]
    if speed_rpm:
        await job.do(plate, "start_stirring", speed_rpm=speed_rpm)
    trouble = None
    for to_c, _, hold_min in details["segments"]:
        await job.do(plate, "start_heating", target_c=to_c)
        if trouble is None and not job.next_is_begun():
            trouble = await _hold(job, plate, to_c, 60 * hold_min)
    await job.do(plate, "stop_heating")
    if speed_rpm:
        await job.do(plate, "stop_stirring")
    if trouble is not None:
        raise NotKept(plate, trouble)
    return {}


async def _hold(job: Job, plate: str, to_c: float, hold_s: float) -> str | None:
    """Wait until a vessel is warm, and for its dwell; return what went wrong, if anything did."""
    clock = job.bench.clock
    give_up_s = clock.now_s() + 3 * abs(to_c - ROOM_C) / PLATE_C_PER_S + TOO_SLOW_S
    end_s = inf
    while clock.now_s() < end_s:
        state: StirrerState = await job.bench.read(plate)
        at_c = state.plate_c if state.probe_c is None else state.probe_c
        job.bench.journal.note(plate, "temperature_c", at_c)
        if state.fault is not None or state.is_heating is False:
            return state.fault or "it does not heat, and we did not stop it"
        if end_s == inf and abs(at_c - to_c) <= NEAR_C:
            end_s = clock.now_s() + hold_s
        if end_s == inf and clock.now_s() > give_up_s:
            return f"at {at_c:.0f} °C it does not come to {to_c:g} °C"
        await job.bench.sleep(min(WATCH_S, max(end_s - clock.now_s(), 0.0)))
    return None


def warm_s(task: Task) -> float:
    """As fast as a hotplate can, with its dwells."""
    total_s, at_c = 0.0, ROOM_C
    for to_c, _, hold_min in task.arguments["segments"]:
        total_s += abs(to_c - at_c) / PLATE_C_PER_S + 60 * hold_min
        at_c = to_c
    return total_s


async def stir(job: Job) -> Mapping[str, Any]:
    """Stir for a while; time that passed while nobody was there counts."""
    details = job.task.arguments
    plate = details["plate"]
    await job.do(plate, "start_stirring", speed_rpm=details["speed_rpm"])
    end_s = job.begun_s + details["for_s"]
    trouble = None
    while trouble is None and not job.next_is_begun() and job.bench.clock.now_s() < end_s:
        await job.bench.sleep(min(WATCH_S, end_s - job.bench.clock.now_s()))
        state: StirrerState = await job.bench.read(plate)
        trouble = "it does not stir, and we did not stop it" if state.is_stirring is False else state.fault
    await job.do(plate, "stop_stirring")
    if trouble is not None:
        raise NotCompleted(plate, trouble)
    return {}


async def cool(job: Job) -> Mapping[str, Any]:
    """Wait until a furnace or hotplate whose heater is off is cool."""
    details = job.task.arguments
    device = details["device"]
    if not isinstance(job.lab.devices[device], FurnaceSettings):
        await job.do(device, "stop_heating")
    while True:
        state: FurnaceState | StirrerState = await job.bench.read(device)
        at_c = state.plate_c if isinstance(state, StirrerState) else state.temperature_c
        job.bench.journal.note(device, "temperature_c", at_c)
        if at_c < details["below_c"]:
            return {}
        if job.bench.clock.now_s() > job.begun_s + details["within_s"]:
            raise NotCompleted(device, f"still at {at_c:.0f} °C, not below {details['below_c']:g} °C, in time")
        await job.bench.sleep(WATCH_S)
