"""What ovens are made of: a bench-top oven, a box furnace, a tube furnace. All figures are assumed, chosen together.

The bench oven follows 10 °C/min up to 350 °C and cools by itself from 140 °C to 60 °C in 20 to 30 minutes. The box
furnace follows 5 °C/min up to 1100 °C, and 15 °C/min from 300 °C on; shut, it cools from 1000 °C to 300 °C in four
hours and to 100 °C in eight and a half. The tube furnace is lighter and does so in less than five.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

OvenName = Literal["bench", "box", "tube"]
"""What `simulation: ovens:` may call the oven behind a furnace's controller."""


@dataclass(frozen=True)
class Tuning:
    """What somebody has set at the controller, for this oven."""

    band_c: float
    integral_s: float
    derivative_s: float
    cut_back_c: float


@dataclass(frozen=True)
class OvenKind:
    """Two lumped nodes, element and chamber, and a thermocouple."""

    power_w: float
    element_j_per_k: float
    chamber_j_per_k: float
    exchange_w_per_k: float
    """Element to chamber, by air."""
    radiation_w_per_k4: float
    """Element to chamber: surface times emissivity times the constant of Stefan and Boltzmann."""
    loss_w_per_k: float
    """Walls to the room, conduction and convection."""
    wall_radiation_w_per_k4: float
    """Walls to the room: their outside is far cooler than the chamber."""
    door_w_per_k: float
    """Warm air that leaves by the open door."""
    thermocouple_lag_s: float
    """Of a sheathed type K."""
    tuning: Tuning


OVENS: Mapping[OvenName, OvenKind] = {
    "bench": OvenKind(
        power_w=420.0, element_j_per_k=60.0, chamber_j_per_k=600.0,
        exchange_w_per_k=2.0, radiation_w_per_k4=4.5e-10,  # 80 cm² of wire at an emissivity near 1
        loss_w_per_k=0.5, wall_radiation_w_per_k4=6e-12, door_w_per_k=1.8, thermocouple_lag_s=5.0,
        tuning=Tuning(band_c=8.0, integral_s=200.0, derivative_s=20.0, cut_back_c=24.0),
    ),
    "box": OvenKind(
        power_w=3600.0, element_j_per_k=800.0, chamber_j_per_k=9000.0,  # 9 kg of hearth and inner brick
        exchange_w_per_k=6.0, radiation_w_per_k4=4e-9,  # 700 cm² of wire
        loss_w_per_k=0.8, wall_radiation_w_per_k4=1.5e-11, door_w_per_k=6.0, thermocouple_lag_s=8.0,
        tuning=Tuning(band_c=10.0, integral_s=1200.0, derivative_s=150.0, cut_back_c=40.0),
    ),
    "tube": OvenKind(
        power_w=1800.0, element_j_per_k=250.0, chamber_j_per_k=2600.0,
        exchange_w_per_k=4.0, radiation_w_per_k4=2e-9,
        loss_w_per_k=0.42, wall_radiation_w_per_k4=1e-11, door_w_per_k=2.5, thermocouple_lag_s=6.0,
        tuning=Tuning(band_c=10.0, integral_s=1200.0, derivative_s=60.0, cut_back_c=40.0),
    ),
}  # fmt: skip
