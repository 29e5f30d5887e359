"""A Yudian AI-518P temperature controller: AIBUS in front of a programme of setpoints and times.

Sources: see the fact sheet. Assumed where it is silent: a programme sets out from C01 whatever the chamber's
temperature; a time of 0 holds, a negative one other than -121 jumps; a stopped controller keeps its last setpoint and
gives no output; after a moment without power
a programme that ran begins anew, and one that stood stands; parameters it does not know read 32767; a value out of range is not taken, and the answer shows the old.
"""

import struct
from collections import Counter
from enum import IntEnum

from hardware_sim.emulators.control_loop import Loop
from hardware_sim.emulators.furnace_ailments import AilingFurnace, Panel
from hardware_sim.emulators.thermocouple import BreakingThermocouple
from hardware_sim.world.chamber import RANGE_END_C
from hardware_sim.world.oven_kinds import Tuning
from hardware_sim.world.world import World
from robot.device_settings import YudianAI518PSettings

REQUEST_BYTES = 8
READ, WRITE = 0x52, 0x43
SV, HIAL, LOAL, DPT, SRUN, C01 = 0x00, 0x01, 0x02, 0x0C, 0x1B, 0x50
STEPS = 30
UNKNOWN = 32767
END = -121
COUNTS = 10  # a degree, for dPt = 1
PARAMETERS = {
    SV: 200, HIAL: 9999, LOAL: -1999, 0x03: 9999, 0x04: 9999, 0x05: 20, 0x06: 1, 0x07: 80, 0x08: 200, 0x09: 200,
    0x0A: 20, 0x0B: 0, DPT: 1, 0x0D: 0, 0x0E: 13000, 0x0F: 0, 0x10: 0, 0x11: 0,
}  # fmt: skip


class Run(IntEnum):
    """Parameter Srun."""

    RUN = 0
    PAUSE = 4
    STOP = 12


class StepProgrammer:
    """Setpoints and the minutes from each to the next: what drives the element."""

    def __init__(self, tuning: Tuning) -> None:
        self.state = Run.STOP
        self.steps = [[0, 0] for _ in range(STEPS)]
        """Counts of temperature, minutes."""
        self.setpoint_c = PARAMETERS[SV] / COUNTS
        self.output = 0.0
        self.step_number = 0
        self._left_s = 0.0
        self.loop = Loop(tuning)

    @property
    def is_off(self) -> bool:
        """Nothing will be asked of the element until somebody writes a parameter."""
        return self.state is Run.STOP and self.output == 0

    def step(self, sensed_c: float) -> float:
        """One second: move the setpoint, then the output."""
        if self.state is Run.RUN:
            self._move()
        if self.state is Run.STOP or sensed_c >= RANGE_END_C:
            self.loop.rest()
            self.output = 0.0
        else:
            self.output = self.loop.output(self.setpoint_c, sensed_c)
        return self.output

    def command(self, state: Run) -> bool:
        """Run, pause or stop; say whether a programme begins."""
        begins = state is Run.RUN and self.state is Run.STOP
        if not (state is Run.PAUSE and self.state is Run.STOP):
            self.state = state
        if begins:
            self._enter(0)
        return begins

    def recover(self) -> None:
        """Power has come back."""
        if self.state is Run.RUN:
            self._enter(0)

    def _move(self) -> None:
        counts, _ = self.steps[min(self.step_number + 1, STEPS - 1)]
        self.setpoint_c += (counts / COUNTS - self.setpoint_c) / max(self._left_s, 1.0)
        self._left_s -= 1.0
        if self._left_s <= 0:
            self._enter(self.step_number + 1)

    def _enter(self, number: int) -> None:
        if number >= STEPS:
            self.state = Run.STOP
            return
        self.step_number = number
        counts, minutes = self.steps[number]
        self.setpoint_c = counts / COUNTS
        self._left_s = 60.0 * minutes
        if minutes == END:
            self.state = Run.STOP
        elif minutes == 0:
            self.state = Run.PAUSE
        elif minutes < 0:
            self._jump(-minutes - 1)

    def _jump(self, number: int) -> None:
        if number < STEPS and self.steps[number][1] > 0:
            self._enter(number)
        else:  # nowhere to go
            self.state = Run.STOP


