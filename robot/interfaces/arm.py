"""An arm that carries things between points of the bench."""

from dataclasses import dataclass
from typing import Protocol

from robot.geometry import BenchPoint
from robot.interfaces.device import Device, Repeat, repeats


@dataclass(frozen=True)
class ArmState:
    """One look at an arm."""

    position: BenchPoint
    ticket: int
    """Number of the newest command that is running or finished; falls back to 0 at power-up."""
    alarms: tuple[str, ...]
    """What is wrong, in words; empty when all is well."""


class Arm(Device, Protocol):
    """An arm with a gripper. Commands queue: each returns a ticket, `read_state` tells how far the arm has come."""

    @repeats(Repeat.READ)
    def read_state(self) -> ArmState:
        """Where the arm is, what it works on, what is wrong."""

    @repeats(Repeat.ONCE)
    def start_homing(self) -> int:
        """Find home again; the arm sweeps. Return the ticket."""

    @repeats(Repeat.ONCE)
    def start_move(self, to: BenchPoint) -> int:
        """Queue a straight move of the tool to a point; return the ticket.

        Raises:
            LimitExceeded: out of reach; nothing was sent.
            ReplyLost: the move may or may not be queued: compare `read_state().ticket`.
        """

    @repeats(Repeat.ONCE)
    def start_grip(self, closed: bool) -> int:
        """Queue closing or opening of the gripper; return the ticket."""

    def seconds_for(self, start: BenchPoint, to: BenchPoint) -> float:
        """How long `start_move` from `start` will take, by the arm's own limits; nothing is sent."""

    def check_reach(self, to: BenchPoint) -> None:
        """Raise LimitExceeded if the tool cannot get to `to`; nothing is sent."""
