"""What a powder pattern says: how much of which phase there is, and how far that is to be trusted."""

from collections.abc import Mapping
from dataclasses import dataclass

from robot.diffraction.profile import Floats, Profile

ALLOWED_UNEXPLAINED_FRACTION = 0.04
NEEDED_SIGNAL = 100.0


@dataclass(frozen=True, eq=False)
class PhaseFractions:
    """What a pattern says of a powder: of its crystalline part that has cards."""

    mass_fractions: Mapping[str, float]
    """By phase; they sum up to 1. Empty if no phase was found."""
    mass_fraction_stds: Mapping[str, float]
    """Standard errors, by phase: from counting, and from what cards are worth."""
    unexplained_fraction: float
    """Share of all line intensity that belongs to no card."""
    signal: float
    """Height of the strongest line over the noise of the background beneath it."""
    fitted_counts: Floats
    """(N,) what the pattern should be."""
    background_counts: Floats
    """(N,) what of that lies beneath the lines."""
    profile: Profile

    def fraction(self, phase: str) -> float:
        """Mass fraction of a phase; 0 if it was not found."""
        return self.mass_fractions.get(phase, 0.0)

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why these figures are not to be trusted, in words; nothing if all is well."""
        found = []
        if self.signal < NEEDED_SIGNAL:
            found.append(f"lines rise only {self.signal:.0f} times above the noise: too little powder, or amorphous")
        if self.unexplained_fraction > ALLOWED_UNEXPLAINED_FRACTION:
            what = "belongs to no card: an unknown phase, or grains that lie flat"
            found.append(f"{self.unexplained_fraction:.0%} of the line intensity {what}")
        return tuple(found)
