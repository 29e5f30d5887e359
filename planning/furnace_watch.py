"""Is a furnace still under control? Judged from what it has shown so far; pure.

A thermocouple that is broken is told by the controller. One that is frozen, or connected the wrong way round, a relay
that has welded, an element that is worn out: none of them tells. What a sound furnace cannot do gives them away.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from robot.interfaces import FurnaceState, Segment, StirrerState

TOO_HOT_C = 30.0
"""Above its set-point and rising still, by this much, is a fault of the furnace."""
JUMP_C, JUMP_WITHIN_S = 40.0, 90.0
"""No chamber moves so fast; a thermocouple does, that is touched."""
FULL, MUCH, NONE = 0.95, 0.5, 0.01
"""Outputs, as fractions."""
STUCK_S, STUCK_C, BEHIND_C = 300.0, 2.0, 20.0
"""Full output for so long must warm the chamber by this much, while it is so far behind."""
FALLING_S, FALL_C = 120.0, 5.0
"""It must not cool by this much, while its output has been high for so long."""
OFF_S, CLIMB_S, CLIMB_C = 180.0, 60.0, 3.0
"""Once its output has been zero for so long, heat that is left in the element warms it no more."""
STANDING_S, STANDING_C = 1800.0, 1.0
"""With its heater off it must have cooled by this much within so long."""
HELD_WITHIN_C, SETTLING_S, LOST_SHARE = 5.0, 120.0, 0.1
"""A dwell is kept if the chamber was so near its set-point, save while it settled and for this share of the dwell."""
NEVER_ABOVE_C = 6.0
"""Never in a dwell may it be hotter by this much: what was too hot once cannot be undone."""
HOT_C = 60.0
"""A hotplate of which nobody knows whether it heats does so if it is as hot as this."""
COLDEST_C = 10.0
"""A reading below this is none of a room's: its thermocouple is connected the wrong way round."""
SAME_C = 0.6
"""Set-points that differ by less are one, told with or without decimals."""
EARLY_SHARE = 0.9
"""Of its programme's time: what falls back sooner did not end."""
CUT_OUT = "switch it off at its independent cut-out, and look at its relay"
THERMOCOUPLE = "look at its thermocouple and its element"


@dataclass(frozen=True)
class Sighting:
    """One look at a furnace."""

    at_s: float
    state: FurnaceState


@dataclass(frozen=True)
class Trouble:
    """What is wrong. After some troubles nobody may heat before a person has looked."""

    what: str
    needs_person: bool = False


def while_running(seen: Sequence[Sighting], segments: Sequence[Segment], begun_s: float) -> Trouble | None:
    """Judge a programme that we believe to be under way; None if all is well.

    >>> state = FurnaceState(22.0, 140.0, "idle", 0.0, False)
    >>> while_running([Sighting(0.0, state)], [Segment(140.0, 10.0, 20.0)], begun_s=0.0).what
    'its programme was reset, and not by us: was it without power?'

    Args:
        seen: oldest first; after a crash of ours it begins in the midst of the programme.
        segments: the programme.
        begun_s: when it was started, at the earliest.
    """
    state = seen[-1].state
    if state.sensor_broken:
        return Trouble("its thermocouple is broken; heating was stopped")
    if state.programme == "idle":
        return Trouble("its programme was reset, and not by us: was it without power?")
    if state.programme == "holding":
        return Trouble("its programme was held, and not by us: was it without power?")
    if state.programme == "ended":
        return _unkept(seen, segments)
    return _lost_control(seen) or _too_hot(seen) or _begun_anew(seen, segments, begun_s)


