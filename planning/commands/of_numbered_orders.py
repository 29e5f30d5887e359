"""What the state of a device that numbers its orders says of a command: of a powder handler, of a capper."""

from collections.abc import Mapping
from typing import Any

from planning.commands.command import Command, Outcome
from robot.interfaces import CapperState, PowderHandlerState

ORDERED = {
    "start_shaking": "shake", "start_transferring": "transfer", "start_capping": "cap", "start_uncapping": "uncap",
}  # fmt: skip
"""What such a device calls its orders."""


def judge_order(
    command: Command, before: Mapping[str, Any], now: PowderHandlerState | CapperState, ticket: int | None
) -> Outcome:
    """A handler, and a capper, number their orders as a doser does its doses."""
    if command.verb not in ORDERED:
        return Outcome.UNDER_WAY if now.busy else Outcome.DONE
    if ticket is None and now.order == before["order"]:
        return Outcome.NOT_DONE
    asked = {"task": ORDERED[command.verb], **command.arguments}
    is_ours = all(getattr(now, name) == value for name, value in asked.items())
    if now.order != before["order"] + 1 or not is_ours:
        return Outcome.UNKNOWN
    if now.busy:
        return Outcome.UNDER_WAY
    return Outcome.DONE if now.ending == "done" else Outcome.FAULT
