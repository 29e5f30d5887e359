"""A Eurotherm 2416 temperature controller: the register map of the fact sheet in front of a programmer and an oven.

Sources: see the fact sheet. Which registers may be written, and what a refusal answers, is assumed where it is silent.
"""

import struct
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from hardware_sim.emulators.eurotherm_programmer import FIRST_SEGMENT, HEADER, PROGRAMME_END, Programmer, State, signed
from hardware_sim.emulators.modbus_rtu import ILLEGAL_ADDRESS, ILLEGAL_VALUE, ModbusRtu, Refused
from hardware_sim.faults import ThermocoupleBreak
from hardware_sim.world.world import World
from robot.config import Eurotherm2416Settings

IDENTITY = 0x2416
FLOATS = 0x8000  # parameter n as an IEEE-754 number at 0x8000 + 2 n
HIGHEST_COUNT = 9999  # of durations and rates: the panel shows four digits


@dataclass(frozen=True)
class Parameter:
    """One register: its value in its own unit, how many counts a unit has, and whether it may be written."""

    read: Callable[[], float]
    counts: int = 1
    write: Callable[[float], None] | None = None
    low: float = 0.0
    high: float = HIGHEST_COUNT


class Eurotherm2416Emulator:
    """Registers in front of a programmer in front of an oven. One decimal place; programme 1 only."""

    def __init__(self, name: str, world: World, settings: Eurotherm2416Settings) -> None:
        self.acts: Counter[str] = Counter()
        self._name = name
        self._world = world
        self._max_c = settings.max_temperature_c
        self._oven = world.ovens[name]
        self._breaks = [f for f in world.faults if isinstance(f, ThermocoupleBreak) and f.device == name]
        self._programmes = 0
        self._programmer = self._oven.control = Programmer()
        self._setpoints_c = [0.0, 0.0]
        self._selected = 0
        self._manual_percent = 0.0
        self._stored = {13: self._max_c, 14: 0.0, 26: 0.0}
        self._frames = ModbusRtu(settings.unit, self._word, self._write)
        self._parameters = self._all_parameters()

    def receive(self, data: bytes) -> bytes:
        """Answer each frame for this unit; broadcasts are done in silence."""
        self._oven.advance_to(self._world.now_s)
        return self._frames.receive(data)

    def state(self) -> dict[str, object]:
        """Programmer and setpoints."""
        return {**self._programmer.picture(), "setpoints_c": list(self._setpoints_c), "programmes": self._programmes}

    def _word(self, address: int) -> bytes:
        if address >= FLOATS:
            number, half = divmod(address - FLOATS, 2)
            return struct.pack(">f", self._parameter(number).read())[2 * half : 2 * half + 2]
        if HEADER <= address < PROGRAMME_END:
            return self._programmer.words[address].to_bytes(2, "big")
        parameter = self._parameter(address)
        counts = round(parameter.read() * parameter.counts)
        return (min(max(counts, -0x8000), 0x7FFF) & 0xFFFF).to_bytes(2, "big")

    def _parameter(self, address: int) -> Parameter:
        if address not in self._parameters:
            raise Refused(ILLEGAL_ADDRESS)
        return self._parameters[address]

    def _write(self, address: int, words: list[int]) -> None:
        """All words or none; a value out of range is refused, never clipped."""
        changes = [self._change(address + offset, word) for offset, word in enumerate(words)]
        self.acts[_name_of(address, words[0])] += 1
        for change in changes:
            change()

    def _change(self, address: int, word: int) -> Callable[[], None]:
        if HEADER <= address < PROGRAMME_END:
            if self._programmer.state is not State.RESET or not self._fits_programme(address, word):
                raise Refused(ILLEGAL_VALUE)  # a programme that runs cannot be edited (assumed)
            return lambda: self._programmer.words.update({address: word})
        parameter = self._parameter(address)
        write, value = parameter.write, signed(word) / parameter.counts
        if write is None or not parameter.low <= value <= parameter.high:
            raise Refused(ILLEGAL_VALUE)
        if address == 23 and value not in (State.RESET, State.RUN, State.HOLD):
            raise Refused(ILLEGAL_VALUE)
        return lambda: write(value)

    def _fits_programme(self, address: int, word: int) -> bool:
        if address < FIRST_SEGMENT:
            return word <= (2 if address in (HEADER + 2, HEADER + 3) else HIGHEST_COUNT)
        offset = (address - FIRST_SEGMENT) % 8
        highest = {0: 4, 1: round(self._max_c * 10), 3: 3, 5: 3}.get(offset, HIGHEST_COUNT)
        return word <= highest

    def _set_state(self, value: float) -> None:
        if value == State.RESET:
            self._programmer.reset()
        elif value == State.HOLD:
            self._programmer.hold()
        elif self._programmer.run(self._oven.sensed_c):
            self._programmes += 1
            for fault in self._breaks:
                if fault.nth == self._programmes:
                    self._plan_break(fault)

    def _plan_break(self, fault: ThermocoupleBreak) -> None:
        opens_s = self._world.now_s + 60 * fault.after_min
        for t_s, is_broken in ((opens_s, True), (opens_s + 60 * fault.lasts_min, False)):
            self._world.agenda.at(t_s, self._name, partial(self._break, t_s, is_broken))

    def _break(self, t_s: float, is_broken: bool) -> None:
        self._oven.set_sensor_broken(t_s, is_broken)
        self._world.note("fault", kind="thermocouple-break", device=self._name, is_broken=is_broken)

    def _set_setpoint(self, index: int, value_c: float) -> None:
        self._setpoints_c[index] = value_c
        self._programmer.setpoint_c = self._setpoints_c[self._selected]

    def _select(self, value: float) -> None:
        self._selected = int(value)
        self._programmer.setpoint_c = self._setpoints_c[self._selected]

    def _set_manual(self, value: float) -> None:
        self._programmer.manual_output = self._manual_percent / 100 if value else None

    def _set_manual_percent(self, value: float) -> None:
        self._manual_percent = value
        if self._programmer.manual_output is not None:
            self._programmer.manual_output = value / 100

    def _set_rate_limit(self, value: float) -> None:
        self._programmer.rate_limit_c_per_min = value

    def _all_parameters(self) -> dict[int, Parameter]:
        programmer, oven, max_c = self._programmer, self._oven, self._max_c

        def stored(address: int) -> Parameter:
            keep = self._stored
            return Parameter(lambda: keep[address], 10, lambda value: keep.update({address: value}), 0, max_c)

        def setpoint(index: Callable[[], int]) -> Parameter:
            return Parameter(
                lambda: self._setpoints_c[index()], 10, lambda value: self._set_setpoint(index(), value), 0, max_c
            )

        dwell_unit_s = programmer.unit_s
        return {
            1: Parameter(lambda: oven.sensed_c, 10),
            2: setpoint(lambda: self._selected),
            3: Parameter(lambda: self._manual_percent, 10, self._set_manual_percent, 0, 100),
            4: Parameter(lambda: programmer.output * 100, 10),
            5: Parameter(lambda: programmer.working_c, 10),
            13: stored(13),
            14: stored(14),
            15: Parameter(lambda: self._selected, 1, self._select, 0, 1),
            22: Parameter(lambda: 1, 1, lambda value: None, 1, 1),
            23: Parameter(lambda: programmer.state, 1, self._set_state, 1, 16),
            24: setpoint(lambda: 0),
            25: setpoint(lambda: 1),
            26: stored(26),
            35: Parameter(lambda: programmer.rate_limit_c_per_min, 10, self._set_rate_limit, 0, 999.9),
            36: Parameter(lambda: programmer.segment_left_s / dwell_unit_s(3), 10),
            56: Parameter(lambda: programmer.segment),
            58: Parameter(lambda: programmer.programme_left_s() / dwell_unit_s(3), 10),
            74: Parameter(self._status),
            75: Parameter(self._status),
            111: Parameter(lambda: max_c, 10),
            112: Parameter(lambda: 0.0, 10),
            122: Parameter(lambda: IDENTITY),
            258: Parameter(lambda: oven.sensor_is_broken),
            260: Parameter(lambda: oven.sensor_is_broken),
            273: Parameter(lambda: programmer.manual_output is not None, 1, self._set_manual, 0, 1),
            274: Parameter(lambda: 0, 1, lambda value: None, 0, 1),
            525: Parameter(lambda: 1),
            531: Parameter(lambda: programmer.words[HEADER + 2]),
        }

    def _status(self) -> int:
        is_running = self._programmer.state in (State.RUN, State.HOLDBACK)
        bits = {5: self._oven.sensor_is_broken, 9: self._programmer.state is State.END, 13: is_running}
        return sum(1 << bit for bit, is_set in bits.items() if is_set)


def _name_of(address: int, word: int) -> str:
    if address == 23:
        return {1: "reset", 2: "run", 4: "hold"}[word]
    return "programme" if HEADER <= address < PROGRAMME_END else f"write {address}"
