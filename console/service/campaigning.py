"""A campaign as its designer sees it: results, what waits for consent, what would come next and why, whether to stop."""

import copy
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, isnan
from typing import Any

from pydantic import Field

from console.report.progress import best_so_far
from console.service.record import Record
from console.service.runs import NotThere
from console.service.views import View
from planning.campaign import Chosen, flat, nested
from planning.design.designer import Designer
from planning.design.space import Point


class Goal(View):
    """What is wanted of one figure."""

    name: str
    unit: str
    scale: str
    direction: str


class Best(View):
    """The best sample so far, with what the model expects of its recipe."""

    sample: str
    value: float
    values: dict[str, Any]
    expected: float | None
    expected_std: float | None


class Made(View):
    """One sample of the campaign as a point: what was asked for, what came of it."""

    sample: str
    point: dict[str, float]
    measured: dict[str, float]
    predicted: tuple[float, float] | None
    status: str
    why: str
    reason: str


class Proposed(View):
    """A suggestion that waits for consent."""

    name: str
    values: dict[str, Any]
    reason: str
    predicted: tuple[float, float] | None
    is_held: bool


class Advised(View):
    """Whether to stop, as utilities."""

    stop: bool
    why: str
    gain: float
    regret_bound: float
    noise_std: float


class CampaignView(View):
    """A campaign and how far it is."""

    run: str
    name: str
    goals: list[Goal]
    constraints: list[str]
    strategy: str
    why_strategy: str
    budget_samples: int
    budget_hours: float
    hours_used: float
    needs_consent: bool
    best: Best | None
    observations: list[Made]
    best_so_far: list[float | None] = Field(description="after each sample that ended, in the order of their ends")
    front: list[str] = Field(description="with several goals, the samples that no other beats in all")
    proposals: list[Proposed]
    parameters: list[str]


class Next(View):
    """What the designer would propose now, and whether it would rather stop."""

    suggestions: list[Proposed]
    advice: Advised | None
    expected_gain_fraction: float | None
    drift: str


class Model(View):
    """What the model believes on the plane that matters most: a triangle of three parts, or a square of two figures."""

    names: list[str]
    at: list[tuple[float, float]]
    points: list[dict[str, float]]
    expected: list[float]
    expected_std_utility: list[float]
    gain_utility: list[float]
    importance: dict[str, float]


def campaign(record: Record, now_s: float) -> CampaignView:
    """A campaign and how far it is."""
    chosen = _chosen(record)
    asked, designer = chosen.campaign, chosen.designer
    ended = sorted(record.ended_s, key=lambda name: record.ended_s[name])
    shown = [_shown(record, chosen, name) for name in ended]
    start_s = record.events[0].time_s if record.events else now_s
    return CampaignView(
        run=record.folder.path.name, name=asked.campaign, constraints=list(asked.constraints),
        goals=[
            Goal(name=goal.name, unit=goal.unit, scale=goal.scale, direction=_direction(goal.is_aimed, goal.maximise))
            for goal in designer.objectives
        ],
        strategy=designer.choice.name, why_strategy=designer.choice.why, budget_samples=asked.budget.samples,
        budget_hours=asked.budget.hours, hours_used=(now_s - start_s) / 3600, needs_consent=asked.approve,
        best=_best(chosen), observations=[_observed(record, chosen, name) for name in record.course.samples],
        best_so_far=_finite(best_so_far(shown, designer.objective.maximise).tolist()) if shown else [],
        front=_front(record, chosen), proposals=proposals(record), parameters=list(designer.space.names),
    )  # fmt: skip


def proposals(record: Record) -> list[Proposed]:
    """The suggestions that wait for consent."""
    return [
        Proposed(name=name, values=dict(each.request.values), reason=each.request.reason,
                 predicted=each.request.predicted, is_held=each.is_held)
        for name, each in record.tally.gate.proposals.items()
    ]  # fmt: skip


def _chosen(record: Record) -> Chosen:
    if not isinstance(record.source, Chosen):
        raise NotThere(f"{record.folder.path.name} is no campaign: its samples were listed", "Look at its samples")
    return record.source


def _direction(is_aimed: bool, maximise: bool) -> str:
    return "hit" if is_aimed else "maximise" if maximise else "minimise"


def _finite(values: Sequence[float]) -> list[float | None]:
    return [None if isnan(value) else value for value in values]


def _shown(record: Record, chosen: Chosen, name: str) -> float | None:
    sample = record.course.samples[name]
    value = sample.results.get(chosen.campaign.quantity) if sample.status == "finished" else None
    return None if value is None else chosen.designer.objective.shown(float(value))


