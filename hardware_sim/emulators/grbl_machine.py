"""The machine under GRBL 1.1h: motors, home, alarms, the gripper's valve, and what befalls them."""

from abc import ABC, abstractmethod
from collections import Counter, deque

from hardware_sim.emulators.grbl_lines import GrblError, settings_of
from hardware_sim.emulators.grbl_planner import Planner
from hardware_sim.emulators.gripper_mishaps import BUSY_S, RELEASED_AFTER_S, GripperMishaps
from hardware_sim.faults import suffers
from hardware_sim.world.tool import Carriage, Tool
from hardware_sim.world.world import World
from robot.config import GrblGantrySettings
from robot.geometry import BenchPoint

BANNER = b"\r\nGrbl 1.1h ['$' for help]\r\n"
LOCKED = b"[MSG:'$H'|'$X' to unlock]\r\n"
HOMING_OFF, NOT_IDLE = 5, 8  # errors

PULL_OFF_MM = 1.0
HOMING_MM_PER_S, HOMING_LOCATES_S = 25.0, 3.0  # assumed
POWERED_UP_MM = 10.0  # from home on each axis, where the tool stands when first switched on (assumed)
JAWS_S = 0.3  # for the air (assumed)


class GrblMachine(GripperMishaps, ABC):
    """What moves and locks itself; it is told how by lines."""

    def __init__(self, name: str, world: World, settings: GrblGantrySettings, tool: Carriage | None) -> None:
        self.acts: Counter[str] = Counter()
        self.tool = tool or Tool(name, world, where_powered_up(settings))
        self.tool.set_grip(True)
        world.bodies[name] = self.tool
        self._name, self._world, self._home = name, world, settings.home_mm
        self._settings = settings_of(settings)
        self._planner = Planner(name, world, self.tool, self._work)
        self._received = b""
        self._lines: deque[str] = deque()
        self._said = b""
        self._reports = 0
        self._alarm = "locked"  # until homed; "" when all is well, "critical" until reset
        self._is_homing = self._is_pressed = self._refuses_next = False
        self._jogged_until_s = 0.0
        self._forget()

    @abstractmethod
    def _work(self) -> None:
        """Do lines as far as they can be done by now."""

    def _forget(self) -> None:
        """What a reset does to the parser."""
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
        now_and_then = f"|Ov:100,100,100{'|A:F' if self._coolant else ''}" if self._reports % 10 == 2 else ""
        return f"<{self._state()}|MPos:{mpos}|FS:{min(speed, self._rates()[0] * 60):.0f},0{now_and_then}>\r\n".encode()

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
        self._set_jaws()
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
        self.tool.find_home()
        x_mm, y_mm, z_mm = (
            home - PULL_OFF_MM - zero for home, zero in zip(self._home, self._planner.zero, strict=True)
        )
        arrives_s = self._planner.set_out((x_mm, y_mm, z_mm), HOMING_MM_PER_S, 100.0)
        self._world.agenda.at(arrives_s + HOMING_LOCATES_S, self._name, self._arrive_home)
        return b""

    def _arrive_home(self) -> None:
        if self._is_homing:  # no reset came in between
            self._is_homing, self._alarm, self._planner.zero = False, "", self._home
            self._said += b"ok\r\n"
            self._work()

    def _rates(self) -> list[float]:
        return [float(self._settings[n]) / 60 for n in (110, 111, 112)]

    def _set_jaws(self) -> None:
        is_closed = not self._coolant
        self._world.agenda.at(self._world.now_s + JAWS_S, self._name, lambda: self.tool.set_grip(is_closed))

    # What befalls it

    @suffers("busy")
    def be_busy(self) -> None:
        """Somebody jogs it at its pendant for a while, and brings it back."""
        self._jogged_until_s = self._world.now_s + BUSY_S

    @suffers("refusal")
    def refuse_next(self) -> None:
        """Noise garbles the next line that moves, and no sum guards it."""
        self._refuses_next = True

    @suffers("lost-steps")
    def lose_steps(self) -> None:
        """Its motors skip, and it does not notice."""
        self.tool.lose_steps()

    @suffers("collision")
    def collide(self) -> None:
        """Stop at what it met, some steps short, as if at a limit switch (it may have some: assumed)."""
        self._lines.clear()
        self._planner.clear()
        self._is_homing, self._alarm = False, "critical"
        self._said += b"ALARM:1\r\n[MSG:Reset to continue]\r\n"
        self.tool.bump()
        self.tool.lose_steps()

    @suffers("power-loss")
    def lose_power(self) -> None:
        """Wake up locked, its place taken for 0; the gripper's valve falls back to closed."""
        self._lines.clear()
        self._planner.forget()
        self._received, self._said, self._is_homing, self._alarm = b"", BANNER + LOCKED, False, "locked"
        self._forget()
        self._set_jaws()

    @suffers("emergency-stop")
    def press_stop(self) -> None:
        """A button on its reset input that also cuts the motors' power: it cannot home until it is released."""
        self._reset()
        self._alarm, self._is_pressed = "position lost", True
        self.tool.lose_steps()
        self._world.agenda.at(self._world.now_s + RELEASED_AFTER_S, self._name, self._release_stop)

    def _release_stop(self) -> None:
        self._is_pressed = False
        self._world.note("released", device=self._name)


def where_powered_up(settings: GrblGantrySettings) -> BenchPoint:
    """Where the tool stands when the machine is first switched on."""
    x_mm, y_mm, z_mm = settings.home_mm
    return BenchPoint(x_mm - POWERED_UP_MM, y_mm - POWERED_UP_MM, z_mm - POWERED_UP_MM)
