"""When to stop: what the next batch may still bring, against what it costs, and how far the best may be from the truth."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planning.design.polytope import Array
from planning.design.why import improvement

if TYPE_CHECKING:
    from planning.design.surrogate import Surrogate

BETA = 2.0
"""Standard deviations that bound the truth: 95 % if the model is right."""


@dataclass(frozen=True)
class Advice:
    """Whether to stop, and why; figures in utilities.

    Attributes:
        stop: what was found says so.
        gain: what the next batch is expected to add to the best.
        regret_bound: by how much, at most, the best point is likely to be worse than the best there is.
        noise_std: of one measurement.
        why: a sentence.
    """

    stop: bool
    gain: float
    regret_bound: float
    noise_std: float
    why: str


def advise(
    surrogate: "Surrogate", tried: Array, looks: Array, noise_std: float, batch: int, worth_of_gain: float | None
) -> Advice:
    """Look at what is left to find.

    The regret bound is that of Makarova et al., AutoML 2022: the highest upper bound anywhere less the highest lower
    bound of what was tried. Below the scatter of one measurement nobody could tell the difference.

    Args:
        tried: (n, d).
        looks: rows all over the space, (k, d).
        noise_std: of one measurement.
        batch: how many samples would be made next.
        worth_of_gain: what a utility of 1 is worth, in units of what one sample costs; None if nobody knows.
    """
    means, stds = surrogate.posterior(tried)
    best = float(means.max())
    everywhere = np.vstack([looks, tried])
    all_means, all_stds = surrogate.posterior(everywhere)
    regret = float((all_means + BETA * all_stds).max() - (means - BETA * stds).max())
    gain = _gain_of_batch(surrogate, looks, best, batch)
    if worth_of_gain is not None and gain * worth_of_gain < batch:
        sentence = f"the next {batch} samples cost {batch:g} and are expected to bring {gain * worth_of_gain:.2g}"
        return Advice(True, gain, regret, noise_std, sentence)
    if 0 < regret <= noise_std or regret <= 0:
        sentence = (
            f"the best is likely within {regret:.2g} of all there is, less than replicates scatter ({noise_std:.2g})"
        )
        return Advice(True, gain, regret, noise_std, sentence)
    return Advice(
        False, gain, regret, noise_std, f"up to {regret:.2g} may be left to gain, {gain:.2g} is expected next"
    )


def _gain_of_batch(surrogate: "Surrogate", looks: Array, best: float, batch: int) -> float:
    """Expected improvements of points chosen one by one, each as if the earlier had come out as expected."""
    total, believed = 0.0, surrogate
    for _ in range(batch):
        gains, _ = improvement(*believed.posterior(looks), best)
        index = int(gains.argmax())
        total += float(gains[index])
        believed = believed.believing(looks[[index]])
    return total
