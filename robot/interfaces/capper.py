"""A station that screws caps onto vessels, and off again."""

from dataclasses import dataclass
from typing import Literal, Protocol

from robot.interfaces.device import Device, Repeat, repeats

CappingTask = Literal["none", "cap", "uncap"]
CappingEnding = Literal["none", "running", "done", "slipped", "stuck", "no-cap", "stopped", "no-vessel", "power"]
"""How the last order went: `none` before the first, `done` in full. After `slipped` and `no-cap` the vessel is open, after
`stuck` it is closed, as before the order; after the others a cap may sit loosely."""
VesselOnCapper = Literal["none", "open", "capped"]


@dataclass(frozen=True)
class CapperState:
    """One look at a capper, and at its last order."""

    order: int
    """Number of the last order; the device never forgets it. 0 before the first."""
    task: CappingTask
    ending: CappingEnding
    torque_mnm: float
    """What a cap was to be tightened with; 0 of an uncapping."""
    reached_mnm: float
    """The most torque that the order took, so far."""
    vessel: VesselOnCapper
    """What a light barrier at the height of a cap, and a switch below, say of its place. A loose cap is a cap."""
    has_caps: bool
    """Does one lie in its magazine?"""
    boots: int
    """How often it was switched on."""
    fault: str | None
    """Why the last order was not done, in words; None if it was, is under way, or was told to stop."""

    @property
    def busy(self) -> bool:
        """Is an order under way?"""
        return self.ending == "running"


class Capper(Device, Protocol):
    """A capper that numbers its orders. After a lost reply its number tells whether one was begun, its light barrier
    whether a cap is on."""

    max_torque_mnm: float

    @repeats(Repeat.READ)
    def read_state(self) -> CapperState:
        """What stands there, whether it is closed, what became of the last order."""

    @repeats(Repeat.ONCE)
    def start_capping(self, torque_mnm: float) -> int:
        """Screw a fresh cap onto what stands there, until a whole number of mN·m is reached; return the order's number.

        A cap that never gets there (`slipped`) is taken off again.

        Raises:
            LimitExceeded: more torque than it has; nothing was sent.
            Busy: an order is under way; this one was not taken.
            CommandRefused: no vessel stands there, it is closed already, or there is no cap; nothing moves.
            ReplyLost: it may or may not have begun: compare `read_state().order`.
        """

    @repeats(Repeat.ONCE)
    def start_uncapping(self) -> int:
        """Screw the cap off what stands there and throw it away; return the order's number.

        Raises as `start_capping` does, also if the vessel is open.
        """

    @repeats(Repeat.IDEMPOTENT)
    def stop_capping(self) -> None:
        """Turn no more; a cap may sit loosely."""
