"""What the Eurotherm controllers share: registers in front of a programmer in front of an oven. One decimal place.

Sources: see the fact sheet. Which registers may be written, and what a refusal answers, is assumed where it is silent.
"""

import struct
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hardware_sim.emulators.eurotherm_programmer import Memory, Programmer, Recovery, State, signed
from hardware_sim.emulators.furnace_ailments import AilingFurnace, Panel
from hardware_sim.emulators.modbus import BUSY, ILLEGAL_ADDRESS, ILLEGAL_VALUE, Refused
from hardware_sim.emulators.modbus_rtu import ModbusRtu
from hardware_sim.emulators.thermocouple import BreakingThermocouple
from hardware_sim.faults import suffers
from hardware_sim.world.world import World

FLOATS = 0x8000  # parameter n as an IEEE-754 number at 0x8000 + 2 n
STATE = 23
HIGHEST_COUNT = 9999
BUSY_S = 3.0  # of a controller that has no time for its line (assumed)


@dataclass(frozen=True)
class Parameter:
    """One register: its value in its own unit, how many counts a unit has, and whether it may be written."""

    read: Callable[[], float]
    counts: int = 1
    write: Callable[[float], None] | None = None
    low: float = 0.0
    high: float = HIGHEST_COUNT


class Controller:
    """One controller's registers. A model adds its own parameters, its memory and its numbers for the states."""

    def __init__(
        self, name: str, world: World, max_c: float, identity: int, memory: Memory, codes: Mapping[State, int]
    ) -> None:
        self.acts: Counter[str] = Counter()
        self.oven = world.ovens[name]
        self.programmer = Programmer(memory, self.oven.kind.tuning)
        self.oven.control = self.programmer
        self.max_c = max_c
        self.name, self.world = name, world
        self.panel = Panel()
        self.busy_until_s = 0.0
        self.refuses_next = False
        self._memory = memory
        self._codes = codes
        self._commands = {codes[state]: state for state in (State.RESET, State.RUN, State.HOLD)}
        self._thermocouple = BreakingThermocouple(name, world)
        self._setpoints_c = [0.0, 0.0]
        self._selected = 0
        self._manual_percent = 0.0
        self._stored = {13: max_c, 14: 0.0, 26: 0.0}
        self.parameters = self._shared_parameters(identity)

    def advance(self) -> None:
        """Let the oven come to the present instant."""
        self.oven.advance_to(self.world.now_s)

    def state(self) -> dict[str, object]:
        """Programmer and setpoints."""
        programmes = self._thermocouple.programmes
        return {**self.programmer.picture(), "setpoints_c": list(self._setpoints_c), "programmes": programmes}

    def word(self, address: int) -> bytes:
        """The two bytes of a register."""
        self._require_time()
        if address >= FLOATS:
            number, half = divmod(address - FLOATS, 2)
            return struct.pack(">f", self._parameter(number).read())[2 * half : 2 * half + 2]
        if address in self._memory.words:
            return self._memory.words[address].to_bytes(2, "big")
        parameter = self._parameter(address)
        counts = round(parameter.read() * parameter.counts)
        return (min(max(counts, -0x8000), 0x7FFF) & 0xFFFF).to_bytes(2, "big")

    def write(self, address: int, words: list[int]) -> None:
        """All words or none; a value out of range is refused, never clipped."""
        self._require_time()
        if self.refuses_next:
            self.refuses_next = False
            raise Refused(ILLEGAL_VALUE)
        changes = [self._change(address + offset, word) for offset, word in enumerate(words)]
        self.acts[self._name_of(address, words[0])] += 1
        for change in changes:
            change()

    def status(self) -> int:
        """The summary of register 75."""
        is_running = self.programmer.state in (State.RUN, State.HOLDBACK)
        bits = {5: self.oven.sensor_is_broken, 9: self.programmer.state is State.END, 13: is_running}
        return sum(1 << bit for bit, is_set in bits.items() if is_set)

    def _require_time(self) -> None:
        if self.world.now_s < self.busy_until_s:
            raise Refused(BUSY)

    def _parameter(self, address: int) -> Parameter:
        if address not in self.parameters:
            raise Refused(ILLEGAL_ADDRESS)
        return self.parameters[address]

    def _change(self, address: int, word: int) -> Callable[[], None]:
        if address in self._memory.words:
            if self.programmer.state is not State.RESET or not self._memory.fits(address, word):
                raise Refused(ILLEGAL_VALUE)  # a programme that runs cannot be edited (assumed)
            return lambda: self._store(address, word)
        parameter = self._parameter(address)
        write, value = parameter.write, signed(word) / parameter.counts
        if write is None or not parameter.low <= value <= parameter.high:
            raise Refused(ILLEGAL_VALUE)
        if address == STATE and value not in self._commands:
            raise Refused(ILLEGAL_VALUE)
        return lambda: write(value)

    def _store(self, address: int, word: int) -> None:
        standing = self._memory.words[address]
        if self._memory.is_target(address):
            word = round(self.panel.admit_c(word / 10, standing / 10) * 10)
        self._memory.store(address, standing if self.panel.is_locked else word)

    def _name_of(self, address: int, word: int) -> str:
        if address == STATE:
            return self._commands[word].value
        return "programme" if address in self._memory.words else f"write {address}"

    def _set_state(self, value: float) -> None:
        match self._commands[int(value)]:
            case State.RESET:
                self.programmer.reset()
            case State.HOLD:
                self.programmer.hold()
            case _ if self.programmer.run(self.oven.sensed_c):
                self._thermocouple.programme_begins()

    def _set_setpoint(self, index: int, value_c: float) -> None:
        self._setpoints_c[index] = self.panel.admit_c(value_c, self._setpoints_c[index])
        self.programmer.setpoint_c = self._setpoints_c[self._selected]

    def _select(self, value: float) -> None:
        self._selected = int(value)
        self.programmer.setpoint_c = self._setpoints_c[self._selected]

    def _set_manual(self, value: float) -> None:
        self.programmer.manual_output = self._manual_percent / 100 if value else None

    def _set_manual_percent(self, value: float) -> None:
        self._manual_percent = value
        if self.programmer.manual_output is not None:
            self.programmer.manual_output = value / 100

    def _set_rate_limit(self, value: float) -> None:
        self.programmer.rate_limit_c_per_min = value

    def _shared_parameters(self, identity: int) -> dict[int, Parameter]:
        programmer, oven, max_c = self.programmer, self.oven, self.max_c

        def stored(address: int) -> Parameter:
            keep = self._stored
            return Parameter(lambda: keep[address], 10, lambda value: keep.update({address: value}), 0, max_c)

        def setpoint(index: Callable[[], int]) -> Parameter:
            return Parameter(
                lambda: self._setpoints_c[index()], 10, lambda value: self._set_setpoint(index(), value), 0, max_c
            )

        return {
            1: Parameter(lambda: oven.sensed_c, 10),
            2: setpoint(lambda: self._selected),
            3: Parameter(lambda: self._manual_percent, 10, self._set_manual_percent, 0, 100),
            4: Parameter(lambda: programmer.output * 100, 10),
            5: Parameter(lambda: programmer.working_c, 10),
            13: stored(13),
            14: stored(14),
            15: Parameter(lambda: self._selected, 1, self._select, 0, 1),
            STATE: Parameter(lambda: self._codes[programmer.state], 1, self._set_state, 0, 16),
            24: setpoint(lambda: 0),
            25: setpoint(lambda: 1),
            26: stored(26),
            35: Parameter(lambda: programmer.rate_limit_c_per_min, 10, self._set_rate_limit, 0, 999.9),
            75: Parameter(self.status),
            122: Parameter(lambda: identity),
            273: Parameter(lambda: programmer.manual_output is not None, 1, self._set_manual, 0, 1),
        }


