"""Is it worth more to measure again what was measured than to try something new?

What a result is worth is how much better one would then choose: the knowledge gradient of Frazier, Powell & Dayanik,
INFORMS J. Comput. 21, 599 (2009), here with each point's doubt taken for itself.
"""

import math

import numpy as np
from scipy.special import ndtr

from planning.design.polytope import Array


def knowledge(means: Array, stds: Array, noise_std: float, rival: Array) -> Array:
    """How much better, (n,), the best choice is expected to be after one more measurement of each point.

    Args:
        means: utility of each, (n,).
        stds: its doubt, (n,).
        noise_std: of one measurement.
        rival: best mean among all other points, (n,).
    """
    taught = stds**2 / np.sqrt(stds**2 + noise_std**2 + 1e-300)
    taught = np.maximum(taught, 1e-300)
    z = -np.abs(means - rival) / taught
    return np.asarray(taught * (z * ndtr(z) + np.exp(-0.5 * z**2) / math.sqrt(2.0 * math.pi)))


def worth_repeating(tried: tuple[Array, Array], new: tuple[float, float], noise_std: float) -> int | None:
    """Which of the tried points to measure again, by its index; None if a new point teaches more.

    Args:
        tried: means and doubts of the utilities of the distinct tried points, (n,) each.
        new: mean and doubt of the new point.
        noise_std: of one measurement; without noise nothing is worth repeating.
    """
    means, stds = tried
    if noise_std <= 0 or len(means) < 2:
        return None
    first, second = np.sort(means)[::-1][:2]
    rival = np.where(means == first, second, first)
    again = knowledge(means, stds, noise_std, rival)
    fresh = knowledge(np.array([new[0]]), np.array([new[1]]), noise_std, np.array([first]))[0]
    return int(again.argmax()) if again.max() > fresh else None
