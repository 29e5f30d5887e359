"""What devices promise: thin Protocols and frozen state values. Nothing here opens a wire."""

from robot.interfaces.arm import Arm, ArmState
from robot.interfaces.camera import Camera
from robot.interfaces.device import Device, Identity, Repeat, repeat_rule
from robot.interfaces.furnace import Furnace, FurnaceState, Segment
from robot.interfaces.pipette import Pipette, PipetteState
from robot.interfaces.source_meter import ResistanceReading, SourceMeter

__all__ = [
    "Arm",
    "ArmState",
    "Camera",
    "Device",
    "Furnace",
    "FurnaceState",
    "Identity",
    "Pipette",
    "PipetteState",
    "Repeat",
    "ResistanceReading",
    "Segment",
    "SourceMeter",
    "repeat_rule",
]
