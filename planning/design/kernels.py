"""How alike the results at two inputs are: covariance functions, with their derivatives in closed form.

A kernel holds no fitted numbers: it is a function of its *log parameters*, a vector (size,), so that they can be fitted
without bounds. Source: Rasmussen & Williams, Gaussian Processes for Machine Learning (2006), chapter 4.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from planning.design.polytope import Array

Pull = Callable[[Array], Array]
"""From weights (n, n) to the sum of weight times derivative of the covariance by each log parameter, (size,)."""

Slope = Callable[[Array], Array]
"""From weights (n, m) to the derivative by each left input, (n, d), of its covariances weighted so."""


class Kernel(Protocol):
    """A covariance function of inputs (n, d)."""

    @property
    def size(self) -> int:
        """How many log parameters it has."""

    def matrix(self, logs: Array, left: Array, right: Array) -> Array:
        """Covariances, (n, m), of `left` (n, d) with `right` (m, d)."""

    def diagonal(self, logs: Array, points: Array) -> Array:
        """Variances, (n,)."""

    def with_pull(self, logs: Array, points: Array) -> tuple[Array, Pull]:
        """Covariances of the points with one another, and how they answer to the log parameters."""

    def with_slope(self, logs: Array, left: Array, right: Array) -> tuple[Array, Slope]:
        """Covariances, (n, m), of `left` (n, d) with `right` (m, d), and how they answer to the left inputs."""

    def diagonal_slope(self, logs: Array, points: Array) -> Array:
        """Derivative of the variances by the inputs, (n, d)."""

    def length_scales(self, logs: Array, columns: int) -> Array:
        """How far one must go along each of the columns for the results to change, (columns,)."""


def gaussian(square: Array) -> tuple[Array, Array]:
    """Infinitely smooth: the correlation at squared distances, and its derivative by them."""
    value = np.exp(-0.5 * square)
    return value, -0.5 * value


def matern_5_2(square: Array) -> tuple[Array, Array]:
    """Twice differentiable."""
    steps = np.sqrt(5.0 * square)
    decay = np.exp(-steps)
    return (1.0 + steps + 5.0 / 3.0 * square) * decay, -5.0 / 6.0 * (1.0 + steps) * decay


def matern_3_2(square: Array) -> tuple[Array, Array]:
    """Once differentiable."""
    steps = np.sqrt(3.0 * square)
    decay = np.exp(-steps)
    return (1.0 + steps) * decay, -1.5 * decay


Shape = Callable[[Array], tuple[Array, Array]]


@dataclass(frozen=True)
class Stationary:
    """Depends on the distance alone, each column measured in a length scale; its logarithms are the parameters.

    Args:
        shape: `gaussian`, `matern_5_2` or `matern_3_2`.
        groups: for each column the number of its length scale: (0, 1, 2) is one for each, (0, 0, 0) one for all.
    """

    shape: Shape
    groups: tuple[int, ...]

    @property
    def size(self) -> int:
        """One for each length scale."""
        return max(self.groups) + 1

    @cached_property
    def _columns(self) -> NDArray[np.intp]:
        return np.array(self.groups, dtype=np.intp)

    @cached_property
    def _group(self) -> Array:
        return np.eye(self.size)[list(self.groups)]  # (d, size)

    def _scales(self, logs: Array) -> Array:
        return np.asarray(np.exp(logs)[self._columns])

    def length_scales(self, logs: Array, columns: int) -> Array:
        """See `Kernel`."""
        return self._scales(logs)

    def matrix(self, logs: Array, left: Array, right: Array) -> Array:
        """See `Kernel`."""
        scales = self._scales(logs)
        return self.shape(cdist(left / scales, right / scales, "sqeuclidean"))[0]

    def diagonal(self, logs: Array, points: Array) -> Array:
        """See `Kernel`."""
        return np.ones(len(points))

    def with_pull(self, logs: Array, points: Array) -> tuple[Array, Pull]:
        """See `Kernel`."""
        scaled = points / self._scales(logs)
        values, rates = self.shape(cdist(scaled, scaled, "sqeuclidean"))

        def pull(weights: Array) -> Array:
            rated = weights * rates
            # sum of rated (a_i - b_i)^2, for each column, without forming the differences
            sums = (rated.sum(axis=0) + rated.sum(axis=1)) @ scaled**2 - 2.0 * ((rated @ scaled) * scaled).sum(axis=0)
            return np.asarray(-2.0 * sums @ self._group)

        return values, pull

    def with_slope(self, logs: Array, left: Array, right: Array) -> tuple[Array, Slope]:
        """See `Kernel`."""
        scales = self._scales(logs)
        a, b = left / scales, right / scales
        values, rates = self.shape(cdist(a, b, "sqeuclidean"))

        def slope(weights: Array) -> Array:
            rated = 2.0 * weights * rates
            return np.asarray((a * rated.sum(axis=1, keepdims=True) - rated @ b) / scales)

        return values, slope

    def diagonal_slope(self, logs: Array, points: Array) -> Array:
        """See `Kernel`."""
        return np.zeros_like(points)


@dataclass(frozen=True)
class Periodic:
    """The same again after each `period` of every column; one log length scale.

    Source: MacKay 1998, with the distance taken along the chord of a circle; GPyTorch's length scale is the square of
    this one.
    """

    period: float

    @property
    def size(self) -> int:
        """The length scale."""
        return 1

    def _square(self, logs: Array, left: Array, right: Array) -> Array:
        return np.asarray(cdist(self._circle(left), self._circle(right), "sqeuclidean") * np.exp(-2.0 * logs[0]))

    def _circle(self, points: Array) -> Array:
        angles = 2.0 * np.pi / self.period * points
        return np.hstack([np.cos(angles), np.sin(angles)])

    def length_scales(self, logs: Array, columns: int) -> Array:
        """See `Kernel`."""
        return np.full(columns, self.period / 2.0 * np.exp(logs[0]))

    def matrix(self, logs: Array, left: Array, right: Array) -> Array:
        """See `Kernel`."""
        return gaussian(self._square(logs, left, right))[0]

    def diagonal(self, logs: Array, points: Array) -> Array:
        """See `Kernel`."""
        return np.ones(len(points))

    def with_pull(self, logs: Array, points: Array) -> tuple[Array, Pull]:
        """See `Kernel`."""
        square = self._square(logs, points, points)
        values, rates = gaussian(square)
        return values, lambda weights: np.array([-2.0 * np.sum(weights * rates * square)])

    def with_slope(self, logs: Array, left: Array, right: Array) -> tuple[Array, Slope]:
        """See `Kernel`."""
        values, rates = gaussian(self._square(logs, left, right))
        rate, columns = 2.0 * np.pi / self.period, left.shape[1]

        def slope(weights: Array) -> Array:
            towards = (weights * rates * np.exp(-2.0 * logs[0])) @ self._circle(right)
            sines, cosines = np.sin(rate * left), np.cos(rate * left)
            return np.asarray(2.0 * rate * (sines * towards[:, :columns] - cosines * towards[:, columns:]))

        return values, slope

    def diagonal_slope(self, logs: Array, points: Array) -> Array:
        """See `Kernel`."""
        return np.zeros_like(points)


@dataclass(frozen=True)
class Linear:
    """Straight lines through `centre`: one log variance for all columns."""

    centre: float = 0.5

    @property
    def size(self) -> int:
        """The variance."""
        return 1

    def length_scales(self, logs: Array, columns: int) -> Array:
        """See `Kernel`."""
        return np.ones(columns)

    def matrix(self, logs: Array, left: Array, right: Array) -> Array:
        """See `Kernel`."""
        return np.asarray(np.exp(logs[0]) * (left - self.centre) @ (right - self.centre).T)

    def diagonal(self, logs: Array, points: Array) -> Array:
        """See `Kernel`."""
        return np.asarray(np.exp(logs[0]) * ((points - self.centre) ** 2).sum(axis=1))

    def with_pull(self, logs: Array, points: Array) -> tuple[Array, Pull]:
        """See `Kernel`."""
        values = self.matrix(logs, points, points)
        return values, lambda weights: np.array([np.sum(weights * values)])

    def with_slope(self, logs: Array, left: Array, right: Array) -> tuple[Array, Slope]:
        """See `Kernel`."""
        variance, away = np.exp(logs[0]), right - self.centre
        return self.matrix(logs, left, right), lambda weights: np.asarray(variance * weights @ away)

    def diagonal_slope(self, logs: Array, points: Array) -> Array:
        """See `Kernel`."""
        return np.asarray(2.0 * np.exp(logs[0]) * (points - self.centre))
