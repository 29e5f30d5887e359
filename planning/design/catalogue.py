"""Every strategy by its name, and which one suits a question if nobody says."""

from dataclasses import dataclass

from planning.design import strategies
from planning.design.search.hypervolume import hypervolume
from planning.design.space import Space
from planning.design.strategies import Strategy

SEVERAL = frozenset({"hypervolume", "random"})
"""Strategies that know several objectives."""

MODEL_FREE = frozenset({"random"})

STRATEGIES: dict[str, Strategy] = {**strategies.STRATEGIES, "hypervolume": hypervolume}
AUTO = "auto"
DEFAULT = "log_ei"
NAMES = (AUTO, *STRATEGIES)


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
    def strategy(self) -> Strategy:
        """What chooses."""
        return STRATEGIES[self.name]


def choose(name: str, space: Space, objectives: int) -> Choice:
    """The strategy of that name; for "auto" the one that suits the size and kind of the space.

    Raises:
        ValueError: there is none, or it does not serve so many objectives.
    """
    if name == AUTO:
        return _suited(space, objectives)
    if name not in STRATEGIES:
        raise ValueError(f"no strategy is called {name!r}; there are {', '.join(NAMES)}")
    if objectives > 1 and name not in SEVERAL:
        raise ValueError(f"{name} serves one objective, not {objectives}; write {', '.join(sorted(SEVERAL))} or {AUTO}")
    return Choice(name, "as asked")


def _suited(space: Space, objectives: int) -> Choice:
    if objectives > 1:
        return Choice(
            "hypervolume", f"{objectives} objectives: the front is pushed out where it is expected to grow most"
        )
    kind = f"a pool of {len(space.candidates)}" if space.pool is not None else f"{space.dimension} dimensions"
    return Choice(DEFAULT, f"one objective, {kind}: a model of few, noisy results pays")
