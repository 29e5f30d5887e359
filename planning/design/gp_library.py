"""The parts of BoTorch and GPyTorch in use, imported in one place.

Their import (linear_operator 0.6) calls `torch.jit.script`, which recent torch declares deprecated; users can do
nothing about that warning, so it is kept from them, here and nowhere else.
"""

import warnings

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message=r"`torch\.jit", category=FutureWarning)
    warnings.filterwarnings("ignore", message=r"`torch\.jit", category=DeprecationWarning)
    from botorch.acquisition.analytic import AnalyticAcquisitionFunction
    from botorch.exceptions.warnings import OptimizationWarning
    from botorch.models.gp_regression import SingleTaskGP
    from botorch.models.utils.gpytorch_modules import get_covar_module_with_dim_scaled_prior
    from botorch.optim.fit import fit_gpytorch_mll_scipy
    from botorch.optim.optimize import optimize_acqf
    from botorch.settings import validate_input_scaling
    from gpytorch.constraints import GreaterThan
    from gpytorch.likelihoods import GaussianLikelihood
    from gpytorch.mlls import ExactMarginalLogLikelihood
    from gpytorch.priors import LogNormalPrior

__all__ = [
    "AnalyticAcquisitionFunction",
    "ExactMarginalLogLikelihood",
    "GaussianLikelihood",
    "GreaterThan",
    "LogNormalPrior",
    "OptimizationWarning",
    "SingleTaskGP",
    "fit_gpytorch_mll_scipy",
    "get_covar_module_with_dim_scaled_prior",
    "optimize_acqf",
    "validate_input_scaling",
]
