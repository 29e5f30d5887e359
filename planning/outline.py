"""Tasks as schedules see them: samples' ways over the bench, with what is shared and what is scarce."""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from math import inf
from typing import Literal, NamedTuple

from planning.inventory import Standing
from planning.rooms import Room, Rooms
from planning.scheduling.model import Firing, Job, Lag, Machines, Operation, Problem, Resource
from planning.scheduling.taking_up import Begun
from planning.task import Task
from robot.device_settings import FurnaceSettings

Seconds = Callable[[Task], float]
"""How long a task is expected to take."""

PATIENCE_S = 12 * 3600.0
"""Who has been on the bench for so long goes before all who came later."""
LEAVING = ".leaves"
"""Ends the name of what frees all that a sample holds in the end."""


class Agreement(NamedTuple):
    """What all samples do lest they wait for each other in a circle."""

    what: Literal["share out", "take at once", "keep"]
    held: str
    wanted: str


@dataclass(eq=False)
class _Part:
    """An operation that is still being written."""

    name: str
    duration_s: float
    uses: tuple[str, ...]
    after: tuple[Lag, ...]
    is_begun: bool
    takes: list[str] = field(default_factory=list)
    frees: list[str] = field(default_factory=list)
    enters: list["_Stay"] = field(default_factory=list)
    leaves: list["_Stay"] = field(default_factory=list)
    fires: "_Stay | None" = None

    @cached_property
    def lags(self) -> set[tuple[str, bool]]:
        """What it comes after, and whether within some time."""
        return {(lag.after, lag.max_s < inf) for lag in self.after}

    def wanted(self) -> list[str]:
        return [*self.takes, *(stay.kind for stay in self.enters)]

    def freed(self) -> list[str]:
        return [*self.frees, *(stay.kind for stay in self.leaves)]


@dataclass(eq=False)
class _Stay:
    """A sample in an oven, from the carry that is decided with it to the one that takes it out."""

    kind: str
    ovens: tuple[str, ...]
    oven: str
    """The one of them; as long as it is not decided, any."""
    heats: list[str] = field(default_factory=list)
    """Their programmes."""
    names: list[str] = field(default_factory=list)
    """Its tasks: those that carry in, and those that heat."""


