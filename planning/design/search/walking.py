"""Walks that go up, and sometimes down: simulated annealing, and Markov chains that sample good points."""

from collections.abc import Callable

import numpy as np

from planning.design.polytope import Array
from planning.design.search.new import new_or_any
from planning.design.strategies import Situation, spread

STEP = 0.15
COOLING = 0.93
TRIES = 64
CHAIN_TEMPERATURE = 0.5


def annealing(situation: Situation) -> tuple[Array, str]:
    """A step from where a cooling walk has come to. Source: Kirkpatrick, Gelatt & Vecchi, Science 220, 671 (1983)."""
    return _step(situation, lambda steps: COOLING**steps, "annealing")


def mcmc(situation: Situation) -> tuple[Array, str]:
    """A step of a chain that visits points as often as they are good: as exp(utility / T), T half the scatter of results.

    Source: Metropolis et al., J. Chem. Phys. 21, 1087 (1953).
    """
    return _step(situation, lambda steps: CHAIN_TEMPERATURE, "a Markov chain")


def _step(situation: Situation, temperature: Callable[[int], float], name: str) -> tuple[Array, str]:
    """Walk through the results in the order in which they were told, then propose a neighbour of the place reached.

    Temperatures are in standard deviations of the results.
    """
    utilities = situation.utilities[:, 0]
    if not len(utilities):
        return spread(situation)
    scale, here = float(utilities.std()) or 1.0, 0
    for step in range(1, len(utilities)):
        rise = (utilities[step] - utilities[here]) / (scale * temperature(step))
        if np.log(np.random.default_rng([situation.seed, step]).random()) < rise:
            here = step
    reach = STEP * max(temperature(len(utilities)), 0.1)
    steps = reach * situation.rng.normal(size=(TRIES, situation.tried.shape[1]))
    steps *= np.linspace(1.0, 4.0, TRIES)[:, None]  # farther, where all that is near is taken
    return new_or_any(situation, situation.tried[here] + steps, f"a step of {name} from result {here + 1}")
