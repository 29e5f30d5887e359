"""How well a kernel explains results, and the parameters that do so best."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np
from scipy.linalg import lapack
from scipy.optimize import minimize

from planning.design.kernels import Kernel
from planning.design.polytope import Array
from planning.design.priors import Prior
from planning.design.process import Process

STEPS = 100
MOST_FITTED = 200
"""Parameters are learned from at most so many results, and the process is given all."""

LEAST_LOG, MOST_LOG = -6.0, 8.0
"""Between which a log parameter is searched."""


@dataclass(frozen=True, eq=False)
class Results:
    """Measured values, replicates merged: `targets[i]` is the mean of `counts[i]` measurements at `inputs[i]`.

    Attributes:
        inputs: (n, d).
        targets: (n,).
        counts: (n,).
        scatter: sum of squared deviations of all replicates from their means.
        known: variance of each target that is known beforehand, such as a squared standard error, (n,).
    """

    inputs: Array
    targets: Array
    counts: Array
    scatter: float
    known: Array

    @classmethod
    def merged(cls, inputs: Array, targets: Array, known: Array | None = None) -> "Results":
        """Merge rows with the same input; exact for a Gaussian process, and quicker.

        Rows with a known variance are left alone, since their weights may differ.
        """
        if known is not None and known.any():
            return cls(inputs, targets, np.ones(len(targets)), 0.0, known)
        unique, index = np.unique(inputs, axis=0, return_inverse=True)
        index = index.reshape(-1)
        counts = np.bincount(index).astype(np.float64)
        means = np.bincount(index, targets) / counts
        return cls(unique, means, counts, float(((targets - means[index]) ** 2).sum()), np.zeros(len(unique)))

    def fewer(self, count: int) -> "Results":
        """At most `count` of them: the better half by rank, the others evenly from the rest; all if there are no more."""
        if len(self.targets) <= count:
            return self
        order = np.argsort(-self.targets, kind="stable")
        rest = np.linspace(count // 2, len(order) - 1, count - count // 2).astype(int)
        kept = np.sort(np.append(order[: count // 2], order[rest]))
        share = (self.counts[kept].sum() - len(kept)) / max(self.replicates, 1.0)
        return Results(self.inputs[kept], self.targets[kept], self.counts[kept], self.scatter * share, self.known[kept])

    @cached_property
    def replicates(self) -> float:
        """How many measurements there are beyond the first of each input."""
        return float(self.counts.sum() - len(self.counts))

    @cached_property
    def log_counts(self) -> float:
        """Sum of the logarithms of the counts."""
        return float(np.log(self.counts).sum())


@dataclass(frozen=True)
class Model:
    """A kernel with a prior for each of its log parameters and for the variance of the noise."""

    kernel: Kernel
    priors: tuple[Prior, ...]
    noise: Prior

    @property
    def starts(self) -> Array:
        """Where a search begins: log parameters of the kernel, then of the noise."""
        return np.array([prior.start for prior in (*self.priors, self.noise)])

    def log_prior(self, logs: Array) -> tuple[float, Array]:
        """Log density of the parameters, up to a constant, and its derivative."""
        values, slopes = zip(*(prior.log_density(logs[run]) for prior, run in self._runs), strict=True)
        return float(sum(value.sum() for value in values)), np.concatenate(slopes)

    @cached_property
    def _runs(self) -> list[tuple[Prior, slice]]:
        """Each prior, and which parameters in a row have it."""
        found, start = [], 0
        for prior, alike in groupby((*self.priors, self.noise)):
            stop = start + sum(1 for _ in alike)
            found.append((prior, slice(start, stop)))
            start = stop
        return found


def log_likelihood(kernel: Kernel, results: Results, logs: Array) -> tuple[float, Array, float]:
    """Log density of the results, its derivative by `logs` (kernel, then noise), and the mean that makes it largest."""
    covariance, pull = kernel.with_pull(logs[:-1], results.inputs)
    noise, n = math.exp(logs[-1]), len(results.targets)
    covariance.flat[:: n + 1] += noise / results.counts + results.known
    factor, failed = lapack.dpotrf(covariance, lower=1)
    if failed:
        return -math.inf, np.zeros_like(logs), 0.0
    log_determinant = 2.0 * np.log(factor.diagonal()).sum()
    root, _ = lapack.dtrtri(factor, lower=1)
    inverse = root.T @ root
    sums = inverse.sum(axis=0)
    mean = float(sums @ results.targets / sums.sum())
    weights = inverse @ (results.targets - mean)
    within = results.replicates * (logs[-1] + math.log(2.0 * math.pi)) + results.scatter / noise
    within += results.log_counts
    fit = float((results.targets - mean) @ weights)
    value = -0.5 * (fit + log_determinant + n * math.log(2.0 * math.pi) + within)
    answers = 0.5 * (weights[:, None] * weights - inverse)
    noise_slope = noise * (answers.diagonal() / results.counts).sum()
    noise_slope += 0.5 * (results.scatter / noise - results.replicates)
    return value, np.append(pull(answers), noise_slope), mean


def fit(model: Model, results: Results, least_noise: float, starts: Sequence[Array] = ()) -> tuple[Array, float]:
    """The log parameters (kernel, then noise) of the largest posterior density, and its logarithm.

    Args:
        model: kernel and priors.
        results: standardised.
        least_noise: the variance of the noise is at least this.
        starts: where to begin; by default at the modes of the priors.
    """

    def loss(logs: Array) -> tuple[float, Array]:
        likelihood, slope, _ = log_likelihood(model.kernel, results, logs)
        prior, prior_slope = model.log_prior(logs)
        return -likelihood - prior, -slope - prior_slope

    bounds = [(LEAST_LOG, MOST_LOG)] * model.kernel.size + [(math.log(least_noise), MOST_LOG)]
    lowest, highest = np.array(bounds).T
    found = [
        minimize(
            loss,
            np.clip(start, lowest, highest),
            jac=True,
            method="L-BFGS-B",
            bounds=bounds,
            options={"maxiter": STEPS, "ftol": 1e-7, "gtol": 1e-4},
        )
        for start in (starts or [model.starts])
    ]
    best = min(found, key=lambda answer: float(answer.fun))
    return best.x, -float(best.fun)


def process(model: Model, results: Results, logs: Array) -> Process:
    """The process with these log parameters, given the results."""
    _, _, mean = log_likelihood(model.kernel, results, logs)
    noise = math.exp(logs[-1])
    variances = noise / results.counts + results.known
    return Process(model.kernel, logs[:-1], results.inputs, results.targets, variances, mean, noise)


def most_probable(model: Model, results: Results, least_noise: float) -> Process:
    """The process with the parameters of the largest posterior density."""
    return process(model, results, fit(model, results.fewer(MOST_FITTED), least_noise)[0])
