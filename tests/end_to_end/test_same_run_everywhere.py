"""One seed, one journal: again, and over other wires."""

import json
from collections import defaultdict
from dataclasses import asdict

from .conftest import MakeRehearsal, Rehearsal


def by_task(run: Rehearsal) -> dict[str, list[str]]:
    """Each task's events without their times: devices that work side by side may be noted in either order."""
    told = defaultdict(list)
    for event in run.events():
        line = {key: value for key, value in asdict(event).items() if key not in ("seq", "time_s")}
        told[event.task].append(json.dumps(line, sort_keys=True))
    return dict(told)


def test_the_same_seed_gives_the_same_journal_byte_for_byte(rehearse: MakeRehearsal) -> None:
    runs = [rehearse(name, samples=3) for name in ("first", "second")]

    for run in runs:
        run.conduct()

    assert runs[0].folder.journal.read_bytes() == runs[1].folder.journal.read_bytes()
    assert runs[0].folder.world_log.read_bytes() == runs[1].folder.world_log.read_bytes()


def test_another_seed_gives_other_results(rehearse: MakeRehearsal) -> None:
    runs = [rehearse(f"seed-{seed}", seed=seed) for seed in (1, 2)]

    for run in runs:
        run.conduct()

    assert runs[0].results() != runs[1].results()


def test_pseudo_terminals_and_loopback_give_the_same_journal_but_for_times(rehearse: MakeRehearsal) -> None:
    over_pty, in_process = rehearse("pty", wires="pty", speed=300.0), rehearse("loopback")

    over_pty.conduct()
    in_process.conduct()

    assert len(over_pty.results()) == 2
    assert by_task(over_pty) == {
        task: [line.replace('"loopback"', '"pty"') for line in lines] for task, lines in by_task(in_process).items()
    }
