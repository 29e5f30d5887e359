"""A Keithley 2400 on a four-point probe. What a chemist should know of it stands in docs/devices/keithley_2400.md."""

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, stdev

from robot.device_settings import Keithley2400Settings
from robot.drivers.dialogue import Dialogue, introducing
from robot.drivers.keithley_2400 import codec
from robot.errors import CommandRefused, DeviceFault, NotReachable, ReplyLost
from robot.interfaces import Identity, ResistanceReading
from robot.limits import require
from robot.wire.base import Wire

REPLY_TIMEOUT_S = 5.0  # a reading over one power-line cycle takes 0.1 s, changing the range up to 2 s
THERMO_VOLTAGE_V = 50e-6  # of dissimilar contacts: what the two polarities may differ by for no fault of the probe's
MIN_READINGS, MAX_READINGS = 2, 100  # of each polarity; one alone has no spread


class Keithley2400:
    """One source meter at the end of a wire; `SourceMeter` lists the promises kept here."""

    def __init__(self, name: str, wire: Wire, settings: Keithley2400Settings) -> None:
        self.name = name
        self.max_current_a = settings.max_current_a
        self.max_voltage_v = settings.max_voltage_v
        self._dialogue = Dialogue(name, wire, REPLY_TIMEOUT_S)
        self._is_known = False

    def connect(self) -> Identity:
        """Ask who it is."""
        self._is_known = False
        with introducing(self.name):
            maker, model, serial_number, firmware = self._dialogue.read(
                codec.ASK_IDENTITY, codec.frame, codec.decode_identity
            )
        if "KEITHLEY" not in maker.upper() or model.upper().removeprefix("MODEL ") != "2400":
            raise NotReachable(self.name, f"says that it is a {model} of {maker}, not a 2400", "Check its port")
        self._is_known = True
        return Identity("Keithley", "2400", serial_number, firmware)

    def read_output_is_on(self) -> bool:
        """Is current flowing?"""
        return self._dialogue.read(codec.ASK_OUTPUT, codec.frame, codec.decode_switch)

    def measure_resistance(self, current_a: float, compliance_v: float, readings: int) -> ResistanceReading:
        """Measure with both polarities, `readings` times each; the output is off again on every way out."""
        require(self.name, "current_a", current_a, 1e-9, self.max_current_a)
        require(self.name, "compliance_v", compliance_v, 1e-3, self.max_voltage_v)
        require(self.name, "readings", readings, MIN_READINGS, MAX_READINGS)
        if not self._is_known:
            self.connect()
        try:
            self._set_up(compliance_v)
            self._dialogue.send(codec.encode_current(current_a))
            self._dialogue.send(codec.OUTPUT_ON)
            plus_ohm = [self._read_ohm() for _ in range(readings)]
            self._dialogue.send(codec.encode_current(-current_a))
            minus_ohm = [self._read_ohm() for _ in range(readings)]
            self._require_no_error()  # one polarity read twice would look like two
        finally:
            self.make_safe()
        return self._average(plus_ohm, minus_ohm, current_a)

    def make_safe(self) -> None:
        """Output off, and proved to be so.

        Raises:
            ReplyLost: it did not confirm that its output is off.
        """
        for _ in range(2):
            self._dialogue.send(codec.OUTPUT_OFF)
            if not self.read_output_is_on():
                return
        raise ReplyLost(self.name, "was told to switch its output off and says that it is on", "Switch it off by hand")

    def _set_up(self, compliance_v: float) -> None:
        for line in codec.encode_setup(compliance_v):
            self._dialogue.send(line)
        self._require_no_error()

    def _require_no_error(self) -> None:
        number, what = self._dialogue.read(codec.ASK_ERROR, codec.frame, codec.decode_error)
        if number:
            raise CommandRefused(self.name, f"refused a setting: {what} ({number})", "Is its firmware an old one?")

    def _read_ohm(self) -> float:
        reading = self._dialogue.read(codec.ASK_READING, codec.frame, codec.decode_reading)
        if reading.is_in_compliance:
            raise DeviceFault(self.name, "reached its voltage limit", "Is the probe down? If so, use less current")
        if reading.is_overflow:
            raise DeviceFault(self.name, "measured an overflow", "Is the probe down?")
        return reading.resistance_ohm

    def _average(self, plus_ohm: Sequence[float], minus_ohm: Sequence[float], current_a: float) -> ResistanceReading:
        noise_ohm = sqrt((stdev(plus_ohm) ** 2 + stdev(minus_ohm) ** 2) / len(plus_ohm))
        resistance_ohm = (fmean(plus_ohm) + fmean(minus_ohm)) / 2
        difference_ohm = abs(fmean(plus_ohm) - fmean(minus_ohm))
        allowed_ohm = 0.05 * abs(resistance_ohm) + 2 * THERMO_VOLTAGE_V / current_a + 6 * noise_ohm
        if difference_ohm > allowed_ohm or resistance_ohm <= 0:
            what = f"measured {fmean(plus_ohm):g} ohm one way and {fmean(minus_ohm):g} ohm the other"
            raise DeviceFault(self.name, what, "Has a contact slipped?")
        return ResistanceReading(resistance_ohm, noise_ohm / 2, current_a)
