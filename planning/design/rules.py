"""How much a normal number is worth, given its mean and doubt; each with its derivatives by both.

All work on arrays (k,) and return the worth and its two derivatives, (k,) each. `gain` is the mean less the value to
beat.
"""

import math
from collections.abc import Callable

import numpy as np
from scipy.special import erfcx, log_ndtr, ndtr

from planning.design.polytope import Array

Worth = tuple[Array, Array, Array]
Rule = Callable[[Array, Array], Worth]
HALF_LOG_2_PI = 0.5 * math.log(2.0 * math.pi)


def bound(beta: float) -> Rule:
    """The mean and `beta` standard deviations more. Source: Cox & John, SDO 1997; Srinivas et al., ICML 2010."""
    return lambda mean, std: (mean + beta * std, np.ones_like(mean), np.full_like(std, beta))


def doubt(mean: Array, std: Array) -> Worth:
    """The standard deviation alone: where the model knows least."""
    return std, np.zeros_like(mean), np.ones_like(std)


def log_probability(gain: Array, std: Array) -> Worth:
    """Log of the probability of a gain above 0. Source: Kushner, J. Basic Eng. 86, 97 (1964)."""
    z = gain / std
    value = log_ndtr(z)
    rate = np.exp(-0.5 * z**2 - HALF_LOG_2_PI - value)
    return value, rate / std, -rate * z / std


def log_improvement(gain: Array, std: Array) -> Worth:
    """Log of the expected part above 0, with a slope however unlikely. Source: Ament et al., NeurIPS 2023."""
    z = gain / std
    value = log_improvement_of(z)
    by_z = np.exp(log_ndtr(z) - value)
    return value + np.log(std), by_z / std, (1.0 - by_z * z) / std


def log_improvement_of(z: Array) -> Array:
    """Log of what is expected above 0 of a normal number with mean z and variance 1, without underflow.

    >>> log_improvement_of(np.array([0.0, -50.0])).round(3).tolist()
    [-0.919, -1258.744]
    """
    near, middle, far = np.maximum(z, -1.0), np.clip(z, -1e3, -1.0), np.minimum(z, -1e3)
    near_value = np.log(np.exp(-0.5 * near**2 - HALF_LOG_2_PI) + near * ndtr(near))
    share = erfcx(-middle / math.sqrt(2.0)) * math.sqrt(math.pi / 2.0)
    middle_value = np.log1p(middle * share)
    far_value = np.log1p(-3.0 / far**2) - 2.0 * np.log(-far)
    tail = np.where(z > -1e3, middle_value, far_value) - 0.5 * z**2 - HALF_LOG_2_PI
    return np.where(z > -1.0, near_value, tail)


def bound_schedule(results: int, dimension: int, failure: float = 0.1) -> float:
    """The beta of GP-UCB for a compact space, as its authors scaled it for experiments (a fifth).

    Source: Srinivas et al., ICML 2010, theorem 2 and section 6. It grows with the logarithm of the number of results.

    >>> round(bound_schedule(results=10, dimension=2), 2)
    2.04
    """
    beta = 2.0 * math.log(max(results, 1) ** (dimension / 2.0 + 2.0) * math.pi**2 / (3.0 * failure))
    return math.sqrt(beta / 5.0)
