"""Every fault that each device of a bench can suffer, one run each: what it said, what was decided, belief against truth.

    python benchmarks/fault_table.py                    # the film bench, and it again with every other arm and furnace
    python benchmarks/fault_table.py --places 3         # each fault at three places of the run
    python benchmarks/fault_table.py --markdown > table.md

One film is made (vision off; on for what only a camera can find); what the film bench has no use for does a small job
of its own (`errands.py`). A fault strikes in the middle of what its device has to do. Columns: how often it struck in so many runs; what was reported, and decided, most often; commands of arms and
pumps that were repeated; vessels believed to have been seen where they are not; vessels presumed where they are not, on
a bench where nobody looked; vessels known to be astray; the longest run against the calculated longest. Kinds and
devices are those that the emulators declare: what is added there appears here.
"""

import argparse
import os
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from errands import ERRANDS, Errand
from fault_jobs import blows, conducted, decided, limit_h, planned, repeated, went_on
from film_benches import ARMS, EXAMPLE, FURNACES, bench_with, write_bench
from rich.console import Console
from rich.progress import track
from rich.table import Table

from console.audit import audit
from console.checking import preflight
from console.compose import conduct
from console.runfolder import RunFolder, Setup
from console.unwatched import Unwatched
from hardware_sim.emulators.catalog import emulator_for
from hardware_sim.fault_plan import counted_in, kinds_of
from hardware_sim.faults import ailments_of
from planning.errors import Refused
from planning.journal import Event, Journal
from planning.protocol.document import Protocol
from robot.config import LabConfig
from robot.errors import DeviceError

FOR_A_CAMERA = ("missing-vessel", "slips", "stuck-vessel", "lost-steps", "short-aspirate")
SAMPLE = {"blend": {"p3ht": 0.5, "l_swnt": 0.5}}
PLACES = {"arm": (8, 20, 45), "pipette": (6, 14, 22), "furnace": (2, 1, 3), "probe": (4, 8, 2)}
REQUESTS = {"arm": 90, "pipette": 60, "furnace": 120, "probe": 4, "side_camera": 1, "top_camera": 1}
"""For what counts requests, in place of acts: about the middle of the run."""
SLACK_S = 2 * 3600.0
"""A furnace that does not get on is given up two hours after its programme should have ended."""


