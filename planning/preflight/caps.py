"""Caps: what is closed is closed, and only what can be closed is."""

from collections.abc import Iterator

from planning.preflight.findings import Finding
from planning.preflight.moments import Moment, heated, hottest_c

ONLY_FILL = ("dose", "dose_powder")
"""The other tasks that move liquids or powders take out of their vessel."""


def is_open(moment: Moment) -> Iterator[Finding]:
    """Nothing comes into a closed vessel, or out of it."""
    details = moment.details
    filled = details.get("film") or details.get("into")
    way = "into" if moment.task.skill in ONLY_FILL else "out of"
    for vessel, what in ((details["vessel"], way), (filled, "into")):
        if vessel is not None and moment.inside(vessel).is_capped:
            said = f"{vessel} wears a cap by then: nothing comes {what} it"
            yield moment.finding("closed", said, "Take the cap off before (uncap), or put it on later", value=vessel)


def can_be_capped(moment: Moment) -> Iterator[Finding]:
    """A cap fits, and none is on."""
    vessel = moment.details["vessel"]
    ware = moment.bench.ware(vessel)
    if ware.cap is None:
        yield moment.finding("cap", f"a {ware.name} takes no cap", "Use other labware, or describe its cap in the lab file",
                             "what", value=ware.name)  # fmt: skip
    elif moment.inside(vessel).is_capped:
        yield moment.finding("cap", f"{vessel} wears a cap already", "Leave the step out, or take the first off", "what",
                             value=vessel)  # fmt: skip


def can_be_uncapped(moment: Moment) -> Iterator[Finding]:
    """A cap is on."""
    vessel = moment.details["vessel"]
    if not moment.inside(vessel).is_capped:
        remedy = "Leave the step out, or say `capped: yes` of the site that it comes from"
        yield moment.finding("cap", f"{vessel} wears no cap by then", remedy, "what", value=vessel)


def is_not_fired(moment: Moment) -> Iterator[Finding]:
    """No closed vessel goes through a furnace's programme."""
    vessel = heated(moment)
    if moment.inside(vessel).is_capped:
        what = f"{vessel} is closed: what it gives off in the furnace bursts it, or its cap melts"
        yield moment.finding("closed", what, "Take the cap off before (uncap)", value=vessel)


def cap_bears(moment: Moment) -> Iterator[Finding]:
    """A cap on a hotplate bears the temperature."""
    vessel, at_c = heated(moment), hottest_c(moment.task)
    cap = moment.bench.ware(vessel).cap
    if cap is not None and moment.inside(vessel).is_capped and at_c > cap.max_temperature_c:
        what = f"to_c={at_c:g} is above what the cap on {vessel} bears, {cap.max_temperature_c:g} °C"
        yield moment.finding("labware", what, "Heat less, or take the cap off before", "to_c", value=at_c,
                             limit=cap.max_temperature_c)  # fmt: skip
