"""What is believed of a kernel's parameters before any result."""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from planning.design.polytope import Array


class Prior(Protocol):
    """A density of positive parameters, given by their logarithms."""

    def log_density(self, logs: Array) -> tuple[Array, Array]:
        """Log density of the parameters themselves, up to a constant, and its derivative by their logarithms."""

    @property
    def start(self) -> float:
        """A logarithm to begin a search from."""


@dataclass(frozen=True)
class LogNormal:
    """The logarithm is normal."""

    location: float
    spread: float

    @property
    def start(self) -> float:
        """The mode."""
        return self.location - self.spread**2

    def log_density(self, logs: Array) -> tuple[Array, Array]:
        """See `Prior`."""
        steps = (logs - self.location) / self.spread
        return -0.5 * steps**2 - logs, -steps / self.spread - 1.0

    @classmethod
    def about(cls, mode: float, spread: float) -> "LogNormal":
        """The most probable value, and the spread of its logarithm."""
        return cls(math.log(mode) + spread**2, spread)


@dataclass(frozen=True)
class Gamma:
    """A gamma distribution."""

    shape: float
    rate: float

    @property
    def start(self) -> float:
        """The mode."""
        return math.log((self.shape - 1.0) / self.rate)

    def log_density(self, logs: Array) -> tuple[Array, Array]:
        """See `Prior`."""
        values = np.exp(logs)
        return (self.shape - 1.0) * logs - self.rate * values, (self.shape - 1.0) - self.rate * values


def dimension_scaled(dimension: int) -> LogNormal:
    """For length scales that grow with the number of inputs, as distances do. Source: Hvarfner et al., ICML 2024."""
    return LogNormal(math.sqrt(2.0) + 0.5 * math.log(dimension), math.sqrt(3.0))


SHORT_SCALES = Gamma(3.0, 6.0)
"""For length scales of a third of the range: BoTorch's default until 2024."""

ANY_SIZE = Gamma(2.0, 0.15)
"""For the variance of a process, in variances of the results: BoTorch's default until 2024."""

SMALL_NOISE = LogNormal(-4.0, 1.0)
"""For the variance of the noise, in variances of the results: about a hundredth. BoTorch's default."""

TYPICAL_SIZE, TYPICAL_SCALES, TYPICAL_NOISE = (
    LogNormal.about(1.6, 0.8),
    LogNormal.about(0.8, 1.0),
    LogNormal.about(0.04, 1.2),
)
"""For size, length scales and noise as whole measured tables show them (ours, from seven of them): smoother, and with far
more noise, than a few results make one believe."""

LONG_SCALES, LARGE_SIZE = Gamma(2.0, 0.2), Gamma(5.0, 0.5)
"""For a process of large size that changes slowly: nearly a sum of what each input does by itself. EDBO's defaults, Shields
et al., Nature 590, 89 (2021)."""
