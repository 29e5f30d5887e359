"""What can befall a balance."""

from abc import ABC, abstractmethod
from math import inf

from hardware_sim.emulators.mending import mend_later
from hardware_sim.faults import suffers
from hardware_sim.world.pan import Pan
from hardware_sim.world.world import World

BUSY_S = 3.0  # of a balance that is at other work (assumed)
BUSY, NOT_EXECUTABLE = "{} I", "EL"


class AilingBalance(ABC):
    """The part of a balance's emulator that suffers. It only measures, so that its requests are counted."""

    pan: Pan
    is_overloaded = False
    _name: str
    _world: World
    _busy_until_s = 0.0
    _refuses_next = False

    @abstractmethod
    def _restart(self) -> None:
        """Come up again after a moment without power."""

    def _take_excuse(self) -> str:
        """What it says instead of doing what it is told next; nothing if all is well."""
        if self._refuses_next:
            self._refuses_next = False
            return NOT_EXECUTABLE
        return BUSY if self._world.now_s < self._busy_until_s else ""

    @suffers("busy", counts="requests")
    def have_no_time(self) -> None:
        """It cannot weigh for a while."""
        self._busy_until_s = self._world.now_s + BUSY_S

    @suffers("refusal", counts="requests")
    def refuse_next(self) -> None:
        """It does not carry out the next command."""
        self._refuses_next = True

    @suffers("power-loss", counts="requests")
    def lose_power(self) -> None:
        """The mains fail for a moment."""
        self._restart()

    @suffers("never-stable", counts="requests")
    def shake(self) -> None:
        """A door is open, or somebody walks by all the time."""
        self.pan.is_shaken = True
        mend_later(self._world, self._name, self._calm)

    @suffers("overload", counts="requests")
    def overload(self) -> None:
        """Somebody leans on the pan."""
        self.is_overloaded = True
        mend_later(self._world, self._name, self._calm)

    @suffers("drift", counts="requests")
    def drift(self) -> None:
        """The reading creeps: the sample attracts water, or the balance warms up."""
        self.pan.drifts_from_s = self._world.now_s
        mend_later(self._world, self._name, self._calm)

    def _calm(self, _t_s: float) -> None:
        self.pan.is_shaken, self.is_overloaded, self.pan.drifts_from_s = False, False, inf
