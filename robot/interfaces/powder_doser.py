"""A doser that lets powder fall from one of several hoppers into a vessel on its load cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from robot.interfaces.device import Device, Repeat, repeats

DoseEnding = Literal[
    "none", "running", "done", "over", "no-flow", "stopped", "silence", "door", "no-vessel", "power"
]  # fmt: skip
"""How the last dose went: `none` before the first, `done` within its tolerance, `over` above it. All others fell short."""


@dataclass(frozen=True)
class PowderDoserState:
    """One look at a doser, and at its last dose."""

    dose: int
    """Number of the last dose; the device never forgets it. 0 before the first."""
    ending: DoseEnding
    hopper: int
    target_mg: float
    tolerance_mg: float
    dispensed_mg: float | None
    """What its load cell says has fallen in that dose, so far; None if nobody can know."""
    remaining_mg: Mapping[int, float | None]
    """What each hopper should still hold, counted from what somebody declared; None if nobody did."""
    load_mg: float
    has_vessel: bool
    door_is_open: bool
    boots: int
    """How often it was switched on."""
    fault: str | None
    """Why the last dose did not come to its target, in words; None if it did, is under way, or was told to stop."""

    @property
    def busy(self) -> bool:
        """Is a dose under way? Weighing afterwards belongs to it."""
        return self.ending == "running"


class PowderDoser(Device, Protocol):
    """A doser that numbers its doses. After a lost reply its number tells whether a dose was begun, its load cell how much fell."""

    hoppers: Mapping[str, int]
    """What is in which hopper: the powder's name to the hopper's number."""
    min_mass_mg: float
    max_mass_mg: float
    min_tolerance_mg: float

    @repeats(Repeat.READ)
    def read_state(self) -> PowderDoserState:
        """What it does, what it bears, what became of the last dose."""

    @repeats(Repeat.ONCE)
    def start_dosing(self, hopper: int, target_mg: float, tolerance_mg: float) -> int:
        """Let powder fall until `target_mg` more lies in the vessel, give or take `tolerance_mg`; return the dose's number.

        Raises:
            LimitExceeded: too much or too little, too fine a tolerance, or no such hopper; nothing was sent.
            Busy: a dose is under way; this one was not taken.
            CommandRefused: its door is open, or no vessel stands below; nothing falls.
            ReplyLost: it may or may not have begun: compare `read_state().dose`.
        """

    @repeats(Repeat.IDEMPOTENT)
    def stop_dosing(self) -> None:
        """Let nothing more fall; what has fallen is weighed and told by `read_state`."""

    @repeats(Repeat.IDEMPOTENT)
    def declare_filled(self, hopper: int, mass_mg: float) -> None:
        """Take a person's word that a hopper holds so much now.

        Raises:
            Busy: a dose is under way.
        """
