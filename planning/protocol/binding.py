"""One sample's way through a protocol: no formula is left, rounds and choices are written out.

A choice that depends on what will be measured or seen stays a decision: the way is written as if its outcome were the
one to plan with, and written anew from there when another comes out.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from planning.errors import Refused
from planning.protocol.consistency import Location, block_names, in_order, predecessors
from planning.protocol.expressions import BadExpression, Values, evaluate, holds, names_in_condition
from planning.protocol.fields import Action, FormulaText
from planning.protocol.flow import Flow, ForEach, If, Repeat, Use
from planning.protocol.steps import Lag, Step
from robot.config import Strict
from robot.files import in_plain_words

if TYPE_CHECKING:
    from planning.protocol.document import Protocol

Decisions = Mapping[str, bool]
"""By a decision's name how it came out."""


@dataclass(frozen=True)
class Decision:
    """A condition on what is measured or seen. If it `must` hold, a sample for which it does not is set aside."""

    condition: str
    values: Values
    outcome: bool
    must: bool = False


@dataclass(frozen=True)
class BoundStep:
    """One sentence with its figures filled in, after which others it comes, and where it stands in the document.

    A step of a round or a branch is named after it: `repeat/2/heat`, `if/then/heat`.
    """

    name: str
    step: Step
    after: tuple[str, ...]
    within_min: Mapping[str, float]
    not_before_min: Mapping[str, float]
    location: Location
    decision: Decision | None = None


@dataclass(frozen=True)
class Bound:
    """A protocol with one sample's parameters."""

    protocol: Protocol
    values: Values

    @cached_property
    def assumed(self) -> tuple[BoundStep, ...]:
        """The way to plan with before anything is decided."""
        return self.path({})

    def path(self, decisions: Decisions) -> tuple[BoundStep, ...]:
        """All steps, in an order in which each comes after those it waits for.

        Raises:
            Refused: a figure that follows from the parameters is out of bounds.
        """
        way = _Way(decisions)
        way.write_block(_Frame(self.protocol, self.protocol.steps, ("steps",), self.values), ())
        return tuple(way.steps)

    def named_steps(self) -> list[tuple[str, Step]]:
        """The steps to plan with, in order, with their names."""
        return [(each.name, each.step) for each in self.assumed if each.decision is None]


def bind_protocol(protocol: Protocol, values: Mapping[str, object]) -> Bound:
    """Fill in parameters.

    Raises:
        Refused: a parameter is missing, unknown or out of bounds, or a figure that follows from it is.
    """
    bound = Bound(protocol, _checked(protocol, values))
    _ = bound.assumed
    return bound


def _checked(protocol: Protocol, values: Mapping[str, object]) -> dict[str, float | Mapping[str, float]]:
    unknown = sorted(set(values) - set(protocol.parameters))
    if unknown:
        there = ", ".join(protocol.parameters) or "none"
        raise Refused(f"no parameter is called {', '.join(unknown)}", f"There are {there}")
    filled: dict[str, float | Mapping[str, float]] = {}
    for name, parameter in protocol.parameters.items():
        value = values.get(name, parameter.default)
        if value is None:
            raise Refused(f"parameter {name} has no value", "Give one")
        filled[name] = parameter.check(name, value)
    return filled


@dataclass(frozen=True)
class _Frame:
    """A list of steps with what their words mean: names, values, vessels."""

    protocol: Protocol
    steps: Sequence[Step]
    location: Location
    values: Values
    prefix: str = ""
    vessels: Mapping[str, str] = field(default_factory=dict)
    ends: ChainMap[str, tuple[str, ...]] = field(default_factory=ChainMap)
    """For each step that may be named here its last ones."""

    def inner(self, steps: Sequence[Step], at: str, prefix: str, **changes: Any) -> _Frame:
        """A list within one of these steps."""
        location = (*self.location, *at.split("."))
        return replace(self, steps=steps, location=location, prefix=prefix, ends=self.ends.new_child(), **changes)


