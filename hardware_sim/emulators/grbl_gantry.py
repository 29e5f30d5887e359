"""A gantry under GRBL 1.1h, with an air gripper on its coolant output: on opens it, off closes it.

Source: the fact sheet, after gnea/grbl's documents and a firmware built for this machine. Not modelled: arcs, probes, work
offsets, inches, spindles, overrides, the settings' memory.
"""

import re
from math import inf

from hardware_sim.emulators.gantry_machine import where_powered_up
from hardware_sim.emulators.grbl_lines import NUMBER, GrblError, waits_for_rest, words_in
from hardware_sim.emulators.grbl_machine import NOT_IDLE, GrblMachine
from hardware_sim.emulators.grbl_planner import Block
from hardware_sim.world.tool import Carriage
from hardware_sim.world.world import World
from robot.device_settings import GrblGantrySettings

__all__ = ["GrblGantryEmulator", "where_powered_up"]

LONGEST_LINE = 80
REALTIME = b"?!~\x18\x84\x85"

SYNTAX, IS_LOCKED, TOO_LONG = 3, 9, 11
BEYOND_TRAVEL, UNSUPPORTED, NO_FEED = 15, 20, 22

NO_OFFSETS = b"".join(
    [*(b"[%b:0.000,0.000,0.000]\r\n" % name for name in b"G54 G55 G56 G57 G58 G59 G28 G30 G92".split()),
     b"[TLO:0.000]\r\n[PRB:0.000,0.000,0.000:0]\r\n"]
)  # fmt: skip
SUPPORTED = {"G0", "G1", "G4", "G17", "G21", "G53", "G54", "G90", "G91", "G94", "M5", "M8", "M9"}


