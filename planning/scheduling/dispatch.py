"""What may start now? The one place that decides: for plans on trial, for noisy rehearsals and for a bench at work.

An operation starts as soon as it may, the one of smallest rank first. A batch waits for its machine and its members as
its plan says. With reservations, an operation that must be followed within some time starts only once a timetable for
the whole chain has been found (`reservation`); what that timetable needs is then kept free.
"""

from copy import copy
from heapq import heappop, heappush

from planning.errors import Refused
from planning.scheduling.gathering import first_of_stuck
from planning.scheduling.model import Plan
from planning.scheduling.reservation import renew, reserve
from planning.scheduling.state import AHEAD, DONE, KEPT, NEVER, NOTHING, OVERDUE, READY, RUNNING, Load, State
from planning.scheduling.table import Table


class Dispatch(State):
    """Decides what starts; tell it what has ended.

    Call `start_all` after every event, carry out what it returns, and call `finish` as each of these ends. Between
    events nothing happens before `next_wake_s`.
    """

    def __init__(self, table: Table, plan: Plan) -> None:
        super().__init__(table)
        self.follow(plan)
        for operation, pending in enumerate(self.pending):
            if not pending:
                self.wake_at(operation, self.ready_s[operation])

    def follow(self, plan: Plan) -> None:
        """Take up a plan, also in the middle of a run: batches that have a machine stay as they are."""
        index = self.table.index
        self.reserves = plan.reserves
        self.usable_fraction = 1.0 - plan.margin_fraction
        self.take_turns(plan.rank)
        self.loads = [load for load in self.loads if load.is_settled]
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

    def start_all(self, now_s: float) -> list[int]:
        """Start all that may start now, and say what that is; each member of a batch is named."""
        started: list[int] = []
        self.give_back(now_s)
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
            if not self.is_free_for_kept(operation, now_s):
                self.disturbed = True
                continue
            self._start_joint(operation, now_s, started)

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
            self.freed.update(self.table.frees[operation])  # who wants its place may see that nobody will leave
        else:
            self._offer(operation)

    def _blocker(self, operation: int, now_s: float) -> int:
        """What an operation waits for: nothing, something that will call, or else this resource or kind of machine."""
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
                if load := first_of_stuck(self, place):
                    self._split(load, [each for each in load.members if self.state[table.enter_of[each]] == READY])
                return place
        end_s = now_s + self.table.duration_s[operation]
        for resource in table.uses[operation]:
            busy = len(self.running[resource])
            if self.reserved[resource]:
                busy += self.reserved_until(resource, end_s)
            if busy >= table.capacity[resource]:
                return resource
            if self.closed_s and self.closed_s.get(resource, now_s) > now_s:
                self.wake_at(operation, self.closed_s[resource])
                return NEVER
            calendar = table.calendar[resource]
            if calendar and (open_s := calendar.fit_s(now_s, end_s - now_s)) > now_s:
                self.wake_at(operation, open_s)
                return NEVER
        if self.reserves and table.is_head[operation] and operation not in self.loose:
            return reserve(self, operation, now_s)
        return NOTHING

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
                self.forget(member)
            self.state[member] = RUNNING
            self.active += 1
            self.start_s[member], self.end_s[member] = now_s, end_s
            for place in self.table.takes[member]:
                self.holders[place][member] = self.table.freer[member][place]
            started.append(member)
        self.renewals = 0

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
        self.renewals = 0
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
                self.wake_at(later, self.ready_s[later])

    def _leave(self, firing: int) -> None:
        load, kind = self.load[firing], self.table.kind[firing]
        assert load is not None
        load.leaving -= 1
        if not load.leaving:
            self.machines[kind].append(load.machine)
            self.freed.add(len(self.table.capacity) + kind)

    def unstick(self) -> None:
        """Nothing runs and nothing may start: let a batch go without those of its members that cannot come.

        Raises:
            Refused: no batch waits for anybody.
        """
        states = self.state
        for load in sorted(self.loads, key=lambda load: self.rank[load.members[0]]):
            if load.fired:
                continue
            enough = READY if load.machine < 0 else RUNNING
            here = [member for member in load.members if states[self.table.enter_of[member]] in (enough, RUNNING, DONE)]
            here = here or list(load.members[:-1])
            if here and len(here) < len(load.members):
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
