"""Samples of a run, and where they come from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from planning.inventory import Standing
from planning.protocol.document import Bound


@dataclass(frozen=True)
class Request:
    """One sample to make: its parameters, and why it was chosen."""

    values: Mapping[str, Any]
    reason: str = ""
    predicted: tuple[float, float] | None = None

    @classmethod
    def read(cls, event: Mapping[str, Any]) -> "Request":
        """Read a request back from its event."""
        predicted = event["predicted"]
        return cls(event["values"], event["reason"], (predicted[0], predicted[1]) if predicted else None)


@dataclass
class Sample:
    """One sample on its way."""

    name: str
    request: Request
    bound: Bound
    standing: dict[str, Standing]
    decisions: dict[str, bool] = field(default_factory=dict)
    chosen: dict[str, Standing] = field(default_factory=dict)
    """Places that were decided during the run, by stay."""
    results: dict[str, Any] = field(default_factory=dict)
    status: str = "under way"
    why: str = ""

    def __post_init__(self) -> None:
        self.start: Mapping[str, Standing] = dict(self.standing)


class Source(Protocol):
    """Where samples come from: a list, or a campaign's designer."""

    def next_requests(self, under_way: int, now_s: float) -> Sequence[Request]:
        """Name further samples to begin now, given how many are under way; none if there is no room or no more."""

    def admitted(self, samples: Sequence[Sample]) -> None:
        """These have begun (also told again after a restart)."""

    def finished(self, sample: Sample) -> None:
        """This one has ended, well or not (also told again after a restart)."""
