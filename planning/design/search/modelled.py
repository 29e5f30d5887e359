"""Other ways to use a model: improvement by chance, a schedule of bounds, draws, trees, and learning for its own sake."""

import numpy as np

from planning.design import acquisition, rules, strategies
from planning.design.acquisition import VarianceReduction
from planning.design.polytope import Array
from planning.design.search.local import highest
from planning.design.strategies import Situation, spread
from planning.design.surrogate import Surrogate

DRAWN_AT = 600
TARGETS = 200


def gp_ucb(situation: Situation) -> tuple[Array, str]:
    """An upper bound that widens with the number of results, so that regret surely falls (Srinivas et al. 2010)."""
    if situation.surrogate is None:
        return spread(situation)
    surrogate = situation.surrogate.believing(situation.awaited)
    beta = rules.bound_schedule(len(situation.occupied), situation.space.dimension)
    chosen = strategies.highest(situation, acquisition.upper_bound(surrogate, beta))
    return chosen, f"the mean and {beta:.2g} standard deviations more are highest here"


def probability_of_improvement(situation: Situation) -> tuple[Array, str]:
    """Where anything better is the most likely, however little."""
    if situation.surrogate is None:
        return spread(situation)
    surrogate = situation.surrogate.believing(situation.awaited)
    function = acquisition.probability_of_improvement(surrogate, situation.occupied)
    chosen = strategies.highest(situation, function)
    return chosen, f"better than the best with {np.exp(function.values(chosen[None])[0]):.0%} probability"


def thompson(situation: Situation) -> tuple[Array, str]:
    """The top of one of the functions that the results allow, drawn at random (Thompson, Biometrika 25, 285, 1933)."""
    if situation.surrogate is None:
        return spread(situation)
    processes, rng = situation.surrogate.believing(situation.awaited).processes, situation.rng
    looks = situation.looks(DRAWN_AT)
    places = looks[rng.permutation(len(looks))[:DRAWN_AT]]
    drawn = processes[rng.integers(len(processes))].draw(places, rng)
    best: Array = places[situation.weighted(drawn, places, is_log=False).argmax()]
    return best, "the top of a function drawn from those that the results allow"


def largest_doubt(situation: Situation) -> tuple[Array, str]:
    """Where the model knows least: for a better model, not a better sample."""
    if situation.surrogate is None:
        return spread(situation)
    function = acquisition.largest_doubt(situation.surrogate.believing(situation.awaited))
    return strategies.highest(situation, function), "the model knows least here"


def least_variance(situation: Situation) -> tuple[Array, str]:
    """Where a result lessens the doubt most over the whole space."""
    if situation.surrogate is None:
        return spread(situation)
    surrogate: Surrogate = situation.surrogate.believing(situation.awaited)
    looks = situation.looks(TARGETS)
    targets = looks[situation.rng.permutation(len(looks))[:TARGETS]]
    function = VarianceReduction(surrogate.processes, targets)
    return strategies.highest(situation, function), "a result here lessens the model's doubt most, over the whole space"


def forest_ei(situation: Situation) -> tuple[Array, str]:
    """The largest expected improvement under a random forest."""
    if situation.surrogate is None:
        return spread(situation)
    from planning.design import forest  # scikit-learn takes a second to import

    trees = forest.fit(situation.tried, situation.utilities[:, 0], situation.seed).believing(situation.awaited)
    best = float(trees.moments(situation.tried)[0].max())

    def worth(rows: Array) -> Array:
        mean, std = trees.moments(rows)
        return situation.weighted(rules.log_improvement(mean - best, std)[0], rows)

    return highest(situation, worth), "expected to improve most, by a random forest"
