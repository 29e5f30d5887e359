"""Liquids, counted by what was poured together. Nothing here makes or loses a drop."""

from collections.abc import Iterable

from hardware_sim.world.mixture import mix_in, split

DENSITY_MG_PER_UL = {"chlorobenzene": 1.11, "toluene": 0.87, "ethanol": 0.79, "water": 1.00}
"""At 20 to 25 °C, from common tables of solvents; a dilute ink weighs what its solvent weighs (assumed)."""


class Liquid:
    """A well-mixed liquid: microlitres of each stock that went into it. Volumes add up (assumed)."""

    __slots__ = ("parts_ul",)

    def __init__(self, parts_ul: dict[str, float] | None = None) -> None:
        self.parts_ul = dict(parts_ul or {})

    @property
    def volume_ul(self) -> float:
        """How much there is."""
        return sum(self.parts_ul.values())

    def take(self, volume_ul: float) -> "Liquid":
        """Remove and return up to `volume_ul` of the mixture.

        >>> beaker = Liquid({"ink": 30.0, "water": 10.0})
        >>> beaker.take(20.0).parts_ul, beaker.parts_ul
        ({'ink': 15.0, 'water': 5.0}, {'ink': 15.0, 'water': 5.0})
        """
        taken, self.parts_ul = split(self.parts_ul, volume_ul)
        return Liquid(taken)

    def add(self, other: "Liquid") -> None:
        """Mix `other` in; `other` is not to be used again."""
        mix_in(self.parts_ul, other.parts_ul)

    def fraction(self, name: str) -> float:
        """Share of a stock in the volume; 0 of nothing."""
        volume_ul = self.volume_ul
        return self.parts_ul.get(name, 0.0) / volume_ul if volume_ul else 0.0

    def state(self) -> dict[str, float]:
        """The parts, in the order of their names."""
        return dict(sorted(self.parts_ul.items()))


def sum_of(liquids: Iterable[Liquid]) -> Liquid:
    """A record of how much there is altogether; the liquids stay where they are."""
    total = Liquid()
    for liquid in liquids:
        total.add(liquid)
    return total
