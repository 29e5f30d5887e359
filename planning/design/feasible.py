"""Is there a point at all, and which limits contradict each other: a mixed-integer linear programme (HiGHS)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from planning.design import constraint
from planning.design.constraint import Limit, Presence, Steps

Array = NDArray[np.float64]


class _Programme:
    """Rows over the numbers, and over helpers that say which value or part is taken."""

    def __init__(self, names: Sequence[str]) -> None:
        self.column = {name: index for index, name in enumerate(names)}
        self.rows: list[tuple[dict[int, float], float, float]] = []
        self.highest = [np.inf] * len(names)
        self.lowest = [-np.inf] * len(names)
        self.whole = [0] * len(names)

    def helper(self) -> int:
        """A new column that is 0 or 1."""
        self.lowest.append(0.0)
        self.highest.append(1.0)
        self.whole.append(1)
        return len(self.whole) - 1

    def add(self, limit: Limit) -> None:
        """Put a limit into rows."""
        match limit:
            case constraint.LinearConstraint(coefficients, lower, upper):
                self.rows.append(({self.column[name]: size for name, size in coefficients.items()}, lower, upper))
            case Steps(name, values):
                taken = {self.helper(): float(value) for value in values}
                self.rows.append(({self.column[name]: -1.0, **taken}, 0.0, 0.0))
                self.rows.append((dict.fromkeys(taken, 1.0), 1.0, 1.0))
            case Presence(_, parts, at_least, at_most, minimum):
                present = [self.helper() for _ in parts]
                for part, helper, least in zip(parts, present, minimum, strict=True):
                    self.rows.append(({self.column[part]: 1.0, helper: -1.0}, -np.inf, 0.0))
                    self.rows.append(({self.column[part]: 1.0, helper: -float(least)}, 0.0, np.inf))
                self.rows.append((dict.fromkeys(present, 1.0), at_least, at_most))

    def solve(self, direction: Array) -> Array | None:
        """The numbers, (d,), that lie farthest along a direction; None if there are none."""
        matrix = np.zeros((len(self.rows), len(self.whole)))
        for index, (row, _, _) in enumerate(self.rows):
            matrix[index, list(row)] = list(row.values())
        limits = LinearConstraint(matrix, [low for _, low, _ in self.rows], [high for _, _, high in self.rows])
        costs = np.concatenate([-direction, np.zeros(len(self.whole) - len(direction))])
        answer = milp(
            costs,
            integrality=np.array(self.whole, dtype=np.int8),
            bounds=Bounds(self.lowest, self.highest),
            constraints=limits,
        )
        return None if answer.x is None else np.asarray(answer.x[: len(direction)], dtype=np.float64)


def farthest(names: Sequence[str], limits: Sequence[Limit], direction: Array) -> Array | None:
    """Numbers, (len(names),), that keep all limits and lie farthest along a direction; None if there are none."""
    programme = _Programme(names)
    for limit in limits:
        programme.add(limit)
    return programme.solve(direction)


def conflict(names: Sequence[str], limits: Sequence[Limit]) -> list[Limit]:
    """A smallest set of limits that nothing keeps: any one of them dropped, the others agree. Empty if all agree."""
    nowhere = np.zeros(len(names))
    if farthest(names, limits, nowhere) is not None:
        return []
    needed = list(limits)
    for limit in limits:
        others = [other for other in needed if other is not limit]
        if others and farthest(names, others, nowhere) is None:
            needed = others
    return needed
