"""Which point is worth a sample: functions of a point over what the model believes, and their highest points.

Several processes that explain the results about as well vote: the worth of a point is the mean over them of its worth
under each (Snoek et al., NeurIPS 2012, integrate their acquisition so), not its worth under their mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.optimize import LinearConstraint, minimize
from scipy.special import logsumexp, softmax

from planning.design import rules
from planning.design.polytope import Array, Polytope
from planning.design.process import LEAST_VARIANCE, Process
from planning.design.surrogate import Surrogate

STEPS = 60


class Acquisition(Protocol):
    """The worth of points (k, d)."""

    def values(self, points: Array) -> Array:
        """The worth of each, (k,)."""

    def slopes(self, points: Array) -> Array:
        """Its derivative by the points, (k, d)."""


@dataclass(frozen=True, eq=False)
class Voted:
    """A rule applied to the mean and doubt of each process, and averaged; of logarithms, their antilogarithms."""

    processes: Sequence[Process]
    rule: rules.Rule
    beat: Sequence[float]
    is_log: bool = False

    def values(self, points: Array) -> Array:
        """See `Acquisition`."""
        return _averaged(np.array([worth for worth, _, _ in self._worths(points)]), self.is_log)

    def slopes(self, points: Array) -> Array:
        """See `Acquisition`."""
        worths = self._worths(points)
        slopes = []
        for process, (_, by_mean, by_std) in zip(self.processes, worths, strict=True):
            mean_slope, std_slope = process.slopes(points)
            slopes.append(by_mean[:, None] * mean_slope + by_std[:, None] * std_slope)
        return _averaged_slopes(np.array([worth for worth, _, _ in worths]), np.array(slopes), self.is_log)

    def _worths(self, points: Array) -> list[rules.Worth]:
        found = []
        for process, beat in zip(self.processes, self.beat, strict=True):
            mean, std = process.posterior(points)
            found.append(self.rule(mean - beat, std))
        return found


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

    def values(self, points: Array) -> Array:
        """See `Acquisition`."""
        return _averaged(np.array([self._under(process, points)[0] for process in self.processes]), is_log=True)

    def slopes(self, points: Array) -> Array:
        """See `Acquisition`."""
        values, slopes = zip(*(self._under(process, points) for process in self.processes), strict=True)
        return _averaged_slopes(np.array(values), np.array(slopes), is_log=True)

    def _under(self, process: Process, points: Array) -> tuple[Array, Array]:
        (mean, std), (mean_slope, std_slope) = process.posterior(points), process.slopes(points)
        best, doubt = process.posterior(self.incumbent)
        shared = process.covariance(points, self.incumbent)[:, 0]
        shared_slope = process.covariance_slope(points, self.incumbent, np.ones((len(points), 1)))
        apart = np.sqrt(np.maximum(std**2 + doubt**2 - 2.0 * shared, LEAST_VARIANCE))
        apart_slope = (std[:, None] * std_slope - shared_slope) / apart[:, None]
        value, by_gain, by_apart = rules.log_improvement(mean - best, apart)
        whole = np.sqrt(std**2 + process.noise)
        ratio = np.sqrt(process.noise) / whole
        taught_slope = (ratio / (1.0 - ratio) * std / whole**2)[:, None] * std_slope
        slope = by_gain[:, None] * mean_slope + by_apart[:, None] * apart_slope + taught_slope
        return value + np.log1p(-ratio), slope


@dataclass(frozen=True, eq=False)
class VarianceReduction:
    """By how much a result would lessen the mean variance at `targets` (m, d): for a better model everywhere.

    Source: Cohn, Ghahramani & Jordan, J. Artif. Intell. Res. 4, 129 (1996).
    """

    processes: Sequence[Process]
    targets: Array

    def values(self, points: Array) -> Array:
        """See `Acquisition`."""
        return np.asarray(np.mean([self._under(process, points) for process in self.processes], axis=0))

    def _under(self, process: Process, points: Array) -> Array:
        shared = process.covariance(points, self.targets)
        return np.asarray((shared**2).mean(axis=1) / (process.posterior(points)[1] ** 2 + process.noise))

    def slopes(self, points: Array) -> Array:
        """See `Acquisition`."""
        return np.asarray(np.mean([self._slopes_under(process, points) for process in self.processes], axis=0))

    def _slopes_under(self, process: Process, points: Array) -> Array:
        shared = process.covariance(points, self.targets)
        (_, std), (_, std_slope) = process.posterior(points), process.slopes(points)
        below = std**2 + process.noise
        above_slope = process.covariance_slope(points, self.targets, 2.0 * shared / len(self.targets))
        above = (shared**2).mean(axis=1)
        return np.asarray(above_slope / below[:, None] - (2.0 * above * std / below**2)[:, None] * std_slope)


def upper_bound(surrogate: Surrogate, beta: float) -> Voted:
    """Mean and `beta` standard deviations more."""
    return Voted(surrogate.processes, rules.bound(beta), [0.0] * len(surrogate.processes))


def largest_doubt(surrogate: Surrogate) -> Voted:
    """The standard deviation."""
    return Voted(surrogate.processes, rules.doubt, [0.0] * len(surrogate.processes))


def probability_of_improvement(surrogate: Surrogate, occupied: Array) -> Voted:
    """Log of the probability that a point is better than the best of `occupied` (n, d) by the model's mean."""
    beat = [float(process.posterior(occupied)[0].max()) for process in surrogate.processes]
    return Voted(surrogate.processes, rules.log_probability, beat, is_log=True)


def over_the_best(surrogate: Surrogate, occupied: Array) -> LogExpectedImprovement:
    """The improvement over the best by the model's mean of what was or is being tried, (n, d)."""
    incumbent = surrogate.posterior(occupied)[0].argmax()
    return LogExpectedImprovement(surrogate.processes, occupied[[incumbent]])


def evaluate(function: Acquisition, inputs: Array) -> Array:
    """The worth, (n,), of inputs (n, d)."""
    return function.values(inputs)


def climb(function: Acquisition, polytope: Polytope, starts: Array) -> Array:
    """The most promising input, (d,), of a polytope that is found by climbing from each of `starts` (n, d)."""
    reached = np.vstack([polytope.inside(np.array([_top(function, polytope, start) for start in starts])), starts])
    best: Array = reached[function.values(reached).argmax()]
    return best


def _top(function: Acquisition, polytope: Polytope, start: Array) -> Array:
    (rows, limits), (normals, values) = polytope.walls, polytope.equations
    constraints = [LinearConstraint(rows, limits, np.inf)] if len(rows) else []
    constraints += [LinearConstraint(normals, values, values)] if len(normals) else []
    answer = minimize(
        lambda x: -float(function.values(x[None])[0]),
        start,
        jac=lambda x: -function.slopes(x[None])[0],
        method="SLSQP",
        constraints=constraints,
        options={"maxiter": STEPS, "ftol": 1e-8},
    )
    return np.asarray(np.where(np.isfinite(answer.x), answer.x, start))


def _averaged(worths: Array, is_log: bool) -> Array:
    """The mean over the first axis of (m, k)."""
    return np.asarray(logsumexp(worths, axis=0) - np.log(len(worths)) if is_log else worths.mean(axis=0))


def _averaged_slopes(worths: Array, slopes: Array, is_log: bool) -> Array:
    shares = softmax(worths, axis=0) if is_log else np.full_like(worths, 1.0 / len(worths))
    return np.asarray((shares[:, :, None] * slopes).sum(axis=0))
