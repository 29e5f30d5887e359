"""A watchdog: it acts when nobody has spoken for a while."""

from collections.abc import Callable

from hardware_sim.world.agenda import Event
from hardware_sim.world.world import World


class Watchdog:
    """Counts down on the world's agenda, in a device's name."""

    def __init__(self, world: World, device: str) -> None:
        self._world = world
        self._device = device
        self._due: Event | None = None

    @property
    def is_armed(self) -> bool:
        """Will it bark if nothing comes?"""
        return self._due is not None

    def arm(self, silence_s: float, bark: Callable[[], None]) -> None:
        """Begin to count, or begin anew."""
        self.disarm()

        def wake() -> None:
            self._due = None
            bark()

        self._due = self._world.agenda.at(self._world.now_s + silence_s, self._device, wake)

    def disarm(self) -> None:
        """Count no longer."""
        if self._due is not None:
            self._due.cancel()
            self._due = None
