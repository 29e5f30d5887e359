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
    suggestion: str = ""
    """What it was called while it waited for consent, if it did."""

    @classmethod
    def read(cls, event: Mapping[str, Any]) -> "Request":
        """Read a request back from its event."""
        predicted = event["predicted"]
        range_ = (predicted[0], predicted[1]) if predicted else None
        return cls(event["values"], event["reason"], range_, event.get("suggestion", ""))

    def as_data(self) -> dict[str, Any]:
        """The same for an event."""
        data = {"values": self.values, "reason": self.reason, "predicted": self.predicted}
        return data | ({"suggestion": self.suggestion} if self.suggestion else {})


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

    @property
    def needs_consent(self) -> bool:
        """Must a person consent to what it names?"""

    def next_requests(self, under_way: int, now_s: float, held: Sequence[Request] = ()) -> Sequence[Request]:
        """Name further samples to begin now, given how many are under way; none if there is no room or no more.

        `held` were named before, and may yet begin if a person wants that.
        """

    def require_possible(self, values: Mapping[str, Any]) -> None:
        """Return if a person may have a sample made with these values.

        Raises:
            Refused: they are outside of what was asked, or no samples can be added.
        """

    def admitted(self, samples: Sequence[Sample]) -> None:
        """These have begun (also told again after a restart)."""

    def finished(self, sample: Sample) -> None:
        """This one has ended, well or not (also told again after a restart)."""
