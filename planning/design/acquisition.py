"""Which point is worth a sample: the logarithm of its expected improvement over the best so far.

Source: Ament et al., NeurIPS 2023. The logarithm keeps a slope where improvement is unlikely.
"""

import math
from typing import Any

import numpy as np
import torch

from planning.design.gp_library import AnalyticAcquisitionFunction, SingleTaskGP, optimize_acqf
from planning.design.polytope import Array, Polytope
from planning.design.surrogate import Surrogate

LEAST_VARIANCE = 1e-10


class LogExpectedImprovement(AnalyticAcquisitionFunction):
    """Log of the improvement to expect at X (..., 1, d) over `incumbent` (1, d), in standardised utilities.

    The incumbent's own value is as uncertain as the model says, and correlated with the value at X: so where results
    scatter, repeating the incumbent promises nothing, which a fixed best value would not notice. Elsewhere too a
    result teaches less where the model is surer than one measurement is; the factor for this is that of Huang et al.,
    J. Global Optim. 34, 441 (2006).
    """

    def __init__(self, model: SingleTaskGP, incumbent: torch.Tensor) -> None:
        super().__init__(model)
        self.incumbent = incumbent

    def forward(self, X: torch.Tensor) -> torch.Tensor:  # noqa: N803 - BoTorch passes it by this name
        """(...,) for X (..., 1, d)."""
        pair = torch.cat([X, self.incumbent.expand(*X.shape[:-2], 1, -1)], dim=-2)
        model: Any = self.model
        posterior, noise = model.posterior(pair), model.likelihood.noise
        mean, covariance = posterior.mean.squeeze(-1), posterior.distribution.covariance_matrix
        gain = mean[..., 0] - mean[..., 1]
        variance = covariance[..., 0, 0] + covariance[..., 1, 1] - 2.0 * covariance[..., 0, 1]
        std = variance.clamp_min(LEAST_VARIANCE).sqrt()
        taught = 1.0 - (noise / (covariance[..., 0, 0].clamp_min(LEAST_VARIANCE) + noise)).sqrt()
        log_gain: torch.Tensor = log_improvement(gain / std) + std.log() + taught.log()
        return log_gain


def log_improvement(z: torch.Tensor) -> torch.Tensor:
    """Log of what is expected above 0 of a normal number with mean z and variance 1, without underflow.

    >>> log_improvement(torch.tensor([0.0, -50.0], dtype=torch.float64)).round(decimals=3).tolist()
    [-0.919, -1258.744]
    """
    log_density = -0.5 * (z**2 + math.log(2.0 * math.pi))
    near, middle, far = z.clamp_min(-1.0), z.clamp(-100.0, -1.0), z.clamp_max(-100.0)
    near_value = ((-0.5 * (near**2 + math.log(2.0 * math.pi))).exp() + near * torch.special.ndtr(near)).log()
    share = torch.special.erfcx(-middle / math.sqrt(2.0)) * math.sqrt(math.pi / 2.0)
    middle_value = log_density + torch.log1p(middle * share)
    far_value = log_density + torch.log1p(-3.0 / far**2) - 2.0 * (-far).log()
    return torch.where(z > -1.0, near_value, torch.where(z > -100.0, middle_value, far_value))


def over_the_best(surrogate: Surrogate, occupied: Array) -> LogExpectedImprovement:
    """The function for the incumbent: the best by the model's mean of what was or is being tried, (n, d)."""
    incumbent = surrogate.posterior(occupied)[0].argmax()
    return LogExpectedImprovement(surrogate.model, torch.from_numpy(occupied[[incumbent]]))


def evaluate(function: LogExpectedImprovement, inputs: Array) -> Array:
    """Log of the expected improvement, (n,), at inputs (n, d)."""
    with torch.no_grad():
        values: Array = function(torch.from_numpy(inputs).unsqueeze(1)).numpy()
    return values


def climb(function: LogExpectedImprovement, polytope: Polytope, starts: Array) -> Array:
    """The most promising input, (d,), of a polytope that is found by climbing from each of `starts` (n, d)."""
    rows, limits = polytope.walls
    normals, values = polytope.equations
    found, _ = optimize_acqf(
        function,
        bounds=torch.tensor([[0.0], [1.0]], dtype=torch.float64).expand(2, starts.shape[1]),
        q=1,
        num_restarts=len(starts),
        batch_initial_conditions=torch.from_numpy(starts).unsqueeze(1),
        inequality_constraints=[_row(row, limit) for row, limit in zip(rows, limits, strict=True)],
        equality_constraints=[_row(row, value) for row, value in zip(normals, values, strict=True)],
        options={"batch_limit": 1, "maxiter": 50},
    )
    reached = np.vstack([polytope.inside(found.numpy()), starts])
    best: Array = reached[evaluate(function, reached).argmax()]
    return best


def _row(coefficients: Array, right_side: float) -> tuple[torch.Tensor, torch.Tensor, float]:
    """A row as BoTorch takes it: which inputs, their coefficients, the right-hand side."""
    used = np.flatnonzero(coefficients)
    return torch.from_numpy(used), torch.from_numpy(coefficients[used]), float(right_side)
