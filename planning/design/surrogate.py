"""What the results so far say about the points not tried: a few Gaussian processes that differ in what they assume."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from planning.design import likelihood
from planning.design.kernels import Stationary, gaussian, matern_5_2
from planning.design.likelihood import Model, Results
from planning.design.polytope import Array
from planning.design.priors import SHORT_SCALES, SMALL_NOISE, Prior, dimension_scaled
from planning.design.process import Process

LEAST_NOISE_VARIANCE = 1e-4
"""Of standardised utilities: replicates must not make the equations singular."""

Assumption = Callable[[tuple[int, ...]], Model]
"""From the length scale that each column uses to a model."""


def smooth(groups: tuple[int, ...]) -> Model:
    """A Gaussian kernel with length scales that grow with the dimension."""
    return _stationary(gaussian, groups, dimension_scaled(max(groups) + 1))


def rough(groups: tuple[int, ...]) -> Model:
    """A Matérn kernel, twice differentiable, with length scales that grow with the dimension."""
    return _stationary(matern_5_2, groups, dimension_scaled(max(groups) + 1))


def short(groups: tuple[int, ...]) -> Model:
    """A Matérn kernel with short length scales."""
    return _stationary(matern_5_2, groups, SHORT_SCALES)


ASSUMPTIONS: tuple[Assumption, ...] = (smooth, rough, short)
"""What is assumed in turn unless said otherwise: docs/decisions/0008-default-designer.md says why."""


@dataclass(frozen=True, eq=False)
class Surrogate:
    """Fitted processes, equally believed. Inputs run from 0 to 1; utilities are standardised inside."""

    processes: tuple[Process, ...]
    shift: float
    scale: float

    def posterior(self, inputs: Array) -> tuple[Array, Array]:
        """Mean and standard deviation of the utility, (n,) each, at inputs (n, d); without the scatter of replicates."""
        beliefs = [process.posterior(inputs) for process in self.processes]
        means, stds = np.array(beliefs).swapaxes(0, 1)  # (processes, n) each
        mean = means.mean(axis=0)
        variance = (stds**2).mean(axis=0) + means.var(axis=0)
        return self.shift + self.scale * mean, self.scale * np.sqrt(variance)

    def believing(self, inputs: Array) -> "Surrogate":
        """The same processes, as if results were in for inputs (n, d) and just as each expects."""
        if not len(inputs):
            return self
        believed = [
            process.given(inputs, process.posterior(inputs)[0], np.full(len(inputs), process.noise))
            for process in self.processes
        ]
        return Surrogate(tuple(believed), self.shift, self.scale)

    @property
    def length_scales(self) -> Array:
        """How far, (d,), one must go along each input for the utility to change: the processes' geometric mean."""
        return np.asarray(np.exp(np.mean([_log_scales(process) for process in self.processes], axis=0)))


def fit(
    inputs: Array,
    utilities: Array,
    noise_std: float,
    *,
    groups: Sequence[int] | None = None,
    known_std: Array | None = None,
    assumptions: Sequence[Assumption] = ASSUMPTIONS,
) -> Surrogate:
    """Fit a process under each assumption, by the most probable parameters; deterministic.

    Args:
        inputs: (n, d), 0 to 1.
        utilities: (n,).
        noise_std: standard deviation between replicates is at least this.
        groups: for each input the number of its length scale; by default one for each.
        known_std: standard error of each utility, where it was measured, (n,).
        assumptions: how to build each model.
    """
    shift, scale = float(utilities.mean()), float(utilities.std()) or 1.0
    known = None if known_std is None else (known_std / scale) ** 2
    results = Results.merged(inputs, (utilities - shift) / scale, known)
    least = max((noise_std / scale) ** 2, LEAST_NOISE_VARIANCE)
    columns = tuple(range(inputs.shape[1]) if groups is None else groups)
    processes = []
    for assumption in assumptions:
        model = assumption(columns)
        logs, _ = likelihood.fit(model, results, least)
        processes.append(likelihood.process(model, results, logs))
    return Surrogate(tuple(processes), shift, scale)


def _stationary(shape: Callable[[Array], tuple[Array, Array]], groups: tuple[int, ...], prior: Prior) -> Model:
    kernel = Stationary(shape, groups)
    return Model(kernel, (prior,) * kernel.size, SMALL_NOISE)


def _log_scales(process: Process) -> Array:
    kernel = process.kernel
    assert isinstance(kernel, Stationary)
    return process.logs[list(kernel.groups)]
