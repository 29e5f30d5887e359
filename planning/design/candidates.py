"""Tables as NIMS-OS keeps them: candidates, whose last columns are the objectives, empty where nothing was measured; and
proposals, which name candidates by their number.

Format: NIMS-OS, basic usage, https://nimsos-dev.github.io/nimsos/; its objectives are all maximised.
"""

import csv
from collections.abc import Sequence
from math import isnan
from pathlib import Path

from planning.design.catalogue import AUTO
from planning.design.designer import Designer
from planning.design.objective import Objective
from planning.design.observation import Observation
from planning.design.polytope import Array
from planning.design.pool import read_rows
from planning.design.space import Space
from planning.design.suggestion import Suggestion

ACTIONS = "actions"


def designer_from(
    path: Path, objectives: int, *, minimise: Sequence[str] = (), strategy: str = AUTO, seed: int = 0
) -> Designer:
    """A designer who chooses from the candidates of a table and knows what was measured.

    Args:
        objectives: how many of the last columns they are.
        minimise: which of them are to be small.

    Raises:
        ValueError: the table cannot be read or has no such columns.
    """
    rows = read_rows(path)
    names = list(rows[0])
    if not 1 <= objectives < len(names):
        raise ValueError(
            f"{path} has {len(names)} columns; {objectives} of them cannot be objectives, with one parameter or more left"
        )
    inputs, goals = names[:-objectives], names[-objectives:]
    if strangers := sorted(set(minimise) - set(goals)):
        raise ValueError(
            f"{', '.join(strangers)} is no objective of {path}; the last {objectives} columns are {', '.join(goals)}"
        )
    space = Space.from_pool(rows, inputs)
    designer = Designer(space, [Objective(goal, goal not in minimise) for goal in goals], strategy, seed, initial=2)
    for row in rows:
        values = {
            goal: float(row[goal]) for goal in goals if not isinstance(row[goal], str) and not isnan(float(row[goal]))
        }
        if len(values) == objectives:
            point = {name: row[name] if isinstance(row[name], str) else float(row[name]) for name in inputs}
            designer.tell([Observation(point, values)])
    return designer


def proposals_for(path: Path, designer: Designer, count: int) -> list[tuple[int, Suggestion]]:
    """Candidates to measure next, each with its number in the table, from 0."""
    points = [{name: row[name] for name in designer.space.names} for row in read_rows(path)]
    return [(points.index(suggestion.point), suggestion) for suggestion in designer.ask(count)]


def write_proposals(path: Path, proposals: Sequence[tuple[int, Suggestion]], inputs: Sequence[str]) -> None:
    """Write proposals where NIMS-OS's robots read them."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([ACTIONS, *inputs])
        writer.writerows([number, *(suggestion.point[name] for name in inputs)] for number, suggestion in proposals)


def read_proposals(path: Path) -> list[int]:
    """The numbers, from 0, of the candidates that a table proposes.

    Raises:
        ValueError: it proposes none.
    """
    return [int(float(row[ACTIONS])) for row in read_rows(path)]


def write_candidates(
    path: Path, rows: Array, labels: Sequence[str], utilities: Sequence[Sequence[float] | None]
) -> None:
    """Write candidates (k, d) with the utilities of each, where they are known."""
    width = max((len(each) for each in utilities if each is not None), default=1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*labels, *(f"objective {number + 1}" for number in range(width))])
        for row, known in zip(rows.tolist(), utilities, strict=True):
            writer.writerow([*row, *([""] * width if known is None else known)])
