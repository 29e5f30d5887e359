"""The control loop and the ramp/dwell programmer of a Eurotherm 2416, one step a second (the real one: 0.11 s, assumed
not to matter for an oven this slow).

Source: the register meanings of the fact sheet; tuning, servo start and the cut-back rule are assumed, in the style of
the 2400 series.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from hardware_sim.world.chamber import RANGE_END_C

UNIT_S = (1.0, 60.0, 3600.0)  # codes of ramp and dwell units
HEADER = 8328  # holdback value; +2 ramp unit, +3 dwell unit
SEGMENTS, FIRST_SEGMENT, SEGMENT_WORDS = 16, 8336, 8
END_IN_RESET, END_AT_OUTPUT = 1, 2  # end types, as alab_control uses them; 0 dwells; the end's output is 0 (assumed)
PROGRAMME_END = FIRST_SEGMENT + SEGMENTS * SEGMENT_WORDS

BAND_C, INTEGRAL_S, DERIVATIVE_S, CUT_BACK_C = 8.0, 200.0, 20.0, 24.0


class State(IntEnum):
    """Register 23."""

    RESET = 1
    RUN = 2
    HOLD = 4
    HOLDBACK = 8
    END = 16


class Kind(IntEnum):
    """Types of segment."""

    END = 0
    RAMP_RATE = 1
    RAMP_TIME = 2
    DWELL = 3
    STEP = 4


@dataclass
class Loop:
    """Proportional, integral and derivative action, with cut-back far from the setpoint."""

    integral: float = 0.0
    _last_error_c: float | None = None

    def output(self, setpoint_c: float, sensed_c: float) -> float:
        """Share of power for the next second."""
        error_c = setpoint_c - sensed_c
        closing_c_per_s = 0.0 if self._last_error_c is None else self._last_error_c - error_c
        self._last_error_c = error_c
        if abs(error_c) > CUT_BACK_C:
            self.integral = 0.0
            return 1.0 if error_c > 0 else 0.0
        wanted = (error_c - DERIVATIVE_S * closing_c_per_s) / BAND_C + self.integral
        given = min(max(wanted, 0.0), 1.0)
        if given == wanted or (wanted - given) * error_c < 0:  # do not wind up against a limit
            self.integral += error_c / BAND_C / INTEGRAL_S
        return given

    def rest(self) -> None:
        """Forget everything: the next reading starts afresh."""
        self.integral, self._last_error_c = 0.0, None


class Programmer:
    """Setpoint, programme and loop: what drives the element."""

    def __init__(self) -> None:
        self.state = State.RESET
        self.words: dict[int, int] = dict.fromkeys(range(HEADER, PROGRAMME_END), 0)
        self.words |= {HEADER + 2: 1, HEADER + 3: 1}
        self.setpoint_c = 0.0
        """What holds outside programmes."""
        self.rate_limit_c_per_min = 0.0
        self.working_c = 0.0
        self.output = 0.0
        self.manual_output: float | None = None
        self.segment = 0
        self.segment_left_s = 0.0
        self._loop = Loop()
        self._sensed_c = 0.0
        self._words = [0] * SEGMENT_WORDS  # of the present segment; a programme that runs is not edited

    @property
    def is_off(self) -> bool:
        """Nothing will be asked of the element until somebody writes a register."""
        is_cold = self.setpoint_c < self._sensed_c - CUT_BACK_C / 2 and self.output == 0
        return self.state is State.RESET and self.manual_output is None and is_cold

    @property
    def sensor_is_broken(self) -> bool:
        """The thermocouple reads beyond its range."""
        return self._sensed_c >= RANGE_END_C

    def step(self, sensed_c: float) -> float:
        """One second: move the setpoint, then the output."""
        self._sensed_c = sensed_c
        if sensed_c >= RANGE_END_C:
            self._loop.rest()
            self.output = 0.0
            return 0.0
        self._move_setpoint(sensed_c)
        self.output = self._next_output(sensed_c)
        return self.output

    def run(self, sensed_c: float) -> bool:
        """Begin the programme at the present temperature, or go on; say whether it began."""
        if self.state in (State.RUN, State.HOLDBACK):
            return False
        is_new = self.state is not State.HOLD
        self.state = State.RUN
        if is_new:
            self.working_c = sensed_c
            self._enter(1)
        return is_new

    def hold(self) -> None:
        """Stop the clock of a running programme."""
        if self.state in (State.RUN, State.HOLDBACK):
            self.state = State.HOLD

    def reset(self) -> None:
        """Leave the programme; the ordinary setpoint holds again."""
        self.state, self.segment, self.segment_left_s = State.RESET, 0, 0.0

    def programme_left_s(self) -> float:
        """Time left, as far as it is written down: dwells and timed ramps."""
        if self.state in (State.RESET, State.END):
            return 0.0
        later = (self._segment_words(n) for n in range(self.segment + 1, SEGMENTS + 1))
        timed = (words for words in later if words[0] in (Kind.RAMP_TIME, Kind.DWELL))
        return self.segment_left_s + sum(words[2] / 10 * self.unit_s(3) for words in timed)

    def _next_output(self, sensed_c: float) -> float:
        if self.manual_output is not None:
            return self.manual_output
        if self.state is State.END and self._words[3] == END_AT_OUTPUT:
            self._loop.rest()
            return 0.0
        return self._loop.output(self.working_c, sensed_c)

    def _move_setpoint(self, sensed_c: float) -> None:
        if self.state is State.RESET:
            step_c = self.rate_limit_c_per_min / 60 if self.rate_limit_c_per_min else float("inf")
            self.working_c = _toward(self.working_c, self.setpoint_c, step_c)
        elif self.state in (State.RUN, State.HOLDBACK):
            band_c = self.words[HEADER] / 10
            is_behind = band_c > 0 and abs(self.working_c - sensed_c) > band_c
            self.state = State.HOLDBACK if is_behind and self._words[5] else State.RUN
            if self.state is State.RUN:
                self._run_segment()

    def _run_segment(self) -> None:
        kind, counts, amount = self._words[:3]
        target_c = signed(counts) / 10
        if kind == Kind.RAMP_RATE:
            self.working_c = _toward(self.working_c, target_c, amount / 10 / self.unit_s(2))
        elif kind == Kind.RAMP_TIME:
            self.working_c += (target_c - self.working_c) / max(self.segment_left_s, 1.0)
        self.segment_left_s = max(self.segment_left_s - 1.0, 0.0)
        if self.segment_left_s == 0 and (kind != Kind.RAMP_RATE or self.working_c == target_c):
            self._enter(self.segment + 1)

    def _enter(self, segment: int) -> None:
        self._words = words = self._segment_words(segment)
        kind = words[0]
        self.segment = segment
        self.segment_left_s = words[2] / 10 * self.unit_s(3) if kind in (Kind.RAMP_TIME, Kind.DWELL) else 0.0
        if kind == Kind.STEP:
            self.working_c = signed(words[1]) / 10
        elif kind == Kind.END and words[3] == END_IN_RESET:
            self.reset()
        elif kind == Kind.END:
            self.state = State.END

    def _segment_words(self, segment: int) -> list[int]:
        """The eight words of a segment, counted from 1; beyond the last the programme ends."""
        first = FIRST_SEGMENT + SEGMENT_WORDS * (segment - 1)
        return [self.words.get(first + offset, 0) for offset in range(SEGMENT_WORDS)]

    def unit_s(self, offset: int) -> float:
        """Seconds in the unit of ramps (2) or dwells (3)."""
        return UNIT_S[self.words[HEADER + offset]]

    def picture(self) -> Mapping[str, object]:
        """Everything about it, for records."""
        return {
            "programme": self.state.name.lower(),
            "segment": self.segment,
            "setpoint_c": self.setpoint_c,
            "working_c": self.working_c,
            "output": self.output,
        }


def _toward(value: float, target: float, step: float) -> float:
    return target if abs(target - value) <= step else value + (step if target > value else -step)


def signed(word: int) -> int:
    """Read a register as two's complement."""
    return word - 0x10000 if word & 0x8000 else word
