"""The comparison as a page that needs nothing else: how much of the best was found, and how good the best was."""

from collections.abc import Mapping
from html import escape
from pathlib import Path

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from console.comparison.replays import Asked, Compared, figures
from console.report.svg import CHANCE, draw, value_axis

COLOURS = ("#4477aa", "#ee6677", "#228855", "#ccaa33", "#66ccee", "#aa3377", "#8f9bb3")
"""After Paul Tol's bright scheme."""
STYLE = """
:root { --ink: #1d2733; --line: #d8dee6; --accent: #2b6cb0; --chance: #8f9bb3; --mark: #c05621; color-scheme: light dark }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf2; --line: #3a4654; background: #141a21 } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse } td, th { text-align: left; padding: .3rem 1rem .3rem 0; border-bottom: 1px solid var(--line) }
svg { width: 100%; height: auto }
"""


def write_page(path: Path, asked: Asked, compared: Mapping[str, Compared]) -> Path:
    """Write the page; return its path."""
    rows = "".join(
        f"<tr><td>{escape(name)}</td>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
        for name, cells in figures(asked, compared).items()
    )
    count, top = len(asked.measured.answers), len(asked.measured.top)
    path.write_text(
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>{escape(asked.title)}</title><style>{STYLE}</style>"
        f"<h1>{escape(asked.title)}</h1>"
        f"<p>{count} candidates, of which {top} are to be found; {asked.budget} samples, {asked.batch} at a time, after two "
        "that chance chose. Lines: means over the campaigns; bands: their middle 68 %.</p>"
        f"{found_figure(asked, compared)}{best_figure(asked, compared)}"
        "<table><tr><th>strategy</th><th>share of the best found (95 %)</th><th>enhancement: times chance's share</th>"
        f"<th>acceleration: times as fast to half of them</th></tr>{rows}</table>"
        "<p>Enhancement and acceleration as Liang et al., npj Comput. Mater. 7, 188 (2021), define them.</p></html>\n",
        encoding="utf-8",
    )
    return path


def found_figure(asked: Asked, compared: Mapping[str, Compared]) -> Markup:
    """The share of the best that was found by each sample, beside chance."""

    def paint(figure: Figure) -> None:
        axes = figure.add_subplot()
        samples = np.arange(1, asked.budget + 1)
        axes.plot(samples, samples / len(asked.measured.answers), "--", color=CHANCE, label="chance")
        for (name, each), colour in zip(compared.items(), COLOURS * len(compared), strict=False):
            _band(axes, each.found, name, colour)
        axes.set(xlabel="samples", ylabel="share of the best found", xlim=(1, asked.budget), ylim=(0, 1))
        figure.legend(loc="outside upper left", ncols=4)

    return draw("found", 8.6, 3.8, paint)


def best_figure(asked: Asked, compared: Mapping[str, Compared]) -> Markup:
    """How good the best was by each sample."""

    def paint(figure: Figure) -> None:
        axes = figure.add_subplot()
        for (name, each), colour in zip(compared.items(), COLOURS * len(compared), strict=False):
            _band(axes, each.best, name, colour)
        if len(asked.measured.goals) > 1:
            axes.set_ylabel("share of the volume that can be dominated")
        else:
            value_axis(axes.yaxis, asked.measured.goals[0], "best so far")
        axes.set(xlabel="samples", xlim=(1, asked.budget))
        figure.legend(loc="outside upper left", ncols=4)

    return draw("best", 8.6, 3.8, paint)


def _band(axes: Axes, curves: np.ndarray, name: str, colour: str) -> None:
    samples = np.arange(1, curves.shape[1] + 1)
    low, high = np.nanquantile(curves, [0.16, 0.84], axis=0)
    axes.fill_between(samples, low, high, color=colour, alpha=0.15, linewidth=0)
    axes.plot(samples, np.nanmean(curves, axis=0), color=colour, label=name)
