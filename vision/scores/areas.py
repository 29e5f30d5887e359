"""Areas: vessels, instances and classes of material, pixel by pixel."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from vision.labelled.facts import CONTENTS
from vision.labelled.truth import IGNORE, UNSURE_MATERIAL
from vision.scores.case import Case
from vision.scores.metric import Row, Rows
from vision.scores.overlap import SAME_FROM
from vision.state.vessel import Material


def vessel_areas(case: Case) -> Iterator[Row]:
    """Intersection and union in pixels of all vessels as one. Bands of 255 that are no vessel's are left out."""
    if case.picture.vessel is None or case.masks is None:
        return
    yield _shared(case.picture.vessel > 0, case.masks.vessel > 0, ~case.ignored)


def filled_areas(case: Case) -> Iterator[Row]:
    """Intersection and union in pixels of whatever is in vessels; 254 is filled, 255 is left out."""
    truth = case.picture.material
    if truth is None or case.masks is None:
        return
    yield _shared(np.isin(truth, CONTENTS), np.isin(case.masks.material, CONTENTS), truth != IGNORE)


def areas_of(*materials: Material) -> Callable[[Case], Iterator[Row]]:
    """Intersection and union in pixels of some classes together; 254 and 255 are left out."""

    def areas(case: Case) -> Iterator[Row]:
        truth = case.picture.material
        if truth is None or case.masks is None:
            return
        sure = (truth != IGNORE) & (truth != UNSURE_MATERIAL)
        yield _shared(np.isin(truth, materials), np.isin(case.masks.material, materials), sure)

    return areas


def mean_over_pictures(rows: Rows) -> float:
    """The mean of the pictures' own intersections over unions, where there is a union."""
    there = rows[rows[:, 1] > 0]
    return float((there[:, 0] / there[:, 1]).mean()) if len(there) else float("nan")


def instances(case: Case) -> Iterator[Row]:
    """(sum of intersections over unions, found, false, missed) of a picture's vessels, by their masks.

    A true and a read vessel are one if they share more than half of their union (Kirillov et al., CVPR 2019). A read
    vessel that lies for more than half on ignored pixels is not false.
    """
    ious = case.mask_ious
    if ious is None or case.masks is None:
        return
    there = [vessel.id - 1 for vessel in case.picture.truth.vessels]
    matched = ious[there] * (ious[there] > SAME_FROM)
    on_ignored = np.bincount(case.masks.vessel[case.ignored].ravel(), minlength=ious.shape[1] + 1)[1:]
    counted = (case.read_areas > 0) & (on_ignored[: ious.shape[1]] <= case.read_areas / 2)
    found = int((matched > 0).sum())
    false = int((counted & ~(matched > 0).any(axis=0)).sum()) if case.picture.truth.all_vessels else 0
    yield float(matched.sum()), found, false, len(there) - found


def panoptic_quality(rows: Rows) -> float:
    """Sum of intersections over unions over found + false / 2 + missed / 2.

    >>> panoptic_quality(np.array([[0.8, 1, 1, 1]]))
    0.4
    """
    total, found, false, missed = rows.sum(axis=0) if len(rows) else (0.0, 0.0, 0.0, 0.0)
    under = found + false / 2 + missed / 2
    return float(total / under) if under else float("nan")


def _shared(true: NDArray[np.bool_], read: NDArray[np.bool_], counted: NDArray[np.bool_]) -> Row:
    return float((true & read & counted).sum()), float(((true | read) & counted).sum())
