"""One individual piece of labware, what is in it, and the film that may have formed on it."""

from dataclasses import dataclass, field
from math import exp
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hardware_sim.world.chamber import Oven
from hardware_sim.world.liquid import Liquid
from hardware_sim.world.powder import Powder
from robot.labware import Labware

EVAPORATION_UL_PER_S_MM2 = 2.2e-5
"""Of chlorobenzene from a plate at 22 °C: 150 µl on 25 × 25 mm last 3 h (assumed)."""
VAPORISATION_K = 41_000 / 8.314
"""Enthalpy of vaporisation of chlorobenzene, 41 kJ/mol (NIST WebBook), over the gas constant: at 140 °C the same film
dries in two minutes."""
SPREADING_UL_PER_MM2 = 0.2
"""What wets a plate from edge to edge (assumed)."""
NEAR_PEAK_C = 5.0

CapSeat = Literal["none", "loose", "tight"]
"""Is a cap on a vessel, and does it close it?"""


def evaporation_ul_per_s_mm2(temperature_c: float) -> float:
    """How fast a wet plate dries, by Clausius and Clapeyron.

    >>> round(evaporation_ul_per_s_mm2(140.0) / evaporation_ul_per_s_mm2(22.0))
    118
    """
    return EVAPORATION_UL_PER_S_MM2 * exp(VAPORISATION_K * (1 / 295.15 - 1 / (temperature_c + 273.15)))


@dataclass
class Film:
    """What was cast onto a plate and how hot it became: all that its conductivity depends on."""

    ordinal: int
    """The first film of the bench is 0; decides its scatter."""
    cast: Liquid
    """All that was ever cast, whether its solvent has evaporated or not."""
    held_c: float
    held_s: float = 0.0

    def anneal(self, temperatures_c: NDArray[np.float64]) -> None:
        """Remember a stay in an oven, one temperature a second, if it was the hottest.

        What counts is the temperature held: the median of all within 5 °C of the peak, and how long they lasted. An
        overshoot of a minute is no anneal.
        """
        if not temperatures_c.size:
            return
        held_c = temperatures_c[temperatures_c >= temperatures_c.max() - NEAR_PEAK_C]
        if np.median(held_c) > self.held_c:
            self.held_c, self.held_s = float(np.median(held_c)), float(held_c.size)

    @property
    def anneal_c(self) -> int:
        """The temperature held, in whole degrees.

        Rounded, like `anneal_min`, because the phase of a wall clock against the oven's seconds moves the exact
        figures a little: over pseudo-terminals a bench must find the same film as in process.
        """
        return round(self.held_c)

    @property
    def anneal_min(self) -> int:
        """Whole minutes near the peak."""
        return round(self.held_s / 60)


@dataclass
class Vessel:
    """A vial, a plate, a jar, a crucible or a holder. `oven` is the one it stands in since `entered_s`."""

    name: str
    ware: Labware
    contents: Liquid = field(default_factory=Liquid)
    powder: Powder = field(default_factory=Powder)
    film: Film | None = None
    oven: Oven | None = None
    entered_s: float = 0.0
    cap: CapSeat = "none"
    firings: int = 0
    """How often what is in it was fired."""
    _settled_s: float = 0.0

    @property
    def area_mm2(self) -> float:
        """Of a plate."""
        return self.ware.inner_width_mm**2

    @property
    def is_open(self) -> bool:
        """May something fall in, or a line dip in?"""
        return self.cap == "none"

    def settle(self, now_s: float, ambient_c: float) -> Liquid:
        """Let time pass since the last call; return what has evaporated. Vials do not dry out (assumed)."""
        since_s, self._settled_s = self._settled_s, now_s
        if self.film is None or not self.contents.parts_ul:
            return Liquid()
        return self.contents.take(self._evaporable_ul(since_s, now_s, ambient_c))

    def _evaporable_ul(self, since_s: float, now_s: float, ambient_c: float) -> float:
        if self.oven is None:
            return self.area_mm2 * evaporation_ul_per_s_mm2(ambient_c) * (now_s - since_s)
        return self.area_mm2 * sum(map(evaporation_ul_per_s_mm2, self.oven.temperatures_c(since_s, now_s).tolist()))

    @property
    def film_kind(self) -> Literal["none", "wet", "dry"]:
        """Is there a film, and does it still hold solvent? Ask after `settle`."""
        if self.film is None:
            return "none"
        return "wet" if self.contents.parts_ul else "dry"

    @property
    def coverage_fraction(self) -> float:
        """How much of a plate its film covers."""
        if self.film is None:
            return 0.0
        return min(1.0, self.film.cast.volume_ul / (SPREADING_UL_PER_MM2 * self.area_mm2))

    def state(self) -> dict[str, object]:
        """Everything about it, for records."""
        film = self.film
        return {
            "vessel": self.name,
            "labware": self.ware.name,
            "cap": self.cap,
            "contents_ul": self.contents.state(),
            "powder_mg": self.powder.state(),
            "powder_mixed_fraction": self.powder.mixed_fraction,
            "film": film
            and {
                "ordinal": film.ordinal,
                "is": self.film_kind,
                "cast_ul": film.cast.state(),
                "anneal_c": film.anneal_c,
                "anneal_min": film.anneal_min,
            },
        }
