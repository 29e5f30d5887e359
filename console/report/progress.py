"""How good the best sample was after each one, beside what chance would have found."""

import json
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from matplotlib.figure import Figure
from numpy.typing import NDArray

from console.report.story import Story
from console.report.svg import ACCENT, CHANCE, INK, MARK, draw
from planning.campaign import objective_of

Array = NDArray[np.float64]
QUANTILES = (0.16, 0.5, 0.84)


@dataclass(frozen=True)
class Chance:
    """Best so far without a designer: (n,) each, at 1 to n samples; and where the figures come from."""

    low: Array
    middle: Array
    high: Array
    label: str
    origin: str


def best_so_far(values: list[float | None], maximise: bool) -> Array:
    """The running best, (n,); None counts as a sample spent for nothing, NaN stands before the first result.

    >>> best_so_far([None, 3.0, 1.0, 4.0], maximise=True).tolist()
    [nan, 3.0, 3.0, 4.0]
    """
    better = np.fmax if maximise else np.fmin
    return np.asarray(better.accumulate(np.array([np.nan if value is None else value for value in values])))


def resampled(values: Array, maximise: bool, quantile: float) -> Array:
    """A quantile of the best of 1 to n draws, with replacement, from n values; exact, so without chance.

    The best of k draws lies below v with probability F(v)^k: its q-quantile is the values' own at q^(1/k).

    >>> resampled(np.array([1.0, 2.0, 3.0, 4.0]), True, 0.5).tolist()
    [2.0, 3.0, 4.0, 4.0]
    """
    draws = np.arange(1, len(values) + 1)
    if maximise:
        return np.asarray(np.quantile(values, quantile ** (1 / draws), method="inverted_cdf"))
    return -resampled(-values, True, 1 - quantile)


def chance_of(story: Story, values: list[float], maximise: bool) -> Chance:
    """Random campaigns on the same bench if the folder has them, else the campaign's own results in random order."""
    path = story.folder / "random.json"
    if path.exists():
        runs = [best_so_far(run, maximise) for run in json.loads(path.read_text(encoding="utf-8"))]
        length = min(map(len, runs))
        low, middle, high = np.quantile(np.array([run[:length] for run in runs]), QUANTILES, axis=0)
        return Chance(
            low,
            middle,
            high,
            "random search",
            f"Random search: {len(runs)} campaigns on the same simulated bench whose samples were drawn at random; "
            "the line is their median, the band holds the middle 68 %.",
        )
    low, middle, high = (resampled(np.array(values), maximise, quantile) for quantile in QUANTILES)
    return Chance(
        low,
        middle,
        high,
        "same results, drawn at random",
        "Chance: the best of n results drawn at random, with replacement, from those measured in this campaign (median "
        "and middle 68 %). It is no random search: the designer had already chosen where to look, so it flatters chance.",
    )


def progress(story: Story) -> tuple[Markup, str] | None:
    """The figure, and what its band is; None before the first result or without a campaign."""
    if story.campaign is None:
        return None
    objective, quantity = objective_of(story.campaign), story.campaign.quantity
    ended = [story.samples[name] for name in story.ended_s]
    results = [sample.results.get(quantity) if sample.status == "finished" else None for sample in ended]
    measured = [value for value in results if value is not None]
    if not measured:
        return None
    best = best_so_far(results, objective.maximise)
    chance = chance_of(story, measured, objective.maximise)

    def paint(figure: Figure) -> None:
        axes = figure.add_subplot()
        count = np.arange(1, len(results) + 1)
        shown = slice(0, len(results))
        axis = np.arange(1, len(chance.middle[shown]) + 1)
        axes.fill_between(axis, chance.low[shown], chance.high[shown], color=CHANCE, alpha=0.2, linewidth=0)
        axes.plot(axis, chance.middle[shown], color=CHANCE, linestyle="--", label=chance.label)
        axes.step(count, best, where="post", color=ACCENT, linewidth=2.4, label="best so far")
        axes.plot(count, [np.nan if value is None else value for value in results], "o", color=INK, alpha=0.55,
                  markersize=4.5, label="one sample")  # fmt: skip
        lost = [number for number, value in zip(count, results, strict=True) if value is None]
        if lost:
            floor = min(measured) * (0.8 if objective.scale == "log" else 1.0)
            axes.plot(lost, [floor] * len(lost), "x", color=MARK, markersize=6, label="set aside")
        axes.set_yscale(objective.scale)
        axes.set_xlabel("samples ended")
        axes.set_ylabel(f"{story.quantities[0]}".replace("_", " ") if not objective.unit else objective.unit)
        axes.set_xlim(0.5, len(results) + 0.5)
        axes.legend(loc="lower right", ncols=2)

    return draw("progress", 8.6, 3.7, paint), chance.origin
