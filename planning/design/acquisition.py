"""Which point is worth a sample: functions of a point over what the model believes, and their highest points.

Where a surrogate holds several processes, a rule looks at the moments of their mixture, so that disagreement is doubt;
expectations are averaged over them, as Snoek et al., NeurIPS 2012, do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Protocol

import numpy as np
from scipy.optimize import LinearConstraint, minimize

from planning.design import rules
from planning.design.polytope import Array, Polytope
from planning.design.process import LEAST_VARIANCE, Process
from planning.design.surrogate import Surrogate

STEPS = 20
TOLERANCE = 1e-6


class Acquisition(Protocol):
    """The worth of points (k, d)."""

    @property
    def is_log(self) -> bool:
        """Is it a logarithm?"""

    def values(self, points: Array) -> Array:
        """The worth of each, (k,)."""

    def with_slopes(self, points: Array) -> tuple[Array, Array]:
        """The same, and its derivatives by the points, (k, d)."""


class Belief(Protocol):
    """What a model believes: a `Surrogate`, for one."""

    def moments(self, inputs: Array) -> tuple[Array, Array]:
        """Mean and standard deviation, (k,) each, at inputs (k, d)."""

    def moments_with_slopes(self, inputs: Array) -> tuple[Array, Array, Array, Array]:
        """The same, and their derivatives by the inputs, (k, d) each."""


@dataclass(frozen=True, eq=False)
class Ruled:
    """A rule applied to the mean, less a value to beat, and the doubt."""

    belief: Belief
    rule: rules.Rule
    beat: float = 0.0
    is_log: bool = False

    def values(self, points: Array) -> Array:
        """See `Acquisition`."""
        mean, std = self.belief.moments(points)
        return self.rule(mean - self.beat, std)[0]

    def with_slopes(self, points: Array) -> tuple[Array, Array]:
        """See `Acquisition`."""
        mean, std, mean_slope, std_slope = self.belief.moments_with_slopes(points)
        value, by_mean, by_std = self.rule(mean - self.beat, std)
        return value, by_mean[:, None] * mean_slope + by_std[:, None] * std_slope


@dataclass(frozen=True, eq=False)
class LogExpectedImprovement:
    """Log of the improvement to expect over `incumbent` (1, d), in standardised utilities.

    The incumbent's own value is as uncertain as the model says, and correlated with the value at the point: so where
    results scatter, repeating the incumbent promises nothing, which a fixed best value would not notice. Elsewhere too
    a result teaches less where the model is surer than one measurement is; the factor for this is that of Huang et al.,
    J. Global Optim. 34, 441 (2006).
    """

    processes: Sequence[Process]
    incumbent: Array
    is_log: ClassVar[bool] = True

    @cached_property
    def _bests(self) -> list[tuple[Array, Array]]:
        return [process.posterior(self.incumbent) for process in self.processes]

    def values(self, points: Array) -> Array:
        """See `Acquisition`."""
        worths = []
        for process, (best, doubt) in zip(self.processes, self._bests, strict=True):
            mean, std = process.posterior(points)
            apart = _apart(std, doubt, process.covariance(points, self.incumbent)[:, 0])
            ratio = np.sqrt(process.noise / (std**2 + process.noise))
            worths.append(rules.log_improvement(mean - best, apart)[0] + np.log1p(-ratio))
        return _log_mean(np.array(worths))[0]

    def with_slopes(self, points: Array) -> tuple[Array, Array]:
        """See `Acquisition`."""
        found = zip(*map(self._under, self.processes, self._bests, [points] * len(self.processes)), strict=True)
        values, slopes = map(np.array, found)
        mean, shares = _log_mean(values)
        return mean, (shares[:, :, None] * slopes).sum(axis=0)

    def _under(self, process: Process, known: tuple[Array, Array], points: Array) -> tuple[Array, Array]:
        mean, std, mean_slope, std_slope = process.with_slopes(points)
        best, doubt = known
        apart = _apart(std, doubt, process.covariance(points, self.incumbent)[:, 0])
        shared_slope = process.covariance_slope(points, self.incumbent, np.ones((len(points), 1)))
        apart_slope = (std[:, None] * std_slope - shared_slope) / apart[:, None]
        value, by_gain, by_apart = rules.log_improvement(mean - best, apart)
        whole = std**2 + process.noise
        ratio = np.sqrt(process.noise / whole)
        taught_slope = (ratio / (1.0 - ratio) * std / whole)[:, None] * std_slope
        slope = by_gain[:, None] * mean_slope + by_apart[:, None] * apart_slope + taught_slope
        return value + np.log1p(-ratio), slope


@dataclass(frozen=True, eq=False)
class VarianceReduction:
    """By how much a result would lessen the mean variance at `targets` (m, d): for a better model everywhere.

    Source: Cohn, Ghahramani & Jordan, J. Artif. Intell. Res. 4, 129 (1996).
    """

    processes: Sequence[Process]
    targets: Array
    is_log: ClassVar[bool] = False

    def values(self, points: Array) -> Array:
        """See `Acquisition`."""
        worths = []
        for process in self.processes:
            shared = process.covariance(points, self.targets)
            worths.append((shared**2).mean(axis=1) / (process.posterior(points)[1] ** 2 + process.noise))
        return np.asarray(np.mean(worths, axis=0))

    def with_slopes(self, points: Array) -> tuple[Array, Array]:
        """See `Acquisition`."""
        found = zip(*(self._under(process, points) for process in self.processes), strict=True)
        values, slopes = map(np.array, found)
        return values.mean(axis=0), slopes.mean(axis=0)

    def _under(self, process: Process, points: Array) -> tuple[Array, Array]:
        _, std, _, std_slope = process.with_slopes(points)
        shared = process.covariance(points, self.targets)
        above, below = (shared**2).mean(axis=1), std**2 + process.noise
        above_slope = process.covariance_slope(points, self.targets, 2.0 * shared / len(self.targets))
        slope = above_slope / below[:, None] - (2.0 * above * std / below**2)[:, None] * std_slope
        return above / below, slope


def upper_bound(surrogate: Belief, beta: float) -> Ruled:
    """Mean and `beta` standard deviations more."""
    return Ruled(surrogate, rules.bound(beta))


def largest_doubt(surrogate: Belief) -> Ruled:
    """The standard deviation."""
    return Ruled(surrogate, rules.doubt)


def probability_of_improvement(surrogate: Belief, occupied: Array) -> Ruled:
    """Log of the probability that a point is better than the best of `occupied` (n, d) by the model's mean."""
    return Ruled(surrogate, rules.log_probability, float(surrogate.moments(occupied)[0].max()), is_log=True)


