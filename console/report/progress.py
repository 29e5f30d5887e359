"""How good the best sample was after each one, beside what chance would have found."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from console.report.belief import Array, imagined_runs
from console.report.story import Story
from console.report.svg import ACCENT, CHANCE, INK, MARK, draw, value_axis

QUANTILES = (0.16, 0.5, 0.84)


@dataclass(frozen=True)
class Chance:
    """Best so far without a designer: quantiles (3, n) at 1 to n samples; and what they are."""

    quantiles: Array
    label: str
    origin: str


def best_so_far(values: Sequence[float | None], maximise: bool) -> Array:
    """The running best, (n,); None counts as a sample spent for nothing, NaN stands before the first result.

    >>> best_so_far([None, 3.0, 1.0, 4.0], maximise=True).tolist()
    [nan, 3.0, 3.0, 4.0]
    """
    better = np.fmax if maximise else np.fmin
    return np.asarray(better.accumulate(np.array([np.nan if value is None else value for value in values])))


def chance_of(story: Story, count: int) -> Chance | None:
    """Random campaigns on the same bench if the folder has them, else those that the model imagines."""
    assert story.chosen is not None
    designer, told = story.chosen.designer, story.measured
    path = story.folder / "random.json"
    if path.exists():
        runs = json.loads(path.read_text(encoding="utf-8"))
        length = min(count, *map(len, runs))
        label = "random search"
        origin = (
            f"Random search: {len(runs)} campaigns of as many samples drawn evenly from the same space, on films of the same "
            "hidden truth with the same scatter; computed, for only a simulated bench can be asked."
        )
    elif len(told) >= 2:
        runs, length = imagined_runs(designer, told, count, seed=0), count
        label = "random search, as the model imagines it"
        origin = (
            f"Random search was not done here. Its band is what the model, knowing all results, imagines of it: {len(runs)} "
            "campaigns of samples drawn evenly from the space, each result drawn from the model's expectation, its doubt "
            "and the scatter seen."
        )
    else:
        return None
    bests = np.array([best_so_far(run[:length], designer.objective.maximise) for run in runs])
    return Chance(np.nanquantile(bests, QUANTILES, axis=0), label, f"{origin} Line: median; band: the middle 68 %.")


def progress(story: Story) -> tuple[Markup, str] | None:
    """The figure, and what its band is; None before the first result or without a campaign."""
    if story.chosen is None or not story.measured:
        return None
    objective = story.chosen.designer.objective
    results = [story.result_of(name) for name in story.ended_s]
    chance = chance_of(story, len(results))

    def paint(figure: Figure) -> None:
        axes = figure.add_subplot()
        if chance is not None:
            low, middle, high = chance.quantiles
            draws = np.arange(1, len(middle) + 1)
            axes.fill_between(draws, low, high, color=CHANCE, alpha=0.2, linewidth=0)
            axes.plot(draws, middle, color=CHANCE, linestyle="--", label=chance.label)
        _paint_results(axes, results, objective.maximise)
        value_axis(axes.yaxis, objective, "measured")
        axes.set_xlabel("samples ended")
        axes.set_xlim(0.5, len(results) + 0.5)
        figure.legend(loc="outside upper left", ncols=4)

    return draw("progress", 8.6, 3.7, paint), chance.origin if chance else ""


def _paint_results(axes: Axes, results: Sequence[float | None], maximise: bool) -> None:
    count = np.arange(1, len(results) + 1)
    axes.step(count, best_so_far(results, maximise), where="post", color=ACCENT, linewidth=2.4, label="best so far")
    measured = [(at, value) for at, value in zip(count, results, strict=True) if value is not None]
    axes.plot(*zip(*measured, strict=True), "o", color=INK, alpha=0.55, markersize=4.5, label="one sample")
    lost = [at for at, value in zip(count, results, strict=True) if value is None]
    if lost:
        axes.plot(lost, [0.02] * len(lost), "x", color=MARK, transform=axes.get_xaxis_transform(), label="set aside")
