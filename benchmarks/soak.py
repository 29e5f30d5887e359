"""A thousand bench hours of the film bench under random faults: is everything accounted for, and nothing done twice?

    python benchmarks/soak.py --hours 1000

Each campaign (40 samples, no vision) meets a dozen faults drawn at random: lost replies with the action done, noise on
every line, bubbles, broken thermocouples. Where a run stops because a device's answer stayed in doubt, a person is
taken to have looked, and it is resumed. At the end the laboratory's own record is compared with the journal's belief:

- unaccounted samples: begun, and neither finished nor set aside;
- doubled commands: acting commands that a device received beyond those the journal says were sent;
- untracked vessels: those that truly stand elsewhere than the executor believes, or are broken or dropped.

`console/audit.py` compares.
"""

import argparse
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
from film_campaign import EXAMPLE, Silent
from rich.console import Console
from rich.progress import track
from rich.table import Table

from console.audit import audit
from console.compose import Conducted, conduct
from console.runfolder import RunFolder, Setup
from console.runs import settle_campaign
from hardware_sim.wire.noise import NOISES
from planning.journal import Journal

MAX_RESUMES = 8
LONGEST_BENCH_HOURS = 10.2
MOVING = ("arm", "pipette")
"""Devices whose every acting command is one that the journal intends, one for one."""


def wishes(rng: np.random.Generator) -> str:
    """A dozen faults of a bad week: about ten times what a poor laboratory sees in ten hours."""
    devices = ("arm", "pipette", "furnace", "probe")
    on_rs485 = ("pipette", "furnace")  # only there can a line echo what one says
    kinds = [str(kind) for kind in rng.choice(NOISES, 6)]
    at = [rng.choice(on_rs485 if kind == "local-echo" else devices) for kind in kinds]
    noises = [f"{kind}@{device}:{rng.integers(20, 2500)}" for kind, device in zip(kinds, at, strict=True)]
    lost = [f"lost-reply@{device}:{rng.integers(2, 800)}" for device in ("arm", "pipette", "arm", "pipette")]
    return ",".join(
        [*noises, *lost, f"short-aspirate:{rng.integers(1, 60)}", f"thermocouple-break:{rng.integers(1, 10)}"]
    )


def soak(seed: int, tally: Counter[str]) -> float:
    """Run one campaign to its end; add to the tally; return its bench hours."""
    faults = wishes(np.random.default_rng(seed))
    with tempfile.TemporaryDirectory() as temporary:
        example = (EXAMPLE / f"{name}.yaml" for name in ("lab", "protocol", "campaign"))
        folder = RunFolder.create(Path(temporary) / "run", *example)
        settle_campaign(folder, seed, None, "random")
        setup = Setup(seed=seed, vision=False, faults=faults)
        folder.write_setup(setup)
        run = conduct(folder, setup, Silent())
        resumes = 0
        while run.executor.stopped_because and resumes < MAX_RESUMES:
            resumes += 1
            run = conduct(folder, setup, Silent(), resume=True)
        tally["resumed after a person looked"] += resumes
        _compare(run, tally)
        return run.clock.now_s() / 3600


def _compare(run: Conducted, tally: Counter[str]) -> None:
    found = audit(run)
    with Journal.reading(run.folder.journal) as journal:
        told = Counter((event.device, event.kind) for event in journal.events())
    tally.update(f"struck: {fault.partition('@')[0]}" for fault in found.struck)
    tally["samples begun"] += len(run.executor.samples)
    for sample in run.executor.samples.values():
        tally[f"samples {sample.status}"] += 1
    tally["unaccounted samples"] += len(run.executor.under_way())
    for device in MOVING:
        tally[f"{device}: commands sent"] += told[device, "intent"]
        tally[f"{device}: settled by asking"] += told[device, "resolved"]
    tally["doubled commands"] += sum(found.repeated.values())
    tally["untracked vessels"] += len(found.wrong) + len(found.unchecked)
    tally["vessels known to be astray"] += len(found.astray)


def main() -> None:
    """Print the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=1000.0)
    wanted = parser.parse_args().hours
    tally: Counter[str] = Counter()
    hours = 0.0
    for seed in track(range(int(np.ceil(wanted / LONGEST_BENCH_HOURS * 1.25))), "soaking"):
        if hours < wanted:
            hours += soak(seed, tally)
    table = Table("what", "count", title=f"{hours:.0f} bench hours")
    for name, count in sorted(tally.items()):
        table.add_row(name, str(count))
    Console().print(table)


if __name__ == "__main__":
    main()
