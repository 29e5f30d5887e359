"""What should be seen, what was seen, and their comparison: yes, no, or unknown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from statistics import fmean
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from robot.config import Strict
from vision.state.vessel import Estimate, VesselState

SURE = 0.9
"""A probability beyond this (or below its complement) is an answer; between them lies doubt."""
FILL_TOLERANCE_FRACTION = 0.025
"""How far a level may lie from the implied one, of the vessel's inner height: 0.2 ml in a vial of 8 ml. One bench camera
differs from the next by 0.0065 (standard deviation over 30 simulated ones, 0.016 at worst); a dose's own error is a tenth of it."""


class Answer(Enum):
    """The three answers of a comparison."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """One answer, with what it rests on in words."""

    answer: Answer
    reason: str


Colour = Literal["colourless", "white", "grey", "black", "brown", "red", "orange", "yellow", "green", "blue", "violet"]
UNREADABLE = ("cap", "layers", "colour", "spill")
"""What may be expected and what no eye of ours can tell yet: the check before a run says so."""


class Expectation(Strict):
    """What a vessel should look like, and weigh; what is left out does not matter."""

    present: bool | None = None
    cap: bool | None = Field(default=None, description="on or off")
    fill: Literal["as dosed"] | Annotated[float, Field(ge=0, le=1)] | None = Field(
        default=None, description="height of the surface over the inner height, or 'as dosed': what the doses imply"
    )
    tolerance: float = Field(default=FILL_TOLERANCE_FRACTION, gt=0, le=1, description="of the fill height")
    layers: int | None = Field(default=None, ge=0, le=5, description="how many liquids lie one on the other")
    colour: Colour | None = None
    empty: bool | None = None
    coated: bool | None = Field(default=None, description="is there a film, wet or dry?")
    wet: bool | None = None
    dry: bool | None = None
    spill: bool | None = Field(default=None, description="is there any beside the vessel?")
    mass_mg: float | None = Field(default=None, ge=0, description="vessel included, on the balance where it stands")
    mass_tolerance_mg: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        if not self.seen() and self.mass_mg is None:
            raise ValueError("expects nothing; say present, fill, empty, coated, wet, dry or mass_mg")
        if (self.mass_mg is None) != (self.mass_tolerance_mg is None):
            raise ValueError("mass_mg and mass_tolerance_mg belong together")
        return self

    def seen(self) -> set[str]:
        """Which of its wishes are a matter of looking."""
        return self.model_dump(exclude_none=True).keys() - {"tolerance", "mass_mg", "mass_tolerance_mg"}


def judge(expectation: Expectation, seen: VesselState, expected_fill_fraction: float | None) -> Verdict:
    """Compare what should be there with what was seen; the worst single answer decides."""
    if seen.quality != "ok":
        return Verdict(Answer.UNKNOWN, f"the picture is {seen.quality}")
    verdicts = [_yes_or_no("vessel present", expectation.present, seen.present)]
    if expectation.present is not False:
        bare = seen.content["empty"]
        verdicts += [
            _yes_or_no("empty", expectation.empty, bare),
            _yes_or_no("film present", expectation.coated, 1.0 - bare),
            _yes_or_no("wet", expectation.wet, seen.content["liquid"]),
            _yes_or_no("dry", expectation.dry, 1.0 - seen.content["liquid"]),
        ]
        verdicts += [
            Verdict(Answer.UNKNOWN, f"{what}: the eyes cannot tell")
            for what in UNREADABLE
            if what in expectation.seen()
        ]
        if expectation.fill is not None:
            verdicts.append(_level(expected_fill_fraction, expectation.tolerance, seen))
    said = [verdict for verdict in verdicts if verdict is not None]
    worst = max(said, key=lambda verdict: _SEVERITY[verdict.answer])
    reasons = [verdict.reason for verdict in said if verdict.answer is worst.answer]
    return Verdict(worst.answer, "; ".join(reasons))


def judge_mass(expectation: Expectation, mass_mg: float) -> Verdict:
    """Compare a stable weight with what was expected."""
    assert expectation.mass_mg is not None
    assert expectation.mass_tolerance_mg is not None
    wanted = f"{expectation.mass_mg:g} ± {expectation.mass_tolerance_mg:g} mg"
    is_right = abs(mass_mg - expectation.mass_mg) <= expectation.mass_tolerance_mg
    return Verdict(Answer.YES if is_right else Answer.NO, f"mass: wanted {wanted}, weighed {mass_mg:.1f} mg")


def pooled(looks: Sequence[VesselState]) -> VesselState:
    """What several looks at one vessel say together, so that looking again until the answer pleases gains nothing.

    Bad pictures do not count unless there are no others. Doubt does not shrink with the number: one camera's error
    stays the same from look to look.
    """
    good = [look for look in looks if look.quality == "ok"] or looks[-1:]
    levels = [look.fill_height_fraction for look in good if look.fill_height_fraction is not None]
    level = Estimate(fmean(each.mean for each in levels), fmean(each.std for each in levels)) if levels else None
    shares = {name: fmean(look.content[name] for look in good) for name in good[-1].content}
    return replace(good[-1], present=fmean(look.present for look in good), content=shares, fill_height_fraction=level)


_SEVERITY = {Answer.YES: 0, Answer.UNKNOWN: 1, Answer.NO: 2}


def _yes_or_no(what: str, wanted: bool | None, probability: float) -> Verdict | None:
    if wanted is None:
        return None
    reason = f"{what}: wanted {'yes' if wanted else 'no'}, seen with probability {probability:.2f}"
    is_there, is_absent = probability >= SURE, 1.0 - probability >= SURE
    if not is_there and not is_absent:
        return Verdict(Answer.UNKNOWN, reason)
    return Verdict(Answer.YES if is_there == wanted else Answer.NO, reason)


def _level(wanted: float | None, tolerance: float, seen: VesselState) -> Verdict:
    """Agree within the tolerance; disagree only if the reading's doubt (two standard deviations) does not reach it."""
    level = seen.fill_height_fraction
    if wanted is None or level is None:
        return Verdict(Answer.UNKNOWN, "fill height could not be read")
    reason = f"fill height: wanted {wanted:.3f}, seen {level.mean:.3f} ± {level.std:.3f}"
    miss = abs(level.mean - wanted)
    if miss <= tolerance:
        return Verdict(Answer.YES if level.std <= tolerance else Answer.UNKNOWN, reason)
    return Verdict(Answer.NO if miss - 2 * level.std > tolerance else Answer.UNKNOWN, reason)
