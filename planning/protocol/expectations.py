"""What should be seen, what was seen, and their comparison: yes, no, or unknown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from statistics import fmean
from typing import Annotated, Literal, Self, TypeVar

from pydantic import Field, model_validator

from robot.config import Strict
from vision.state.trust import Question
from vision.state.vessel import ColourName, Estimate, VesselState

Name = TypeVar("Name", bound=str)

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


class Expectation(Strict):
    """What a vessel should look like, and weigh; what is left out does not matter."""

    present: bool | None = None
    cap: bool | None = Field(default=None, description="is one on?")
    fill: Literal["as dosed"] | Annotated[float, Field(ge=0, le=1)] | None = Field(
        default=None, description="height of the surface over the inner height, or 'as dosed': what the doses imply"
    )
    tolerance: float = Field(default=FILL_TOLERANCE_FRACTION, gt=0, le=1, description="of the fill height")
    layers: int | None = Field(default=None, ge=0, le=5, description="how many liquids and solids lie one on the other")
    colour: ColourName | None = Field(default=None, description="of what is in it")
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
    verdicts = [
        _yes_or_no("present", "vessel present", expectation.present, seen.present, seen),
        _yes_or_no("spill", "spill", expectation.spill, seen.spill, seen),
    ]
    if expectation.present is not False:
        bare, wet = seen.content["empty"], seen.content["liquid"]
        verdicts += [
            _yes_or_no("cap", "cap on", expectation.cap, seen.cap_on, seen),
            _yes_or_no("empty", "empty", expectation.empty, bare, seen),
            _yes_or_no("coated", "film present", expectation.coated, 1.0 - bare, seen),
            _yes_or_no("wet", "wet", expectation.wet, wet, seen),
            _yes_or_no("dry", "dry", expectation.dry, 1.0 - wet, seen),
            _layers(expectation.layers, seen),
            _colour(expectation.colour, seen),
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
    layers = [look.layers for look in good if look.layers is not None]
    return replace(
        good[-1],
        present=fmean(look.present for look in good),
        content=_mean_of([look.content for look in good]),
        fill_height_fraction=level,
        cap_on=_mean(look.cap_on for look in good),
        layers=tuple(fmean(chances) for chances in zip(*layers, strict=True)) if layers else None,
        colour=_mean_of([look.colour for look in good if look.colour is not None]) or None,
        tipped=_mean(look.tipped for look in good),
        spill=_mean(look.spill for look in good),
    )


def _mean(chances: Iterable[float | None]) -> float | None:
    """Mean of what could be told; None if nothing could."""
    told = [chance for chance in chances if chance is not None]
    return fmean(told) if told else None


def _mean_of(looks: Sequence[Mapping[Name, float]]) -> dict[Name, float]:
    """Mean chance of every name; one that a look does not mention has none in it."""
    names = {name: None for look in looks for name in look}
    return {name: fmean(look.get(name, 0.0) for look in looks) for name in names}


_SEVERITY = {Answer.YES: 0, Answer.UNKNOWN: 1, Answer.NO: 2}


def _yes_or_no(
    question: Question, what: str, wanted: bool | None, probability: float | None, seen: VesselState
) -> Verdict | None:
    if wanted is None:
        return None
    if probability is None:
        return Verdict(Answer.UNKNOWN, f"{what}: these eyes cannot tell")
    reason = f"{what}: wanted {'yes' if wanted else 'no'}, seen with probability {probability:.2f}"
    is_so = seen.trust.answer(question, probability)
    if is_so is None:
        return Verdict(Answer.UNKNOWN, reason)
    return Verdict(Answer.YES if is_so == wanted else Answer.NO, reason)


def _layers(wanted: int | None, seen: VesselState) -> Verdict | None:
    """Compare a number of layers; the last chance is of as many and more, which can deny a number and not confirm it."""
    if wanted is None:
        return None
    if seen.layers is None:
        return Verdict(Answer.UNKNOWN, "layers: these eyes cannot tell")
    last = len(seen.layers) - 1
    chance = seen.layers[min(wanted, last)]
    reason = f"layers: wanted {wanted}, seen with probability {chance:.2f}"
    is_so = seen.trust.answer("layers", chance)
    if is_so is None or (is_so and wanted >= last):
        return Verdict(Answer.UNKNOWN, reason)
    return Verdict(Answer.YES if is_so else Answer.NO, reason)


def _colour(wanted: ColourName | None, seen: VesselState) -> Verdict | None:
    if wanted is None:
        return None
    chance = None if seen.colour is None else seen.colour.get(wanted, 0.0)
    return _yes_or_no("colour", f"content {wanted}", True, chance, seen)


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