class _Way:
    """Writes steps down one after the other."""

    def __init__(self, decisions: Decisions) -> None:
        self.steps: list[BoundStep] = []
        self._decisions = decisions
        self._found: set[str] = set()

    def write_block(self, frame: _Frame, entry: tuple[str, ...]) -> tuple[str, ...]:
        """Write a list of steps that comes after `entry`; return its last ones."""
        names = block_names(frame.steps)
        needs = predecessors(frame.steps)
        for index in in_order(frame.steps):
            earlier = [end for name in needs[names[index]] for end in frame.ends[name]]
            after = tuple(dict.fromkeys(earlier)) or entry
            here = replace(frame, location=(*frame.location, index))
            frame.ends[names[index]] = self._write(here, frame.steps[index], frame.prefix + names[index], after)
        waited_for = {name for earlier in needs.values() for name in earlier}
        last = [end for name in names if name not in waited_for for end in frame.ends[name]]
        return tuple(dict.fromkeys(last)) or entry

    def _write(self, frame: _Frame, step: Step, name: str, after: tuple[str, ...]) -> tuple[str, ...]:
        try:
            bound = step.with_action(_filled_in(step.action, frame.values))
        except (BadExpression, ValidationError) as err:
            raise Refused(f"step {name}: {_plain(err)}", "Mend the formula or the parameter", frame.location) from err
        match bound.action:
            case If() as choice:
                return self._write_if(frame, bound, choice, name, after)
            case Repeat() as repeat if repeat.until is not None:
                return self._write_until(frame, bound, repeat, name, after)
            case Repeat() as repeat:
                for number in range(1, int(repeat.times or 0) + 1):
                    after = self.write_block(frame.inner(repeat.steps, "repeat.steps", f"{name}/{number}/"), after)
                return after
            case ForEach() as each:
                for number, value in enumerate(each.in_, start=1):
                    values = {**frame.values, each.name: float(value)}
                    inner = frame.inner(each.steps, "for_each.steps", f"{name}/{number}/", values=values)
                    after = self.write_block(inner, after)
                return after
            case Use() as use:
                return self._write_use(frame, use, name, after)
        return self._write_one(frame, _on_our_vessels(bound, frame.vessels), name, after)

    def _write_one(
        self, frame: _Frame, step: Step, name: str, after: tuple[str, ...], decision: Decision | None = None
    ) -> tuple[str, ...]:
        within, rest = _lag(step.within_min, frame, after, min), _lag(step.not_before_min, frame, after, max)
        self.steps.append(BoundStep(name, step, after, within, rest, frame.location, decision))
        if found := getattr(step.action, "as_", None):
            self._found.add(found)
        return (name,)

    def _write_if(self, frame: _Frame, step: Step, choice: If, name: str, after: tuple[str, ...]) -> tuple[str, ...]:
        outcome, is_open = self._settled(frame, name, choice.condition, choice.assume)
        if is_open:
            decision = Decision(choice.condition, frame.values, outcome)
            after = self._write_one(frame, step, name, after, decision)
        branch, word = (choice.then, "then") if outcome else (choice.else_, "else")
        return self.write_block(frame.inner(branch, f"if.{word}", f"{name}/{word}/"), after)

    def _write_until(
        self, frame: _Frame, step: Step, repeat: Repeat, name: str, after: tuple[str, ...]
    ) -> tuple[str, ...]:
        assert repeat.until is not None
        assert repeat.at_most is not None
        for number in range(1, repeat.at_most + 1):
            after = self.write_block(frame.inner(repeat.steps, "repeat.steps", f"{name}/{number}/"), after)
            outcome, is_open = self._settled(frame, f"{name}/{number}", repeat.until, False)
            if is_open:
                must = number == repeat.at_most and repeat.else_ == "set aside"
                decision = Decision(repeat.until, frame.values, outcome, must)
                after = self._write_one(frame, step, f"{name}/{number}", after, decision)
            if outcome:
                break
        return after

    def _settled(self, frame: _Frame, name: str, condition: str, assume: bool) -> tuple[bool, bool]:
        """How a condition comes out, as far as is known; and whether it is still open when the run begins."""
        unknown = names_in_condition(condition) - set(frame.values)
        try:
            if not unknown:
                return holds(condition, frame.values), False
        except BadExpression as err:
            raise Refused(f"step {name}: {err}", "Mend the condition", frame.location) from err
        if unmeasured := sorted(unknown - self._found):
            what = f"step {name} decides on {', '.join(unmeasured)}, which no earlier step finds"
            raise Refused(what, "Measure, weigh, look or ask before", frame.location)
        return self._decisions.get(name, assume), True

    def _write_use(self, frame: _Frame, use: Use, name: str, after: tuple[str, ...]) -> tuple[str, ...]:
        protocol = frame.protocol.protocols[use.protocol]
        try:
            values = _checked(protocol, use.with_)
        except Refused as err:
            raise Refused(f"step {name}: {err.what}", err.remedy, frame.location) from err
        ours = {theirs: use.vessels.get(theirs, theirs) for theirs in protocol.vessels}
        vessels = {theirs: frame.vessels.get(our, our) for theirs, our in ours.items()}
        at = _place_of(frame.location)
        inner = _Frame(protocol, protocol.steps, (*at, "protocols", use.protocol, "steps"), values, f"{name}/", vessels)
        return self.write_block(inner, after)