@dataclass(frozen=True)
class Case:
    """One fault on one bench; where a device has an errand of its own, this one by its number."""

    kind: str
    device: str
    model: str
    place: int
    errand: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What one run showed."""

    case: Case
    struck: bool
    reported: str
    decided: str
    repeated: int
    wrong: int
    unchecked: int
    astray: int
    ended_h: float
    limit_h: float


def cases(places: int) -> Iterator[Case]:
    """All that can go wrong on the film bench, and with each device that may stand in for its arm or furnace."""
    own = bench_with()
    for device, settings in own.devices.items():
        for kind in kinds_of(settings):
            yield from (Case(kind, device, settings.model, place) for place in range(places))
    for device, others in (("arm", ARMS), ("furnace", FURNACES)):
        for model in others:
            for kind in kinds_of(bench_with(model).devices[device]):
                yield from (Case(kind, device, model, place) for place in range(places))
    for number, errand in enumerate(ERRANDS):
        for kind, struck, model in blows(errand):
            yield from (Case(kind, struck, model, place, number) for place in range(places))


def strike(case: Case) -> Outcome:
    """Do what the device is there for while one thing goes wrong."""
    return _making_a_film(case) if case.errand is None else _on_an_errand(case, ERRANDS[case.errand])


def _on_an_errand(case: Case, errand: Errand) -> Outcome:
    done = conducted(errand, planned(errand, case.kind, case.device, case.place))
    reported, _ = _told(done.events, "" if done.error is None else str(done.error))
    return Outcome(
        case, case.kind in done.struck, reported, decided(errand, done), repeated(errand, done), 0,
        int(done.is_mistaken), 0, done.hours, limit_h(errand),
    )  # fmt: skip


def _making_a_film(case: Case) -> Outcome:
    with tempfile.TemporaryDirectory() as temporary:
        lab_file = write_bench(Path(temporary) / "lab.yaml", case.model)
        folder = RunFolder.create(Path(temporary) / "run", lab_file, EXAMPLE / "protocol.yaml", None)
        setup = Setup(seed=case.place, faults=_wish(case), vision=_needs_eyes(case), samples=[dict(SAMPLE)])
        folder.write_setup(setup)
        lab, recipe = LabConfig.load(folder.lab), Protocol.load(folder.protocol)
        limit_s = preflight(lab, recipe, [SAMPLE]).duration_interval_s()[1] + SLACK_S
        try:
            run = conduct(folder, setup, Unwatched())
        except (DeviceError, Refused) as err:
            return Outcome(case, True, str(err), "not begun", 0, 0, 0, 0, 0.0, limit_s / 3600)
        found = audit(run)
        with Journal.reading(folder.journal) as journal:
            events = list(journal.events())
    return Outcome(
        case, any(struck.startswith(case.kind) for struck in found.struck), *_told(events, run.executor.stopped_because),
        sum(found.repeated.values()), len(found.wrong), len(found.unchecked), len(found.astray),
        run.clock.now_s() / 3600, limit_s / 3600,
    )  # fmt: skip


def _needs_eyes(case: Case) -> bool:
    return case.kind in FOR_A_CAMERA or case.model == "opencv"


def _wish(case: Case) -> str:
    settings = bench_with(case.model).devices[case.device]
    if case.kind in ("short-aspirate", "thermocouple-break"):
        return f"{case.kind}@{case.device}:1"
    if counted_in(case.kind, settings) == "acts":
        nth = PLACES.get(case.device, (1, 1, 1))[case.place]
    else:
        nth = max(REQUESTS.get(case.device, 1) * (2 + case.place) // 3, 1)
    is_ailment = case.kind in ailments_of(emulator_for(settings))
    after = "" if not is_ailment else "+0" if case.device == "probe" else "+0.5"
    return f"{case.kind}@{case.device}:{nth}{after}"


def _told(events: list[Event], stopped_because: str) -> tuple[str, str]:
    """What was reported of the first trouble, in a few words, and what was decided in the end."""
    undecided = "not begun" if stopped_because else went_on(events)
    decided = next((str(e.data["decision"]) for e in events if e.kind == "task_failed"), undecided)
    whys = (e.data["why"] for e in events if e.kind in ("task_failed", "not_taken", "in_doubt", "reply_lost"))
    return _short(next(whys, "") or stopped_because or "nothing"), decided


def _short(why: str) -> str:
    noise = r",? it shows \{.*?\}|( to)? b'.*?'|( to)? b\".*?\"| Look at the bench; nothing was repeated\."
    text = re.sub(noise, "", why).strip()
    return text if len(text) <= 96 else f"{text[:95].rstrip()}…"


def _rows(outcomes: list[Outcome]) -> Iterator[list[str]]:
    groups: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[outcome.case.kind, outcome.case.model].append(outcome)
    for (kind, model), alike in sorted(groups.items()):
        struck = [outcome for outcome in alike if outcome.struck]
        shown = struck or alike
        reported, decided = Counter((each.reported, each.decided) for each in shown).most_common(1)[0][0]
        longest = max(shown, key=lambda each: each.ended_h)
        sums = [
            str(sum(getattr(each, name) for each in shown)) for name in ("repeated", "wrong", "unchecked", "astray")
        ]
        ended = f"{longest.ended_h:.1f} < {longest.limit_h:.1f}"
        if longest.ended_h >= longest.limit_h:
            ended = f"LATE {longest.ended_h:.1f}"
        yield [kind, model, f"{len(struck)}/{len(alike)}", reported, decided, *sums, ended]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--places", type=int, default=1, choices=(1, 2, 3))
    parser.add_argument("--kinds", default="", help="only these, with commas between")
    parser.add_argument("--markdown", action="store_true")
    wanted = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    todo = [case for case in cases(wanted.places) if not wanted.kinds or case.kind in wanted.kinds.split(",")]
    with ProcessPoolExecutor() as pool:
        done = track(pool.map(strike, todo), "striking", len(todo), console=Console(stderr=True))
        rows = list(_rows(list(done)))
    head = ["fault", "device", "struck", "reported", "decided", "repeated", "wrong", "unseen", "astray", "hours"]
    if wanted.markdown:
        for row in (head, ["---"] * len(head), *rows):
            print(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |")
        return
    table = Table(*head, title=f"{len(todo)} runs")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


if __name__ == "__main__":
    main()
