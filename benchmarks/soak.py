"""A thousand hours of the film bench under random faults: is everything accounted for, and nothing done twice?

    python benchmarks/soak.py --hours 1000 --seed 0 --into soak.jsonl

Each campaign's counts are appended to the file when it ends: a soak that was interrupted goes on where it stood.

Each campaign (40 samples, a bench with another arm and furnace in turn, every fifth with eyes) meets a
dozen faults in its ten hours, drawn from all kinds that each device can suffer: about ten times what a poor laboratory
sees. Where a run stops, a person comes (`console/person.py`): frees the arm by its driver's own verbs, says truthfully
where a vessel is that is asked after, and has the run go on. At the end the laboratory's own record is compared with
the journal's belief (`console/audit.py`). Three figures must be zero:

- doubled commands: acting commands that arm or pump received beyond those the journal says were sent;
- unaccounted samples: begun, and neither finished nor set aside;
- untracked vessels: believed to have been seen where they are not, or presumed, unseen, where they are not.

Every arm has a light barrier between its jaws; `--no-feeling` takes it away, and shows what a bench cannot know that neither
feels nor sees.
"""

import argparse
import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import numpy as np
from film_benches import EXAMPLE, bench_with, variants, write_bench
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from console.audit import audit
from console.compose import Conducted, conduct
from console.person import visit
from console.runfolder import RunFolder, Setup
from console.runs import settle_campaign
from console.unwatched import Unwatched
from hardware_sim.fault_plan import counted_in, kinds_of
from planning.journal import Event, Journal
from robot.config import LabConfig
from robot.errors import NotReachable

MAX_VISITS = 30
FAULTS_PER_CAMPAIGN = 14
"""Some are drawn for occasions that never come."""
EYES_EVERY = 5
"""Every fifth campaign has the cameras looked through, so that bubbles and vessels that fell are found."""
ACTS = {"arm": 2000, "pipette": 1100, "furnace": 20, "probe": 140}
REQUESTS = {"arm": 8000, "pipette": 9000, "furnace": 8000, "probe": 700, "side_camera": 70, "top_camera": 70}
"""Of an undisturbed campaign, somewhat less than there are; faults are drawn up to here."""
OCCASIONS = {"short-aspirate": 60, "thermocouple-break": 8}
FIRST = 30
"""Before that, requests find out who is there."""
ZEROS = ("doubled commands", "unaccounted samples", "vessels wrongly seen", "vessels wrongly presumed")


@dataclass
class Soaked:
    """One campaign, brought to its end."""

    seed: int
    hours: float = 0.0
    tally: Counter[str] = field(default_factory=Counter)
    planned: Counter[str] = field(default_factory=Counter)
    struck: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)
    """What is not zero though it must be, or could not be brought to an end."""

    @classmethod
    def read(cls, line: str) -> "Soaked":
        """Read a campaign back from its line in a file."""
        found = json.loads(line)
        return cls(**found | {name: Counter(found[name]) for name in ("tally", "planned", "struck")})


def wishes(rng: np.random.Generator, lab: LabConfig) -> list[str]:
    """The faults of a bad week, each of a kind that its device can suffer."""
    choices = [(kind, device) for device, settings in lab.devices.items() for kind in kinds_of(settings)]
    drawn = [choices[index] for index in rng.integers(len(choices), size=FAULTS_PER_CAMPAIGN)]
    return [f"{kind}@{device}:{rng.integers(*_occasions(kind, device, lab))}" for kind, device in drawn]


