"""An engine is killed at every point of a run: is anything lost, is anything done twice?

    python benchmarks/kill_everywhere.py film
    python benchmarks/kill_everywhere.py powder --processes 2 --into powder.jsonl
    python benchmarks/kill_everywhere.py film --sigkill 20

Points are: after every event of the journal, and between each write that a device acts on and its reply (the bytes went
out, and nobody read the answer). At each the engine is gone with all that it knew (`mortal.py`); the bench goes on
alone, for nothing and for ten minutes in turn; then the run is resumed and brought to its end. Compared with the
undisturbed run, on the far side of the wires (`endings.py`): no command twice, no sample lost, the same bench. With
`--into` each death is appended to a file when its run has ended: what was interrupted goes on where it stood. With
`--sigkill` engines in processes of their own are killed by the kernel (`sigkill.py`).
"""

import argparse
import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
from endings import Ending, differences, doubled, lost
from mortal import AFTER_EVENT, BEFORE_REPLY, Mortal, Point
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sigkill import events_in, killed_after

from console.runfolder import RunFolder, Setup
from robot.clock import wall_s

EXAMPLES = Path(__file__).parent.parent / "examples"
GAPS_S = (0.0, 600.0)
SIGKILL = "by SIGKILL, truly"
KINDS = (AFTER_EVENT, BEFORE_REPLY, SIGKILL)
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
        {"blend": {"li2co3": share, "mno2": 1 - share}, "fire_c": fire_c, "hold_min": 120.0}
        for share in (0.15, 0.175, 0.2, 0.25)
        for fire_c in (700.0, 800.0)
    ],
}


@dataclass(frozen=True)
class Death:
    """Where an engine died, and what became of its run."""

    number: int
    kind: str
    at: str
    doubts: list[list[str]]
    """Of each command in doubt: device, verb, what of it tells, what it told, and by whom it was settled."""
    troubles: dict[str, list[str]]

    @classmethod
    def found(cls, point: Point, ending: Ending, undisturbed: Ending) -> Self:
        """Compare with the undisturbed run."""
        doubts = [[each.device, each.verb, each.witness, each.outcome, each.settled_by] for each in ending.doubts]
        return cls(point.number, point.kind, point.at, doubts, findings(point, ending, undisturbed))

    @property
    def told(self) -> list[str]:
        """What went wrong, a line each."""
        return [
            f"point {self.number}, {self.kind} {self.at}: {what}: {line}"
            for what, lines in self.troubles.items()
            for line in lines
        ]


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

    @classmethod
    def of(cls, deaths: Iterable[Death]) -> Self:
        """Count them."""
        tally = cls()
        for death in deaths:
            tally.points[death.kind] += 1
            for device, verb, witness, outcome, by in death.doubts:
                tally.found.update([(death.kind, "in doubt"), (death.kind, by)])
                tally.doubts[device, verb, witness, outcome] += 1
            tally.found.update({(death.kind, what): len(each) for what, each in death.troubles.items()})
            tally.troubles += death.told
        return tally


def findings(point: Point, ending: Ending, undisturbed: Ending) -> dict[str, list[str]]:
    """What must be empty: of a run that died and went on, against one that did not."""
    return {
        "doubled commands": doubled(ending, undisturbed),
        "lost samples": lost(ending, undisturbed),
        "other final states": differences(ending, undisturbed, later=point.gap_s > 0)[:1],
        "not ended": [*ending.asked[len(undisturbed.asked) :], *filter(None, [ending.stopped])],
    }


def prepared(bench: str, path: Path) -> RunFolder:
    """A run of the bench's samples, not begun."""
    example = EXAMPLES / f"{bench}_bench"
    folder = RunFolder.create(path, example / "lab.yaml", example / "protocol.yaml", None)
    folder.write_setup(Setup(seed=7, vision=False, samples=SAMPLES[bench]))
    return folder


def kill_everywhere(
    bench: str, home: Path, most: int | None = None, at_once: int = 1, into: Path | None = None
) -> list[Death]:
    """Run the bench's samples once undisturbed; then die at its points, at `most` so many of a kind.

    Args:
        bench: whose.
        home: where runs are kept meanwhile.
        most: all, if None.
        at_once: how many processes may work beside this one.
        into: a file to which each death is appended; those it holds are not died again.
    """
    deaths = [] if into is None or not into.exists() else [Death(**json.loads(line)) for line in into.open()]
    whole = Mortal(prepared(bench, home / "undisturbed"), lambda number: False)
    undisturbed = whole.run()
    wanted = chosen(whole.passed, most) - {death.number for death in deaths}
    with _progress() as progress:
        bar = progress.add_task("dying", total=len(wanted))

        def told(point: Point, ending: Ending) -> None:
            death = Death.found(point, ending, undisturbed)
            deaths.append(death)
            if into is not None:
                with into.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(vars(death)) + "\n")
            for trouble in death.told:
                progress.console.print(trouble, soft_wrap=True)
            progress.update(bar, advance=1, refresh=True)

        Mortal(prepared(bench, home / "run"), wanted.__contains__, GAPS_S, told, at_once).run()
    return deaths


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


def kill_truly(bench: str, home: Path, times: int, seed: int) -> list[Death]:
    """Kill engines that are processes of their own, at random moments."""
    undisturbed, deaths = Mortal(prepared(bench, home / "undisturbed"), lambda number: False).run(), []
    events = events_in(RunFolder(home / "undisturbed"))
    with _progress() as progress:
        for number in progress.track(np.random.default_rng(seed).integers(1, events - 2, times)):
            ending = killed_after(prepared(bench, home / f"killed-{number}"), int(number))
            deaths.append(Death.found(Point(int(number), SIGKILL, f"event {number}", 0.0), ending, undisturbed))
            for trouble in deaths[-1].told:
                progress.console.print(trouble, soft_wrap=True)
    return deaths


def _progress() -> Progress:
    return Progress(console=Console(stderr=True), auto_refresh=False)  # no thread: this process will be split


def main() -> None:
    """Print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", choices=list(SAMPLES))
    parser.add_argument("--most", type=int, metavar="N", help="at most N points at each kind of event and command")
    parser.add_argument("--processes", type=int, default=1, metavar="N", help="so many deaths at once")
    parser.add_argument("--into", type=Path, metavar="FILE", help="append each death here; go on with what it holds")
    parser.add_argument(
        "--sigkill", type=int, default=0, metavar="N", help="kill N processes instead, at random moments"
    )
    parser.add_argument("--seed", type=int, default=0, help="of those moments")
    wishes = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    start_s = wall_s()
    with tempfile.TemporaryDirectory() as home:
        if wishes.sigkill:
            deaths = kill_truly(wishes.bench, Path(home), wishes.sigkill, wishes.seed)
        else:
            deaths = kill_everywhere(wishes.bench, Path(home), wishes.most, wishes.processes, wishes.into)
    _show(Tally.of(deaths), f"{wishes.bench}: {len(deaths)} deaths in {wall_s() - start_s:.0f} s")


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
