"""What went wrong with a picture, in words, and how bad it is."""

from collections.abc import Iterator
from dataclasses import dataclass

from vision.labelled.truth import VesselTruth
from vision.scores.areas import vessel_areas
from vision.scores.case import Case, chance_of
from vision.scores.questions import answer, understand
from vision.scores.states import CONTENTS, said_content
from vision.state.reading import VesselReading

FILL_OFF_FROM = 0.1
POOR_OUTLINE_BELOW = 0.7


@dataclass(frozen=True)
class Flaw:
    """One thing that was read wrongly. A missed vessel weighs 1."""

    weight: float
    words: str


def flaws_of(case: Case) -> tuple[Flaw, ...]:
    """All that is wrong with a reading, the worst first."""
    found = [*_of_vessels(case), *_of_outlines(case), *_of_the_picture(case)]
    return tuple(sorted(found, key=lambda flaw: -flaw.weight))


def _of_vessels(case: Case) -> Iterator[Flaw]:
    for truth, reading in case.pairs:
        what = f"{truth.kind or 'vessel'} {truth.id}"
        if reading is None:
            yield Flaw(1.0, f"{what} was missed")
        else:
            yield from _of_states(what, truth, reading)
    read = [reading for _, reading in case.pairs if reading is not None]
    if case.picture.truth.all_vessels:
        false = sum(1 for vessel in case.reading.vessels if vessel.score >= 0.5) - len(read)
        if false > 0:
            yield Flaw(0.5 * false, f"{false} vessel{'s' * (false > 1)} seen where none is")


def _of_states(what: str, truth: VesselTruth, reading: VesselReading) -> Iterator[Flaw]:
    if truth.cap in ("on", "off") and (reading.cap_on >= 0.5) != (truth.cap == "on"):
        yield Flaw(1.0, f"{what}: the cap is {truth.cap}, read as on with {reading.cap_on:.2f}")
    if truth.content in CONTENTS:
        said = said_content(reading)
        if said != truth.content:
            yield Flaw(1.0, f"{what}: {truth.content}, read as {said} with {chance_of(said, reading):.2f}")
    if truth.fill_height_fraction is not None:
        yield from _of_level(what, truth.fill_height_fraction, reading)
    if truth.n_material_regions and reading.layers != truth.n_material_regions:
        yield Flaw(0.5, f"{what}: {truth.n_material_regions} layers, read as {reading.layers}")


def _of_level(what: str, true: float, reading: VesselReading) -> Iterator[Flaw]:
    said = reading.fill_height_fraction
    if said is None:
        yield Flaw(0.5, f"{what}: filled to {true:.2f}, refused to say")
    elif abs(said.mean - true) >= FILL_OFF_FROM:
        yield Flaw(2 * abs(said.mean - true), f"{what}: filled to {true:.2f}, read as {said.mean:.2f} ± {said.std:.2f}")


def _of_outlines(case: Case) -> Iterator[Flaw]:
    for shared, union in vessel_areas(case):
        if union and shared / union < POOR_OUTLINE_BELOW:
            yield Flaw(1 - shared / union, f"outlines of vessels: IoU {shared / union:.2f}")


def _of_the_picture(case: Case) -> Iterator[Flaw]:
    truth = case.picture.truth
    chance = case.reading.spill.probability
    if truth.spill is not None and (chance >= 0.5) != truth.spill:
        yield Flaw(1.0, f"{'a' if truth.spill else 'no'} spill, read with {chance:.2f}")
    for check in truth.checks:
        expected = understand(check.question)
        if expected is not None:
            said, sure = answer(expected, case.reading)
            if said != "unknown" and (said == "yes") != check.ok:
                right = "yes" if check.ok else "no"
                yield Flaw(sure, f"{check.question} Right: {right}; answered {said} with {sure:.2f}")
