"""The parts of BoTorch and GPyTorch in use, imported in one place and only where they are needed.

Their import (linear_operator 0.6) calls `torch.jit.script`, which recent torch declares deprecated; users can do
nothing about that warning, so it is kept from them, here and nowhere else.
"""

import warnings

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message=r"`torch\.jit", category=FutureWarning)
    warnings.filterwarnings("ignore", message=r"`torch\.jit", category=DeprecationWarning)
    from botorch.acquisition.analytic import LogExpectedImprovement, LogProbabilityOfImprovement, UpperConfidenceBound
    from botorch.exceptions.warnings import OptimizationWarning
    from botorch.fit import fit_gpytorch_mll
    from botorch.models.gp_regression import SingleTaskGP
    from botorch.models.utils.gpytorch_modules import get_covar_module_with_dim_scaled_prior
    from botorch.optim.optimize import optimize_acqf
    from botorch.settings import validate_input_scaling
    from gpytorch import kernels
    from gpytorch.mlls import ExactMarginalLogLikelihood

__all__ = [
    "ExactMarginalLogLikelihood",
    "LogExpectedImprovement",
    "LogProbabilityOfImprovement",
    "OptimizationWarning",
    "SingleTaskGP",
    "UpperConfidenceBound",
    "fit_gpytorch_mll",
    "get_covar_module_with_dim_scaled_prior",
    "kernels",
    "optimize_acqf",
    "validate_input_scaling",
]
