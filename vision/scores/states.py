"""States of vessels: caps and contents. A vessel that was missed is answered wrongly."""

from collections.abc import Callable, Iterator
from typing import get_args

from vision.labelled.truth import Content, VesselTruth
from vision.scores.case import Case, chance_of, is_tube
from vision.scores.metric import Row
from vision.state.reading import VesselReading

CONTENTS: tuple[str, ...] = tuple(each for each in get_args(Content) if each != "unknown")
Answers = Callable[[Case], Iterator[Row]]


def caps(masked: bool) -> Answers:
    """(1 on or 0 off, 1 right or 0) of each vessel whose cap is known; of pictures with masks, or of those without."""

    def answers(case: Case) -> Iterator[Row]:
        if (case.picture.vessel is not None) == masked:
            for truth, reading in cap_pairs(case):
                yield (
                    float(truth.cap == "on"),
                    float(reading is not None and (reading.cap_on >= 0.5) == (truth.cap == "on")),
                )

    return answers


def caps_of_found(case: Case) -> Iterator[Row]:
    """(1 on or 0 off, 1 right or 0) of each vessel whose cap is known and that was found."""
    for truth, reading in cap_pairs(case):
        if reading is not None:
            yield float(truth.cap == "on"), float((reading.cap_on >= 0.5) == (truth.cap == "on"))


def contents_of_found(case: Case) -> Iterator[Row]:
    """(class, 1 right or 0) of each tube that was found."""
    for truth, reading in content_pairs(case):
        if reading is not None:
            yield float(CONTENTS.index(truth.content)), float(said_content(reading) == truth.content)


def said_content(reading: VesselReading) -> str:
    """The likeliest content."""
    return max(CONTENTS, key=lambda each: chance_of(each, reading))


def cap_pairs(case: Case) -> Iterator[tuple[VesselTruth, VesselReading | None]]:
    """Vessels whose cap is on or off; those that take none are left out."""
    return ((truth, reading) for truth, reading in case.tubes if truth.cap in ("on", "off"))


def content_pairs(case: Case) -> Iterator[tuple[VesselTruth, VesselReading | None]]:
    """Tubes whose content is known."""
    return (pair for pair in case.tubes if pair[0].content in CONTENTS and is_tube(pair[0].kind))


def coloured_or_empty(case: Case) -> Iterator[Row]:
    """(1 coloured or 0 empty, 1 right or 0) of each tube that is one of both: the likelier of both is the answer."""
    for truth, reading in content_pairs(case):
        if truth.content in ("coloured", "empty"):
            said = None if reading is None else chance_of("coloured", reading) > chance_of("empty", reading)
            yield float(truth.content == "coloured"), float(said == (truth.content == "coloured"))


def contents(case: Case) -> Iterator[Row]:
    """(class, 1 right or 0) of each tube, for the four contents."""
    for truth, reading in content_pairs(case):
        right = reading is not None and said_content(reading) == truth.content
        yield float(CONTENTS.index(truth.content)), float(right)
