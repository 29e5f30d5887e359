"""Devices that fail in the midst of a run: it ends in time, repeats nothing, and believes nothing that is not so."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

from hardware_sim.laboratory import Laboratory
from planning.executor import Executor

from .conftest import MakeRehearsal, Rehearsal, faults_of

LONGEST_S = 3 * 3600.0
"""An undisturbed run of two films takes one hour; whatever fails, a firing is given up two hours late at most."""
TARGET_C, HOLD_MIN = 140, 20
SET_ASIDE, FINISHED = "set aside", "finished"


def assert_nothing_was_repeated(run: Rehearsal, truth: Laboratory) -> None:
    """What arm and pump received are the commands that the journal intends, save those proven not taken."""
    events = run.events()
    for device in ("arm", "pipette"):
        counts = Counter(event.kind for event in events if event.device == device)
        not_done = sum(event.data.get("outcome") == "not done" for event in events if event.device == device)
        assert sum(truth.counts()[device].values()) <= counts["intent"] - not_done - counts["not_taken"]


def assert_belief_is_true(executor: Executor, truth: Laboratory) -> None:
    """Films that were finished were fired as asked; nothing is lost; nothing heats on that can be told to stop."""
    plates = {name: sample.start["film"] for name, sample in executor.samples.items() if sample.status == FINISHED}
    heated = [effect for effect in truth.effects if effect["effect"] == "heated" and effect["anneal_c"] == TARGET_C]
    fired = [effect for effect in heated if abs(int(str(effect["anneal_min"])) - HOLD_MIN) <= 1]
    assert len(fired) >= len(plates)
    assert truth.state()["lost"] == []
    assert truth.emulator("furnace").state()["programme"] == "reset"


def conduct(run: Rehearsal, kind: str) -> Executor:
    """Conduct it, and hold truth against belief; return what the run believes."""
    run_over = run.conduct()
    truth = run.truth()
    truth.close()
    assert faults_of(truth) == [kind]
    assert run_over.clock.now_s() < LONGEST_S
    assert_nothing_was_repeated(run, truth)
    assert_belief_is_true(run_over.executor, truth)
    return run_over.executor


@pytest.mark.parametrize(
    "fault",
    ["sluggish@furnace:7+0", "overshoot@furnace:7+0", "door-open@furnace:7+0", "power-loss@furnace:7+1000",
     "setpoint-kept@furnace:1+0", "setpoint-clipped@furnace:1+0", "refusal@furnace:3+0"],
)  # fmt: skip
def test_a_firing_that_was_not_as_asked_costs_its_batch_only(rehearse: MakeRehearsal, fault: str) -> None:
    run = rehearse(samples=2, faults=fault)

    executor = conduct(run, fault.partition("@")[0])

    assert executor.stopped_because == ""
    assert run.statuses() == {"s001": SET_ASIDE, "s002": SET_ASIDE}


@pytest.mark.parametrize(
    ("fault", "asks"),
    [("runaway@furnace:7+900", "cut-out"), ("thermocouple-frozen@furnace:7+100", "thermocouple"),
     ("thermocouple-reversed@furnace:7+100", "thermocouple"), ("thermocouple-reversed@furnace:8+10", "thermocouple")],
)  # fmt: skip
def test_a_furnace_out_of_control_is_stopped_and_a_person_is_told(
    rehearse: MakeRehearsal, fault: str, asks: str
) -> None:
    run = rehearse(samples=2, faults=fault)

    executor = conduct(run, fault.partition("@")[0])

    assert asks in executor.stopped_because
    assert run.statuses() == {}  # still under way: somebody has to look before anything moves


def test_after_a_person_has_looked_the_batch_of_a_runaway_is_set_aside(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=2, faults="runaway@furnace:7+900")
    looks = 0

    stopped = bool(run.conduct().executor.stopped_because)
    while stopped and looks < 3:  # it heats on until its own trip opens
        stopped = bool(run.conduct(resume=True).executor.stopped_because)
        looks += 1

    assert run.statuses() == {"s001": SET_ASIDE, "s002": SET_ASIDE}


def test_a_furnace_that_refuses_to_be_switched_off_awaits_a_person_and_works_again(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=5, faults="refusal@furnace:7+30")

    stopped = run.conduct().executor.stopped_because
    over = run.conduct(resume=True)

    assert "will not be switched off" in stopped
    assert over.executor.stopped_because == ""
    struck, spared = run.batches()
    assert run.statuses() == {**dict.fromkeys(struck, SET_ASIDE), **dict.fromkeys(spared, FINISHED)}


@pytest.mark.parametrize("kind", ["plunger-overload", "valve-jam", "power-loss"])
def test_a_pump_that_lost_its_home_is_emptied_once_and_its_sample_given_up(rehearse: MakeRehearsal, kind: str) -> None:
    run = rehearse(samples=2, faults=f"{kind}@pipette:9+0.5")

    executor = conduct(run, kind)

    homings = [event for event in run.events() if event.data.get("verb") == "start_initialising"]
    assert executor.stopped_because == ""
    assert len(homings) == 2
    assert run.statuses() == {"s001": SET_ASIDE, "s002": FINISHED}


def test_a_pump_that_loses_its_home_twice_awaits_a_person(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=2, faults="plunger-overload@pipette:9+0.5,valve-jam@pipette:30+0.5")

    executor = run.conduct().executor

    assert "valve stalled" in executor.stopped_because


@pytest.mark.parametrize("fault", ["busy@pipette:9+0", "busy@furnace:7+30"])
def test_a_device_without_time_is_waited_for(rehearse: MakeRehearsal, fault: str) -> None:
    run = rehearse(samples=2, faults=fault)

    conduct(run, "busy")

    assert run.statuses() == {"s001": FINISHED, "s002": FINISHED}


@pytest.mark.parametrize("fault", ["open-probe@probe:1+0", "refusal@probe:1+0"])
def test_a_film_that_cannot_be_measured_is_given_up_and_the_bench_goes_on(rehearse: MakeRehearsal, fault: str) -> None:
    run = rehearse(samples=2, faults=fault)

    executor = conduct(run, fault.partition("@")[0])

    assert executor.stopped_because == ""
    assert SET_ASIDE in run.statuses().values()


def test_a_camera_that_goes_dark_costs_a_sample_and_no_belief(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1, faults="dark@side_camera:2+0", vision=True)

    conduct(run, "dark")

    assert run.statuses() == {"s001": SET_ASIDE}


def test_a_stall_on_a_line_full_of_noise_is_still_told_from_it(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1, faults="plunger-overload@pipette:9+0.5,local-echo@pipette:40,garbage@pipette:42")

    run.conduct()

    truth = run.truth()
    truth.close()
    assert set(faults_of(truth)) == {"plunger-overload", "local-echo", "garbage"}
    assert_nothing_was_repeated(run, truth)
    assert run.statuses() == {"s001": SET_ASIDE}


@pytest.mark.parametrize("device", ["arm", "pipette", "furnace"])
def test_a_late_answer_and_one_of_another_device_are_credited_to_nothing(rehearse: MakeRehearsal, device: str) -> None:
    undisturbed = rehearse("undisturbed", samples=1)
    run = rehearse("struck", samples=1, faults=f"late-reply@{device}:60,foreign-reply@{device}:61")
    undisturbed.conduct()

    run.conduct()

    truth = run.truth()
    truth.close()
    assert set(faults_of(truth)) == {"late-reply", "foreign-reply"}
    assert run.acts() == undisturbed.acts()
    assert run.results() == undisturbed.results()


def test_kill_9_while_a_relay_is_welded_and_the_bench_lives_on(rehearse: MakeRehearsal) -> None:
    run = rehearse("killed", samples=1, wires="pty", speed=300.0, faults="runaway@furnace:7+200")
    engine = subprocess.Popen(
        [sys.executable, "-c", "import sys; from console.runfolder import RunFolder; from console.runs import go_on; "
         "from pathlib import Path; go_on(RunFolder(Path(sys.argv[1])))", str(run.folder.path)],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    while not run.folder.world_log.exists() or '"runaway"' not in run.folder.world_log.read_text():
        time.sleep(0.02)  # another process, on wall time
    os.kill(engine.pid, signal.SIGKILL)
    engine.wait()

    executor = run.conduct(resume=True).executor

    truth = run.truth()
    truth.close()
    assert executor.stopped_because or run.statuses() == {"s001": SET_ASIDE}
    assert truth.emulator("furnace").state()["programme"] == "reset"
