r"""SCPI lines of the Keithley 2400. Pure: nothing here opens, waits or logs.

Sources: PyMeasure `keithley2400.py` for the spellings; Series 2400 user's manual 2400S-900-01 for the status bits.
"""

import re
from dataclasses import dataclass

from robot.wire.base import until

ASK_IDENTITY = b"*IDN?\n"
ASK_OUTPUT = b":OUTPUT?\n"
ASK_ERROR = b":SYST:ERR?\n"
ASK_READING = b":READ?\n"
OUTPUT_ON = b":OUTPUT 1\n"
OUTPUT_OFF = b":OUTPUT 0\n"

OVERFLOW = 9.9e37  # what is at least so large is no number but a sign; not measured is 9.91E37
OVERFLOW_BIT, COMPLIANCE_BIT = 1 << 0, 1 << 3  # of the status word

frame = until(b"\n")


@dataclass(frozen=True)
class Reading:
    """One answer to `:READ?`."""

    voltage_v: float
    current_a: float
    resistance_ohm: float
    status: int

    @property
    def is_overflow(self) -> bool:
        """Is there no resistance in it?"""
        return bool(self.status & OVERFLOW_BIT) or abs(self.resistance_ohm) >= OVERFLOW

    @property
    def is_in_compliance(self) -> bool:
        """Did the voltage limit hold the current back?"""
        return bool(self.status & COMPLIANCE_BIT)


def encode_setup(compliance_v: float) -> tuple[bytes, ...]:
    """Four wires, a current source with a voltage limit, ohms by hand: resistance is voltage over sourced current."""
    return (
        b"*RST\n",
        b"*CLS\n",
        b":FORMAT:ELEMENTS VOLTAGE, CURRENT, RESISTANCE, TIME, STATUS\n",
        b":SYSTEM:RSENSE 1\n",
        b":SOURCE:FUNCTION CURR\n",
        f":SENSE:VOLTAGE:PROTECTION {compliance_v:.9g}\n".encode("ascii"),
        b":SENS:FUNC 'RES';:SENS:RES:MODE MAN;:SENS:RES:NPLC 1.000000;\n",
        b":SENS:RES:RANG:AUTO 1;\n",
    )


def encode_current(current_a: float) -> bytes:
    r"""Source a current.

    >>> encode_current(-0.001)
    b':SOURCE:CURRENT -0.001\n'
    """
    return f":SOURCE:CURRENT {current_a:.9g}\n".encode("ascii")


def decode_identity(reply: bytes) -> tuple[str, str, str, str]:
    r"""Read maker, model, serial number and firmware, or raise ValueError showing the bytes.

    >>> decode_identity(b"KEITHLEY INSTRUMENTS INC.,MODEL 2400,1234567,C30\n")
    ('KEITHLEY INSTRUMENTS INC.', 'MODEL 2400', '1234567', 'C30')
    """
    maker, model, serial_number, firmware = (part.strip() for part in _text(reply).split(",", 3))
    return maker, model, serial_number, firmware


def decode_switch(reply: bytes) -> bool:
    """Read whether something is on, or raise ValueError showing the bytes."""
    text = _text(reply)
    if text not in {"0", "1"}:
        raise ValueError(f"neither 0 nor 1: {reply!r}")
    return text == "1"


def decode_error(reply: bytes) -> tuple[int, str]:
    r"""Read the oldest error; 0 is none.

    >>> decode_error(b'-222,"Parameter data out of range"\n')
    (-222, 'Parameter data out of range')
    """
    match = re.fullmatch(r'([+-]?\d+),"([^"]*)"', _text(reply))
    if match is None:
        raise ValueError(f"not an error's number and name: {reply!r}")
    return int(match[1]), match[2]


def decode_reading(reply: bytes) -> Reading:
    r"""Read five elements, or raise ValueError showing the bytes.

    >>> decode_reading(b"+1.234560E-03,+1.000000E-03,+1.234560E+00,+2.345678E+02,+4.096000E+03\n")
    Reading(voltage_v=0.00123456, current_a=0.001, resistance_ohm=1.23456, status=4096)
    """
    voltage_v, current_a, resistance_ohm, _, status = map(float, _text(reply).split(","))
    return Reading(voltage_v, current_a, resistance_ohm, int(status))


def _text(reply: bytes) -> str:
    return reply.decode("ascii").strip()
