"""What a diffractometer's state says of a command."""

from collections.abc import Mapping
from math import isclose
from typing import Any

from planning.commands.command import Command, Outcome
from robot.interfaces import DiffractometerState

SCAN_TOLERANCE = 1e-3
"""Of degrees and seconds in the figures of a scan, which devices round."""


def judge_diffractometer(
    command: Command, before: Mapping[str, Any], now: DiffractometerState, ticket: int | None
) -> Outcome:
    """By the number of its last scan, and its door."""
    match command.verb:
        case "start_scan":
            return _judge_scan(command, before, now, ticket)
        case "stop_scan":
            return Outcome.NOT_DONE if now.stage == "scanning" else Outcome.DONE
        case _ if now.door == "moving":
            return Outcome.UNDER_WAY
        case verb:
            wanted = {"start_opening_door": "open", "start_closing_door": "closed"}[verb]
            return Outcome.DONE if now.door == wanted else Outcome.NOT_DONE


def _judge_scan(command: Command, before: Mapping[str, Any], now: DiffractometerState, ticket: int | None) -> Outcome:
    """A diffractometer numbers its scans and remembers the last: whether one began is never in doubt while it is ours."""
    if ticket is None and now.scan == before["scan"]:
        return Outcome.NOT_DONE
    figures = ("start_deg", "end_deg", "step_deg", "seconds_per_step")
    is_ours = all(isclose(command.arguments[name], getattr(now, name), abs_tol=SCAN_TOLERANCE) for name in figures)
    if now.scan != before["scan"] + 1 or not is_ours:
        return Outcome.UNKNOWN
    if now.stage == "scanning":
        return Outcome.UNDER_WAY
    return Outcome.DONE if now.stage == "complete" else Outcome.FAULT
