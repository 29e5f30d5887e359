"""The machine under GRBL 1.1h: motors, home, alarms, the gripper's valve, and what befalls them."""

from functools import partial

from hardware_sim.emulators.gantry_machine import GantryMachine
from hardware_sim.emulators.grbl_lines import GrblError, settings_of
from hardware_sim.world.tool import Carriage
from hardware_sim.world.world import World
from robot.device_settings import GrblGantrySettings

BANNER = b"\r\nGrbl 1.1h ['$' for help]\r\n"
LOCKED = b"[MSG:'$H'|'$X' to unlock]\r\n"
HOMING_OFF, NOT_IDLE, VALUE_MISSING = 5, 8, 28  # errors

PULL_OFF_MM = 1.0


class GrblMachine(GantryMachine):
    """What moves and locks itself; it is told how by lines."""

    def __init__(self, name: str, world: World, settings: GrblGantrySettings, tool: Carriage | None) -> None:
        super().__init__(name, world, settings, tool)
        self._settings = settings_of(settings)
        self._sensor = settings.grip_sensor
        self._reports = 0
        self._alarm = "locked"  # until homed; "" when all is well, "critical" until reset
        self._forget()

    def _forget(self) -> None:
        """What a reset does to the parser."""
        self._dwells_until_s = 0.0
        self._motion, self._is_absolute, self._feed_mm_per_min, self._s, self._coolant = "G0", True, 0.0, 0.0, False

    def _state(self) -> str:
        if self._is_homing:
            return "Home"
        if self._alarm:
            return "Alarm"
        if self._planner.is_held:
            return "Hold:0"
        if self._planner.current is None:
            return "Jog" if self._world.now_s < self._jogged_until_s else "Idle"
        return "Jog" if self._planner.current.is_jog else "Run"

    def _report(self) -> bytes:
        mpos = ",".join(f"{part:.3f}" for part in self._planner.here())
        current = self._planner.current
        speed = 0.0 if current is None or self._planner.is_held else current.feed_mm_per_s * 60
        self._reports += 1
        pins = "|Pn:P" if self._sensor == "probe" and self.tool.sees_vessel else ""
        now_and_then = f"|Ov:100,100,100{'|A:F' if self._coolant else ''}" if self._reports % 10 == 2 else ""
        return f"<{self._state()}|MPos:{mpos}|FS:{min(speed, self._rates()[0] * 60):.0f},0{pins}{now_and_then}>\r\n".encode()

    def _reset(self) -> None:
        if self._state() in ("Run", "Jog", "Home"):
            self._alarm = "position lost"
            self._said += b"ALARM:6\r\n" if self._is_homing else b"ALARM:3\r\n"
        elif self._alarm == "critical":
            self._alarm = "locked"
        self._planner.clear()
        self._lines.clear()
        self._received = b""
        self._is_homing = False
        self._forget()
        self._set_jaws(is_closed=True)
        self._said += BANNER + (LOCKED if self._alarm else b"")

    def _begin_homing(self) -> bytes:
        if self._settings[22] != "1":
            raise GrblError(HOMING_OFF)
        if self._state() not in ("Idle", "Alarm"):
            raise GrblError(NOT_IDLE)
        self.acts["home"] += 1
        if self._is_pressed:
            self._said += b"ALARM:9\r\n"
            self._reset()
            return b""
        self._is_homing = True
        self._sweep_home(PULL_OFF_MM, self._home_level, "Z")
        return b""

    def _home_level(self) -> None:
        """Second cycle: the axes that move level, once the tool is clear of what stands there (config.h, cycles 0 and 1)."""
        if self._is_homing:
            self._sweep_home(PULL_OFF_MM, self._arrive_home, "XY")

    def _arrive_home(self) -> None:
        if self._is_homing:  # no reset came in between
            self._is_homing, self._alarm, self._planner.zero = False, "", self._home
            self._said += b"ok\r\n"
            self._work()

    @property
    def _is_detained(self) -> bool:
        """Can no line be done yet?"""
        return self._is_homing or self._dwells_until_s > 0 or self._alarm == "critical"

    def _dwell(self, seconds: float | None) -> None:
        """Do no line before the time has come; the end acknowledges."""
        if seconds is None:
            raise GrblError(VALUE_MISSING)
        self._dwells_until_s = until_s = self._world.now_s + seconds
        self._world.agenda.at(until_s, self._name, partial(self._end_dwelling, until_s))

    def _end_dwelling(self, until_s: float) -> None:
        if self._dwells_until_s == until_s:  # no reset came in between
            self._dwells_until_s = 0.0
            self._said += b"ok\r\n"
            self._work()

    def _rates(self) -> list[float]:
        return [float(self._settings[n]) / 60 for n in (110, 111, 112)]

    # What befalls it

    def _hit_limit(self) -> None:
        self._lines.clear()
        self._planner.clear()
        self._is_homing, self._alarm = False, "critical"
        self._said += b"ALARM:1\r\n[MSG:Reset to continue]\r\n"

    def _wake_up(self) -> bytes:
        self._alarm = "locked"
        self._forget()
        return BANNER + LOCKED

    def _be_cut_off(self) -> None:
        """The button is on its reset input."""
        self._reset()
        self._alarm = "position lost"
