"""A furnace behind a Eurotherm 2416. What a chemist should know of it stands in docs/devices/eurotherm_2416.md."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from robot.config import Eurotherm2416Settings
from robot.drivers.dialogue import introducing
from robot.drivers.eurotherm_2416 import registers as reg
from robot.drivers.eurotherm_2416.access import RegisterAccess
from robot.errors import Busy, CommandRefused, DeviceFault, LimitExceeded, NotReachable, ReplyLost
from robot.interfaces import FurnaceState, Identity, Segment
from robot.limits import require
from robot.wire.base import Wire

IDENTITY_2416 = 0x2416
"""What a 2416 should say of itself. Unverified: only the register's name is known, not the meaning of its digits. A
furnace that says something else is refused, for the bytes that stop a 2416 start its sister 3216P."""

_STATES: dict[int, Literal["idle", "running", "holding", "ended"]] = {
    reg.RESET: "idle",
    reg.RUN: "running",
    reg.WAITS_FOR_CHAMBER: "running",
    reg.HOLD: "holding",
    reg.END: "ended",
}


@dataclass(frozen=True)
class Panel:
    """How this controller is set up; read before the first write."""

    decimal_places: int
    low_counts: int
    high_counts: int

    def degrees(self, counts: int) -> float:
        """Turn the wire's counts into degrees."""
        return float(counts / 10**self.decimal_places)


class Eurotherm2416:
    """One controller at the end of a wire; `Furnace` lists the promises kept here."""

    max_segments = (reg.SEGMENTS - 1) // 2  # each takes a ramp and a dwell, and one is the end
    max_dwell_min = reg.MAX_TENTHS / 10
    max_rate_c_per_min = reg.MAX_TENTHS / 10

    def __init__(self, name: str, wire: Wire, settings: Eurotherm2416Settings) -> None:
        self.name = name
        self.min_target_c = 0.0
        self.max_target_c = settings.max_temperature_c
        self._registers = RegisterAccess(name, wire, settings.unit)
        self._panel: Panel | None = None

    def connect(self) -> Identity:
        """Make sure that it is a 2416, learn its resolution and its limits, narrow ours to them."""
        self._panel = None
        with introducing(self.name):
            identity = self._registers.read_one(reg.IDENTITY)
            if identity != IDENTITY_2416:
                what = f"says that it is {identity & 0xFFFF:04X}h, not a 2416"
                raise NotReachable(self.name, what, "Check port and unit in lab.yaml")
            decimal_places = self._registers.read_one(reg.DECIMAL_PLACES)
            high_counts, low_counts = self._registers.read(reg.LIMIT_HIGH, 2)
            self._read_programmer()
        self._panel = Panel(decimal_places, low_counts, high_counts)
        self.min_target_c = max(self.min_target_c, self._panel.degrees(low_counts))
        self.max_target_c = min(self.max_target_c, self._panel.degrees(high_counts))
        return Identity("Eurotherm", "2416")

    def read_state(self) -> FurnaceState:
        """Take one reading of the chamber and the programmer."""
        panel = self._known_panel()
        process_value, _, _, output_tenths, setpoint = self._registers.read(reg.PROCESS_VALUE, 5)
        return FurnaceState(
            temperature_c=panel.degrees(process_value),
            setpoint_c=panel.degrees(setpoint),
            programme=_STATES[self._read_programmer()],
            output_fraction=output_tenths / 1000,
            sensor_broken=self._registers.read_one(reg.SENSOR_BREAK) != 0,
        )

    def load_programme(self, segments: Sequence[Segment]) -> None:
        """Write what differs of a programme and read every word back; the heater stays off."""
        self._check(segments)
        panel = self._known_panel()
        state = self._read_programmer()
        if state == reg.END:
            raise self._ended()
        if state != reg.RESET:
            raise Busy(self.name, "a programme is running", "Wait for its end, or stop it")
        self._registers.store(_at_rest(panel) | reg.programme_words(segments, panel.decimal_places))

    def start_programme(self) -> None:
        """Run the loaded programme, or go on with one that holds; return once the controller says it runs."""
        self._known_panel()
        if self._read_programmer() == reg.END:
            raise self._ended()
        if self._registers.read_one(reg.SENSOR_BREAK):
            raise CommandRefused(self.name, "will not run: its thermocouple is broken", "Have it replaced")
        self._bring_programmer_to(reg.RUN, {reg.RUN, reg.WAITS_FOR_CHAMBER})

    def stop_programme(self) -> None:
        """Reset the programmer, and set its resting target to the lowest: heater off, natural cooling."""
        panel = self._known_panel()
        self._bring_programmer_to(reg.RESET, {reg.RESET})
        self._registers.store(_at_rest(panel))

    def make_safe(self) -> None:
        """Heater off, as `stop_programme`.

        Raises:
            ReplyLost: the controller did not confirm it.
            NotReachable: nobody says there that he is a 2416, and its stop is another's start; nothing was written.
        """
        self.stop_programme()

    def _check(self, segments: Sequence[Segment]) -> None:
        if not 1 <= len(segments) <= self.max_segments:
            what = f"cannot store {len(segments)} segments"
            raise LimitExceeded(self.name, what, f"Use from 1 to {self.max_segments}")
        for segment in segments:
            require(self.name, "target_c", segment.target_c, self.min_target_c, self.max_target_c)
            require(self.name, "rate_c_per_min", segment.rate_c_per_min, 0.1, self.max_rate_c_per_min)
            require(self.name, "dwell_min", segment.dwell_min, 0.0, self.max_dwell_min)

    def _known_panel(self) -> Panel:
        if self._panel is None:
            self.connect()
        assert self._panel is not None
        return self._panel

    def _ended(self) -> CommandRefused:
        return CommandRefused(self.name, "its last programme has ended", "Stop the programme first")

    def _read_programmer(self) -> int:
        state = self._registers.read_one(reg.PROGRAMMER_STATE)
        if state not in _STATES:
            raise DeviceFault(self.name, f"its programmer reports state {state}", "Is it a 2416 with a programmer?")
        return state

    def _bring_programmer_to(self, command: int, reached: set[int]) -> None:
        for _ in range(2):  # naming a state twice does no harm, once it was read back
            if self._read_programmer() in reached:
                return
            with suppress(ReplyLost):
                self._registers.write(reg.PROGRAMMER_STATE, command)
        state = self._read_programmer()
        if state not in reached:
            raise CommandRefused(
                self.name, f"was told {command} and its programmer is {_STATES[state]}", "See its panel"
            )


def _at_rest(panel: Panel) -> dict[int, int]:
    # A programmer in reset leaves the controller on setpoint 1: were that high, stopping would go on heating.
    return {reg.SETPOINT_1: panel.low_counts}
