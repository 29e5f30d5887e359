"""Optimisers that keep their own records of a campaign."""

import logging

import numpy as np

from designer_peers.peer import Keeper


class BayBE(Keeper):
    """Its default recommender; it knows words and their descriptors."""

    packages = ("baybe", "botorch")

    def __init__(self, **told):
        super().__init__(**told)
        import pandas as pd
        import torch
        from baybe import Campaign
        from baybe.searchspace import SearchSpace
        from baybe.targets import NumericalTarget

        torch.manual_seed(self.seed)
        np.random.seed(self.seed)
        goal = NumericalTarget("y").to_objective()
        if self.pool is None:
            self.names = [f"x{number}" for number in range(self.dimension)]
            self.campaign = Campaign(SearchSpace.from_product(self._ranges()), goal)
        else:
            self.frame = pd.DataFrame(self.table["points"])
            self.names = list(self.frame)
            space = SearchSpace.from_dataframe(self.frame, [self._column(name) for name in self.names])
            self.campaign = Campaign(space, goal, allow_recommending_already_measured=False)
        self._measure_all()

    def _ranges(self):
        from baybe.parameters import NumericalContinuousParameter

        return [NumericalContinuousParameter(name, (0, 1)) for name in self.names]

    def _column(self, name):
        import pandas as pd
        from baybe.parameters import CategoricalParameter, CustomDiscreteParameter, NumericalDiscreteParameter

        values = sorted(set(self.frame[name]))
        if not isinstance(values[0], str):
            return NumericalDiscreteParameter(name, values)
        if name not in self.table["descriptors"]:
            return CategoricalParameter(name, values)
        figures = pd.DataFrame.from_dict(self.table["descriptors"][name], orient="index")
        return CustomDiscreteParameter(name, figures.loc[values, figures.nunique() > 1])

    def _named(self, points):
        import pandas as pd

        if self.pool is None:
            return pd.DataFrame(self.rows(points), columns=self.names)
        return self.frame.iloc[points].reset_index(drop=True)

    def _measured(self, point, value):
        self.campaign.add_measurements(self._named([point]).assign(y=value))

    def ask(self, pending):
        """See `Peer`."""
        awaited = self._named(pending) if pending else None
        found = self.campaign.recommend(1, pending_experiments=awaited)[self.names].iloc[0]
        if self.pool is None:
            return found.to_list()
        return int((self.frame == found).all(axis=1).argmax())


class Ax(Keeper):
    """Its fast generation strategy; it cannot choose from a list: what it proposes is moved to the nearest row."""

    packages = ("ax-platform", "botorch")

    def __init__(self, **told):
        super().__init__(**told)
        from ax.api.client import Client
        from ax.api.configs import RangeParameterConfig

        logging.disable(logging.CRITICAL)
        self.client = Client(random_seed=self.seed)
        names = [f"x{number}" for number in range(self.dimension)]
        self.client.configure_experiment(
            parameters=[RangeParameterConfig(name=name, parameter_type="float", bounds=(0.0, 1.0)) for name in names]
        )
        self.client.configure_optimization(objective="y")
        self.client.configure_generation_strategy(method="fast", initialization_budget=0)
        self._measure_all()

    def _measured(self, point, value):
        row = self.rows([point])[0]
        trial = self.client.attach_trial({f"x{number}": float(x) for number, x in enumerate(row)})
        self.client.complete_trial(trial, {"y": float(value)})

    def ask(self, pending):
        """See `Peer`."""
        ((trial, found),) = self.client.get_next_trials(max_trials=1).items()
        self.client.mark_trial_abandoned(trial)
        row = np.array([found[f"x{number}"] for number in range(self.dimension)])
        return row.tolist() if self.pool is None else self.nearest_fresh(row, pending)
