"""Scores as rows of a table, for a terminal and for Markdown, beside the bars."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from vision.scores.evaluate import Score, Scores
from vision.scores.metric import Metric
from vision.scores.table import METRICS, MORE


@dataclass(frozen=True)
class Line:
    """One metric of one or several readers."""

    metric: Metric
    scores: tuple[Score | None, ...]

    @property
    def bars(self) -> tuple[str, str]:
        """What is asked for at least, and what is excellent."""
        return figure(self.metric, self.metric.at_least), figure(self.metric, self.metric.excellent)

    def cleared(self, score: Score | None) -> int:
        """2 excellent, 1 at least, 0 neither; -1 where there is no bar or no score."""
        if score is None or self.metric.at_least is None or self.metric.excellent is None:
            return -1
        sign = -1 if self.metric.lower_is_better else 1
        return sum(sign * score.value >= sign * bar for bar in (self.metric.at_least, self.metric.excellent))


def lines(readers: Sequence[Scores], more: bool = True) -> Iterator[Line]:
    """Metrics that any of the readers has a score of."""
    for metric in (*METRICS, *(MORE if more else ())):
        scores = tuple(each.get(metric.key) for each in readers)
        if any(scores):
            yield Line(metric, scores)


def figure(metric: Metric, value: float | None) -> str:
    """A figure as people read it."""
    if value is None:
        return ""
    return f"{value:.0f}" if metric.key.endswith("_ms") else f"{value:.2f}"


def with_interval(metric: Metric, score: Score | None) -> str:
    """A figure with its interval, if it has one."""
    if score is None:
        return "–"
    if score.low != score.low:
        return figure(metric, score.value)
    return f"{figure(metric, score.value)} ({figure(metric, score.low)}–{figure(metric, score.high)})"


def markdown(columns: Mapping[str, Scores], more: bool = False) -> str:
    """A table of metrics by readers, with bars."""
    head = ["metric", "at least", "excellent", *columns]
    rows = [
        [line.metric.title, *line.bars, *(with_interval(line.metric, score) for score in line.scores)]
        for line in lines(list(columns.values()), more)
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows])
