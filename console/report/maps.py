"""Maps of what a designer believes: over two numbers or three parts, what matters, and how objectives trade."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from console.report.belief import Array, beliefs
from console.report.svg import ACCENT, INK, MARK, draw, value_axis
from planning.design.designer import Designer
from planning.design.pareto import undominated
from planning.design.space import Point, Space
from planning.design.why import improvement

STEPS = 25
LOOKS = 400
LEVELS = 12
HEIGHT = float(np.sqrt(3.0) / 2.0)


@dataclass(frozen=True, eq=False)
class Sheet:
    """Points that lie on a plane of the space: where they are drawn, (n, 2), and what the corners or axes are."""

    names: Sequence[str]
    points: Sequence[Point]
    at: Array


def importance(designer: Designer) -> dict[str, float]:
    """How much the model's expectation depends on each parameter, mixture or category, as shares of the whole.

    By permutation: how far, on average, the expectation moves when only this is taken from another point of the space.
    Source: Breiman, Machine Learning 45, 5 (2001).
    """
    space, rng = designer.space, np.random.default_rng(0)
    rows = space.encode(space.sample(LOOKS, rng))
    grouped = {column for columns in space.groups.values() for column in columns}
    singles = {label: [index] for index, label in enumerate(space.free) if index not in grouped}
    surrogate = designer.surrogates[0]
    before, order = surrogate.posterior(rows)[0], rng.permutation(len(rows))
    moved = {}
    for name, columns in {**singles, **space.groups}.items():
        other = rows.copy()
        other[:, columns] = rows[order][:, columns]
        moved[name] = float(np.abs(surrogate.posterior(other)[0] - before).mean())
    whole = sum(moved.values()) or 1.0
    return {name: size / whole for name, size in sorted(moved.items(), key=lambda item: -item[1])}


def importances(designer: Designer) -> Markup | None:
    """Bars of what matters; None without a model."""
    if not designer.has_model:
        return None
    shares = importance(designer)

    def paint(figure: Figure) -> None:
        axes = figure.add_subplot()
        names = list(shares)[::-1]
        axes.barh([name.replace("_", " ") for name in names], [100 * shares[name] for name in names], color=ACCENT)
        axes.set_xlabel("share of what moves the expectation, %")

    return draw("importance", 8.6, 0.6 + 0.35 * len(shares), paint)


def sheet_through(designer: Designer) -> Sheet | None:
    """The plane through the best point along which most is at stake: two numbers, or three parts of a mixture."""
    best, _ = designer.best()
    space, matters = designer.space, list(importance(designer))
    for name in matters:
        if len(space.groups.get(name, [])) >= 3 and name in space.mixtures:
            return _triangle(space, best, name)
    numbers = [name for name in matters if name in (*space.ranges, *space.steps)]
    for first, second in combinations(numbers, 2):
        return _square(space, best, first, second)
    return None


def sheets(designer: Designer) -> Markup | None:
    """Expectation, doubt and expected gain over the plane that matters; None before a model, or without such a plane."""
    if not designer.has_model or (sheet := sheet_through(designer)) is None:
        return None
    means, stds = beliefs(designer, sheet.points)
    gains, _ = improvement(means, stds, float(beliefs(designer, [designer.best()[0]])[0][0]))
    goal = designer.objective
    panels = {
        f"expected {goal.name.replace('_', ' ')}": np.array([goal.value(mean) for mean in means.tolist()]),
        "doubt, in utility": stds,
        "expected gain, in utility": gains,
    }

    def paint(figure: Figure) -> None:
        grid = figure.subplots(1, len(panels))
        for axes, (title, values) in zip(grid, panels.items(), strict=True):
            shading = axes.tricontourf(*sheet.at.T, values, levels=LEVELS, cmap="viridis")
            figure.colorbar(shading, ax=axes, shrink=0.75)
            axes.set_title(title, fontsize=10, loc="left", pad=18)
            axes.grid(visible=False)
            _name_axes(axes, sheet)

    return draw("sheets", 10.4, 3.2, paint)


def front(designer: Designer) -> Markup | None:
    """Two objectives against each other, and what is not beaten in both; None unless there are two or more."""
    if len(designer.objectives) < 2 or not designer.history.measured:
        return None
    first, second = designer.objectives[:2]
    utilities = designer.history.utilities[:, :2]
    shown = np.array([[first.value(a), second.value(b)] for a, b in utilities.tolist()])
    best = shown[undominated(utilities)]

    def paint(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.plot(*shown.T, "o", color=INK, alpha=0.45, markersize=4.5, label="one sample")
        axes.plot(*best[best[:, 0].argsort()].T, "o-", color=MARK, markersize=6, label="not beaten in both")
        value_axis(axes.xaxis, first, first.name.replace("_", " "))
        value_axis(axes.yaxis, second, second.name.replace("_", " "))
        figure.legend(loc="outside upper left", ncols=2)

    return draw("front", 8.6, 3.8, paint)


def maps_of(designer: Designer) -> list[tuple[str, Markup, str]]:
    """Every map that there is, with its title and what it shows."""
    drawn = (
        ("Over the plane that matters most", sheets(designer),
         "The model over a plane through the best point: what it expects, how much it doubts, and what one more sample "
         "is expected to gain there."),
        ("What matters", importances(designer),
         "How far the model's expectation moves, on average, when only this is exchanged between points of the space."),
        ("How objectives trade", front(designer),
         "Every result in two objectives; those joined by a line no other result beats in all objectives."),
    )  # fmt: skip
    return [(title, shown, text) for title, shown, text in drawn if shown is not None]


def _square(space: Space, best: Point, first: str, second: str) -> Sheet | None:
    low, high = space.read(np.array([np.zeros(len(space.free)), np.ones(len(space.free))]))
    values = [
        (float(a), float(b))
        for a in np.linspace(low[first], high[first], STEPS)
        for b in np.linspace(low[second], high[second], STEPS)
    ]
    return Sheet((first, second), [best | {first: a, second: b} for a, b in values], np.array(values))


def _triangle(space: Space, best: Point, mixture: str) -> Sheet:
    """The three largest parts share among themselves what they have in the best point; the others stay."""
    parts = sorted((f"{mixture}.{part}" for part in space.mixtures[mixture].parts), key=lambda name: -best[name])[:3]
    whole = sum(best[part] for part in parts)
    shares = np.array([(i, j, STEPS - 1 - i - j) for i in range(STEPS) for j in range(STEPS - i)]) / (STEPS - 1)
    points = [best | {part: whole * float(share) for part, share in zip(parts, row, strict=True)} for row in shares]
    return Sheet(parts, points, np.column_stack([shares[:, 1] + shares[:, 2] / 2.0, shares[:, 2] * HEIGHT]))


def _name_axes(axes: Axes, sheet: Sheet) -> None:
    names = [name.replace("_", " ") for name in sheet.names]
    if len(names) == 2:
        axes.set(xlabel=names[0], ylabel=names[1])
        return
    axes.set_axis_off()
    axes.set_aspect("equal")
    for name, (x, y, where) in zip(
        names, ((0.0, -0.02, "top"), (1.0, -0.02, "top"), (0.5, HEIGHT + 0.02, "bottom")), strict=True
    ):
        axes.text(x, y, name.rpartition(".")[2], ha="center", va=where)
