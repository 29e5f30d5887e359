"""A Keithley 2400 source meter: the part of its SCPI that a four-point measurement needs.

Sources: PyMeasure's driver for the spellings, the Series 2400 user's manual (2400S-900-01 Rev. K) as the fact sheet
tells it. Over RS-232 an answer leaves at once, so that no query is ever interrupted (-410) or forgotten (-420).
"""

from collections import Counter
from collections.abc import Callable
from functools import partial
from math import copysign, inf

from hardware_sim.emulators.mending import mend_later
from hardware_sim.emulators.scpi import (
    ILLEGAL_VALUE,
    OUT_OF_RANGE,
    UNDEFINED_HEADER,
    ScpiError,
    ScpiLines,
    number,
    switch,
)
from hardware_sim.faults import suffers
from hardware_sim.world.stage import CONTACT_OHM, Stage
from hardware_sim.world.world import World
from robot.device_settings import Keithley2400Settings

IDENTITY = "KEITHLEY INSTRUMENTS INC.,MODEL 2400,1234567,C32 Oct  4 2010 14:20:11/A02  /V/J"
MAX_CURRENT_A, MAX_VOLTAGE_V = 1.05, 210.0
NOT_PERMITTED_OFF = (803, "Not permitted with OUTPUT off")
NOT_A_NUMBER = 9.91e37
COMPLIANCE, FOUR_WIRES = 1 << 3, 1 << 12

THERMO_V = 5e-6  # of unlike metals at uneven temperatures, constant within a session (assumed)
NOISE_V, NOISE_FRACTION = 1e-6, 2e-4  # at one power-line cycle (assumed)

NUMBERS: dict[str, tuple[float, float, float]] = {
    "SOUR:CURR": (0.0, -MAX_CURRENT_A, MAX_CURRENT_A),
    "SOUR:VOLT": (0.0, -MAX_VOLTAGE_V, MAX_VOLTAGE_V),
    "SOUR:CURR:RANG": (1e-4, -MAX_CURRENT_A, MAX_CURRENT_A),
    "SOUR:VOLT:RANG": (20.0, -MAX_VOLTAGE_V, MAX_VOLTAGE_V),
    "SENS:VOLT:PROT": (21.0, 2e-4, MAX_VOLTAGE_V),
    "SENS:CURR:PROT": (1.05e-4, 1e-9, MAX_CURRENT_A),
    "SENS:RES:NPLC": (1.0, 0.01, 10.0),
    "SENS:VOLT:NPLC": (1.0, 0.01, 10.0),
    "SENS:CURR:NPLC": (1.0, 0.01, 10.0),
    "SENS:RES:RANG": (2.1e5, 0.0, 2.1e8),
    "SENS:VOLT:RANG": (21.0, -MAX_VOLTAGE_V, MAX_VOLTAGE_V),
    "SENS:CURR:RANG": (1.05e-4, -MAX_CURRENT_A, MAX_CURRENT_A),
    "SOUR:DEL": (0.0, 0.0, 9999.0),
    "SENS:AVER:COUN": (10.0, 1.0, 100.0),
    "TRIG:COUN": (1.0, 1.0, 2500.0),
}
"""Numeric settings: value after reset, lowest, highest."""
SWITCHES = {
    "OUTP": False, "SYST:RSEN": False, "SENS:RES:RANG:AUTO": True, "SENS:VOLT:RANG:AUTO": True,
    "SENS:CURR:RANG:AUTO": True, "SOUR:CURR:RANG:AUTO": True, "SOUR:VOLT:RANG:AUTO": True, "SOUR:DEL:AUTO": True,
    "SENS:RES:OCOM": False, "SYST:AZER": True, "SYST:BEEP": True, "DISP:ENAB": True,
}  # fmt: skip
CHOICES = {
    "SOUR:FUNC": ("VOLT", ("VOLT", "CURR")),
    "SENS:FUNC": ("CURR", ("VOLT", "CURR", "RES")), "SENS:RES:MODE": ("MAN", ("MAN", "AUTO")),
    "SOUR:CURR:MODE": ("FIX", ("FIX",)), "SOUR:VOLT:MODE": ("FIX", ("FIX",)), "ROUT:TERM": ("FRON", ("FRON", "REAR")),
}  # fmt: skip
ELEMENTS = ("VOLT", "CURR", "RES", "TIME", "STAT")
"""What a reading may contain; the instrument keeps this order whatever order was asked for."""


