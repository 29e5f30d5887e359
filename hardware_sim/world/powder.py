"""Powders, counted by the phases in them. Nothing here makes or loses a grain."""

from collections.abc import Iterable, Mapping
from math import exp

from hardware_sim.world.mixture import mix_in, split

MIXING_TURNS = 600.0
"""After so many turns of a shaker, 1/e of a powder's layers and lumps are left (assumed)."""
BULK_DENSITY_MG_PER_UL = 1.0
"""Of a loose powder of which nobody says more (assumed; oxides and carbonates lie between 0.5 and 2)."""


class Powder:
    """Milligrams of each phase by its name, of one composition everywhere.

    Args:
        parts_mg: the phases.
        mixed_fraction: how well grains of different phases lie side by side: 0 in layers, 1 if nobody could do better.
        loose_fraction: how much of it falls when one taps: 1 as from the bottle, less once it has caked.
        progress: how far each reaction has come, by its name.
    """

    __slots__ = ("loose_fraction", "mixed_fraction", "parts_mg", "progress")

    def __init__(
        self,
        parts_mg: Mapping[str, float] | None = None,
        mixed_fraction: float = 0.0,
        loose_fraction: float = 1.0,
        progress: Mapping[str, float] | None = None,
    ) -> None:
        self.parts_mg = dict(parts_mg or {})
        self.mixed_fraction = mixed_fraction
        self.loose_fraction = loose_fraction
        self.progress = dict(progress or {})

    @property
    def mass_mg(self) -> float:
        """How much there is."""
        return sum(self.parts_mg.values())

    def take(self, mass_mg: float) -> "Powder":
        """Remove and return up to `mass_mg` of the mixture.

        >>> jar = Powder({"Li2CO3": 30.0, "MnO": 10.0})
        >>> jar.take(20.0).parts_mg, jar.parts_mg
        ({'Li2CO3': 15.0, 'MnO': 5.0}, {'Li2CO3': 15.0, 'MnO': 5.0})
        """
        taken, self.parts_mg = split(self.parts_mg, mass_mg)
        return Powder(taken, self.mixed_fraction, self.loose_fraction, self.progress)

    def add(self, other: "Powder") -> None:
        """Put `other` with it; `other` is not to be used again. How it is mixed, caked and fired is that of its parts."""
        whole_mg = self.mass_mg + other.mass_mg
        share = other.mass_mg / whole_mg if whole_mg else 0.0
        self.mixed_fraction += share * (other.mixed_fraction - self.mixed_fraction)
        self.loose_fraction += share * (other.loose_fraction - self.loose_fraction)
        self.progress = {
            name: (1 - share) * self.progress.get(name, 0.0) + share * other.progress.get(name, 0.0)
            for name in sorted({*self.progress, *other.progress})
        }
        mix_in(self.parts_mg, other.parts_mg)

    def shake(self, turns: float) -> None:
        """Mix its phases and break its lumps.

        >>> powder = Powder({"Li2CO3": 30.0, "MnO": 10.0})
        >>> powder.shake(turns=MIXING_TURNS)
        >>> round(powder.mixed_fraction, 3)
        0.632
        """
        left = exp(-turns / MIXING_TURNS)
        self.mixed_fraction = 1 - (1 - self.mixed_fraction) * left
        self.loose_fraction = 1 - (1 - self.loose_fraction) * left

    def fraction(self, phase: str) -> float:
        """Share of a phase in the mass; 0 of nothing."""
        mass_mg = self.mass_mg
        return self.parts_mg.get(phase, 0.0) / mass_mg if mass_mg else 0.0

    def state(self) -> dict[str, float]:
        """The parts, in the order of their names."""
        return dict(sorted(self.parts_mg.items()))


def sum_of_powders(powders: Iterable[Powder]) -> Powder:
    """A record of how much there is altogether; the powders stay where they are."""
    total = Powder()
    for powder in powders:
        total.add(powder)
    return total
