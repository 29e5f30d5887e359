"""Powders, counted by the phases in them. Nothing here makes or loses a grain."""

from collections.abc import Iterable

from hardware_sim.world.mixture import mix_in, split

BULK_DENSITY_MG_PER_UL = 1.0
"""Of a loose powder of which nobody says more (assumed; oxides and carbonates lie between 0.5 and 2)."""


class Powder:
    """A well-mixed powder: milligrams of each phase, by its name."""

    __slots__ = ("parts_mg",)

    def __init__(self, parts_mg: dict[str, float] | None = None) -> None:
        self.parts_mg = dict(parts_mg or {})

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
        return Powder(taken)

    def add(self, other: "Powder") -> None:
        """Mix `other` in; `other` is not to be used again."""
        mix_in(self.parts_mg, other.parts_mg)

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
