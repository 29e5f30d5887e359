"""Where a bench stands: which operations wait, run and are done, who holds what, and what is kept for whom."""

from collections.abc import Iterable, Mapping
from copy import copy
from heapq import heappop, heappush
from math import inf
from typing import Self

from planning.scheduling.table import Table

AHEAD, READY, KEPT, RUNNING, DONE = range(5)
"""The states of an operation: not yet, wants to start, has a reservation, runs, has ended."""

NOTHING, NEVER = -1, -2
"""What an operation waits for: nothing; something that will call."""

OVERDUE = 1e12
"""Puts those whose patience has ended before all others, among themselves in the order in which they came."""


class Load:
    """A batch while it is carried out."""

    __slots__ = (
        "behind", "entering", "fired", "follower", "gathers", "leaving", "machine", "members", "promised", "unready"
    )  # fmt: skip

    def __init__(self, members: tuple[int, ...], gathers: bool) -> None:
        self.members = members
        self.gathers = gathers
        self.unready = len(members)
        """Members whose firing may not start yet."""
        self.entering = len(members)
        """Members that have not come to the machine's door."""
        self.leaving = len(members)
        self.machine = -1
        self.promised = False
        self.behind = -1
        """If a machine is promised that is not empty yet: a firing of the batch that is in it."""
        self.fired = False
        self.follower = False
        """Has its machine been promised to another batch?"""

    @property
    def is_settled(self) -> bool:
        """Has it a machine, or the promise of one?"""
        return self.machine >= 0 or self.promised


