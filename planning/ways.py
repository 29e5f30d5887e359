"""A sample's way over the bench while it is written down for a schedule: what each part takes, frees, enters and leaves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import inf

from planning.scheduling.model import Lag
from planning.task import Task


@dataclass(eq=False)
class Part:
    """An operation that is still being written."""

    name: str
    duration_s: float
    uses: tuple[str, ...]
    after: tuple[Lag, ...]
    is_begun: bool
    takes: list[str] = field(default_factory=list)
    frees: list[str] = field(default_factory=list)
    enters: list["Stay"] = field(default_factory=list)
    leaves: list["Stay"] = field(default_factory=list)
    fires: "Stay | None" = None

    @cached_property
    def lags(self) -> set[tuple[str, bool]]:
        """What it comes after, and whether within some time."""
        return {(lag.after, lag.max_s < inf) for lag in self.after}

    def wanted(self) -> list[str]:
        """Places that it takes, and ovens of which it enters one, by kind."""
        return [*self.takes, *(stay.kind for stay in self.enters)]

    def freed(self) -> list[str]:
        """The same of what it frees and leaves."""
        return [*self.frees, *(stay.kind for stay in self.leaves)]


@dataclass(eq=False)
class Stay:
    """A sample in an oven, from the carry that is decided with it to the one that takes it out."""

    kind: str
    ovens: tuple[str, ...]
    oven: str
    """The one of them; as long as it is not decided, any."""
    heats: list[str] = field(default_factory=list)
    """Their programmes."""
    names: list[str] = field(default_factory=list)
    """Its tasks: those that carry in, and those that heat."""


def wanted_soon(parts: Sequence[Part], number: int) -> list[str]:
    """What has a reservation before an operation begins that another must follow within some time."""
    name = parts[number].name
    followers = [later for later in range(number + 1, len(parts)) if (name, True) in parts[later].lags]
    return [wanted for part in parts[number + 1 : max(followers, default=0) + 1] for wanted in part.wanted()]


def waits(parts: Sequence[Part], held: str, wanted: str) -> Iterator[tuple[int, int]]:
    """Where a sample begins to hold a place on which it then waits for another, and where it gets that."""
    taker = -1
    for number, part in enumerate(parts):
        if taker >= 0 and wanted in (*part.wanted(), *wanted_soon(parts, number)):
            yield taker, next(later for later in range(number, len(parts)) if wanted in parts[later].wanted())
            taker = -1
        if held in part.freed():
            taker = -1
        if held in part.wanted():
            taker = number


def enters_twice(parts: Sequence[Part], held: str, wanted: str) -> bool:
    """Would a sample enter an oven while it still stands in one of the same kind?"""
    return any(
        stay.kind == wanted and any(stay in each.enters for each in parts[:taker])
        for taker, number in waits(parts, held, wanted)
        for part in parts[taker:number]
        for stay in part.leaves
    )


def is_between(parts: Sequence[Part], held: str, wanted: str) -> bool:
    """Is a sample just there where it holds one and has yet to get the other?"""
    return any(parts[taker].is_begun and not parts[target].is_begun for taker, target in waits(parts, held, wanted))


def take_at_once(parts: Sequence[Part], held: str, wanted: str) -> None:
    """Where a sample would wait for one place on another, let it take both."""
    for number, target in list(waits(parts, held, wanted)):
        taker, part = parts[number], parts[target]
        if wanted not in part.takes:
            taker.enters += [stay for stay in part.enters if stay.kind == wanted]
            part.enters = [stay for stay in part.enters if stay.kind != wanted]
            continue
        part.takes.remove(wanted)
        given_back = next((each for each in parts[number:target] if wanted in each.frees), None)
        if given_back is None:
            taker.takes.append(wanted)
        else:  # it keeps what it would soon want again
            given_back.frees.remove(wanted)


def keep(parts: Sequence[Part], kind: str) -> None:
    """Let a sample that goes into an oven several times, and those with it, keep it in between."""
    first: Stay | None = None
    for part in parts:
        for stay in [stay for stay in part.enters if stay.kind == kind]:
            if first is None:
                first = stay
                continue
            left = next(each for each in parts if first in each.leaves)
            left.leaves.remove(first)
            part.enters.remove(stay)
            last = next(each for each in parts if stay in each.leaves)
            last.leaves[last.leaves.index(stay)] = first
            first.heats += stay.heats
            first.names += stay.names
            for each in parts:
                each.fires = None if each.fires is stay else each.fires


def first_leg(task: Task, tasks: Sequence[Task]) -> str:
    """The carry with which a place is decided: the first of those that bring a vessel there, from arm to arm."""
    return next(
        each.id
        for each in tasks
        if each.skill == "carry" and each.step == task.step and each.arguments["vessel"] == task.arguments["vessel"]
    )