class GrblGantryEmulator(GrblMachine):
    """Answers each line once it is planned; `?`, `!`, `~` and the reset between any two bytes.

    Args:
        tool: what it carries; a gripper, if left out.
    """

    pieces = re.compile(rb"[%b\r\n]|[^%b\r\n]+" % (REALTIME, REALTIME))

    def __init__(self, name: str, world: World, settings: GrblGantrySettings, tool: Carriage | None = None) -> None:
        super().__init__(name, world, settings, tool)

    def state(self) -> dict[str, object]:
        """What it believes."""
        return {
            "state": self._state(),
            "mpos": list(self._planner.here()),
            "s": self._s,
            "coolant": self._coolant,
            "alarm": self._alarm,
        }

    def _take(self, piece: bytes) -> None:
        match piece:
            case b"?":
                self._said += self._report()
            case b"!" | b"\x84":
                self._planner.hold()
            case b"~":
                self._planner.resume()
                self._work()
            case b"\x85" if self._state() == "Jog":
                self._planner.clear()
            case b"\x18":
                self._reset()
            case b"\r" | b"\n":
                line, self._received = self._received, b""
                self._lines.append(re.sub(rb"\s|\([^)]*\)|;.*", b"", line).decode("ascii", "replace").upper())
                self._work()
            case _ if piece not in REALTIME:
                self._received += piece

    def _work(self) -> None:
        """Do lines as far as they can be done by now; each is answered when it is planned."""
        while self._lines and not (self._is_detained or self._planner.is_held):
            line = self._lines[0]
            if (not self._planner.is_empty and waits_for_rest(line)) or self._planner.is_full:
                return
            self._lines.popleft()
            try:
                answer = self._do(line)
            except GrblError as err:
                answer = b"error:%d\r\n" % err.args[0]
            self._said += answer

    def _do(self, line: str) -> bytes:
        if len(line) > LONGEST_LINE:
            raise GrblError(TOO_LONG)
        if not line.startswith("$"):
            if self._alarm or self._world.now_s < self._jogged_until_s:
                raise GrblError(IS_LOCKED)
            return self._gcode(line, is_jog=False)
        match line:
            case "$H":
                return self._begin_homing()
            case "$X":
                unlocked, self._alarm = bool(self._alarm), ""
                return b"[MSG:Caution: Unlocked]\r\n" * unlocked + b"ok\r\n"
            case "$G":
                coolant, feed = "M8" if self._coolant else "M9", self._feed_mm_per_min
                distance = "G90" if self._is_absolute else "G91"
                words = f"{self._motion} G54 G17 G21 {distance} G94 M5 {coolant} T0 F{feed:.0f} S{self._s:.0f}"
                return f"[GC:{words}]\r\nok\r\n".encode()
            case "$I" | "$$" | "$#" if self._state() not in ("Idle", "Alarm"):
                raise GrblError(NOT_IDLE)
            case "$I":
                return b"[VER:1.1h.20190830:]\r\n[OPT:V,15,128]\r\nok\r\n"
            case "$$":
                return "".join(f"${n}={value}\r\n" for n, value in self._settings.items()).encode() + b"ok\r\n"
            case "$#":
                return NO_OFFSETS + b"ok\r\n"
            case _ if line.startswith("$J="):
                if self._state() not in ("Idle", "Jog"):
                    raise GrblError(IS_LOCKED if self._alarm else NOT_IDLE)
                return self._gcode(line[3:], is_jog=True)
            case _ if (setting := re.fullmatch(r"\$(\d+)=([\d.]+)", line)) and int(setting[1]) in self._settings:
                self._settings[int(setting[1])] = setting[2]
                return b"ok\r\n"
        raise GrblError(SYNTAX)

    def _gcode(self, line: str, *, is_jog: bool) -> bytes:
        words = words_in(line)
        axes = {letter: value for letter, value in words if letter in "XYZ"}
        if self._refuses_next and axes:
            self._refuses_next = False
            raise GrblError(NUMBER)
        if not is_jog:
            self._remember(words)
        feed = next((value for letter, value in words if letter == "F"), self._feed_mm_per_min)
        if axes:
            relative = ("G", 91.0) in words if is_jog else not self._is_absolute and ("G", 53.0) not in words
            self._plan(axes, feed, relative=relative, is_jog=is_jog)
        if ("G", 4.0) in words:
            self._dwell(dict(words).get("P"))
        return b"" if self._alarm or self._dwells_until_s else b"ok\r\n"

    def _remember(self, words: list[tuple[str, float]]) -> None:
        for letter, value in words:
            match f"{letter}{value:g}" if letter in "GM" else letter:
                case "F":
                    self._feed_mm_per_min = value
                case "S":
                    self._s = value
                case "G0" | "G1" as mode:
                    self._motion = mode
                case "G90" | "G91" as mode:
                    self._is_absolute = mode == "G90"
                case "M8" | "M9" as mode:
                    self.acts["coolant"] += 1
                    self._coolant = mode == "M8"
                    self._set_jaws(is_closed=not self._coolant)
                case word if letter in "GM" and word not in SUPPORTED:
                    raise GrblError(UNSUPPORTED)

    def _plan(self, axes: dict[str, float], feed_mm_per_min: float, *, relative: bool, is_jog: bool) -> None:
        end = self._planner.end()
        at = dict(zip("XYZ", end, strict=True))
        x_mm, y_mm, z_mm = (axes[a] + at[a] * relative if a in axes else at[a] for a in "XYZ")
        rapid = self._motion == "G0" and not is_jog
        if not rapid and feed_mm_per_min <= 0:
            raise GrblError(NO_FEED)
        reach = zip((x_mm, y_mm, z_mm), (130, 131, 132), strict=True)
        if self._settings[20] == "1" and not all(-float(self._settings[n]) <= value <= 0 for value, n in reach):
            if is_jog:
                raise GrblError(BEYOND_TRAVEL)
            self._alarm = "critical"
            self._planner.clear()
            self._said += b"ALARM:2\r\n[MSG:Reset to continue]\r\n"
            return
        self.acts["jog" if is_jog else "move"] += 1
        block = Block((x_mm, y_mm, z_mm), inf if rapid else feed_mm_per_min / 60, is_jog)
        self._planner.add(block, self._rates(), [float(self._settings[n]) for n in (120, 121, 122)])
