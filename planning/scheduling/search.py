"""Local search: change a draft a little, simulate, keep what is no worse than what was there a while ago."""

from collections.abc import Callable
from dataclasses import replace
from math import inf

import numpy as np

from planning.scheduling.batching import Batching, Draft
from planning.scheduling.model import Objective
from planning.scheduling.policies import Trial, evaluate
from planning.scheduling.table import Table
from robot.clock import wall_s

MEMORY = 24
"""How many steps ago counts as "a while" (late acceptance, Burke and Bykov 2017)."""

MOST_OPERATIONS = 800_000
MOST_STEPS = 3000
LARGE = 2500
"""Problems of more operations are searched for a moment only, so that a plan is there within two seconds."""

Move = Callable[["LocalSearch", Draft], Draft | None]


def steps_for(table: Table) -> int:
    """How many steps are worth while: some seconds for most problems, a moment for large ones."""
    operations = max(1, len(table.names))
    return min(MOST_STEPS, (MOST_OPERATIONS if operations <= LARGE else MOST_OPERATIONS // 50) // operations)


def local_search(
    table: Table,
    start: Trial,
    rng: np.random.Generator,
    iterations: int,
    objective: Objective = "makespan",
    seconds: float = inf,
    margin_fraction: float = 0.0,
) -> Trial:
    """Improve on a draft in so many steps, or fewer if the time is up; the same for the same seed, if it is not."""
    search = LocalSearch(table, rng, objective, margin_fraction)
    deadline_s = wall_s() + seconds
    best = current = start
    guide = search.guide_s(start)
    best_guide = guide
    memory = [guide] * MEMORY
    for step in range(iterations):
        if wall_s() > deadline_s:
            break
        trial = search.step(current[1])
        if trial is None:
            continue
        trial_guide = search.guide_s(trial)
        if trial_guide <= guide or trial_guide <= memory[step % MEMORY]:
            current, guide = trial, trial_guide
        memory[step % MEMORY] = guide
        if trial_guide < best_guide:
            best, best_guide = trial, trial_guide
    return best


class LocalSearch:
    """Small changes to drafts of one problem."""

    def __init__(
        self, table: Table, rng: np.random.Generator, objective: Objective, margin_fraction: float = 0.0
    ) -> None:
        self.table = table
        self.rng = rng
        self.objective: Objective = objective
        self.batching = Batching(table, margin_fraction)

    def guide_s(self, trial: Trial) -> float:
        """What is made small: the cost, and a little of the other objective, so that the search sees a slope."""
        other: Objective = "mean completion" if self.objective == "makespan" else "makespan"
        return trial[0] + 0.02 * trial[2].cost_s(self.table.problem, other)

    def step(self, draft: Draft) -> Trial | None:
        """Make one change, and see what becomes of it; None if it cannot be made."""
        changed = self.change(draft)
        return None if changed is None else evaluate(self.batching, changed, self.objective)

    def change(self, draft: Draft) -> Draft | None:
        """Make one change; None if it cannot be made."""
        changed = MOVES[self.some(len(MOVES))](self, draft)
        return None if changed == draft else changed

    def some(self, count: int) -> int:
        """Any number below this."""
        return int(self.rng.integers(count))

    def partners(self, draft: Draft, group: int) -> list[int]:
        """Other groups with the same programme."""
        key = self.batching.key
        mine = key[draft.groups[group][0]]
        return [other for other, members in enumerate(draft.groups) if other != group and key[members[0]] == mine]


def _later(search: LocalSearch, draft: Draft) -> Draft | None:
    """Let a group have another turn."""
    groups = list(draft.groups)
    group = groups.pop(search.some(len(groups)))
    groups.insert(search.some(len(groups) + 1), group)
    return replace(draft, groups=tuple(groups))


def _exchange_turns(search: LocalSearch, draft: Draft) -> Draft | None:
    """Let two groups change places."""
    groups = list(draft.groups)
    one, other = search.some(len(groups)), search.some(len(groups))
    groups[one], groups[other] = groups[other], groups[one]
    return replace(draft, groups=tuple(groups))


def _exchange_members(search: LocalSearch, draft: Draft) -> Draft | None:
    """Let two samples of one programme change places."""
    one = search.some(len(draft.groups))
    partners = search.partners(draft, one)
    if not partners:
        return None
    other = partners[search.some(len(partners))]
    groups = [list(group) for group in draft.groups]
    here, there = search.some(len(groups[one])), search.some(len(groups[other]))
    groups[one][here], groups[other][there] = groups[other][there], groups[one][here]
    return replace(draft, groups=_frozen(groups))


def _pass_on(search: LocalSearch, draft: Draft) -> Draft | None:
    """Let a sample join another group with room."""
    one = search.some(len(draft.groups))
    most = search.batching.most[search.batching.key[draft.groups[one][0]]]
    roomy = [other for other in search.partners(draft, one) if len(draft.groups[other]) < most]
    if not roomy:
        return None
    groups = [list(group) for group in draft.groups]
    member = groups[one].pop(search.some(len(groups[one])))
    groups[roomy[search.some(len(roomy))]].append(member)
    return replace(draft, groups=_frozen(groups))


def _split(search: LocalSearch, draft: Draft) -> Draft | None:
    """Do not wait for the fuller batch: cut a group in two."""
    one = search.some(len(draft.groups))
    group = draft.groups[one]
    if len(group) < 2:
        return None
    cut = 1 + search.some(len(group) - 1)
    groups = [*draft.groups[:one], group[:cut], *draft.groups[one + 1 :]]
    groups.insert(search.some(len(groups) + 1), group[cut:])
    return replace(draft, groups=tuple(groups))


def _merge(search: LocalSearch, draft: Draft) -> Draft | None:
    """Wait for the fuller batch: let two groups become one."""
    one = search.some(len(draft.groups))
    group = draft.groups[one]
    most = search.batching.most[search.batching.key[group[0]]]
    fitting = [other for other in search.partners(draft, one) if len(draft.groups[other]) + len(group) <= most]
    if not fitting:
        return None
    other = fitting[search.some(len(fitting))]
    groups = [list(members) for members in draft.groups]
    groups[other] += groups[one]
    groups[one] = []
    return replace(draft, groups=_frozen(groups))


def _reorder(search: LocalSearch, draft: Draft) -> Draft | None:
    """Let the samples of a group come in another order."""
    one = search.some(len(draft.groups))
    members = list(draft.groups[one])
    member = members.pop(search.some(len(members)))
    members.insert(search.some(len(members) + 1), member)
    return replace(draft, groups=(*draft.groups[:one], tuple(members), *draft.groups[one + 1 :]))


def _elsewhere(search: LocalSearch, draft: Draft) -> Draft | None:
    """Share the other machines among more, or fewer."""
    return replace(draft, elsewhere=1 + search.some(search.batching.most_elsewhere))


def _habits(search: LocalSearch, draft: Draft) -> Draft | None:
    """Serve the doors first, or not; finish what is furthest, or what has its turn."""
    if search.some(2):
        return replace(draft, doors_first=not draft.doors_first)
    return replace(draft, by_tail=not draft.by_tail)


def _frozen(groups: list[list[int]]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(group) for group in groups if group)


MOVES: tuple[Move, ...] = (
    _later, _later, _exchange_turns, _exchange_turns, _exchange_members, _exchange_members, _pass_on, _split, _merge,
    _reorder, _reorder, _elsewhere, _habits,
)  # fmt: skip
