"""A furnace's thermocouple that breaks as planned."""

from functools import partial

from hardware_sim.faults import ThermocoupleBreak
from hardware_sim.world.chamber import Thermocouple
from hardware_sim.world.world import World


class BreakingThermocouple:
    """Counts a furnace's programmes, for a break is planned so long after the nth of them began."""

    def __init__(self, furnace: str, world: World) -> None:
        self.programmes = 0
        self._furnace = furnace
        self._world = world
        self._breaks = [f for f in world.faults if isinstance(f, ThermocoupleBreak) and f.device == furnace]

    def programme_begins(self) -> None:
        """Plan what is to happen in this programme."""
        self.programmes += 1
        for fault in self._breaks:
            if fault.nth == self.programmes:
                opens_s = self._world.now_s + 60 * fault.after_min
                for t_s, is_broken in ((opens_s, True), (opens_s + 60 * fault.lasts_min, False)):
                    self._world.agenda.at(t_s, self._furnace, partial(self._break, t_s, is_broken))

    def _break(self, t_s: float, is_broken: bool) -> None:
        thermocouple = Thermocouple.BROKEN if is_broken else Thermocouple.SOUND
        self._world.ovens[self._furnace].set_thermocouple(t_s, thermocouple)
        self._world.note("fault", kind="thermocouple-break", device=self._furnace, is_broken=is_broken)
