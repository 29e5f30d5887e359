"""A station that stops when its door is opened, and when nobody speaks any more."""

from collections.abc import Mapping

from hardware_sim.emulators.mending import mend_later
from hardware_sim.emulators.numbered_lines import Command, require
from hardware_sim.emulators.station import RANGE, SomeOrder, Station, Work
from hardware_sim.emulators.watchdog import Watchdog
from hardware_sim.faults import suffers
from hardware_sim.world.world import World

DOOR = 13
LONGEST_SILENCE_S = 3600


class GuardedStation(Station[SomeOrder]):
    """Guards the door, listens for silence; it understands `WATCHDOG`, too."""

    def __init__(self, name: str, world: World, work: Work[SomeOrder], commands: Mapping[str, Command]) -> None:
        super().__init__(name, world, work, {**commands, "WATCHDOG": (1, self._set_watchdog)}, self.listen)
        self._door_is_open = False
        self._silence_s = 0
        self._watchdog = Watchdog(world, name)

    def listen(self) -> None:
        """Count the silence anew while an order is under way."""
        if self._silence_s and self._work.order.is_running:
            self._watchdog.arm(self._silence_s, self._bark)
        else:
            self._watchdog.disarm()

    # What befalls it

    @suffers("power-loss")
    def lose_power(self) -> None:
        """Power goes and comes back at once; its watchdog sleeps until somebody sets it anew."""
        self._silence_s = 0
        self.listen()
        super().lose_power()

    @suffers("door-opened")
    def open_door(self) -> None:
        """Somebody opens the door, and leaves it so for a while."""
        self._door_is_open = True
        self._work.interrupt("door")
        mend_later(self._world, self._name, lambda t_s: self.close_door())

    def close_door(self) -> None:
        """Somebody closes it."""
        self._door_is_open = False

    # Commands

    def _take(self, order: SomeOrder, *needs: tuple[bool, int]) -> str:
        said = super()._take(order, (not self._door_is_open, DOOR), *needs)
        self.listen()
        return said

    def _set_watchdog(self, silence_s: int) -> str:
        require(silence_s <= LONGEST_SILENCE_S, RANGE)
        self._silence_s = silence_s
        self.listen()
        return ""

    def _bark(self) -> None:
        self._world.note("watchdog", device=self._name)
        self._work.interrupt("silence")
