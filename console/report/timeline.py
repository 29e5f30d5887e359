"""Who was busy when, and what the furnace did."""

from collections.abc import Sequence
from itertools import groupby, pairwise

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from console.report.story import Span, Story
from console.report.svg import ACCENT, CHANCE, INK, MARK, SKILL_COLOURS, draw, hours_axis
from planning.journal import Reading

CLOSE_UP_H = 1.25
"""Enough for one batch; a run that lasts twice as long also gets a close-up of its beginning."""
GAP_S = 120.0
"""A furnace is read every few seconds while it works: a longer silence breaks the line."""
HEADROOM = 1.2
"""The furnace's axis ends this far above the highest set-point."""
LABEL_FRACTION = 0.045
"""A bar narrower than this share of the axis is too narrow for a name."""


def busy_fractions(story: Story) -> dict[str, float]:
    """For each device that worked, the share of the run in which it was busy."""
    devices = [name for name in story.lab.devices if any(span.device == name for span in story.spans)]
    total_s = max(story.end_s - story.start_s, 1e-9)
    return {
        name: sum(span.end_s - span.start_s for span in story.spans if span.device == name) / total_s
        for name in devices
    }


def gantt(story: Story) -> Markup | None:
    """Devices against time; None before anything started."""
    busy = busy_fractions(story)
    if not busy:
        return None
    windows_h = [story.hours] + [CLOSE_UP_H] * (story.hours > 2 * CLOSE_UP_H)
    height_in = 0.34 * len(busy) + 0.75

    def paint(figure: Figure) -> None:
        for axes, window_h in zip(np.ravel(figure.subplots(len(windows_h), 1)), windows_h, strict=True):
            _paint_bars(axes, story, busy, window_h)
        if len(windows_h) > 1:
            figure.axes[1].set_title(f"the first {CLOSE_UP_H:g} hours", fontsize=10, loc="left")
        skills = [skill for skill in SKILL_COLOURS if any(span.skill == skill for span in story.spans)]
        handles = [Patch(color=SKILL_COLOURS[skill], label=skill) for skill in skills]
        figure.legend(
            handles=handles, loc="outside upper left", ncols=len(handles), handlelength=1.0, columnspacing=1.2
        )

    return draw("gantt", 8.6, height_in * len(windows_h) + 0.5, paint)


