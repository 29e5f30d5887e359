"""What the state of a furnace or a hotplate-stirrer says of a command."""

from planning.commands.command import Command, Outcome
from robot.interfaces import FurnaceState, StirrerState

STIRRER_TOLERANCE = 0.1
"""Of the degrees that a hotplate reads back."""


def judge_stirrer(command: Command, now: StirrerState) -> Outcome:
    """What it was last told, and what it reads back. Where nobody knows, saying it again is harmless."""
    if now.fault is not None:
        return Outcome.FAULT
    match command.verb:
        case "start_heating":
            is_done = now.is_heating is True and abs(now.target_c - command.arguments["target_c"]) <= STIRRER_TOLERANCE
        case "start_stirring":
            is_done = now.is_stirring is True and abs(now.target_rpm - command.arguments["speed_rpm"]) <= 0.5
        case "stop_heating":
            is_done = now.is_heating is False
        case _:
            is_done = now.is_stirring is False
    return Outcome.DONE if is_done else Outcome.NOT_DONE


def judge_furnace(command: Command, now: FurnaceState) -> Outcome:
    """By whether its programme runs."""
    match command.verb:
        case "start_programme" if now.sensor_broken:
            return Outcome.FAULT
        case "start_programme":
            return Outcome.NOT_DONE if now.programme == "idle" else Outcome.DONE
        case "stop_programme":
            return Outcome.DONE if now.programme == "idle" else Outcome.NOT_DONE
        case _:
            return Outcome.NOT_DONE  # a programme's words: writing them again is harmless, and reads them back