def panel_parameters(controller: Controller) -> dict[int, Parameter]:
    """What the 2400 and 3200 series have, and the EPC3000 has not: limits, thermocouple, alarms, decimal places."""
    oven, max_c = controller.oven, controller.max_c
    return {
        111: Parameter(lambda: min(max_c, controller.panel.limit_c), 10),
        112: Parameter(lambda: 0.0, 10),
        258: Parameter(lambda: oven.sensor_is_broken),
        260: Parameter(lambda: oven.sensor_is_broken),
        274: Parameter(lambda: 0, 1, lambda value: None, 0, 1),
        525: Parameter(lambda: 1),
    }


def only(number: int) -> Parameter:
    """A register that takes one value only: there is one programme."""
    return Parameter(lambda: number, 1, lambda value: None, number, number)


class AilingController(AilingFurnace):
    """A controller as something may befall it, whatever carries its messages."""

    def __init__(self, controller: Controller, recovery: Recovery) -> None:
        self.acts: Counter[str] = controller.acts
        self._name, self._world = controller.name, controller.world
        self._oven, self._loop, self._panel = controller.oven, controller.programmer.loop, controller.panel
        self._controller = controller
        self._recovery = recovery

    def state(self) -> dict[str, object]:
        """Programmer and setpoints."""
        return self._controller.state()

    @suffers("busy")
    def have_no_time(self) -> None:
        """Answer everything with exception 6 for a while."""
        self._controller.busy_until_s = self._world.now_s + BUSY_S

    @suffers("refusal")
    def refuse_next(self) -> None:
        """Answer the next write with exception 3."""
        self._controller.refuses_next = True

    def _restart(self) -> None:
        self._controller.programmer.recover(self._recovery)


class OnSerialLine(AilingController):
    """A controller at the end of a serial line, asked over Modbus RTU."""

    def __init__(self, controller: Controller, unit: int, recovery: Recovery) -> None:
        super().__init__(controller, recovery)
        self._frames = ModbusRtu(unit, controller.word, controller.write)

    def receive(self, data: bytes) -> bytes:
        """Answer each frame for this unit; broadcasts are done in silence. Nothing is said unasked."""
        if not self._frames.concerns(data):
            return b""
        self._controller.advance()
        return self._frames.receive(data)
