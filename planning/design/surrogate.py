"""What the results so far say about the points not tried: a Gaussian process."""

import copy
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from planning.design.gp_library import (
    ExactMarginalLogLikelihood,
    GaussianLikelihood,
    GreaterThan,
    LogNormalPrior,
    OptimizationWarning,
    SingleTaskGP,
    fit_gpytorch_mll_scipy,
    get_covar_module_with_dim_scaled_prior,
    validate_input_scaling,
)
from planning.design.polytope import Array

LEAST_NOISE_VARIANCE = 1e-4
"""Of standardised utilities: replicates must not make the equations singular."""


@dataclass(frozen=True, eq=False)
class Surrogate:
    """A fitted process. Inputs run from 0 to 1; utilities are standardised inside."""

    model: SingleTaskGP
    shift: float
    scale: float

    def posterior(self, inputs: Array) -> tuple[Array, Array]:
        """Mean and standard deviation of the utility, (n,) each, at inputs (n, d); without the scatter of replicates."""
        with torch.no_grad():
            posterior = self.model.posterior(torch.from_numpy(inputs))
            mean, std = posterior.mean.squeeze(-1).numpy(), posterior.variance.sqrt().squeeze(-1).numpy()
        return self.shift + self.scale * mean, self.scale * std

    def believing(self, inputs: Array) -> "Surrogate":
        """The same process, as if results were in for inputs (n, d) and just as expected."""
        if not len(inputs):
            return self
        expected = (self.posterior(inputs)[0] - self.shift) / self.scale
        model: Any = copy.deepcopy(self.model)
        model.set_train_data(
            torch.cat([model.train_inputs[0], torch.from_numpy(inputs)]),
            torch.cat([model.train_targets, torch.from_numpy(expected)]),
            strict=False,
        )
        return Surrogate(model.eval(), self.shift, self.scale)

    @property
    def length_scales(self) -> Array:
        """How far, (d,), one must go along each input for the utility to change."""
        kernel: Any = self.model.covar_module
        return np.asarray(kernel.lengthscale.detach().numpy()).reshape(-1)


def fit(inputs: Array, utilities: Array, noise_std: float) -> Surrogate:
    """Fit a process with one length scale an input; deterministic.

    Priors: length scales as Hvarfner et al., ICML 2024 (they grow with the number of inputs), noise log-normal about
    a hundredth of the variance.

    Args:
        inputs: (n, d), 0 to 1.
        utilities: (n,).
        noise_std: standard deviation between replicates is at least this.
    """
    shift, scale = float(utilities.mean()), float(utilities.std()) or 1.0
    least = max((noise_std / scale) ** 2, LEAST_NOISE_VARIANCE)
    likelihood = GaussianLikelihood(
        noise_prior=LogNormalPrior(loc=-4.0, scale=1.0),
        noise_constraint=GreaterThan(least, transform=None, initial_value=2.0 * least),
    )
    with validate_input_scaling(False):  # BoTorch would warn of what is standardised here
        model = SingleTaskGP(
            torch.from_numpy(inputs),
            torch.from_numpy((utilities - shift) / scale).unsqueeze(-1),
            likelihood=likelihood,
            covar_module=get_covar_module_with_dim_scaled_prior(ard_num_dims=inputs.shape[1], use_rbf_kernel=False),
            outcome_transform=None,
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OptimizationWarning)  # a search that stops early has still found a model
        fit_gpytorch_mll_scipy(ExactMarginalLogLikelihood(likelihood, model))
    return Surrogate(model.eval(), shift, scale)
