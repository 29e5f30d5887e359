"""Somebody else's optimiser behind ask and tell, as lines of JSON, in an environment of its own.

    .peers/designers_baybe/bin/python benchmarks/designer_worker.py baybe

Needs nothing of this project. A point is an index into the pool, or a list of numbers from 0 to 1; values are to be
maximised. Lines in: {"begin": {"pool": rows or null, "dimension": d, "seed": s, "points": [...], "values": [...]}},
{"ask": pending points}, {"tell": [point, value]}. Each is answered: {"version": ...}, {"point": ..., "cpu_s": ...}, {}.
"""

import json
import logging
import math
import os
import resource
import sys
import warnings

import numpy as np


class Peer:
    """Keeps what was told; `ask` gives a point, knowing those that are pending."""

    def __init__(self, pool, dimension, seed, points, values):
        self.pool = None if pool is None else np.array(pool)
        self.dimension, self.seed = dimension, seed
        self.points, self.values = list(points), list(values)

    def tell(self, point, value):
        """Learn a value."""
        self.points.append(point)
        self.values.append(value)

    def rows(self, points):
        """Rows, (n, d), of points."""
        if self.pool is None:
            return np.array(points, dtype=float).reshape(-1, self.dimension)
        return self.pool[np.array(points, dtype=int)]

    def fresh(self, pending):
        """Indices of the pool that are neither told nor pending."""
        return np.setdiff1d(np.arange(len(self.pool)), np.array([*self.points, *pending], dtype=int))

    def nearest_fresh(self, row, pending):
        """For those who cannot choose from a list: the index of the nearest row."""
        fresh = self.fresh(pending)
        return int(fresh[np.linalg.norm(self.pool[fresh] - row, axis=1).argmin()])


class BoTorch(Peer):
    """The default Gaussian process; log expected improvement, or an upper confidence bound of beta 1."""

    packages = ("botorch",)
    bound = False

    def ask(self, pending):
        """See `Peer`."""
        import torch
        from botorch.acquisition import LogExpectedImprovement, UpperConfidenceBound
        from botorch.fit import fit_gpytorch_mll
        from botorch.models import SingleTaskGP
        from botorch.optim import optimize_acqf
        from gpytorch.mlls import ExactMarginalLogLikelihood

        torch.manual_seed(self.seed + len(self.points))
        rows, values = torch.tensor(self.rows(self.points)), torch.tensor(self.values, dtype=torch.float64)[:, None]
        model = SingleTaskGP(rows, values)
        fit_gpytorch_mll(ExactMarginalLogLikelihood(model.likelihood, model))
        if pending:  # as it expects them
            expected = model.posterior(torch.tensor(self.rows(pending))).mean.detach()
            state = model.state_dict()
            model = SingleTaskGP(torch.cat([rows, torch.tensor(self.rows(pending))]), torch.cat([values, expected]))
            model.load_state_dict(state)
            model.eval()
        function = UpperConfidenceBound(model, beta=1.0) if self.bound else LogExpectedImprovement(model, values.max())
        if self.pool is None:
            box = torch.tensor([[0.0], [1.0]], dtype=torch.float64).expand(2, self.dimension)
            found, _ = optimize_acqf(function, bounds=box, q=1, num_restarts=5, raw_samples=20)  # as in its README
            return found[0].tolist()
        fresh = self.fresh(pending)
        with torch.no_grad():
            return int(fresh[int(function(torch.tensor(self.pool[fresh])[:, None]).argmax())])


class BoTorchUCB(BoTorch):
    """The same, with the bound."""

    bound = True


class Forest(Peer):
    """A random forest's expected improvement."""

    packages = ("scikit-learn",)

    def ask(self, pending):
        """See `Peer`."""
        from scipy.stats import norm
        from sklearn.ensemble import RandomForestRegressor

        forest = RandomForestRegressor(100, random_state=self.seed + len(self.points))
        forest.fit(self.rows(self.points), self.values)
        if pending:
            believed = forest.predict(self.rows(pending))
            forest.fit(self.rows([*self.points, *pending]), np.append(self.values, believed))
        rng = np.random.default_rng([self.seed, len(self.points)])
        rows = rng.random((2000, self.dimension)) if self.pool is None else self.pool[self.fresh(pending)]
        trees = np.array([tree.predict(rows) for tree in forest.estimators_])
        mean, std = trees.mean(axis=0), trees.std(axis=0) + 1e-9
        z = (mean - max(self.values)) / std
        best = int((std * (z * norm.cdf(z) + norm.pdf(z))).argmax())
        return rows[best].tolist() if self.pool is None else int(self.fresh(pending)[best])


class Random(Peer):
    """Anything not tried."""

    packages = ("numpy",)

    def ask(self, pending):
        """See `Peer`."""
        rng = np.random.default_rng([self.seed, len(self.points), len(pending)])
        return rng.random(self.dimension).tolist() if self.pool is None else int(rng.choice(self.fresh(pending)))


