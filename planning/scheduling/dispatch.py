"""What may start now? The one place that decides: for plans on trial, for noisy rehearsals and for a bench at work.

An operation starts as soon as it may, the one of smallest rank first. A batch waits for its machine and its members as
its plan says. With reservations, an operation that must be followed within some time starts only once a timetable for
the whole chain has been found (`reservation`); what that timetable needs is then kept free.
"""

from collections.abc import Iterable
from copy import copy
from heapq import heappop, heappush
from math import inf

from planning.errors import Refused
from planning.scheduling.model import Plan
from planning.scheduling.table import Table

AHEAD, READY, KEPT, RUNNING, DONE = range(5)
"""The states of an operation: not yet, wants to start, has a reservation, runs, has ended."""

NOTHING, NEVER = -1, -2
"""What an operation waits for: nothing; something that will call."""

OVERDUE = 1e12
"""Puts those whose patience has ended before all others, among themselves in the order in which they came."""


class Load:
    """A batch while it is carried out."""

    __slots__ = ("entering", "fired", "follower", "gathers", "leaving", "machine", "members", "promised", "unready")

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
        self.fired = False
        self.follower = False
        """Has its machine been promised to another batch?"""


class Dispatch:
    """Where every operation stands, who holds what, and what is kept for whom."""

    def __init__(self, table: Table, plan: Plan) -> None:
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
        self.impatient: list[tuple[float, int]] = []
        """When the patience of each sample ends."""
        patience_s = table.problem.patience_s
        if patience_s < inf:
            self.impatient = sorted((release_s + patience_s, job) for job, release_s in enumerate(table.release_s))
        self.vain: dict[int, int] = {}
        """How often a chain was tried in vain though nothing ran that could have been in its way."""
        self.follow(plan)
        for operation, pending in enumerate(self.pending):
            if not pending:
                self._wake_at(operation, self.ready_s[operation])

    def follow(self, plan: Plan) -> None:
        """Take up a plan, also in the middle of a run: batches that have a machine stay as they are."""
        index = self.table.index
        self.reserves = plan.reserves
        self.usable_fraction = 1.0 - plan.margin_fraction
        self.is_first_come = not plan.rank
        self.rank = self.ready_s if self.is_first_come else [plan.rank.get(name, inf) for name in self.table.names]
        self.loads = [load for load in self.loads if load.machine >= 0 or load.promised]
        settled = {member for load in self.loads for member in load.members}
        for batch in plan.batches:
            members = [index[name] for name in batch.members]
            self._form([member for member in members if member not in settled and self.state[member] < RUNNING])
        self.fresh = []
        self.queue = [[] for _ in self.queue]
        self.waits = [set() for _ in self.waits]
        for operation, state in enumerate(self.state):
            if state == READY:
                self._offer(operation)

    def _form(self, members: list[int]) -> None:
        """Make a batch of firings that are still to come."""
        if not members:
            return
        table = self.table
        load = Load(tuple(members), gathers=min(map(table.gathering_capacity.__getitem__, members)) >= len(members))
        for member in members:
            self.load[member] = load
            enter = table.enter_of[member]
            load.unready -= self.state[member] == READY
            load.entering -= self.state[enter] in (READY, RUNNING, DONE)
        self.loads.append(load)

    def _wake_at(self, operation: int, time_s: float) -> None:
        heappush(self.wakes, (time_s, operation))

    def next_wake_s(self) -> float:
        """The next time at which something may start though nothing ends."""
        queues: tuple[list[tuple[float, int]], ...] = (self.wakes, self.agenda, self.impatient)
        return min((queue[0][0] for queue in queues if queue), default=inf)

    def start_all(self, now_s: float) -> list[int]:
        """Start all that may start now, and say what that is; each member of a batch is named."""
        from planning.scheduling.reservation import renew

        started: list[int] = []
        if self.disturbed:
            renew(self, now_s)
        while self.impatient and self.impatient[0][0] <= now_s:
            self._prefer(heappop(self.impatient)[1])
        while self.wakes and self.wakes[0][0] <= now_s:
            operation = heappop(self.wakes)[1]
            if self.state[operation] == AHEAD and not self.pending[operation]:
                self._arrive(operation)
            elif self.state[operation] == READY:
                self._offer(operation)
        self._start_reserved(now_s, started)
        for token in sorted(self.freed):
            for queue in sorted(self.waits[token]):
                self._pump(queue)
            self.waits[token].clear()
        self.freed.clear()
        while self.fresh:
            _, operation, origin = heappop(self.fresh)
            queue = -1
            if self.state[operation] == READY:
                blocker = self._blocker(operation, now_s)
                if blocker == NOTHING:
                    self._start_joint(operation, now_s, started)
                elif blocker >= 0:
                    queue = self._queue_up(operation, blocker)
            if self.agenda and self.agenda[0][0] <= now_s:
                self._start_reserved(now_s, started)
            if origin >= 0 and queue != origin:
                self._pump(origin)
        return started

    def _prefer(self, job: int) -> None:
        """A sample has waited long enough: it, and who shares a machine with it, go before all who came later."""
        table = self.table
        loads = [load for number in table.jobs[job] if (load := self.load[number]) and not load.fired]
        if self.is_first_come:
            return
        for other in {job, *(table.job[member] for load in loads for member in load.members)}:
            for number in table.jobs[other]:
                self.rank[number] = min(self.rank[number], table.release_s[job] - OVERDUE)
                if self.state[number] == READY:
                    self._offer(number)

    def _start_reserved(self, now_s: float, started: list[int]) -> None:
        while self.agenda and self.agenda[0][0] <= now_s:
            time_s, operation = heappop(self.agenda)
            if self.state[operation] != KEPT or time_s != self.start_s[operation]:
                continue
            if not self._is_free_for_kept(operation, now_s):
                self.disturbed = True
                continue
            self._start_joint(operation, now_s, started)

    def _is_free_for_kept(self, operation: int, now_s: float) -> bool:
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
        return fits and all(self._is_place_free(place, member) for member in members for place in table.takes[member])

    def _is_place_free(self, place: int, taker: int) -> bool:
        holding = sum(self.state[other] >= RUNNING for other in self.holders[place] if other != taker)
        return holding < self.table.capacity[place]

    def _queue_up(self, operation: int, blocker: int) -> int:
        firing = self.table.enters[operation]
        door = self.load[firing] if firing >= 0 else None
        queue = 2 * self.table.need[operation] + (door is not None and door.machine >= 0)
        heappush(self.queue[queue], (self.rank[operation], operation))
        self.waits[blocker].add(queue)
        return queue

    def _pump(self, queue: int) -> None:
        """Let the first of a queue try; where it is blocked, all behind it are."""
        if self.queue[queue]:
            rank, operation = heappop(self.queue[queue])
            heappush(self.fresh, (rank, operation, queue))

    def _offer(self, operation: int) -> None:
        heappush(self.fresh, (self.rank[operation], operation, -1))

    def _arrive(self, operation: int) -> None:
        """Everything before this operation is done."""
        self.state[operation] = READY
        firing = self.table.enters[operation]
        door = self.load[firing] if firing >= 0 else None
        load = self.load[operation]
        if door:
            door.entering -= 1
        if load:
            load.unready -= 1
            if not load.unready:
                self._offer(load.members[0])
        elif door and door.machine < 0 and door.gathers:
            if not door.entering:
                for member in door.members:
                    self._offer(self.table.enter_of[member])
        else:
            self._offer(operation)

    def _blocker(self, operation: int, now_s: float) -> int:
        """What an operation waits for: nothing, something that will call, or else this resource or kind of machine."""
        from planning.scheduling.reservation import reserve

        table = self.table
        load = self.load[operation]
        if load and load.unready:
            return NEVER
        firing = table.enters[operation]
        if firing >= 0:
            door = self.load[firing]
            assert door is not None, f"{table.names[firing]} is in no batch"
            kind = table.kind[firing]
            if door.machine < 0:
                if door.gathers and door.entering:
                    return NEVER
                if not door.promised and len(self.machines[kind]) <= self.promises[kind]:
                    return len(table.capacity) + kind
        for place in table.takes[operation]:
            if len(self.holders[place]) >= table.capacity[place]:
                return place
        end_s = now_s + self.table.duration_s[operation]
        for resource in table.uses[operation]:
            busy = len(self.running[resource])
            if self.reserved[resource]:
                busy += self._reserved_until(resource, end_s)
            if busy >= table.capacity[resource]:
                return resource
            if self.closed_s and self.closed_s.get(resource, now_s) > now_s:
                self._wake_at(operation, self.closed_s[resource])
                return NEVER
            calendar = table.calendar[resource]
            if calendar and (open_s := calendar.fit_s(now_s, end_s - now_s)) > now_s:
                self._wake_at(operation, open_s)
                return NEVER
        if self.reserves and table.is_head[operation]:
            return reserve(self, operation, now_s)
        return NOTHING

    def _reserved_until(self, resource: int, end_s: float) -> int:
        """How many reservations begin before an operation that starts now would end."""
        return sum(self.start_s[operation] < end_s for operation in self.reserved[resource])

    def _start_joint(self, operation: int, now_s: float, started: list[int]) -> None:
        load = self.load[operation]
        firing = self.table.enters[operation]
        door = self.load[firing] if firing >= 0 else None
        if door and door.machine < 0:
            self._open(door, self.table.kind[firing])
        if load:
            load.fired = True
            self.freed.add(len(self.table.capacity) + self.table.kind[operation])
        end_s = now_s + self.table.duration_s[operation]
        for resource in self.table.uses[operation]:
            self.running[resource].add(operation)
        for member in load.members if load else (operation,):
            if self.state[member] == KEPT:
                self._forget(member)
            self.state[member] = RUNNING
            self.active += 1
            self.start_s[member], self.end_s[member] = now_s, end_s
            for place in self.table.takes[member]:
                self.holders[place][member] = self.table.freer[member][place]
            started.append(member)

    def _forget(self, operation: int) -> None:
        """Take a reservation back."""
        for resource in self.table.uses[operation]:
            if operation in self.reserved[resource]:
                self.reserved[resource].remove(operation)
        for place in self.table.takes[operation]:
            self.holders[place].pop(operation, None)

    def _open(self, load: Load, kind: int) -> None:
        self.machines[kind].sort()
        load.machine = self.machines[kind].pop(0)
        if load.promised:
            load.promised = False
            self.promises[kind] -= 1
        for member in load.members:  # those that gathered come in now, others as they arrive
            enter = self.table.enter_of[member]
            if self.state[enter] == READY:
                self._offer(enter)

    def finish(self, operation: int, now_s: float) -> None:
        """Note that an operation has ended."""
        table = self.table
        if abs(now_s - self.end_s[operation]) > 1e-6:
            self.disturbed = bool(self.chains)
        self.state[operation] = DONE
        self.end_s[operation] = now_s
        self.left -= 1
        self.active -= 1
        for resource in table.uses[operation]:
            self.running[resource].discard(operation)
            self.freed.add(resource)
        for place in table.frees[operation]:
            taker = next(taker for taker, freer in self.holders[place].items() if freer == operation)
            del self.holders[place][taker]
            self.freed.add(place)
        firing = table.leaves[operation]
        if firing >= 0:
            self._leave(firing)
        for later, min_s, _ in table.after[operation]:
            self.pending[later] -= 1
            self.ready_s[later] = max(self.ready_s[later], now_s + min_s)
            if not self.pending[later] and self.state[later] == AHEAD:
                self._wake_at(later, self.ready_s[later])

    def _leave(self, firing: int) -> None:
        load, kind = self.load[firing], self.table.kind[firing]
        assert load is not None
        load.leaving -= 1
        if not load.leaving:
            self.machines[kind].append(load.machine)
            self.freed.add(len(self.table.capacity) + kind)

    def close(self, resource: int, until_s: float) -> None:
        """A resource is out of order for some time; what runs on it takes that much longer."""
        self.closed_s[resource] = max(until_s, self.closed_s.get(resource, until_s))
        self.disturbed = bool(self.chains)

    def take_away(self, kind: int, machine: int) -> None:
        """An empty machine is out of order."""
        self.machines[kind].remove(machine)
        self.disturbed = bool(self.chains)

    def give_back(self, kind: int, machine: int) -> None:
        """A machine is in order again."""
        self.machines[kind].append(machine)
        self.freed.add(len(self.table.capacity) + kind)

    def delay(self, operation: int, by_s: float) -> None:
        """What runs will end later than expected."""
        self.end_s[operation] += by_s
        self.disturbed = bool(self.chains)

    def twin(self) -> "Dispatch":
        """A copy that may go another way."""
        twin = copy(self)
        twins = {id(load): copy(load) for load in (*self.loads, *filter(None, self.load))}
        twin.loads = [twins[id(load)] for load in self.loads]
        twin.load = [twins[id(load)] if load else None for load in self.load]
        for name in ("state", "pending", "ready_s", "start_s", "end_s", "promises", "fresh", "wakes", "agenda", "impatient", "rank"):
            setattr(twin, name, list(getattr(self, name)))
        if self.is_first_come:
            twin.rank = twin.ready_s
        for name in ("running", "holders", "reserved", "chains", "machines", "queue", "waits"):
            setattr(twin, name, [copy(each) for each in getattr(self, name)])
        twin.freed, twin.closed_s, twin.vain = set(self.freed), dict(self.closed_s), dict(self.vain)
        return twin

    def leave_out(self, jobs: Iterable[int]) -> None:
        """Forget samples of which nothing has begun: those that are still to come are nobody's knowledge."""
        for number in (number for job in jobs for number in self.table.jobs[job]):
            assert self.state[number] == AHEAD
            self.state[number] = DONE
            self.start_s[number] = self.end_s[number] = 0.0
            self.left -= 1

    def unstick(self) -> None:
        """Nothing runs and nothing may start: let a batch go without those of its members that cannot come.

        Raises:
            Refused: no batch waits for anybody.
        """
        states = self.state
        for load in sorted(self.loads, key=lambda load: self.rank[load.members[0]]):
            if load.fired:
                continue
            enters = [(member, self.table.enter_of[member]) for member in load.members]
            here = [member for member, enter in enters if states[enter] > KEPT or (load.machine < 0 and states[enter] == READY)]
            here = here or [member for member, _ in enters][:-1]
            if len(here) < len(load.members) and here:
                self._split(load, here)
                return
        stuck = ", ".join(self.table.names[number] for number, state in enumerate(states) if state == READY)
        raise Refused(f"nothing can go on: {stuck or 'all operations'} wait for each other", "Free a place in between")

    def _split(self, load: Load, here: list[int]) -> None:
        """Cut a batch in two: those that are here, and those that come later."""
        self.loads.remove(load)
        self.vain.clear()
        first = copy(load)
        first.members = tuple(here)
        first.leaving = len(here)
        first.unready = sum(self.state[member] == AHEAD for member in here)
        first.entering = sum(self.state[self.table.enter_of[member]] == AHEAD for member in here)
        self.loads.append(first)
        for member in here:
            self.load[member] = first
        self._form([member for member in load.members if member not in here])
        for operation, state in enumerate(self.state):
            if state == READY:
                self._offer(operation)
