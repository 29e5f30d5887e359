"""A furnace's temperature against its programme, drawn anew each second."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from markupsafe import Markup

WIDTH, HEIGHT, LEFT, FOOT, TOP = 560, 210, 44, 26, 10
GAP_S = 400.0
"""A silence so long breaks the line: a furnace is read often while it works, and every five minutes while it rests."""
SHOWN_S = 3 * 3600.0
"""How much of the past is shown."""
HEADROOM = 1.15

Points = Sequence[tuple[float, float]]


def furnace_curves(
    temperature_c: Points, setpoint_c: Points, now_s: float, handle_below_c: float | None
) -> Markup | None:
    """Temperature (solid) and set-point (dashed) of the last hours; None if neither was read."""
    begun_s = min((points[0][0] for points in (temperature_c, setpoint_c) if points), default=now_s)
    from_s = max(now_s - SHOWN_S, begun_s)
    shown = [[point for point in points if point[0] >= from_s] for points in (temperature_c, setpoint_c)]
    if not any(shown):
        return None
    top_c = HEADROOM * max(value for points in shown for _, value in points)

    def at(point: tuple[float, float]) -> tuple[float, float]:
        share = (point[0] - from_s) / max(now_s - from_s, 1.0)
        return LEFT + (WIDTH - LEFT - 4) * share, TOP + (HEIGHT - TOP - FOOT) * (1 - point[1] / top_c)

    parts = [
        Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="Temperature against time" font-size="12">').format(
            WIDTH, HEIGHT
        )
    ]
    for value in _round_values(top_c):
        _, y = at((from_s, value))
        parts.append(Markup('<line x1="{}" x2="{}" y1="{y:.1f}" y2="{y:.1f}" stroke="var(--line)"/><text x="{}" y="{w:.1f}" '
                            'text-anchor="end" fill="var(--soft)">{:.0f}</text>').format(LEFT, WIDTH, LEFT - 6, value, y=y, w=y + 4))  # fmt: skip
    if handle_below_c is not None and handle_below_c < top_c:
        _, y = at((from_s, handle_below_c))
        parts.append(
            Markup(
                '<line x1="{}" x2="{}" y1="{y:.1f}" y2="{y:.1f}" stroke="var(--soft)" stroke-dasharray="1 4"/>'
            ).format(LEFT, WIDTH, y=y)
        )
    for points, stroke, dash in ((shown[1], "var(--chance)", "5 4"), (shown[0], "var(--accent)", "none")):
        for line in _lines(points):
            drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(at, line))
            parts.append(
                Markup(
                    '<polyline points="{}" fill="none" stroke="{}" stroke-width="1.8" stroke-dasharray="{}"/>'
                ).format(drawn, stroke, dash)
            )
    for share, text in ((0.0, _before(now_s - from_s)), (0.5, _before((now_s - from_s) / 2)), (1.0, "now")):
        x = LEFT + (WIDTH - LEFT - 4) * share
        anchor = "start" if share == 0 else "end" if share == 1 else "middle"
        parts.append(
            Markup('<text x="{:.1f}" y="{}" text-anchor="{}" fill="var(--soft)">{}</text>').format(
                x, HEIGHT - 6, anchor, text
            )
        )
    return Markup("").join([*parts, Markup("</svg>")])


def _before(seconds: float) -> str:
    return f"{seconds / 3600:.1f} h before" if seconds >= 5400 else f"{seconds / 60:.0f} min before"


def _round_values(top_c: float) -> list[float]:
    step = next(each for each in (10, 25, 50, 100, 200, 500, 1000) if top_c / each <= 5)
    return [step * number for number in range(int(top_c // step) + 1)]


def _lines(points: Points) -> Iterator[Points]:
    """Cut where nothing was read for long."""
    line = list(points[:1])
    for before, now in pairwise(points):
        if now[0] - before[0] > GAP_S:
            yield line
            line = []
        line.append(now)
    if line:
        yield line
