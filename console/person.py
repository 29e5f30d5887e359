"""A person beside a simulated bench: comes when a run has stopped, looks, frees arms, and says truthfully where things are."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from typing import TypeVar

from console.audit import laboratory_of
from console.runfolder import RunFolder
from hardware_sim.clock import VirtualClock
from hardware_sim.laboratory import Laboratory
from hardware_sim.world.bench import Spot
from planning.inventory import Standing
from planning.journal import Journal
from planning.questions import FolderInbox
from planning.whereabouts import GONE, Astray
from robot.config import LabConfig
from robot.device_settings import ArmSettings
from robot.errors import CommandRefused, DeviceError
from robot.fleet import open_fleet
from robot.interfaces import Device

COMES_AFTER_S = 900.0
TRIES = 3
RELEASES = ("clear_alarms", "unlock_protective_stop")
"""Verbs of drivers that are for a person who has looked."""

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Visit:
    """What a person did: arms that were freed, answers by question."""

    freed: tuple[str, ...]
    answers: dict[str, str]


def visit(folder: RunFolder, lost: Iterable[Astray]) -> Visit:
    """Come to a stopped bench; what is done there stands in the laboratory's record, as a run's own requests do.

    Args:
        folder: of a run on a loopback bench that has stopped.
        lost: the vessels that are asked after.
    """
    lab, clock = LabConfig.load(folder.lab), VirtualClock()
    laboratory = laboratory_of(folder, clock)
    try:
        clock.jump_to(clock.now_s() + COMES_AFTER_S)
        freed = _free_arms(lab, laboratory)
        answers = {each.question.id: _answer(folder, laboratory, each) for each in lost}
    finally:
        laboratory.close()
    inbox = FolderInbox(folder.path)
    for each in lost:
        if inbox.answer_to(each.question, None) is None:  # else the engine has not come to read the last one yet
            inbox.put(each.question, answers[each.question.id])
    return Visit(tuple(freed), answers)


def _free_arms(lab: LabConfig, laboratory: Laboratory) -> list[str]:
    arms = [name for name, settings in lab.devices.items() if isinstance(settings, ArmSettings)]
    with open_fleet(lab, laboratory.line) as fleet:
        return [name for name in arms if _free(fleet.devices[name])]


def _free(arm: Device) -> bool:
    """Release an arm that reports something; False if there was nothing to release."""
    with suppress(DeviceError):  # one that waits for its alarms to be cleared may not say who it is
        _patiently(arm.connect)
    if not _patiently(arm.read_state).alarms:  # type: ignore[attr-defined]
        return False
    for verb in RELEASES:
        with suppress(CommandRefused):  # another stop than that
            _patiently(getattr(arm, verb, lambda: None))
    return True


def _patiently(ask: Callable[[], Answer]) -> Answer:
    """Ask again if noise drowned the answer."""
    for _ in range(TRIES - 1):
        try:
            return ask()
        except CommandRefused:
            raise
        except DeviceError:
            pass
    return ask()


def _answer(folder: RunFolder, laboratory: Laboratory, lost: Astray) -> str:
    """Where a vessel truly is, in a question's words; what stands elsewhere, or is still held, is taken away."""
    still_there = _spot(laboratory, lost.taken_from).top
    vessel = _taken_up(folder, laboratory, lost) or (still_there and still_there.name)
    if vessel is None:
        return GONE
    for spot in laboratory.world.bench.spots.values():
        if vessel in [each.name for each in spot.vessels]:
            there = [at for at in lost.between if _spot(laboratory, at) is spot]
            if there:
                return _word(there[0])
            laboratory.take_away(vessel)
            return GONE
    if vessel in [hand.held.name for hand in laboratory.world.hands if hand.held is not None]:
        laboratory.take_away(vessel)
    return GONE


def _spot(laboratory: Laboratory, at: Standing) -> Spot:
    """The place itself; all that lie in a magazine lie in one."""
    in_magazine = laboratory.world.lab.sites[at.site].stack
    return laboratory.world.bench.spot(at.site, 0 if in_magazine else at.place)


def _taken_up(folder: RunFolder, laboratory: Laboratory, lost: Astray) -> str | None:
    """Which vessel the arm took, or the bench lacked, in the task that lost it; None if it took none."""
    with Journal.reading(folder.journal) as journal:
        events = list(journal.events())
    tells = [each for each in events if each.kind == "astray" and each.sample == lost.sample]
    task = next(each.task for each in reversed(tells) if each.data["vessel"] == lost.vessel)
    since_s, *_ = (each.time_s for each in events if each.kind == "task_started" and each.task == task)
    ended_s = [each.time_s for each in events if each.kind in ("task_done", "task_failed") and each.task == task]
    until_s = max(ended_s, default=inf)
    source = _spot(laboratory, lost.taken_from)
    taken = [
        str(effect["vessel"])
        for effect in laboratory.effects
        if effect["effect"] in ("picked", "missing")
        and since_s <= float(str(effect["t"])) <= until_s
        and _spot(laboratory, Standing(str(effect["site"]), int(str(effect["place"])))) is source
    ]
    return taken[-1] if taken else None


def _word(place: Standing) -> str:
    return f"{place.site}:{place.place}"
