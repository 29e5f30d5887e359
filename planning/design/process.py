"""A Gaussian process given results: exact, for the few hundred results that a laboratory has.

Source: Rasmussen & Williams, Gaussian Processes for Machine Learning (2006), algorithm 2.1.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import lapack

from planning.design.kernels import Kernel
from planning.design.polytope import Array

LEAST_VARIANCE = 1e-10


@dataclass(frozen=True, eq=False)
class Process:
    """A kernel with its parameters, and what was measured where.

    Attributes:
        logs: log parameters of the kernel, (size,).
        inputs: (n, d).
        targets: (n,).
        variances: of the noise of each target, (n,).
        mean: of the process far from every result.
        noise: variance of one measurement more.
    """

    kernel: Kernel
    logs: Array
    inputs: Array
    targets: Array
    variances: Array
    mean: float
    noise: float

    @cached_property
    def _root(self) -> Array:
        """The inverse, (n, n), of the lower Cholesky factor of the results' covariance."""
        covariance = self.kernel.matrix(self.logs, self.inputs, self.inputs)
        covariance.flat[:: len(covariance) + 1] += self.variances
        factor, failed = lapack.dpotrf(covariance, lower=1)
        if failed:
            raise np.linalg.LinAlgError("the results' covariance has no root: the noise is too small")
        return np.asarray(lapack.dtrtri(factor, lower=1)[0])

    @cached_property
    def _weights(self) -> Array:
        return np.asarray(self._root.T @ (self._root @ (self.targets - self.mean)))

    def posterior(self, points: Array) -> tuple[Array, Array]:
        """Mean and standard deviation, (k,) each, of the process itself at points (k, d), without noise."""
        mean, projected = self._project(points)
        return mean, self._std(points, projected)

    def with_slopes(self, points: Array) -> tuple[Array, Array, Array, Array]:
        """Mean and standard deviation, (k,) each, and their derivatives by the points, (k, d) each."""
        cross, slope = self.kernel.with_slope(self.logs, points, self.inputs)  # (k, n)
        projected = self._root @ cross.T
        std = self._std(points, projected)
        explained = slope(projected.T @ self._root)
        own = self.kernel.diagonal_slope(self.logs, points)
        mean_slope = slope(self._weights[None].repeat(len(points), axis=0))
        return self.mean + cross @ self._weights, std, mean_slope, (own - 2.0 * explained) / (2.0 * std[:, None])

    def covariance(self, left: Array, right: Array) -> Array:
        """Between the process at `left` (k, d) and at `right` (l, d), (k, l)."""
        (_, first), (_, second) = self._project(left), self._project(right)
        return np.asarray(self.kernel.matrix(self.logs, left, right) - first.T @ second)

    def covariance_slope(self, left: Array, right: Array, weights: Array) -> Array:
        """Derivative by `left`, (k, d), of its covariances with `right` weighted by `weights` (k, l)."""
        _, projected = self._project(right)
        explained = weights @ (projected.T @ self._root)  # (k, n)
        _, direct = self.kernel.with_slope(self.logs, left, right)
        _, indirect = self.kernel.with_slope(self.logs, left, self.inputs)
        return direct(weights) - indirect(explained)

    def given(self, inputs: Array, targets: Array, variances: Array) -> "Process":
        """The same process with more results."""
        return Process(
            self.kernel,
            self.logs,
            np.vstack([self.inputs, inputs]),
            np.append(self.targets, targets),
            np.append(self.variances, variances),
            self.mean,
            self.noise,
        )

    def draw(self, points: Array, rng: np.random.Generator) -> Array:
        """One function of those that are possible, at points (k, d)."""
        mean, _ = self._project(points)
        covariance = self.covariance(points, points)
        sizes, ways = np.linalg.eigh(covariance)
        return np.asarray(mean + ways @ (np.sqrt(np.maximum(sizes, 0.0)) * rng.normal(size=len(points))))

    def _std(self, points: Array, projected: Array) -> Array:
        variance = self.kernel.diagonal(self.logs, points) - (projected**2).sum(axis=0)
        return np.asarray(np.sqrt(np.maximum(variance, LEAST_VARIANCE)))

    def _project(self, points: Array) -> tuple[Array, Array]:
        """Mean, (k,), and what the results explain of the points, (n, k)."""
        cross = self.kernel.matrix(self.logs, self.inputs, points)  # (n, k)
        return self.mean + self._weights @ cross, self._root @ cross
