"""A Eurotherm 2416 temperature controller: the register map of the fact sheet. Programme 1 only."""

from hardware_sim.emulators.eurotherm import Controller, OnSerialLine, Parameter, only, panel_parameters
from hardware_sim.emulators.eurotherm_programmer import Recovery, State
from hardware_sim.emulators.eurotherm_segments import HEADER, EightWordSegments
from hardware_sim.world.world import World
from robot.device_settings import Eurotherm2416Settings

IDENTITY = 0x2416
CODES = {State.RESET: 1, State.RUN: 2, State.HOLD: 4, State.HOLDBACK: 8, State.END: 16}


class Eurotherm2416Emulator(OnSerialLine):
    """One 2416 on a serial line."""

    def __init__(self, name: str, world: World, settings: Eurotherm2416Settings) -> None:
        memory = EightWordSegments(settings.max_temperature_c)
        controller = Controller(name, world, settings.max_temperature_c, IDENTITY, memory, CODES)
        controller.parameters |= panel_parameters(controller) | _timers(controller, memory)
        super().__init__(controller, settings.unit, Recovery.RESET)


def _timers(controller: Controller, memory: EightWordSegments) -> dict[int, Parameter]:
    programmer = controller.programmer
    return {
        22: only(1),
        36: Parameter(lambda: programmer.segment_left_s / memory.dwell_unit_s, 10),
        56: Parameter(lambda: programmer.segment),
        58: Parameter(lambda: programmer.programme_left_s() / memory.dwell_unit_s, 10),
        74: Parameter(controller.status),
        531: Parameter(lambda: memory.words[HEADER + 2]),
    }
