"""A chamber that follows a temperature programme."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from robot.interfaces.device import Device, Repeat, repeats


@dataclass(frozen=True)
class Segment:
    """Go to a temperature at a rate, then stay."""

    target_c: float
    rate_c_per_min: float
    dwell_min: float


Stage = Literal["idle", "running", "holding", "ended"]
"""What a programmer is about."""

DWELL_TOLERANCE_MIN = 0.05


def keeps_dwell(step_min: float, dwell_min: float) -> bool:
    """Does a furnace that counts dwells in whole steps keep this one, to within three seconds?

    >>> keeps_dwell(1.0, 20.0), keeps_dwell(1.0, 20.5), keeps_dwell(0.1, 20.53)
    (True, False, True)
    """
    return abs(round(dwell_min / step_min) * step_min - dwell_min) <= DWELL_TOLERANCE_MIN


@dataclass(frozen=True)
class FurnaceState:
    """One look at a furnace."""

    temperature_c: float
    setpoint_c: float
    """Where the programme wants it now."""
    programme: Stage
    output_fraction: float
    sensor_broken: bool


class Furnace(Device, Protocol):
    """A furnace controller with a programmer."""

    min_target_c: float
    max_target_c: float
    max_segments: int
    max_dwell_min: float
    dwell_step_min: float
    """Dwells are kept to whole multiples of this; others are refused, never rounded."""
    max_rate_c_per_min: float

    @repeats(Repeat.READ)
    def read_state(self) -> FurnaceState:
        """Take one reading of the chamber and the programmer."""

    @repeats(Repeat.IDEMPOTENT)
    def load_programme(self, segments: Sequence[Segment]) -> None:
        """Write a programme and read every word back; the heater stays off.

        Raises:
            LimitExceeded: too hot, too fast, too long or too many segments; nothing was sent.
            CommandRefused: the controller said no, or read back something else.
            Busy: a programme is running.
        """

    @repeats(Repeat.IDEMPOTENT)
    def start_programme(self) -> None:
        """Run the loaded programme; return once the controller says it runs."""

    @repeats(Repeat.IDEMPOTENT)
    def stop_programme(self) -> None:
        """Reset the programmer: heater off, natural cooling. Also returns an ended programmer to idle."""