def while_cooling(seen: Sequence[Sighting], warm_c: float) -> Trouble | None:
    """Judge a furnace that we believe to be switched off, from the first sighting after that to the last.

    Args:
        seen: oldest first.
        warm_c: above it a chamber must be seen to cool.
    """
    last = seen[-1]
    if last.state.programme in ("running", "holding"):
        return Trouble("a programme runs that nobody started: was it without power?", needs_person=True)
    if last.state.sensor_broken:
        return None
    trouble = _heats_by_itself(seen) or _misreads(seen)
    if trouble is not None:
        return trouble
    since = _within(seen, STANDING_S)
    is_warm = _is_covered(seen, STANDING_S) and last.state.temperature_c >= warm_c
    if is_warm and since[0].state.temperature_c - last.state.temperature_c < STANDING_C:
        what = f"its heater is off and it stays at {last.state.temperature_c:.0f} °C: {THERMOCOUPLE}"
        return Trouble(what, needs_person=True)
    return None


def while_unused(seen: Sequence[Sighting]) -> Trouble | None:
    """Judge a furnace that no task uses, from its last sightings, oldest first; None if it does not heat.

    >>> while_unused([Sighting(0.0, FurnaceState(22.0, 0.0, "idle", 0.0, False))]) is None
    True
    >>> while_unused([Sighting(0.0, FurnaceState(80.0, 140.0, "idle", 0.4, False))]).what
    'it heats at 80 °C, towards 140 °C, and nobody asked for it'
    """
    state = seen[-1].state
    if state.programme in ("running", "holding") or state.output_fraction > NONE:
        return _unasked(state.temperature_c, state.setpoint_c)
    return _heats_by_itself(seen)


def plate_while_unused(state: StirrerState) -> Trouble | None:
    """Judge a hotplate that no task uses; None if it does not heat."""
    heats = state.plate_c >= HOT_C if state.is_heating is None else state.is_heating
    return _unasked(state.plate_c, state.target_c) if heats else None


def _unasked(at_c: float, to_c: float) -> Trouble:
    return Trouble(f"it heats at {at_c:.0f} °C, towards {to_c:.0f} °C, and nobody asked for it")


def _lost_control(seen: Sequence[Sighting]) -> Trouble | None:
    """What neither chamber nor programme can explain: nobody knows how hot it is, or nobody can stop it."""
    return _heats_by_itself(seen) or _misreads(seen) or _does_not_obey(seen)


def _heats_by_itself(seen: Sequence[Sighting]) -> Trouble | None:
    last = seen[-1]
    is_off = _is_covered(seen, OFF_S) and all(s.state.output_fraction <= NONE for s in _within(seen, OFF_S))
    climbed_c = last.state.temperature_c - _within(seen, CLIMB_S)[0].state.temperature_c
    if not is_off or climbed_c < CLIMB_C:
        return None
    what = f"its output is zero and it climbs, {climbed_c:.0f} °C in a minute to {last.state.temperature_c:.0f} °C"
    return Trouble(f"{what}: {CUT_OUT}", needs_person=True)


def _misreads(seen: Sequence[Sighting]) -> Trouble | None:
    if seen[-1].state.temperature_c < COLDEST_C:
        what = f"it reads {seen[-1].state.temperature_c:.0f} °C, colder than any room"
        return Trouble(f"{what}: {THERMOCOUPLE}", needs_person=True)
    before, now = seen[-2:] if len(seen) > 1 else (seen[-1], seen[-1])
    change_c = now.state.temperature_c - before.state.temperature_c
    if before.state.sensor_broken or now.at_s - before.at_s > JUMP_WITHIN_S or abs(change_c) < JUMP_C:
        return None
    what = f"its reading changed by {change_c:.0f} °C in {now.at_s - before.at_s:.0f} s"
    return Trouble(f"{what}: {THERMOCOUPLE}", needs_person=True)


def _does_not_obey(seen: Sequence[Sighting]) -> Trouble | None:
    """Much power, and it cools; full power, and nothing happens."""
    state = seen[-1].state
    for span_s, output, least_c in ((FALLING_S, MUCH, -FALL_C), (STUCK_S, FULL, STUCK_C)):
        since = _within(seen, span_s)
        warmed_c = state.temperature_c - since[0].state.temperature_c
        is_driven = all(sighting.state.output_fraction >= output for sighting in since)
        is_behind = state.setpoint_c - state.temperature_c > BEHIND_C
        if _is_covered(seen, span_s) and is_driven and is_behind and warmed_c < least_c:
            what = (
                f"its output was at least {output:.0%} for {span_s:.0f} s and its reading changed by {warmed_c:.0f} °C"
            )
            return Trouble(f"{what}: {THERMOCOUPLE}, and whether its door is closed", needs_person=True)
    return None


