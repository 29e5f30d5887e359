"""Random search on a simulated bench, for the report to compare with."""

import json
from pathlib import Path

import pytest
import yaml

from console.chance import RUNS, write_chance
from console.runfolder import RunFolder, Setup

BENCH = Path(__file__).parents[2] / "examples" / "film_bench"


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    folder = RunFolder.create(tmp_path, BENCH / "lab.yaml", BENCH / "protocol.yaml", BENCH / "campaign.yaml")
    question = yaml.safe_load(folder.campaign.read_text(encoding="utf-8"))
    question["budget"]["samples"] = 3
    folder.campaign.write_text(yaml.safe_dump(question), encoding="utf-8")
    folder.write_setup(Setup(seed=3))
    return folder


def test_as_many_samples_are_drawn_as_the_campaign_may_make(folder: RunFolder) -> None:
    path = write_chance(folder)

    assert path is not None
    runs = json.loads(path.read_text(encoding="utf-8"))
    assert [len(run) for run in runs] == [3] * RUNS
    assert all(value > 0 for run in runs for value in run)


def test_the_same_seed_draws_the_same(folder: RunFolder) -> None:
    first, again = (write_chance(folder) for _ in range(2))

    assert first is not None
    assert again is not None
    assert first.read_bytes() == again.read_bytes()


def test_a_real_bench_is_not_compared_with_a_simulated_one(folder: RunFolder) -> None:
    folder.write_setup(Setup(wires="real"))

    assert write_chance(folder) is None
