"""Commands to devices, and how to tell from a device's state whether one was carried out."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

from robot.geometry import BenchPoint
from robot.interfaces import Arm, ArmState, Device, Furnace, FurnaceState, Pipette, PipetteState, Segment

POSITION_TOLERANCE_MM = 0.5
"""Twice the repeatability that makers of small arms promise."""
VOLUME_TOLERANCE_UL = 0.6
"""Under two increments of a 1 ml syringe with 3000 of them."""
GRIP_S = 1.0
"""A pneumatic or servo gripper has closed by then; it has no sensor to ask."""
HOMING_S = 25.0
"""Fact sheet of the Dobot Magician: 20 to 30 s."""

State = ArmState | PipetteState | FurnaceState


class Outcome(Enum):
    """What a device's state says of a command."""

    DONE = "done"
    NOT_DONE = "not done"
    UNDER_WAY = "under way"
    FAULT = "fault"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Command:
    """One verb of a device's interface, with JSON-able arguments.

    `expected_s` is how long the physics should take; after `within_s` it has failed.
    """

    device: str
    verb: str
    arguments: Mapping[str, Any]
    expected_s: float = 0.0
    within_s: float = 30.0

    def send(self, device: Device) -> object:
        """Call the verb. Points and segments travel in the journal as plain lists."""
        arguments = dict(self.arguments)
        if "to" in arguments:
            arguments["to"] = BenchPoint(*arguments["to"])
        if "segments" in arguments:
            arguments["segments"] = [Segment(*segment) for segment in arguments["segments"]]
        return getattr(device, self.verb)(**arguments)


def interface_of(device: Device) -> type:
    """Which interface's rules hold for a device."""
    for interface, verb in ((Arm, "start_move"), (Pipette, "start_turning_valve"), (Furnace, "start_programme")):
        if hasattr(device, verb):
            return interface
    return Device


def evidence(state: State) -> dict[str, Any]:
    """What of a state tells later whether a command was carried out; no figure that drifts with time."""
    if isinstance(state, ArmState):
        return {"position_mm": list(asdict(state.position).values()), "ticket": state.ticket}
    if isinstance(state, PipetteState):
        return {"volume_ul": state.volume_ul, "port": state.port}
    return {"programme": state.programme}


def judge(command: Command, before: Mapping[str, Any], now: State, ticket: int | None, elapsed_s: float) -> Outcome:
    """Tell from a device's state how far a command is; `before` is the evidence from before it was sent."""
    match now:
        case ArmState():
            return _judge_arm(command, before, now, ticket, elapsed_s)
        case PipetteState():
            return _judge_pipette(command, before, now)
        case FurnaceState():
            return _judge_furnace(command, now)


def _judge_arm(
    command: Command, before: Mapping[str, Any], now: ArmState, ticket: int | None, elapsed_s: float
) -> Outcome:
    if now.alarms:
        return Outcome.FAULT
    if now.ticket < before["ticket"]:
        return Outcome.UNKNOWN  # the counter fell back: the arm was without power in between
    if now.ticket < (before["ticket"] + 1 if ticket is None else ticket):
        return Outcome.NOT_DONE if ticket is None else Outcome.UNDER_WAY
    if command.verb == "start_move":
        there = BenchPoint(*command.arguments["to"]).distance_mm(now.position) <= POSITION_TOLERANCE_MM
        return Outcome.DONE if there else Outcome.UNDER_WAY
    least_s = GRIP_S if command.verb == "start_grip" else HOMING_S
    return Outcome.DONE if elapsed_s >= least_s else Outcome.UNDER_WAY


def _judge_pipette(command: Command, before: Mapping[str, Any], now: PipetteState) -> Outcome:
    if now.busy:
        return Outcome.UNDER_WAY
    if now.fault is not None and now.initialised:
        return Outcome.FAULT
    match command.verb:
        case "start_turning_valve":
            there = now.port == command.arguments["port"]
            back = now.port == before["port"]
        case "start_moving_plunger":
            there = abs(now.volume_ul - command.arguments["to_volume_ul"]) <= VOLUME_TOLERANCE_UL
            back = abs(now.volume_ul - before["volume_ul"]) <= VOLUME_TOLERANCE_UL
        case _:
            there, back = now.initialised, not now.initialised
    return Outcome.DONE if there else Outcome.NOT_DONE if back else Outcome.UNKNOWN


def _judge_furnace(command: Command, now: FurnaceState) -> Outcome:
    match command.verb:
        case "start_programme" if now.sensor_broken:
            return Outcome.FAULT
        case "start_programme":
            return Outcome.NOT_DONE if now.programme == "idle" else Outcome.DONE
        case "stop_programme":
            return Outcome.DONE if now.programme == "idle" else Outcome.NOT_DONE
        case _:
            return Outcome.NOT_DONE  # a programme's words: writing them again is harmless, and reads them back
