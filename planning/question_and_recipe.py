"""Does a campaign's question fit its recipe? It may speak only of what the protocol lets vary, and of what it measures."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from planning.protocol.document import Mixture, Protocol, Range
from planning.protocol.expressions import names_in
from robot.files import Problem

if TYPE_CHECKING:
    from planning.campaign import Campaign

SCHEDULE = "schedule"
"""Instead of a formula for hours: what the timetable says."""


def problems_between(campaign: "Campaign", protocol: Protocol) -> list[Problem]:
    """Everything in which they do not fit."""
    return [
        *_unknown(campaign, protocol),
        *_not_rounded(campaign, protocol),
        *_not_fixed(campaign, protocol),
        *_unmeasured(campaign, protocol),
    ]


def is_multiple(value: float, of: float) -> bool:
    """Is a number a whole number of times another, as far as floats can tell?

    >>> is_multiple(0.6, of=0.2), is_multiple(120, of=50)
    (True, False)
    """
    return abs(value / of - round(value / of)) < 1e-9


def _unknown(campaign: "Campaign", protocol: Protocol) -> Iterator[Problem]:
    hours = names_in(campaign.sample_hours) if campaign.sample_hours not in ("", SCHEDULE) else set()
    spoken = {
        **{f"space.{name}": name for name in campaign.space},
        **({} if campaign.share == "furnace" else {f"share.{name}": name for name in campaign.share}),
        **{f"sample_hours.{name}": name for name in sorted(hours)},
        **{f"fix.{name}": name for name in campaign.fix},
    }
    known = ", ".join(protocol.parameters) or "none"
    for field, name in spoken.items():
        if name not in protocol.parameters:
            yield Problem(field, f"the protocol has no such parameter; it has {known}", "Correct the name")


def _not_rounded(campaign: "Campaign", protocol: Protocol) -> Iterator[Problem]:
    for name, multiple in campaign.rounded.items():
        parameter = protocol.parameters.get(name)
        if not isinstance(parameter, Range):
            known = ", ".join(protocol.parameters) or "none"
            yield Problem(f"rounded.{name}", f"the protocol has no such range; it has {known}")
        elif any(not is_multiple(bound, multiple) for bound in (parameter.low, parameter.high)):
            what = f"its bounds {parameter.low:g} and {parameter.high:g} are no multiples of {multiple:g}"
            yield Problem(f"rounded.{name}", what, "Round to something that both are multiples of")


def _not_fixed(campaign: "Campaign", protocol: Protocol) -> Iterator[Problem]:
    for name, value in campaign.fix.items():
        match protocol.parameters.get(name):
            case Range(low=low, high=high) if not (isinstance(value, int | float) and low <= value <= high):
                what = f"{value!r} is no number from {low:g} to {high:g}"
                yield Problem(f"fix.{name}", what, "Change it here or in the protocol")
            case Mixture(mixture_of=parts) if not (isinstance(value, dict) and set(value) <= set(parts)):
                yield Problem(f"fix.{name}", f"{value!r} is no mixture of {', '.join(parts)}")


def _unmeasured(campaign: "Campaign", protocol: Protocol) -> Iterator[Problem]:
    measured = protocol.quantities()
    field = "maximize" if campaign.maximize else "minimize" if campaign.minimize else "objectives"
    goals = [goal.name for goal in campaign.goals()]
    for name in campaign.quantities:
        if name not in measured:
            what = f"no step measures {name!r}; the protocol measures {', '.join(measured) or 'nothing'}"
            yield Problem(field if name in goals else "limits", what)
