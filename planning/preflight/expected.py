"""Expectations that cannot come true, and questions that nobody may answer."""

from collections.abc import Iterator
from typing import Any

from planning.preflight.balance import mass_of
from planning.preflight.findings import Finding
from planning.preflight.moments import Moment

MASS_DOUBT_FRACTION = 0.02
"""Of a vessel with its content: labware and doses are known so well; assumed."""


def eyes_know_it(moment: Moment) -> Iterator[Finding]:
    """The eyes have learnt what such a vessel looks like."""
    vessel = moment.details["vessel"]
    kind = moment.bench.ware(vessel).kind
    known = moment.bench.eyes.kinds
    if kind not in known:
        what = f"{vessel} is a {kind}: the eyes have learnt to see a {' and a '.join(known)} only"
        yield moment.finding("expectation", what, "Leave the look out, or ask a person", value=kind)


def can_be_seen(moment: Moment) -> Iterator[Finding]:
    """What a look expects is what the steps before bring about."""
    wanted: dict[str, Any] | None = moment.details["expectation"]
    if wanted is None:
        return
    vessel = moment.details["vessel"]
    inside, ware = moment.inside(vessel), moment.bench.ware(vessel)
    holds_any = bool(inside.volume_ul or inside.powders_mg or inside.has_film)
    for field, wish, truth, because in (
        ("present", wanted.get("present"), True, "it stands there by then"),
        ("empty", wanted.get("empty"), not holds_any, "of what was dosed into it"),
        ("coated", wanted.get("coated"), holds_any, "of what was cast on it"),
        ("cap", wanted.get("cap"), inside.is_capped, "of the caps put on and taken off before"),
        ("wet", wanted.get("wet"), holds_any and inside.volume_ul > 0, "of its liquid by then"),
        ("dry", wanted.get("dry"), inside.volume_ul == 0, "of its liquid by then"),
    ):
        is_sure = truth or field != "dry"
        if wish is not None and wish != truth and (wish or field in ("present", "cap", "empty", "coated")):
            what = f"{field}: {_word(wish)} is expected of {vessel}, and will be {_word(truth)} because {because}"
            yield _unmet(moment, vessel, field, what, "error" if is_sure else "warning")
    implied, fill = ware.fill_height_fraction(inside.volume_ul), wanted.get("fill")
    if isinstance(fill, float) and abs(fill - implied) > wanted["tolerance"]:
        what = f"fill: {fill:g} ± {wanted['tolerance']:g} is expected of {vessel}, the doses imply {implied:.3f}"
        yield _unmet(moment, vessel, "fill", what)


def can_be_weighed(moment: Moment) -> Iterator[Finding]:
    """The mass that is expected is about what the steps before bring about."""
    wanted: dict[str, Any] | None = moment.details["expectation"]
    vessel = moment.details["vessel"]
    if wanted is None or moment.bench.ware(vessel).mass_mg == 0:
        return
    implied_mg, wish_mg = mass_of(moment, vessel), wanted["mass_mg"]
    if abs(wish_mg - implied_mg) > wanted["mass_tolerance_mg"] + MASS_DOUBT_FRACTION * implied_mg:
        what = f"mass_mg: {wish_mg:g} ± {wanted['mass_tolerance_mg']:g} is expected of {vessel}, the steps imply {implied_mg:.0f}"
        yield _unmet(moment, vessel, "mass_mg", what)


def _unmet(moment: Moment, vessel: str, field: str, what: str, level: Any = "error") -> Finding:
    location = (*moment.step.location, "expect", vessel, field)
    return Finding(
        "expectation", what, "Correct what is expected, or the steps before", moment.step.name, location, level=level
    )


def _word(answer: bool) -> str:
    return "yes" if answer else "no"


def somebody_answers(moment: Moment) -> Iterator[Finding]:
    """A question does not hold the bench up for ever when nobody is there."""
    if moment.details["time_out_s"] is None:
        what = (
            "waits for an answer for ever: at night nobody gives one, and the places that this sample holds stay taken"
        )
        remedy = "Say time_out_min and if_silent"
        yield moment.finding("question", what, remedy, "question", level="warning")
    elif moment.details["if_silent"] == "stop":
        what = f"stops the bench when nobody has answered after {moment.details['time_out_s'] / 60:g} min"
        remedy = "Name an answer under if_silent, or set aside, if the other samples may go on"
        yield moment.finding("question", what, remedy, "question", level="warning")
