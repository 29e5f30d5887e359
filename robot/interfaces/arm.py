"""An arm that carries things between points of the bench."""

from dataclasses import dataclass
from typing import Protocol

from robot.geometry import BenchPoint
from robot.interfaces.device import Device, Repeat, repeats


@dataclass(frozen=True)
class ArmState:
    """One look at an arm."""

    position: BenchPoint
    ticket: int | None
    """Number of the newest command that is running or finished, as the arm itself counts; falls back to 0 when the arm
    forgets (power-up, reset). None: this arm keeps no count, or cannot tell it just now."""
    alarms: tuple[str, ...]
    """What is wrong, in words; empty when all is well."""
    busy: bool | None = None
    """Is it at work? None: this arm does not tell."""
    is_closed: bool | None = None
    """Does the gripper say that it is closed? None: this one does not tell."""
    jaws_mm: float | None = None
    """How far the gripper's jaws are apart. None: this one does not tell."""


class Arm(Device, Protocol):
    """An arm with a gripper. A command returns once the arm has agreed; `read_state` tells how far the arm has come.

    Some arms queue commands; the others take one at a time and raise Busy. None replaces or forgets what it was told.
    Where an arm keeps no count, the ticket is None: then place, gripper and `busy` are the evidence.
    """

    @repeats(Repeat.READ)
    def read_state(self) -> ArmState:
        """Where the arm is, what it works on, what is wrong."""

    @repeats(Repeat.READ)
    def senses_vessel(self) -> bool | None:
        """Does a sensor between its jaws see something there? None: it has none.

        A light barrier sees what the jaws hold, and what stands between them while they are open.
        """

    @repeats(Repeat.ONCE)
    def start_homing(self) -> int | None:
        """Get ready to move: power, brakes, and where an arm must find home again, it sweeps. Return the ticket."""

    @repeats(Repeat.ONCE)
    def start_move(self, to: BenchPoint) -> int | None:
        """Begin a straight move of the tool to a point; return the ticket.

        Raises:
            LimitExceeded: out of reach; nothing was sent.
            Busy: it has no queue and is still at work; the move was not taken.
            CommandRefused: it is not ready to move, and says so.
            ReplyLost: the move may or may not be taken: compare `read_state()` with what it was before.
        """

    @repeats(Repeat.ONCE)
    def start_grip(self, closed: bool) -> int | None:
        """Close or open the gripper; return the ticket. Raises as `start_move` does."""

    def seconds_for(self, start: BenchPoint, to: BenchPoint) -> float:
        """How long `start_move` from `start` will take, by the arm's own limits; nothing is sent."""

    def check_reach(self, to: BenchPoint) -> None:
        """Raise LimitExceeded if the tool cannot get to `to`; nothing is sent."""
