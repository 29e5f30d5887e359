"""Which solids turn into which in a furnace, and how fast. SYNTHETIC: stoichiometry is real, rates are invented.

The rates were chosen together so that lithium manganates behave somewhat as the textbooks tell: spinel forms from 600 °C
on by way of a little Li2MnO3, is purest after some hours between 750 °C and 880 °C, and loses oxygen above 900 °C;
Li2MnO3 wants twice the lithium, LiMnO2 a furnace without oxygen. Nobody should plan a real firing by them. Lithium does
not evaporate here.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from hardware_sim.world.crystal import ELEMENTS

GAS_J_PER_MOL_K = 8.314

ReactionName = Literal[
    "roast carbonate", "calcine carbonate", "reduce dioxide", "oxidise monoxide", "reduce oxide",
    "form rock salt", "form spinel", "ripen spinel", "lithiate spinel", "form layered", "oxidise layered", "overfire spinel",
]  # fmt: skip


class Rate(BaseModel):
    """How fast a reaction is: k0 exp(-Ea / R T), and the exponent of Avrami's law."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    k0_per_s: float = Field(gt=0)
    activation_kj_per_mol: float = Field(ge=0, le=1000)
    exponent: float = Field(
        default=1.0, ge=0.5, le=4, description="1: from nuclei that are there; more: they form first"
    )


@dataclass(frozen=True)
class Reaction:
    """One reaction between solids and the furnace's gas."""

    solids: Mapping[str, float]
    """Formula units; what is consumed is negative."""
    gases: Mapping[str, float]
    """Molecules given off; what is taken from the furnace's gas is negative."""
    rate: Rate
    is_hindered_by_oxygen: bool = False

    @property
    def needs_contact(self) -> bool:
        """Must grains of two powders touch?"""
        return sum(units < 0 for units in self.solids.values()) > 1


def _rate(minutes: float, at_c: float, activation_kj_per_mol: float, exponent: float = 1.0) -> Rate:
    """The rate of a reaction that has gone by 1 - 1/e after so many minutes at a temperature."""
    boltzmann = exp(-activation_kj_per_mol * 1000 / (GAS_J_PER_MOL_K * (at_c + 273.15)))
    return Rate(k0_per_s=1 / (60 * minutes * boltzmann), activation_kj_per_mol=activation_kj_per_mol, exponent=exponent)


REACTIONS: Mapping[ReactionName, Reaction] = {
    "roast carbonate": Reaction(
        {"MnCO3": -2, "Mn2O3": 1}, {"CO2": 2, "O2": -0.5}, _rate(10, 450, 150)
    ),
    "calcine carbonate": Reaction(
        {"MnCO3": -1, "MnO": 1}, {"CO2": 1}, _rate(30, 450, 150)
    ),
    "reduce dioxide": Reaction(
        {"MnO2": -2, "Mn2O3": 1}, {"O2": 0.5}, _rate(20, 550, 180)
    ),
    "oxidise monoxide": Reaction(
        {"MnO": -2, "Mn2O3": 1}, {"O2": -0.5}, _rate(60, 550, 120)
    ),
    "reduce oxide": Reaction(
        {"Mn2O3": -3, "Mn3O4": 2}, {"O2": 0.5}, _rate(60, 950, 350)
    ),
    "form rock salt": Reaction(
        {"Li2CO3": -1, "Mn2O3": -0.5, "Li2MnO3": 1}, {"CO2": 1, "O2": -0.25}, _rate(90, 650, 160)
    ),
    "form spinel": Reaction(
        {"Li2CO3": -1, "Mn2O3": -2, "LiMn2O4": 2}, {"CO2": 1, "O2": -0.5}, _rate(60, 700, 200, exponent=1.5)
    ),
    "ripen spinel": Reaction(
        {"Li2MnO3": -1, "Mn2O3": -1.5, "LiMn2O4": 2}, {"O2": -0.25}, _rate(120, 800, 260)
    ),
    "lithiate spinel": Reaction(
        {"Li2CO3": -1.5, "LiMn2O4": -1, "Li2MnO3": 2}, {"CO2": 1.5, "O2": -0.25}, _rate(120, 750, 220)
    ),
    "form layered": Reaction(
        {"Li2CO3": -1, "Mn2O3": -1, "LiMnO2": 2}, {"CO2": 1}, _rate(90, 700, 190), is_hindered_by_oxygen=True
    ),
    "oxidise layered": Reaction(
        {"LiMnO2": -3, "LiMn2O4": 1, "Li2MnO3": 1}, {"O2": -0.5}, _rate(60, 700, 150)
    ),
    "overfire spinel": Reaction(
        {"LiMn2O4": -3, "LiMnO2": 3, "Mn3O4": 1}, {"O2": 1}, _rate(240, 950, 400)
    ),
}  # fmt: skip
"""All of it invented, save what reacts with what."""


def atoms_in(formula: str) -> Counter[str]:
    """Count the atoms of a formula without brackets.

    >>> atoms_in("LiMn2O4")
    Counter({'O': 4, 'Mn': 2, 'Li': 1})
    """
    return Counter({element: int(count or 1) for element, count in re.findall(r"([A-Z][a-z]?)(\d*)", formula)})


def dalton(formula: str) -> float:
    """Mass of a formula unit.

    >>> round(dalton("Li2CO3"), 2)
    73.89
    """
    return sum(ELEMENTS[element].mass_dalton * count for element, count in atoms_in(formula).items())
