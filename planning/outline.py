"""Tasks as schedules see them: samples' ways over the bench, with what is shared and what is scarce."""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from itertools import pairwise
from math import inf
from typing import Literal, NamedTuple

from planning.inventory import Standing
from planning.rooms import Room, Rooms
from planning.scheduling.model import Firing, Job, Lag, Machines, Operation, Problem, Resource
from planning.scheduling.taking_up import Begun
from planning.task import Task
from planning.ways import Part, Stay, enters_twice, first_leg, is_between, keep, take_at_once, wanted_soon
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

    def _written(self, sample: str, tasks: Sequence[Task], is_cleared: bool) -> Iterator[Part]:
        own = {task.id for task in tasks}
        held: dict[str, set[str]] = {}
        stays: dict[str, Stay] = {}
        parts: dict[str, Part] = {}
        for task in tasks:
            lags = dict.fromkeys(filter(own.__contains__, task.after), inf)
            lags |= {name: max_s for name, max_s in task.within_s.items() if name in own}
            part = parts[task.id] = Part(
                task.id, self._seconds(task), tuple(self._used(task)),
                tuple(Lag(name, 0.0, max_s) for name, max_s in lags.items()), task.id in self._begun,
            )  # fmt: skip
            if is_cleared:
                continue
            for place in sorted(task.takes):
                room = self._room(place)
                if room.ovens:
                    stays[place] = Stay(room.name, room.ovens, self._oven(place))
                    first = first_leg(task, tasks)
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
            yield Part(sample + LEAVING, 0.0, (), ends, False, frees=rest, leaves=list(stays.values()))

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

    def _operations(self, parts: Sequence[Part]) -> tuple[Operation, ...]:
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
                for wanted in (*part.wanted(), *wanted_soon(parts, number)):
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
            if any(enters_twice(parts, held, wanted) for parts in ways):
                return Agreement("keep", wanted, wanted)
        in_time = (edge for edge in circle if not any(is_between(parts, *edge) for parts in ways))
        return Agreement("take at once", *next(in_time, circle[0]))

    def _obey(self, agreement: Agreement) -> None:
        match agreement.what:
            case "share out" if agreement.held in self._capacity:
                self._share_out(agreement.held, int(agreement.wanted))
            case "take at once":
                for parts in self._parts.values():
                    take_at_once(parts, agreement.held, agreement.wanted)
            case "keep":
                for parts in self._parts.values():
                    keep(parts, agreement.held)

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
