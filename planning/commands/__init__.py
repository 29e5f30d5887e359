"""Commands to devices, and how to tell from a device's state whether one was carried out."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from planning.commands.command import LOOK_S, Command, Outcome
from planning.commands.of_arms import GRIP_S, HOMING_S, judge_arm
from planning.commands.of_diffractometers import judge_diffractometer
from planning.commands.of_dosers import judge_doser
from planning.commands.of_heaters import judge_furnace, judge_stirrer
from planning.commands.of_numbered_orders import judge_order
from planning.commands.of_pumps import has_lost_home, judge_dip, judge_syringe, judge_tip
from robot.interfaces import (
    ArmState,
    CapperState,
    DiffractometerState,
    DipState,
    FurnaceState,
    PipetteState,
    PowderDoserState,
    PowderHandlerState,
    StirrerState,
    SyringeState,
    TipState,
)

__all__ = ["GRIP_S", "HOMING_S", "LOOK_S", "Command", "Outcome", "State", "evidence", "has_lost_home", "judge"]

TIP_WANTED = {"start_taking_tip": True, "start_dropping_tip": False}
"""What is to be on the nozzle afterwards."""

State = (
    ArmState
    | SyringeState
    | StirrerState
    | PowderDoserState
    | PowderHandlerState
    | CapperState
    | DiffractometerState
    | FurnaceState
)


def evidence(state: State) -> dict[str, Any]:
    """What of a state tells later whether a command was carried out; no figure that drifts with time."""
    if isinstance(state, ArmState):
        place_mm = list(asdict(state.position).values())
        alarms = {"alarms": list(state.alarms)} if state.alarms else {}
        return {"position_mm": place_mm, "ticket": state.ticket, "is_closed": state.is_closed, **alarms}
    if isinstance(state, SyringeState):
        valve = {"port": state.port} if isinstance(state, PipetteState) else {}
        tip = {"has_tip": state.has_tip} if isinstance(state, TipState) else {}
        dip = {"over": state.over, "height_mm": state.height_mm} if isinstance(state, DipState) else {}
        return {"volume_ul": state.volume_ul, **valve, **tip, **dip}
    if isinstance(state, PowderDoserState):
        return {"dose": state.dose, "ending": state.ending, "dispensed_mg": state.dispensed_mg}
    if isinstance(state, PowderHandlerState):
        return {"order": state.order, "ending": state.ending, "shaken_s": state.shaken_s, "gained_mg": state.gained_mg}
    if isinstance(state, CapperState):
        return {"order": state.order, "ending": state.ending, "vessel": state.vessel}
    if isinstance(state, StirrerState):
        return {"target_c": state.target_c, "is_heating": state.is_heating, "target_rpm": state.target_rpm,
                "is_stirring": state.is_stirring}  # fmt: skip
    if isinstance(state, DiffractometerState):
        return {"scan": state.scan, "stage": state.stage, "door": state.door}
    return {"programme": state.programme}


def judge(command: Command, before: Mapping[str, Any], now: State, ticket: int | None, elapsed_s: float) -> Outcome:
    """Tell from a device's state how far a command is; `before` is the evidence from before it was sent."""
    match now:
        case ArmState():
            return judge_arm(command, before, now, ticket, elapsed_s)
        case TipState() if command.verb in TIP_WANTED:
            return judge_tip(TIP_WANTED[command.verb], now)
        case DipState() if command.verb in ("start_turning_valve", "start_dipping"):
            return judge_dip(command, now)
        case SyringeState():
            return judge_syringe(command, before, now)
        case PowderDoserState():
            return judge_doser(command, before, now, ticket)
        case PowderHandlerState() | CapperState():
            return judge_order(command, before, now, ticket)
        case StirrerState():
            return judge_stirrer(command, now)
        case DiffractometerState():
            return judge_diffractometer(command, before, now, ticket)
        case FurnaceState():
            return judge_furnace(command, now)
