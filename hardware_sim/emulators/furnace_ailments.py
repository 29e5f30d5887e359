"""What can befall a furnace and its controller, the same for all models."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from hardware_sim.emulators.control_loop import Loop
from hardware_sim.emulators.mending import mend_later
from hardware_sim.faults import suffers
from hardware_sim.world.chamber import Oven, Thermocouple
from hardware_sim.world.world import World

WORN = 0.25  # of its power that a worn element still gives (assumed)
LOWERED_TO_C = 50.0  # a limit that somebody left there (assumed)


@dataclass
class Panel:
    """What a person at the panel may have done to the memory: locked it, or lowered the limit. Writes still succeed."""

    is_locked: bool = False
    limit_c: float = inf

    def admit_c(self, wanted_c: float, standing_c: float) -> float:
        """The temperature that will stand where `standing_c` stood."""
        return standing_c if self.is_locked else min(wanted_c, self.limit_c)


class AilingFurnace(ABC):
    """The part of a furnace's emulator that suffers. It has an oven, a loop and a panel, and says what power loss does."""

    _name: str
    _world: World
    _oven: Oven
    _loop: Loop
    _panel: Panel

    @abstractmethod
    def _restart(self) -> None:
        """Come up again after a moment without power."""

    @suffers("power-loss")
    def lose_power(self) -> None:
        """The mains fail for a moment."""
        self._oven.advance_to(self._world.now_s)
        self._loop.rest()
        self._restart()

    @suffers("runaway")
    def weld_relay(self) -> None:
        """The relay sticks: the element heats on, whatever the output says."""
        self._oven.weld_relay(self._world.now_s)
        self._mend(self._oven.free_relay)

    @suffers("sluggish")
    def wear_element(self) -> None:
        """The element gives a quarter of its power."""
        self._oven.set_power(self._world.now_s, WORN)
        self._mend(lambda t_s: self._oven.set_power(t_s, 1.0))

    @suffers("overshoot")
    def detune(self) -> None:
        """Somebody tunes the loop, badly."""
        self._tune(self._world.now_s, is_badly=True)
        self._mend(lambda t_s: self._tune(t_s, is_badly=False))

    @suffers("thermocouple-frozen")
    def freeze_thermocouple(self) -> None:
        """The reading stays what it is."""
        self._connect_thermocouple(Thermocouple.FROZEN)

    @suffers("thermocouple-reversed")
    def reverse_thermocouple(self) -> None:
        """Somebody plugs it in the wrong way round."""
        self._connect_thermocouple(Thermocouple.REVERSED)

    @suffers("door-open")
    def leave_door_ajar(self) -> None:
        """Warm air leaves; no furnace here has a switch that would tell."""
        self._oven.set_door(self._world.now_s, is_open=True)
        self._mend(lambda t_s: self._oven.set_door(t_s, is_open=False))

    @suffers("setpoint-kept")
    def lock_panel(self) -> None:
        """Set-points are acknowledged and not taken."""
        self._panel.is_locked = True
        self._mend(self._unlock_panel)

    @suffers("setpoint-clipped")
    def lower_limit(self) -> None:
        """Set-points are acknowledged and cut to a limit."""
        self._panel.limit_c = LOWERED_TO_C
        self._mend(self._unlock_panel)

    def _unlock_panel(self, _t_s: float) -> None:
        self._panel.is_locked, self._panel.limit_c = False, inf

    def _tune(self, t_s: float, *, is_badly: bool) -> None:
        self._oven.advance_to(t_s)
        self._loop.is_badly_tuned = is_badly
        self._loop.rest()

    def _connect_thermocouple(self, thermocouple: Thermocouple) -> None:
        self._oven.set_thermocouple(self._world.now_s, thermocouple)
        self._mend(lambda t_s: self._oven.set_thermocouple(t_s, Thermocouple.SOUND))

    def _mend(self, mend: Callable[[float], None]) -> None:
        mend_later(self._world, self._name, mend)
