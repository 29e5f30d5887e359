"""A balance: how heavy is what stands on its pan."""

from dataclasses import dataclass
from typing import Protocol

from robot.interfaces.device import Device, Repeat, repeats


@dataclass(frozen=True)
class Weight:
    """One reading, net of the tare."""

    mass_mg: float
    is_stable: bool
    """Has the balance come to rest? A reading that is not stable is a hint, no measurement."""


class Balance(Device, Protocol):
    """A balance with a tare memory. Whoever weighs waits for a stable reading, and doubts it if it makes no sense."""

    capacity_mg: float
    readability_mg: float

    @repeats(Repeat.READ)
    def read_weight(self) -> Weight:
        """Take one reading at once.

        Raises:
            Busy: it is at other work; ask again.
            DeviceFault: over or under its range, another unit than grams, or a fault of its own.
        """

    @repeats(Repeat.READ)
    def read_tare_mg(self) -> float:
        """What is in its tare memory: tells after a lost reply whether it tared."""

    @repeats(Repeat.ONCE)
    def tare(self) -> float:
        """Take what stands there now for nothing; return its mass.

        A tare that is repeated after powder has fallen loses the dose: after a lost reply compare `read_tare_mg`.

        Raises:
            Busy: no stable reading yet; nothing was tared.
            ReplyLost: it may or may not have tared.
        """