class State:
    """All that changes in the course of a run; nothing here decides."""

    def __init__(self, table: Table) -> None:
        self.table = table
        count = len(table.names)
        self.state = [AHEAD] * count
        self.pending = [len(lags) for lags in table.before]
        self.ready_s = [table.release_s[job] for job in table.job]
        self.start_s, self.end_s = [inf] * count, [inf] * count
        """When operations started and ended; of running and reserved ones, when they are expected to."""
        self.left = count
        self.running: list[set[int]] = [set() for _ in table.capacity]
        self.holders: list[dict[int, int]] = [{} for _ in table.capacity]
        """For each place, who took it (or has it reserved) and which operation frees it."""
        self.reserved: list[list[int]] = [[] for _ in table.capacity]
        self.chains: list[list[int]] = []
        """Operations with reservations, chain by chain, in the order in which they were planned."""
        self.machines = [list(range(count)) for count in table.count]
        self.promises = [0] * len(table.count)
        self.load: list[Load | None] = [None] * count
        self.loads: list[Load] = []
        self.fresh: list[tuple[float, int, int]] = []
        self.queue: list[list[tuple[float, int]]] = [[] for _ in range(2 * table.needs)]
        """Who wants to start, by what they need; those whose machine is open already stand in queues of their own."""
        self.waits: list[set[int]] = [set() for _ in range(len(table.capacity) + len(table.count))]
        """For each resource, place and kind of machine, the queues that wait for it."""
        self.freed: set[int] = set()
        self.wakes: list[tuple[float, int]] = []
        self.agenda: list[tuple[float, int]] = []
        self.disturbed = False
        self.active = 0
        """How many operations run."""
        self.closed_s: dict[int, float] = {}
        """Until when a resource is out of order."""
        self.repairs: list[tuple[float, int, int]] = []
        """Machines out of order: until when, of which kind, which one."""
        self.renewals = 0
        """How often reservations were made anew since anything started or ended."""
        self.loose: set[int] = set()
        """Operations of chains that could not be kept: they go on as best they can."""
        self.impatient: list[tuple[float, int]] = []
        """When the patience of each sample ends."""
        patience_s = table.problem.patience_s
        if patience_s < inf:
            self.impatient = sorted((release_s + patience_s, job) for job, release_s in enumerate(table.release_s))
        self.vain: dict[int, int] = {}
        """How often a chain was tried in vain though nothing ran that could have been in its way."""
        self.reserves = True
        self.usable_fraction = 1.0
        """Part of each longest lag that may be planned with."""
        self.is_first_come = True
        self.rank: list[float] = self.ready_s

    def take_turns(self, rank: Mapping[str, float]) -> None:
        """Go by a plan's order; an operation that it does not name keeps the turn it had. Without one, as they come."""
        former = {} if self.is_first_come else dict(zip(self.table.names, self.rank, strict=True))
        turns = {**former, **rank}
        self.is_first_come = not rank
        self.rank = self.ready_s if self.is_first_come else [turns.get(name, inf) for name in self.table.names]

    def wake_at(self, operation: int, time_s: float) -> None:
        """Look at an operation again at some time."""
        heappush(self.wakes, (time_s, operation))

    def next_wake_s(self, after_s: float = -inf) -> float:
        """The next time, after some time, at which something may start though nothing ends."""
        self._forget_stale()
        queues = (self.wakes, self.agenda, self.impatient, self.repairs)
        next_s = min((queue[0][0] for queue in queues if queue), default=inf)
        if next_s > after_s:
            return next_s
        return min((entry[0] for queue in queues for entry in queue if entry[0] > after_s), default=inf)

    def _forget_stale(self) -> None:
        """Drop what is next on the agenda as long as it has been put off or taken back."""
        agenda = self.agenda
        while agenda and (self.state[agenda[0][1]] != KEPT or self.start_s[agenda[0][1]] != agenda[0][0]):
            heappop(agenda)

    def is_place_free(self, place: int, taker: int) -> bool:
        """Could an operation with a reservation take this place now?"""
        holding = sum(self.state[other] >= RUNNING for other in self.holders[place] if other != taker)
        return holding < self.table.capacity[place]

    def reserved_until(self, resource: int, end_s: float) -> int:
        """How many reservations begin before an operation that starts now would end."""
        return sum(self.start_s[operation] < end_s for operation in self.reserved[resource])

    def forget(self, operation: int) -> None:
        """Take a reservation back."""
        for resource in self.table.uses[operation]:
            if operation in self.reserved[resource]:
                self.reserved[resource].remove(operation)
        for place in self.table.takes[operation]:
            self.holders[place].pop(operation, None)

    def close(self, resource: int, until_s: float) -> None:
        """A resource is out of order for some time; what runs on it takes that much longer."""
        self.closed_s[resource] = max(until_s, self.closed_s.get(resource, until_s))
        self.disturbed = bool(self.chains)

    def take_away(self, kind: int, machine: int, until_s: float) -> None:
        """An empty machine is out of order for some time."""
        self.machines[kind].remove(machine)
        heappush(self.repairs, (until_s, kind, machine))
        self.disturbed = bool(self.chains)

    def give_back(self, now_s: float) -> None:
        """Machines that have been repaired are there again."""
        while self.repairs and self.repairs[0][0] <= now_s:
            _, kind, machine = heappop(self.repairs)
            self.machines[kind].append(machine)
            self.freed.add(len(self.table.capacity) + kind)

    def delay(self, operation: int, by_s: float) -> None:
        """What runs will end later than expected."""
        self.end_s[operation] += by_s
        self.disturbed = bool(self.chains)

    def twin(self) -> Self:
        """A copy that may go another way."""
        twin = copy(self)
        twins = {id(load): copy(load) for load in (*self.loads, *filter(None, self.load))}
        twin.loads = [twins[id(load)] for load in self.loads]
        twin.load = [twins[id(load)] if load else None for load in self.load]
        for name in (
            "state",
            "pending",
            "ready_s",
            "start_s",
            "end_s",
            "promises",
            "fresh",
            "wakes",
            "agenda",
            "impatient",
            "repairs",
            "rank",
        ):
            setattr(twin, name, list(getattr(self, name)))
        if self.is_first_come:
            twin.rank = twin.ready_s
        for name in ("running", "holders", "reserved", "chains", "machines", "queue", "waits"):
            setattr(twin, name, [copy(each) for each in getattr(self, name)])
        twin.freed, twin.closed_s, twin.vain = set(self.freed), dict(self.closed_s), dict(self.vain)
        twin.loose = set(self.loose)
        return twin

    def leave_out(self, jobs: Iterable[int]) -> None:
        """Forget samples that are still to come: nobody knows of them, unless something is reserved for them already."""
        for members in (self.table.jobs[job] for job in jobs):
            if all(self.state[number] == AHEAD for number in members):
                for number in members:
                    self.state[number] = DONE
                    self.start_s[number] = self.end_s[number] = 0.0
                    self.left -= 1

    def is_free_for_kept(self, operation: int, now_s: float) -> bool:
        """In a noisy world what a reservation waits for may be late."""
        table = self.table
        load = self.load[operation]
        members = load.members if load else (operation,)
        if any(self.pending[member] or self.ready_s[member] > now_s for member in members):
            return False
        firing = table.enters[operation]
        door = self.load[firing] if firing >= 0 else None
        if door and door.machine < 0 and not self.machines[table.kind[firing]]:
            return False
        fits = all(
            len(self.running[resource]) < table.capacity[resource] and self.closed_s.get(resource, now_s) <= now_s
            for resource in table.uses[operation]
        )
        return fits and all(self.is_place_free(place, member) for member in members for place in table.takes[member])
