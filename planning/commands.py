"""Commands to devices, and how to tell from a device's state whether one was carried out."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from math import isclose, nan
from typing import Any

from robot.geometry import BenchPoint
from robot.interfaces import (
    ArmState,
    CapperState,
    Device,
    DiffractometerState,
    DipState,
    FurnaceState,
    PipetteState,
    PowderDoserState,
    PowderHandlerState,
    Segment,
    StirrerState,
    SyringeState,
    TipState,
)

POSITION_TOLERANCE_MM = 0.5
"""Twice the repeatability that makers of small arms promise."""
VOLUME_TOLERANCE_UL = 0.6
"""Under two increments of a 1 ml syringe with 3000 of them."""
GRIP_S = 1.0
"""A pneumatic or servo gripper has closed by then; it has no sensor to ask."""
TIP_WANTED = {"start_taking_tip": True, "start_dropping_tip": False}
"""What is to be on the nozzle afterwards."""
HOMING_S = 25.0
"""Fact sheet of the Dobot Magician: 20 to 30 s."""
LOOK_S = 60.0
"""So often at least a device at work is looked at: some stop when nobody does."""
NEEDS_NO_HOME = frozenset({"start_initialising", "declare_filled", "start_dropping_tip"})
"""After these a pump knows where its plunger stands, or has given away what it held."""
SCAN_TOLERANCE = 1e-3
"""Of degrees and seconds in the figures of a scan, which devices round."""

STIRRER_TOLERANCE = 0.1
"""Of the degrees that a hotplate reads back."""

ORDERED = {
    "start_shaking": "shake", "start_transferring": "transfer", "start_capping": "cap", "start_uncapping": "uncap",
}  # fmt: skip
"""What a device that numbers its orders calls them."""

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

    `expected_s` is how long the physics should take; after `within_s` it has failed. Until then it is looked at every
    `look_s` at least.
    """

    device: str
    verb: str
    arguments: Mapping[str, Any]
    expected_s: float = 0.0
    within_s: float = 30.0
    look_s: float = LOOK_S

    def send(self, device: Device) -> object:
        """Call the verb. Points and segments travel in the journal as plain lists."""
        arguments = dict(self.arguments)
        if "to" in arguments:
            arguments["to"] = BenchPoint(*arguments["to"])
        if "segments" in arguments:
            arguments["segments"] = [Segment(*segment) for segment in arguments["segments"]]
        return getattr(device, self.verb)(**arguments)


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
            return _judge_arm(command, before, now, ticket, elapsed_s)
        case TipState() if command.verb in TIP_WANTED:
            return _judge_tip(TIP_WANTED[command.verb], now)
        case DipState() if command.verb in ("start_turning_valve", "start_dipping"):
            return _judge_dip(command, now)
        case SyringeState():
            return _judge_syringe(command, before, now)
        case PowderDoserState():
            return _judge_doser(command, before, now, ticket)
        case PowderHandlerState() | CapperState():
            return _judge_order(command, before, now, ticket)
        case StirrerState():
            return _judge_stirrer(command, now)
        case DiffractometerState():
            return _judge_diffractometer(command, before, now, ticket)
        case FurnaceState():
            return _judge_furnace(command, now)


def _judge_arm(
    command: Command, before: Mapping[str, Any], now: ArmState, ticket: int | None, elapsed_s: float
) -> Outcome:
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


def has_lost_home(command: Command, now: State) -> bool:
    """Does a pump not know where its plunger stands, and was not told to find out? Then nobody knows what it moved."""
    return isinstance(now, SyringeState) and not now.initialised and command.verb not in NEEDS_NO_HOME


def _judge_syringe(command: Command, before: Mapping[str, Any], now: SyringeState) -> Outcome:
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


def _judge_tip(is_wanted: bool, now: TipState) -> Outcome:
    """A tip is on or off; what nobody knows is not done again."""
    if now.busy:
        return Outcome.UNDER_WAY
    if now.has_tip is None:
        return Outcome.UNKNOWN
    return Outcome.DONE if now.has_tip is is_wanted else Outcome.NOT_DONE


def _judge_dip(command: Command, now: DipState) -> Outcome:
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


def _judge_stirrer(command: Command, now: StirrerState) -> Outcome:
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


def _judge_doser(command: Command, before: Mapping[str, Any], now: PowderDoserState, ticket: int | None) -> Outcome:
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


def _judge_order(
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


def _judge_diffractometer(
    command: Command, before: Mapping[str, Any], now: DiffractometerState, ticket: int | None
) -> Outcome:
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
