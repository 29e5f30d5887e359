"""Ax (facebook/Ax) with its fast generation strategy, told everything anew each time.

It chooses from no list and knows no sums: what it proposes is moved to the nearest row that may be proposed.
"""

import logging

import numpy as np

from planning.design.polytope import Array
from planning.design.search.new import settled
from planning.design.strategies import Situation


def propose(situation: Situation, name: str) -> Array:
    """The row, (d,), that it generates, over our columns from 0 to 1; brought to where our space allows it."""
    from ax.api.client import Client
    from ax.api.configs import RangeParameterConfig

    for each in [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "ax"]:
        logging.getLogger(each).setLevel(logging.CRITICAL)
    client = Client(random_seed=situation.seed + len(situation.occupied))
    columns = [f"x{index}" for index in range(len(situation.space.free))]
    client.configure_experiment(
        parameters=[RangeParameterConfig(name=column, parameter_type="float", bounds=(0.0, 1.0)) for column in columns]
    )
    client.configure_optimization(objective="utility")
    client.configure_generation_strategy(method="fast", initialization_budget=0)
    for row, utility in zip(situation.tried.clip(0.0, 1.0), situation.utilities[:, 0], strict=True):
        trial = client.attach_trial(dict(zip(columns, map(float, row), strict=True)))
        client.complete_trial(trial, {"utility": float(utility)})
    for row in situation.awaited.clip(0.0, 1.0):
        client.attach_trial(dict(zip(columns, map(float, row), strict=True)))
    ((_, found),) = client.get_next_trials(max_trials=1).items()
    return np.asarray(settled(situation, np.array([[found[column] for column in columns]]))[0])
