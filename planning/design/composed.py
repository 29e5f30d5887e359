"""Kernels made of kernels: scaled, added, multiplied."""

from dataclasses import dataclass

import numpy as np

from planning.design.kernels import Kernel, Pull, Slope
from planning.design.polytope import Array


@dataclass(frozen=True)
class Scaled:
    """A kernel times a variance, whose logarithm is the first parameter."""

    inner: Kernel

    @property
    def size(self) -> int:
        """The variance, and the inner parameters."""
        return 1 + self.inner.size

    def length_scales(self, logs: Array, columns: int) -> Array:
        """See `Kernel`."""
        return self.inner.length_scales(logs[1:], columns)

    def matrix(self, logs: Array, left: Array, right: Array) -> Array:
        """See `Kernel`."""
        return np.asarray(np.exp(logs[0]) * self.inner.matrix(logs[1:], left, right))

    def diagonal(self, logs: Array, points: Array) -> Array:
        """See `Kernel`."""
        return np.asarray(np.exp(logs[0]) * self.inner.diagonal(logs[1:], points))

    def with_pull(self, logs: Array, points: Array) -> tuple[Array, Pull]:
        """See `Kernel`."""
        variance = np.exp(logs[0])
        values, pull = self.inner.with_pull(logs[1:], points)
        return variance * values, lambda w: variance * np.append(np.vdot(w, values), pull(w))

    def with_slope(self, logs: Array, left: Array, right: Array) -> tuple[Array, Slope]:
        """See `Kernel`."""
        variance = np.exp(logs[0])
        values, slope = self.inner.with_slope(logs[1:], left, right)
        return variance * values, lambda w: np.asarray(variance * slope(w))

    def diagonal_slope(self, logs: Array, points: Array) -> Array:
        """See `Kernel`."""
        return np.asarray(np.exp(logs[0]) * self.inner.diagonal_slope(logs[1:], points))


@dataclass(frozen=True)
class _Pair:
    first: Kernel
    second: Kernel

    @property
    def size(self) -> int:
        """Those of the first, then of the second."""
        return self.first.size + self.second.size

    def _split(self, logs: Array) -> tuple[Array, Array]:
        return logs[: self.first.size], logs[self.first.size :]

    def length_scales(self, logs: Array, columns: int) -> Array:
        """The shorter of both."""
        one, two = self._split(logs)
        return np.minimum(self.first.length_scales(one, columns), self.second.length_scales(two, columns))


class Sum(_Pair):
    """Two independent contributions."""

    def matrix(self, logs: Array, left: Array, right: Array) -> Array:
        """See `Kernel`."""
        one, two = self._split(logs)
        return self.first.matrix(one, left, right) + self.second.matrix(two, left, right)

    def diagonal(self, logs: Array, points: Array) -> Array:
        """See `Kernel`."""
        one, two = self._split(logs)
        return self.first.diagonal(one, points) + self.second.diagonal(two, points)

    def with_pull(self, logs: Array, points: Array) -> tuple[Array, Pull]:
        """See `Kernel`."""
        one, two = self._split(logs)
        (first, pull_first), (second, pull_second) = (
            self.first.with_pull(one, points),
            self.second.with_pull(two, points),
        )
        return first + second, lambda w: np.append(pull_first(w), pull_second(w))

    def with_slope(self, logs: Array, left: Array, right: Array) -> tuple[Array, Slope]:
        """See `Kernel`."""
        one, two = self._split(logs)
        first, slope_first = self.first.with_slope(one, left, right)
        second, slope_second = self.second.with_slope(two, left, right)
        return first + second, lambda w: slope_first(w) + slope_second(w)

    def diagonal_slope(self, logs: Array, points: Array) -> Array:
        """See `Kernel`."""
        one, two = self._split(logs)
        return self.first.diagonal_slope(one, points) + self.second.diagonal_slope(two, points)


class Product(_Pair):
    """Alike only where both find the inputs alike."""

    def matrix(self, logs: Array, left: Array, right: Array) -> Array:
        """See `Kernel`."""
        one, two = self._split(logs)
        return self.first.matrix(one, left, right) * self.second.matrix(two, left, right)

    def diagonal(self, logs: Array, points: Array) -> Array:
        """See `Kernel`."""
        one, two = self._split(logs)
        return self.first.diagonal(one, points) * self.second.diagonal(two, points)

    def with_pull(self, logs: Array, points: Array) -> tuple[Array, Pull]:
        """See `Kernel`."""
        one, two = self._split(logs)
        (first, pull_first), (second, pull_second) = (
            self.first.with_pull(one, points),
            self.second.with_pull(two, points),
        )
        return first * second, lambda w: np.append(pull_first(w * second), pull_second(w * first))

    def with_slope(self, logs: Array, left: Array, right: Array) -> tuple[Array, Slope]:
        """See `Kernel`."""
        one, two = self._split(logs)
        first, slope_first = self.first.with_slope(one, left, right)
        second, slope_second = self.second.with_slope(two, left, right)
        return first * second, lambda w: slope_first(w * second) + slope_second(w * first)

    def diagonal_slope(self, logs: Array, points: Array) -> Array:
        """See `Kernel`."""
        one, two = self._split(logs)
        first, second = self.first.diagonal(one, points), self.second.diagonal(two, points)
        slope_first, slope_second = (
            self.first.diagonal_slope(one, points),
            self.second.diagonal_slope(two, points),
        )
        return slope_first * second[:, None] + slope_second * first[:, None]