def _place_of(location: Location) -> Location:
    """Where the protocol that a step belongs to stands in the document: what comes before its outermost `steps`."""
    at: list[str | int] = []
    rest = list(location)
    while rest[:1] == ["protocols"]:
        at += rest[:2]
        rest = rest[2:]
    return tuple(at)


def _lag(
    lag: Lag, frame: _Frame, after: tuple[str, ...], stricter: Callable[[float, float], float]
) -> dict[str, float]:
    """Minutes by the step from whose end they count; the stricter ones where two names end with the same step."""
    match lag:
        case None:
            return {}
        case Mapping():
            bounds: dict[str, float] = {}
            for name, minutes in lag.items():
                bounds |= {end: stricter(bounds.get(end, minutes), minutes) for end in frame.ends[name]}
            return bounds
    return dict.fromkeys(after, lag)


def _filled_in(action: Action, values: Values) -> Action:
    """An action with its formulas worked out; lists of further steps are left as they are.

    Raises:
        BadExpression, pydantic.ValidationError: a formula has no result, or one out of bounds.
    """
    blocks = action.blocks() if isinstance(action, Flow) else {}
    fields = {name: value if name.removesuffix("_") in blocks else _worked_out(value, values) for name, value in action}
    return type(action).model_validate(fields)


def _worked_out(value: Any, values: Values) -> Any:
    match value:
        case FormulaText():
            return evaluate(value, values)
        case Strict():
            return {name: _worked_out(part, values) for name, part in value}
        case Mapping():
            return {name: _worked_out(part, values) for name, part in value.items()}
        case list():
            return [_worked_out(part, values) for part in value]
    return value


def _on_our_vessels(step: Step, vessels: Mapping[str, str]) -> Step:
    """The sentence of a protocol in use, on the vessels of the one that uses it."""
    if not vessels:
        return step
    action = step.action
    renamed = {field: vessels[name] for field in action.VESSELS if (name := getattr(action, field)) is not None}
    expect = {vessels[name]: expectation for name, expectation in step.expect.items()}
    return step.with_action(action.model_copy(update=renamed)).model_copy(update={"expect": expect})


def _plain(error: BadExpression | ValidationError) -> str:
    if isinstance(error, BadExpression):
        return str(error)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part not in ("number", "formula"))
    return f"{where}={first['input']!r} {in_plain_words(first)}"
