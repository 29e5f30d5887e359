"""What the model believes of the design space: slices through the best sample, and how its predictions came out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from console.report.belief import Array, beliefs, limits
from console.report.story import Story
from console.report.svg import ACCENT, CHANCE, INK, MARK, draw, value_axis
from planning.campaign import flat
from planning.design.designer import Designer
from planning.design.space import Point, Space

STEPS = 61
COLUMNS = 3
NEAR_FRACTION = 0.2
"""A sample this far from a slice, as a share of the space's extent, is drawn at a third of its strength."""


@dataclass(frozen=True)
class Slice:
    """The model along one parameter: positions (n,), median and the limits of one standard deviation, (n,) each."""

    name: str
    at: Array
    median: Array
    low: Array
    high: Array


def along(space: Space, point: Point, name: str, value: float) -> Point:
    """The point with one parameter changed; the others of its mixture make room.

    They keep the proportions of what each has above its own lower limit: Cox's direction in pseudo-components, so
    that no lower limit is broken. Source: Cornell, Experiments with Mixtures, 3rd ed. (2002), chapters 3 and 5.

    >>> from planning.design.space import Mixture
    >>> along(Space({}, {"m": Mixture(("a", "b", "c"))}), {"m.a": 0.2, "m.b": 0.2, "m.c": 0.6}, "m.a", 0.6)
    {'m.a': 0.6, 'm.b': 0.1, 'm.c': 0.3}
    """
    mixture, _, part = name.rpartition(".")
    if mixture not in space.mixtures:
        return point | {name: value}
    lowest = space.decode(np.zeros((1, len(space.free))))[0]
    others = [f"{mixture}.{other}" for other in space.mixtures[mixture].parts if other != part]
    above = {other: point[other] - lowest[other] for other in others}
    room = 1 - value - sum(lowest[other] for other in others)
    total = sum(above.values())
    shares = {other: size / total if total > 0 else 1 / len(others) for other, size in above.items()}
    return point | {name: value} | {other: round(lowest[other] + room * shares[other], 9) for other in others}


def slice_through(designer: Designer, point: Point, name: str) -> Slice | None:
    """Follow the model along one parameter as far as the space goes; None where it cannot be changed alone."""
    space, column = designer.space, designer.space.free.index(name)
    lowest, highest = space.decode(np.array([np.zeros(len(space.free)), np.ones(len(space.free))]))
    values = np.linspace(lowest[name], highest[name], STEPS).tolist()
    allowed = [other for value in values if space.contains(other := along(space, point, name, value))]
    if len(allowed) < 2:
        return None
    means, stds = beliefs(designer, allowed)
    objective = designer.objective
    low, high = np.array([limits(objective, *row) for row in zip(means, stds, strict=True)]).T
    at = lowest[name] + space.encode(allowed)[:, column] * (highest[name] - lowest[name])
    return Slice(name, at, np.array([objective.value(mean) for mean in means]), low, high)


def landscape(story: Story) -> tuple[Markup, str] | None:
    """Slices through the best sample, with a sentence on what they are; None before there is a model."""
    if story.chosen is None or len(story.measured) < 2 or (best := story.chosen.best()) is None:
        return None
    goal = story.chosen.designer.objective
    place = (flat(best[0].request.values), goal.shown(best[1]))
    return slices_of(story.chosen.designer, place, best[0].name, story.measured)


def slices_of(
    designer: Designer, best: tuple[Point, float], name_of_best: str, measured: Sequence[tuple[Point, float]]
) -> tuple[Markup, str] | None:
    """Slices through a point and its value, with a sentence on what they are; None before there is a model."""
    point = best[0]
    if not designer.has_model:
        return None
    slices = [
        found
        for name in designer.space.free
        if name in point and (found := slice_through(designer, point, name)) is not None
    ]
    if not slices:
        return None
    rows = -(-len(slices) // COLUMNS)

    def paint(figure: Figure) -> None:
        grid = figure.subplots(rows, min(COLUMNS, len(slices)), sharey=True, squeeze=False)
        for axes, shown in zip(grid.flat, slices, strict=False):
            _paint_slice(axes, shown, designer, best, measured)
        for axes in grid.flat[len(slices) :]:
            axes.set_visible(False)
        for row in grid:
            value_axis(row[0].yaxis, designer.objective, "expected")

    text = (
        f"Each panel follows the model through {name_of_best}, changing one parameter while the other parts of the mixture "
        "make room in proportion. Line: expected; band: one standard deviation. Circles: measured samples, fainter the "
        "farther they lie from the slice; the star is the best one."
    )
    return draw("landscape", 8.6, 2.5 * rows + 0.2, paint), text


def _paint_slice(
    axes: Axes, shown: Slice, designer: Designer, best: tuple[Point, float], measured: Sequence[tuple[Point, float]]
) -> None:
    space, name = designer.space, shown.name
    axes.fill_between(shown.at, shown.low, shown.high, color=ACCENT, alpha=0.18, linewidth=0)
    axes.plot(shown.at, shown.median, color=ACCENT)
    for point, value in measured:
        gap = np.linalg.norm(space.encode([point]) - space.encode([along(space, best[0], name, point[name])]))
        strength = 0.12 + 0.78 * 3 ** -float(gap / NEAR_FRACTION)
        axes.plot(point[name], value, "o", color=INK, markersize=4.5, markeredgewidth=0, alpha=strength)
    axes.plot(best[0][name], best[1], "*", color=MARK, markersize=12, markeredgewidth=0)
    axes.set_title(name, fontsize=10, fontweight="bold", loc="left")


def foresight(story: Story) -> tuple[Markup, str] | None:
    """What was measured against what had been predicted before the sample was made; None without predictions."""
    if story.chosen is None:
        return None
    objective = story.chosen.designer.objective
    rows = [
        (*sample.request.predicted, result)
        for sample in story.samples.values()
        if sample.request.predicted and (result := story.result_of(sample.name)) is not None
    ]
    if len(rows) < 2:
        return None
    medians, _, results = np.array(rows).T
    lows, highs = np.array([limits(objective, *objective.belief(*row[:2])) for row in rows]).T
    inside = int(((lows <= results) & (results <= highs)).sum())

    def paint(figure: Figure) -> None:
        axes = figure.add_subplot()
        ends = [min(medians.min(), results.min()), max(medians.max(), results.max())]
        axes.plot(ends, ends, color=CHANCE, linestyle="--", label="as predicted")
        axes.errorbar(medians, results, xerr=[medians - lows, highs - medians], fmt="o", color=ACCENT, markersize=4.5,
                      elinewidth=0.8, label="one sample, ± one standard deviation")  # fmt: skip
        value_axis(axes.xaxis, objective, "predicted")
        value_axis(axes.yaxis, objective, "measured")
        figure.legend(loc="outside upper left", ncols=2)

    text = (
        f"Predictions were written down before each sample was made. {inside} of {len(rows)} results lie within one "
        "standard deviation of the model, whose doubt does not count the scatter between replicates."
    )
    return draw("foresight", 8.6, 3.6, paint), text