class YudianAI518PEmulator(AilingFurnace):
    """One controller on an AIBUS line."""

    def __init__(self, name: str, world: World, settings: YudianAI518PSettings) -> None:
        self.acts: Counter[str] = Counter()
        self._name, self._world = name, world
        self._address = settings.address
        self._max_counts = round(settings.max_temperature_c * COUNTS)
        self._oven = world.ovens[name]
        self._programmer = StepProgrammer(self._oven.kind.tuning)
        self._oven.control = self._programmer
        self._loop, self._panel = self._programmer.loop, Panel()
        self._thermocouple = BreakingThermocouple(name, world)
        self._parameters = dict(PARAMETERS)
        self._received = b""

    def receive(self, data: bytes) -> bytes:
        """Answer each request to this address, wherever it begins."""
        self._oven.advance_to(self._world.now_s)
        self._received += data
        replies = []
        at = 0
        while at + REQUEST_BYTES <= len(self._received):
            request = self._received[at : at + REQUEST_BYTES]
            if self._is_ours(request):
                replies.append(self._answer(*struct.unpack("<BBh", request[2:6])))
                self._received, at = self._received[at + REQUEST_BYTES :], 0
            else:
                at += 1
        self._received = self._received[at:]
        return b"".join(replies)

    def state(self) -> dict[str, object]:
        """Programmer and its step."""
        programmer = self._programmer
        return {
            "programme": programmer.state.name.lower(),
            "step": programmer.step_number + 1,
            "setpoint_c": programmer.setpoint_c,
            "output": programmer.output,
            "programmes": self._thermocouple.programmes,
        }

    def _restart(self) -> None:
        self._programmer.recover()

    def _is_ours(self, request: bytes) -> bool:
        first, second, op, parameter, value, total = struct.unpack("<BBBBHH", request)
        is_sound = parameter * 256 + op + value + self._address & 0xFFFF == total
        return first == second == 0x80 + self._address and op in (READ, WRITE) and is_sound

    def _answer(self, op: int, parameter: int, value: int) -> bytes:
        if op == WRITE:
            self._set(parameter, value)
        found = self._value(parameter)
        process_value = round(self._oven.sensed_c * COUNTS)
        setpoint = round(self._programmer.setpoint_c * COUNTS)
        status, output = self._status(process_value), round(self._programmer.output * 100)
        total = process_value + setpoint + (status << 8) + output + found + self._address
        return struct.pack("<hhBBhH", process_value, setpoint, output, status, found, total & 0xFFFF)

    def _value(self, parameter: int) -> int:
        step, is_time = divmod(parameter - C01, 2)
        if parameter == SRUN:
            return self._programmer.state
        if parameter == SV:
            return round(self._programmer.setpoint_c * COUNTS)
        if 0 <= step < STEPS:
            return self._programmer.steps[step][is_time]
        return self._parameters.get(parameter, UNKNOWN)

    def _set(self, parameter: int, value: int) -> None:
        step, is_time = divmod(parameter - C01, 2)
        if parameter == SRUN and value in list(Run):
            self.acts[Run(value).name.lower()] += 1
            if self._programmer.command(Run(value)):
                self._thermocouple.programme_begins()
        elif parameter == SV and 0 <= value <= self._max_counts:
            self.acts["setpoint"] += 1
            self._programmer.setpoint_c = self._panel.admit_c(value / COUNTS, self._programmer.setpoint_c)
        elif 0 <= step < STEPS and (END <= value <= 9999 if is_time else 0 <= value <= self._max_counts):
            self.acts["programme"] += 1
            self._store(step, is_time, value)
        elif parameter in self._parameters and parameter not in (SV, DPT):
            self.acts[f"write {parameter:02X}h"] += 1
            self._parameters[parameter] = value

    def _store(self, step: int, is_time: int, value: int) -> None:
        standing = self._programmer.steps[step][is_time]
        if not is_time:
            value = round(self._panel.admit_c(value / COUNTS, standing / COUNTS) * COUNTS)
        self._programmer.steps[step][is_time] = standing if self._panel.is_locked else value

    def _status(self, process_value: int) -> int:
        bits = {
            0: process_value > self._parameters[HIAL],
            1: process_value < self._parameters[LOAL],
            4: self._oven.sensor_is_broken,
        }
        return sum(1 << bit for bit, is_set in bits.items() if is_set)
