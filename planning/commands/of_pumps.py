"""What the state of a pump, of its tip or of the arm that dips it says of a command."""

from collections.abc import Mapping
from math import nan
from typing import Any

from planning.commands.command import Command, Outcome
from planning.commands.of_arms import POSITION_TOLERANCE_MM
from robot.interfaces import DipState, PipetteState, SyringeState, TipState

VOLUME_TOLERANCE_UL = 0.6
"""Under two increments of a 1 ml syringe with 3000 of them."""
NEEDS_NO_HOME = frozenset({"start_initialising", "declare_filled", "start_dropping_tip"})
"""After these a pump knows where its plunger stands, or has given away what it held."""


def has_lost_home(command: Command, now: object) -> bool:
    """Does a pump not know where its plunger stands, and was not told to find out? Then nobody knows what it moved."""
    return isinstance(now, SyringeState) and not now.initialised and command.verb not in NEEDS_NO_HOME


def judge_syringe(command: Command, before: Mapping[str, Any], now: SyringeState) -> Outcome:
    """By where plunger and valve stand, if it knows."""
    if now.busy:
        return Outcome.UNDER_WAY
    if has_lost_home(command, now):
        return Outcome.FAULT
    if now.fault is not None and now.initialised:
        return Outcome.FAULT
    if command.verb == "start_moving_plunger":
        to_ul = command.arguments["to_volume_ul"]
        there = abs(now.volume_ul - to_ul) <= VOLUME_TOLERANCE_UL
        back = abs(now.volume_ul - before["volume_ul"]) <= VOLUME_TOLERANCE_UL or _is_cut_short(before, now, to_ul)
    elif command.verb == "start_turning_valve" and isinstance(now, PipetteState):
        there, back = now.port == command.arguments["port"], now.port == before["port"]
    else:
        there, back = now.initialised, not now.initialised
    return Outcome.DONE if there else Outcome.NOT_DONE if back else Outcome.UNKNOWN


def _is_cut_short(before: Mapping[str, Any], now: SyringeState, to_ul: float) -> bool:
    """A syringe with a single line that stands between two levels was stopped, as by its watchdog: the rest may follow."""
    return not isinstance(now, PipetteState) and min(before["volume_ul"], to_ul) < now.volume_ul < max(
        before["volume_ul"], to_ul
    )


def judge_tip(is_wanted: bool, now: TipState) -> Outcome:
    """A tip is on or off; what nobody knows is not done again."""
    if now.busy:
        return Outcome.UNDER_WAY
    if now.has_tip is None:
        return Outcome.UNKNOWN
    return Outcome.DONE if now.has_tip is is_wanted else Outcome.NOT_DONE


def judge_dip(command: Command, now: DipState) -> Outcome:
    """A tip that stands short of where it was sent, and knows where that is, may be sent there again."""
    if now.busy:
        return Outcome.UNDER_WAY
    if now.fault is not None or not now.initialised:
        return Outcome.FAULT
    port = command.arguments["port"]
    if command.verb == "start_turning_valve":
        is_there = now.port == port
    else:
        height_mm = nan if now.height_mm is None else now.height_mm
        is_there = now.over == port and abs(height_mm - command.arguments["height_mm"]) <= POSITION_TOLERANCE_MM
    return Outcome.DONE if is_there else Outcome.NOT_DONE
