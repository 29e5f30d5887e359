"""What does a night cost the machine that conducts it? Twelve hours of the film bench, rehearsed, journal included.

    python benchmarks/night.py

Samples anneal for an hour each, as many as it takes to be busy for twelve hours. CPU seconds are this process's own; those spent
in drivers, wires, emulators, the world behind them and the eyes are told apart from those of the planner: dispatching, journal, beliefs.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from film_campaign import EXAMPLE
from rich.console import Console
from rich.table import Table
from stopwatch import cpu_s

from console.compose import conduct, load_eyes
from console.far_side import far_side
from console.runfolder import RunFolder, Setup
from console.unwatched import Unwatched
from planning.journal import Journal
from robot.clock import wall_s
from robot.config import LabConfig

SAMPLES = 28
VALUES = {"blend": {"p3ht": 0.5, "l_swnt": 0.5}, "anneal_c": 200.0, "anneal_min": 60.0}


class Bench:
    """The far side of the wires, with a stopwatch around every call."""

    def __init__(self) -> None:
        self.calls, self.spent_s = 0, 0.0

    @contextmanager
    def opened(self, folder: RunFolder, lab: LabConfig, setup: Setup, resume_at_s: float | None) -> Iterator[Any]:
        """What `console.far_side.far_side` opens."""
        with far_side(folder, lab, setup, resume_at_s) as far:
            yield replace(far, call=self._timed(far.call))

    def _timed(self, call: Callable[..., Any]) -> Callable[..., Any]:
        async def timed(function: Callable[[], Any]) -> Any:
            start_s = wall_s()
            try:
                return await call(function)
            finally:
                self.calls += 1
                self.spent_s += wall_s() - start_s

        return timed


def main() -> None:
    """Print the table."""
    bench = Bench()
    load_eyes()  # to import a library is no part of the night
    with tempfile.TemporaryDirectory() as temporary:
        folder = RunFolder.create(Path(temporary) / "run", EXAMPLE / "lab.yaml", EXAMPLE / "protocol.yaml", None)
        folder.write_setup(setup := Setup("loopback", 7, samples=[VALUES] * SAMPLES))
        start_cpu_s, start_s = cpu_s(), wall_s()
        run = conduct(folder, setup, Unwatched(), opening=bench.opened)
        spent_s, passed_s = cpu_s() - start_cpu_s, wall_s() - start_s
        with Journal.reading(folder.place) as journal:
            kinds = Counter(event.kind for event in journal.events())
            readings = len(list(journal.readings()))
    in_calls_s = bench.spent_s * spent_s / passed_s
    tasks, events = kinds["task_done"], kinds.total()
    table = Table("what", "figure", title="One night of the film bench")
    for what, figure in (
        ("bench hours", f"{run.clock.now_s() / 3600:.1f}"),
        (
            "samples finished",
            f"{sum(sample.status == 'finished' for sample in run.executor.samples.values())} of {SAMPLES}",
        ),
        ("tasks", f"{tasks}"),
        ("commands, device calls", f"{kinds['intent']}, {bench.calls}"),
        ("events, readings", f"{events}, {readings}"),
        ("CPU s", f"{spent_s:.1f}"),
        ("of it drivers, wires, emulators, world, eyes", f"{in_calls_s:.1f}"),
        ("events a CPU s", f"{events / spent_s:,.0f}"),
        ("planner's CPU ms a task", f"{1000 * (spent_s - in_calls_s) / tasks:.1f}"),
    ):
        table.add_row(what, figure)
    Console().print(table)


if __name__ == "__main__":
    main()
