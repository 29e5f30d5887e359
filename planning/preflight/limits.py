"""What pumps, hotplates, dosers and meters can do."""

from collections.abc import Iterator

from planning.liquids import handler_of
from planning.preflight.findings import Finding
from planning.preflight.moments import Moment
from planning.skills.heating import NEAR_C, ROOM_C

COOLEST_C = ROOM_C + 3.0
"""Nothing that stands in a room becomes cooler than this by itself."""


def outside(
    moment: Moment, role: str, field: str, value: float, low: float, high: float, *, said: str = "", rule: str = "limits"
) -> Iterator[Finding]:  # fmt: skip
    """A finding if a figure is not what the device in a role can do."""
    if low <= value <= high:
        return
    what = f"{said or f'{field}={value:g}'} is outside what {moment.details[role]} can do, {low:g} to {high:g}"
    limit = low if value < low else high
    yield moment.finding(rule, what, "Change the step or the parameter", field, value=value, limit=limit)


def pump_draws_enough(moment: Moment) -> Iterator[Finding]:
    """Each part is as much as the pump can draw."""
    least_ul = moment.device("pipette").min_volume_ul
    parts = moment.details.get("volumes_ul") or {"": moment.details["volume_ul"]}
    for stock, volume_ul in parts.items():
        if volume_ul < least_ul:
            what = f"{stock}{': ' * bool(stock)}{volume_ul:.2f} µl is less than the pipette can draw, {least_ul:g} µl"
            yield moment.finding("limits", what, "Leave the part out (leave_out_below) or dose more", "volume_ul",
                                 value=volume_ul, limit=least_ul)  # fmt: skip


def pump_has_line(moment: Moment) -> Iterator[Finding]:
    """Each stock hangs on a port of the valve, stands in a well, or is in the syringe."""
    name = moment.details["pipette"]
    there = handler_of(moment.bench.lab, name).sources
    for stock in moment.details["volumes_ul"]:
        if stock not in there:
            yield moment.finding("names", f"{stock} is not among what {name} draws from", f"Use {', '.join(there)}",
                                 value=stock)  # fmt: skip


def doser_can(moment: Moment) -> Iterator[Finding]:
    """The doser has each powder, and doses so much so finely."""
    details, doser = moment.details, moment.device("doser")
    name, tolerance_mg = details["doser"], details["tolerance_mg"]
    if tolerance_mg < doser.min_tolerance_mg:
        what = f"tolerance_mg={tolerance_mg:g} is finer than {name} can dose, {doser.min_tolerance_mg:g} mg"
        yield moment.finding(
            "limits", what, "Allow more", "tolerance_mg", value=tolerance_mg, limit=doser.min_tolerance_mg
        )
    for powder, mass_mg in details["masses_mg"].items():
        if powder not in doser.hoppers:
            yield moment.finding("names", f"{powder} is in no hopper of {name}", f"Use {', '.join(doser.hoppers)}",
                                 value=powder)  # fmt: skip
        if not doser.min_mass_mg <= mass_mg <= doser.max_mass_mg:
            what = f"{powder}: {mass_mg:g} mg is outside what {name} can dose, {doser.min_mass_mg:g} to {doser.max_mass_mg:g} mg"
            limit = doser.min_mass_mg if mass_mg < doser.min_mass_mg else doser.max_mass_mg
            yield moment.finding("limits", what, "Leave the part out (leave_out_below), or change the mass", "mass_mg",
                                 value=mass_mg, limit=limit)  # fmt: skip


def handler_shakes(moment: Moment) -> Iterator[Finding]:
    """The handler shakes so long and so fast."""
    handler, shake = moment.device("handler"), moment.details
    yield from outside(moment, "handler", "for_min", shake["for_s"] / 60, 1 / 60, handler.max_duration_s / 60)
    yield from outside(moment, "handler", "speed_rpm", shake["speed_rpm"], 1.0, handler.max_speed_rpm)


def handler_taps(moment: Moment) -> Iterator[Finding]:
    """The handler taps so much over."""
    yield from outside(
        moment, "handler", "mass_mg", moment.details["mass_mg"], 1.0, moment.device("handler").max_mass_mg
    )


def plate_heats(moment: Moment) -> Iterator[Finding]:
    """The hotplate comes to each temperature, none below the room's."""
    plate = moment.device("plate")
    for to_c, _, _ in moment.details["segments"]:
        yield from outside(moment, "plate", "to_c", to_c, max(plate.min_target_c, ROOM_C - NEAR_C), plate.max_target_c)


def plate_stirs(moment: Moment) -> Iterator[Finding]:
    """The hotplate stirs so fast."""
    plate, speed_rpm = moment.device("plate"), moment.details["speed_rpm"]
    field = "stir_rpm" if moment.task.skill == "warm" else "speed_rpm"
    if speed_rpm:
        yield from outside(
            moment, "plate", field, speed_rpm, plate.min_speed_rpm, plate.max_speed_rpm, said=f"{speed_rpm:g} rpm"
        )


def cools_so_far(moment: Moment) -> Iterator[Finding]:
    """What is waited for comes to pass in a room."""
    below_c = moment.details["below_c"]
    if below_c < COOLEST_C:
        what = f"below_c={below_c:g} is never reached: in a room nothing cools below about {COOLEST_C:g} °C"
        yield moment.finding("limits", what, "Wait for a higher temperature", "below_c", value=below_c, limit=COOLEST_C)


def meter_gives(moment: Moment) -> Iterator[Finding]:
    """The source meter may give so much current and voltage."""
    meter = moment.device("meter")
    for field, limit in (("current_a", meter.max_current_a), ("compliance_v", meter.max_voltage_v)):
        value = moment.details[field]
        if value > limit:
            what = f"{field}={value:g} is more than {moment.details['meter']} may give, {limit:g}"
            yield moment.finding("limits", what, "Lower it", field, value=value, limit=limit)


MOST_POINTS = 8192
"""Of a pattern; what the open protocol of diffractometers carries."""


def diffractometer_scans(moment: Moment) -> Iterator[Finding]:
    """The diffractometer reaches the angles, and carries so many points."""
    device = moment.device("diffractometer")
    for field in ("start_deg", "end_deg"):
        yield from outside(
            moment, "diffractometer", field, moment.details[field], device.min_angle_deg, device.max_angle_deg
        )
    points = round((moment.details["end_deg"] - moment.details["start_deg"]) / moment.details["step_deg"]) + 1
    if points > MOST_POINTS:
        what = f"{points} points are more than {moment.details['diffractometer']} carries, {MOST_POINTS}"
        yield moment.finding(
            "limits", what, "Take larger steps, or a shorter range", "step_deg", value=points, limit=MOST_POINTS
        )
