"""Kinds of trouble that a task can end in, and how much of the task has acted by then."""

from collections.abc import Mapping
from dataclasses import dataclass

from planning.errors import (
    CapFailed,
    DoseShort,
    GripMissed,
    InDoubt,
    LookedDoubtful,
    LookedWrong,
    Missing,
    NeverHeld,
    NotCompleted,
    NotKept,
    NotTrusted,
    OutOfControl,
    Refused,
    Unanswered,
    VolumeUnknown,
    WrongMass,
)
from planning.past import Past
from planning.skills.arm import TAKES
from planning.task import Task
from planning.words import Kind
from robot.errors import Busy, CommandRefused, DeviceError, DeviceFault

KINDS: tuple[tuple[type[Exception], Kind], ...] = (
    (GripMissed, Kind.GRIP_MISSED),
    (Missing, Kind.MISSING),
    (LookedWrong, Kind.LOOKED_WRONG),
    (LookedDoubtful, Kind.LOOKED_DOUBTFUL),
    (WrongMass, Kind.WRONG_MASS),
    (NotTrusted, Kind.NOT_TRUSTED),
    (NeverHeld, Kind.NEVER_HELD),
    (Unanswered, Kind.UNANSWERED),
    (InDoubt, Kind.IN_DOUBT),
    (OutOfControl, Kind.OUT_OF_CONTROL),
    (VolumeUnknown, Kind.LOST_HOME),
    (NotKept, Kind.NOT_KEPT),
    (DoseShort, Kind.DOSE_SHORT),
    (CapFailed, Kind.CAP_FAILED),
    (NotCompleted, Kind.NOT_COMPLETED),
    (Busy, Kind.BUSY),
    (Refused, Kind.REFUSED),
    (CommandRefused, Kind.REFUSED),
    (DeviceFault, Kind.FAULT),
    (DeviceError, Kind.NO_ANSWER),
)
"""The first that fits; a special case stands before the general one."""

OBSERVING = frozenset({"look", "weigh", "measure", "diffract", "cool", "wait", "decide", "ask"})
"""What may be done again at will, as long as no device is left in doubt."""
HARMLESS = frozenset({"load_programme", "start_opening_door", "start_closing_door"})
"""Commands after which nothing is other than before, for the sample."""


@dataclass(frozen=True)
class Trouble:
    """What happened to a task. `is_untouched`: none of its commands has changed anything for its sample."""

    kind: Kind
    skill: str
    device: str = ""
    step: str = ""
    is_untouched: bool = False
    is_repeatable: bool = False
    """May it be done again without doing anything twice?"""


def trouble_of(error: Exception, task: Task, past: Mapping[int, Past]) -> Trouble:
    """Judge an error by its kind and by what the journal tells of the task's commands, by number."""
    kind = next(kind for error_type, kind in KINDS if isinstance(error, error_type))
    is_untouched = not any(_changes(task, number, each) for number, each in past.items())
    is_settled = all(each.ending for each in past.values()) and kind is not Kind.IN_DOUBT
    is_known = kind in (Kind.GRIP_MISSED, Kind.DOSE_SHORT, Kind.CAP_FAILED)
    is_repeatable = is_settled and (is_untouched or is_known or task.skill in OBSERVING)
    return Trouble(kind, task.skill, getattr(error, "device", ""), task.step, is_untouched, is_repeatable)


def _changes(task: Task, number: int, past: Past) -> bool:
    """May a command have changed something that doing the task again would change once more?"""
    was_taken = past.accepted or past.ending != "failed"
    if task.skill == "carry" and number < TAKES:
        return False
    return was_taken and past.verb not in HARMLESS
