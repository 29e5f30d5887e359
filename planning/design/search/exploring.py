"""NIMS-OS's strategies that seek no optimum: the unlike (BLOX), and the borders between phases (PDC)."""

import numpy as np

from planning.design.polytope import Array
from planning.design.search.local import highest
from planning.design.strategies import Situation, spread

REACH = 0.15
MOST_PLACES = 600


def blox(situation: Situation) -> tuple[Array, str]:
    """Where the model expects results least like those there are, whether good or bad: by their Stein novelty.

    Source: Terayama et al., Chem. Sci. 11, 5959 (2020), for a uniform distribution of results.
    """
    if not situation.surrogates:
        return spread(situation)
    units = situation.utilities.std(axis=0)
    units = np.where(units > 0, units, 1.0)
    seen = situation.utilities / units

    def novelty(rows: Array) -> Array:
        expected = np.column_stack([surrogate.posterior(rows)[0] for surrogate in situation.surrogates]) / units
        squares = ((expected[:, None, :] - seen[None]) ** 2).sum(axis=2)
        return np.asarray(-(np.exp(-squares / 2.0) * (seen.shape[1] - squares)).sum(axis=1))

    return highest(situation, novelty), "expected to come out least like what there is"


def phases(situation: Situation) -> tuple[Array, str]:
    """Where it is least clear which phase comes: results are names of phases, each its own number.

    Labels spread from the results to all places by how near these are, and the place is taken whose likeliest label is
    the least likely. Source: PDC, Terayama et al., Phys. Rev. Materials 3, 033802 (2019), with label propagation
    (Zhu & Ghahramani 2002) and least confidence.
    """
    labels = np.unique(situation.utilities[:, 0])
    if len(labels) < 2:
        return spread(situation)
    looks = situation.looks(MOST_PLACES)
    places = looks[np.sort(situation.rng.permutation(len(looks))[:MOST_PLACES])]
    known = (situation.utilities[:, [0]] == labels).astype(np.float64)  # (n, labels)
    likeliest = _spread_labels(situation.tried, known, places).max(axis=1)
    return places[
        likeliest.argmin()
    ], f"the likeliest of {len(labels)} phases is the least likely here ({likeliest.min():.0%})"


def _spread_labels(tried: Array, known: Array, places: Array) -> Array:
    """Chance of each label, (k, labels), at places (k, d), with those of `tried` (n, d) held at `known` (n, labels)."""
    reach = REACH * np.sqrt(tried.shape[1])
    both = np.vstack([tried, places])
    near = np.exp(-0.5 * (np.linalg.norm(places[:, None, :] - both[None], axis=2) / reach) ** 2)
    near /= near.sum(axis=1, keepdims=True)
    given, among = near[:, : len(tried)], near[:, len(tried) :]
    chances = np.linalg.solve(np.eye(len(places)) * (1.0 + 1e-9) - among, given @ known)
    return np.asarray(chances / chances.sum(axis=1, keepdims=True))
