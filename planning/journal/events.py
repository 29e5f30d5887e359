"""What a journal holds: events, and readings beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Event:
    """One line of the journal. Empty words where a field does not apply."""

    seq: int
    time_s: float
    kind: str
    sample: str
    task: str
    device: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Reading:
    """One figure that a device showed: telemetry, beside the events."""

    time_s: float
    device: str
    quantity: str
    value: float


class Listener(Protocol):
    """Somebody who follows a journal while it is written."""

    def event(self, event: Event) -> None:
        """This was just written."""

    def reading(self, reading: Reading) -> None:
        """This was just noted."""
