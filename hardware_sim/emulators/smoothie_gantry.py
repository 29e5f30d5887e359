"""A gantry under Smoothieware in Opentrons' dialect, an air gripper on its switched output: on opens it, off closes it.

Sources: opentrons 8.5.1, its Smoothie emulator and the driver that it serves; Smoothieware's `GcodeDispatch.cpp`,
`Robot.cpp` and `Endstops.cpp`, configured in GRBL mode, with soft end stops and limit switches. Not modelled: `?`, work
offsets, the axes A to C, currents, stepping, the motors that a halt lets go of.
"""

import re

from hardware_sim.emulators.gantry_machine import GantryMachine
from hardware_sim.emulators.grbl_planner import Block
from hardware_sim.emulators.smoothie_lines import Code, NotGcode, waits_for_rest
from hardware_sim.world.tool import Carriage
from hardware_sim.world.world import World
from robot.device_settings import SmoothieGantrySettings

VERSION = b"Build version: edge-8414642, Build date: CURRENT, MCU: NONE, System Clock: NONE\r\n"
BANNER = b"Smoothie\r\nok\r\n"
TOLD_WHEN_HALTED = {"M114", "M119", "M999"}
JOGGED_TO_MM = 5.0  # above where it stands (assumed)
NO_AXES_ABC = " A:0.0000 B:0.0000 C:0.0000"


