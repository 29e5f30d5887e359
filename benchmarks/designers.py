"""Our designer against what a laboratory can install: measured pools, with their noise, in batches, and noisy functions.

    python benchmarks/designers.py [--part pool noisy batch functions speed] [--only athanor botorch_ucb] [--seeds 20]

All start from the same points and see the same noise. Peers that need an environment of their own are left out, with
the reason, where `make designers` has not built it. Campaigns are kept in `--results` as they end, and not repeated: so a
run can be stopped, and slow peers joined later. Seconds are of processor time. `--quick` shows that all of it runs.

Parts: pool, tables as means of their repeats; noisy, one of the repeats at random; batch, four at a time while none has
come back; words, a reaction whose parts are words, with descriptors and without; front, two objectives; functions, 8
points spread at random and then 32; speed, a suggestion after n results in 6 dimensions.
"""

import argparse
import json
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from designer_asked import ELSEWHERE, ROOT, python_of
from designer_campaigns import PARTS, Job, Part
from designer_peers import PEERS
from designer_pools import Array
from rich.console import Console
from rich.progress import track
from rich.table import Table

RESAMPLES = 2000
SCORES = ("share", "volume", "regret", "left", "cpu_s")


def jobs(parts: dict[str, Part], who: list[str], seeds: int, slow_seeds: int) -> Iterator[Job]:
    """Every job, seed by seed, so that a run that is stopped is even."""
    for seed in range(seeds):
        for name, part in parts.items():
            for each in who:
                takes_part = each.startswith("athanor") or each in part.peers
                if takes_part and seed < (slow_seeds if each in ELSEWHERE else seeds):
                    yield from (Job(name, problem, each, seed) for problem in part.problems)


def play(part: Part, job: Job) -> dict[str, Any]:
    """The scores of one job."""
    return part.run(job, part.budget)


def interval(values: Array) -> tuple[float, float]:
    """Where the mean lies with 95 % probability, by bootstrap."""
    drawn = np.random.default_rng(0).choice(values, (RESAMPLES, len(values)))
    low, high = np.quantile(drawn.mean(axis=1), [0.025, 0.975])
    return float(low), float(high)


def table_of(name: str, records: list[dict[str, Any]], who: list[str]) -> Table:
    """Means over problems and seeds, with their intervals, and by problem those of the first score."""
    problems = list(dict.fromkeys(record["problem"] for record in records))
    scores = [score for score in SCORES if records and score in records[0]]
    table = Table("who", "seeds", *(f"{score} (95 %)" for score in scores), *problems, "version", title=name)
    for each in who:
        mine = [record for record in records if record["who"] == each]
        if mine:
            seeds = str(len({record["seed"] for record in mine}))
            cells = [_by_seed(mine, score) for score in scores]
            figures = [_of_problem([r for r in mine if r["problem"] == problem], scores[0]) for problem in problems]
            table.add_row(each, seeds, *cells, *figures, mine[-1]["version"])
    return table


def _by_seed(records: list[dict[str, Any]], score: str) -> str:
    seeds = sorted({record["seed"] for record in records})
    means = np.array([np.mean([record[score] for record in records if record["seed"] == seed]) for seed in seeds])
    low, high = interval(means)
    return f"{means.mean():.3f} ({low:.3f}–{high:.3f})"


def _of_problem(records: list[dict[str, Any]], score: str) -> str:
    middle = np.median if score == "cpu_s" else np.mean
    return f"{middle([record[score] for record in records]):.3f}" if records else "–"


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
    parser.add_argument("--quick", action="store_true", help="one seed and few evaluations; nothing is kept")
    wishes = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    console = Console(width=200)
    who = wishes.only or ["athanor", *PEERS]
    for name in [name for name in who if name in ELSEWHERE and not python_of(name).exists()]:
        console.print(f"{name} is left out: there is no {python_of(name)}; run `make designers`")
        who.remove(name)
    parts = {name: PARTS[name].quick if wishes.quick else PARTS[name] for name in wishes.part}
    kept = Path(os.devnull) if wishes.quick else wishes.results
    kept.parent.mkdir(parents=True, exist_ok=True)
    done = read(kept)
    wanted = list(jobs(parts, who, 1 if wishes.quick else wishes.seeds, wishes.slow_seeds))
    with ProcessPoolExecutor(wishes.workers) as workers, kept.open("a") as file:
        work = {workers.submit(play, parts[job.part], job): job for job in wanted if job not in done}
        for future in track(as_completed(work), "campaigns", total=len(work), console=console):
            done[work[future]] = asdict(work[future]) | future.result()
            print(json.dumps(done[work[future]]), file=file, flush=True)
    for part in parts:
        console.print(table_of(part, [done[job] for job in wanted if job.part == part], who))


if __name__ == "__main__":
    main()
