"""The designer against random search on measured tables: how good is what it recommends?

Usage: python benchmarks/designer_on_table.py p3ht_cnt.csv [perovskite.csv crossed_barrel.csv ...]

Each campaign asks for batches of 4 while 4 samples are under way, 40 samples in all. For films of P3HT and nanotubes
a result is a composition's mean with scatter of 0.10 decades; for the other tables one of its repeats is drawn. The
score is the table's mean of the recommended point over the best mean of at least 3 repeats (or of any, where no point
has 3): 1 is best for what is maximised and for what is minimised.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from rich.console import Console
from rich.table import Table

from hardware_sim.world.film import REPLICATE_STD_DECADES, read_films
from planning.design.designer import Designer
from planning.design.objective import Objective
from planning.design.observation import Observation
from planning.design.space import Mixture, Point, Space
from robot.clock import wall_s

SAMPLES, BATCH, UNDER_WAY, SEEDS = 40, 4, 4, 10
ANSWERS_FOR_A_MEAN = 3


@dataclass(frozen=True)
class Problem:
    """A table as a campaign: `answers[i]` are the repeats of `space.candidates[i]`."""

    name: str
    space: Space
    objective: Objective
    answers: list[list[float]]
    measure: Callable[[list[float], np.random.Generator], float]

    def better_fraction(self, index: int) -> float:
        """The share of the candidates whose mean is better than that of candidate `index`."""
        utilities = np.array([self.objective.utility(float(np.mean(repeats))) for repeats in self.answers])
        return float(np.mean(utilities > utilities[index]))

    def score(self, index: int) -> float:
        """How good candidate `index` is, 1 for the best well-repeated one."""
        means = np.array([np.mean(repeats) for repeats in self.answers])
        counts = np.array([len(repeats) for repeats in self.answers])
        trusted = means[counts >= min(ANSWERS_FOR_A_MEAN, counts.max())]
        if self.objective.maximise:
            return float(means[index] / trusted.max())
        return float(trusted.min() / means[index])


def one_of_the_repeats(repeats: list[float], rng: np.random.Generator) -> float:
    """A measurement as it was made."""
    return float(rng.choice(repeats))


def mean_with_scatter(repeats: list[float], rng: np.random.Generator) -> float:
    """The mean, scattered as replicate films are."""
    return float(np.mean(repeats) * 10.0 ** rng.normal(0.0, REPLICATE_STD_DECADES))


def films(path: Path) -> Problem:
    """The films of P3HT and nanotubes: conductivity of a five-part mixture."""
    table = read_films(path)
    first = np.unique(table.composition_index, return_index=True)[1]
    parts = ("p3ht", "l_swnt", "s_swnt", "mwnt", "dwnt")
    points = [{f"blend.{part}": float(x) for part, x in zip(parts, row, strict=True)} for row in table.blends[first]]
    space = Space(mixtures={"blend": Mixture(parts)}, pool=points)
    answers = [table.s_per_cm[table.composition_index == index].tolist() for index in range(len(points))]
    objective = Objective("conductivity_s_per_cm", scale="log", noise_std=REPLICATE_STD_DECADES)
    return Problem(path.stem, space, objective, answers, mean_with_scatter)


def plain(path: Path) -> Problem:
    """Any other table: plain parameters, the last column the objective; a falling figure for perovskites."""
    header = path.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    rows = np.loadtxt(path, delimiter=",", skiprows=1, encoding="utf-8-sig")
    inputs, index = np.unique(rows[:, :-1], axis=0, return_inverse=True)
    ranges = {
        name: (low, high) for name, low, high in zip(header, inputs.min(axis=0), inputs.max(axis=0), strict=False)
    }
    space = Space(ranges=ranges, pool=[dict(zip(ranges, row.tolist(), strict=True)) for row in inputs])
    answers = [rows[index.reshape(-1) == number, -1].tolist() for number in range(len(inputs))]
    is_log = path.stem == "perovskite"
    objective = Objective(header[-1], maximise=not is_log, scale="log" if is_log else "linear")
    return Problem(path.stem, space, objective, answers, one_of_the_repeats)


def campaign(problem: Problem, strategy: str, seed: int) -> tuple[float, float, float]:
    """Score of what is recommended after `SAMPLES`, the share of the table that is better, seconds for each ask."""
    rng = np.random.default_rng([seed, 1])
    designer = Designer(problem.space, problem.objective, seed=seed, strategy=strategy)
    under_way: list[Point] = []
    asked, ask_s = 0, 0.0
    for told in range(SAMPLES):
        if told % BATCH == 0 and asked < SAMPLES:
            while len(under_way) <= UNDER_WAY and asked < SAMPLES:
                start_s = wall_s()
                under_way += [suggestion.point for suggestion in designer.ask(BATCH, under_way)]
                ask_s += wall_s() - start_s
                asked += BATCH
        point = under_way.pop(0)
        value = problem.measure(problem.answers[problem.space.candidates.index(point)], rng)
        designer.tell([Observation(point, {problem.objective.name: value})])
    best = problem.space.candidates.index(designer.best()[0])
    return problem.score(best), problem.better_fraction(best), ask_s / (SAMPLES / BATCH)


def main() -> None:
    """Print median and quartiles of the scores."""
    torch.set_num_threads(1)
    table = Table("table", "strategy", "median score", "quartiles", "better rows", "s per ask")
    table.title = f"{SAMPLES} samples, {SEEDS} seeds"
    for path in map(Path, sys.argv[1:]):
        problem = films(path) if path.stem == "p3ht_cnt" else plain(path)
        for strategy in ("auto", "random"):
            runs = [campaign(problem, strategy, seed) for seed in range(SEEDS)]
            scores, better, ask_s = np.array(runs).T
            low, median, high = np.quantile(scores, [0.25, 0.5, 0.75])
            figures = f"{median:.3f}", f"{low:.3f} – {high:.3f}", f"{np.median(better):.1%}", f"{ask_s.mean():.2f}"
            table.add_row(problem.name, strategy, *figures)
    Console().print(table)


if __name__ == "__main__":
    main()
