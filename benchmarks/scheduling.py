"""How good are schedules, and how long do they take to make? Films and powders, against AlabOS's way and CP-SAT.

    python benchmarks/scheduling.py [--quick] [--cp-sat-seconds 300] [--cells film:24:4:1,powder:96:4:1] [--no-rolling]

First table: the makespan over the best known schedule of all methods, and over the best lower bound (longest chain,
busiest resource, furnaces' area, CP-SAT's own); longest lags broken; CPU seconds to plan. CP-SAT gets the schedule of the
local search as its hint, up to 96 samples. Second table: durations that scatter and things that break, our plan with
replanning over FIFO, paired: the same world meets both. "FIFO" is AlabOS's way: requests are served as they come,
batches are cut when samples are handed in; "whole" means that users hand in whole batches themselves, which is FIFO's
best case.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.table import Table as Grid
from scheduling_workloads import Workload, film, powder
from scipy import stats
from stopwatch import cpu_s

from planning.scheduling.batching import Batching
from planning.scheduling.bounds import lower_bound_s
from planning.scheduling.exact import improve
from planning.scheduling.model import Plan, Schedule
from planning.scheduling.policies import fifo, list_schedule
from planning.scheduling.replan import Replans
from planning.scheduling.rolling import draw_world, rehearse
from planning.scheduling.search import local_search, steps_for
from planning.scheduling.simulation import simulate
from planning.scheduling.table import Table
from planning.scheduling.validate import broken_lags, faults_of

MAKE: dict[str, Callable[..., Workload]] = {"film": film, "powder": powder}
MOST_FOR_CP_SAT = 100
MEAN_BETWEEN_S = {
    "film": {"arm": 4 * 3600.0, "furnace": 12 * 3600.0},
    "powder": {"furnace arm": 24 * 3600.0, "second arm": 24 * 3600.0, "doser": 36 * 3600.0, "box furnace": 96 * 3600.0},
}
REPAIR_S = {"film": 300.0, "powder": 1800.0}
MARGIN_FRACTION = {"film": 0.15, "powder": 0.0}


@dataclass(frozen=True)
class Result:
    """One method on one problem."""

    makespan_s: float
    broken: int
    seconds: float


def timed(problem_table: Table, make: Callable[[], Schedule], lags_may_break: bool = False) -> Result:
    """Make a schedule, judge it, and say how long it took."""
    begin_s = cpu_s()
    schedule = make()
    seconds = cpu_s() - begin_s
    faults = [
        fault
        for fault in faults_of(problem_table.problem, schedule)
        if fault.kind != "longest lag" or not lags_may_break
    ]
    assert not faults, faults[:3]
    return Result(schedule.makespan_s, broken_lags(problem_table.problem, schedule), seconds)


def measure(kind: str, count: int, furnaces: int, seed: int, cp_sat_s: float) -> tuple[dict[str, Result], float]:
    """All methods on one problem, and the best lower bound."""
    work = MAKE[kind](count, furnaces, seed)
    begin_s = cpu_s()
    table = Table(work.problem)
    preparing_s = cpu_s() - begin_s
    whole = MAKE[kind](count, furnaces, seed, whole_batches=True)
    whole_table = Table(whole.problem)
    results = {
        "FIFO": timed(table, lambda: simulate(table, fifo(table, work.submissions)), True),
        "FIFO whole": timed(whole_table, lambda: simulate(whole_table, fifo(whole_table, whole.submissions)), True),
        "priority FIFO": timed(table, lambda: simulate(table, fifo(table, work.submissions, by_length=True)), True),
    }
    begin_s = cpu_s()
    start = list_schedule(table)
    listing_s = cpu_s() - begin_s + preparing_s
    results["list"] = Result(start[0], broken_lags(work.problem, start[2]), listing_s)
    begin_s = cpu_s()
    found = local_search(table, start, np.random.default_rng(seed), steps_for(table))
    results["list + search"] = Result(found[0], broken_lags(work.problem, found[2]), listing_s + cpu_s() - begin_s)
    assert not faults_of(work.problem, found[2])
    bound_s = lower_bound_s(table)
    if count <= MOST_FOR_CP_SAT and cp_sat_s > 0:
        begin_s = cpu_s()
        proof = improve(table, found[2], cp_sat_s)
        assert not faults_of(work.problem, proof.schedule)
        results["CP-SAT"] = Result(proof.cost_s, broken_lags(work.problem, proof.schedule), cpu_s() - begin_s)
        bound_s = max(bound_s, proof.bound_s)
    return results, bound_s


METHODS = ("FIFO", "FIFO whole", "priority FIFO", "list", "list + search", "CP-SAT")


def show_cells(cells: list[tuple[str, int, int, int]], cp_sat_s: float, console: Console) -> None:
    """Measure cell by cell, and print the worst and the mean over seeds of each."""
    grouped: dict[tuple[str, int, int], list[int]] = {}
    for kind, count, furnaces, seed in cells:
        grouped.setdefault((kind, count, furnaces), []).append(seed)
    grid = Grid(
        "bench",
        "N",
        "furnaces",
        "seeds",
        "method",
        "over best known (worst)",
        "over best bound (worst)",
        "broken lags",
        "CPU seconds",
    )
    for (kind, count, furnaces), seeds in grouped.items():
        measured = [measure(kind, count, furnaces, seed, cp_sat_s) for seed in seeds]
        for method in METHODS:
            rows = [(results[method], results, bound_s) for results, bound_s in measured if method in results]
            if not rows:
                continue
            over = [
                row.makespan_s / min(each.makespan_s for name, each in results.items() if name != "FIFO whole")
                for row, results, _ in rows
            ]
            bound = [row.makespan_s / bound_s for row, _, bound_s in rows]
            line = (
                kind, str(count), str(furnaces), str(len(seeds)), method,
                f"{np.mean(over):.3f} ({max(over):.3f})", f"{np.mean(bound):.3f} ({max(bound):.3f})",
                f"{np.mean([row.broken for row, _, _ in rows]):.1f}", f"{max(row.seconds for row, _, _ in rows):.2f}",
            )  # fmt: skip
            grid.add_row(*line)
            console.print(" | ".join(line), highlight=False)
    console.print(grid)


def ours(table: Table, kind: str, rng: np.random.Generator) -> tuple[Plan, Replans]:
    """Our plan, with what thinks again."""
    margin = MARGIN_FRACTION[kind]
    start = list_schedule(table, margin_fraction=margin)
    found = local_search(table, start, rng, steps_for(table) // 2, margin_fraction=margin)
    plan = Batching(table, margin).plan(found[1])
    return plan, Replans(table, rng, draft=found[1], margin_fraction=margin)


def show_rolling(sizes: list[tuple[str, int, int]], seeds: int, console: Console) -> None:
    """Noise and breakdowns: ours over FIFO, each pair in one world."""
    grid = Grid("bench", "N", "furnaces", "worlds", "ours / FIFO (95 %)", "ours / FIFO whole (95 %)", "replanning / not (95 %)",
                "broken lags ours", "FIFO")  # fmt: skip
    for kind, count, furnaces in sizes:
        ratios: dict[str, list[float]] = {"fifo": [], "whole": [], "still": []}
        broken: dict[str, list[int]] = {"ours": [], "fifo": []}
        for seed in range(seeds):
            work, whole = MAKE[kind](count, furnaces, seed), MAKE[kind](count, furnaces, seed, whole_batches=True)
            table, whole_table = Table(work.problem), Table(whole.problem)
            rng = np.random.default_rng(seed)
            world = draw_world(table, rng, MEAN_BETWEEN_S[kind], REPAIR_S[kind], 30 * 86_400.0)
            by_fifo = rehearse(table, fifo(table, work.submissions), world)
            by_whole = rehearse(whole_table, fifo(whole_table, whole.submissions), world)
            plan, replans = ours(table, kind, rng)
            still = rehearse(table, plan, world)
            rolling = rehearse(table, plan, world, replans)
            for schedule in (by_fifo, still, rolling):
                assert {fault.kind for fault in faults_of(work.problem, schedule, durations_hold=False)} <= {
                    "longest lag"
                }
            ratios["fifo"].append(rolling.makespan_s / by_fifo.makespan_s)
            ratios["whole"].append(rolling.makespan_s / by_whole.makespan_s)
            ratios["still"].append(rolling.makespan_s / still.makespan_s)
            broken["ours"].append(broken_lags(work.problem, rolling))
            broken["fifo"].append(broken_lags(work.problem, by_fifo))
        line = (kind, str(count), str(furnaces), str(seeds), *map(with_interval, ratios.values()),
                *(f"{np.mean(each):.1f}" for each in broken.values()))  # fmt: skip
        grid.add_row(*line)
        console.print(" | ".join(line), highlight=False)
    console.print(grid)


def with_interval(ratios: list[float]) -> str:
    """The geometric mean with its 95 % interval (Student's t on logarithms)."""
    logs = np.log(ratios)
    half = float(stats.t.ppf(0.975, len(logs) - 1) * logs.std(ddof=1) / np.sqrt(len(logs)))
    mean = float(logs.mean())
    return f"{np.exp(mean):.3f} ({np.exp(mean - half):.3f} – {np.exp(mean + half):.3f})"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one seed, N = 8 and 24, 5 s of CP-SAT")
    parser.add_argument("--cp-sat-seconds", type=float, default=20.0)
    parser.add_argument("--cells", default="", help="only these: bench:N:furnaces:seed, by commas")
    parser.add_argument("--no-rolling", action="store_true")
    parser.add_argument("--only-rolling", action="store_true")
    wishes = parser.parse_args()
    console = Console(width=170)
    sizes, seeds = ((8, 24), (1,)) if wishes.quick else ((8, 24, 96, 350), (1, 2, 3))
    cells = [(kind, count, furnaces, seed) for kind in MAKE for count in sizes for furnaces in (4, 8) for seed in seeds]
    if wishes.cells:
        parts = [cell.split(":") for cell in wishes.cells.split(",")]
        cells = [(kind, int(count), int(furnaces), int(seed)) for kind, count, furnaces, seed in parts]
    if not wishes.only_rolling:
        show_cells(cells, 5.0 if wishes.quick else wishes.cp_sat_seconds, console)
    if not wishes.no_rolling:
        rolling = (
            [("film", 24, 4), ("powder", 24, 4)]
            if wishes.quick
            else [("film", 24, 4), ("film", 96, 4), ("powder", 24, 4), ("powder", 96, 4)]
        )
        show_rolling(rolling, 5 if wishes.quick else 10, console)


if __name__ == "__main__":
    main()