class Outline:
    """A problem of scheduling made of the tasks of all samples that are under way.

    Args:
        tasks_of: by sample all its tasks, begun ones included, in the order in which they are written down.
        begun: names of those that run or are done.
        cleared: samples that were set aside: their vessels go when an arm is free, and hold back nobody.
        joined_s: when each sample came.
        agreed: what was found to be needed so far lest samples wait for each other in a circle.
    """

    def __init__(
        self,
        rooms: Rooms,
        seconds: Seconds,
        tasks_of: Mapping[str, Sequence[Task]],
        begun: Container[str],
        cleared: Container[str],
        joined_s: Mapping[str, float],
        agreed: Sequence[Agreement] = (),
    ) -> None:
        self._rooms = rooms
        self._seconds = seconds
        self._begun = begun
        self._capacity: dict[str, int] = {}
        self._machines: dict[str, Room] = {}
        self._programme_s: dict[str, float] = {}
        self._parts = {
            sample: list(self._written(sample, tasks, sample in cleared)) for sample, tasks in tasks_of.items() if tasks
        }
        self.firing_of: dict[str, str] = {}
        """For each task that carries into an oven or heats there, the firing that it belongs to."""
        self.agreed = list(agreed)
        for agreement in agreed:
            self._obey(agreement)
        while circle := self._circle():
            self.agreed.append(self._agreement(circle))
            self._obey(self.agreed[-1])
        self.problem = Problem(
            tuple(Resource(name, capacity) for name, capacity in self._capacity.items()),
            tuple(Machines(name, len(room.ovens), room.oven_places) for name, room in self._machines.items()),
            tuple(Job(sample, self._operations(parts), joined_s[sample]) for sample, parts in self._parts.items()),
            PATIENCE_S,
        )

    def _written(self, sample: str, tasks: Sequence[Task], is_cleared: bool) -> Iterator[_Part]:
        own = {task.id for task in tasks}
        held: dict[str, set[str]] = {}
        stays: dict[str, _Stay] = {}
        parts: dict[str, _Part] = {}
        for task in tasks:
            lags = dict.fromkeys(filter(own.__contains__, task.after), inf)
            lags |= {name: max_s for name, max_s in task.within_s.items() if name in own}
            part = parts[task.id] = _Part(
                task.id, self._seconds(task), tuple(self._used(task)),
                tuple(Lag(name, 0.0, max_s) for name, max_s in lags.items()), task.id in self._begun,
            )  # fmt: skip
            if is_cleared:
                continue
            for place in sorted(task.takes):
                room = self._room(place)
                if room.ovens:
                    stays[place] = _Stay(room.name, room.ovens, self._oven(place))
                    first = _first_leg(task, tasks)
                    stays[place].names.append(first)
                    parts[first].enters.append(stays[place])
                elif not held.setdefault(room.name, set()):
                    part.takes.append(room.name)
                held.setdefault(room.name, set()).add(place)
            stay = next((stay for stay in stays.values() if task.arguments.get("furnace") in stay.ovens), None)
            if stay is not None:
                part.fires = None if stay.heats else stay
                stay.heats.append(str(task.arguments["segments"]))
                stay.names.append(task.id)
            for place in sorted(task.frees & set().union(*held.values())):
                room = self._room(place)
                held[room.name].discard(place)
                if place in stays:
                    part.leaves.append(stays.pop(place))
                elif not held[room.name]:
                    part.frees.append(room.name)
        yield from parts.values()
        rest = [name for name, places in held.items() if places and name not in self._machines]
        if stays or rest:
            waited_for = {lag.after for part in parts.values() for lag in part.after}
            ends = tuple(Lag(name) for name in parts if name not in waited_for)
            yield _Part(sample + LEAVING, 0.0, (), ends, False, frees=rest, leaves=list(stays.values()))

    def _used(self, task: Task) -> Iterator[str]:
        """Devices that are busy meanwhile; an oven is its samples' own as long as one of them stands in it."""
        for device in sorted(task.uses):
            if not isinstance(self._rooms.lab.devices.get(device), FurnaceSettings):
                name, count = self._rooms.count(device)
                self._capacity.setdefault(name, count)
                yield name

    def _room(self, place: str) -> Room:
        site = place.partition(":")[0]
        room = self._rooms.room(site) if site in self._rooms.lab.sites else Room(place, (Standing(place),))
        assert room is not None, f"{place} is nothing that one holds"
        if room.ovens:
            self._machines[room.name] = room
            return room
        name = f"at {room.name}"
        self._capacity.setdefault(name, len(room.places))
        return Room(name, room.places)

    def _operations(self, parts: Sequence[_Part]) -> tuple[Operation, ...]:
        """Write a sample's way out; to stand in an oven without being fired is a firing by itself."""
        fired = {part.fires: part for part in parts if part.fires}
        firings: dict[str, Firing] = {}
        for part in parts:
            for stay in part.enters:
                heat = fired.get(stay, part)
                self.firing_of |= dict.fromkeys(stay.names, heat.name)
                unload = next(each.name for each in parts if stay in each.leaves)
                programme = " then ".join(stay.heats) or part.name
                firings[heat.name] = Firing(stay.kind, programme, "" if heat is part else part.name, unload)
                heat.duration_s = self._programme_s.setdefault(f"{stay.kind} {programme}", heat.duration_s)
        return tuple(
            Operation(part.name, part.duration_s, part.uses, part.after, tuple(part.takes), tuple(part.frees),
                      firings.get(part.name))
            for part in parts
        )  # fmt: skip

    def _oven(self, place: str) -> str:
        return self._rooms.lab.sites[place.partition(":")[0]].inside or ""

    def begun(self, times_s: Mapping[str, tuple[float, float, bool]]) -> list[Begun]:
        """What runs or is done, given by name its start, its end and whether it has ended."""
        found = []
        for parts in self._parts.values():
            for part in parts:
                if part.name in times_s:
                    stay = next(iter([*part.enters, *([part.fires] if part.fires else [])]), None)
                    machine = stay.ovens.index(stay.oven) if stay else -1
                    found.append(Begun(part.name, *times_s[part.name], machine))
        return found

    # --- circles: samples that would wait for each other's places

    def _edges(self) -> dict[tuple[str, str], tuple[int, str]]:
        """Who holds one place while wanting another, and how early on the way that is first so."""
        edges: dict[tuple[str, str], tuple[int, str]] = {}
        for sample, parts in self._parts.items():
            held: list[str] = []
            for number, part in enumerate(parts):
                for wanted in (*part.wanted(), *_wanted_soon(parts, number)):
                    for place in held:
                        if place != wanted:
                            edges.setdefault((place, wanted), (number, sample))
                held += part.wanted()
                for freed in part.freed():
                    held.remove(freed)
        return edges

    def _circle(self) -> list[tuple[str, str]]:
        """Pairs of places, held and wanted, that lead back to the first; none if all pass in one direction."""
        edges = self._edges()
        after: dict[str, list[str]] = {}
        for held, wanted in edges:
            after.setdefault(held, []).append(wanted)
        done: set[str] = set()

        def visit(place: str, path: list[str]) -> list[str]:
            if place in path:
                return [*path[path.index(place) :], place]
            if place in done:
                return []
            for wanted in after.get(place, ()):
                if found := visit(wanted, [*path, place]):
                    return found
            done.add(place)
            return []

        for place in after:
            if circle := visit(place, []):
                return sorted(pairwise(circle), key=lambda edge: edges[edge])
        return []

    def _agreement(self, circle: Sequence[tuple[str, str]]) -> Agreement:
        """What breaks a circle: sharing a rack out among those on their way there and those on their way back, taking
        two places at once, or keeping an oven from the first firing to the last.
        """
        for held, _ in circle:
            visits = max(sum(part.takes.count(held) for part in parts) for parts in self._parts.values())
            if held not in self._machines and 1 < visits <= self._capacity[held]:
                return Agreement("share out", held, str(visits))
        ways = self._parts.values()
        for held, wanted in circle:
            if any(_enters_twice(parts, held, wanted) for parts in ways):
                return Agreement("keep", wanted, wanted)
        in_time = (edge for edge in circle if not any(_is_between(parts, *edge) for parts in ways))
        return Agreement("take at once", *next(in_time, circle[0]))

    def _obey(self, agreement: Agreement) -> None:
        match agreement.what:
            case "share out" if agreement.held in self._capacity:
                self._share_out(agreement.held, int(agreement.wanted))
            case "take at once":
                for parts in self._parts.values():
                    _take_at_once(parts, agreement.held, agreement.wanted)
            case "keep":
                for parts in self._parts.values():
                    _keep(parts, agreement.held)

    def _share_out(self, rack: str, visits: int) -> None:
        places = self._capacity.pop(rack)
        for visit in range(visits):
            self._capacity[f"{rack} ({visit + 1})"] = (places + visit) // visits
        for parts in self._parts.values():
            visit = 0
            for part in parts:
                part.frees = [f"{rack} ({visit})" if place == rack else place for place in part.frees]
                visit += rack in part.takes
                part.takes = [f"{rack} ({visit})" if place == rack else place for place in part.takes]


