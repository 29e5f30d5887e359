"""Seventeen days of an A-Lab-like powder bench, night after night: FIFO and a person, or a schedule and rules of recovery?

    python benchmarks/a_lab_replay.py [--quick] [--seeds 10] [--days 17] [--plot a_lab_replay.svg]

Samples are handed in as long as there is room; the same failures, drawn by task and attempt, strike every way of running
the bench. First table: four ways, so that one sees what the schedule contributes and what the rules. Second: the ratio
of samples per day to FIFO with a person, paired by seed, with its 95 % interval (Student's t on logarithms), for failures
half and twice as frequent, too, and for users who hand in whole batches of one programme. All rates are assumed; they
stand in a_lab_failures.py.
"""

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from a_lab_bench import FIFO_PERSON, FIFO_RULES, OURS_PERSON, OURS_RULES, WAYS, Record, Way, replay
from a_lab_failures import DAY_S, FAILURES, HOUR_S, Chance, Failure, by_rules
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from scipy import stats

Cell = tuple[Way, float]
"""A way to run the bench, and how frequent failures are in terms of the assumed rates."""


def whole(way: Way) -> Way:
    """The same for users who hand in eights of one programme."""
    return replace(way, name=f"{way.name}, whole batches", whole_batches=True)


COMPARED: Sequence[tuple[Cell, Cell]] = (
    *(((OURS_RULES, factor), (FIFO_PERSON, factor)) for factor in (0.5, 1.0, 2.0)),
    ((FIFO_RULES, 1.0), (FIFO_PERSON, 1.0)),
    ((OURS_PERSON, 1.0), (FIFO_PERSON, 1.0)),
    ((OURS_RULES, 1.0), (FIFO_RULES, 1.0)),
    ((OURS_RULES, 1.0), (OURS_PERSON, 1.0)),
    ((whole(OURS_RULES), 1.0), (whole(FIFO_PERSON), 1.0)),
)


def measured(seeds: int, days: float, console: Console) -> dict[Cell, list[Record]]:
    """Replay all that is compared, seed by seed."""
    cells = list(dict.fromkeys([*((way, 1.0) for way in WAYS), *(cell for pair in COMPARED for cell in pair)]))
    found: dict[Cell, list[Record]] = {cell: [] for cell in cells}
    with Progress(console=console) as progress:
        task = progress.add_task("replaying", total=len(cells) * seeds)
        for seed in range(seeds):
            for way, factor in cells:
                progress.update(task, description=f"seed {seed}, {way.name}, failures × {factor}")
                found[way, factor].append(replay(way, Chance(seed, factor), days))
                progress.advance(task)
    return found


def ways_table(found: dict[Cell, list[Record]]) -> Table:
    """What came of each way; means over seeds."""
    grid = Table("way", "failures ×", "samples per day", "furnaces in a programme", "places used", "set aside", "failures",
                 "asked", "asked at night, per night", "hours waited for a person")  # fmt: skip
    for (way, factor), records in found.items():
        grid.add_row(
            way.name, f"{factor}",
            f"{mean(each.samples_per_day for each in records):.1f}",
            f"{mean(each.furnaces_busy_fraction for each in records):.1%}",
            f"{mean(each.places_used_fraction for each in records):.1%}",
            f"{mean(each.set_aside for each in records):.1f}",
            f"{mean(each.failures for each in records):.1f}",
            f"{mean(len(each.asked_s) for each in records):.1f}",
            f"{mean(each.asked_per_night for each in records):.2f}",
            f"{mean(each.waited_s for each in records) / HOUR_S:.1f}",
        )  # fmt: skip
    return grid


def ratios_table(found: dict[Cell, list[Record]]) -> Table:
    """Samples per day of one way over another's, paired by seed."""
    grid = Table("way", "over", "failures ×", "samples per day: ratio (95 %)", "least", "most")
    for one, other in COMPARED:
        ratios = np.array(
            [a.samples_per_day / b.samples_per_day for a, b in zip(found[one], found[other], strict=True)]
        )
        low, middle, high = interval(ratios)
        row = (f"{middle:.3f} ({low:.3f} – {high:.3f})", f"{ratios.min():.3f}", f"{ratios.max():.3f}")
        grid.add_row(one[0].name, other[0].name, f"{one[1]}", *row)
    return grid


def interval(ratios: np.ndarray) -> tuple[float, float, float]:
    """The geometric mean of paired ratios between the ends of its 95 % interval.

    >>> [round(value, 3) for value in interval(np.array([1.0, 1.1, 1.21]))]
    [0.868, 1.1, 1.394]
    """
    logs = np.log(ratios)
    half = float(stats.t.ppf(0.975, len(logs) - 1) * logs.std(ddof=1) / np.sqrt(len(logs)))
    middle = float(logs.mean())
    return float(np.exp(middle - half)), float(np.exp(middle)), float(np.exp(middle + half))


def failures_table() -> Table:
    """What was assumed."""
    grid = Table("failure", "in", "chance per task", "fails again", "ours, by the rules", "until then waits")
    for each in FAILURES:
        chances = (f"{each.rate:.1%}", f"{each.again:.0%}")
        grid.add_row(each.name, ", ".join(each.steps), *chances, course(each), each.stuck)
    return grid


def course(failure: Failure) -> str:
    """What the rules say, time after time, if nothing helps.

    >>> course(FAILURES[0])
    'again × 2, then aside'
    """
    used: dict[str, int] = {}
    while (answer := by_rules(failure, used)).act == "again":
        used[answer.rule] = used.get(answer.rule, 0) + 1
    return f"again × {sum(used.values())}, then {answer.act}" if used else answer.act


def mean(values: Iterable[float]) -> float:
    """The average."""
    return float(np.mean(list(values)))


def plot(found: dict[Cell, list[Record]], days: float, path: Path) -> None:
    """Samples completed against days: a thin line for each seed, a thick one for their mean."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.5), layout="constrained")
    days_axis = np.linspace(0, days, 24 * round(days) + 1)
    for way, colour in zip(WAYS, ("tab:grey", "tab:orange", "tab:cyan", "tab:blue"), strict=True):
        curves = np.array([np.searchsorted(each.done_s, days_axis * DAY_S) for each in found[way, 1.0]])
        axes.plot(days_axis, curves.T, color=colour, linewidth=0.4, alpha=0.5)
        axes.plot(days_axis, curves.mean(axis=0), color=colour, linewidth=2, label=way.name)
    axes.set(xlabel="days", ylabel="samples made and measured", xlim=(0, days), ylim=(0, None))
    axes.legend(loc="upper left", frameon=False)
    axes.grid(alpha=0.2)
    figure.savefig(path)
    pyplot.close(figure)


def main() -> None:
    """Replay, print the tables, draw the curves."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="three seeds of five days")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--days", type=float, default=17.0)
    parser.add_argument("--plot", type=Path, help="where to draw samples against days, as SVG or PNG")
    wishes = parser.parse_args()
    seeds, days = (3, 5.0) if wishes.quick else (wishes.seeds, wishes.days)
    if seeds < 2 or days <= 0:
        parser.error("an interval needs --seeds of at least 2, and --days must be more than 0")
    console = Console(width=170)
    found = measured(seeds, days, console)
    console.print(failures_table(), ways_table(found), ratios_table(found))
    if wishes.plot:
        plot(found, days, wishes.plot)
        console.print(f"drawn: {wishes.plot}")


if __name__ == "__main__":
    main()
