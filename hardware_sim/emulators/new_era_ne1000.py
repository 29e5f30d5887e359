"""A New Era NE-1000 syringe pump, basic and safe mode, with its watchdog.

Sources: New Era NE-1000 manual 1200-01, pages 33 to 35, as the fact sheet tells it; what that leaves open is marked as
assumed. Not modelled: programmes of phases, the trigger, purging at a speed of its own.
"""

import re
from collections import Counter
from math import inf, pi

from hardware_sim.emulators import new_era_figures as figures
from hardware_sim.emulators.new_era_frames import NewEraFrames
from hardware_sim.emulators.syringe_ailments import STALLS_AT, AilingPump
from hardware_sim.emulators.watchdog import Watchdog
from hardware_sim.world.agenda import Event
from hardware_sim.world.plumbing import Plumbing, line_to
from hardware_sim.world.world import World
from robot.device_settings import NewEraNE1000Settings

FIRMWARE = "NE1000V3.923"
SMALL_SYRINGE_MM = 14.0  # up to here it counts in microlitres by itself
REQUEST = re.compile(r"(\d{0,2})(\*RESET|[A-Z]{3}|)(.*)")
EXCUSES = {"": "", "busy": "?NA", "refusal": "?OOR"}
NUMBER = re.compile(r"(\d*\.?\d*)([A-Z]{0,2})")