def _wanted_soon(parts: Sequence[_Part], number: int) -> list[str]:
    """What has a reservation before an operation begins that another must follow within some time."""
    name = parts[number].name
    followers = [later for later in range(number + 1, len(parts)) if (name, True) in parts[later].lags]
    return [wanted for part in parts[number + 1 : max(followers, default=0) + 1] for wanted in part.wanted()]


def _waits(parts: Sequence[_Part], held: str, wanted: str) -> Iterator[tuple[int, int]]:
    """Where a sample begins to hold a place on which it then waits for another, and where it gets that."""
    taker = -1
    for number, part in enumerate(parts):
        if taker >= 0 and wanted in (*part.wanted(), *_wanted_soon(parts, number)):
            yield taker, next(later for later in range(number, len(parts)) if wanted in parts[later].wanted())
            taker = -1
        if held in part.freed():
            taker = -1
        if held in part.wanted():
            taker = number


def _enters_twice(parts: Sequence[_Part], held: str, wanted: str) -> bool:
    """Would a sample enter an oven while it still stands in one of the same kind?"""
    return any(
        stay.kind == wanted and any(stay in each.enters for each in parts[:taker])
        for taker, number in _waits(parts, held, wanted)
        for part in parts[taker:number]
        for stay in part.leaves
    )


def _is_between(parts: Sequence[_Part], held: str, wanted: str) -> bool:
    """Is a sample just there where it holds one and has yet to get the other?"""
    return any(parts[taker].is_begun and not parts[target].is_begun for taker, target in _waits(parts, held, wanted))


def _take_at_once(parts: Sequence[_Part], held: str, wanted: str) -> None:
    """Where a sample would wait for one place on another, let it take both."""
    for number, target in list(_waits(parts, held, wanted)):
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


def _keep(parts: Sequence[_Part], kind: str) -> None:
    """Let a sample that goes into an oven several times, and those with it, keep it in between."""
    first: _Stay | None = None
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


def _first_leg(task: Task, tasks: Sequence[Task]) -> str:
    """The carry with which a place is decided: the first of those that bring a vessel there, from arm to arm."""
    return next(
        each.id
        for each in tasks
        if each.skill == "carry" and each.step == task.step and each.arguments["vessel"] == task.arguments["vessel"]
    )
