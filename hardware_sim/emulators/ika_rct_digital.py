"""An IKA RCT digital hotplate-stirrer with its NAMUR commands.

Sources: IKA Plate (RCT digital) operating manual, table of commands, as the fact sheet tells it; what that leaves
open is marked as assumed. Not modelled: modes A, B and D, the viscosity trend.
"""

import re
from collections import Counter
from functools import partial

from hardware_sim.emulators.mending import mend_later
from hardware_sim.emulators.watchdog import Watchdog
from hardware_sim.faults import suffers
from hardware_sim.world.hotplate import Hotplate
from hardware_sim.world.world import World
from robot.device_settings import IkaRctSettings

LONGEST = 80
SAFETY_C = 360.0  # where the screw stands
MARGIN_K = 50.0  # that a target stays under it
UNPLUGGED_C = 420.0  # what an open probe reads as (assumed)

HIGH_TEMPERATURE = 24  # the error it shows when its safety circuit has opened (number assumed)
DEAF_S = 10.0  # of a plate that takes no setting (assumed)

SETTING = re.compile(r"OUT_SP_([14]) (\d+(?:\.\d+)?)")
WATCHDOG = re.compile(r"OUT_WD([12])@(\d+)")
SAFE_VALUE = re.compile(r"OUT_SP_([14])2@(\d+(?:\.\d+)?)")
SWITCH = re.compile(r"(START|STOP)_([14])")


class IkaRctDigitalEmulator:
    """Answers questions; does settings and switches in silence. An unheard watchdog switches all off until `RESET`."""

    def __init__(self, name: str, world: World, settings: IkaRctSettings) -> None:
        self.acts: Counter[str] = Counter()
        self.plate = Hotplate(name, world, settings.has_probe)
        world.bodies[name] = self.plate
        self._name = name
        self._world = world
        self._has_probe = settings.has_probe
        self._received = b""
        self._watchdog = Watchdog(world, name)
        self._error = 0
        self._deaf_until_s = 0.0
        self._safe = {"1": 20.0, "4": 50.0}
        """What watchdog 2 falls back to."""

    def receive(self, data: bytes) -> bytes:
        """Do each whole line."""
        *lines, rest = (self._received + data).split(b"\r\n")
        self._received = rest[-LONGEST:]
        return b"".join(self._do(line.decode("ascii", "replace").strip()) for line in lines)

    def state(self) -> dict[str, object]:
        """What its display shows."""
        plate = self.plate
        return {
            "target_c": plate.target_c,
            "target_rpm": plate.target_rpm,
            "is_heating": plate.is_heating,
            "is_stirring": plate.is_stirring,
            "error": self._error,
            "watchdog_is_armed": self._watchdog.is_armed,
        }

    @suffers("refusal")
    def ignore_settings(self) -> None:
        """It takes no target for a while; it has no way to say so."""
        self._deaf_until_s = self._world.now_s + DEAF_S

    @suffers("stall")
    def lose_magnet(self) -> None:
        """The bar jumps off its magnet; the motor stops at once."""
        self.plate.advance()
        self.plate.is_stalled = True
        mend_later(self._world, self._name, self._mend)

    @suffers("safety-circuit")
    def open_safety_circuit(self) -> None:
        """Its safety circuit opens: no heat until somebody has switched it off and on."""
        self.plate.advance()
        self.plate.is_cut_off, self._error = True, HIGH_TEMPERATURE
        mend_later(self._world, self._name, self._mend)

    @suffers("power-loss")
    def lose_power(self) -> None:
        """The mains fail for a moment: targets persist, heater and motor go on, nobody watches any more."""
        self.plate.advance()
        self._watchdog.disarm()
        self._received, self._error = b"", 0

    def _mend(self, _t_s: float) -> None:
        self.plate.advance()
        self.plate.is_stalled = self.plate.is_cut_off = False
        self._error = 0

    def _do(self, line: str) -> bytes:
        if line == "IN_NAME":
            return b"RCT digital \r\n"
        if line == "RESET":
            self._watchdog.disarm()
            self._error = 0
        elif (value := self._value(line)) is not None:
            return f"{value:.1f} {line[-1]} \r\n".encode()
        elif match := SETTING.fullmatch(line):
            self._set(match[1], float(match[2]))
        elif match := SWITCH.fullmatch(line):
            self._switch(match[2], match[1] == "START")
        elif match := WATCHDOG.fullmatch(line):
            self._watch(match[1], int(match[2]))  # heingroup's client awaits no echo, whatever tables say
        elif match := SAFE_VALUE.fullmatch(line):
            self._safe[match[1]] = float(match[2])
            return f"{match[2]} \r\n".encode()  # wording assumed
        return b""

    def _value(self, question: str) -> float | None:
        self.plate.advance()
        match question:
            case "IN_PV_1":
                return self.plate.probe_c if self._has_probe else UNPLUGGED_C
            case "IN_PV_2":
                return self.plate.plate_c
            case "IN_PV_4":
                return round(self.plate.speed_rpm)
            case "IN_PV_5":
                return 0.0
            case "IN_SP_1":
                return self.plate.target_c
            case "IN_SP_3":
                return SAFETY_C
            case "IN_SP_4":
                return self.plate.target_rpm
        return None

    def _set(self, channel: str, value: float) -> None:
        """Take a target; one that is out of range changes nothing."""
        self.plate.advance()
        if self._world.now_s < self._deaf_until_s:
            return
        if channel == "1" and value <= SAFETY_C - MARGIN_K:
            self.plate.target_c = value
        elif channel == "4" and 0 <= value <= 1500:
            self.plate.target_rpm = value

    def _switch(self, channel: str, is_on: bool) -> None:
        if is_on and self._error:
            return
        self.acts[f"{'start' if is_on else 'stop'} {'heater' if channel == '1' else 'motor'}"] += 1
        if channel == "1":
            self.plate.switch(heater=is_on)
        else:
            self.plate.switch(motor=is_on)

    def _watch(self, mode: str, silence_s: int) -> None:
        """Start to count, or anew; 0 stops, other times outside 20 to 1500 s are not taken (assumed)."""
        if silence_s == 0:
            self._watchdog.disarm()
        elif 20 <= silence_s <= 1500:
            self._watchdog.arm(silence_s, partial(self._bark, mode))

    def _bark(self, mode: str) -> None:
        self._world.note("watchdog", device=self._name, mode=int(mode))
        if mode == "1":
            self._error = 2
            self.plate.switch(heater=False, motor=False)
        else:
            self.plate.advance()
            self.plate.target_c, self.plate.target_rpm = self._safe["1"], self._safe["4"]