class SmoothieGantryEmulator(GantryMachine):
    """Answers each line, also a blank one: moves when they are planned, homing when it is over; halts at once."""

    pieces = re.compile(rb"[\x18\n]|[^\x18\n]+")

    def __init__(self, name: str, world: World, settings: SmoothieGantrySettings, tool: Carriage | None = None) -> None:
        super().__init__(name, world, settings, tool)
        self._settings = settings
        self._speed_mm_per_s = settings.speed_mm_per_s
        self._zero = [home - counts for home, counts in zip(settings.home_mm, settings.homed_at_mm, strict=True)]
        self._homed: set[str] = set()
        self._is_halted = self._is_on = False
        self._is_absolute = True

    def state(self) -> dict[str, object]:
        """What it believes."""
        return {
            "mcs": list(self._planner.here()),
            "homed": sorted(self._homed),
            "halted": self._is_halted,
            "output": self._is_on,
        }

    def _take(self, piece: bytes) -> None:
        match piece:
            case b"\x18":
                self._halt(b"ALARM: Abort during cycle\r\n")
            case b"\n":
                line, self._received = self._received, b""
                self._lines.append(line.decode("ascii", "replace").replace(" ", "").strip())
                self._work()
            case _:
                self._received += piece

    def _work(self) -> None:
        while self._lines and not self._is_homing:
            line = self._lines[0]
            if (not self._planner.is_empty and waits_for_rest(line)) or self._planner.is_full:
                return
            self._lines.popleft()
            self._said += self._answer(line)

    def _answer(self, line: str) -> bytes:
        if line == "version":
            return VERSION + b"ok\r\n"
        if not line:
            return b"ok\r\n"
        try:
            return self._do_all(Code.all_in(line))
        except NotGcode as err:
            return f"Error: {err}\r\nok\r\n".encode("ascii", "replace")

    def _do_all(self, codes: list[Code]) -> bytes:
        told = ""
        for code in codes:
            if self._is_halted and code.name.partition(".")[0] not in TOLD_WHEN_HALTED:
                return b"error:Alarm lock\n"
            if code.name == "M112":
                self._halt(b"")
                return b"ok Emergency Stop Requested - reset or M999 required to exit HALT state\r\n"
            told += self._do(code)
        return b"" if self._is_homing else f"{told}ok\r\n".encode()

    def _do(self, code: Code) -> str:
        match code.name:
            case "M114.2":
                return f"ok MCS: {_axes(self._planner.here())}{NO_AXES_ABC}\r\n"
            case "M114.4":
                return f"ok MP: {_axes(self._aim())}{NO_AXES_ABC}\r\n"
            case "M119":
                probe = int(self._settings.grip_sensor == "probe" and self.tool.sees_vessel)
                return f"X_max:0 Y_max:0 Z_max:0 A_max:0 B_max:0 C_max:0 _pins (XL)1.24:0 Probe: {probe}\r\n"
            case "G28.6":
                return " ".join(f"{axis}:{int(axis in self._homed)}" for axis in "XYZABC") + "\r\n"
            case "G28.5":
                self._homed.clear()
            case "G28.2":
                return self._begin_homing("".join(code.words) or "XYZ")
            case "G90" | "G91":
                self._is_absolute = code.name == "G90"
            case "G0" | "G1":
                return self._plan(code)
            case "M42" | "M43":
                self.acts["switch"] += 1
                self._switch(code.name == "M42")
            case "M999" if self._is_halted and not self._is_pressed:
                self._is_halted = False
                return "WARNING: After HALT you should HOME as position is currently unknown\n"
        return ""

    def _plan(self, code: Code) -> str:
        axes = code.axes
        if self._refuses_next and axes:
            self._refuses_next = False
            raise NotGcode("Invalid content")
        if speed_mm_per_min := code.words.get("F"):
            self._speed_mm_per_s = speed_mm_per_min / 60
        at = dict(zip("XYZ", self._planner.end(), strict=True))
        to = {axis: axes[axis] + at[axis] * (not self._is_absolute) if axis in axes else at[axis] for axis in "XYZ"}
        for axis, high, travel in zip("XYZ", self._settings.homed_at_mm, self._settings.travel_mm, strict=True):
            if axis in self._homed and not high - travel <= to[axis] <= high:
                self._halt(b"")
                return f"error:Soft Endstop {axis} was exceeded - reset or $X or M999 required\n"
        if axes:
            self.acts["move"] += 1
            self._plan_block(to)
        return ""

    def _plan_block(self, to: dict[str, float]) -> None:
        settings = self._settings
        rates, accelerations = [settings.speed_mm_per_s] * 3, [settings.acceleration_mm_per_s2] * 3
        self._planner.add(Block((to["X"], to["Y"], to["Z"]), self._speed_mm_per_s, is_jog=False), rates, accelerations)

    def _begin_homing(self, axes: str) -> str:
        self.acts["home"] += 1
        self._homed -= set(axes)
        if self._is_pressed:
            self._halt(b"")
            return "ALARM: Homing fail\r\n"
        self._is_homing = True
        self._sweep_home(0.0, lambda: self._arrive_home(axes), axes)
        return ""

    def _arrive_home(self, axes: str) -> None:
        if self._is_homing:  # not halted in between
            self._is_homing = False
            x_mm, y_mm, z_mm = (
                new if axis in axes else old
                for axis, new, old in zip("XYZ", self._zero, self._planner.zero, strict=True)
            )
            self._planner.zero = (x_mm, y_mm, z_mm)
            self._homed |= set(axes)
            self._said += b"ok\r\n"
            self._work()

    def _aim(self) -> tuple[float, float, float]:
        x_mm, y_mm, z_mm = self._planner.end()
        return x_mm, y_mm, z_mm + JOGGED_TO_MM * (self._world.now_s < self._jogged_until_s)

    def _switch(self, is_on: bool) -> None:
        self._is_on = is_on
        self._set_jaws(is_closed=not is_on)

    def _halt(self, saying: bytes) -> None:
        """Stand, forget what was planned and where home is, switch the output off, do nothing more until M999."""
        self._planner.clear()
        self._homed.clear()
        self._is_homing, self._is_halted = False, True
        self._switch(is_on=False)
        self._said += saying

    # What befalls it

    def _hit_limit(self) -> None:
        self._halt(b"ALARM: Hard limit +X\n")

    def _wake_up(self) -> bytes:
        self._homed.clear()
        self._is_halted = self._is_on = False
        self._is_absolute = True
        return BANNER

    def _be_cut_off(self) -> None:
        """It has a kill button: the halt cannot be cleared before it is released."""
        self._halt(b"ALARM: Kill button pressed - reset, $X or M999 to clear HALT\n")


def _axes(place: tuple[float, float, float]) -> str:
    return " ".join(f"{axis}:{value:.4f}" for axis, value in zip("XYZ", place, strict=True))
