"""Scoring: every picture is read once, every metric takes its rows, and draws of the groups give the intervals."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from math import isnan

import numpy as np
from numpy.typing import NDArray

from robot.clock import wall_s
from vision.errors import DataUnreadable
from vision.labelled.pictures import LabelledPictures
from vision.labelled.truth import PictureTruth
from vision.scores.case import Case, Reader, hue_shifted
from vision.scores.flaws import Flaw, flaws_of
from vision.scores.metric import Metric, Rows
from vision.scores.table import METRICS, MORE

HUE_ANGLES_DEG = (90.0, 180.0, 270.0)
DRAWS = 500
INTERVAL_PERCENT = (2.5, 97.5)


@dataclass(frozen=True)
class Score:
    """A figure with its 95 % interval over groups of pictures, and how many rows it is made of."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Seen:
    """What one picture yielded."""

    truth: PictureTruth
    rows: dict[str, list[tuple[float, ...]]]
    """By key of the metric."""
    flaws: tuple[Flaw, ...]

    @property
    def badness(self) -> float:
        """How wrong the reading was, all flaws together."""
        return sum(flaw.weight for flaw in self.flaws)


Scores = dict[str, Score]


def look_at_all(pictures: LabelledPictures, reader: Reader, *, hue_angles_deg: Iterable[float] = (), timed: bool = True,
                progress: Callable[[int, int, str], None] = lambda *_: None) -> list[Seen]:  # fmt: skip
    """Read all pictures, and copies of them with other hues; `timed`: how long that takes is a score, too.

    Raises:
        DataUnreadable: there are none, or one cannot be read, or the reader has not read one.
    """
    if not pictures.truths:
        raise DataUnreadable(f"{pictures.path}: its list names no pictures. Name a folder with at least one")
    angles, seen = tuple(hue_angles_deg), []
    for number, truth in enumerate(pictures.truths):
        progress(number, len(pictures.truths), truth.name)
        seen.append(look(pictures, truth, reader, angles, timed))
    progress(len(seen), len(seen), "")
    return seen


def look(pictures: LabelledPictures, truth: PictureTruth, reader: Reader, angles: tuple[float, ...] = (),
         timed: bool = True) -> Seen:  # fmt: skip
    """Read one picture and take all rows."""
    picture = pictures.load(truth)
    began_s = wall_s()
    reading, masks = reader(truth.name, picture.pixels)
    case = Case(picture, reading, masks, wall_s() - began_s if timed else float("nan"))
    rows = {metric.key: list(metric.rows(case)) for metric in (*METRICS, *MORE) if not metric.hue_shifted}
    for metric in METRICS:
        if metric.hue_shifted:
            rows[metric.key] = []
    for angle in angles:
        copy = hue_shifted(picture, angle)
        shifted = Case(copy, *reader(truth.name, copy.pixels))
        for metric in METRICS:
            if metric.hue_shifted:
                rows[metric.key] += metric.rows(shifted)
    return Seen(picture.truth, rows, flaws_of(case))


def scores_of(seen: list[Seen], rng: np.random.Generator | None = None, draws: int = DRAWS) -> Scores:
    """All figures that the pictures tell, with intervals if a generator is given; the rest is left out."""
    groups = [each.truth.group or each.truth.name for each in seen]
    scores = {metric.key: _score(metric, seen, groups, rng, draws) for metric in (*METRICS, *MORE)}
    return {key: score for key, score in scores.items() if not isnan(score.value)}


def by_source(seen: list[Seen]) -> dict[str, list[Seen]]:
    """Looks by where the pictures come from; none, if all come from one place."""
    sources = sorted({source_of(each.truth) for each in seen})
    return {s: [each for each in seen if source_of(each.truth) == s] for s in sources} if len(sources) > 1 else {}


def source_of(truth: PictureTruth) -> str:
    """Where a picture comes from, in short: its name up to the first underscore, if it has one; else as it says."""
    return truth.name.split("_")[0] if "_" in truth.name else truth.source


def _score(metric: Metric, seen: list[Seen], groups: list[str], rng: np.random.Generator | None, draws: int) -> Score:
    listed = [each.rows.get(metric.key, []) for each in seen]
    owners = np.array([number for number, rows in enumerate(listed) for _ in rows], np.intp)
    rows = np.array([row for each in listed for row in each], np.float64).reshape(-1, metric.width)
    value = metric.value(rows)
    if rng is None or isnan(value):
        return Score(value, float("nan"), float("nan"), len(rows))
    names, group_of_picture = np.unique(groups, return_inverse=True)
    of_group = [np.flatnonzero(group_of_picture[owners] == g) for g in range(len(names))]
    low, high = _interval(metric, rows, [part for part in of_group if part.size], rng, draws)
    return Score(value, low, high, len(rows))


def _interval(metric: Metric, rows: Rows, parts: list[NDArray[np.intp]], rng: np.random.Generator,
              draws: int) -> tuple[float, float]:  # fmt: skip
    """Percentiles over draws of the groups, with replacement."""
    drawn = []
    for _ in range(draws):
        picked = rng.integers(len(parts), size=len(parts))
        drawn.append(metric.value(rows[np.concatenate([parts[p] for p in picked])]))
    told = np.array(drawn)[~np.isnan(drawn)]
    if not told.size:
        return float("nan"), float("nan")
    low, high = np.percentile(told, INTERVAL_PERCENT)
    return float(low), float(high)


def as_json(scores: Scores) -> dict[str, dict[str, float | int | None]]:
    """Figures as plain values; what is not known is None."""
    return {key: {name: None if isinstance(value, float) and isnan(value) else value
                  for name, value in asdict(score).items()} for key, score in scores.items()}  # fmt: skip
