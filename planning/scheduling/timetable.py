"""Times for a chain of operations, placed one after the other beside all that is settled."""

from bisect import insort
from math import inf

from planning.scheduling.state import KEPT, NEVER, RUNNING, Load, State
from planning.scheduling.table import Table


class Blocked(Exception):
    """A timetable cannot be made before some resource, place or kind of machine is given back."""

    def __init__(self, token: int) -> None:
        super().__init__(token)
        self.token = token


class Timetable:
    """Times for operations that are still to come, one placed after the other beside all that is settled."""

    def __init__(self, dispatch: State, now_s: float, not_before_s: dict[int, float]) -> None:
        self.dispatch = dispatch
        self.table: Table = dispatch.table
        self.now_s = now_s
        self.not_before_s = not_before_s
        self.start_s: dict[int, float] = {}
        self.end_s: dict[int, float] = {}
        self.promised: dict[Load, int] = {}
        """Batches to which a machine is promised here, each with a firing of the batch that leaves it, or -1."""
        self._machine_s: dict[int, float] = {}
        self._busy: dict[int, list[tuple[float, float]]] = {}
        self._places: dict[int, dict[int, float]] = {}

    def chain(self, head: int) -> list[int]:
        """All that has to be planned with an operation: of its own sample first, then of those in its batch."""
        dispatch, table = self.dispatch, self.table
        found: dict[int, None] = {}
        open_ = [head]
        while open_:
            part = [operation for operation in table.closure(open_.pop(0)) if dispatch.state[operation] < KEPT]
            for operation in part:
                if operation not in found:
                    found[operation] = None
                    load = dispatch.load[operation]
                    if load:
                        others = [member for member in load.members if member not in found]
                        open_ += sorted(
                            others,
                            key=lambda member: sum(dispatch.state[each] < RUNNING for each in table.closure(member)),
                        )
        return list(found)

    def add(self, operations: list[int], leading: int = -1) -> None:
        """Place operations, each as early as it can be, in this order as far as what comes before what allows.

        Raises:
            Blocked: something that they need is held with no end in sight.
        """
        waiting = operations
        if leading >= 0:  # as it starts now or not at all
            waiting = [leading, *(operation for operation in operations if operation != leading)]
        wanted = set(waiting)
        while waiting:
            left = []
            for operation in waiting:
                if operation in self.start_s:
                    continue
                if self._may_follow(operation, wanted):
                    self._place(operation)
                else:
                    left.append(operation)
            if len(left) == len(waiting):  # for what belongs to a chain that is still to be planned
                raise Blocked(NEVER)
            waiting = left

    def late(self) -> dict[int, float]:
        """Which operations end too early for what must follow them, and when they should start at the earliest."""
        late: dict[int, float] = {}
        for operation, start_s in self.start_s.items():
            for earlier, _, max_s in self.table.before[operation]:
                allowed_s = max_s * self.dispatch.usable_fraction
                short_s = start_s - allowed_s - self._end_s(earlier) if max_s < inf else 0.0
                if short_s > 1e-6 and earlier in self.start_s:  # what runs already cannot be put off
                    late[earlier] = max(late.get(earlier, 0.0), self.start_s[earlier] + short_s)
        return late

    def _members(self, operation: int) -> tuple[int, ...]:
        load = self.dispatch.load[operation]
        return load.members if load else (operation,)

    def _may_follow(self, operation: int, wanted: set[int]) -> bool:
        settled, planned, before = self.dispatch.state, self.start_s, self.table.before
        for member in self._members(operation):
            for earlier, _, _ in before[member]:
                if settled[earlier] < KEPT and earlier not in planned:
                    return False
        return True

    def _end_s(self, operation: int) -> float:
        if operation in self.end_s:
            return self.end_s[operation]
        end_s = self.dispatch.end_s[operation]
        if self.dispatch.state[operation] == RUNNING and end_s <= self.now_s:
            return self.now_s + max(1.0, self.now_s - end_s)  # overdue: it may take as much more
        return end_s

    def _place(self, operation: int) -> None:
        """Give an operation, or a whole batch, the earliest time at which it fits."""
        table, members = self.table, self._members(operation)
        earliest_s = self.now_s
        for member in members:
            for bound_s in (
                table.release_s[table.job[member]],
                self.not_before_s.get(member, 0.0),
                *[self._end_s(earlier) + min_s for earlier, min_s, _ in table.before[member]],
                *[self._place_free_s(place) for place in table.takes[member]],
            ):
                if bound_s > earliest_s:
                    earliest_s = bound_s
        firing = table.enters[operation]
        if firing >= 0:
            earliest_s = max(earliest_s, self._machine_free_s(firing))
        duration_s = table.duration_s[operation]
        start_s = self._fit_s(table.uses[operation], earliest_s, duration_s)
        for resource in table.uses[operation]:
            insort(self._busy[resource], (start_s, start_s + duration_s))
        for member in members:
            self.start_s[member], self.end_s[member] = start_s, start_s + duration_s
            for place in table.takes[member]:
                self._holders(place)[member] = inf
            for place in table.frees[member]:
                holders = self._holders(place)
                for taker in holders:
                    if table.freer[taker][place] == member:
                        holders[taker] = start_s + duration_s

    def _holders(self, place: int) -> dict[int, float]:
        """Until when each of those who hold a place will do so."""
        if place not in self._places:
            settled = self.dispatch.state
            self._places[place] = {
                taker: self._end_s(freer) if settled[freer] >= KEPT else inf
                for taker, freer in self.dispatch.holders[place].items()
            }
        return self._places[place]

    def _place_free_s(self, place: int) -> float:
        ends_s = sorted(self._holders(place).values())
        capacity = self.table.capacity[place]
        if len(ends_s) < capacity:
            return self.now_s
        if ends_s[-capacity] == inf:
            raise Blocked(place)
        return ends_s[-capacity]

    def _machine_free_s(self, firing: int) -> float:
        """When a machine is there for a batch: it has one, one is free, or one will be after what is in it has left."""
        dispatch, kind = self.dispatch, self.table.kind[firing]
        load = dispatch.load[firing]
        assert load is not None
        if load.machine >= 0:
            return self.now_s
        if id(load) not in self._machine_s:
            self._machine_s[id(load)] = self._promised_s(load, kind)
        return self._machine_s[id(load)]

    def _promised_s(self, load: Load, kind: int) -> float:
        """When the machine is empty that a batch was promised, or is promised now."""
        dispatch = self.dispatch
        if load.promised:
            occupant = dispatch.load[load.behind] if load.behind >= 0 else None
            return self._unloaded_s(occupant) if occupant and occupant.leaving else self.now_s
        if len(dispatch.machines[kind]) > dispatch.promises[kind] + len(self.promised):
            self.promised[load] = -1
            return self.now_s
        occupant = self._first_to_leave(kind)
        self.promised[load] = occupant.members[0]
        return self._unloaded_s(occupant)

    def _first_to_leave(self, kind: int) -> Load:
        """Of the batches in machines, the one that ends first and is not followed by another yet."""
        dispatch, table = self.dispatch, self.table
        followed = {dispatch.load[firing] for firing in self.promised.values() if firing >= 0}
        occupants = [
            load
            for load in dispatch.loads
            if table.kind[load.members[0]] == kind and load.machine >= 0 and load.leaving
            and not load.follower and load not in followed and dispatch.state[load.members[0]] >= KEPT
        ]  # fmt: skip
        if not occupants:
            raise Blocked(len(table.capacity) + kind)
        return min(occupants, key=lambda load: self._end_s(load.members[0]))

    def _unloaded_s(self, occupant: Load) -> float:
        """Plan the unloading of a batch; when the last of it is out."""
        dispatch, table = self.dispatch, self.table
        leaves = [table.leave_of[member] for member in occupant.members]
        unloading = [
            operation for leave in leaves for operation in table.closure(leave) if dispatch.state[operation] < KEPT
        ]
        self.add(unloading)
        return max(self._end_s(leave) for leave in leaves)

    def _fit_s(self, resources: tuple[int, ...], earliest_s: float, duration_s: float) -> float:
        """The first time at which all resources are free for so long."""
        start_s = earliest_s
        moved = True
        while moved:
            moved = False
            for resource in resources:
                fit_s = self._gap_s(resource, start_s, duration_s)
                if fit_s > start_s:
                    start_s, moved = fit_s, True
        return start_s

    def _gap_s(self, resource: int, start_s: float, duration_s: float) -> float:
        """The first time from here on at which one resource is free for so long."""
        busy = self._intervals(resource)
        capacity, calendar = self.table.capacity[resource], self.table.calendar[resource]
        start_s = max(start_s, self.dispatch.closed_s.get(resource, start_s))
        if not (busy or calendar):
            return start_s
        while True:
            if calendar:
                start_s = calendar.fit_s(start_s, duration_s)
            overlapping = [end_s for begin_s, end_s in busy if begin_s < start_s + duration_s and end_s > start_s]
            if len(overlapping) < capacity:
                return start_s
            start_s = min(overlapping)

    def _intervals(self, resource: int) -> list[tuple[float, float]]:
        if resource not in self._busy:
            dispatch = self.dispatch
            busy = [(self.now_s, self._end_s(operation)) for operation in dispatch.running[resource]]
            busy += [
                (dispatch.start_s[operation], dispatch.end_s[operation]) for operation in dispatch.reserved[resource]
            ]
            self._busy[resource] = sorted(busy)
        return self._busy[resource]
