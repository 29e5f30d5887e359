"""Figures as inline SVG that follow the page's colours, light or dark."""

import io
import re
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.axis import XAxis, YAxis
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from planning.design.objective import Objective

INK, FAINT = "#010203", "#040506"
"""Colours that no figure means: the page's own take their place."""
ACCENT, CHANCE, MARK = "#0a0b0c", "#0d0e0f", "#101112"
_ON_PAGE = {
    INK: "var(--ink)",
    FAINT: "var(--line)",
    ACCENT: "var(--accent)",
    CHANCE: "var(--chance)",
    MARK: "var(--mark)",
}
SKILL_COLOURS: Mapping[str, str] = {
    "dose": "#4477aa",
    "cast": "#66ccee",
    "wash": "#8f9bb3",
    "carry": "#ccaa33",
    "heat": "#dd5544",
    "look": "#228855",
    "measure": "#aa3377",
    "transfer": "#44aaaa",
    "mix": "#77bb99",
    "dose_powder": "#7766bb",
    "shake": "#99aa55",
    "transfer_powder": "#bb88cc",
    "warm": "#ee8866",
    "stir": "#bbaa66",
    "cool": "#99bbdd",
    "weigh": "#776655",
    "diffract": "#bb5599",
    "cap": "#5588aa",
    "uncap": "#88aacc",
}
"""After Paul Tol's bright scheme, which colour-blind readers can tell apart; readable on light and on dark."""

_STYLE: Any = {
    "svg.fonttype": "none",
    "text.parse_math": False,  # a `$` in a name is a `$`
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.7,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "savefig.transparent": True,
    "lines.linewidth": 1.6,
} | dict.fromkeys(
    ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color", "axes.titlecolor"), INK
)


def draw(name: str, width_in: float, height_in: float, paint: Callable[[Figure], None]) -> Markup:
    """Paint a figure; the same data give the same bytes. `name` keeps its ids apart from other figures' on the page."""
    written = io.StringIO()
    with rc_context(_STYLE | {"svg.hashsalt": name}):
        figure = Figure(figsize=(width_in, height_in), layout="constrained")
        paint(figure)
        figure.savefig(written, format="svg", metadata={"Date": None})
    text = written.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", text)
    for sentinel, colour in _ON_PAGE.items():
        text = text.replace(sentinel, colour)
    return Markup(text)  # noqa: S704 - matplotlib escapes every text it writes


def value_axis(axis: XAxis | YAxis, objective: Objective, what: str) -> None:
    """Let an axis count the objective, on its own scale, in plain figures."""
    axis.set_label_text(f"{what}, {objective.unit or objective.name.replace('_', ' ')}")
    if objective.scale == "log":
        axis.axes.set(**{f"{axis.axis_name}scale": "log"})
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter("{x:g}")
        axis.set_minor_formatter(NullFormatter())


def hours_axis(axes: Axes, hours: float) -> None:
    """Let the x axis count bench hours."""
    axes.set_xlim(0, max(hours, 1 / 60))
    axes.set_xlabel("bench time, h")
