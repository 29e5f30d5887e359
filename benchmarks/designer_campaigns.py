"""One campaign, or one timing, of benchmarks/designers.py, and what it is worth."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from designer_asked import FIRST, Asked, make
from designer_functions import FUNCTIONS, function
from designer_pools import FRONTS, LIANG, WORDS, pool

BATCH = 4
FUNCTION_FIRST = 8
SIZES = ("10", "25", "50", "100", "500")
SPEED_DIMENSION = 6
QUICK = 4


@dataclass(frozen=True)
class Job:
    """One campaign, or one timing."""

    part: str
    problem: str
    who: str
    seed: int


@dataclass(frozen=True)
class Part:
    """A kind of campaign.

    Attributes:
        run: plays one, of so many evaluations.
        peers: besides ours.
        budget: evaluations, those at random included.
    """

    run: Callable[[Job, int], dict[str, Any]]
    problems: tuple[str, ...]
    peers: tuple[str, ...]
    budget: int = 0

    @property
    def quick(self) -> "Part":
        """The same with little to do: does everything run?"""
        return replace(self, problems=self.problems[:1], budget=min(self.budget, FUNCTION_FIRST + QUICK))


def on_pool(job: Job, budget: int) -> dict[str, Any]:
    """Share of the best 5 % found, regret, what is left at the end; of several objectives the volume dominated."""
    table, rng = pool(job.problem), np.random.default_rng([job.seed, 1])
    points: list[Any] = rng.choice(len(table.points), FIRST, replace=False).tolist()
    truth, noise = table.truth, np.random.default_rng([job.seed, 2])

    def measured(point: int) -> Any:
        return (noise.choice(table.repeats[point]) if job.part == "noisy" else truth[point]).tolist()

    asked = make(job.who, table, table.rows.shape[1], job.seed)
    for point in points:
        asked.tell(point, measured(point))
    taken_s = []
    while len(points) < budget:
        batch: list[Any] = []
        for _ in range(min(BATCH if job.part == "batch" else 1, budget - len(points))):
            point, suggestion_s = asked.ask(batch)
            batch.append(point)
            taken_s.append(suggestion_s)
        for point in batch:
            asked.tell(point, measured(point))
        points += batch
    if truth.ndim > 1:
        volumes = table.volumes(points, FIRST + 1)
        return _ended(asked, taken_s, volume=float(volumes[-1]), regret=float(1.0 - volumes.mean()))
    lacks = table.lacks(points, FIRST)
    return _ended(asked, taken_s, share=table.share(points), regret=float(lacks.mean()), left=float(lacks[-1]))


def on_function(job: Job, budget: int) -> dict[str, Any]:
    """What the best point lacks, noise apart, in standard deviations of the function."""
    problem, rng = function(job.problem), np.random.default_rng([job.seed, 1])
    noise, asked = np.random.default_rng([job.seed, 2]), make(job.who, None, problem.dimension, job.seed)
    points: list[Any] = rng.random((FUNCTION_FIRST, problem.dimension)).tolist()

    def measured(point: Any) -> float:
        return float(problem.value(np.array([point]))[0] + problem.noise_std * noise.normal())

    for point in points:
        asked.tell(point, measured(point))
    taken_s = []
    while len(points) < budget:
        point, suggestion_s = asked.ask([])
        asked.tell(point, measured(point))
        points.append(point)
        taken_s.append(suggestion_s)
    lack = problem.highest - float(problem.value(np.array(points)).max())
    return _ended(asked, taken_s, regret=lack / (problem.noise_std / 0.1))


def timing(job: Job, budget: int) -> dict[str, Any]:
    """Seconds for the second suggestion after n results: the first one pays for what is loaded once."""
    problem, rng = function("hartmann6"), np.random.default_rng([job.seed, 1])
    asked = make(job.who, None, SPEED_DIMENSION, job.seed)
    points = rng.random((int(job.problem), SPEED_DIMENSION))
    values = problem.value(points) + problem.noise_std * rng.normal(size=len(points))
    for point, value in zip(points[:-1].tolist(), values[:-1].tolist(), strict=True):
        asked.tell(point, value)
    asked.ask([])
    asked.tell(points[-1].tolist(), float(values[-1]))
    return _ended(asked, [asked.ask([])[1]])


def _ended(asked: Asked, taken_s: list[float], **scores: float) -> dict[str, Any]:
    return scores | {"cpu_s": float(np.median(taken_s)), "version": asked.version}


LISTED = ("botorch_log_ei", "botorch_ucb", "forest", "random", "baybe", "ax", "physbo")
UNLISTED = ("botorch_log_ei", "botorch_ucb", "forest", "random", "baybe", "ax", "skopt")
PARTS = {
    "pool": Part(on_pool, tuple(LIANG), LISTED, 30),
    "noisy": Part(on_pool, tuple(LIANG), LISTED, 30),
    "batch": Part(on_pool, tuple(LIANG), LISTED, 30),
    "words": Part(on_pool, WORDS, ("botorch_log_ei", "edbo", "random", "baybe"), 50),
    "front": Part(on_pool, tuple(FRONTS), ("botorch_qlognehvi", "random"), 30),
    "functions": Part(on_function, FUNCTIONS, UNLISTED, 40),
    "speed": Part(timing, SIZES, UNLISTED),
}
