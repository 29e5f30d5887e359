"""`campaign.yaml`: the question, and the loop that asks the designer when there is room on the bench."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from planning.design.designer import Designer
from planning.design.observation import Observation
from planning.design.question import Question
from planning.design.space import Point, Space
from planning.design.within import ANYWHERE, Within
from planning.errors import Refused
from planning.notices import Notice
from planning.protocol.document import Protocol
from planning.protocol.expressions import names_in
from planning.question_and_recipe import problems_between
from planning.room import Room
from planning.samples import Request, Sample
from robot.config import Name, Strict
from robot.files import FileProblem, load_document, with_lines

REGRET_RULE = "when regret < noise"
"""Stop when the best is likely within the scatter of one measurement of all there is."""


def _check_hours(text: str) -> str:
    if text:
        names_in(text)
    return text


class Budget(Strict):
    """When to stop at the latest."""

    samples: int = Field(ge=1, le=10000)
    hours: float = Field(default=24 * 365.0, gt=0)


class Campaign(Question):
    """A question to the bench: what is to be made large or small, by varying what, at what cost."""

    campaign: str = Field(min_length=1)
    lab: Path
    protocol: Path
    rounded: dict[Name, Annotated[float, Field(gt=0)]] = Field(
        default={}, description="parameters that take only multiples of this: who agree may share a furnace"
    )
    budget: Budget
    batch: int = Field(default=1, ge=1, le=96, description="how many samples are proposed at a time")
    in_flight: int = Field(default=1, ge=1, le=192, description="how many samples may be under way at once")
    share: list[Name] | Literal["furnace"] = Field(
        default=[],
        description="parameters in which the samples of a batch are alike; 'furnace': those of its heating programmes",
    )
    sample_hours: Annotated[str, AfterValidator(_check_hours)] = Field(
        default="",
        description="how long a sample takes, such as '0.5 + anneal_min / 60', or 'schedule': none is begun that ends too late",
    )
    stop: str | None = Field(default=None, description="'when expected gain < 2 %', or 'when regret < noise'")
    approve: bool = Field(default=False, description="does each suggestion wait until a person approves it?")
    journal: str = Field(
        default="", description="a PostgreSQL server that keeps it, such as postgresql://athanor@host/journals"
    )
    notify: list[Notice] = Field(default=[], description="who is told of what, besides those of the lab file")

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.in_flight < self.batch:
            raise ValueError(
                f"in_flight={self.in_flight} is less than batch={self.batch}; a batch must fit on the bench"
            )
        if self.stop not in (None, REGRET_RULE) and self.gain_to_stop_at is None:
            raise ValueError(
                f"stop={self.stop!r} is not understood; write 'when expected gain < 2 %' or {REGRET_RULE!r}"
            )
        return self

    @property
    def gain_to_stop_at(self) -> float | None:
        """The expected gain, as a fraction, below which to stop."""
        match = re.fullmatch(r"when expected gain < (\d+(?:\.\d+)?) ?%", self.stop or "")
        return float(match[1]) / 100 if match else None

    @property
    def quantity(self) -> str:
        """What is wanted first."""
        return self.goals()[0].name

    @property
    def quantities(self) -> list[str]:
        """All that must be measured."""
        return [*(goal.name for goal in self.goals()), *(limit.name for limit in self.outcome_limits())]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read and check a file; paths in it are relative to it. Raise FileProblem with everything that is wrong."""
        campaign = load_document(cls, path)
        return campaign.model_copy(
            update={"lab": path.parent / campaign.lab, "protocol": path.parent / campaign.protocol}
        )

    def space_for(self, protocol: Protocol, path: Path, pool: Sequence[Mapping[str, float]] | None = None) -> Space:
        """What the designer may propose: the protocol's parameters, narrowed, less those fixed here.

        Raises:
            FileProblem: a fixed or narrowed parameter is unknown or out of bounds, a constraint speaks of none, or
                nothing is left; or the protocol measures no such quantity.
        """
        problems = problems_between(self, protocol)
        if problems:
            raise FileProblem(path, with_lines(path, problems))
        given = {name: parameter.model_dump(exclude_none=True) for name, parameter in protocol.parameters.items()}
        for name, multiple in self.rounded.items():
            given[name] |= {} if name in self.fix else {"step": multiple}
        return self.space_of(path, given, pool)


def flat(values: Mapping[str, Any]) -> Point:
    """Name the parts of mixtures with a dot.

    >>> flat({"blend": {"p3ht": 0.4, "dwnt": 0.6}, "anneal_c": 140.0})
    {'blend.p3ht': 0.4, 'blend.dwnt': 0.6, 'anneal_c': 140.0}
    """
    point: Point = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            point |= {f"{name}.{part}": float(share) for part, share in value.items()}
        else:
            point[name] = float(value)
    return point


def _point(values: Mapping[str, Any]) -> Point:
    try:
        return flat(values)
    except (TypeError, ValueError) as err:
        raise Refused(
            f"{dict(values)} are no numbers: {err}", "Write name: number, parts of a mixture below it"
        ) from err


def nested(point: Mapping[str, float]) -> dict[str, Any]:
    """Undo `flat`, with figures rounded to what a bench can make; fractions still sum to one.

    >>> nested({"blend.p3ht": 0.4, "blend.dwnt": 0.6, "anneal_c": 140.0})
    {'blend': {'p3ht': 0.4, 'dwnt': 0.6}, 'anneal_c': 140.0}
    """
    values: dict[str, Any] = {}
    for name, value in point.items():
        whole, dot, part = name.partition(".")
        if dot:
            values.setdefault(whole, {})[part] = max(round(value, 6), 0.0)
        else:
            values[whole] = round(value, 6)
    for mixture in values.values():
        if isinstance(mixture, dict):
            largest = max(mixture, key=lambda part: mixture[part])
            mixture[largest] = round(1.0 - sum(share for part, share in mixture.items() if part != largest), 6)
    return values


