"""A furnace behind a Eurotherm controller. A model's `Dialect` says what its registers mean; the rest they share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from robot.device_settings import EurothermSettings
from robot.drivers.dialogue import introducing
from robot.drivers.eurotherm import registers as reg
from robot.drivers.modbus import RTU, Framing, RegisterAccess
from robot.drivers.programme import check_programme
from robot.drivers.readback import bring_to
from robot.errors import Busy, CommandRefused, DeviceFault, NotReachable
from robot.interfaces import FurnaceState, Identity, Segment, Stage
from robot.wire.base import Wire
from robot.wire.turnstile import urgent


@dataclass(frozen=True)
class Panel:
    """How a controller is set up; read before the first write."""

    decimal_places: int
    low_counts: int
    high_counts: int

    def degrees(self, counts: int) -> float:
        """Turn the wire's counts into degrees."""
        return float(counts / 10**self.decimal_places)


@dataclass(frozen=True)
class Dialect:
    """What sets one Eurotherm apart from another. **The bytes that stop a 2416 start a 3216P.**"""

    model: str
    identity: int
    """What register 122 should say. Unverified, for only the register's name is known: a controller that says something
    else is refused, until a person who compared its label puts `identity` into lab.yaml."""
    landmark: int
    """A register that the model's programmer has and its sisters lack: a second witness of who answers."""
    stages: Mapping[int, Stage]
    """What the programmer's register says."""
    run: int
    reset: int
    sensor_break: tuple[int, int]
    """Register and mask of a broken thermocouple."""
    max_segments: int
    dwell_step_min: float
    max_dwell_min: float
    programme_words: Callable[[Sequence[Segment], Panel], reg.Words]
    """Lay out a programme that leaves the heater off at its end, in the order of writing."""


class EurothermFurnace:
    """One controller at the end of a wire; `Furnace` lists the promises kept here."""

    dialect: Dialect
    max_rate_c_per_min = reg.MAX_TENTHS / 10

    def __init__(self, name: str, wire: Wire, settings: EurothermSettings, framing: Framing = RTU) -> None:
        self.name = name
        self.min_target_c = 0.0
        self.max_target_c = settings.max_temperature_c
        self.max_segments = self.dialect.max_segments
        self.dwell_step_min = self.dialect.dwell_step_min
        self.max_dwell_min = self.dialect.max_dwell_min
        self._identity = self.dialect.identity if settings.identity is None else settings.identity
        self._registers = RegisterAccess(name, wire, settings.unit, framing)
        self._panel: Panel | None = None

    def connect(self) -> Identity:
        """Make sure that it is our model, learn its resolution and its limits, narrow ours to them."""
        self._panel = None
        with introducing(self.name):
            self._check_identity()
            panel = self._read_panel()
            self._registers.read_one(self.dialect.landmark)
            self._read_stage()
        self._panel = panel
        self.min_target_c = max(self.min_target_c, panel.degrees(panel.low_counts))
        self.max_target_c = min(self.max_target_c, panel.degrees(panel.high_counts))
        return Identity("Eurotherm", self.dialect.model)

    def read_state(self) -> FurnaceState:
        """Take one reading of the chamber and the programmer."""
        panel = self._known_panel()
        process_value, _, _, output_tenths, setpoint = self._registers.read(reg.PROCESS_VALUE, 5)
        return FurnaceState(
            temperature_c=panel.degrees(process_value),
            setpoint_c=panel.degrees(setpoint),
            programme=self._read_stage(),
            output_fraction=output_tenths / 1000,
            sensor_broken=self._sensor_is_broken(),
        )

    def load_programme(self, segments: Sequence[Segment]) -> None:
        """Write what differs of a programme and read every word back; the heater stays off."""
        check_programme(self, segments)
        panel = self._known_panel()
        stage = self._read_stage()
        if stage == "ended":
            raise self._ended()
        if stage != "idle":
            raise Busy(self.name, "a programme is running", "Wait for its end, or stop it")
        self._registers.store(_at_rest(panel) | self.dialect.programme_words(segments, panel))

    def start_programme(self) -> None:
        """Run the loaded programme, or go on with one that holds; return once the controller says it runs."""
        self._known_panel()
        if self._read_stage() == "ended":
            raise self._ended()
        if self._sensor_is_broken():
            raise CommandRefused(self.name, "will not run: its thermocouple is broken", "Have it replaced")
        self._bring_programmer_to(self.dialect.run, "running")

    @urgent()
    def stop_programme(self) -> None:
        """Reset the programmer, and set its resting target to the lowest: heater off, natural cooling."""
        panel = self._known_panel()
        self._bring_programmer_to(self.dialect.reset, "idle")
        self._registers.store(_at_rest(panel))

    def make_safe(self) -> None:
        """Heater off, as `stop_programme`.

        Raises:
            ReplyLost: the controller did not confirm it.
            NotReachable: nobody says there that he is our model, and its stop is another's start; nothing was written.
        """
        self.stop_programme()

    def _check_identity(self) -> None:
        identity = self._registers.read_one(reg.IDENTITY)
        if identity & 0xFFFF != self._identity:
            what = f"says that it is {identity & 0xFFFF:04X}h, not a {self.dialect.model} ({self._identity:04X}h)"
            raise NotReachable(self.name, what, "Check port, unit and model; if the label says so, see docs/devices")

    def _read_panel(self) -> Panel:
        decimal_places = self._registers.read_one(reg.DECIMAL_PLACES)
        high_counts, low_counts = self._registers.read(reg.LIMIT_HIGH, 2)
        return Panel(decimal_places, low_counts, high_counts)

    def _known_panel(self) -> Panel:
        if self._panel is None:
            self.connect()
        assert self._panel is not None
        return self._panel

    def _ended(self) -> CommandRefused:
        return CommandRefused(self.name, "its last programme has ended", "Stop the programme first")

    def _sensor_is_broken(self) -> bool:
        register, mask = self.dialect.sensor_break
        return self._registers.read_one(register) & mask != 0

    def _read_stage(self) -> Stage:
        state = self._registers.read_one(reg.PROGRAMMER_STATE)
        if state not in self.dialect.stages:
            what = f"its programmer reports state {state}"
            raise DeviceFault(self.name, what, f"Is it a {self.dialect.model} with a programmer?")
        return self.dialect.stages[state]

    def _bring_programmer_to(self, command: int, stage: Stage) -> None:
        bring_to(stage, self.name, self._read_stage, lambda: self._registers.write(reg.PROGRAMMER_STATE, command))


def _at_rest(panel: Panel) -> reg.Words:
    # A programmer in reset leaves the controller on setpoint 1: were that high, stopping would go on heating.
    return {reg.SETPOINT_1: panel.low_counts}
