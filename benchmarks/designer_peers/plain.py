"""Optimisers that are told everything anew each time, and chance."""

import numpy as np

from designer_peers.peer import Peer


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


class Physbo(Peer):
    """Expected improvement with hyper-parameters learned at every step; from a list only. It is what nimo calls."""

    packages = ("physbo",)

    def ask(self, pending):
        """See `Peer`."""
        import physbo

        told = [*self.points, *pending]
        values = [*self.values, *[min(self.values)] * len(pending)]
        policy = physbo.search.discrete.Policy(test_X=self.pool, initial_data=(np.array(told), np.array(values)))
        policy.set_seed(self.seed + len(told))
        found = policy.bayes_search(
            max_num_probes=1, simulator=None, score="EI", interval=0, num_rand_basis=0, is_disp=False
        )
        return int(found[0])


class SkOpt(Peer):
    """Its default Gaussian process, which chooses from no list."""

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
        return list(map(float, search.ask()))
