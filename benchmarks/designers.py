"""Our designer against what a laboratory can install: measured pools, with their noise, in batches, and noisy functions.

    python benchmarks/designers.py [--part pool noisy batch functions speed] [--only athanor botorch_ucb] [--seeds 20]

All start from the same points and see the same noise. Peers that need an environment of their own are left out, with
the reason, where `make designers` has not built it. Campaigns are kept in `--results` as they end, and not repeated: so a
run can be stopped, and slow peers joined later. Seconds are of processor time.

Parts: pool, tables as means of their repeats; noisy, one of the repeats at random; batch, four at a time while none has
come back; functions, 8 points spread at random and then 32; speed, a suggestion after n results in 6 dimensions.
"""

import argparse
import json
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from designer_asked import FIRST, HERE, ROOT, Elsewhere, Ours, make, python_of
from designer_problems import FUNCTIONS, LIANG, Array, function, pool
from rich.console import Console
from rich.progress import track
from rich.table import Table

ELSEWHERE = ("baybe", "ax", "physbo", "skopt")
FROM_A_LIST_ONLY, NOT_FROM_A_LIST = {"physbo"}, {"skopt"}
SLOW = {"baybe", "ax", "physbo", "skopt"}
BUDGET, BATCH = 30, 4
FUNCTION_BUDGET, FUNCTION_FIRST = 40, 8
SIZES = (10, 25, 50, 100, 500)
SPEED_DIMENSION = 6
RESAMPLES = 2000
PARTS = ("pool", "noisy", "batch", "functions", "speed")


@dataclass(frozen=True)
class Job:
    """One campaign, or one timing."""

    part: str
    problem: str
    who: str
    seed: int


def run(job: Job) -> dict[str, Any]:
    """The scores of one job."""
    if job.part == "functions":
        return on_function(job)
    return timing(job) if job.part == "speed" else on_pool(job)


def on_pool(job: Job) -> dict[str, Any]:
    """Share of the best 5 % found, regret, and seconds for each suggestion."""
    table, rng = pool(job.problem), np.random.default_rng([job.seed, 1])
    points: list[Any] = rng.choice(len(table.rows), FIRST, replace=False).tolist()
    truth, noise = table.truth, np.random.default_rng([job.seed, 2])

    def measured(point: int) -> float:
        return float(noise.choice(table.repeats[point]) if job.part == "noisy" else truth[point])

    asked = make(job.who, table.rows, table.rows.shape[1], job.seed)
    for point in points:
        asked.tell(point, measured(point))
    taken_s = []
    while len(points) < BUDGET:
        batch: list[Any] = []
        for _ in range(min(BATCH if job.part == "batch" else 1, BUDGET - len(points))):
            point, suggestion_s = asked.ask(batch)
            batch.append(point)
            taken_s.append(suggestion_s)
        for point in batch:
            asked.tell(point, measured(point))
        points += batch
    return _ended(asked, share=table.share(points), regret=table.regret(points, FIRST), cpu_s=float(np.median(taken_s)))


def on_function(job: Job) -> dict[str, Any]:
    """What the best point lacks, noise apart."""
    problem, rng = function(job.problem), np.random.default_rng([job.seed, 1])
    noise, asked = np.random.default_rng([job.seed, 2]), make(job.who, None, problem.dimension, job.seed)
    points: list[Any] = rng.random((FUNCTION_FIRST, problem.dimension)).tolist()

    def measured(point: list[float]) -> float:
        return float(problem.value(np.array([point]))[0] + problem.noise_std * noise.normal())

    for point in points:
        asked.tell(point, measured(point))
    taken_s = []
    while len(points) < FUNCTION_BUDGET:
        point, suggestion_s = asked.ask([])
        asked.tell(point, measured(point))
        points.append(point)
        taken_s.append(suggestion_s)
    lack = problem.highest - float(problem.value(np.array(points)).max())
    return _ended(asked, regret=lack / (problem.noise_std / 0.1), cpu_s=float(np.median(taken_s)))


def timing(job: Job) -> dict[str, Any]:
    """Seconds for the second suggestion after n results: the first one pays for what is loaded once."""
    problem, rng = function("hartmann6"), np.random.default_rng([job.seed, 1])
    asked = make(job.who, None, SPEED_DIMENSION, job.seed)
    points = rng.random((int(job.problem), SPEED_DIMENSION))
    values = problem.value(points) + problem.noise_std * rng.normal(size=len(points))
    for point, value in zip(points[:-1].tolist(), values[:-1].tolist(), strict=True):
        asked.tell(point, value)
    asked.ask([])
    asked.tell(points[-1].tolist(), float(values[-1]))
    return _ended(asked, cpu_s=asked.ask([])[1])


