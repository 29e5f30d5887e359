"""What all peers have in common: what was told, and what is still to choose from."""

from abc import ABC, abstractmethod

import numpy as np


class Peer(ABC):
    """Keeps what was told; `ask` gives a point, knowing those that are pending.

    Args:
        pool: rows to choose from, of numbers from 0 to 1; None if anything between may be chosen.
        table: the pool by name, {"points": [...], "descriptors": {...}}, for those who know words; None without a pool.
        dimension: how many numbers a row has.
        seed: of every choice.
        points: told already, as indices of the pool, or as rows.
        values: of these, to be maximised; lists for several objectives.
    """

    packages = ()

    def __init__(self, pool, table, dimension, seed, points, values):
        self.pool = None if pool is None else np.array(pool)
        self.table, self.dimension, self.seed = table, dimension, seed
        self.points, self.values = list(points), list(values)

    def tell(self, point, value):
        """Learn a value."""
        self.points.append(point)
        self.values.append(value)

    @abstractmethod
    def ask(self, pending):
        """The point to try next."""

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


class Keeper(Peer):
    """One that keeps its own records: `_measured` hands a result on."""

    def tell(self, point, value):
        """See `Peer`."""
        super().tell(point, value)
        self._measured(point, value)

    @abstractmethod
    def _measured(self, point, value):
        """Hand a result on."""

    def _measure_all(self):
        for point, value in zip(self.points, self.values, strict=True):
            self._measured(point, value)
