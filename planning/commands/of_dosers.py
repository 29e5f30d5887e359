"""What the state of a powder doser says of a command."""

from collections.abc import Mapping
from typing import Any

from planning.commands.command import Command, Outcome
from robot.interfaces import PowderDoserState


def judge_doser(command: Command, before: Mapping[str, Any], now: PowderDoserState, ticket: int | None) -> Outcome:
    """By the number of its last dose, and what its hoppers hold."""
    match command.verb:
        case "start_dosing":
            return _judge_dose(command, before, now, ticket)
        case "declare_filled":
            held_mg = now.remaining_mg.get(command.arguments["hopper"])
            return Outcome.DONE if held_mg == command.arguments["mass_mg"] else Outcome.NOT_DONE
        case _:
            return Outcome.UNDER_WAY if now.busy else Outcome.DONE


def _judge_dose(command: Command, before: Mapping[str, Any], now: PowderDoserState, ticket: int | None) -> Outcome:
    """A doser numbers its doses and remembers the last: whether one began is never in doubt while it is ours."""
    if ticket is None and now.dose == before["dose"]:
        return Outcome.NOT_DONE
    asked = tuple(command.arguments[name] for name in ("hopper", "target_mg", "tolerance_mg"))
    if now.dose != before["dose"] + 1 or (now.hopper, now.target_mg, now.tolerance_mg) != asked:
        return Outcome.UNKNOWN
    if now.busy:
        return Outcome.UNDER_WAY
    return Outcome.DONE if now.ending == "done" else Outcome.FAULT
