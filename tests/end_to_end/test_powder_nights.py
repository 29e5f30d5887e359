"""Whole runs on the powder bench: who shares a furnace, what the diffractometer saw, what happens when devices fail."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from console.audit import audit
from console.compose import Conducted
from console.runfolder import RunFolder, Setup

from .conftest import Rehearsal

BENCH = Path(__file__).parents[2] / "examples" / "powder_bench"
SPINEL = "LiMn2O4"
HOT, HOTTER = {"fire_c": 800, "hold_min": 120}, {"fire_c": 900, "hold_min": 120}


def night(folder: Path, *samples: dict[str, Any], faults: str = "") -> Rehearsal:
    """A run of the example's protocol, without eyes, with two of the box furnaces."""
    lab = folder.with_name(f"{folder.name}.lab.yaml")
    text = (BENCH / "lab.yaml").read_text(encoding="utf-8")
    lab.write_text(text.replace("[box_1, box_2, box_3, box_4]", "[box_1, box_2]"), encoding="utf-8")
    run = RunFolder.create(folder, lab, BENCH / "protocol.yaml", None)
    run.write_setup(Setup(seed=7, faults=faults, vision=False, samples=list(samples)))
    return Rehearsal(run)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rehearsal, Conducted]:
    """Four crucibles, two programmes."""
    run = night(tmp_path_factory.mktemp("powder") / "run", HOT, HOTTER, HOT, HOTTER)
    return run, run.conduct()


def firings(run: Rehearsal) -> list[str]:
    """Who was fired together."""
    return [
        event.sample for event in run.events() if event.kind == "task_started" and event.task.endswith(".heat.heat")
    ]


def reacted(run: Rehearsal) -> dict[str, dict[str, float]]:
    """What truly came out of the furnaces, in mg by phase, by crucible."""
    lines = map(json.loads, run.folder.world_log.read_text(encoding="utf-8").splitlines())
    return {line["vessel"]: line["powder_mg"] for line in lines if line.get("effect") == "reacted"}


def test_crucibles_whose_programmes_agree_share_a_furnace(undisturbed: tuple[Rehearsal, Conducted]) -> None:
    run, _ = undisturbed

    assert [*run.statuses().values()] == ["finished"] * 4
    assert sorted(firings(run)) == ["s001,s003", "s002,s004"]


def test_success_is_what_the_diffractometer_saw_and_near_the_truth(undisturbed: tuple[Rehearsal, Conducted]) -> None:
    run, conducted = undisturbed
    reacted_mg = reacted(run)

    for name, sample in conducted.executor.samples.items():
        crucible = sample.start["crucible"]
        phases_mg = reacted_mg[f"{crucible.site}-{crucible.place}"]
        true = phases_mg[SPINEL] / sum(phases_mg.values())
        assert sample.results["spinel"] == pytest.approx(true, abs=0.06), name


def test_nothing_is_lost_nothing_done_twice_and_both_arms_work(undisturbed: tuple[Rehearsal, Conducted]) -> None:
    run, conducted = undisturbed

    found = audit(conducted)

    moves = Counter(event.device for event in run.events() if event.kind == "done" and event.device.endswith("_arm"))
    assert (found.wrong, found.unchecked, found.repeated, found.astray) == ((), (), {}, ())
    assert min(moves["lab_arm"], moves["furnace_arm"]) > 0


@pytest.mark.parametrize(
    ("faults", "ended"),
    [
        ("power-loss@handler:1+30, lost-reply@lab_arm:20", ["finished", "set aside"]),
        ("lost-reply@lab_arm:20, lost-reply@furnace_arm:6, lost-reply@doser:2", ["finished", "finished"]),
    ],
)
def test_faults_cost_one_crucible_at_most(tmp_path: Path, faults: str, ended: list[str]) -> None:
    run = night(tmp_path / "run", HOT, HOT, faults=faults)

    found = audit(run.conduct())

    assert sorted(run.statuses().values()) == ended
    assert len(found.struck) == len(faults.split(","))
    assert (found.wrong, found.repeated, found.astray) == ((), {}, ())
