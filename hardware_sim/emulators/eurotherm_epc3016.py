"""A Eurotherm EPC3016 temperature controller, on Ethernet or on EIA-485: registers and programme as the 2400 series has
them, as far as the fact sheet lists them; no register for decimal places or thermocouple.

Assumed: the programme's layout and units, the range's order, and that status bit 5 tells a broken thermocouple.
"""

from collections.abc import Mapping
from typing import ClassVar

from hardware_sim.emulators.base import Conversation
from hardware_sim.emulators.eurotherm import AilingController, Controller, OnSerialLine, Parameter, only
from hardware_sim.emulators.eurotherm_programmer import Recovery, State
from hardware_sim.emulators.eurotherm_segments import EightWordSegments
from hardware_sim.emulators.modbus import ModbusUnit
from hardware_sim.emulators.modbus_tcp import ModbusTcp
from hardware_sim.world.world import World
from robot.device_settings import EurothermEPC3016Settings

IDENTITY = 0x3016
CODES = {State.RESET: 1, State.RUN: 2, State.HOLD: 4, State.HOLDBACK: 8, State.END: 16}


class EurothermEPC3016Emulator(OnSerialLine):
    """One EPC3016 on a serial line."""

    def __init__(self, name: str, world: World, settings: EurothermEPC3016Settings) -> None:
        super().__init__(_controller(name, world, settings), settings.unit, Recovery.HOLD)


class EurothermEPC3016OnEthernet(AilingController):
    """One EPC3016 on the network."""

    channels: ClassVar[Mapping[str, int]] = {"modbus": 502}

    def __init__(self, name: str, world: World, settings: EurothermEPC3016Settings) -> None:
        super().__init__(_controller(name, world, settings), Recovery.HOLD)
        self._unit = settings.unit

    def call(self, channel: str) -> Conversation:
        """Take a caller's connection."""
        return _Caller(self._controller, self._unit)


class _Caller(ModbusTcp):
    def __init__(self, controller: Controller, unit: int) -> None:
        super().__init__(unit, ModbusUnit(controller.word, controller.write))
        self._controller = controller

    def receive(self, data: bytes) -> bytes:
        self._controller.advance()
        return super().receive(data)


def _controller(name: str, world: World, settings: EurothermEPC3016Settings) -> Controller:
    memory = EightWordSegments(settings.max_temperature_c)
    controller = Controller(name, world, settings.max_temperature_c, IDENTITY, memory, CODES)
    programmer, max_c = controller.programmer, controller.max_c
    controller.parameters |= {
        11: Parameter(lambda: 0.0, 10),
        12: Parameter(lambda: max_c, 10),
        22: only(1),
        56: Parameter(lambda: programmer.segment),
        58: Parameter(lambda: programmer.programme_left_s() / memory.dwell_unit_s, 10),
        63: Parameter(lambda: programmer.segment_left_s / memory.dwell_unit_s, 10),
    }
    return controller
