"""From a powder pattern to how much of which phase there is: reference cards and a peak fit."""

from robot.diffraction.cards import CARDS, Card
from robot.diffraction.fit import fit_phases
from robot.diffraction.fractions import PhaseFractions

__all__ = ["CARDS", "Card", "PhaseFractions", "fit_phases"]
