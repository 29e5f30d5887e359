"""A source meter on a four-point probe."""

from dataclasses import dataclass
from typing import Protocol

from robot.interfaces.device import Device, Repeat, repeats


@dataclass(frozen=True)
class ResistanceReading:
    """Voltage over current, averaged over both polarities so that thermo-voltages cancel."""

    resistance_ohm: float
    std_ohm: float
    current_a: float


class SourceMeter(Device, Protocol):
    """Sources a current, senses a voltage on separate wires."""

    max_current_a: float
    max_voltage_v: float

    @repeats(Repeat.READ)
    def read_output_is_on(self) -> bool:
        """Is current flowing?"""

    @repeats(Repeat.READ)
    def measure_resistance(self, current_a: float, compliance_v: float, readings: int) -> ResistanceReading:
        """Measure with both polarities, `readings` times each; the output is off again on every way out.

        Raises:
            LimitExceeded: more current or voltage than allowed; nothing was sent.
            DeviceFault: in compliance (probe lifted?), overflow, or the polarities disagree beyond noise.
            ReplyLost: no usable answer; the output was ordered off.
        """