def _observed(record: Record, chosen: Chosen, name: str) -> Made:
    sample = record.course.samples[name]
    measured = {each: float(sample.results[each]) for each in chosen.campaign.quantities if each in sample.results}
    return Made(
        sample=name, point={key: float(value) for key, value in flat(sample.request.values).items()},
        measured=measured, predicted=sample.request.predicted, status=sample.status, why=sample.why,
        reason=sample.request.reason,
    )  # fmt: skip


def _best(chosen: Chosen) -> Best | None:
    found = chosen.best()
    if found is None:
        return None
    sample, value = found
    expected = std = None
    if chosen.designer.has_model:
        medians, halves = chosen.designer.predict([_within_space(chosen.designer, flat(sample.request.values))])
        expected, std = float(medians[0]), float(halves[0])
    return Best(
        sample=sample.name, value=value, values=dict(sample.request.values), expected=expected, expected_std=std
    )


def _within_space(designer: Designer, point: Point) -> Point:
    return {name: point[name] for name in designer.space.names}


def _front(record: Record, chosen: Chosen) -> list[str]:
    if len(chosen.designer.objectives) < 2:
        return []
    best = [dict(each.point) for each in chosen.designer.front()]
    return [
        name
        for name, sample in record.course.samples.items()
        if _within_space(chosen.designer, flat(sample.request.values)) in best and sample.status == "finished"
    ]


@dataclass(frozen=True)
class Basis:
    """What a forecast rests on; nothing that goes on changes it."""

    key: tuple[int, int, int]
    designer: Designer
    pending: list[Point]
    batch: int


def basis(record: Record) -> Basis:
    """The designer as it is now, to be asked without holding up who else looks at the run."""
    chosen = _chosen(record)
    waiting = [each.request for each in record.tally.gate.proposals.values()]
    under_way = [sample.request for sample in record.course.under_way()]
    pending = [_within_space(chosen.designer, flat(request.values)) for request in (*under_way, *waiting)]
    told = len(chosen.designer.history.told)
    return Basis((told, len(pending), len(chosen.begun)), copy.copy(chosen.designer), pending, chosen.campaign.batch)


class Forecasts:
    """What designers were asked: once for each state of a campaign, one question at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next: dict[str, tuple[tuple[int, int, int], Next]] = {}
        self._model: dict[str, tuple[int, Model]] = {}

    def next(self, run: str, on: Basis) -> Next:
        """What would be proposed now, and the advice on stopping."""
        with self._lock:
            if run not in self._next or self._next[run][0] != on.key:
                self._next[run] = (on.key, _next(on))
            return self._next[run][1]

    def model(self, run: str, on: Basis) -> Model:
        """What the model believes; raise NotThere before there is one."""
        if not on.designer.has_model:
            raise NotThere("there is no model yet", "It begins when the first design is measured")
        with self._lock:
            if run not in self._model or self._model[run][0] != on.key[0]:
                self._model[run] = (on.key[0], _model(on.designer))
            return self._model[run][1]


def _next(on: Basis) -> Next:
    designer = on.designer
    suggestions = [
        Proposed(
            name="", values=nested(each.point), reason=each.reason, is_held=False,
            predicted=None if each.mean is None or each.std is None else (each.mean, each.std),
        )
        for each in designer.ask(on.batch, on.pending)
    ]  # fmt: skip
    advice, gain, drift = designer.advise(on.batch), designer.expected_gain_fraction(), designer.drift()
    return Next(
        suggestions=suggestions, expected_gain_fraction=gain if isfinite(gain) else None,
        advice=Advised(**vars(advice)) if advice else None, drift=str(drift) if drift else "",
    )  # fmt: skip


def _model(designer: Designer) -> Model:
    from console.report.belief import beliefs
    from console.report.maps import importance, sheet_through
    from planning.design.why import improvement

    sheet = sheet_through(designer)
    if sheet is None:
        raise NotThere("there is no plane to draw", "It takes two figures, or three parts of a mixture")
    means, stds = beliefs(designer, sheet.points)
    gains, _ = improvement(means, stds, float(beliefs(designer, [designer.best()[0]])[0][0]))
    return Model(
        names=list(sheet.names), at=[(float(x), float(y)) for x, y in sheet.at.tolist()],
        points=[{name: float(value) for name, value in point.items()} for point in sheet.points],
        expected=[designer.objective.value(mean) for mean in means.tolist()],
        expected_std_utility=stds.tolist(), gain_utility=gains.tolist(), importance=importance(designer),
    )  # fmt: skip
