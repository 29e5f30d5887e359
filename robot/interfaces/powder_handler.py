"""A station that shakes the powder in one vessel, and taps it over into another."""

from dataclasses import dataclass
from typing import Literal, Protocol

from robot.interfaces.device import Device, Repeat, repeats

HandlingTask = Literal["none", "shake", "transfer"]
HandlingEnding = Literal["none", "running", "done", "no-gain", "stopped", "silence", "door", "no-vessel", "power"]
"""How the last order went: `none` before the first, `done` in full. All others fell short."""


@dataclass(frozen=True)
class PowderHandlerState:
    """One look at a handler, and at its last order."""

    order: int
    """Number of the last order; the device never forgets it. 0 before the first."""
    task: HandlingTask
    ending: HandlingEnding
    duration_s: float
    speed_rpm: float
    """What a shake was to be; 0 of a transfer."""
    shaken_s: float
    """How long it has shaken so far; 0 of a transfer."""
    target_mg: float
    """What a transfer was to bring over at least; 0 of a shake."""
    gained_mg: float | None
    """What its load cell says has come over in that transfer, so far; None if nobody can know. 0 of a shake."""
    load_mg: float
    """On the place that powder falls into."""
    has_source: bool
    has_target: bool
    door_is_open: bool
    boots: int
    """How often it was switched on."""
    fault: str | None
    """Why the last order was not done in full, in words; None if it was, is under way, or was told to stop."""

    @property
    def busy(self) -> bool:
        """Is an order under way? Weighing afterwards belongs to it."""
        return self.ending == "running"


class PowderHandler(Device, Protocol):
    """A handler that numbers its orders. After a lost reply its number tells whether one was begun, its load cell how
    much came over."""

    max_duration_s: float
    max_speed_rpm: float
    max_mass_mg: float

    @repeats(Repeat.READ)
    def read_state(self) -> PowderHandlerState:
        """What it does, what stands on its places, what became of the last order."""

    @repeats(Repeat.ONCE)
    def start_shaking(self, duration_s: float, speed_rpm: float) -> int:
        """Shake what stands on the first place, with a ball, for whole seconds; return the order's number.

        Raises:
            LimitExceeded: too long or too fast; nothing was sent.
            Busy: an order is under way; this one was not taken.
            CommandRefused: its door is open, or no vessel stands there; nothing moves.
            ReplyLost: it may or may not have begun: compare `read_state().order`.
        """

    @repeats(Repeat.ONCE)
    def start_transferring(self, target_mg: float) -> int:
        """Tap powder over from the first place into the second until `target_mg` or more has come; return the order's
        number.

        It gives up (`no-gain`) when a long tapping brings less than a twentieth of the target: nothing is left, it has caked,
        or the sieve is clogged. Raises as `start_shaking` does, also if no vessel stands on the second place.
        """

    @repeats(Repeat.IDEMPOTENT)
    def stop_handling(self) -> None:
        """Shake and tap no more; what has come over is weighed and told by `read_state`."""
