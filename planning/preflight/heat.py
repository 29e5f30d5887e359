"""What heat does to vessels and to what is in them."""

from collections.abc import Iterator

from planning.preflight.findings import Finding
from planning.preflight.moments import Moment, heated, hottest_c

FILM_UL = 500.0
"""So little liquid dries off an open vessel before it does harm; assumed."""
PRESSURE_C = 10.0
"""A closed vessel stays so far below the boiling point of what is in it: a heater may overshoot; assumed."""


def ware_bears(moment: Moment) -> Iterator[Finding]:
    """The vessel bears the temperature."""
    ware, at_c = moment.bench.ware(heated(moment)), hottest_c(moment.task)
    if at_c > ware.max_temperature_c:
        what = f"to_c={at_c:g} is above what {ware.name} bears, {ware.max_temperature_c:g} °C"
        yield moment.finding("labware", what, "Heat less, or use other labware", "to_c", value=at_c,
                             limit=ware.max_temperature_c)  # fmt: skip


def liquid_bears(moment: Moment) -> Iterator[Finding]:
    """No liquid boils over, or bursts what is closed; none gives off vapour that the heater can light."""
    at_c, inside = hottest_c(moment.task), moment.inside(heated(moment))
    if inside.volume_ul <= FILM_UL and not inside.is_capped:
        return
    for stock in inside.liquids_ul:
        liquid = moment.bench.liquid(stock)
        if liquid is None:
            what = f"nothing is known of {stock}: whether it boils or burns at {at_c:g} °C was not checked"
            yield moment.finding("unknown material", what, f"Describe it in the lab file, under materials: known: {stock}",
                                 "to_c", value=stock, level="warning")  # fmt: skip
            continue
        most_c = None if liquid.boils_c is None else liquid.boils_c - PRESSURE_C * inside.is_capped
        if most_c is not None and at_c >= most_c:
            closed = f"; a closed vessel stays {PRESSURE_C:g} °C below" * inside.is_capped
            what = f"to_c={at_c:g}: {inside.volume_ul:.0f} µl with {stock} boil at {liquid.boils_c:g} °C{closed}"
            remedy = "Heat less, or take the cap off before" if inside.is_capped else "Heat less, or heat less liquid"
            yield moment.finding("boiling", what, remedy, "to_c", value=at_c, limit=most_c)
        if liquid.flashes_c is not None and not inside.is_capped and at_c >= liquid.flashes_c:
            in_furnace = moment.task.skill == "heat"
            place = "in a furnace with a glowing element" if in_furnace else "on an open plate"
            what = f"to_c={at_c:g}: {stock} flashes at {liquid.flashes_c:g} °C, and is heated {place}"
            yield moment.finding("flash point", what, "Heat less, or use another solvent", "to_c", value=at_c,
                                 limit=liquid.flashes_c, level="error" if in_furnace else "warning")  # fmt: skip
