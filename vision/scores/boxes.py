"""Average precision of boxes of test tubes."""

from collections.abc import Iterator

import numpy as np

from vision.labelled.truth import BoxPx
from vision.scores.case import ANY_KIND, Case, is_tube
from vision.scores.metric import Row, Rows
from vision.scores.overlap import SAME_FROM, box_iou

TUBE = "test tube"
RECALLS = np.linspace(0, 1, 101)


def tube_boxes(case: Case) -> Iterator[Row]:
    """(score, 1 right or 0 false, 0) of each box read, and (0, 0, true boxes).

    Best first, each takes the true box that it shares most with, from 0.5 on, if no better one has it. Boxes of vessels
    said to be of another kind do not count; nor do those of no kind in particular that lie on another labelled vessel.
    Pictures in which one tube hides another say nothing, nor do masks without kinds.
    """
    truth = case.picture.truth
    if not truth.all_boxed or (
        case.picture.vessel is not None and not any(each.kind == TUBE for each in truth.vessels)
    ):
        return
    kinds = [(vessel.kind, vessel.box_px) for vessel in truth.vessels if vessel.box_px is not None]
    true = [box for kind, box in kinds if kind == TUBE]
    others = [box for kind, box in kinds if kind != TUBE]
    free = set(range(len(true)))
    for reading in sorted(case.reading.vessels, key=lambda vessel: -vessel.score):
        if not is_tube(reading.kind):
            continue
        best = max(free, key=lambda t: box_iou(true[t], reading.box_px), default=None)
        if best is not None and box_iou(true[best], reading.box_px) >= SAME_FROM:
            free.discard(best)
            yield reading.score, 1.0, 0.0
        elif not (reading.kind in ANY_KIND and _lies_on(reading.box_px, others)):
            yield reading.score, 0.0, 0.0
    yield 0.0, 0.0, float(len(true))


def _lies_on(box: BoxPx, others: list[BoxPx]) -> bool:
    return any(box_iou(box, other) >= SAME_FROM for other in others)


def average_precision(rows: Rows) -> float:
    """Mean over 101 recalls of the best precision at that recall or a higher one, as COCO does.

    >>> round(average_precision(np.array([[0.9, 1, 0], [0.8, 0, 0], [0.7, 1, 0], [0, 0, 2]])), 4)
    0.835
    """
    true = rows[:, 2].sum() if len(rows) else 0.0
    said = rows[rows[:, 2] == 0]
    said = said[(said[:, 0] > 0) | (said[:, 1] > 0)]
    if not true:
        return float("nan")
    right = said[np.argsort(-said[:, 0], kind="stable"), 1].cumsum()
    precision = right / np.arange(1, len(right) + 1)
    best_from = np.maximum.accumulate(precision[::-1])[::-1]
    at = np.searchsorted(right / true, RECALLS)
    return float(np.where(at < len(right), np.append(best_from, 0.0)[np.minimum(at, len(right))], 0.0).mean())
