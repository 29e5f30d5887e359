"""What stays the same in a fit while lines are moved: counts, their weights, and the background beneath the lines."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy  # its parts, which are slow to load, come when they are first used: a check before a run needs none

from robot.diffraction.profile import Floats

KNOTS_DEG = 6.0
"""Between knots of the background: too far apart to follow a line."""


@dataclass(frozen=True, eq=False)
class Ground:
    """Counts, and what lies beneath the lines."""

    counts: Floats
    variances: Floats
    """(N,) how far counts may stray from the model."""
    splines: Floats
    """(N, B) of which a background is made: cubic, smooth, positive."""

    @cached_property
    def weights(self) -> Floats:
        """(N,)"""
        weights: Floats = 1 / np.sqrt(self.variances)
        return weights

    @cached_property
    def weighted(self) -> Floats:
        """(N, B + 1) splines, then counts, in standard deviations."""
        return np.column_stack([self.splines, self.counts]) * self.weights[:, None]

    @cached_property
    def products(self) -> Floats:
        """(B, B + 1) of the splines with each other and with the counts."""
        products: Floats = self.weighted[:, :-1].T @ self.weighted
        return products


def splines(two_theta_deg: Floats) -> Floats:
    """(N, B) cubic, smooth and positive, of which a background is made."""
    low_deg, high_deg = two_theta_deg[0], two_theta_deg[-1]
    inner_deg = np.linspace(low_deg, high_deg, round((high_deg - low_deg) / KNOTS_DEG) + 1)
    knots_deg = np.concatenate([[low_deg] * 3, inner_deg, [high_deg] * 3])
    matrix: Floats = scipy.interpolate.BSpline.design_matrix(two_theta_deg, knots_deg, 3).toarray()
    return matrix
