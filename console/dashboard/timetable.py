"""Devices against time: what was at work, what is, what should be. Drawn anew each second, so written as SVG by hand."""

from collections.abc import Iterator

from markupsafe import Markup, escape

from console.dashboard.words import doing, duration, hours
from console.report.svg import SKILL_COLOURS
from console.report.timeline import names_of
from console.service.views import Bar, Timeline

WIDTH, LEFT, ROW, TOP, FOOT = 1100, 118, 30, 8, 26
LETTER = 6.6
"""How wide a letter is, about."""
AROUND_S = (5400.0, 7200.0)
"""How much is shown before and after now."""
TICKS_S = (60, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)
MOST_TICKS = 9
OTHER = "#8f9bb3"


def timetable(shown: Timeline, *, whole: bool) -> Markup:
    """Bars for each device; `whole`: the whole run, else what is near."""
    from_s, to_s = shown.start_s, max(shown.end_s, shown.now_s + 60)
    if not whole:
        from_s, to_s = max(from_s, shown.now_s - AROUND_S[0]), min(to_s, shown.now_s + AROUND_S[1])
    height = TOP + ROW * len(shown.devices) + FOOT
    parts = [
        Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="Devices against time" font-size="12">').format(
            WIDTH, height
        ),
        *_grid(shown, from_s, to_s, height),
        *_bars(shown, from_s, to_s),
        *_now(shown, from_s, to_s, height),
        Markup("</svg>"),
    ]
    return Markup("").join(parts)


def legend(shown: Timeline) -> list[tuple[str, str]]:
    """The kinds of task that occur, each with its colour."""
    skills = dict.fromkeys(bar.skill for bar in [*shown.actual, *shown.planned])
    return [(doing(skill), colour(skill)) for skill in SKILL_COLOURS if skill in skills]


def colour(skill: str) -> str:
    """What a kind of task is painted in."""
    return SKILL_COLOURS.get(skill, OTHER)


def _x(at_s: float, from_s: float, to_s: float) -> float:
    return LEFT + (WIDTH - LEFT - 6) * (at_s - from_s) / max(to_s - from_s, 1.0)


def _grid(shown: Timeline, from_s: float, to_s: float, height: int) -> Iterator[Markup]:
    step_s = next((each for each in TICKS_S if (to_s - from_s) / each <= MOST_TICKS), TICKS_S[-1])
    first = int((from_s - shown.start_s) // step_s) + 1
    for number in range(first, int((to_s - shown.start_s) // step_s) + 1):
        x = _x(shown.start_s + number * step_s, from_s, to_s)
        yield Markup('<line x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}" stroke="var(--line)"/>').format(
            x, TOP, height - FOOT
        )
        yield Markup('<text x="{:.1f}" y="{}" text-anchor="middle" fill="var(--soft)">{}</text>').format(
            x, height - 8, f"{hours(number * step_s)} h"
        )
    for row, device in enumerate(shown.devices):
        yield Markup('<text x="0" y="{:.1f}" fill="var(--ink)">{}</text>').format(
            TOP + ROW * (row + 0.5) + 4, device.replace("_", " ")
        )


def _bars(shown: Timeline, from_s: float, to_s: float) -> Iterator[Markup]:
    order = sorted({name for bar in [*shown.actual, *shown.planned] for name in bar.samples})
    for bar in [*shown.planned, *shown.actual]:
        if bar.end_s < from_s or bar.start_s > to_s:
            continue
        for device in bar.devices:
            if device in shown.devices:
                yield from _bar(bar, shown.devices.index(device), order, from_s, to_s)


def _bar(bar: Bar, row: int, order: list[str], from_s: float, to_s: float) -> Iterator[Markup]:
    left, right = _x(max(bar.start_s, from_s), from_s, to_s), _x(min(bar.end_s, to_s), from_s, to_s)
    width, y = max(right - left, 1.0), TOP + ROW * row + 4
    is_planned = bar.ending == "planned"
    opacity, dash = ("0.16", "3 2") if is_planned else ("1", "none")
    yield Markup('<g data-key="{}"><title>{}</title>').format(
        f"{bar.task} {is_planned} {row}",
        f"{doing(bar.skill)} {', '.join(bar.samples)}, {duration(bar.end_s - bar.start_s)}, {bar.ending}",
    )
    yield Markup(
        '<rect x="{:.1f}" y="{}" width="{:.1f}" height="{}" rx="3" fill="{c}" stroke="{c}" fill-opacity="{}" '
        'stroke-dasharray="{}"/>'
    ).format(left, y, width, ROW - 8, opacity, dash, c=colour(bar.skill))
    if bar.ending == "failed":
        yield Markup('<text x="{:.1f}" y="{}" fill="var(--bad)" font-weight="700">✗</text>').format(right + 2, y + 15)
    label = names_of(bar.samples, order) if bar.samples and bar.samples[0] else ""
    if label and width > LETTER * len(label) + 6:
        ink = "var(--soft)" if is_planned else "#fff"
        yield Markup('<text x="{:.1f}" y="{}" text-anchor="middle" font-size="11" fill="{}">{}</text>').format(
            left + width / 2, y + 15, ink, escape(label)
        )
    yield Markup("</g>")


def _now(shown: Timeline, from_s: float, to_s: float, height: int) -> Iterator[Markup]:
    if from_s <= shown.now_s <= to_s:
        x = _x(shown.now_s, from_s, to_s)
        yield Markup(
            '<line x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}" stroke="var(--accent)" stroke-width="1.6"/>'
        ).format(x, TOP - 4, height - FOOT)
        yield Markup(
            '<text x="{:.1f}" y="{}" text-anchor="middle" font-size="11" fill="var(--accent)">now</text>'
        ).format(min(max(x, LEFT + 12), WIDTH - 14), height - FOOT + 10)
