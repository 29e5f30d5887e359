"""A hotplate that stirs."""

from dataclasses import dataclass
from typing import Protocol

from robot.interfaces.device import Device, Repeat, repeats


@dataclass(frozen=True)
class StirrerState:
    """One look at a hotplate-stirrer."""

    plate_c: float
    probe_c: float | None
    """In the vessel; None without a probe."""
    target_c: float
    speed_rpm: float
    target_rpm: float
    is_heating: bool | None
    """What it was last told; None if nobody knows, which is to be taken for on."""
    is_stirring: bool | None
    fault: str | None
    """What is wrong, in words; None when all is well."""


class Stirrer(Device, Protocol):
    """A hotplate-stirrer. Verbs name a state to reach; reaching it is to be seen in `read_state`."""

    min_target_c: float
    max_target_c: float
    min_speed_rpm: float
    max_speed_rpm: float

    @repeats(Repeat.READ)
    def read_state(self) -> StirrerState:
        """Take one reading; an armed watchdog of the device is content for another while."""

    @repeats(Repeat.IDEMPOTENT)
    def start_heating(self, target_c: float) -> None:
        """Heat to a temperature and stay there; return once the target was read back.

        Raises:
            LimitExceeded: too hot or too cold; nothing was sent.
            CommandRefused: the target was not taken; it does not heat to it.
        """

    @repeats(Repeat.IDEMPOTENT)
    def stop_heating(self) -> None:
        """Heater off; the target falls to the lowest, so that what reads it back knows."""

    @repeats(Repeat.IDEMPOTENT)
    def start_stirring(self, speed_rpm: float) -> None:
        """Stir at a speed; return once it was read back.

        Raises:
            LimitExceeded: too fast or too slow; nothing was sent.
            CommandRefused: the speed was not taken.
        """

    @repeats(Repeat.IDEMPOTENT)
    def stop_stirring(self) -> None:
        """Motor off."""
