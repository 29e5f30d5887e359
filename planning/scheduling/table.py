"""A problem as lists of numbers, so that a simulation of thousands of operations takes a fraction of a second."""

from functools import cache
from math import inf

from planning.scheduling.model import Problem


class Table:
    """Operations, resources and kinds of machine by index; what never changes while plans are tried.

    Operation `i` needs `uses[i]` while it lasts, begins to hold `takes[i]`, frees `frees[i]`; `before[i]` and `after[i]`
    list (operation, shortest lag, longest lag). `enters[i]` is the firing whose machine `i` loads, `leaves[i]` the one
    it unloads, -1 where none. Operations with the same `need` wait for the same things.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        operations = list(problem.operations.values())
        self.names = [operation.name for operation in operations]
        self.index = {name: number for number, name in enumerate(self.names)}
        resources = {resource.name: number for number, resource in enumerate(problem.resources)}
        kinds = {machines.kind: number for number, machines in enumerate(problem.machines)}
        self.capacity = [resource.capacity for resource in problem.resources]
        self.calendar = [resource.calendar for resource in problem.resources]
        self.count = [machines.count for machines in problem.machines]
        self.places = [machines.places for machines in problem.machines]
        self.jobs = [[self.index[operation.name] for operation in job.operations] for job in problem.jobs]
        self.job = [number for number, members in enumerate(self.jobs) for _ in members]
        self.release_s = [job.release_s for job in problem.jobs]
        self.duration_s = [operation.duration_s for operation in operations]
        self.spread = [operation.spread_fraction for operation in operations]
        self.uses = [tuple(resources[name] for name in operation.uses) for operation in operations]
        self.takes = [tuple(resources[name] for name in operation.takes) for operation in operations]
        self.frees = [tuple(resources[name] for name in operation.frees) for operation in operations]
        self.before = [
            tuple((self.index[lag.after], lag.min_s, lag.max_s) for lag in operation.after) for operation in operations
        ]
        self.after: list[list[tuple[int, float, float]]] = [[] for _ in operations]
        for later, lags in enumerate(self.before):
            for earlier, min_s, max_s in lags:
                self.after[earlier].append((later, min_s, max_s))
        self.is_head = [any(max_s < inf for _, _, max_s in lags) for lags in self.after]
        self.kind = [kinds[operation.firing.kind] if operation.firing else -1 for operation in operations]
        self.programme = [operation.firing.programme if operation.firing else "" for operation in operations]
        self.enters, self.leaves = [-1] * len(operations), [-1] * len(operations)
        self.enter_of, self.leave_of = [-1] * len(operations), [-1] * len(operations)
        for number, operation in enumerate(operations):
            if operation.firing:
                self.enter_of[number] = self.index[operation.firing.load or operation.name]
                self.leave_of[number] = self.index[operation.firing.unload or operation.name]
                self.enters[self.enter_of[number]] = number
                self.leaves[self.leave_of[number]] = number
        needs = list(zip(self.uses, self.takes, self.enters, strict=True))
        alike: dict[tuple[tuple[int, ...], tuple[int, ...], int], int] = {}
        self.need = [
            alike.setdefault((uses, takes, self.kind[firing] if firing >= 0 else -1), len(alike))
            for uses, takes, firing in needs
        ]
        self.needs = len(alike)
        self.freer = self._freers()
        self.gathering_capacity = self._gathering_capacities()
        self.closure = cache(self._closure)
        self.tail_s = self._tails_s()

    def _freers(self) -> list[dict[int, int]]:
        """For each operation and each place that it takes, which operation frees it."""
        freer: list[dict[int, int]] = [{} for _ in self.names]
        for members in self.jobs:
            taker: dict[int, int] = {}
            for operation in members:
                taker |= dict.fromkeys(self.takes[operation], operation)
                for place in self.frees[operation]:
                    freer[taker[place]][place] = operation
        return freer

    def _gathering_capacities(self) -> list[float]:
        """For each firing how many samples could wait for its machine at once, each where it then stands."""
        capacities = [inf] * len(self.names)
        for firing, kind in enumerate(self.kind):
            if kind < 0 or (self.enter_of[firing] == firing and not self.before[firing]):
                continue
            earlier = self.ancestors(self.enter_of[firing])
            held = [
                self.capacity[place]
                for taker in earlier
                for place, freer in self.freer[taker].items()
                if freer not in earlier
            ]
            capacities[firing] = min(held, default=inf)
        return capacities

    def ancestors(self, operation: int) -> set[int]:
        """All operations that must end before this one may start."""
        found: set[int] = set()
        open_ = [operation]
        while open_:
            for earlier, _, _ in self.before[open_.pop()]:
                if earlier not in found:
                    found.add(earlier)
                    open_.append(earlier)
        return found

    def _closure(self, operation: int) -> tuple[int, ...]:
        """What has to be planned together with an operation, in order.

        That is all that comes before it, what must follow any of it within some time, and what frees the scarce places
        that these take.
        """
        found: set[int] = set()
        open_ = [operation]
        while open_:
            here = open_.pop()
            if here in found:
                continue
            found.add(here)
            open_ += [earlier for earlier, _, _ in self.before[here]]
            open_ += [later for later, _, max_s in self.after[here] if max_s < inf]
            scarce = max(self.places, default=1)
            open_ += [freer for place, freer in self.freer[here].items() if self.capacity[place] < scarce]
        return tuple(sorted(found))

    def _tails_s(self) -> list[float]:
        """The least time from each operation's start to the end of its job."""
        tails_s = [0.0] * len(self.names)
        for operation in reversed(range(len(self.names))):
            after_s = max((min_s + tails_s[later] for later, min_s, _ in self.after[operation]), default=0.0)
            tails_s[operation] = self.duration_s[operation] + after_s
        return tails_s
