"""Every strategy by its name, and which one suits a question if nobody says."""

from dataclasses import dataclass

from planning.design import strategies
from planning.design.peers import PEERS, peer, require
from planning.design.search.exploring import blox, phases
from planning.design.search.hypervolume import hypervolume
from planning.design.search.modelled import (
    forest_ei,
    gp_ucb,
    largest_doubt,
    least_variance,
    probability_of_improvement,
    thompson,
)
from planning.design.search.policy import blocks_of, policy
from planning.design.search.regular import grid, latin_hypercube, sobol
from planning.design.search.replayed import downhill_simplex, gradient
from planning.design.search.walking import annealing, mcmc
from planning.design.space import Space
from planning.design.strategies import Strategy

REGULAR: dict[str, Strategy] = {"grid": grid, "sobol": sobol, "latin_hypercube": latin_hypercube}
"""Strategies that do not look at results."""

STEPWISE: dict[str, Strategy] = {
    "gradient": gradient,
    "downhill_simplex": downhill_simplex,
    "annealing": annealing,
    "mcmc": mcmc,
    "policy": policy,
    "phases": phases,
}
"""Strategies that look at results but at no model."""

MODELLED: dict[str, Strategy] = {
    "gp_ucb": gp_ucb,
    "probability_of_improvement": probability_of_improvement,
    "thompson": thompson,
    "forest": forest_ei,
    "largest_doubt": largest_doubt,
    "least_variance": least_variance,
}
"""Other uses of a model; the last two are for the model itself."""

STRATEGIES: dict[str, Strategy] = {
    **strategies.STRATEGIES, **MODELLED, **REGULAR, **STEPWISE, "blox": blox, "hypervolume": hypervolume,
}  # fmt: skip
MODEL_FREE = frozenset({"random", *REGULAR, *STEPWISE, *PEERS})
SEVERAL = frozenset({"hypervolume", "blox", "random", *REGULAR})
"""Strategies that serve several objectives."""
PEER_STRATEGIES: dict[str, Strategy] = {name: peer(name) for name in PEERS}
"""Other people's optimisers, if they are installed."""

AUTO = "auto"
DEFAULT, WITH_CHOICES = "upper_bound", "log_ei"
"""What suits one objective, and one in a space with choices of parts or words. docs/decisions/0008 says why."""

NAMES = (AUTO, *STRATEGIES, *PEERS)


@dataclass(frozen=True)
class Choice:
    """A strategy by name, and why it was taken."""

    name: str
    why: str

    @property
    def is_model_free(self) -> bool:
        """Does it look at no model?"""
        return self.name in MODEL_FREE

    @property
    def has_first_design(self) -> bool:
        """Does it want points spread over the space before it begins?"""
        return self.name not in ("random", *REGULAR)

    @property
    def strategy(self) -> Strategy:
        """What chooses."""
        return {**STRATEGIES, **PEER_STRATEGIES}[self.name]


def choose(name: str, space: Space, objectives: int) -> Choice:
    """The strategy of that name; for "auto" the one that suits the size and kind of the space.

    Raises:
        ValueError: there is none, it does not serve so many objectives or this space, or is not installed.
    """
    if name == AUTO:
        return _suited(space, objectives)
    if name not in NAMES:
        raise ValueError(f"no strategy is called {name!r}; there are {', '.join(NAMES)}")
    if objectives > 1 and name not in SEVERAL:
        raise ValueError(f"{name} serves one objective, not {objectives}; write {', '.join(sorted(SEVERAL))} or {AUTO}")
    if name in PEERS:
        require(name)
    if name == "policy" and not blocks_of(space):
        raise ValueError("policy draws words and steps, and the space has none; write another strategy, or auto")
    return Choice(name, "as asked")


def _suited(space: Space, objectives: int) -> Choice:
    if objectives > 1:
        return Choice(
            "hypervolume", f"{objectives} objectives: the front is pushed out where it is expected to grow most"
        )
    if space.pool is None and not space.is_plain:
        return Choice(
            WITH_CHOICES, "one objective, and parts or words to choose among: no choice is left untried too soon"
        )
    kind = f"a pool of {len(space.candidates)}" if space.pool is not None else f"{space.dimension} dimensions"
    return Choice(DEFAULT, f"one objective, {kind}: few, noisy results pay best where a model hopes for most")