def over_the_best(surrogate: Surrogate, occupied: Array) -> LogExpectedImprovement:
    """The improvement over the best by the model's mean of what was or is being tried, (n, d)."""
    incumbent = surrogate.moments(occupied)[0].argmax()
    return LogExpectedImprovement(surrogate.processes, occupied[[incumbent]])


def evaluate(function: Acquisition, inputs: Array) -> Array:
    """The worth, (n,), of inputs (n, d)."""
    return function.values(inputs)


def climb(function: Acquisition, polytope: Polytope, starts: Array) -> Array:
    """The most promising input, (d,), of a polytope that is found by climbing from `starts` (n, d), all at a time."""
    (rows, limits), (normals, values) = polytope.walls, polytope.equations
    every = np.eye(len(starts))
    constraints = [LinearConstraint(np.kron(every, rows), np.tile(limits, len(starts)), np.inf)] if len(rows) else []
    if len(normals):
        sums = np.tile(values, len(starts))
        constraints.append(LinearConstraint(np.kron(every, normals), sums, sums))

    def loss(flat: Array) -> tuple[float, Array]:
        worths, slopes = function.with_slopes(flat.reshape(starts.shape))
        return -float(worths.sum()), -slopes.ravel()

    answer = minimize(
        loss,
        starts.ravel(),
        jac=True,
        method="SLSQP",
        constraints=constraints,
        options={"maxiter": STEPS, "ftol": TOLERANCE},
    )
    ends = np.where(np.isfinite(answer.x), answer.x, starts.ravel()).reshape(starts.shape)
    reached = np.vstack([polytope.inside(ends), starts])
    best: Array = reached[function.values(reached).argmax()]
    return best


def _apart(std: Array, doubt: Array, shared: Array) -> Array:
    """Standard deviation of the difference of two numbers, (k,), from theirs and their covariance."""
    return np.asarray(np.sqrt(np.maximum(std**2 + doubt**2 - 2.0 * shared, LEAST_VARIANCE)))


def _log_mean(logs: Array) -> tuple[Array, Array]:
    """Log of the mean over the first axis of antilogarithms (m, k), (k,), and the share of each in it, (m, k)."""
    most = logs.max(axis=0)
    sizes = np.exp(logs - most)
    total = sizes.sum(axis=0)
    return most + np.log(total / len(logs)), sizes / total
