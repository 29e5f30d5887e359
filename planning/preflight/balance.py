"""Mass and volume through every step: nothing overflows, nothing is drawn that is not there."""

from collections.abc import Iterator

from planning.liquids import handler_of
from planning.preflight.findings import Finding
from planning.preflight.moments import Moment
from robot.device_settings import MettlerBalanceSettings

DEAD_FRACTION = 0.02
"""Of a vessel's capacity: the end of a line stands that much off the floor; assumed."""

STICKS_MG, DUST_FRACTION = 20.0, 0.02
"""Of a powder that is tapped over: what stays in its vessel, and what is lost; assumed."""
WET_UL = 1.0
"""More liquid than this on a film that is measured is too much; assumed."""


def holds_all(moment: Moment) -> Iterator[Finding]:
    """What comes into a vessel finds room there."""
    vessel = moment.details.get("film") or moment.details.get("into") or moment.details["vessel"]
    ware, lab = moment.bench.ware(vessel), moment.bench.lab
    there = moment.after[vessel]
    heap_ul = sum(mass_mg / lab.powders[powder].bulk_density_g_per_ml for powder, mass_mg in there.powders_mg.items())
    total_ul = there.volume_ul + heap_ul
    if total_ul > ware.capacity_ul * (1 + 1e-9):
        field = "mass_mg" if moment.task.skill in ("dose_powder", "transfer_powder") else "volume_ul"
        what = f"{total_ul:g} µl in a {ware.name} that holds {ware.capacity_ul:g} µl: it would spill"
        yield moment.finding("overfill", what, "Dose less, or use a larger vessel", field, value=total_ul,
                             limit=ware.capacity_ul)  # fmt: skip


def draws_what_is_there(moment: Moment) -> Iterator[Finding]:
    """As much is in a vessel as is drawn from it, and some remains for the end of the line to dip in."""
    vessel, volume_ul = moment.details["vessel"], moment.details["volume_ul"]
    there_ul = moment.inside(vessel).volume_ul
    reached_ul = handler_of(moment.bench.lab, moment.details["pipette"]).dead_ul(moment.details["line"])
    dead_ul = max(DEAD_FRACTION * moment.bench.ware(vessel).capacity_ul, reached_ul)
    less = "draw less" if moment.task.skill == "mix" else "take less"
    if volume_ul > there_ul * (1 + 1e-9):
        what = f"volume_ul={volume_ul:g} is more than the {there_ul:g} µl in {vessel}"
        yield moment.finding("empty", what, f"Dose more, or {less}", "volume_ul", value=volume_ul, limit=there_ul)
    elif there_ul - volume_ul < dead_ul:
        what = (f"volume_ul={volume_ul:g} leaves {there_ul - volume_ul:.0f} µl in {vessel}: below about {dead_ul:.0f} µl a line "
                "may draw air")  # fmt: skip
        yield moment.finding("dead volume", what, f"Dose more, or {less}", "volume_ul", value=there_ul - volume_ul,
                             limit=dead_ul, level="warning")  # fmt: skip


def taps_what_is_there(moment: Moment) -> Iterator[Finding]:
    """As much powder is in a vessel as is tapped over from it, and what sticks there."""
    vessel, mass_mg = moment.details["vessel"], moment.details["mass_mg"]
    there_mg = sum(moment.inside(vessel).powders_mg.values())
    limit_mg = max((1 - DUST_FRACTION) * there_mg - STICKS_MG, 0.0)
    if mass_mg > limit_mg:
        what = f"mass_mg={mass_mg:g} is more than can be had of the {there_mg:g} mg in {vessel}, {limit_mg:.0f} mg: some sticks"
        yield moment.finding("empty", what, "Dose more, or take less", "mass_mg", value=mass_mg, limit=limit_mg)


def has_film(moment: Moment) -> Iterator[Finding]:
    """What is measured on was cast."""
    if moment.details["thickness_mm"] <= 0:
        yield moment.finding(
            "empty", "there is no film on this vessel: nothing was cast on it", "Cast before measuring"
        )


def is_dry(moment: Moment) -> Iterator[Finding]:
    """A film that is measured has had the heat, or the time, to dry."""
    assert moment.step.step.measure is not None
    vessel = moment.step.step.measure.what
    wet_ul = moment.inside(vessel).volume_ul
    if wet_ul > WET_UL:
        what = f"{vessel} is still wet: about {wet_ul:.0f} µl have not dried"
        yield moment.finding("wet", what, "Heat it for longer, or hotter", value=wet_ul, limit=WET_UL)


def has_powder(moment: Moment) -> Iterator[Finding]:
    """What is put into the beam holds powder."""
    assert moment.step.step.diffract is not None
    vessel = moment.step.step.diffract.what
    if not moment.inside(vessel).powders_mg:
        what = f"there is no powder in {vessel}: none fell into it"
        yield moment.finding("empty", what, "Dose powder before, or leave the scan out", level="warning")


def balance_bears(moment: Moment) -> Iterator[Finding]:
    """A vessel with what is in it is no heavier than the balance bears."""
    settings = moment.bench.lab.devices[moment.details["balance"]]
    assert isinstance(settings, MettlerBalanceSettings)
    mass_mg = mass_of(moment, moment.details["vessel"])
    if mass_mg > 1000 * settings.capacity_g:
        what = f"{mass_mg / 1000:.1f} g are more than {moment.details['balance']} bears, {settings.capacity_g:g} g"
        yield moment.finding("overload", what, "Weigh less", value=mass_mg / 1000, limit=settings.capacity_g)


def mass_of(moment: Moment, vessel: str) -> float:
    """What a vessel should weigh with its cap and what is in it, in mg; an unknown liquid as if it were water."""
    inside = moment.inside(vessel)
    liquids_mg = sum(
        volume_ul * (liquid.density_g_per_ml or 1.0 if (liquid := moment.bench.liquid(stock)) else 1.0)
        for stock, volume_ul in inside.liquids_ul.items()
    )
    ware = moment.bench.ware(vessel)
    cap_mg = ware.cap.mass_mg if inside.is_capped and ware.cap is not None else 0.0
    return ware.mass_mg + cap_mg + liquids_mg + sum(inside.powders_mg.values())