def _too_hot(seen: Sequence[Sighting]) -> Trouble | None:
    state = seen[-1].state
    if state.temperature_c <= state.setpoint_c + TOO_HOT_C:
        return None
    highest_c = max(sighting.state.setpoint_c for sighting in _within(seen, STANDING_S))
    is_rising = state.temperature_c > _within(seen, CLIMB_S)[0].state.temperature_c
    if is_rising and state.temperature_c > highest_c + TOO_HOT_C:
        return Trouble(f"at {state.temperature_c:.0f} °C it is far above its set-point of {highest_c:.0f} °C")
    return None


def _begun_anew(seen: Sequence[Sighting], segments: Sequence[Segment], begun_s: float) -> Trouble | None:
    """A set-point that falls where the programme has no fall: it set out once more."""
    if len(seen) < 2 or seen[-1].at_s - begun_s > EARLY_SHARE * _least_s(seen[0], segments):
        return None
    fell_c = seen[-2].state.setpoint_c - seen[-1].state.setpoint_c
    steepest_c_per_s = max((_fall_c_per_s(a, b) for a, b in pairwise([None, *segments])), default=0.0)
    if fell_c > steepest_c_per_s * (seen[-1].at_s - seen[-2].at_s) + SAME_C:
        return Trouble(f"its set-point fell back by {fell_c:.0f} °C: was it without power?")
    return None


def _fall_c_per_s(before: Segment | None, segment: Segment | None) -> float:
    falls = before is not None and segment is not None and segment.target_c < before.target_c
    return segment.rate_c_per_min / 60 if segment is not None and falls else 0.0


def _least_s(first: Sighting, segments: Sequence[Segment]) -> float:
    """How long a programme takes from a first sighting on."""
    levels_c = [first.state.setpoint_c, *(segment.target_c for segment in segments)]
    ramps_min = (abs(b - a) / s.rate_c_per_min for (a, b), s in zip(pairwise(levels_c), segments, strict=True))
    return 60 * (sum(ramps_min) + sum(segment.dwell_min for segment in segments))


def _unkept(seen: Sequence[Sighting], segments: Sequence[Segment]) -> Trouble | None:
    """A programme has ended: was each dwell's set-point reached, and the chamber there with it?"""
    for segment in segments:
        dwell = [sighting for sighting in seen if _stands_at(sighting.state, segment.target_c)]
        off_c = [sighting.state.temperature_c - segment.target_c for sighting in dwell]
        lost = sum(abs(difference_c) > HELD_WITHIN_C for difference_c in off_c) / max(len(dwell), 1)
        allowed = LOST_SHARE + SETTLING_S / max(60 * segment.dwell_min, SETTLING_S)
        if lost > allowed or max(off_c, default=0.0) > NEVER_ABOVE_C:
            what = f"its dwell at {segment.target_c:g} °C was not kept: {lost:.0%} of it away from there"
            return Trouble(f"{what}, by {min(off_c):+.0f} to {max(off_c):+.0f} °C")
    return None


def _stands_at(state: FurnaceState, target_c: float) -> bool:
    return state.programme == "running" and abs(state.setpoint_c - target_c) <= SAME_C


def _within(seen: Sequence[Sighting], span_s: float) -> Sequence[Sighting]:
    """The sightings of the last `span_s`, and the one that began it."""
    first = bisect_right(seen, seen[-1].at_s - span_s, key=lambda sighting: sighting.at_s)
    return seen[max(first - 1, 0) :]


def _is_covered(seen: Sequence[Sighting], span_s: float) -> bool:
    return seen[-1].at_s - seen[0].at_s >= span_s
