"""BayBE (emdgroup/baybe) with its default recommender, told everything anew each time."""

from typing import Any

import numpy as np

from planning.design.polytope import Array
from planning.design.search.new import settled
from planning.design.strategies import Situation

VALUE = "utility of the first objective"


def propose(situation: Situation, name: str) -> Array:
    """The row, (d,), that it recommends; brought to where our space allows it."""
    import pandas as pd
    import torch
    from baybe import Campaign
    from baybe.targets import NumericalTarget

    torch.manual_seed(situation.seed + len(situation.tried))
    np.random.seed(situation.seed + len(situation.tried))
    space = situation.space
    columns = [*space.names]
    campaign = Campaign(_space(situation), NumericalTarget(VALUE).to_objective(), **_options(situation))
    if len(situation.tried):
        told = pd.DataFrame(space.decode(situation.tried))[columns]
        campaign.add_measurements(told.assign(**{VALUE: situation.utilities[:, 0]}))
    awaited = pd.DataFrame(space.decode(situation.awaited))[columns] if len(situation.awaited) else None
    found = campaign.recommend(1, pending_experiments=awaited)[columns].to_dict("records")
    return np.asarray(settled(situation, space.encode(found))[0])


def _space(situation: Situation) -> Any:
    import pandas as pd
    from baybe.parameters import CategoricalParameter, NumericalContinuousParameter, NumericalDiscreteParameter
    from baybe.searchspace import SearchSpace

    space = situation.space
    if space.pool is None:
        low, high = (space.read(np.full((1, len(space.free)), end))[0] for end in (0.0, 1.0))
        parameters: list[Any] = [
            NumericalDiscreteParameter(name, space.steps[name]) if name in space.steps
            else NumericalContinuousParameter(name, (low[name], high[name]))
            for name in space.numeric
            if low[name] < high[name]
        ]  # fmt: skip
        words = [
            CategoricalParameter(name, each.choices) for name, each in space.categories.items() if len(each.choices) > 1
        ]
        return SearchSpace.from_product([*parameters, *words])
    rows = pd.DataFrame(space.candidates)
    described = [
        NumericalDiscreteParameter(name, sorted(set(rows[name]))) if name in space.numeric
        else CategoricalParameter(name, sorted(set(rows[name])))
        for name in space.names
        if rows[name].nunique() > 1
    ]  # fmt: skip
    return SearchSpace.from_dataframe(rows[[parameter.name for parameter in described]], described)


def _options(situation: Situation) -> dict[str, Any]:
    return {} if situation.space.pool is None else {"allow_recommending_already_measured": False}
