"""A syringe behind a valve: liquid goes from one port to another."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from robot.interfaces.device import Device, Repeat, repeats


@dataclass(frozen=True)
class PipetteState:
    """One look at a syringe pump."""

    volume_ul: float
    """What the plunger's position says is in the syringe."""
    port: int
    """Where the valve stands; 0 if it does not know."""
    busy: bool
    initialised: bool
    fault: str | None
    """What is wrong, in words; None when all is well."""


class Pipette(Device, Protocol):
    """A syringe pump with a distribution valve. Verbs name a state to reach: a lost reply is settled by reading."""

    capacity_ul: float
    min_volume_ul: float
    ports: Mapping[str, int]
    """What hangs on the valve: name to port number."""

    @repeats(Repeat.READ)
    def read_state(self) -> PipetteState:
        """Where plunger and valve are, and whether they still move."""

    @repeats(Repeat.ONCE)
    def start_initialising(self, waste_port: int) -> None:
        """Home plunger and valve; what is in the syringe leaves through `waste_port`."""

    @repeats(Repeat.IDEMPOTENT)
    def start_turning_valve(self, port: int) -> None:
        """Turn the valve to a port."""

    @repeats(Repeat.IDEMPOTENT)
    def start_moving_plunger(self, to_volume_ul: float, flow_ul_per_s: float) -> None:
        """Move the plunger until the syringe holds `to_volume_ul`: up to draw in, down to push out.

        Raises:
            LimitExceeded: more than the syringe holds, less than nothing, or a flow it cannot make; nothing was sent.
            Busy: it still moves; the command was not taken.
            ReplyLost: it may or may not move: compare `read_state().volume_ul`.
        """
