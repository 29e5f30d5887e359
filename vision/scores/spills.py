"""What was spilled."""

from collections.abc import Iterator

from vision.scores.case import Case
from vision.scores.metric import Row

SEEN_FROM = 0.5


def spill_answers(case: Case) -> Iterator[Row]:
    """1 or 0: was it said rightly whether something is spilled?"""
    if case.picture.truth.spill is not None:
        yield (float((case.reading.spill.probability >= SEEN_FROM) == case.picture.truth.spill),)


def spill_areas(case: Case) -> Iterator[Row]:
    """Intersection and union in pixels; of pictures without a spill, too."""
    true = case.picture.spill
    if true is not None and case.masks is not None:
        read = case.masks.spill > 0
        yield float(((true > 0) & read).sum()), float(((true > 0) | read).sum())


def false_alarms(case: Case) -> Iterator[Row]:
    """1 or 0 of each picture that is known to be free of spills: was one seen?"""
    if case.picture.truth.spill is False:
        yield (float(case.reading.spill.probability >= SEEN_FROM),)


def alarms_where_none_is_labelled(case: Case) -> Iterator[Row]:
    """1 or 0 of each picture of which nobody said anything about spills; nearly all are free of them."""
    if case.picture.truth.spill is None:
        yield (float(case.reading.spill.probability >= SEEN_FROM),)