def _occasions(kind: str, device: str, lab: LabConfig) -> tuple[int, int]:
    if kind in OCCASIONS:
        return 1, OCCASIONS[kind]
    if counted_in(kind, lab.devices[device]) == "acts":
        return 2, ACTS[device]
    return min(FIRST, REQUESTS[device] // 2), REQUESTS[device]


def soak(seed: int, feels: bool = True) -> Soaked:
    """Run one campaign to its end; without a light barrier in the gripper if it is not to feel."""
    models = list(variants())
    bench, vision = models[seed % len(models)], seed % EYES_EVERY == 0
    faults = wishes(np.random.default_rng(seed), bench_with(*bench))
    done = Soaked(seed, planned=Counter(each.partition("@")[0] for each in faults))
    with tempfile.TemporaryDirectory() as temporary:
        lab = write_bench(Path(temporary) / "lab.yaml", *bench, feels=feels)
        folder = RunFolder.create(Path(temporary) / "run", lab, EXAMPLE / "protocol.yaml", EXAMPLE / "campaign.yaml")
        settle_campaign(folder, seed, None, "random")
        folder.write_setup(Setup(seed=seed, vision=vision, faults=",".join(faults)))
        _compare(_to_its_end(folder, done), done)
    where = f"seed {seed} ({' '.join(bench) or 'own bench'}{', with eyes' if vision else ''})"
    done.troubles = [f"{where}: {each}" for each in done.troubles]
    return done


def _to_its_end(folder: RunFolder, done: Soaked) -> Conducted:
    """Conduct; whenever it stops, let a person come and go on."""
    run = conduct(folder, folder.setup, Unwatched())
    for _ in range(MAX_VISITS):
        if not run.executor.stopped_because:
            return run
        visited = visit(folder, run.executor.whereabouts.astray.values())
        done.tally["arms freed"] += len(visited.freed)
        done.tally["questions asked"] += len(visited.answers)
        done.tally["resumes"] += 1
        try:
            run = conduct(folder, folder.setup, Unwatched(), resume=True)
        except NotReachable:  # noise, just then: it is tried again
            done.tally["resumes that found a device silent"] += 1
    done.troubles.append(f"not at its end after {MAX_VISITS} visits: {run.executor.stopped_because}")
    return run


def _compare(run: Conducted, done: Soaked) -> None:
    found, samples = audit(run), run.executor.samples.values()
    with Journal.reading(run.folder.journal) as journal:
        done.tally.update(_told(list(journal.events())))
    done.hours = run.clock.now_s() / 3600
    done.struck.update(fault.partition("@")[0] for fault in found.struck)
    done.tally["samples begun"] += len(samples)
    done.tally.update(f"samples {sample.status}" for sample in samples)
    under_way = [sample.name for sample in samples if sample.status == "under way"]
    repeated = [f"{device} {count}" for device, count in found.repeated.items() for _ in range(count)]
    for name, what in zip(ZEROS, (repeated, under_way, found.wrong, found.unchecked), strict=True):
        done.tally[name] += len(what)
        done.troubles += [f"{name}: {', '.join(what)}"] * bool(what)


def _told(events: list[Event]) -> Counter[str]:
    told = Counter(event.kind for event in events)
    names = {"intent": "commands sent", "resolved": "commands settled by asking", "astray": "vessels that went astray",
             "not_taken": "commands that waited for a busy device", "reconnected": "lines opened anew"}  # fmt: skip
    return Counter({name: told[kind] for kind, name in names.items()})


def campaigns(wanted: argparse.Namespace, soaked: set[int]) -> Iterator[Soaked]:
    """Soak some campaigns at a time, of seeds that are not soaked yet, until the hours are full."""
    seeds = (seed for seed in count(wanted.seed) if seed not in soaked)
    pending, total = set[Future[Soaked]](), 0.0
    with ProcessPoolExecutor(wanted.processes) as pool:
        while total < wanted.hours or pending:
            while total < wanted.hours and len(pending) < wanted.processes:
                pending.add(pool.submit(soak, next(seeds), wanted.feels))
            over, pending = wait(pending, return_when=FIRST_COMPLETED)
            for done in (future.result() for future in over):
                total += done.hours
                yield done


def main() -> None:
    """Print the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=1000.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument(
        "--into", type=Path, help="append each campaign's counts to this file; go on with what it holds"
    )
    parser.add_argument(
        "--no-feeling", dest="feels", action="store_false", help="without light barriers in the grippers"
    )
    wanted = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    into: Path | None = wanted.into
    lines = into.read_text(encoding="utf-8").splitlines() if into is not None and into.exists() else []
    all_done = [Soaked.read(line) for line in lines]
    wanted.hours -= sum(done.hours for done in all_done)
    with Progress(console=Console(stderr=True)) as progress:
        bar = progress.add_task("soaking", total=wanted.hours)
        for done in campaigns(wanted, {done.seed for done in all_done}):
            all_done.append(done)
            if into is not None:
                with into.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(vars(done)) + "\n")
            progress.advance(bar, done.hours)
            for trouble in done.troubles:
                progress.console.print(trouble, soft_wrap=True)
    _show(all_done)


def _show(all_done: list[Soaked]) -> None:
    hours = sum(done.hours for done in all_done)
    planned, struck, tally = (_sum(all_done, name) for name in ("planned", "struck", "tally"))
    kinds = Table("fault", "planned", "struck", title=f"{len(all_done)} campaigns, {hours:.0f} bench hours")
    for kind in sorted(planned | struck):
        kinds.add_row(kind, str(planned[kind]), str(struck[kind]))
    kinds.add_row("all", str(planned.total()), str(struck.total()))
    counts = Table("what", "count")
    for name in (*sorted(set(tally) - set(ZEROS)), *ZEROS):
        counts.add_row(name, str(tally[name]))
    for table in (kinds, counts):
        Console().print(table)


def _sum(all_done: list[Soaked], name: str) -> Counter[str]:
    return sum((getattr(done, name) for done in all_done), Counter[str]())


if __name__ == "__main__":
    main()
