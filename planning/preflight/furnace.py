"""Firing programmes: what a controller can hold, and what a chamber can follow."""

from collections.abc import Iterator
from itertools import pairwise

from planning.preflight.findings import Finding
from planning.preflight.limits import outside
from planning.preflight.moments import Moment
from planning.skills.heating import COOL_WITHIN_S, ROOM_C, cooling_s
from robot.device_settings import FurnaceSettings
from robot.interfaces import keeps_dwell

SLOWEST_C_PER_MIN = 0.1


def programme_fits(moment: Moment) -> Iterator[Finding]:
    """The controller has room for all segments, and can hold each figure."""
    furnace, segments = moment.device("furnace"), moment.details["segments"]
    name = moment.details["furnace"]
    if len(segments) > furnace.max_segments:
        what = f"{len(segments)} segments are more than {name} takes, {furnace.max_segments}"
        yield moment.finding(
            "furnace", what, "Leave some out", "segments", value=len(segments), limit=furnace.max_segments
        )
    for to_c, rate_c_per_min, hold_min in segments:
        for field, value, low, high in (
            ("to_c", to_c, max(furnace.min_target_c, ROOM_C), furnace.max_target_c),
            ("rate_c_per_min", rate_c_per_min, SLOWEST_C_PER_MIN, furnace.max_rate_c_per_min),
            ("hold_min", hold_min, 0.0, furnace.max_dwell_min),
        ):
            yield from outside(moment, "furnace", field, value, low, high, rule="furnace")
        if not keeps_dwell(furnace.dwell_step_min, hold_min):
            what = f"hold_min={hold_min:g} is no multiple of {furnace.dwell_step_min:g}, in which {name} counts"
            yield moment.finding("furnace", what, "Round it", "hold_min", value=hold_min, limit=furnace.dwell_step_min)


def chamber_follows(moment: Moment) -> Iterator[Finding]:
    """The chamber keeps up with each ramp: upwards with its heater, downwards by its natural cooling."""
    name = moment.details["furnace"]
    settings = moment.bench.lab.devices[name]
    assert isinstance(settings, FurnaceSettings)
    levels_c = [ROOM_C, *(to_c for to_c, _, _ in moment.details["segments"])]
    rates = [rate_c_per_min for _, rate_c_per_min, _ in moment.details["segments"]]
    for (from_c, to_c), rate_c_per_min in zip(pairwise(levels_c), rates, strict=True):
        rises = to_c >= from_c
        limit = settings.follows_c_per_min if rises else max(to_c - ROOM_C, 0.0) / settings.cooling_min
        if rate_c_per_min > limit:
            how = "its chamber follows" if rises else f"it cools by itself near {to_c:g} °C"
            remedy = "Heat more slowly" if rises else "Let it fall more slowly"
            what = f"rate_c_per_min={rate_c_per_min:g} is faster than {name} can: {how} at up to {limit:.3g} °C/min"
            yield moment.finding("furnace", what, f"{remedy}, or correct follows_c_per_min or cooling_min in the lab file",
                                 "rate_c_per_min", value=rate_c_per_min, limit=limit)  # fmt: skip


def cools_in_time(moment: Moment) -> Iterator[Finding]:
    """After the programme the arm may reach in before patience ends."""
    name = moment.details["furnace"]
    settings = moment.bench.lab.devices[name]
    assert isinstance(settings, FurnaceSettings)
    needs_s = cooling_s(settings, moment.details["segments"][-1][0])
    if needs_s > COOL_WITHIN_S:
        what = (f"{name} takes {needs_s / 3600:.1f} h to cool from {moment.details['segments'][-1][0]:g} °C to "
                f"{settings.handle_below_c:g} °C; it is given up after {COOL_WITHIN_S / 3600:g} h")  # fmt: skip
        yield moment.finding("furnace", what, "End with a slow ramp down, or correct handle_below_c or cooling_min in the lab file",
                             value=needs_s / 3600, limit=COOL_WITHIN_S / 3600)  # fmt: skip
