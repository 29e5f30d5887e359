"""Does the check before a run find what is wrong, and does what passes work? Planted errors, random protocols, timings.

    python benchmarks/preflight.py                  # the planted errors, and how long checks take
    python benchmarks/preflight.py --random 300     # so many random protocols, checked, and conducted if they pass

A random protocol that passes is conducted on the simulated bench without faults (vision off): every sample must end well,
and the run should end within the foretold interval. Seeds are counted from `--seed`, so that one can be tried again.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import yaml
from film_campaign import EXAMPLE
from rich.console import Console
from rich.table import Table

from console.checking import examine
from console.compose import conduct
from console.runfolder import RunFolder, Setup
from console.unwatched import Unwatched
from robot.clock import wall_s

TESTS = Path(__file__).parent.parent / "tests" / "planning" / "preflight"
sys.path.insert(0, str(TESTS))
from random_protocols import DRAWN  # noqa: E402 - the same protocols as the tests draw
from test_planted import CASES, GOOD, Planted, examined  # noqa: E402 - the same errors as the tests plant

LABS = {"film": EXAMPLE / "lab.yaml", "kiln": TESTS / "files" / "lab.yaml"}
REPEATS = 5


class _WrittenOut(yaml.SafeDumper):
    """Writes everything out, without aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        """Nothing is referred to."""
        return True


def conducted(bench: str, seed: int, folder: Path) -> dict[str, Any]:
    """Draw a protocol, check it, and if it passes carry it out; say what came of it."""
    protocol, values, samples = DRAWN[bench](np.random.default_rng(seed))
    path = folder / "protocol.yaml"
    path.write_text(yaml.dump(protocol, Dumper=_WrittenOut, sort_keys=False), encoding="utf-8")
    result = examine(path, LABS[bench], lambda recipe: [values] * samples).preflight
    said: dict[str, Any] = {"bench": bench, "seed": seed, "passed": result.passed,
                            "rules": sorted({finding.rule for finding in result.findings})}  # fmt: skip
    if not result.passed:
        return said
    run_folder = RunFolder.create(folder / "run", LABS[bench], path, None)
    setup = Setup(seed=seed, vision=False, samples=[values] * samples)
    run_folder.write_setup(setup)
    run = conduct(run_folder, setup, Unwatched())
    low_s, high_s = result.duration_interval_s()
    failures = [
        f"{sample.name}: {sample.why}" for sample in run.executor.samples.values() if sample.status != "finished"
    ]
    return said | {
        "failures": [*failures, *([run.executor.stopped_because] if run.executor.stopped_because else [])],
        "foretold_h": [round(s / 3600, 2) for s in (low_s, result.duration_s, high_s)],
        "took_h": round(run.clock.now_s() / 3600, 2),
    }


def show_planted(console: Console) -> None:
    """Print what was found of each planted error, and how many good variants pass."""
    table = Table("planted", "bench", "rule", "line", "finding")
    missed = 0
    with tempfile.TemporaryDirectory() as temporary:
        for case in CASES:
            planted = Planted(**case)
            found = [
                told for told in examined(planted, Path(temporary), EXAMPLE).told if told.finding.rule == planted.rule
            ]
            missed += not found
            for told in found[:1]:
                table.add_row(
                    planted.id, planted.bench, planted.rule, f"{told.path.name}:{told.line}", told.finding.what
                )
        good = [examined(Planted(**case), Path(temporary), EXAMPLE).preflight.passed for case in GOOD]
    console.print(table)
    console.print(f"{len(CASES)} planted, {missed} missed; {sum(good)} of {len(good)} good variants pass")


def show_speed(console: Console) -> None:
    """Print how long the command takes, start of the interpreter included."""
    table = Table("samples", "wall s", "CPU s")
    with tempfile.TemporaryDirectory() as temporary:
        lab = yaml.safe_load(LABS["film"].read_text(encoding="utf-8"))
        for rack, ware in (("vials", "vial-8ml"), ("substrates", "glass-25mm")):
            lab["sites"][rack] = {"origin_mm": lab["sites"][rack]["origin_mm"], "stack": 400, "holds": ware}
        for stock in lab["stocks"].values():
            stock["volume_ml"] = 20000
        path = Path(temporary) / "lab.yaml"
        path.write_text(yaml.safe_dump(lab), encoding="utf-8")
        for samples in (1, 24, 96, 350):
            words = ["check", str(EXAMPLE / "protocol.yaml"), "--lab", str(path), "--samples", str(samples)]
            walls_s, cpus_s = zip(
                *(_timed([sys.executable, "-m", "console", *words]) for _ in range(REPEATS)), strict=True
            )
            table.add_row(str(samples), f"{median(walls_s):.2f}", f"{median(cpus_s):.2f}")
    console.print(table)


def _timed(command: list[str]) -> tuple[float, float]:
    """Wall and CPU seconds of a command."""
    before, start_s = resource.getrusage(resource.RUSAGE_CHILDREN), wall_s()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wall, after = wall_s() - start_s, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def try_random(count: int, seed: int, console: Console) -> None:
    """Print each protocol that passed and failed, then the sums."""
    outcomes: Counter[str] = Counter()
    for number in range(seed, seed + count):
        for bench in DRAWN:
            with tempfile.TemporaryDirectory() as temporary:
                said = conducted(bench, number, Path(temporary))
            if not said["passed"]:
                outcomes[f"{bench}: refused"] += 1
                outcomes.update(f"  rule {rule}" for rule in said["rules"])
                continue
            low_h, _, high_h = said["foretold_h"]
            outcomes[f"{bench}: passed"] += 1
            outcomes[f"{bench}: passed and failed"] += bool(said["failures"])
            outcomes[f"{bench}: ended within the interval"] += low_h <= said["took_h"] <= high_h
            if said["failures"] or not low_h <= said["took_h"] <= high_h:
                console.print(json.dumps(said), soft_wrap=True)
    table = Table("outcome", "protocols")
    for outcome, times in sorted(outcomes.items()):
        table.add_row(outcome, str(times))
    console.print(table)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--random", type=int, default=0, metavar="N", help="random protocols for each bench")
    parser.add_argument("--seed", type=int, default=0, help="the first one's")
    options = parser.parse_args()
    console = Console(highlight=False)
    if options.random:
        try_random(options.random, options.seed, console)
    else:
        show_planted(console)
        show_speed(console)


if __name__ == "__main__":
    main()
