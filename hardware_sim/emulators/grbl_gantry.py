"""A gantry under GRBL 1.1h, with an air gripper on its coolant output: on opens it, off closes it.

Source: the fact sheet, after gnea/grbl's documents and a firmware built for this machine. Not modelled: arcs, probes, work
offsets, inches, spindles, overrides, the settings' memory.
"""

import re
from collections import Counter, deque
from math import inf

from hardware_sim.emulators.grbl_planner import Block, Planner
from hardware_sim.world.tool import Tool
from hardware_sim.world.world import World
from robot.config import GrblGantrySettings
from robot.geometry import BenchPoint

BANNER = b"\r\nGrbl 1.1h ['$' for help]\r\n"
LOCKED = b"[MSG:'$H'|'$X' to unlock]\r\n"
LONGEST_LINE = 80
REALTIME = b"?!~\x18\x84\x85"

NUMBER, SYNTAX, HOMING_OFF, NOT_IDLE, IS_LOCKED, TOO_LONG = 2, 3, 5, 8, 9, 11
BEYOND_TRAVEL, UNSUPPORTED, NO_FEED, LETTER = 15, 20, 22, 1

PULL_OFF_MM = 1.0
HOMING_MM_PER_S, HOMING_LOCATES_S = 25.0, 3.0  # assumed
POWERED_UP_MM = 10.0  # from home on each axis, where the tool stands when first switched on (assumed)
JAWS_S = 0.3  # for the air (assumed)

SUPPORTED = {"G0", "G1", "G4", "G17", "G21", "G53", "G54", "G90", "G91", "G94", "M5", "M8", "M9"}


class GrblError(Exception):
    """What becomes `error:N`."""


class GrblGantryEmulator:
    """Answers each line once it is planned; `?`, `!`, `~` and the reset between any two bytes."""

    def __init__(self, name: str, world: World, settings: GrblGantrySettings) -> None:
        self.acts: Counter[str] = Counter()
        self.tool = Tool(name, world, BenchPoint(*(part - POWERED_UP_MM for part in settings.home_mm)))
        self.tool.set_grip(True)
        world.bodies[name] = self.tool
        self._name, self._world, self._home = name, world, settings.home_mm
        self._settings = _settings_of(settings)
        self._planner = Planner(name, world, self.tool, self._work)
        self._received = b""
        self._lines: deque[str] = deque()
        self._said = b""
        self._reports = 0
        self._alarm = "locked"  # until homed; "" when all is well, "critical" until reset
        self._is_homing = False
        self._forget()

    def receive(self, data: bytes) -> bytes:
        """Take in bytes; return what has been said by now."""
        for byte in data:
            self._take(bytes((byte,)))
        said, self._said = self._said, b""
        return said

    def state(self) -> dict[str, object]:
        """What it believes."""
        return {
            "state": self._state(),
            "mpos": list(self._planner.here()),
            "s": self._s,
            "coolant": self._coolant,
            "alarm": self._alarm,
        }

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
            return "Idle"
        return "Jog" if self._planner.current.is_jog else "Run"

    def _take(self, byte: bytes) -> None:
        match byte:
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
            case _ if byte not in REALTIME:
                self._received += byte

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

    def _work(self) -> None:
        """Do lines as far as they can be done by now; each is answered when it is planned."""
        while self._lines and not (self._is_homing or self._planner.is_held or self._alarm == "critical"):
            line = self._lines[0]
            if (_waits_for_rest(line) and not self._planner.is_empty) or self._planner.is_full:
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
            if self._alarm:
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
            case "$I" | "$$" if self._state() not in ("Idle", "Alarm"):
                raise GrblError(NOT_IDLE)
            case "$I":
                return b"[VER:1.1h.20190830:]\r\n[OPT:V,15,128]\r\nok\r\n"
            case "$$":
                return "".join(f"${n}={value}\r\n" for n, value in self._settings.items()).encode() + b"ok\r\n"
            case _ if line.startswith("$J="):
                if self._state() not in ("Idle", "Jog"):
                    raise GrblError(IS_LOCKED if self._alarm else NOT_IDLE)
                return self._gcode(line[3:], is_jog=True)
            case _ if (setting := re.fullmatch(r"\$(\d+)=([\d.]+)", line)) and int(setting[1]) in self._settings:
                self._settings[int(setting[1])] = setting[2]
                return b"ok\r\n"
        raise GrblError(SYNTAX)

    def _begin_homing(self) -> bytes:
        if self._settings[22] != "1":
            raise GrblError(HOMING_OFF)
        if self._state() not in ("Idle", "Alarm"):
            raise GrblError(NOT_IDLE)
        self.acts["home"] += 1
        self._is_homing = True
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

    def _gcode(self, line: str, *, is_jog: bool) -> bytes:
        words = _words(line)
        if not is_jog:
            self._remember(words)
        axes = {letter: value for letter, value in words if letter in "XYZ"}
        feed = next((value for letter, value in words if letter == "F"), self._feed_mm_per_min)
        if axes:
            relative = ("G", 91.0) in words if is_jog else not self._is_absolute and ("G", 53.0) not in words
            self._plan(axes, feed, relative=relative, is_jog=is_jog)
        return b"" if self._alarm else b"ok\r\n"

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
                    self._set_jaws()
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

    def _rates(self) -> list[float]:
        return [float(self._settings[n]) / 60 for n in (110, 111, 112)]

    def _set_jaws(self) -> None:
        is_closed = not self._coolant
        self._world.agenda.at(self._world.now_s + JAWS_S, self._name, lambda: self.tool.set_grip(is_closed))


def _settings_of(settings: GrblGantrySettings) -> dict[int, str]:
    """As a machine built after the lab file would have them; the rest as GRBL is delivered."""
    values: dict[int, str] = {0: "10", 1: "25", 10: "1", 13: "0", 20: "1", 21: "0", 22: "1", 23: "0", 27: "1.000"}
    for axis, travel_mm in enumerate(settings.travel_mm):
        values[100 + axis] = "250.000"
        values[110 + axis] = f"{settings.speed_mm_per_s * 60:.3f}"
        values[120 + axis] = f"{settings.acceleration_mm_per_s2:.3f}"
        values[130 + axis] = f"{travel_mm:.3f}"
    return dict(sorted(values.items()))


def _waits_for_rest(line: str) -> bool:
    """Dwelling and outputs come after all motion before them; so do `$` lines that write."""
    return re.search(r"G4(?!\d)|M[0-9]|^\$H", line) is not None


def _words(line: str) -> list[tuple[str, float]]:
    r"""Cut a line into letters and numbers.

    >>> _words("G1X-1.5F600")
    [('G', 1.0), ('X', -1.5), ('F', 600.0)]
    """
    words = re.findall(r"([A-Z])([-+]?\d*\.?\d*)", line)
    if "".join(letter + number for letter, number in words) != line:
        raise GrblError(LETTER)
    try:
        return [(letter, float(number)) for letter, number in words]
    except ValueError as err:
        raise GrblError(NUMBER) from err
