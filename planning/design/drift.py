"""Do batches differ by more than their points explain? Then something on the bench has changed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import f_oneway

if TYPE_CHECKING:
    from planning.design.history import History
    from planning.design.surrogate import Surrogate

LEAST_CHANCE = 0.01


@dataclass(frozen=True)
class Drift:
    """Batches that differ: which one most, by how much in utility, and how likely chance alone would do that."""

    batch: str
    shift: float
    chance: float


def drift_of(history: "History", surrogate: "Surrogate") -> Drift | None:
    """Compare what batches gave with what the model of all results expects of their points: an analysis of variance.

    None where fewer than two batches have two results each, or chance explains the differences.
    """
    gaps = history.utilities[:, 0] - surrogate.posterior(history.rows)[0]
    names = np.array([each.batch for each in history.measured])
    groups = {name: gaps[names == name] for name in dict.fromkeys(names.tolist()) if name and (names == name).sum() > 1}
    if len(groups) < 2 or not any(np.ptp(group) for group in groups.values()):
        return None
    chance = float(f_oneway(*groups.values()).pvalue)
    if not chance < LEAST_CHANCE:
        return None
    means = {name: float(group.mean()) for name, group in groups.items()}
    batch = max(means, key=lambda name: abs(means[name]))
    others = np.concatenate([group for name, group in groups.items() if name != batch])
    return Drift(batch, means[batch] - float(others.mean()), chance)
