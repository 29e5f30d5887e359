"""What to do when a task fails: give the sample up and go on, or stop the bench and ask."""

from enum import Enum

from planning.errors import Disappointed, InDoubt, Missing, NotCompleted, OutOfControl, Refused, VolumeUnknown
from planning.graph import Task
from robot.errors import CommandRefused, DeviceError, DeviceFault


class Decision(Enum):
    """What happens next."""

    SET_ASIDE = "set aside"
    """The task's samples are given up; the bench goes on."""
    EMPTY = "empty"
    """As `SET_ASIDE`, once the pump has given to the waste whatever it holds; if that fails, or is needed again, stop."""
    STOP = "stop"
    """Nothing more may move before a person has looked."""


SHARED = frozenset({"carry", "dose", "cast", "transfer", "mix", "wash"})
"""After a failure of the arm or the pipette nobody knows what it holds: the next sample would suffer too."""


def decide(error: Exception, task: Task) -> Decision:
    """Choose by what the error says of the world, not by where it came from."""
    match error:
        case Missing():  # the arm may hold it, or not be where it takes itself to be
            return Decision.STOP
        case Disappointed():
            return Decision.SET_ASIDE
        case InDoubt() | OutOfControl():
            return Decision.STOP
        case VolumeUnknown():
            return Decision.EMPTY
        case NotCompleted() | DeviceFault() | CommandRefused() | Refused():
            return Decision.STOP if task.skill in SHARED else Decision.SET_ASIDE
        case DeviceError():
            return Decision.SET_ASIDE if task.skill in ("look", "measure") else Decision.STOP
    raise error
