"""Is it worth asking while samples are under way? Campaigns one sample or one batch at a time, and asynchronous.

    python benchmarks/asynchronous.py [--only film powder] [--seeds 10] [--dry-run]

The campaigns of the film bench and of the powder bench, with the engine's own course of a run, dispatcher, designer and
limits of the bench. Instead of devices there is the planner's estimate: each task takes the time that is expected of
it, and nothing fails. Films obey the table's means with the scatter of replicates; powders the bench's synthetic
chemistry, fired along the programme, each firing with a haste of its own. What counts is the time, in bench hours, until a
sample has ended whose figure, scatter apart, is 90 % of the best that can be made. Seeds are paired: the same first points and
scatter. A campaign that does not get there counts with the time of its end. `--dry-run` conducts the asynchronous
campaign of seed 0 on the simulated film bench besides, to say how far off the estimates are.
"""

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from designers import interval
from film_campaign import EXAMPLE, well_replicated_best
from rich.console import Console
from rich.progress import track
from rich.table import Table

from hardware_sim.world.film import TableFilm, scattered
from hardware_sim.world.firing import FIRING_STD, Chemistry
from hardware_sim.world.powder import Powder
from planning.campaign import Campaign, Chosen
from planning.course import Course
from planning.inventory import Inventory
from planning.protocol.document import Protocol
from planning.room import Room
from planning.samples import Sample
from robot.config import LabConfig
from robot.fleet import open_fleet

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "../shared/data/optimization/p3ht_cnt.csv"
SHARE = 0.9
COLD_C, COOLING_S = 22.0, 200 * 60.0
POWDER_MG = 1000.0
MIXED_FRACTION = 0.9
READING_STD = 0.007
"""Root mean square of spinel found less spinel in truth, as docs/powder-bench.md has measured it."""

Values = Mapping[str, Any]


class Films:
    """The film bench, its films obeying a table."""

    path = EXAMPLE

    def __init__(self, table: Path) -> None:
        self.truth = TableFilm(table)
        self.pool = [{f"blend.{ink}": share for ink, share in row.items()} for row in self.truth.compositions()]

    @cached_property
    def best(self) -> float:
        """The best mean that rests on films enough."""
        return well_replicated_best(self.truth)

    def mean(self, values: Values) -> float:
        """What a sample is worth."""
        return self.truth.mean_s_per_cm(values["blend"], values["anneal_c"], values["anneal_min"])

    def measured(self, values: Values, rng: np.random.Generator) -> float:
        """What is found on one film."""
        return scattered(self.mean(values), rng)


class Powders:
    """The powder bench, with its synthetic chemistry."""

    path = ROOT / "examples" / "powder_bench"
    pool = None

    def __init__(self) -> None:
        self.chemistry = Chemistry({})

    @cached_property
    def best(self) -> float:
        """The best of a fine grid."""
        blends = [{"li2co3": share, "mno2": 1.0 - share} for share in np.linspace(0.1, 0.4, 31)]
        return max(self._spinel(blend, fire_c, 240.0, 1.0) for blend in blends for fire_c in range(600, 1001, 25))

    def mean(self, values: Values) -> float:
        """What a sample is worth."""
        return self._spinel(values["blend"], values["fire_c"], values["hold_min"], 1.0)

    def measured(self, values: Values, rng: np.random.Generator) -> float:
        """What is found in one crucible."""
        haste = float(np.exp(rng.normal(0.0, FIRING_STD)))
        found = self._spinel(values["blend"], values["fire_c"], values["hold_min"], haste)
        return max(found + READING_STD * float(rng.normal()), 0.0)

    def _spinel(self, blend: Mapping[str, float], fire_c: float, hold_min: float, haste: float) -> float:
        phases = {"Li2CO3": POWDER_MG * blend["li2co3"], "MnO2": POWDER_MG * blend["mno2"]}
        powder = Powder(phases, mixed_fraction=MIXED_FRACTION)
        self.chemistry.fire(powder, programme_c(fire_c, hold_min), "air", haste)
        return powder.fraction("LiMn2O4")


def programme_c(fire_c: float, hold_min: float) -> np.ndarray:
    """What the protocol's firing makes of a crucible's temperature, one a second, natural cooling included."""
    ends = [COLD_C, 300.0, fire_c, fire_c]
    spans_s = [60 * (300.0 - COLD_C) / 2.0, 60 * (fire_c - 300.0) / 5.0, 60 * hold_min]
    climb = np.interp(np.arange(sum(spans_s)), np.cumsum([0.0, *spans_s]), ends)
    cooling = COLD_C + (fire_c - COLD_C) * np.exp(-np.arange(3 * COOLING_S) / COOLING_S)
    return np.concatenate([climb, cooling])


Bench = Films | Powders


@dataclass(frozen=True)
class Way:
    """How samples are let in: in batches of so many, so many under way at most."""

    name: str
    batch: int
    in_flight: int


def ways(campaign: Campaign) -> list[Way]:
    """Those that are compared; the last is the campaign's own."""
    batch, in_flight = campaign.batch, campaign.in_flight
    return [
        Way("one at a time", 1, 1),
        Way("batch by batch", batch, batch),
        Way("one whenever a place is free", 1, in_flight),
        Way("a batch whenever there is room", batch, in_flight),
    ]


@dataclass(frozen=True)
class Outcome:
    """A campaign: hours until it had 90 % of the best, whether it ever had, and hours until its end."""

    hours: float
    got_there: bool
    whole_hours: float