class Keeper(Peer):
    """One that keeps its own records: `_measured` hands a result on."""

    def tell(self, point, value):
        """See `Peer`."""
        super().tell(point, value)
        self._measured(point, value)

    def _measure_all(self):
        for point, value in zip(self.points, self.values, strict=True):
            self._measured(point, value)


class BayBE(Keeper):
    """Its default recommender."""

    packages = ("baybe", "botorch")

    def __init__(self, *told):
        super().__init__(*told)
        import pandas as pd
        import torch
        from baybe import Campaign
        from baybe.parameters import NumericalContinuousParameter, NumericalDiscreteParameter
        from baybe.searchspace import SearchSpace
        from baybe.targets import NumericalTarget

        torch.manual_seed(self.seed)
        np.random.seed(self.seed)
        self.names = [f"x{number}" for number in range(self.dimension)]
        self.frame = lambda rows: pd.DataFrame(rows, columns=self.names)
        goal = NumericalTarget("y").to_objective()
        if self.pool is None:
            space = SearchSpace.from_product([NumericalContinuousParameter(name, (0, 1)) for name in self.names])
            self.campaign = Campaign(space, goal)
        else:
            frame = self.frame(self.pool)
            parameters = [NumericalDiscreteParameter(name, sorted(set(frame[name]))) for name in self.names]
            space = SearchSpace.from_dataframe(frame, parameters)
            self.campaign = Campaign(space, goal, allow_recommending_already_measured=False)
        self._measure_all()

    def _measured(self, point, value):
        self.campaign.add_measurements(self.frame(self.rows([point])).assign(y=value))

    def ask(self, pending):
        """See `Peer`."""
        awaited = self.frame(self.rows(pending)) if pending else None
        found = self.campaign.recommend(1, pending_experiments=awaited)[self.names].to_numpy()[0]
        return found.tolist() if self.pool is None else int(np.linalg.norm(self.pool - found, axis=1).argmin())


class Ax(Keeper):
    """Its fast generation strategy; it cannot choose from a list: what it proposes is moved to the nearest row."""

    packages = ("ax-platform", "botorch")

    def __init__(self, *told):
        super().__init__(*told)
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


class Physbo(Peer):
    """Expected improvement with hyper-parameters learned at every step; from a list only."""

    packages = ("physbo",)

    def ask(self, pending):
        """See `Peer`."""
        import physbo

        if self.pool is None:
            raise ValueError("PHYSBO chooses from a list only")
        told = [*self.points, *pending]
        values = [*self.values, *[min(self.values)] * len(pending)]
        policy = physbo.search.discrete.Policy(test_X=self.pool, initial_data=(np.array(told), np.array(values)))
        policy.set_seed(self.seed + len(told))
        found = policy.bayes_search(
            max_num_probes=1, simulator=None, score="EI", interval=0, num_rand_basis=0, is_disp=False
        )
        return int(found[0])


class SkOpt(Peer):
    """Its default Gaussian process; it cannot choose from a list: what it proposes is moved to the nearest row."""

    packages = ("scikit-optimize",)

    def ask(self, pending):
        """See `Peer`."""
        from skopt import Optimizer

        search = Optimizer(
            [(0.0, 1.0)] * self.dimension, "GP", n_initial_points=0, random_state=self.seed + len(self.points)
        )
        told = [*self.points, *pending]
        values = [*self.values, *[min(self.values)] * len(pending)]
        search.tell(self.rows(told).tolist(), [-float(value) for value in values])
        row = search.ask()
        return list(map(float, row)) if self.pool is None else self.nearest_fresh(np.array(row), pending)


PEERS = {
    "botorch_log_ei": BoTorch,
    "botorch_ucb": BoTorchUCB,
    "forest": Forest,
    "random": Random,
    "baybe": BayBE,
    "ax": Ax,
    "physbo": Physbo,
    "skopt": SkOpt,
}


def cpu_s():
    """Seconds of processor time that this process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main():
    """Answer lines until there are no more."""
    from importlib.metadata import version

    warnings.filterwarnings("ignore")
    kind, peer = PEERS[sys.argv[1]], None
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no answer
    for line in sys.stdin:
        match json.loads(line):
            case {"begin": told}:
                peer = kind(told["pool"], told["dimension"], told["seed"], told["points"], told["values"])
                answer = {"version": ", ".join(f"{name} {version(name)}" for name in kind.packages)}
            case {"ask": pending}:
                start_s = cpu_s()
                point = peer.ask(pending)
                answer = {"point": point, "cpu_s": cpu_s() - start_s}
            case {"tell": [point, value]}:
                peer.tell(point, value if math.isfinite(value) else 0.0)
                answer = {}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
