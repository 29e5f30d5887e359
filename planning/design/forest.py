"""A random forest as a surrogate: for results that jump. It knows no slopes.

Source: Breiman, Mach. Learn. 45, 5 (2001); the doubt is that of the trees with one another, as in SMAC (Hutter et al.,
LION 2011).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.ensemble import RandomForestRegressor

from planning.design.polytope import Array

TREES = 100
LEAST_STD = 1e-6


@dataclass(frozen=True, eq=False)
class Forest:
    """Fitted trees."""

    regressor: Any
    inputs: Array
    utilities: Array
    seed: int

    def moments(self, inputs: Array) -> tuple[Array, Array]:
        """Mean and standard deviation, (n,) each, of what the trees say at inputs (n, d), as utilities."""
        answers = np.array([tree.predict(inputs) for tree in self.regressor.estimators_])
        return answers.mean(axis=0), np.maximum(answers.std(axis=0), LEAST_STD)

    def believing(self, inputs: Array) -> "Forest":
        """A forest grown as if results were in for inputs (n, d) and just as expected."""
        if not len(inputs):
            return self
        expected, _ = self.moments(inputs)
        return fit(np.vstack([self.inputs, inputs]), np.append(self.utilities, expected), self.seed)


def fit(inputs: Array, utilities: Array, seed: int) -> Forest:
    """Grow a forest on inputs (n, d) and utilities (n,)."""
    regressor = RandomForestRegressor(TREES, random_state=seed)
    return Forest(regressor.fit(inputs, utilities), inputs, utilities, seed)
