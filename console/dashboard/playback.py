"""A run that is over, or a dry run, to be looked through: the bench at evenly spaced moments."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from console.dashboard.scenery import scenery
from console.dashboard.words import doing, duration
from console.service import showing
from console.service.record import Record
from planning.journal import Event, Journal, Reading

MOMENTS = 240


@dataclass(frozen=True)
class Moment:
    """The bench at one moment: what its picture needs, and what is at work, in words."""

    at_s: float
    scene: dict[str, Any]
    text: str


def moments(path: Path) -> list[Moment]:
    """A run from its first event to its last, in order; empty if nothing happened."""
    record = Record(path)
    with Journal.reading(record.folder.place) as journal:
        told: list[Event | Reading] = sorted([*journal.events(), *journal.readings()], key=_when)
    return list(_moments(record, told)) if told else []


def _when(each: Event | Reading) -> float:
    return each.time_s


def _moments(record: Record, told: list[Event | Reading]) -> Iterator[Moment]:
    begin_s, end_s = told[0].time_s, told[-1].time_s
    step_s = max((end_s - begin_s) / MOMENTS, 1e-9)
    next_s = begin_s
    for each in told:
        while each.time_s > next_s:
            yield _moment(record, next_s, begin_s)
            next_s += step_s
        if isinstance(each, Event):
            record.hear(each)
        else:
            record.read(each)
    yield _moment(record, end_s, begin_s)


def _moment(record: Record, at_s: float, begin_s: float) -> Moment:
    slots = record.course.dispatcher.running.values()
    busy = [f"{doing(slot.task.skill)} {', '.join(slot.task.samples)}" for slot in slots]
    ended = len(record.tally.ended)
    text = f"{duration(at_s - begin_s)} · {ended} samples ended · {'; '.join(busy) or 'nothing at work'}"
    return Moment(at_s, scenery(record.lab, showing.bench(record, at_s)), text)
