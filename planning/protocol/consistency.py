"""Does a protocol hang together? Everything that is wrong at once, each with its place in the document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from planning.protocol.expressions import names_in, names_in_condition
from planning.protocol.fields import formulas_in
from planning.protocol.flow import Flow, ForEach, If, Repeat, Use
from planning.protocol.steps import Step

if TYPE_CHECKING:
    from planning.protocol.document import Protocol

Location = tuple[str | int, ...]


@dataclass(frozen=True)
class Inconsistency:
    """One thing that does not fit the rest of the document."""

    location: Location
    what: str


class Inconsistent(ValueError):
    """A document whose parts do not fit each other, with every reason."""

    def __init__(self, found: Sequence[Inconsistency]) -> None:
        super().__init__("; ".join(each.what for each in found))
        self.found = tuple(found)


def block_names(steps: Sequence[Step]) -> list[str]:
    """The names of steps of one list: as given, else the verb, numbered where it stands more than once."""
    verbs = [step.verb for step in steps]
    names = []
    for index, step in enumerate(steps):
        count = verbs[: index + 1].count(step.verb)
        names.append(step.name or (step.verb if count == 1 else f"{step.verb}_{count}"))
    return names


def steps_within(steps: Sequence[Step], at: Location = ("steps",)) -> Iterator[tuple[str, Step, Location]]:
    """All steps of a list and those within them, each with its name in its own list and its place."""
    for index, (name, step) in enumerate(zip(block_names(steps), steps, strict=True)):
        here: Location = (*at, index)
        yield name, step, here
        if isinstance(step.action, Flow):
            for field, block in step.action.blocks().items():
                yield from steps_within(block, (*here, step.verb, field))


def waits_for(step: Step) -> list[str]:
    """The steps that one names: in `after` and in its lags."""
    lags = [lag for lag in (step.within_min, step.not_before_min) if isinstance(lag, Mapping)]
    return list(dict.fromkeys([*(step.after or ()), *(name for lag in lags for name in lag)]))


def named_within(step: Step) -> set[str]:
    """All steps that one and those within it name; some of them may be within it themselves."""
    names = set(waits_for(step))
    if isinstance(step.action, Flow):
        for block in step.action.blocks().values():
            names |= {name for inner in block for name in named_within(inner)} - set(block_names(block))
    return names


def predecessors(steps: Sequence[Step]) -> dict[str, list[str]]:
    """For each step of a list those of it that must be done before: the one before, unless `after` says; and those
    whose end its lags, or steps within it, count from."""
    names = block_names(steps)
    found = {}
    for index, (name, step) in enumerate(zip(names, steps, strict=True)):
        first = names[max(index - 1, 0) : index] if step.after is None else step.after
        named = [other for other in sorted(named_within(step)) if other in names and other not in first]
        found[name] = [*first, *named]
    return found


def in_order(steps: Sequence[Step]) -> list[int]:
    """The places of steps in their list, in an order in which each comes after those it waits for."""
    names = block_names(steps)
    position = {name: index for index, name in enumerate(names)}
    before = {name: [other for other in needs if other in position] for name, needs in predecessors(steps).items()}
    sorter = TopologicalSorter(before)
    sorter.prepare()
    ordered: list[int] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=position.__getitem__)
        ordered += [position[name] for name in ready]
        sorter.done(*ready)
    return ordered


def inconsistencies(protocol: Protocol) -> list[Inconsistency]:
    """Everything that does not fit."""
    return [*_in_block(protocol, protocol.steps, ("steps",), [], set(protocol.parameters)), *_in_rules(protocol)]


def _in_rules(protocol: Protocol) -> Iterator[Inconsistency]:
    """Check rules of recovery: they are about steps that are there."""
    known = dict.fromkeys(_all_names(protocol))
    for index, rule in enumerate(protocol.recovery):
        for name in rule.step:
            if name not in known:
                yield Inconsistency(("recovery", index, "step"), _no("step", name, known))
    for name, inner in protocol.protocols.items():
        if inner.recovery:
            what = f"{name} is used by another protocol: move its rules there, with `step:`"
            yield Inconsistency(("protocols", name, "recovery"), what)


def _all_names(protocol: Protocol) -> Iterator[str]:
    """What its steps are called, those of protocols in use included."""
    yield from (name for name, _, _ in steps_within(protocol.steps))
    for inner in protocol.protocols.values():
        yield from _all_names(inner)


def _in_block(
    protocol: Protocol, steps: Sequence[Step], at: Location, outer: Sequence[str], known: AbstractSet[str]
) -> Iterator[Inconsistency]:
    """Check a list of steps; `outer` are steps that those of it may name, `known` what formulas may speak of."""
    names = block_names(steps)
    for index, (name, step) in enumerate(zip(names, steps, strict=True)):
        here: Location = (*at, index)
        if name in names[:index]:
            yield Inconsistency(here, f"two steps are called {name!r}; give each its own name")
        for what in _in_step(protocol, step, [*names, *outer], known):
            yield Inconsistency((*here, *what.location), f"step {name}: {what.what}")
        if isinstance(step.action, Flow):
            also = known | ({step.action.name} if isinstance(step.action, ForEach) else set())
            for field, block in step.action.blocks().items():
                yield from _in_block(protocol, block, (*here, step.verb, field), [*names, *outer], also)
    if len(set(names)) < len(names):
        return
    try:
        TopologicalSorter(predecessors(steps)).prepare()
    except CycleError as err:
        circle = list(err.args[1])
        where = (*at, names.index(circle[0]), "after") if circle[0] in names else at
        yield Inconsistency(where, f"steps wait for each other in a circle: {' → '.join(circle)}; mend `after`")


def _in_step(protocol: Protocol, step: Step, names: Sequence[str], known: AbstractSet[str]) -> Iterator[Inconsistency]:
    action, verb = step.action, step.verb
    for earlier in waits_for(step):
        if earlier not in names:
            field = "after" if earlier in (step.after or ()) else "within_min" if step.within_min else "not_before_min"
            yield Inconsistency((field,), f"{field}: no step is called {earlier!r}; there are {', '.join(names)}")
    for field in action.VESSELS:
        vessel = getattr(action, field)
        if vessel is not None and vessel not in protocol.vessels:
            yield Inconsistency((verb, field.removesuffix("_")), _no("vessel", vessel, protocol.vessels))
    for vessel in step.expect:
        if vessel not in protocol.vessels:
            yield Inconsistency(("expect", vessel), _no("vessel", vessel, protocol.vessels))
    if step.look is not None and not step.expect and step.look.as_ is None:
        yield Inconsistency((verb,), "a look without `expect` or `as` answers nothing; say what should be seen")
    for field, value in action:
        own = {name for formula in formulas_in(value) for name in names_in(formula)}
        for name in sorted(own - known) if not (isinstance(action, Flow) and field in action.blocks()) else ():
            yield Inconsistency((verb, field.removesuffix("_")), _no("parameter", name, known))
    yield from _in_condition(protocol, action, verb, known)
    if isinstance(action, Use):
        yield from _in_use(protocol, action)


def _in_condition(protocol: Protocol, action: object, verb: str, known: AbstractSet[str]) -> Iterator[Inconsistency]:
    match action:
        case If(condition=text):
            field = "condition"
        case Repeat(until=str() as text):
            field = "until"
        case _:
            return
    found = protocol.quantities()
    for name in sorted(names_in_condition(text) - known - set(found)):
        there = ", ".join([*known, *found]) or "none"
        what = f"{name!r} is neither a parameter nor what a step keeps with `as`; there are {there}"
        yield Inconsistency((verb, field), what)


def _in_use(protocol: Protocol, use: Use) -> Iterator[Inconsistency]:
    inner = protocol.protocols.get(use.protocol)
    if inner is None:
        yield Inconsistency(("use", "protocol"), _no("protocol", use.protocol, protocol.protocols))
        return
    for name in use.with_:
        if name not in inner.parameters:
            yield Inconsistency(("use", "with", name), f"{use.protocol} has no parameter {name!r}; "
                                f"it has {', '.join(inner.parameters) or 'none'}")  # fmt: skip
    for name, parameter in inner.parameters.items():
        if name not in use.with_ and parameter.default is None:
            yield Inconsistency(("use",), f"{use.protocol} needs its parameter {name!r}; give it under `with`")
    for theirs in use.vessels:
        if theirs not in inner.vessels:
            yield Inconsistency(("use", "vessels", theirs), f"{use.protocol} has no vessel {theirs!r}; "
                                f"it has {', '.join(inner.vessels)}")  # fmt: skip
    for theirs, wanted in inner.vessels.items():
        ours = protocol.vessels.get(use.vessels.get(theirs, theirs))
        if ours is None:
            what = f"{use.protocol} works on its vessel {theirs!r}; say under `vessels` which of ours it is"
            yield Inconsistency(("use",), what)
        elif ours.labware != wanted.labware:
            what = f"{use.protocol} wants a {wanted.labware} for {theirs!r}, ours is a {ours.labware}"
            yield Inconsistency(("use", "vessels", theirs), what)


def _no(kind: str, name: str, there: AbstractSet[str] | Mapping[str, object]) -> str:
    return f"no {kind} is called {name!r}; there are {', '.join(there) or 'none'}"
