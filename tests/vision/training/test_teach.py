from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from vision.errors import DataUnreadable, RunDiffers
from vision.labelled.folder import LabelledPicture, LabelledWriter
from vision.labelled.folds import Fold
from vision.segmentation import store
from vision.training.course import Course
from vision.training.teach import Material, train

MakePicture = Callable[..., LabelledPicture]


class Interrupted(Exception):
    pass


@pytest.fixture(scope="module", autouse=True)
def _one_core() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def photographs(make_picture: MakePicture, tmp_path: Path) -> Path:
    folder = tmp_path / "photographs"
    writer = LabelledWriter(folder)
    for left in range(10, 130, 12):
        writer.add(make_picture(left))
    writer.close()
    return folder


@pytest.fixture(autouse=True)
def _quick_temperatures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vision.training.teach.CALIBRATION_BATCHES", 1)


def _course(steps: int, **others: float) -> Course:
    return Course(steps=steps, batch=2, workers=0, view_px=64, **others)  # type: ignore[arg-type]


def test_a_run_that_was_broken_off_ends_with_the_same_weights(photographs: Path, tmp_path: Path) -> None:
    def interrupt(done: int, of: int, text: str) -> None:
        if done == 4:
            raise Interrupted

    def run(name: str, **others: object) -> bytes:
        train(tmp_path / name, Material([photographs]), _course(6, keep_every_s=0.0), **others)  # type: ignore[arg-type]
        return (tmp_path / name).read_bytes()

    straight = run("straight.safetensors")
    with pytest.raises(Interrupted):
        run("resumed.safetensors", progress=interrupt)
    resumed = run("resumed.safetensors")

    assert resumed == straight
    assert not (tmp_path / "resumed.checkpoint").exists()


def test_a_run_that_has_ended_goes_on_from_before_its_rest(photographs: Path, tmp_path: Path) -> None:
    out = tmp_path / "own.safetensors"
    train(out, Material([photographs]), _course(5))
    seen: list[int] = []

    train(out, Material([photographs]), _course(8), progress=lambda done, of, text: seen.append(done))

    assert seen == [5, 6, 7, 8]
    assert store.load(out)[1].learning.steps == 8


def test_a_run_on_other_data_is_not_gone_on_with(photographs: Path, tmp_path: Path) -> None:
    out = tmp_path / "own.safetensors"
    train(out, Material([photographs]), _course(5))

    with pytest.raises(RunDiffers, match="another seed"):
        train(out, Material([photographs]), _course(8), seed=4)


def test_a_fold_is_kept_back_and_scored(photographs: Path, tmp_path: Path) -> None:
    out = tmp_path / "own.safetensors"

    train(out, Material([photographs]), _course(5), fold=Fold(1, 2))

    record = store.load(out)[1]
    assert record.learning.fold == "1/2"
    assert 0 <= record.scores["photographs"]["iou_vessel"] <= 1


def test_weights_remember_those_they_started_from(photographs: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.safetensors", tmp_path / "second.safetensors"
    train(first, Material([photographs]), _course(5), seed=1)

    train(second, Material([photographs]), _course(5), seed=2, start=first)

    before = store.load(second)[1].learning.start
    assert before is not None
    assert before.seed == 1


def test_the_baseline_learns_from_the_same_lessons(photographs: Path, tmp_path: Path) -> None:
    out = tmp_path / "baseline.safetensors"

    train(out, Material([photographs]), _course(5), architecture="lr-aspp")

    assert store.load(out)[0].architecture == "lr-aspp"


def test_pictures_composed_on_the_fly_teach(make_picture: MakePicture, tmp_path: Path) -> None:
    def compose(rng: np.random.Generator) -> LabelledPicture:
        return make_picture(int(rng.integers(0, 150)), float(rng.random()))

    said: list[str] = []
    train(tmp_path / "own.safetensors", Material(composed={"boxes": (1.0, compose)}), _course(5),
          progress=lambda done, of, text: said.append(text))  # fmt: skip

    assert said[0].startswith("vessel ")


def test_nothing_to_learn_from_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataUnreadable, match="--photographs"):
        train(tmp_path / "own.safetensors", Material(), _course(5))
