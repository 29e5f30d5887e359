"""What an arm's state says of a command."""

from collections.abc import Mapping
from typing import Any

from planning.commands.command import Command, Outcome
from robot.geometry import BenchPoint
from robot.interfaces import ArmState

POSITION_TOLERANCE_MM = 0.5
"""Twice the repeatability that makers of small arms promise."""
GRIP_S = 1.0
"""A pneumatic or servo gripper has closed by then; it has no sensor to ask."""
HOMING_S = 25.0
"""Fact sheet of the Dobot Magician: 20 to 30 s."""


def judge_arm(
    command: Command, before: Mapping[str, Any], now: ArmState, ticket: int | None, elapsed_s: float
) -> Outcome:
    """By its ticket, by where it stands and by its gripper."""
    if command.verb == "start_homing" and ticket is None and before.get("alarms"):
        return _judge_waking(before, now)
    if now.alarms:
        return Outcome.FAULT
    ahead = _commands_since(before["ticket"], now.ticket)
    if ahead is not None and ahead < 0:
        return Outcome.UNKNOWN  # the counter fell back: the arm was without power, or reset, in between
    if now.busy:
        return Outcome.UNDER_WAY
    if ahead is not None and ahead < (1 if ticket is None else ticket - before["ticket"]):
        return Outcome.NOT_DONE if ticket is None else Outcome.UNDER_WAY
    match command.verb:
        case "start_move":
            return _judge_place(BenchPoint(*command.arguments["to"]), BenchPoint(*before["position_mm"]), now)
        case "start_grip" if now.is_closed not in (None, command.arguments["closed"]):
            return Outcome.NOT_DONE
        case "start_grip":
            least_s = GRIP_S
        case _:
            least_s = HOMING_S if now.busy is None else 0.0
    return Outcome.DONE if elapsed_s >= least_s else Outcome.UNDER_WAY


def _judge_waking(before: Mapping[str, Any], now: ArmState) -> Outcome:
    """Homing ends what an arm complained of before; as long as it complains of the same where it stood, it never began."""
    if now.busy:
        return Outcome.UNDER_WAY
    if not now.alarms:
        return Outcome.DONE
    never_left = BenchPoint(*before["position_mm"]).distance_mm(now.position) <= POSITION_TOLERANCE_MM
    return Outcome.NOT_DONE if never_left and list(now.alarms) == before["alarms"] else Outcome.FAULT


def _commands_since(before: int | None, now: int | None) -> int | None:
    return None if before is None or now is None else now - before


def _judge_place(to: BenchPoint, start: BenchPoint, now: ArmState) -> Outcome:
    """Where an arm stands tells the outcome of a move, if it says that it stands; else it may be on its way."""
    if to.distance_mm(now.position) <= POSITION_TOLERANCE_MM:
        return Outcome.DONE
    if now.busy is None:
        return Outcome.UNDER_WAY
    never_left = now.ticket is None and start.distance_mm(now.position) <= POSITION_TOLERANCE_MM
    return Outcome.NOT_DONE if never_left else Outcome.FAULT
