"""What the model believes of the design space: slices through the best sample, and how its predictions came out."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from console.report.story import Story
from console.report.svg import ACCENT, CHANCE, INK, MARK, draw
from planning.campaign import Chosen, flat
from planning.design.designer import Designer
from planning.design.objective import Objective
from planning.design.space import Point, Space

Array = NDArray[np.float64]
STEPS = 61
COLUMNS = 3


@dataclass(frozen=True)
class Slice:
    """The model along one parameter: positions (n,), median and the limits of one standard deviation, (n,) each."""

    name: str
    at: Array
    median: Array
    low: Array
    high: Array


def along(space: Space, point: Point, name: str, value: float) -> Point:
    """The point with one parameter changed; the other parts of its mixture keep their proportions (Cox's direction).

    Source: Cox, Biometrika 58, 155 (1971).

    >>> from planning.design.space import Mixture
    >>> along(Space({}, {"m": Mixture(("a", "b", "c"))}), {"m.a": 0.2, "m.b": 0.2, "m.c": 0.6}, "m.a", 0.6)
    {'m.a': 0.6, 'm.b': 0.1, 'm.c': 0.3}
    """
    mixture, _, part = name.rpartition(".")
    if mixture not in space.mixtures:
        return point | {name: value}
    others = [f"{mixture}.{other}" for other in space.mixtures[mixture].parts if other != part]
    rest = sum(point[other] for other in others)
    shares = {other: point[other] / rest if rest > 0 else 1 / len(others) for other in others}
    return point | {name: value} | {other: round((1 - value) * share, 9) for other, share in shares.items()}


def slice_through(designer: Designer, point: Point, name: str) -> Slice | None:
    """Follow the model along one parameter as far as the space goes; None where it cannot be changed alone."""
    space = designer.space
    low, high = _extent(space, name)
    points = [along(space, point, name, value) for value in np.linspace(low, high, STEPS).tolist()]
    allowed = [candidate for candidate in points if space.contains(candidate)]
    if len(allowed) < 2:
        return None
    medians, halves = designer.predict(allowed)
    limits = [_limits(designer.objective, *row) for row in zip(medians.tolist(), halves.tolist(), strict=True)]
    lows, highs = np.array(limits).T
    return Slice(name, np.array([candidate[name] for candidate in allowed]), medians, lows, highs)


def _extent(space: Space, name: str) -> tuple[float, float]:
    mixture, _, part = name.rpartition(".")
    if mixture in space.mixtures:
        return space.mixtures[mixture].minimum.get(part, 0.0), space.mixtures[mixture].maximum.get(part, 1.0)
    return space.ranges[name]


def _limits(objective: Objective, median: float, half: float) -> tuple[float, float]:
    """One standard deviation to either side, from the median and the half span that a designer predicts.

    On a logarithmic scale the half span of m·10^±s is m·sinh(s·ln 10).

    >>> [round(limit, 3) for limit in _limits(Objective("x", scale="log"), 100.0, (1000.0 - 10.0) / 2)]
    [10.0, 1000.0]
    """
    if objective.scale == "linear":
        return median - half, median + half
    factor = math.exp(math.asinh(half / median))
    return median / factor, median * factor


def landscape(story: Story) -> tuple[Markup, str] | None:
    """Slices through the best sample, with a sentence on what they are; None before there is a model."""
    if story.chosen is None or (best := story.chosen.best()) is None:
        return None
    designer, point = story.chosen.designer, flat(best[0].request.values)
    measured = _measured(story.chosen)
    if len(measured) < 2:
        return None
    slices = [found for name in designer.space.free if (found := slice_through(designer, point, name)) is not None]
    if not slices:
        return None
    rows = -(-len(slices) // COLUMNS)

    def paint(figure: Figure) -> None:
        grid = figure.subplots(rows, min(COLUMNS, len(slices)), sharey=True, squeeze=False)
        for axes, shown in zip(grid.flat, slices, strict=False):
            _paint_slice(axes, shown, designer, point, measured)
        for axes in grid.flat[len(slices) :]:
            axes.set_visible(False)
        for row in grid:
            row[0].set_ylabel(designer.objective.unit or designer.objective.name)

    text = (
        f"Each panel follows the model through {best[0].name}, changing one parameter; parts of a mixture make room in "
        "proportion. Line: expected value; band: one standard deviation. Circles: measured samples, fainter the "
        "farther their other parameters lie from the slice; the star is the best sample."
    )
    return draw("landscape", 8.6, 2.6 * rows + 0.2, paint), text


def _measured(chosen: Chosen) -> list[tuple[Point, float]]:
    quantity = chosen.designer.objective.name
    return [
        (flat(sample.request.values), float(sample.results[quantity]))
        for sample in chosen.begun
        if sample.status == "finished" and quantity in sample.results
    ]


def _paint_slice(
    axes: Axes, shown: Slice, designer: Designer, point: Point, measured: Sequence[tuple[Point, float]]
) -> None:
    space, name = designer.space, shown.name
    axes.fill_between(shown.at, shown.low, shown.high, color=ACCENT, alpha=0.18, linewidth=0)
    axes.plot(shown.at, shown.median, color=ACCENT)
    for other, value in measured:
        gap = space.encode([other]) - space.encode([along(space, point, name, other[name])])
        alpha = float(0.12 + 0.78 * np.exp(-np.sum(gap**2) / 0.08))
        axes.plot(other[name], value, "o", color=INK, markersize=4.5, markeredgewidth=0, alpha=alpha)
    value = next(value for other, value in measured if other == point)
    axes.plot(point[name], value, "*", color=MARK, markersize=12, markeredgewidth=0)
    axes.set_yscale(designer.objective.scale)
    axes.set_title(name, fontsize=10, fontweight="bold", loc="left")


def foresight(story: Story) -> tuple[Markup, str] | None:
    """What was measured against what had been predicted before the sample was made; None without predictions."""
    if story.chosen is None:
        return None
    objective = story.chosen.designer.objective
    rows = [
        (*sample.request.predicted, float(sample.results[objective.name]))
        for sample in story.samples.values()
        if sample.request.predicted and sample.status == "finished" and objective.name in sample.results
    ]
    if len(rows) < 2:
        return None
    limits = [_limits(objective, median, half) for median, half, _ in rows]
    inside = sum(low <= value <= high for (low, high), (*_, value) in zip(limits, rows, strict=True))

    def paint(figure: Figure) -> None:
        axes = figure.add_subplot()
        medians, measured = np.array([row[0] for row in rows]), np.array([row[2] for row in rows])
        lows, highs = np.array(limits).T
        ends = [min(medians.min(), measured.min()), max(medians.max(), measured.max())]
        axes.plot(ends, ends, color=CHANCE, linestyle="--", label="as predicted")
        axes.errorbar(medians, measured, xerr=[medians - lows, highs - medians], fmt="o", color=ACCENT, markersize=4.5,
                      elinewidth=0.8, label="one sample, ± one standard deviation")  # fmt: skip
        axes.set_xscale(objective.scale)
        axes.set_yscale(objective.scale)
        axes.set_xlabel(f"predicted, {objective.unit or objective.name}")
        axes.set_ylabel(f"measured, {objective.unit or objective.name}")
        axes.legend(loc="upper left")

    text = (
        f"Predictions were written down before each sample was made. {inside} of {len(rows)} results lie within one "
        "standard deviation of the model, whose doubt does not count the scatter between replicates."
    )
    return draw("foresight", 8.6, 3.6, paint), text