def _ended(asked: Ours | Elsewhere, **scores: float) -> dict[str, Any]:
    answer = scores | {"version": asked.version}
    if isinstance(asked, Elsewhere):
        asked.close()
    return answer


def jobs(parts: list[str], who: list[str], seeds: int, slow_seeds: int) -> Iterator[Job]:
    """Every job, seed by seed, so that a run that is stopped is even."""
    problems = {"functions": FUNCTIONS, "speed": tuple(map(str, SIZES))}
    for seed in range(seeds):
        for part in parts:
            for name in who:
                lists = part not in problems
                cannot = name in (NOT_FROM_A_LIST if lists else FROM_A_LIST_ONLY)
                if not cannot and seed < (slow_seeds if name in SLOW else seeds):
                    yield from (Job(part, problem, name, seed) for problem in problems.get(part, tuple(LIANG)))


def interval(values: Array) -> tuple[float, float]:
    """Where the mean lies with 95 % probability, by bootstrap."""
    drawn = np.random.default_rng(0).choice(values, (RESAMPLES, len(values)))
    low, high = np.quantile(drawn.mean(axis=1), [0.025, 0.975])
    return float(low), float(high)


def table_of(part: str, records: list[dict[str, Any]], who: list[str]) -> Table:
    """Means over problems and seeds, with their intervals, and the means by problem."""
    own = [record for record in records if record["part"] == part]
    problems = list(dict.fromkeys(record["problem"] for record in own))
    scores = [score for score in ("share", "regret", "cpu_s") if own and score in own[0]]
    if part == "speed":
        scores = ["cpu_s"]
    table = Table("who", "seeds", *(f"{score} (95 %)" for score in scores), *problems, "version", title=part)
    for name in who:
        mine = [record for record in own if record["who"] == name]
        if not mine:
            continue
        cells = []
        for score in scores:
            by_seed = [np.mean([r[score] for r in mine if r["seed"] == s]) for s in sorted({r["seed"] for r in mine})]
            low, high = interval(np.array(by_seed))
            cells.append(f"{np.mean(by_seed):.3f} ({low:.3f}–{high:.3f})")
        shown = scores[0]
        by_problem = [np.median if part == "speed" else np.mean] * len(problems)
        figures = [
            f"{middle([r[shown] for r in mine if r['problem'] == problem]):.3f}"
            if any(r["problem"] == problem for r in mine)
            else "–"
            for middle, problem in zip(by_problem, problems, strict=True)
        ]
        seeds = str(len({record["seed"] for record in mine}))
        table.add_row(name, seeds, *cells, *figures, mine[-1]["version"])
    return table


def read(path: Path) -> dict[Job, dict[str, Any]]:
    """What is there already."""
    lines = path.read_text().splitlines() if path.exists() else []
    records = [json.loads(line) for line in lines]
    return {Job(*(record[field] for field in ("part", "problem", "who", "seed"))): record for record in records}


def main() -> None:
    """Run what is missing, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--only", nargs="+", metavar="WHO", help="athanor, athanor:STRATEGY or a peer")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--slow-seeds", type=int, default=5, help="for peers that need seconds for a suggestion")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--results", type=Path, default=ROOT / "runs" / "designers.jsonl")
    wishes = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    console = Console(width=200)
    who = wishes.only or ["athanor", *sorted(HERE), *ELSEWHERE]
    for name in [name for name in who if name in ELSEWHERE and not python_of(name).exists()]:
        console.print(f"{name} is left out: there is no {python_of(name)}; run `make designers`")
        who.remove(name)
    wishes.results.parent.mkdir(parents=True, exist_ok=True)
    done = read(wishes.results)
    wanted = list(jobs(wishes.part, who, wishes.seeds, wishes.slow_seeds))
    with ProcessPoolExecutor(wishes.workers) as workers, wishes.results.open("a") as file:
        work = {workers.submit(run, job): job for job in wanted if job not in done}
        for future in track(as_completed(work), "campaigns", total=len(work), console=console):
            done[work[future]] = asdict(work[future]) | future.result()
            print(json.dumps(done[work[future]]), file=file, flush=True)
    for part in wishes.part:
        console.print(table_of(part, [done[job] for job in wanted], who))


if __name__ == "__main__":
    main()