class Fixed:
    """Samples from a list: all are begun at once, as far as the bench has room."""

    needs_consent = False

    def __init__(self, requests: Sequence[Request], in_flight: int, batch: int) -> None:
        self._requests = list(requests)
        self._in_flight = in_flight
        self._batch = batch

    def next_requests(self, under_way: int, now_s: float, held: Sequence[Request] = ()) -> Sequence[Request]:
        """The next batch of the list, once there is room for all of it: who comes alone fires a furnace alone."""
        batch = self._requests[: self._batch]
        return batch if under_way + len(batch) <= self._in_flight else []

    def require_possible(self, values: Mapping[str, Any]) -> None:
        """Refuse: the list is closed."""
        raise Refused("the samples of this run were listed when it began", "Add samples to a campaign, or begin a run")

    def admitted(self, samples: Sequence[Sample]) -> None:
        """Strike what has begun off the list."""
        del self._requests[: len(samples)]

    def finished(self, sample: Sample) -> None:
        """Nothing is learned."""


class Chosen:
    """Samples that a designer chooses: batches are asked for while earlier ones are still under way.

    With a room, only such as the stocks, the furnaces' programmes and the time that is left allow.
    """

    def __init__(self, campaign: Campaign, designer: Designer, room: Room | None = None) -> None:
        self.campaign = campaign
        self._room = room
        self.designer = designer
        self.begun: list[Sample] = []
        self.ended_because = ""
        self._pending: dict[str, Point] = {}

    @property
    def needs_consent(self) -> bool:
        """Does the campaign want a person to approve each suggestion?"""
        return self.campaign.approve

    def require_possible(self, values: Mapping[str, Any]) -> None:
        """Return if these values are a point of the space; else raise Refused."""
        point, space = _point(values), self.designer.space
        if set(point) != set(space.names):
            raise Refused(f"a sample needs {', '.join(space.names)}; there are {', '.join(point)}", "Give each once")
        if not space.contains(point):
            told = "; ".join(f"{name}={value:g}" for name, value in point.items())
            raise Refused(f"{told} is outside of what the campaign may try", "Keep to its limits and constraints")

    def next_requests(self, under_way: int, now_s: float, held: Sequence[Request] = ()) -> Sequence[Request]:
        """Ask for a batch when there is room for one."""
        count = min(self.campaign.batch, self.campaign.budget.samples - len(self.begun))
        if self.ended_because or under_way + count > self.campaign.in_flight:
            return []
        self.ended_because = self._enough(count, now_s)
        if self.ended_because:
            return []
        pending = [*self._pending.values(), *(flat(request.values) for request in held)]
        suggestions = self.designer.ask(count, pending, self._within(count, now_s))
        if not suggestions:
            self.ended_because = "what is left of stocks and time allows no sample"
        return [
            Request(
                nested(suggestion.point),
                suggestion.reason,
                None if suggestion.mean is None or suggestion.std is None else (suggestion.mean, suggestion.std),
            )
            for suggestion in suggestions
        ]

    def _within(self, count: int, now_s: float) -> Within:
        """What the bench allows of the next batch."""
        if self._room is None:
            return ANYWHERE
        campaign = self.campaign
        shared = self._room.programme_parameters() if campaign.share == "furnace" else campaign.share
        left_h = campaign.budget.hours - now_s / 3600
        conditions = [f"{campaign.sample_hours} <= {left_h:.4f}"] if campaign.sample_hours else []
        return self._room.within(self.begun, count, shared, conditions)

    def _enough(self, count: int, now_s: float) -> str:
        if count <= 0:
            return "the budget of samples is used"
        if now_s > 3600 * self.campaign.budget.hours:
            return "the budget of hours is used"
        gain = self.campaign.gain_to_stop_at
        if gain is not None and self.designer.expected_gain_fraction() < gain:
            return f"the expected gain is below {100 * gain:g} %"
        if self.campaign.stop == REGRET_RULE and (advice := self.designer.advise(count)) is not None and advice.stop:
            return advice.why
        return ""

    def admitted(self, samples: Sequence[Sample]) -> None:
        """Know what is under way."""
        self.begun += samples
        self._pending |= {sample.name: flat(sample.request.values) for sample in samples}

    def finished(self, sample: Sample) -> None:
        """Learn the result, or that there is none."""
        asked = self._pending.pop(sample.name)
        values = {name: float(sample.results[name]) for name in self.campaign.quantities if name in sample.results}
        if len(values) == len(set(self.campaign.quantities)) and sample.status == "finished":
            try:
                self.designer.tell([Observation(asked, values)])
                return
            except ValueError as err:  # a figure that its scale cannot hold, such as none above zero
                sample.why = str(err)
        self.designer.tell([Observation(asked, failed=sample.why or "no result")])

    def best(self) -> tuple[Sample, float] | None:
        """The best sample by its measured value of what is wanted first."""
        goal, quantity = self.campaign.goals()[0], self.campaign.quantity
        measured = [sample for sample in self.begun if sample.status == "finished" and quantity in sample.results]
        if not measured:
            return None
        best = max(measured, key=lambda sample: goal.utility(float(sample.results[quantity])))
        return best, float(best.results[quantity])
