"""A command, and what a device's state may say of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from robot.geometry import BenchPoint
from robot.interfaces import Device, Segment

LOOK_S = 60.0
"""So often at least a device at work is looked at: some stop when nobody does."""


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