class NewEraNE1000Emulator(AilingPump):
    """One syringe, one line. It moves by counting; where the plunger really is it does not know."""

    def __init__(self, name: str, world: World, settings: NewEraNE1000Settings) -> None:
        self.acts: Counter[str] = Counter()
        filling = world.stocks[settings.holds].take(settings.filled_ul)
        lines = {1: line_to(world, settings.reaches, {settings.reaches: settings.reaches})}
        self.plumbing = Plumbing(name, world, settings.syringe_ul, lines, filling)
        world.bodies[name] = self.plumbing
        self._name = name
        self._world = world
        self._address = settings.address
        self._syringe_ul = settings.syringe_ul
        self._level_ul = settings.filled_ul
        """Where the plunger truly stands on the syringe's scale."""
        self._frames = NewEraFrames(self._answer)
        self._diameter_mm = settings.diameter_mm  # kept in EEPROM from the last time (assumed)
        self._units = "UL" if self._diameter_mm <= SMALL_SYRINGE_MM else "ML"
        self._volume, self._rate, self._rate_units = 0.0, 0.0, "MH"
        self._sign = -1.0
        """What running does to the level: infusing lowers it."""
        self._dispensed_ul = {"INF": 0.0, "WDR": 0.0}
        self._left_ul: float | None = None
        """Of a run that is paused."""
        self._run: tuple[float, float, float] | None = None
        """When the run began, its rate in microlitres a second, how far it will go."""
        self._end: Event | None = None
        self._silence_s = 0
        self._watchdog = Watchdog(world, name)
        self._alarm = "R"

    def receive(self, data: bytes) -> bytes:
        """Answer each request."""
        return self._frames.receive(data)

    def state(self) -> dict[str, object]:
        """Settings and counters."""
        return {
            "status": self._status,
            "alarm": self._alarm,
            "level_ul": self._level_ul,
            "diameter_mm": self._diameter_mm,
            "volume": f"{self._volume:g}{self._units}",
            "rate": f"{self._rate:g}{self._rate_units}",
            "dispensed_ul": {way: self._dispensed_now_ul(way) for way in self._dispensed_ul},
            "watchdog_s": self._silence_s,
        }

    @property
    def _status(self) -> str:
        if self._run is not None:
            return "I" if self._sign < 0 else "W"
        return "S" if self._left_ul is None else "P"

    def _answer(self, text: str | None) -> str:
        """Address, status and data; nothing to a request for another pump."""
        if text is None:
            return f"{self._address:02d}{self._status}?COM"
        match = REQUEST.fullmatch(text)
        if match is None or int(match[1] or 0) != self._address:
            return ""
        self._feed()
        if self._alarm:
            return self._tell_alarm(match[2], match[3])
        is_order = bool(match[3]) or match[2] == "RUN"
        data = EXCUSES[self._take_excuse() if is_order else ""] or self._do(match[2], match[3])
        return f"{self._address:02d}{self._status}{data}"

    def _tell_alarm(self, word: str, rest: str) -> str:
        """Tell it once, in place of doing what was asked (assumed), save for the mode: NESP-Lib awaits the new form."""
        alarm, self._alarm = self._alarm, ""
        if word == "SAF":
            self._set_mode(rest)
        return f"{self._address:02d}A?{alarm}"

    def _do(self, word: str, rest: str) -> str:
        match word:
            case "":
                return "?" if rest else ""
            case "VER":
                return FIRMWARE
            case "RUN":
                return self._start_run()
            case "PUR":
                return "?NA"
            case "STP":
                return self._stop()
            case "DIS":
                per_unit = figures.UL_PER_VOLUME[self._units]
                counters = (figures.figure(self._dispensed_now_ul(way) / per_unit) for way in self._dispensed_ul)
                return "I{}W{}{}".format(*counters, self._units)
            case "CLD":
                return self._clear(rest)
            case "SAF":
                return self._set_mode(rest)
            case "DIA" | "DIR" | "VOL" | "RAT":
                return self._setting(word, rest)
        return "?"

    def _setting(self, word: str, rest: str) -> str:
        if not rest:
            return {
                "DIA": figures.figure(self._diameter_mm),
                "DIR": self._direction,
                "VOL": figures.figure(self._volume) + self._units,
                "RAT": figures.figure(self._rate) + self._rate_units,
            }[word]
        if self._run is not None and word != "RAT":
            return "?NA"
        if word == "DIR":
            return self._set_direction(rest)
        match = NUMBER.fullmatch(rest)
        if match is None or (match[1] in ("", ".") and not match[2]):
            return "?"
        number = figures.cut(match[1])
        match word:
            case "DIA":
                return self._set_diameter(number, match[2])
            case "VOL":
                return self._set_volume(number, match[2])
        return self._set_rate(number, match[2] or self._rate_units)

    def _set_direction(self, rest: str) -> str:
        signs = {"INF": -1.0, "WDR": 1.0, "REV": -self._sign}
        if rest not in signs:
            return "?"
        self._sign = signs[rest]
        return ""

    def _set_diameter(self, number: float | None, units: str) -> str:
        if number is None or units:
            return "?"
        if not 0.1 <= number <= 80:
            return "?OOR"
        if number != self._diameter_mm:
            self._diameter_mm = number
            self._units = "UL" if number <= SMALL_SYRINGE_MM else "ML"
            self._dispensed_ul = {"INF": 0.0, "WDR": 0.0}
        return ""

    def _set_volume(self, number: float | None, units: str) -> str:
        """A figure, or the units alone."""
        if (number is None) is not (units in figures.UL_PER_VOLUME):
            return "?"
        if number is None:
            self._units = units
        else:
            self._volume = number
        return ""

    def _set_rate(self, number: float | None, units: str) -> str:
        if number is None or units not in figures.UL_PER_MIN:
            return "?"
        area_mm2 = pi * self._diameter_mm**2 / 4
        if (
            not figures.SLOWEST_MM_PER_MIN * area_mm2
            <= number * figures.UL_PER_MIN[units]
            <= figures.FASTEST_MM_PER_MIN * area_mm2 * 1.001
        ):
            return "?OOR"
        if self._run is not None:  # changes on the way
            self._halt()
            self._rate, self._rate_units = number, units
            self._start_run()
        self._rate, self._rate_units = number, units
        return ""

    def _clear(self, rest: str) -> str:
        if rest not in self._dispensed_ul:
            return "?"
        if self._run is not None:
            return "?NA"
        self._dispensed_ul[rest] = 0.0
        return ""

    def _start_run(self) -> str:
        rate_ul_per_s = self._rate * figures.UL_PER_MIN[self._rate_units] / 60
        if self._run is not None or rate_ul_per_s == 0:
            return "?NA"
        self.acts["run"] += 1
        wanted_ul = self._left_ul if self._left_ul is not None else self._volume * figures.UL_PER_VOLUME[self._units]
        room_ul = self._level_ul if self._sign < 0 else self._syringe_ul - self._level_ul
        self._left_ul = wanted_ul or inf  # a volume of 0 is for ever
        goes_ul = min(self._left_ul, room_ul) * (STALLS_AT if self._overload_awaits else 1.0)
        self._overload_awaits = False
        self._run = (self._world.now_s, rate_ul_per_s, goes_ul)
        self._end = self._world.agenda.at(self._world.now_s + goes_ul / rate_ul_per_s, self._name, self._arrive)
        return ""

    def _arrive(self) -> None:
        """At its volume it stops; at an end of the syringe it stalls."""
        assert self._run is not None
        self._halt()
        if self._left_ul is not None and self._left_ul > 1e-6:
            self._alarm = "S"
        self._left_ul = None

    def _stall_plunger(self) -> bool:
        if self._run is None:
            return False
        self._halt()
        self._left_ul, self._alarm = None, "S"
        return True

    def _restart(self) -> None:
        """Counters, the run and its direction and the mode are forgotten; the rest is in its EEPROM."""
        self._halt()
        self._left_ul, self._sign, self._silence_s, self._alarm = None, -1.0, 0, "R"
        self._dispensed_ul = {"INF": 0.0, "WDR": 0.0}
        self._frames.is_safe = False
        self._feed()

    def _halt(self) -> None:
        """Stand still; count what has moved."""
        if self._run is None:
            return
        moved_ul = self._moved_ul
        self._dispensed_ul[self._direction] += moved_ul
        self._run = None
        if self._end is not None:
            self._end.cancel()
        self._level_ul += self._sign * moved_ul
        if self._left_ul is not None:
            self._left_ul -= moved_ul
        self.plumbing.stroke(1, self._level_ul)

    @property
    def _direction(self) -> str:
        return "INF" if self._sign < 0 else "WDR"

    @property
    def _moved_ul(self) -> float:
        """Since the run under way began."""
        if self._run is None:
            return 0.0
        began_s, rate_ul_per_s, goes_ul = self._run
        return min((self._world.now_s - began_s) * rate_ul_per_s, goes_ul)

    def _dispensed_now_ul(self, way: str) -> float:
        return self._dispensed_ul[way] + (self._moved_ul if way == self._direction else 0.0)

    def _stop(self) -> str:
        """The first pauses, the second forgets what is left."""
        if self._run is not None:
            self.acts["stop"] += 1
            self._halt()
        elif self._left_ul is not None:
            self._left_ul = None
        else:
            return "?NA"
        return ""

    def _set_mode(self, rest: str) -> str:
        """Query, or seconds of silence until it stops by itself; 0 is basic mode."""
        if not rest:
            return str(self._silence_s)
        if not rest.isdecimal() or int(rest) > 255:
            return "?OOR"
        self._silence_s = int(rest)
        self._frames.is_safe = self._silence_s > 0
        self._feed()
        return ""

    def _feed(self) -> None:
        self._watchdog.disarm()
        if self._silence_s:
            self._watchdog.arm(self._silence_s, self._bark)

    def _bark(self) -> None:
        self._world.note("watchdog", device=self._name)
        self._halt()
        self._left_ul = None
        self._alarm = self._alarm or "T"  # an earlier one has not been told yet
