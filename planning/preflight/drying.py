"""How much of a film dries, by what is known of its solvent."""

from collections.abc import Sequence
from math import exp

from planning.skills.heating import ROOM_C

FLUX_AT_BOILING_UL_PER_S_MM2 = 2e-3
"""From an open plate in still air; assumed."""
VAPORISATION = 12.0
"""Enthalpy of vaporisation over R times the boiling point, in kelvin: about this between room and boiling point for common
solvents (Trouton's rule says 10.5 at the boiling point itself)."""
ZERO_C_K = 273.15
PIECES = 20
"""Of each ramp, each taken at its own temperature."""
Segment = Sequence[float]
"""To a temperature, at a rate in °C/min (0: at once), for so many minutes."""


def flux_ul_per_s_mm2(at_c: float, boils_c: float) -> float:
    """How fast a solvent leaves a plate, by Clausius and Clapeyron.

    >>> round(flux_ul_per_s_mm2(22.0, boils_c=132.0) * 625, 4)
    0.0143
    """
    return FLUX_AT_BOILING_UL_PER_S_MM2 * exp(-VAPORISATION * ((boils_c + ZERO_C_K) / (at_c + ZERO_C_K) - 1.0))


def dries_ul(segments: Sequence[Segment], boils_c: float, area_mm2: float) -> float:
    """How much of a solvent leaves a plate while it follows a programme."""
    total_ul, from_c = 0.0, ROOM_C
    for to_c, rate_c_per_min, hold_min in segments:
        piece_min = abs(to_c - from_c) / rate_c_per_min / PIECES if rate_c_per_min else 0.0
        for piece in range(PIECES):
            at_c = from_c + (to_c - from_c) * (piece + 0.5) / PIECES
            total_ul += 60 * piece_min * area_mm2 * flux_ul_per_s_mm2(at_c, boils_c)
        total_ul += 60 * hold_min * area_mm2 * flux_ul_per_s_mm2(to_c, boils_c)
        from_c = to_c
    return total_ul
