"""What can befall any syringe, whoever moves its plunger."""

from abc import ABC, abstractmethod

from hardware_sim.faults import suffers
from hardware_sim.world.plumbing import Plumbing
from hardware_sim.world.world import World

BUSY_S = 3.0  # of a pump that takes no command (assumed)
STALLS_AT = 0.5  # share of a stroke at which an overloaded plunger stops (assumed)


class AilingSyringe:
    """The part of a pump's emulator that suffers at the syringe itself."""

    plumbing: Plumbing

    @suffers("bubble")
    def take_in_bubble(self) -> None:
        """The next draw takes in air."""
        self.plumbing.bubble_share = 0.6

    @suffers("clot")
    def clog(self) -> None:
        """Of the next stroke out, a part does not arrive: it leaks at a joint."""
        self.plumbing.leak_share = 0.5


class AilingPump(AilingSyringe, ABC):
    """The part of a syringe pump's emulator that suffers."""

    _world: World
    _busy_until_s = 0.0
    _refuses_next = False
    _overload_awaits = False
    """Is the next stroke to stop under way?"""

    @abstractmethod
    def _stall_plunger(self) -> bool:
        """Stop a stroke under way, and notice it; False if there is none."""

    @abstractmethod
    def _restart(self) -> None:
        """Come up again after a moment without power."""

    def _take_excuse(self) -> str:
        """Why the next order is not taken: `refusal`, which is over then, or `busy`, or nothing."""
        if self._refuses_next:
            self._refuses_next = False
            return "refusal"
        return "busy" if self._world.now_s < self._busy_until_s else ""

    @suffers("busy")
    def have_no_time(self) -> None:
        """It takes no command for a while."""
        self._busy_until_s = self._world.now_s + BUSY_S

    @suffers("refusal")
    def refuse_next(self) -> None:
        """It finds a value of the next command out of range."""
        self._refuses_next = True

    @suffers("plunger-overload")
    def overload_plunger(self) -> None:
        """The plunger stops under way, in this stroke or the next."""
        self._overload_awaits = not self._stall_plunger()

    @suffers("power-loss")
    def lose_power(self) -> None:
        """The mains fail for a moment."""
        self._restart()


class AilingValvePump(AilingPump):
    """One that has a valve, too."""

    _jam_awaits = False

    @suffers("valve-jam")
    def jam_valve(self) -> None:
        """The valve does not get through its next turn."""
        self._jam_awaits = True
