"""An engine is killed at every point of a run: is anything lost, is anything done twice?

    python benchmarks/kill_everywhere.py film
    python benchmarks/kill_everywhere.py powder --most 3
    python benchmarks/kill_everywhere.py film --sigkill 20

Points are: after every event of the journal, and for each command before each of its writes (the bytes never went out)
and between write and reply (they did, and nobody read the answer). At each the engine is gone with all that it knew
(`mortal.py`); the bench goes on alone, for nothing and for ten minutes in turn; then the run is resumed and brought to
its end. Compared with the undisturbed run, on the far side of the wires (`endings.py`): no command twice, no sample
lost, the same bench. With `--sigkill` engines in processes of their own are killed by the kernel (`sigkill.py`).
"""

import argparse
import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from endings import Ending, differences, doubled, lost
from mortal import AFTER_EVENT, AFTER_WRITE, BEFORE_WRITE, Mortal, Point
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sigkill import events_in, killed_after

from console.runfolder import RunFolder, Setup
from robot.clock import wall_s

EXAMPLES = Path(__file__).parent.parent / "examples"
GAPS_S = (0.0, 600.0)
SIGKILL = "by SIGKILL, truly"
KINDS = (AFTER_EVENT, BEFORE_WRITE, AFTER_WRITE, SIGKILL)
COLUMNS = (
    "in doubt", "asking the device", "writing it again", "looking", "a person",
    "doubled commands", "lost samples", "other final states", "not ended",
)  # fmt: skip
OUTCOMES = ("done", "under way", "not done", "fault", "unknown")
SAMPLES: dict[str, list[dict[str, Any]]] = {
    "film": [
        {"blend": blend}
        for blend in ({"p3ht": 0.5, "l_swnt": 0.5}, {"p3ht": 0.4, "dwnt": 0.6}, {"p3ht": 0.3, "mwnt": 0.7})
    ],
    "powder": [
        {"blend": {"li2co3": share, "mno2": 1 - share}, "fire_c": fire_c}
        for share in (0.15, 0.175, 0.2, 0.25)
        for fire_c in (700.0, 800.0)
    ],
}


@dataclass
class Tally:
    """What became of all deaths."""

    points: Counter[str] = field(default_factory=Counter)
    """By kind."""
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By kind of point and what was found."""
    doubts: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    """By device, verb, witness and outcome."""
    troubles: list[str] = field(default_factory=list)

    def add(self, point: Point, ending: Ending, undisturbed: Ending) -> list[str]:
        """Count one more; return what was wrong with it."""
        self.points[point.kind] += 1
        for doubt in ending.doubts:
            self.found[point.kind, "in doubt"] += 1
            self.found[point.kind, doubt.settled_by] += 1
            self.doubts[doubt.device, doubt.verb, doubt.witness, doubt.outcome] += 1
        found = findings(ending, undisturbed)
        self.found.update({(point.kind, what): len(each) for what, each in found.items()})
        troubles = [f"{point}: {what}: {line}" for what, each in found.items() for line in each]
        self.troubles += troubles
        return troubles


def findings(ending: Ending, undisturbed: Ending) -> dict[str, list[str]]:
    """What must be empty: of a run that died and went on, against one that did not."""
    return {
        "doubled commands": doubled(ending, undisturbed),
        "lost samples": lost(ending, undisturbed),
        "other final states": differences(ending, undisturbed)[:1],
        "not ended": [*ending.asked[len(undisturbed.asked) :], *filter(None, [ending.stopped])],
    }


def prepared(bench: str, path: Path) -> RunFolder:
    """A run of the bench's samples, not begun."""
    example = EXAMPLES / f"{bench}_bench"
    folder = RunFolder.create(path, example / "lab.yaml", example / "protocol.yaml", None)
    folder.write_setup(Setup(seed=7, vision=False, samples=SAMPLES[bench]))
    return folder


def kill_everywhere(bench: str, home: Path, most: int | None = None) -> Tally:
    """Run the bench's samples once undisturbed; then die at its points, at `most` so many of a kind."""
    whole = Mortal(prepared(bench, home / "undisturbed"), lambda number: False)
    undisturbed, tally = whole.run(), Tally()
    wanted = chosen(whole.passed, most)
    with _progress() as progress:
        bar = progress.add_task("dying", total=len(wanted))

        def told(point: Point, ending: Ending) -> None:
            for trouble in tally.add(point, ending, undisturbed):
                progress.console.print(trouble, soft_wrap=True)
            progress.update(bar, advance=1, refresh=True)

        Mortal(prepared(bench, home / "run"), wanted.__contains__, GAPS_S, told).run()
    return tally


def chosen(passed: Sequence[tuple[str, str]], most: int | None) -> set[int]:
    """The numbers of points at which to die: all, or of those at the same event or command some, evenly apart."""
    alike: dict[tuple[str, str], list[int]] = {}
    for number, point in enumerate(passed, start=1):
        alike.setdefault(point, []).append(number)
    return {
        numbers[len(numbers) * (2 * turn + 1) // (2 * count)]
        for numbers in alike.values()
        for count in [min(most or len(numbers), len(numbers))]
        for turn in range(count)
    }


def kill_truly(bench: str, home: Path, times: int, seed: int) -> Tally:
    """Kill engines that are processes of their own, at random moments."""
    undisturbed, tally = Mortal(prepared(bench, home / "undisturbed"), lambda number: False).run(), Tally()
    events = events_in(RunFolder(home / "undisturbed"))
    with _progress() as progress:
        for number in progress.track(np.random.default_rng(seed).integers(1, events - 2, times)):
            ending = killed_after(prepared(bench, home / f"killed-{number}"), int(number))
            for trouble in tally.add(Point(int(number), SIGKILL, f"event {number}", 0.0), ending, undisturbed):
                progress.console.print(trouble, soft_wrap=True)
    return tally


def _progress() -> Progress:
    return Progress(console=Console(stderr=True), auto_refresh=False)  # no thread: this process will be split


def main() -> None:
    """Print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", choices=list(SAMPLES))
    parser.add_argument("--most", type=int, metavar="N", help="at most N points at each kind of event and command")
    parser.add_argument(
        "--sigkill", type=int, default=0, metavar="N", help="kill N processes instead, at random moments"
    )
    parser.add_argument("--seed", type=int, default=0, help="of those moments")
    wishes = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    start_s = wall_s()
    with tempfile.TemporaryDirectory() as home:
        if wishes.sigkill:
            tally = kill_truly(wishes.bench, Path(home), wishes.sigkill, wishes.seed)
        else:
            tally = kill_everywhere(wishes.bench, Path(home), wishes.most)
    _show(tally, f"{wishes.bench}: {tally.points.total()} deaths in {wall_s() - start_s:.0f} s")


def _show(tally: Tally, title: str) -> None:
    points = Table("died", "points", *COLUMNS, title=title)
    for kind in filter(tally.points.get, KINDS):
        points.add_row(kind, str(tally.points[kind]), *(str(tally.found[kind, what]) for what in COLUMNS))
    all_found = (str(sum(tally.found[kind, what] for kind in KINDS)) for what in COLUMNS)
    points.add_row("all", str(tally.points.total()), *all_found)
    doubts = Table("in doubt", "told by", *OUTCOMES)
    for device, verb, witness in sorted({key[:3] for key in tally.doubts}):
        counts = (str(tally.doubts[device, verb, witness, outcome]) for outcome in OUTCOMES)
        doubts.add_row(f"{device}.{verb}", witness, *counts)
    for table in (points, doubts):
        Console(width=160).print(table)


if __name__ == "__main__":
    main()
