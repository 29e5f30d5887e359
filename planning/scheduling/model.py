"""What there is to schedule, and what a schedule is. Pure values: nothing here knows a device, a clock or a policy.

A job is a sample's way over the bench, a list of operations. An operation keeps resources busy while it lasts (`uses`),
and may take a place that its job holds until another operation frees it. Some operations are joint: a furnace takes
several crucibles whose programme is the same (`Firing`); machines of a kind are alternatives.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from typing import Literal

from planning.scheduling.soundness import require_sound

DAY_S = 86_400.0

Objective = Literal["makespan", "mean completion"]


@dataclass(frozen=True)
class Calendar:
    """When a resource is there: the same windows (start, end) in every period."""

    windows_s: tuple[tuple[float, float], ...]
    period_s: float = DAY_S

    def fit_s(self, earliest_s: float, duration_s: float) -> float:
        """The first time from `earliest_s` on at which something that lasts `duration_s` fits into one window.

        >>> Calendar(((8 * 3600.0, 16 * 3600.0),)).fit_s(15.5 * 3600, 3600.0) / 3600
        32.0
        """
        base_s = earliest_s // self.period_s * self.period_s
        for turn in (0, 1):
            for start_s, end_s in self.windows_s:
                begin_s = max(earliest_s, base_s + turn * self.period_s + start_s)
                if begin_s + duration_s <= base_s + turn * self.period_s + end_s:
                    return begin_s
        return inf


@dataclass(frozen=True)
class Resource:
    """What operations share: an arm, a person, the places of a rack."""

    name: str
    capacity: int = 1
    calendar: Calendar | None = None


@dataclass(frozen=True)
class Machines:
    """Machines that are alternatives; each works on one batch of at most `places` at a time."""

    kind: str
    count: int
    places: int


@dataclass(frozen=True)
class Lag:
    """The operation begins after another of its job has ended: at least `min_s`, at most `max_s` later."""

    after: str
    min_s: float = 0.0
    max_s: float = inf


@dataclass(frozen=True)
class Firing:
    """This operation is done in a machine of some kind, together with others of the same programme.

    The machine is the batch's from the start of the first `load` to the end of the last `unload`; where these are not
    named, from the start to the end of the operation itself.
    """

    kind: str
    programme: str
    load: str = ""
    unload: str = ""


@dataclass(frozen=True)
class Operation:
    """One step of a job. Its name is unique in the problem; `duration_s` is expected, `spread_fraction` its scatter."""

    name: str
    duration_s: float
    uses: tuple[str, ...] = ()
    after: tuple[Lag, ...] = ()
    takes: tuple[str, ...] = ()
    frees: tuple[str, ...] = ()
    firing: Firing | None = None
    spread_fraction: float = 0.0


@dataclass(frozen=True)
class Job:
    """A sample: its operations in an order in which they could be done, and when it joins the bench."""

    name: str
    operations: tuple[Operation, ...]
    release_s: float = 0.0


@dataclass(frozen=True)
class Problem:
    """Everything that a schedule must respect.

    Raises:
        Refused: something is named that is not there, or no schedule could ever be sound.
    """

    resources: tuple[Resource, ...]
    machines: tuple[Machines, ...]
    jobs: tuple[Job, ...]
    patience_s: float = field(default=inf)
    """Bounded ageing: who has been on the bench for longer goes before all who came later."""

    def __post_init__(self) -> None:
        require_sound(self)

    @cached_property
    def operations(self) -> Mapping[str, Operation]:
        """All operations by name."""
        return {operation.name: operation for job in self.jobs for operation in job.operations}

    @cached_property
    def job_of(self) -> Mapping[str, Job]:
        """Whose an operation is."""
        return {operation.name: job for job in self.jobs for operation in job.operations}

    @cached_property
    def resource(self) -> Mapping[str, Resource]:
        """All resources by name."""
        return {resource.name: resource for resource in self.resources}

    @cached_property
    def kind(self) -> Mapping[str, Machines]:
        """All machines by kind."""
        return {machines.kind: machines for machines in self.machines}


@dataclass(frozen=True)
class Placed:
    """An operation with its time and, for a firing, the batch in which it is done."""

    operation: str
    start_s: float
    end_s: float
    batch: int = -1


@dataclass(frozen=True)
class Schedule:
    """When everything happens; or, after a simulation, happened."""

    placed: tuple[Placed, ...]

    @cached_property
    def at(self) -> Mapping[str, Placed]:
        """Operations by name."""
        return {placed.operation: placed for placed in self.placed}

    @property
    def makespan_s(self) -> float:
        """When the last operation ends."""
        return max((placed.end_s for placed in self.placed), default=0.0)

    def completion_s(self, problem: Problem) -> Mapping[str, float]:
        """When each job is complete."""
        return {job.name: max(self.at[op.name].end_s for op in job.operations) for job in problem.jobs}

    def cost_s(self, problem: Problem, objective: Objective) -> float:
        """What is to be small: the makespan, or the mean time that samples spend here."""
        if objective == "makespan":
            return self.makespan_s
        done_s = self.completion_s(problem)
        return sum(done_s[job.name] - job.release_s for job in problem.jobs) / max(1, len(problem.jobs))


@dataclass(frozen=True)
class Batch:
    """Operations that share a machine, by name, in the order in which they are loaded."""

    members: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """A schedule without clock times: who shares a machine with whom, and who goes first where several could.

    `rank` orders operations, the smallest first; an empty one serves them as they come. With `reserves`, nothing starts that could not end its chain of longest
    lags in time, and what the chain will need is kept for it.
    """

    batches: tuple[Batch, ...]
    rank: Mapping[str, float]
    reserves: bool = True
    margin_fraction: float = 0.0
    """Part of each longest lag that is not planned with, so that it is there when something takes longer."""
