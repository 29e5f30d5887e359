"""Measured tables as pools to choose from; larger is better throughout."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from planning.design.pareto import hypervolume, undominated
from planning.design.pool import read_rows

Array = NDArray[np.float64]
Named = dict[str, Any]
Descriptors = Mapping[str, Mapping[str, Mapping[str, float]]]
TABLES = Path(__file__).parents[1] / "../shared/data/optimization"
LIANG = {"p3ht_cnt": 1.0, "agnp": -1.0, "perovskite": -1.0, "autoam": 1.0, "crossed_barrel": 1.0}
"""The sets of Liang et al., npj Comput. Mater. 7, 188 (2021); 1 for what is maximised."""

WORDS = ("arylation", "arylation_described")
"""Direct arylation (Shields et al., Nature 590, 89, 2021): bases, ligands and solvents as words, or with descriptors."""

FRONTS: dict[str, tuple[str, dict[str, float]]] = {
    "suzuki": ("suzuki_i", {"yield": 1.0, "turnover": 1.0}),
    "arylation_cost": ("direct_arylation_yield_cost", {"yield": 1.0, "cost": -1.0}),
}
"""Two objectives each."""

ALIKE = 0.95
"""Descriptors that correlate by more count as one, for those who know only numbers; as Shields et al. do it."""


@dataclass(frozen=True)
class Pool:
    """A table.

    Attributes:
        points: what may be chosen, by name.
        repeats: of each point its measurements, (r,), or (r, objectives).
        descriptors: of each column of words, of each word its figures by name.
    """

    points: Sequence[Named]
    repeats: Sequence[Array]
    descriptors: Descriptors = field(default_factory=dict)
    tops: ClassVar[float] = 0.05

    @property
    def rows(self) -> Array:
        """The points for those who know only numbers, (k, d), from 0 to 1: words one-hot, or by their descriptors."""
        return np.column_stack([self._columns(name) for name in self.points[0]])

    @property
    def truth(self) -> Array:
        """The mean of each point's measurements, (k,), or (k, objectives)."""
        return np.array([repeats.mean(axis=0) for repeats in self.repeats])

    def share(self, points: list[int]) -> float:
        """Which share of the table's best 5 % is among the points."""
        best = np.argsort(-self.truth)[: max(1, round(self.tops * len(self.points)))]
        return len(set(best.tolist()) & set(points)) / len(best)

    def lacks(self, points: list[int], start: int) -> Array:
        """What the best so far lacks after each of the points after `start`; 1 is the lack of the table's median."""
        truth = self.truth
        best = np.maximum.accumulate(truth[points])[start:]
        return np.asarray((truth.max() - best) / (truth.max() - np.median(truth)))

    def volumes(self, points: list[int], start: int) -> Array:
        """For each number of points from `start`: the volume they dominate above the table's worst, over the table's own."""
        truth = self.truth
        worst = truth.min(axis=0)
        whole = hypervolume(truth[undominated(truth)], worst)
        return np.array([hypervolume(truth[points[:n]], worst) / whole for n in range(start, len(points) + 1)])

    def _columns(self, name: str) -> Array:
        values = [point[name] for point in self.points]
        if not isinstance(values[0], str):
            return _scaled(np.array(values, dtype=np.float64)[:, None])
        words = sorted(set(values))
        place = [words.index(value) for value in values]
        if name not in self.descriptors:
            return np.eye(len(words))[place]
        figures = np.array([[*self.descriptors[name][word].values()] for word in words])
        figures = figures[:, np.ptp(figures, axis=0) > 0]
        return _scaled(figures[:, _unlike(figures)])[place]


@cache
def pool(name: str) -> Pool:
    """A table by name, repeats gathered by condition."""
    if name in LIANG:
        rows = read_rows(TABLES / f"{name}.csv")
        *inputs, outcome = rows[0]
        return Pool(*_gathered(rows, inputs, {outcome: LIANG[name]}))
    if name in FRONTS:
        table, outcomes = FRONTS[name]
        rows = read_rows(TABLES / f"{table}.csv")
        return Pool(*_gathered(rows, [column for column in rows[0] if column not in outcomes], outcomes))
    rows = read_rows(TABLES / "direct_arylation.csv")
    *inputs, outcome = rows[0]
    points, repeats = _gathered(rows, inputs, {outcome: 1.0})
    parts = {"Base_SMILES": "base", "Ligand_SMILES": "ligand", "Solvent_SMILES": "solvent"}
    described = {column: _descriptors(part) for column, part in parts.items()}
    return Pool(points, repeats, described if name == "arylation_described" else {})


def _gathered(
    rows: Sequence[Mapping[str, Any]], inputs: Sequence[str], outcomes: Mapping[str, float]
) -> tuple[list[Named], list[Array]]:
    """The conditions in order, and of each its measurements, larger ones being better."""
    by_condition: dict[tuple[Any, ...], list[list[float]]] = {}
    for row in rows:
        measured = [sign * row[outcome] for outcome, sign in outcomes.items()]
        by_condition.setdefault(tuple(row[name] for name in inputs), []).append(measured)
    conditions = sorted(by_condition)
    repeats = [np.array(by_condition[condition]) for condition in conditions]
    points = [dict(zip(inputs, condition, strict=True)) for condition in conditions]
    return points, [each[:, 0] if len(outcomes) == 1 else each for each in repeats]


def _descriptors(part: str) -> dict[str, dict[str, float]]:
    """Of each word all that is a number."""
    rows = read_rows(TABLES / f"direct_arylation_{part}_dft.csv")
    return {
        str(row[f"{part}_SMILES"]): {name: value for name, value in row.items() if isinstance(value, float)}
        for row in rows
    }


def _unlike(figures: Array) -> list[int]:
    """The columns, in order, of (n, m) that are like none before them that is taken."""
    centred = figures - figures.mean(axis=0)
    scaled = centred / np.linalg.norm(centred, axis=0)
    taken = [0]
    for column in range(1, scaled.shape[1]):
        if np.abs(scaled[:, taken].T @ scaled[:, column]).max() <= ALIKE:
            taken.append(column)
    return taken


def _scaled(figures: Array) -> Array:
    return np.asarray((figures - figures.min(axis=0)) / np.ptp(figures, axis=0))
