"""What devices promise: thin Protocols and frozen state values. Nothing here opens a wire."""

from robot.interfaces.arm import Arm, ArmState
from robot.interfaces.balance import Balance, Weight
from robot.interfaces.camera import Camera
from robot.interfaces.capper import Capper, CapperState, CappingEnding, CappingTask, VesselOnCapper
from robot.interfaces.device import Device, Identity, Repeat, questions, repeat_rule, verbs
from robot.interfaces.diffractometer import Diffractometer, DiffractometerState, Pattern, ScanStage
from robot.interfaces.furnace import Furnace, FurnaceState, Segment, Stage, keeps_dwell
from robot.interfaces.pipette import (
    DippingPipette,
    DipState,
    Pipette,
    PipetteState,
    SyringePump,
    SyringeState,
    TipPipette,
    TipState,
)
from robot.interfaces.powder_doser import DoseEnding, PowderDoser, PowderDoserState
from robot.interfaces.powder_handler import HandlingEnding, HandlingTask, PowderHandler, PowderHandlerState
from robot.interfaces.source_meter import ResistanceReading, SourceMeter
from robot.interfaces.stirrer import Stirrer, StirrerState

__all__ = [
    "Arm",
    "ArmState",
    "Balance",
    "Camera",
    "Capper",
    "CapperState",
    "CappingEnding",
    "CappingTask",
    "Device",
    "Diffractometer",
    "DiffractometerState",
    "DipState",
    "DippingPipette",
    "DoseEnding",
    "Furnace",
    "FurnaceState",
    "HandlingEnding",
    "HandlingTask",
    "Identity",
    "Pattern",
    "Pipette",
    "PipetteState",
    "PowderDoser",
    "PowderDoserState",
    "PowderHandler",
    "PowderHandlerState",
    "Repeat",
    "ResistanceReading",
    "ScanStage",
    "Segment",
    "SourceMeter",
    "Stage",
    "Stirrer",
    "StirrerState",
    "SyringePump",
    "SyringeState",
    "TipPipette",
    "TipState",
    "VesselOnCapper",
    "Weight",
    "keeps_dwell",
    "questions",
    "repeat_rule",
    "verbs",
]
