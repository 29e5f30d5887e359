"""Google's CP-SAT: improves on a schedule, or proves that nobody could do much better. Up to about a hundred samples.

Needs the extra `scheduling`. Two cuts tell the solver what it is slow to see: a programme of n samples needs at least
ceil(n / places) batches, and no schedule is shorter than the furnaces' area. Samples of one programme are alike to a
furnace, so batches of a programme are numbered in the order in which they start.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, inf

from ortools.sat.python import cp_model

from planning.scheduling.bounds import batch_areas, heads_s_of, lower_bound_s, margins_s
from planning.scheduling.model import Objective, Placed, Schedule
from planning.scheduling.table import Table


@dataclass(frozen=True)
class Proof:
    """What the solver found, and what it proved: no schedule costs less than `bound_s`."""

    schedule: Schedule
    cost_s: float
    bound_s: float
    is_best: bool


def improve(
    table: Table,
    hint: Schedule,
    seconds: float,
    objective: Objective = "makespan",
    workers: int = 1,
    deterministic: bool = False,
    seed: int = 0,
) -> Proof:
    """Look for a better schedule than the hint for some seconds; never return a worse one.

    With `deterministic` the seconds are those of the solver's own count, the same on every machine.
    """
    model = _Model(table, hint, objective)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.interleave_search = True  # neighbourhood search too, however few the cores
    solver.parameters.random_seed = seed
    if deterministic:
        solver.parameters.max_deterministic_time = seconds
    else:
        solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model.model)
    hinted_s = hint.cost_s(table.problem, objective)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Proof(hint, hinted_s, lower_bound_s(table) if objective == "makespan" else 0.0, is_best=False)
    found = model.schedule(solver)
    found_s = found.cost_s(table.problem, objective)
    bound_s = solver.best_objective_bound / model.cost_per_s
    best, best_s = (found, found_s) if found_s < hinted_s else (hint, hinted_s)
    return Proof(best, best_s, bound_s, status == cp_model.OPTIMAL)


class _Model:
    """The problem in the solver's words, in whole seconds: durations and shortest lags are rounded up."""

    def __init__(self, table: Table, hint: Schedule, objective: Objective) -> None:
        self.table = table
        self.hint = hint
        self.model = cp_model.CpModel()
        self.horizon = ceil(hint.makespan_s) + len(table.names) + 1
        self.start = [self._time(f"start {name}", hint.at[name].start_s) for name in table.names]
        self.duration = [ceil(duration_s) for duration_s in table.duration_s]
        self.end: list[cp_model.LinearExprT] = [
            start + lasts for start, lasts in zip(self.start, self.duration, strict=True)
        ]
        self.batch_of: list[dict[int, cp_model.IntVar]] = [{} for _ in table.names]
        self.slots = 0
        self.areas: list[tuple[int, list[cp_model.LinearExprT]]] = []
        self.joint: list[tuple[int, cp_model.IntervalVar]] = []
        """Resources that a batch uses as one, with the interval."""
        for kind in range(len(table.count)):
            self._add_machines(kind)
        self._add_lags()
        self._add_resources()
        self._add_places()
        self.cost_per_s = 1
        self._add_objective(objective)

    def _time(self, name: str, hint_s: float) -> cp_model.IntVar:
        variable = self.model.new_int_var(0, self.horizon, name)
        self.model.add_hint(variable, ceil(hint_s))
        return variable

    def _add_lags(self) -> None:
        table = self.table
        for number, lags in enumerate(table.before):
            self.model.add(self.start[number] >= ceil(table.release_s[table.job[number]]))
            for earlier, min_s, max_s in lags:
                self.model.add(self.start[number] >= self.end[earlier] + ceil(min_s))
                if max_s < inf:
                    self.model.add(self.start[number] <= self.end[earlier] + int(max_s))

    def _add_machines(self, kind: int) -> None:
        """Batches of each programme, more than enough of them; an interval from first load to last unload for each."""
        table = self.table
        alike: dict[str, list[int]] = defaultdict(list)
        for number, each in enumerate(table.kind):
            if each == kind:
                alike[table.programme[number]].append(number)
        intervals: list[cp_model.IntervalVar] = []
        area: list[cp_model.LinearExprT] = []
        areas = batch_areas(table, kind)
        for programme, members in alike.items():
            used = self._add_batches(kind, members, intervals)
            least, held_s = areas[programme]
            self.model.add(sum(used) >= least)
            area += [int(held_s) * each for each in used]
        if intervals:
            self.model.add_cumulative(intervals, [1] * len(intervals), table.count[kind])
            self.areas.append((kind, area))

    def _add_batches(
        self, kind: int, members: list[int], intervals: list[cp_model.IntervalVar]
    ) -> list[cp_model.IntVar]:
        table, model = self.table, self.model
        hinted = _hinted_batches(self.hint, [table.names[number] for number in members])
        places = table.places[kind]
        count = min(len(members), max(len(hinted), ceil(len(members) / places)) + 2)
        lasts = self.duration[members[0]]
        used, fires = [], []
        for slot in range(count):
            names = hinted[slot] if slot < len(hinted) else []
            times = [self.hint.at[name] for name in names]
            doors = [self._doors(name) for name in names]
            is_used = model.new_bool_var("")
            model.add_hint(is_used, bool(names))
            opens = self._time("", min((enter.start_s for enter, _ in doors), default=self.horizon - lasts))
            fire = self._time("", times[0].start_s if times else self.horizon - lasts)
            closes = self._time("", max((leave.end_s for _, leave in doors), default=self.horizon))
            held = self._time(
                "",
                max((leave.end_s for _, leave in doors), default=0.0)
                - min((enter.start_s for enter, _ in doors), default=0.0),
            )
            intervals.append(model.new_optional_interval_var(opens, held, closes, is_used, ""))
            shares = []
            for number in members:
                share = model.new_bool_var("")
                model.add_hint(share, table.names[number] in names)
                self.batch_of[number][self.slots] = share
                enter, leave = table.enter_of[number], table.leave_of[number]
                model.add(self.start[number] == fire).only_enforce_if(share)
                model.add(self.start[enter] >= opens).only_enforce_if(share)
                model.add(self.end[leave] <= closes).only_enforce_if(share)
                model.add_implication(share, is_used)
                shares.append(share)
            model.add(sum(shares) <= places)
            model.add(sum(shares) >= is_used)
            used.append(is_used)
            fires.append(fire)
            self.slots += 1
            for resource in table.uses[members[0]]:
                self.joint.append((resource, model.new_optional_fixed_size_interval_var(fire, lasts, is_used, "")))
        for number in members:
            model.add_exactly_one(self.batch_of[number].values())
        for first, second in zip(range(count), range(1, count), strict=False):  # alike batches in order
            model.add(fires[first] <= fires[second])
            model.add_implication(used[second], used[first])
        return used

    def _doors(self, name: str) -> tuple[Placed, Placed]:
        table, number = self.table, self.table.index[name]
        return self.hint.at[table.names[table.enter_of[number]]], self.hint.at[table.names[table.leave_of[number]]]

    def _add_resources(self) -> None:
        table = self.table
        users: list[list[int]] = [[] for _ in table.capacity]
        for number, uses in enumerate(table.uses):
            for resource in uses if table.kind[number] < 0 else ():
                users[resource].append(number)
        for resource, numbers in enumerate(users):
            intervals = [self.model.new_interval_var(self.start[n], self.duration[n], self.end[n], "") for n in numbers]
            intervals += [interval for joint, interval in self.joint if joint == resource]
            self._limit(intervals, table.capacity[resource], self._closed(resource))

    def _closed(self, resource: int) -> list[cp_model.IntervalVar]:
        """The times at which a resource is not there."""
        calendar = self.table.calendar[resource]
        if calendar is None:
            return []
        found, here_s = [], 0.0
        while here_s < self.horizon:
            opens_s = min(calendar.fit_s(here_s, 1.0), 2.0 * self.horizon)
            if opens_s > here_s:
                found.append(self.model.new_fixed_size_interval_var(ceil(here_s), ceil(opens_s) - ceil(here_s), ""))
            closes_s = [opens_s // calendar.period_s * calendar.period_s + end_s for _, end_s in calendar.windows_s]
            here_s = min(end_s for end_s in closes_s if end_s > opens_s) if opens_s < self.horizon else opens_s
        return found

    def _limit(
        self, intervals: list[cp_model.IntervalVar], capacity: int, closed: Sequence[cp_model.IntervalVar] = ()
    ) -> None:
        if capacity == 1:
            self.model.add_no_overlap([*intervals, *closed])
        elif len(intervals) > capacity or closed:
            self.model.add_cumulative([*intervals, *closed], [1] * len(intervals) + [capacity] * len(closed), capacity)

    def _add_places(self) -> None:
        table = self.table
        held: list[list[cp_model.IntervalVar]] = [[] for _ in table.capacity]
        for taker, freers in enumerate(table.freer):
            for place, freer in freers.items():
                since, until = self.hint.at[table.names[taker]], self.hint.at[table.names[freer]]
                size = self._time("", until.end_s - since.start_s)
                held[place].append(self.model.new_interval_var(self.start[taker], size, self.end[freer], ""))
        for place, intervals in enumerate(held):
            self._limit(intervals, table.capacity[place])

    def _add_objective(self, objective: Objective) -> None:
        table = self.table
        ends = []
        for number, after in enumerate(table.after):
            if not after:
                ends.append(self.end[number])
        if objective == "mean completion":
            self.cost_per_s = len(table.jobs)
            done = [self.model.new_int_var(0, self.horizon, "") for _ in table.jobs]
            for number, after in enumerate(table.after):
                if not after:
                    self.model.add(done[table.job[number]] >= self.end[number])
            self.model.minimize(sum(done) - sum(ceil(release_s) for release_s in table.release_s))
            return
        makespan = self.model.new_int_var(int(lower_bound_s(table)), self.horizon, "makespan")
        self.model.add_hint(makespan, ceil(self.hint.makespan_s))
        for end in ends:
            self.model.add(makespan >= end)
        heads_s = heads_s_of(table)
        for kind, area in self.areas:
            margin_s = int(sum(margins_s(table, kind, heads_s)))
            self.model.add(table.count[kind] * (makespan - margin_s) >= sum(area))
        self.model.minimize(makespan)

    def schedule(self, solver: cp_model.CpSolver) -> Schedule:
        """Read the solution."""
        placed = []
        for number, name in enumerate(self.table.names):
            start_s = float(solver.value(self.start[number]))
            batch = next((slot for slot, share in self.batch_of[number].items() if solver.value(share)), -1)
            placed.append(Placed(name, start_s, float(solver.value(self.end[number])), batch))
        return Schedule(tuple(placed))


def _hinted_batches(hint: Schedule, names: list[str]) -> list[list[str]]:
    alike: dict[int, list[str]] = defaultdict(list)
    for name in names:
        alike[hint.at[name].batch].append(name)
    return sorted(alike.values(), key=lambda members: hint.at[members[0]].start_s)