def play(bench: Bench, way: Way, seed: int) -> Outcome:
    """One campaign on the planner's estimates."""
    with opened(bench, way, seed) as (course, quantity):
        ended = rehearsed(course, quantity, bench.measured, np.random.default_rng([seed, 2]))
    reached = [time_s for time_s, sample in ended if bench.mean(sample.request.values) >= SHARE * bench.best]
    end_s = ended[-1][0]
    return Outcome(min(reached, default=end_s) / 3600, bool(reached), end_s / 3600)


@contextmanager
def opened(bench: Bench, way: Way, seed: int) -> Iterator[tuple[Course, str]]:
    """The course of a campaign that has not begun, and the figure that it wants."""
    path = bench.path / "campaign.yaml"
    changes = {"batch": way.batch, "in_flight": way.in_flight, "seed": seed}
    campaign = Campaign.load(path).model_copy(update=changes)
    lab, protocol = LabConfig.load(campaign.lab), Protocol.load(campaign.protocol)
    designer = campaign.designer(campaign.space_for(protocol, path, bench.pool), path)
    with open_fleet(lab) as fleet:
        source = Chosen(campaign, designer, Room(protocol, lab))
        yield Course(lab, fleet.devices, protocol, source, Inventory(lab)), campaign.quantity


def rehearsed(
    course: Course, quantity: str, measured: Callable[[Values, np.random.Generator], float], rng: np.random.Generator
) -> list[tuple[float, Sample]]:
    """Samples as they end, with when, in seconds, if every task takes as long as is expected of it."""
    now_s, dispatcher = 0.0, course.dispatcher
    ended: list[tuple[float, Sample]] = []
    while True:
        if requests := course.source.next_requests(len(course.under_way()), now_s):
            course.admit(requests, now_s)
        while (task := dispatcher.next_task(now_s)) is not None:
            if task.choices:
                course.assign(course.samples[task.samples[0]], dispatcher.choose(task) or {})
            else:
                dispatcher.start(task, now_s)
        if not dispatcher.running:
            return ended
        now_s = min([*(slot.end_s for slot in dispatcher.running.values()), dispatcher.next_wake_s(now_s)])
        for slot in [slot for slot in dispatcher.running.values() if slot.end_s <= now_s]:
            course.end(slot.task, {}, now_s)
            for sample in [each for each in map(course.samples.__getitem__, slot.task.samples) if course.is_over(each)]:
                sample.results[quantity] = measured(sample.request.values, rng)
                course.close(sample, "finished")
                ended.append((now_s, sample))


def hours_in_dry_run(table: Path, seed: int) -> float:
    """Bench hours of the film bench's own campaign, conducted on emulators."""
    from console.compose import conduct
    from console.runfolder import RunFolder, Setup
    from console.runs import settle_campaign
    from console.unwatched import Unwatched

    with tempfile.TemporaryDirectory() as temporary:
        files = (EXAMPLE / f"{name}.yaml" for name in ("lab", "protocol", "campaign"))
        folder = RunFolder.create(Path(temporary) / "run", *files)
        settle_campaign(folder, seed, None, None)
        return conduct(folder, Setup(seed=seed, truth=str(table), vision=False), Unwatched()).clock.now_s() / 3600


def ratio(ours: list[Outcome], theirs: list[Outcome]) -> str:
    """Geometric mean of the hours of one way over those of another, seed by seed, with its interval."""
    logs = np.array([np.log(a.hours / b.hours) for a, b in zip(ours, theirs, strict=True)])
    low, high = np.exp(interval(logs))
    return f"{np.exp(logs.mean()):.2f} ({low:.2f}–{high:.2f})"


def table_of(name: str, bench: Bench, seeds: int, console: Console) -> Table:
    """Every way on one bench, against the first two."""
    table = Table("way", "batch", "in flight", "hours to 90 %: median", "got there", "hours of all", "over one at a time",
                  "over batch by batch", title=f"{name}, {seeds} seeds")  # fmt: skip
    played: dict[Way, list[Outcome]] = {}
    for way in ways(Campaign.load(bench.path / "campaign.yaml")):
        work = track(range(seeds), f"{name}, {way.name}", console=console)
        played[way] = [play(bench, way, seed) for seed in work]
    one, batches = list(played.values())[:2]
    for way, outcomes in played.items():
        hours = f"{np.median([each.hours for each in outcomes]):.1f}"
        whole = f"{np.mean([each.whole_hours for each in outcomes]):.1f}"
        reached = f"{sum(each.got_there for each in outcomes)} of {seeds}"
        over = ratio(outcomes, one), ratio(outcomes, batches)
        table.add_row(way.name, str(way.batch), str(way.in_flight), hours, reached, whole, *over)
    return table


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=("film", "powder"), default=["film", "powder"])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--table", type=Path, default=TABLE)
    parser.add_argument("--dry-run", action="store_true")
    wishes = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    console = Console(width=160)
    films = Films(wishes.table)
    benches: dict[str, Bench] = {"film": films, "powder": Powders()}
    for name in wishes.only:
        console.print(table_of(f"{name} bench", benches[name], wishes.seeds, console))
    if wishes.dry_run:
        own = ways(Campaign.load(EXAMPLE / "campaign.yaml"))[-1]
        expected, conducted = play(films, own, 0).whole_hours, hours_in_dry_run(wishes.table.resolve(), 0)
        console.print(f"film bench, seed 0: {expected:.1f} h expected, {conducted:.1f} h on the simulated bench")


if __name__ == "__main__":
    main()
