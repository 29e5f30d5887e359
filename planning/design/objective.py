"""What is to be made large, small or just right, and on which scale it is learned."""

import math
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Objective:
    """A measured figure to maximise, to minimise, or to bring to a target or into a range.

    The designer works with *utilities*: larger is better, and on a logarithmic scale they count decades. Of a target
    or range the utility is minus the distance from it, and what is said of it is this distance.

    Args:
        name: of the measured figure.
        maximise: False to minimise.
        scale: "log" for positive figures that span decades.
        noise_std: what is known of the scatter between replicates, as a utility; the model never believes in less.
        unit: for sentences, as in "742 S/cm".
        low: lowest of the range to hit; for a target the same as `high`. None to maximise or minimise.
        high: highest of the range.
    """

    name: str
    maximise: bool = True
    scale: Literal["linear", "log"] = "linear"
    noise_std: float = 0.0
    unit: str = ""
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        if (self.low is None) != (self.high is None):
            raise ValueError(f"{self.name}: a range has both low and high")
        if self.low is not None and self.high is not None:
            if not self.low <= self.high:
                raise ValueError(f"{self.name}: low={self.low:g} lies above high={self.high:g}; swap them")
            self._plain(self.low)
            object.__setattr__(self, "maximise", False)  # of the distance

    @property
    def is_aimed(self) -> bool:
        """Is there a target or range to hit?"""
        return self.low is not None

    def utility(self, value: float) -> float:
        """A measured value as a utility.

        Raises:
            ValueError: not a finite number, or not positive on a logarithmic scale.

        >>> Objective("loss", maximise=False, scale="log").utility(0.001)
        3.0
        >>> Objective("gap_ev", low=1.3, high=1.5).utility(1.75)
        -0.25
        """
        plain = self._plain(value)
        if self.low is not None and self.high is not None:
            return -max(self._plain(self.low) - plain, plain - self._plain(self.high), 0.0)
        return plain if self.maximise else -plain

    def value(self, utility: float) -> float:
        """The measured value of a utility; for a target or range how far off it is, in decades on a log scale."""
        plain = utility if self.maximise else -utility
        if self.is_aimed:
            return max(plain, 0.0)
        return float(10.0**plain) if self.scale == "log" else plain

    def estimate(self, mean: float, std: float) -> tuple[float, float]:
        """A normally distributed utility on the measured scale: median, and half the span from 16 % to 84 %.

        >>> Objective("yield").estimate(3.0, 0.5)
        (3.0, 0.5)
        """
        if self.is_aimed:
            return self.value(mean), std
        return self.value(mean), abs(self.value(mean + std) - self.value(mean - std)) / 2.0

    def belief(self, median: float, half: float) -> tuple[float, float]:
        """Undo `estimate`: mean and standard deviation of the utility.

        On a logarithmic scale the half span of m·10^±s is m·sinh(s·ln 10).

        >>> Objective("x", scale="log").belief(*Objective("x", scale="log").estimate(2.0, 0.5))
        (2.0, 0.5)
        """
        if self.is_aimed:
            return -median, half
        std = math.asinh(half / median) / math.log(10) if self.scale == "log" else half
        return self.utility(median), round(std, 12)

    def shown(self, value: float) -> float:
        """What is shown of a measured value: the value, or how far off a target or range it is."""
        return self.value(self.utility(value)) if self.is_aimed else value

    def gain_fraction(self, utility_gain: float, best_value: float) -> float:
        """By which share of the best value a gain in utility is better; 0.08 is 8 %.

        Of a target or range that is missed by `best_value`: by which share of what it is missed.

        >>> round(Objective("conductivity", scale="log").gain_fraction(0.1, best_value=700.0), 3)
        0.259
        """
        if self.is_aimed:
            return utility_gain / max(best_value, utility_gain, 1e-300)
        reached = self.value(self.utility(best_value) + utility_gain)
        return abs(reached - best_value) / max(abs(best_value), 1e-300)

    def text(self, value: float) -> str:
        """For people.

        >>> Objective("conductivity", unit="S/cm").text(742.31)
        '742 S/cm'
        >>> Objective("gap", low=1.3, high=1.5, unit="eV").text(0.25)
        '0.25 eV off'
        """
        unit = "decades" if self.is_aimed and self.scale == "log" else self.unit
        return f"{value:.3g} {unit}".strip() + (" off" if self.is_aimed else "")

    def _plain(self, value: float) -> float:
        if not math.isfinite(value) or (self.scale == "log" and value <= 0):
            raise ValueError(f"{self.name} of {value} cannot be learned on a {self.scale} scale")
        return math.log10(value) if self.scale == "log" else value


@dataclass(frozen=True)
class OutcomeLimit:
    """A measured figure that must come out between limits, whatever the objectives are; one side may be open."""

    name: str
    low: float = -math.inf
    high: float = math.inf

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError(f"{self.name}: low={self.low:g} does not lie below high={self.high:g}")
        if math.isinf(self.low) and math.isinf(self.high):
            raise ValueError(f"{self.name}: a limit needs low or high")

    def is_kept(self, value: float) -> bool:
        """Does a measured value lie within?"""
        return self.low <= value <= self.high
