"""The ramp/dwell programmer of a Eurotherm, whatever its memory looks like, in front of its control loop.

Source: the register meanings of the fact sheet; the servo start is assumed, in the style of the 2400 series.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Protocol

from hardware_sim.emulators.control_loop import Loop, toward
from hardware_sim.world.chamber import RANGE_END_C
from hardware_sim.world.oven_kinds import Tuning


class State(Enum):
    """What the programmer is about; each model has its own numbers for it."""

    RESET = "reset"
    RUN = "run"
    HOLD = "hold"
    HOLDBACK = "holdback"
    END = "end"


UNDER_WAY = (State.RUN, State.HOLDBACK)


class Kind(IntEnum):
    """Types of segment, as the 2400 series numbers them."""

    END = 0
    RAMP_RATE = 1
    RAMP_TIME = 2
    DWELL = 3
    STEP = 4


class End(IntEnum):
    """What an end does, as the 2400 series numbers it."""

    DWELL = 0
    """The last temperature is held."""
    RESET = 1
    OUTPUT_OFF = 2
    """As alab_control uses it; that the output is 0 is assumed."""


@dataclass(frozen=True)
class Part:
    """One segment of a programme."""

    kind: Kind
    target_c: float = 0.0
    rate_c_per_s: float = 0.0
    duration_s: float = 0.0
    end: End = End.DWELL
    holds_back: bool = False


class Memory(Protocol):
    """Where a model keeps its programme."""

    @property
    def words(self) -> Mapping[int, int]:
        """Its registers."""

    @property
    def holdback_c(self) -> float:
        """How far the chamber may lag behind; 0 is as far as it likes."""

    @property
    def parts(self) -> int:
        """How many segments there can be."""

    def part(self, number: int) -> Part:
        """A segment, counted from 1; beyond the last there is an end."""

    def fits(self, address: int, word: int) -> bool:
        """May this word stand there?"""

    def store(self, address: int, word: int) -> None:
        """Put it there."""

    def is_target(self, address: int) -> bool:
        """Does a temperature stand there, in tenths?"""


class Recovery(Enum):
    """What a programme does once power has come back; which option is set is assumed, a different one for each model."""

    RESET = "reset"
    CONTINUE = "continue"
    HOLD = "hold"


class Programmer:
    """Setpoint, programme and loop: what drives the element."""

    def __init__(self, memory: Memory, tuning: Tuning) -> None:
        self.state = State.RESET
        self.setpoint_c = 0.0
        """What holds outside programmes."""
        self.rate_limit_c_per_min = 0.0
        self.working_c = 0.0
        self.output = 0.0
        self.manual_output: float | None = None
        self.segment = 0
        self.segment_left_s = 0.0
        self._memory = memory
        self.loop = Loop(tuning)
        self._sensed_c = 0.0
        self._part = Part(Kind.END)  # the present one; a programme that runs is not edited

    @property
    def is_off(self) -> bool:
        """Nothing will be asked of the element until somebody writes a register."""
        is_cold = self.setpoint_c < self._sensed_c - self.loop.tuning.cut_back_c / 2 and self.output == 0
        return self.state is State.RESET and self.manual_output is None and is_cold

    def step(self, sensed_c: float) -> float:
        """One second: move the setpoint, then the output."""
        self._sensed_c = sensed_c
        if sensed_c >= RANGE_END_C:
            self.loop.rest()
            self.output = 0.0
            return 0.0
        self._move_setpoint(sensed_c)
        self.output = self._next_output(sensed_c)
        return self.output

    def run(self, sensed_c: float) -> bool:
        """Begin the programme at the present temperature, or go on; say whether it began."""
        if self.state in UNDER_WAY:
            return False
        is_new = self.state is not State.HOLD
        self.state = State.RUN
        if is_new:
            self.working_c = sensed_c
            self._enter(1)
        return is_new

    def hold(self) -> None:
        """Stop the clock of a running programme."""
        if self.state in UNDER_WAY:
            self.state = State.HOLD

    def reset(self) -> None:
        """Leave the programme; the ordinary setpoint holds again."""
        self.state, self.segment, self.segment_left_s = State.RESET, 0, 0.0

    def recover(self, recovery: Recovery) -> None:
        """Power has come back: setpoints are kept, the rest is as configured; manual operation is over."""
        self.manual_output = None
        if recovery is Recovery.RESET:
            self.reset()
        elif recovery is Recovery.HOLD:
            self.hold()

    def programme_left_s(self) -> float:
        """Time left, as far as it is written down: dwells and timed ramps."""
        if self.state in (State.RESET, State.END):
            return 0.0
        later = (self._memory.part(number) for number in range(self.segment + 1, self._memory.parts + 1))
        return self.segment_left_s + sum(part.duration_s for part in later)

    def picture(self) -> Mapping[str, object]:
        """Everything about it, for records."""
        return {
            "programme": self.state.value,
            "segment": self.segment,
            "setpoint_c": self.setpoint_c,
            "working_c": self.working_c,
            "output": self.output,
        }

    def _next_output(self, sensed_c: float) -> float:
        if self.manual_output is not None:
            return self.manual_output
        if self.state is State.END and self._part.end is End.OUTPUT_OFF:
            self.loop.rest()
            return 0.0
        return self.loop.output(self.working_c, sensed_c)

    def _move_setpoint(self, sensed_c: float) -> None:
        if self.state is State.RESET:
            step_c = self.rate_limit_c_per_min / 60 if self.rate_limit_c_per_min else float("inf")
            self.working_c = toward(self.working_c, self.setpoint_c, step_c)
        elif self.state in UNDER_WAY:
            band_c = self._memory.holdback_c if self._part.holds_back else 0.0
            is_behind = band_c > 0 and abs(self.working_c - sensed_c) > band_c
            self.state = State.HOLDBACK if is_behind else State.RUN
            if not is_behind:
                self._run_segment()

    def _run_segment(self) -> None:
        part = self._part
        if part.kind is Kind.RAMP_RATE:
            self.working_c = toward(self.working_c, part.target_c, part.rate_c_per_s)
        elif part.kind is Kind.RAMP_TIME:
            self.working_c += (part.target_c - self.working_c) / max(self.segment_left_s, 1.0)
        self.segment_left_s = max(self.segment_left_s - 1.0, 0.0)
        if self.segment_left_s == 0 and (part.kind is not Kind.RAMP_RATE or self.working_c == part.target_c):
            self._enter(self.segment + 1)

    def _enter(self, segment: int) -> None:
        self._part = part = self._memory.part(segment)
        self.segment, self.segment_left_s = segment, part.duration_s
        if part.kind is Kind.STEP:
            self.working_c = part.target_c
        elif part.kind is Kind.END and part.end is End.RESET:
            self.reset()
        elif part.kind is Kind.END:
            self.state = State.END


def signed(word: int) -> int:
    """Read a register as two's complement."""
    return word - 0x10000 if word & 0x8000 else word
