"""What the results so far say about the points not tried: a few Gaussian processes that differ in what they assume."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from planning.design import likelihood, warp
from planning.design.composed import Scaled
from planning.design.kernels import Shape, Stationary, gaussian, matern_5_2
from planning.design.likelihood import Model, Results
from planning.design.polytope import Array
from planning.design.priors import (
    ANY_SIZE,
    LARGE_SIZE,
    LONG_SCALES,
    SHORT_SCALES,
    SMALL_NOISE,
    TYPICAL_NOISE,
    TYPICAL_SCALES,
    TYPICAL_SIZE,
    Prior,
    dimension_scaled,
)
from planning.design.process import Process
from planning.design.warp import Warp

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


def near(groups: tuple[int, ...]) -> Model:
    """A Gaussian kernel with short length scales."""
    return _stationary(gaussian, groups, SHORT_SCALES)


def short(groups: tuple[int, ...]) -> Model:
    """A Matérn kernel of any size, with short length scales."""
    return _stationary(matern_5_2, groups, SHORT_SCALES, ANY_SIZE)


def summing(groups: tuple[int, ...]) -> Model:
    """A Gaussian kernel of large size with long length scales: nearly a sum of what each input does."""
    return _stationary(gaussian, groups, LONG_SCALES, LARGE_SIZE)


def summing_rough(groups: tuple[int, ...]) -> Model:
    """A Matérn kernel of large size with long length scales."""
    return _stationary(matern_5_2, groups, LONG_SCALES, LARGE_SIZE)


def typical(groups: tuple[int, ...]) -> Model:
    """A Gaussian kernel such as measured tables are known to have."""
    return _typical(gaussian, groups)


def typical_rough(groups: tuple[int, ...]) -> Model:
    """A Matérn kernel such as measured tables are known to have."""
    return _typical(matern_5_2, groups)


FEW: tuple[Assumption, ...] = (smooth, short)
"""What is assumed in turn unless said otherwise: docs/decisions/0008-default-designer.md says why."""

MANY: tuple[Assumption, ...] = (smooth, near, rough, short, typical, typical_rough)
"""For pools, where nothing is climbed, so that more processes cost little."""

FOR_WORDS: tuple[Assumption, ...] = (summing, summing_rough)
"""For pools in which words vary: what one word does with others is told by what it did with some."""


def suited(*, is_pool: bool, has_words: bool) -> tuple[Assumption, ...]:
    """What to assume of a space."""
    if not is_pool:
        return FEW
    return FOR_WORDS if has_words else MANY


@dataclass(frozen=True, eq=False)
class Surrogate:
    """Fitted processes, equally believed. Inputs run from 0 to 1; inside, utilities are on the scale of `warp`."""

    processes: tuple[Process, ...]
    warp: Warp

    def posterior(self, inputs: Array) -> tuple[Array, Array]:
        """Median and half the span from 16 % to 84 % of the utility, (n,) each, at inputs (n, d).

        Where the scale is not bent these are mean and standard deviation. The scatter of replicates is left out.
        """
        means, stds = self.moments(inputs)
        return self.warp.back(means), self.warp.spans(means, stds)

    def moments(self, inputs: Array) -> tuple[Array, Array]:
        """Mean and standard deviation, (n,) each, on the inner scale; where processes disagree there is more doubt."""
        means, stds = np.array([process.posterior(inputs) for process in self.processes]).swapaxes(0, 1)
        mean = means.mean(axis=0)
        return mean, np.sqrt((stds**2 + (means - mean) ** 2).mean(axis=0))

    def moments_with_slopes(self, inputs: Array) -> tuple[Array, Array, Array, Array]:
        """The moments, (n,) each, and their derivatives by the inputs (n, d), (n, d) each."""
        found = zip(*(process.with_slopes(inputs) for process in self.processes), strict=True)
        means, stds, mean_slopes, std_slopes = map(np.array, found)  # (processes, n), and (processes, n, d)
        mean = means.mean(axis=0)
        apart = means - mean
        std = np.sqrt((stds**2 + apart**2).mean(axis=0))
        half = (stds[:, :, None] * std_slopes + apart[:, :, None] * mean_slopes).mean(axis=0)
        return mean, std, mean_slopes.mean(axis=0), half / std[:, None]

    def believing(self, inputs: Array) -> "Surrogate":
        """The same processes, as if results were in for inputs (n, d) and just as each expects."""
        if not len(inputs):
            return self
        believed = [
            process.given(inputs, process.posterior(inputs)[0], np.full(len(inputs), process.noise))
            for process in self.processes
        ]
        return Surrogate(tuple(believed), self.warp)

    @property
    def scale(self) -> float:
        """By how much the utility grows with the inner scale, near the best of what was tried."""
        return self.warp.unit(float(self.moments(self.processes[0].inputs)[0].max()))

    @property
    def length_scales(self) -> Array:
        """How far, (d,), one must go along each input for the utility to change: the processes' geometric mean."""
        scales = [process.kernel.length_scales(process.logs, process.inputs.shape[1]) for process in self.processes]
        return np.asarray(np.exp(np.mean(np.log(scales), axis=0)))


def fit(
    inputs: Array,
    utilities: Array,
    noise_std: float,
    *,
    groups: Sequence[int] | None = None,
    known_std: Array | None = None,
    assumptions: Sequence[Assumption] = FEW,
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
    scale = warp.fit(utilities)
    numbers = scale.to(utilities)
    rate = 1.0 / scale.unit(float(numbers.mean()))
    known = None if known_std is None else (rate * known_std) ** 2
    results = Results.merged(inputs, numbers, known)
    least = max((rate * noise_std) ** 2, LEAST_NOISE_VARIANCE)
    columns = tuple(range(inputs.shape[1]) if groups is None else groups)
    models = [assumption(columns) for assumption in assumptions]
    return Surrogate(tuple(likelihood.most_probable(model, results, least) for model in models), scale)


def _stationary(
    shape: Shape, groups: tuple[int, ...], scales: Prior, size: Prior | None = None, noise: Prior = SMALL_NOISE
) -> Model:
    kernel, priors = Stationary(shape, groups), (scales,) * (max(groups) + 1)
    if size is None:
        return Model(kernel, priors, noise)
    return Model(Scaled(kernel), (size, *priors), noise)


def _typical(shape: Shape, groups: tuple[int, ...]) -> Model:
    return _stationary(shape, groups, TYPICAL_SCALES, TYPICAL_SIZE, TYPICAL_NOISE)
