"""A Eurotherm 3216P temperature controller: eight segments of dwell, setpoint and ramp, and its own numbers for the
states of its programmer.

Sources: see the fact sheet. Assumed: a segment ramps first and dwells then; a ramp of 0 is a step; dwell unit 0 (called
hours on the panel, which shows hours and minutes) counts minutes, unit 1 seconds; ends 2 and 4 are like 3.
"""

from collections.abc import Mapping

from hardware_sim.emulators.eurotherm import HIGHEST_COUNT, Controller, OnSerialLine, Parameter, only, panel_parameters
from hardware_sim.emulators.eurotherm_programmer import End, Kind, Part, Recovery, State
from hardware_sim.world.world import World
from robot.device_settings import Eurotherm3216PSettings

IDENTITY = 0x3216
CODES = {State.RESET: 0, State.RUN: 1, State.HOLD: 2, State.HOLDBACK: 1, State.END: 3}
DWELL_UNIT, HOLDBACK, END_KIND, RAMP_UNIT = 321, 327, 328, 531
FIRST, SEGMENTS = 1280, 8
DWELL_S = (60.0, 1.0)
RAMP_S = (60.0, 3600.0, 1.0)
END_DWELL = 1


class Triples:
    """A `Memory` for the programmer: each segment is a ramp and a dwell."""

    parts = 2 * SEGMENTS

    def __init__(self, max_c: float) -> None:
        self._words = dict.fromkeys(range(FIRST, FIRST + 3 * SEGMENTS), 0)
        self._words |= {DWELL_UNIT: 0, HOLDBACK: 0, END_KIND: END_DWELL, RAMP_UNIT: 0}
        self._highest = {DWELL_UNIT: 1, END_KIND: 4, RAMP_UNIT: 2}
        self._highest |= dict.fromkeys(range(FIRST + 1, FIRST + 3 * SEGMENTS, 3), round(max_c * 10))

    @property
    def words(self) -> Mapping[int, int]:
        """Its registers."""
        return self._words

    @property
    def holdback_c(self) -> float:
        """How far the chamber may lag behind; 0 is as far as it likes."""
        return self._words[HOLDBACK] / 10

    def part(self, number: int) -> Part:
        """A ramp or a dwell, counted from 1; beyond the last there is an end."""
        segment, is_dwell = divmod(number - 1, 2)
        if segment >= SEGMENTS:
            return Part(Kind.END, end=End.DWELL if self._words[END_KIND] == END_DWELL else End.RESET)
        dwell, target, ramp = (self._words[FIRST + 3 * segment + offset] for offset in range(3))
        if is_dwell:
            return Part(Kind.DWELL, duration_s=dwell * DWELL_S[self._words[DWELL_UNIT]], holds_back=True)
        if ramp == 0:
            return Part(Kind.STEP, target_c=target / 10)
        rate_c_per_s = ramp / 10 / RAMP_S[self._words[RAMP_UNIT]]
        return Part(Kind.RAMP_RATE, target_c=target / 10, rate_c_per_s=rate_c_per_s, holds_back=True)

    def fits(self, address: int, word: int) -> bool:
        """May this word stand there?"""
        return word <= self._highest.get(address, HIGHEST_COUNT)

    def is_target(self, address: int) -> bool:
        """Does a temperature stand there, in tenths?"""
        return address >= FIRST and (address - FIRST) % 3 == 1

    def store(self, address: int, word: int) -> None:
        """Put it there."""
        self._words[address] = word


class Eurotherm3216PEmulator(OnSerialLine):
    """One 3216P on a serial line."""

    def __init__(self, name: str, world: World, settings: Eurotherm3216PSettings) -> None:
        memory = Triples(settings.max_temperature_c)
        controller = Controller(name, world, settings.max_temperature_c, IDENTITY, memory, CODES)
        programmer = controller.programmer
        controller.parameters |= panel_parameters(controller)
        controller.parameters |= {311: only(1), 330: Parameter(lambda: (programmer.segment + 1) // 2)}
        super().__init__(controller, settings.unit, Recovery.CONTINUE)
