"""What is to be made large or small, and on which scale it is learned."""

import math
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Objective:
    """A measured figure to maximise or minimise.

    The designer works with *utilities*: larger is better, and on a logarithmic scale they count decades.

    Args:
        name: of the measured figure.
        maximise: False to minimise.
        scale: "log" for positive figures that span decades.
        noise_std: what is known of the scatter between replicates, as a utility; the model never believes in less.
        unit: for sentences, as in "742 S/cm".
    """

    name: str
    maximise: bool = True
    scale: Literal["linear", "log"] = "linear"
    noise_std: float = 0.0
    unit: str = ""

    def utility(self, value: float) -> float:
        """A measured value as a utility.

        Raises:
            ValueError: not a finite number, or not positive on a logarithmic scale.

        >>> Objective("loss", maximise=False, scale="log").utility(0.001)
        3.0
        """
        if not math.isfinite(value) or (self.scale == "log" and value <= 0):
            raise ValueError(f"{self.name} of {value} cannot be learned on a {self.scale} scale")
        plain = math.log10(value) if self.scale == "log" else value
        return plain if self.maximise else -plain

    def value(self, utility: float) -> float:
        """The measured value of a utility."""
        plain = utility if self.maximise else -utility
        return float(10.0**plain) if self.scale == "log" else plain

    def estimate(self, mean: float, std: float) -> tuple[float, float]:
        """A normally distributed utility on the measured scale: median, and half the span from 16 % to 84 %.

        >>> Objective("yield").estimate(3.0, 0.5)
        (3.0, 0.5)
        """
        return self.value(mean), abs(self.value(mean + std) - self.value(mean - std)) / 2.0

    def gain_fraction(self, utility_gain: float, best_value: float) -> float:
        """By which share of the best value a gain in utility is better; 0.08 is 8 %.

        >>> round(Objective("conductivity", scale="log").gain_fraction(0.1, best_value=700.0), 3)
        0.259
        """
        reached = self.value(self.utility(best_value) + utility_gain)
        return abs(reached - best_value) / max(abs(best_value), 1e-300)

    def text(self, value: float) -> str:
        """For people.

        >>> Objective("conductivity", unit="S/cm").text(742.31)
        '742 S/cm'
        """
        return f"{value:.3g} {self.unit}".strip()
