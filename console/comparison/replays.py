"""Replays of a table with several strategies, and their figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from planning.campaign import Campaign
from planning.design import catalogue
from planning.design.designer import Designer
from planning.design.polytope import Array
from planning.design.question import Question, TableQuestion
from planning.design.replay import (
    Measured,
    acceleration,
    best_so_far,
    bootstrap,
    enhancement,
    found_fraction,
    read_measured,
    replay,
)
from planning.errors import Refused
from planning.protocol.document import Protocol
from robot.files import load_yaml

HALF = 0.5


@dataclass(frozen=True, eq=False)
class Asked:
    """What is compared on what."""

    title: str
    question: Question
    path: Path
    measured: Measured
    strategies: Sequence[str]
    budget: int
    batch: int


@dataclass(frozen=True, eq=False)
class Compared:
    """A strategy's campaigns: share of the top found, and best so far, by sample, (seeds, budget) each."""

    found: Array
    best: Array


def understood(path: Path, table: Path, strategies: str, budget: int | None, batch: int | None) -> Asked:
    """Read the question, its recipe if it is a campaign's, and the table.

    Raises:
        FileProblem: one of the files cannot be used.
        Refused: a strategy is unknown, or the table is smaller than two samples.
    """
    data, _ = load_yaml(path)
    if "lab" in data:
        campaign = Campaign.load(path)
        recipe = Protocol.load(campaign.protocol)
        given = {name: each.model_dump(exclude_none=True) for name, each in recipe.parameters.items()}
        question: Question = campaign
        title, samples, at_once = campaign.campaign, campaign.budget.samples, campaign.batch
    else:
        alone = TableQuestion.load(path)
        question, given = alone, {}
        title, samples, at_once = alone.question, alone.budget, alone.batch
    names = [name.strip() for name in strategies.split(",") if name.strip()]
    if unknown := [name for name in names if name not in catalogue.NAMES]:
        raise Refused(
            f"--strategies: no strategy is called {', '.join(unknown)}", f"Choose from {', '.join(catalogue.NAMES)}"
        )
    measured = read_measured(table, question, path, given)
    if len(measured.answers) < 3:
        raise Refused(f"{table} has {len(measured.answers)} rows that the question allows", "Widen its space")
    samples = min(budget or samples, len(measured.answers))
    return Asked(title, question, path, measured, list(dict.fromkeys(names)), samples, batch or at_once)


def replays(asked: Asked, seeds: int, *, drawn: bool) -> dict[str, Compared]:
    """Run every strategy from the same starts, with a bar of progress; by strategy."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    compared = {}
    with Progress(*columns) as progress:
        for name in asked.strategies:
            task = progress.add_task(name, total=seeds)
            found, best = [], []
            for seed in range(seeds):
                order = replay(
                    _designer(asked, name, seed), asked.measured, asked.budget, asked.batch,
                    np.random.default_rng([asked.question.seed, seed]), drawn=drawn,
                )  # fmt: skip
                found.append(found_fraction(asked.measured, order))
                best.append(best_so_far(asked.measured, order))
                progress.advance(task)
            compared[name] = Compared(np.array(found), np.array(best))
    return compared


def table_of(asked: Asked, compared: Mapping[str, Compared]) -> Table:
    """What was found, with 95 % intervals over the campaigns."""
    table = Table(
        title=f"{asked.title}: {asked.budget} of {len(asked.measured.answers)} candidates, {len(asked.measured.top)} to find"
    )
    for heading in ("strategy", "share of the best found", "times chance's share", "times as fast to half of them"):
        table.add_column(heading)
    for name, row in figures(asked, compared).items():
        table.add_row(name, *row)
    return table


def figures(asked: Asked, compared: Mapping[str, Compared]) -> dict[str, tuple[str, str, str]]:
    """Share found, enhancement and acceleration of each strategy, as text."""
    count = len(asked.measured.answers)
    told = {}
    for name, each in compared.items():
        last = each.found[:, -1]
        low, high = bootstrap(last, lambda values: float(values.mean()), np.random.default_rng(0))
        gain = enhancement(each.found.mean(axis=0), count)[-1]
        speed = acceleration(each.found.mean(axis=0), count, HALF)
        told[name] = (
            f"{last.mean():.2f} ({low:.2f} to {high:.2f})",
            f"{gain:.1f}",
            "not reached" if np.isnan(speed) else f"{speed:.1f}",
        )
    return told


def _designer(asked: Asked, name: str, seed: int) -> Designer:
    question = asked.question.model_copy(update={"strategy": name, "seed": seed, "initial": 2})
    return question.designer(asked.measured.space, asked.path)
