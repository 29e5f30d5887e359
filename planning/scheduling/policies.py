"""Ways to make a plan: as AlabOS serves requests, and our list scheduler."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from planning.errors import Refused
from planning.scheduling.batching import Batching, Draft, chunks
from planning.scheduling.model import Objective, Plan, Schedule
from planning.scheduling.simulation import simulate
from planning.scheduling.table import Table

Trial = tuple[float, Draft, Schedule]
"""What a draft costs, the draft, and what becomes of it."""

MOST_OPERATIONS = 40_000
FEWEST_DRAFTS = 6
"""How much is simulated at most to choose a rule, lest large problems take long; so many rules are always tried."""


def fifo(table: Table, submissions: Sequence[Sequence[int]], by_length: bool = False) -> Plan:
    """Serve requests as they come, with batches cut when the samples were submitted, as AlabOS does.

    `submissions` lists the jobs that were handed in together: only these share a machine. With `by_length`, the sample
    with the longest way before it goes first, which is what AlabOS's priorities can be used for. Nothing is reserved,
    so longest lags are kept by luck alone.
    """
    batching = Batching(table)
    groups = []
    for submitted in submissions:
        for alike in batching.by_key(submitted).values():
            groups += chunks(alike, max(1, table.places[batching.decisive]) if batching.key[alike[0]] else 1)
    plan = batching.plan(Draft(tuple(groups), batching.most_elsewhere), reserves=False)
    rank = {
        name: -max(table.tail_s[number] for number in table.jobs[table.job[index]])
        for index, name in enumerate(table.names)
    }
    return Plan(plan.batches, rank if by_length else {}, reserves=False)


def list_schedule(table: Table, objective: Objective = "makespan", margin_fraction: float = 0.0) -> Trial:
    """Try a handful of simple rules by simulation and keep the best.

    The rules: longest programme first or in turn; full batches, even ones or smaller ones that go at once; with the
    machines' doors served first or not. So "wait for a fuller batch, or go now?" is answered by looking ahead.

    Raises:
        Refused: no rule comes to an end.
    """
    best: Trial | None = None
    batching = Batching(table, margin_fraction)
    most = max(FEWEST_DRAFTS, MOST_OPERATIONS // max(1, len(table.names)))
    for draft in islice(drafts(batching), most):
        trial = evaluate(batching, draft, objective)
        if trial and (best is None or trial[0] < best[0]):
            best = trial
    if best is None:
        raise Refused("no order of the samples comes to an end", "Free a place in between, or make fewer at a time")
    return best


def evaluate(batching: Batching, draft: Draft, objective: Objective) -> Trial | None:
    """Simulate a draft; None if it gets stuck."""
    try:
        schedule = simulate(batching.table, batching.plan(draft))
    except Refused:
        return None
    return schedule.cost_s(batching.table.problem, objective), draft, schedule


def drafts(batching: Batching, among: Iterable[int] | None = None) -> Iterator[Draft]:
    """The rules, each written out as a draft of all samples, or of some."""
    table = batching.table
    jobs = sorted(range(len(table.jobs)) if among is None else among, key=lambda job: (table.release_s[job], job))
    seen = set()
    for parts in (1, 2, 4):
        for even in (False, True):
            groups = []
            for key, alike in batching.by_key(jobs).items():
                groups += chunks(alike, max(1, -(-batching.most[key] // parts)), even)
            longest = sorted(groups, key=lambda group: -_tail_s(batching, group[0]))
            for order in (longest, in_turn(batching, longest)):
                for doors_first, by_tail in ((True, True), (True, False), (False, True)):
                    most = min(batching.most_elsewhere, max(map(len, order)))
                    draft = Draft(tuple(order), most, doors_first, by_tail)
                    if draft not in seen:
                        seen.add(draft)
                        yield draft


def _tail_s(batching: Batching, job: int) -> float:
    """How long it takes at least from a sample's first decisive firing to its end."""
    table = batching.table
    tails = [table.tail_s[number] for number in batching.firings[job] if table.kind[number] == batching.decisive]
    return max(tails, default=table.tail_s[table.jobs[job][0]])


def in_turn(batching: Batching, groups: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """One group of each programme after the other, so that long and short ones alternate."""
    seen: dict[tuple[str, ...], int] = {}
    keyed = []
    for position, group in enumerate(groups):
        key = batching.key[group[0]]
        seen[key] = seen.get(key, 0) + 1
        keyed.append((seen[key], position, group))
    return [group for _, _, group in sorted(keyed)]
