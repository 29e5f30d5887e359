"""Is doubt honest? Decisions, how sure they were, and whether they were right."""

from collections.abc import Iterator

import numpy as np

from vision.scores.case import Case, chance_of
from vision.scores.metric import Row, Rows
from vision.scores.questions import answer, understand
from vision.scores.states import cap_pairs, content_pairs, said_content

BINS = 10
COVERAGE = 0.8


def decisions(case: Case) -> Iterator[Row]:
    """(chance of the likeliest answer, 1 right or 0) of each cap, content and spill; (0, 0) of a vessel missed."""
    for truth, reading in cap_pairs(case):
        if reading is None:
            yield 0.0, 0.0
        else:
            yield max(reading.cap_on, 1 - reading.cap_on), float((reading.cap_on >= 0.5) == (truth.cap == "on"))
    for truth, reading in content_pairs(case):
        if reading is None:
            yield 0.0, 0.0
        else:
            said = said_content(reading)
            yield chance_of(said, reading), float(said == truth.content)
    if case.picture.truth.spill is not None:
        chance = case.reading.spill.probability
        yield max(chance, 1 - chance), float((chance >= 0.5) == case.picture.truth.spill)


def calibration_error(rows: Rows) -> float:
    """Mean gap between chance and share of right answers over ten bins (Guo et al., ICML 2017), of decisions made.

    >>> calibration_error(np.array([[0.9, 1], [0.9, 0]]))
    0.4
    """
    made = rows[rows[:, 0] > 0] if len(rows) else rows
    if not len(made):
        return float("nan")
    bins = np.minimum((made[:, 0] * BINS).astype(int), BINS - 1)
    gaps = [abs((made[bins == b, 0] - made[bins == b, 1]).sum()) for b in np.unique(bins)]
    return float(sum(gaps) / len(made))


def accuracy_of_the_surest(rows: Rows) -> float:
    """The share of right answers among the surest four fifths; who is equally sure counts in the mean.

    >>> accuracy_of_the_surest(np.array([[0.9, 1], [0.9, 1], [0.9, 1], [0.8, 0], [0.6, 0]]))
    0.75
    """
    if not len(rows):
        return float("nan")
    keep = COVERAGE * len(rows)
    right, kept = 0.0, 0.0
    for sure in np.unique(rows[:, 0])[::-1]:
        alike = rows[rows[:, 0] == sure, 1]
        taken = min(len(alike), keep - kept)
        right, kept = right + taken * float(alike.mean()), kept + taken
        if kept >= keep:
            break
    return right / kept


def verdicts(case: Case) -> Iterator[Row]:
    """(1 ok or 0 not ok, 1 answered rightly or 0, how sure, 1 if not unknown) of each check that is understood."""
    for check in case.picture.truth.checks:
        expected = understand(check.question)
        if expected is not None:
            said, sure = answer(expected, case.reading)
            known = said != "unknown"
            yield float(check.ok), float(known and (said == "yes") == check.ok), sure if known else 0.0, float(known)


def plain_accuracy(rows: Rows) -> float:
    """Share of checks answered rightly; unknown is not right."""
    return float(rows[:, 1].mean()) if len(rows) else float("nan")


def share_unknown(rows: Rows) -> float:
    """Share of checks answered with unknown."""
    return float(1 - rows[:, 3].mean()) if len(rows) else float("nan")


def surest_verdicts(rows: Rows) -> float:
    """The share of right answers among the surest four fifths of all checks."""
    return accuracy_of_the_surest(rows[:, [2, 1]]) if len(rows) else float("nan")