def _paint_bars(axes: Axes, story: Story, busy: dict[str, float], window_h: float) -> None:
    for row, (device, fraction) in enumerate(busy.items()):
        shown = [span for span in story.spans if span.device == device and story.hours_at(span.start_s) < window_h]
        for skill, spans in groupby(sorted(shown, key=lambda span: span.skill), key=lambda span: span.skill):
            bars = [(story.hours_at(span.start_s), (span.end_s - span.start_s) / 3600) for span in spans]
            axes.broken_barh(bars, (row - 0.38, 0.76), color=SKILL_COLOURS[skill], linewidth=0.5)
        for span in shown:
            _label(axes, span, story, row, window_h)
        percent = f"{fraction:.0%}" if fraction >= 0.01 else "< 1%"
        axes.text(1.01, row, percent, transform=axes.get_yaxis_transform(), va="center", fontsize=9)
    axes.set_yticks(range(len(busy)), list(busy))
    axes.set_ylim(len(busy) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
    hours_axis(axes, window_h)


def _label(axes: Axes, span: Span, story: Story, row: int, window_h: float) -> None:
    """Name the samples on a bar wide enough; mark a task that failed."""
    start_h, width_h = story.hours_at(span.start_s), (span.end_s - span.start_s) / 3600
    if span.ending == "failed":
        axes.plot(start_h + width_h, row, "x", color=MARK, markersize=7, markeredgewidth=2)
    if LABEL_FRACTION * window_h < width_h < window_h - start_h:
        names = names_of(span.samples, list(story.samples))
        axes.text(start_h + width_h / 2, row, names, ha="center", va="center", fontsize=7.5, color="white")


def names_of(samples: Sequence[str], order: Sequence[str]) -> str:
    """Name several samples briefly.

    >>> order = ["s001", "s002", "s003", "s004"]
    >>> names_of(["s002"], order), names_of(["s002", "s003"], order), names_of(["s001", "s003", "s004"], order)
    ('s002', 's002–s003', 's001 + 2')
    """
    first, last = samples[0], samples[-1]
    if len(samples) == 1:
        return first
    are_in_a_row = order.index(last) - order.index(first) == len(samples) - 1
    return f"{first}–{last}" if are_in_a_row else f"{first} + {len(samples) - 1}"


def furnace_trace(story: Story, device: str, handle_below_c: float) -> tuple[Markup, str] | None:
    """A furnace's temperature and set-point over the run, and all its firings laid over each other; None if unread."""
    readings = [reading for reading in story.readings if reading.device == device]
    top_c = HEADROOM * max([reading.value for reading in readings if reading.quantity == "setpoint_c"], default=0.0)
    if not readings:
        return None
    firings = [span for span in story.spans if span.device == device]

    def paint(figure: Figure) -> None:
        whole, laid = figure.subplots(1, 2, width_ratios=(5, 3), sharey=True)
        for axes in (whole, laid):
            axes.axhline(handle_below_c, color=INK, linestyle=":", linewidth=1, label="arm may reach in below")
        for quantity, colour, style in (("setpoint_c", CHANCE, "--"), ("temperature_c", ACCENT, "-")):
            at_s, values = _line([reading for reading in readings if reading.quantity == quantity])
            label = quantity.removesuffix("_c").replace("setpoint", "set-point")
            whole.plot((at_s - story.start_s) / 3600, values, style, color=colour, label=label, linewidth=1.2)
            for firing in firings:
                during = (at_s >= firing.start_s) & (at_s <= firing.end_s)
                laid.plot((at_s[during] - firing.start_s) / 60, values[during], style, color=colour, linewidth=0.9)
        for firing in firings:
            if firing.ending == "failed":
                whole.axvline(story.hours_at(firing.end_s), color=MARK, linestyle=":")
        hours_axis(whole, story.hours)
        whole.set_ylim(0, max(top_c, HEADROOM * handle_below_c))
        whole.set_ylabel("°C")
        figure.legend(*whole.get_legend_handles_labels(), loc="outside upper left", ncols=3)
        laid.set_xlabel("minutes into each firing")
        laid.set_title(f"{len(firings)} firings laid over each other", fontsize=10, loc="left")

    text = f"Programmes: {'; '.join(programmes(story, device)) or 'none'}. A furnace is read while it works."
    if any(reading.value > top_c for reading in readings):
        text += " A line that leaves the top is a reading that no programme asked for, such as a broken thermocouple's."
    return draw(f"furnace-{device}", 8.6, 3.2, paint), text


def _line(readings: Sequence[Reading]) -> tuple[np.ndarray, np.ndarray]:
    """Times (n,) and values (n,), with NaN in every long silence so that no line bridges it."""
    rows: list[tuple[float, float]] = [(reading.time_s, reading.value) for reading in readings[:1]]
    for before, now in pairwise(readings):
        if now.time_s - before.time_s > GAP_S:
            rows.append((before.time_s, np.nan))
        rows.append((now.time_s, now.value))
    table = np.array(rows).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def programmes(story: Story, device: str) -> list[str]:
    """Each firing's programme in words, equal ones counted."""
    loaded = [
        " then ".join(
            f"{rate_c_per_min:g} °C/min to {to_c:g} °C, {hold_min:g} min"
            for to_c, rate_c_per_min, hold_min in event.data["arguments"]["segments"]
        )
        for event in story.said("intent")
        if event.device == device and event.data["verb"] == "load_programme"
    ]
    return [f"{loaded.count(text)} × {text}" for text in dict.fromkeys(loaded)]