class Keithley2400Emulator:
    """Sources into the stage, senses on wires of its own; refuses to read with its output off."""

    def __init__(self, name: str, world: World, _settings: Keithley2400Settings) -> None:
        self.acts: Counter[str] = Counter()
        self.stage = Stage(name, world)
        world.bodies[name] = self.stage
        self._name, self._world = name, world
        self._refuses_next = False
        self._rng = world.rng(name)
        self._thermo_v = THERMO_V * float(self._rng.standard_normal())
        self._lines = ScpiLines(self._do)
        self._commands = self._all_commands()
        self._reset()

    def receive(self, data: bytes) -> bytes:
        """Do each whole line."""
        return self._lines.receive(data)

    def state(self) -> dict[str, object]:
        """All settings."""
        return {**self._numbers, **self._switches, **self._choices, "elements": list(self._elements)}

    @suffers("refusal")
    def refuse_next(self) -> None:
        """It finds the next value out of range, and says so in its queue of errors."""
        self._refuses_next = True

    @suffers("open-probe")
    def lift_probe(self) -> None:
        """The tips lose contact."""
        self.stage.is_lifted = True
        mend_later(self._world, self._name, self._lower_probe)

    @suffers("power-loss")
    def lose_power(self) -> None:
        """The mains fail for a moment: output off, all as after a reset, no error remembered."""
        self._reset()
        self._lines.forget()

    def _lower_probe(self, _t_s: float) -> None:
        self.stage.is_lifted = False

    def _reset(self) -> None:
        self._numbers = {header: default for header, (default, _, _) in NUMBERS.items()}
        self._switches = dict(SWITCHES)
        self._choices = {header: default for header, (default, _) in CHOICES.items()}
        self._elements: tuple[str, ...] = ELEMENTS

    def _do(self, header: str, parameters: str) -> str | None:
        command = self._commands.get(header)
        if command is None:
            raise ScpiError(UNDEFINED_HEADER)
        return command(parameters)

    def _all_commands(self) -> dict[str, Callable[[str], str | None]]:
        commands: dict[str, Callable[[str], str | None]] = {
            "*IDN?": lambda _: IDENTITY,
            "*RST": lambda _: self._reset(),
            "*CLS": lambda _: self._lines.clear(),
            "*OPC": lambda _: None,
            "*OPC?": lambda _: "1",
            "*WAI": lambda _: None,
            "*ESR?": lambda _: "0",
            "*STB?": lambda _: "0",
            "SYST:ERR?": lambda _: self._lines.next_error(),
            "FORM:ELEM": self._choose_elements,
            "FORM:ELEM?": lambda _: ",".join(self._elements),
            "ABOR": lambda _: None,
            "SYST:LOC": lambda _: None,
            "SYST:REM": lambda _: None,
            "READ?": lambda _: self._read(),
            "SENS:FUNC:ALL": lambda _: None,  # all are sensed as it is, one sets the range (assumed)
            **{f"MEAS{function}?": lambda _: self._measure() for function in ("", ":VOLT", ":CURR", ":RES")},
        }
        for header in NUMBERS:
            commands |= {header: partial(self._set_number, header), f"{header}?": partial(self._number, header)}
        for header in SWITCHES:
            commands |= {header: partial(self._set_switch, header), f"{header}?": partial(self._switch, header)}
        for header in CHOICES:
            commands |= {header: partial(self._choose, header), f"{header}?": partial(self._choice, header)}
        return commands | {f"SOUR:FUNC:MODE{query}": commands[f"SOUR:FUNC{query}"] for query in ("", "?")}

    def _set_number(self, header: str, text: str) -> None:
        _, low, high = NUMBERS[header]
        if self._refuses_next:
            self._refuses_next = False
            raise ScpiError(OUT_OF_RANGE)
        self._numbers[header] = number(text, low, high)
        if header in ("SOUR:CURR", "SOUR:VOLT"):
            self.acts["source"] += 1

    def _number(self, header: str, _: str) -> str:
        return f"{self._numbers[header]:.6E}"

    def _set_switch(self, header: str, text: str) -> None:
        self._switches[header] = switch(text)
        if header == "OUTP":
            self.acts["output on" if self._switches[header] else "output off"] += 1

    def _switch(self, header: str, _: str) -> str:
        return str(int(self._switches[header]))

    def _choose(self, header: str, text: str) -> None:
        word = text.strip("'\"").upper().split(":")[0]
        allowed = CHOICES[header][1]
        choice = next((choice for choice in allowed if word[: len(choice)] == choice), None)
        if choice is None:
            raise ScpiError(ILLEGAL_VALUE)
        self._choices[header] = choice

    def _choice(self, header: str, _: str) -> str:
        return f'"{self._choices[header]}"' if header == "SENS:FUNC" else self._choices[header]

    def _choose_elements(self, text: str) -> None:
        wanted = [word.strip().upper()[:4].removesuffix("I") for word in text.split(",")]
        if not all(word in ELEMENTS for word in wanted):
            raise ScpiError(ILLEGAL_VALUE)
        self._elements = tuple(element for element in ELEMENTS if element in wanted)

    def _measure(self) -> str:
        """Switch on, read, leave on: what MEASure does after configuring."""
        self._set_switch("OUTP", "1")
        return self._read()

    def _read(self) -> str:
        if not self._switches["OUTP"]:
            raise ScpiError(NOT_PERMITTED_OFF)
        voltage_v, current_a, is_limited = self._operating_point()
        resistance_ohm = voltage_v / current_a if current_a else NOT_A_NUMBER
        status = COMPLIANCE * is_limited + FOUR_WIRES * self._switches["SYST:RSEN"]
        values = (voltage_v, current_a, resistance_ohm, self._world.now_s, float(status))
        reading = dict(zip(ELEMENTS, values, strict=True))
        return ",".join(f"{reading[element]:+.6E}" for element in self._elements)

    def _operating_point(self) -> tuple[float, float, bool]:
        """Sensed voltage, current, and whether the limit of the other quantity holds."""
        resistance_ohm = self.stage.resistance_ohm() + (0.0 if self._switches["SYST:RSEN"] else CONTACT_OHM)
        if self._choices["SOUR:FUNC"] == "CURR":
            set_a, limit_v = self._numbers["SOUR:CURR"], self._numbers["SENS:VOLT:PROT"]
            is_limited = set_a != 0 and abs(set_a) * resistance_ohm > limit_v
            current_a = copysign(limit_v / resistance_ohm, set_a) if is_limited else set_a
            voltage_v = copysign(limit_v, set_a) if is_limited else self._sensed_v(current_a, resistance_ohm)
            return voltage_v, current_a, is_limited
        set_v, limit_a = self._numbers["SOUR:VOLT"], self._numbers["SENS:CURR:PROT"]
        is_limited = abs(set_v) > limit_a * resistance_ohm
        if is_limited:
            current_a = copysign(limit_a, set_v)
            return self._sensed_v(current_a, resistance_ohm), current_a, True
        return set_v, set_v / resistance_ohm, False

    def _sensed_v(self, current_a: float, resistance_ohm: float) -> float:
        ideal_v = current_a * resistance_ohm if resistance_ohm < inf else 0.0
        noise = self._rng.standard_normal(2)
        return float(ideal_v * (1 + NOISE_FRACTION * noise[0]) + self._thermo_v + NOISE_V * noise[1])
