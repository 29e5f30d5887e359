"""An engine that dies at any moment: nothing is lost, nothing is done twice."""

import os
import signal
import subprocess
import sys
import time

import pytest

from .conftest import MakeRehearsal, Rehearsal, after

POINTS = (3, 16, 183, 372, 374, 570)
"""After which events to die: near the start, in a dose, a carry, around the furnace's start, and near the end.

All others: `test_killed_everywhere.py`. Here the bench dies, too, and is built again from its own record.
"""


def assert_as_if_undisturbed(run: Rehearsal, undisturbed: Rehearsal) -> None:
    """The same samples with the same results, and on the far side of the wires the same number of each command.

    A measurement may be read again: it changes nothing, and its noise is new.
    """
    ours, theirs = run.results(), undisturbed.results()
    assert run.statuses() == undisturbed.statuses()
    for name, (_, result) in ours.items():
        assert result["conductivity_s_per_cm"] == pytest.approx(theirs[name][1]["conductivity_s_per_cm"], rel=0.01)
    our_acts, their_acts = run.acts(), undisturbed.acts()
    for device in ("arm", "pipette", "furnace"):
        assert our_acts[device] == their_acts[device]


@pytest.mark.parametrize("seq", POINTS)
def test_a_run_that_died_goes_on_without_repeating_or_losing_anything(rehearse: MakeRehearsal, seq: int) -> None:
    undisturbed, run = rehearse("undisturbed"), rehearse("crashed")
    undisturbed.conduct()
    run.conduct_and_die(after(seq))

    run.conduct(resume=True)

    assert_as_if_undisturbed(run, undisturbed)


def test_a_run_that_died_twice_goes_on(rehearse: MakeRehearsal) -> None:
    undisturbed, run = rehearse("undisturbed"), rehearse("crashed")
    undisturbed.conduct()
    run.conduct_and_die(after(200))
    run.conduct_and_die(after(300), resume=True)

    run.conduct(resume=True)

    assert_as_if_undisturbed(run, undisturbed)


def test_kill_9_while_the_bench_lives_on_behind_pseudo_terminals(rehearse: MakeRehearsal) -> None:
    undisturbed, run = rehearse("undisturbed"), rehearse("killed", wires="pty", speed=300.0)
    undisturbed.conduct()
    engine = subprocess.Popen(
        [sys.executable, "-c", "import sys; from console.runfolder import RunFolder; from console.runs import go_on; "
         "from pathlib import Path; go_on(RunFolder(Path(sys.argv[1])))", str(run.folder.path)],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    while not run.folder.world_log.exists() or run.folder.world_log.read_text().count("\n") < 900:
        time.sleep(0.02)  # another process, on wall time
    os.kill(engine.pid, signal.SIGKILL)
    engine.wait()

    run.conduct(resume=True)

    assert_as_if_undisturbed(run, undisturbed)
