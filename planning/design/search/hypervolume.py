"""Several objectives: where the front is expected to grow most."""

import numpy as np

from planning.design.pareto import Columns, reference_of, undominated
from planning.design.polytope import Array
from planning.design.search.local import highest
from planning.design.strategies import Situation, spread


def hypervolume(situation: Situation) -> tuple[Array, str]:
    """The largest expected gain of dominated volume, over a front as the model believes it.

    The front is that of the means of what was or is being tried, not of the measured values: so luck is no progress.
    """
    if len(situation.surrogates) < situation.utilities.shape[1]:
        return spread(situation)
    believed = [surrogate.believing(situation.awaited) for surrogate in situation.surrogates]
    means = np.column_stack([surrogate.posterior(situation.occupied)[0] for surrogate in believed])
    reference = reference_of(means)
    columns = Columns.above(means[undominated(means)], reference)
    units = np.array([surrogate.scale for surrogate in situation.surrogates])

    def worth(rows: Array) -> Array:
        beliefs = [surrogate.posterior(rows) for surrogate in believed]
        gain = columns.expected_gain(*(np.column_stack(side) for side in zip(*beliefs, strict=True)))
        return situation.weighted(np.log(np.maximum(gain / units.prod(), 1e-300)), rows)

    chosen = highest(situation, worth)
    share = int(undominated(means).sum())
    return chosen, f"the front of {share} points is expected to grow most here"
