"""What can befall any syringe, whoever moves its plunger."""

from hardware_sim.faults import suffers
from hardware_sim.world.plumbing import Plumbing
from hardware_sim.world.world import World

OK, PLUNGER_STALLED, VALVE_STALLED = 0, 9, 10  # errors of a Cavro
BUSY_S = 3.0  # of a pump that takes no command (assumed)


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


class AilingCavro(AilingSyringe):
    """The part of a Cavro's emulator that suffers."""

    _world: World
    _stroke: object | None
    _busy_until_s = 0.0
    _refuses_next = False
    _overload_awaits = False
    """Is the next stroke to stop under way?"""
    _jam_awaits = False
    """Is the next turn of the valve to fail?"""

    def _stall(self, error: int) -> None:
        """Stop where it is, and know no longer where that is."""
        raise NotImplementedError

    def _forget(self) -> None:
        """Lose what is not in the EEPROM."""
        raise NotImplementedError

    @suffers("busy")
    def have_no_time(self) -> None:
        """It takes no command for a while."""
        self._busy_until_s = self._world.now_s + BUSY_S

    @suffers("refusal")
    def refuse_next(self) -> None:
        """It finds an operand of the next command out of range."""
        self._refuses_next = True

    @suffers("plunger-overload")
    def overload_plunger(self) -> None:
        """The plunger stops under way, in this stroke or the next."""
        self._overload_awaits = self._stroke is None
        if not self._overload_awaits:
            self._stall(PLUNGER_STALLED)

    @suffers("valve-jam")
    def jam_valve(self) -> None:
        """The valve does not get through its next turn."""
        self._jam_awaits = True

    @suffers("power-loss")
    def lose_power(self) -> None:
        """The mains fail for a moment: it stops, forgets settings and home, and awaits either protocol."""
        self._stall(OK)
        self._forget()
