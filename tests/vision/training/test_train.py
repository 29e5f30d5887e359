from pathlib import Path

import pytest

from vision.errors import DataUnreadable
from vision.segmentation.weights import SHIPPED, load
from vision.training.evaluate import evaluate
from vision.training.train import train


class Interrupted(Exception):
    pass


def test_training_lowers_the_loss_and_leaves_weights_with_a_record(renders: Path, tmp_path: Path) -> None:
    losses = []

    def note(done: int, of: int, text: str) -> None:
        losses.append(float(text.split()[1].rstrip(",")))

    train(renders, tmp_path / "own.safetensors", seed=1, epochs=6, progress=note)

    assert sum(losses[-3:]) < 0.9 * sum(losses[:3])
    assert load(tmp_path / "own.safetensors")[1].training.epochs == 6


def test_a_run_that_was_broken_off_ends_with_the_same_weights(renders: Path, tmp_path: Path) -> None:
    def interrupt(done: int, of: int, text: str) -> None:
        if done > of / 2:
            raise Interrupted

    straight, resumed = tmp_path / "straight.safetensors", tmp_path / "resumed.safetensors"
    train(renders, straight, seed=1, epochs=2)
    with pytest.raises(Interrupted):
        train(renders, resumed, seed=1, epochs=2, progress=interrupt)
    steps: list[int] = []
    train(renders, resumed, seed=1, epochs=2, progress=lambda done, of, text: steps.append(done))

    assert resumed.read_bytes() == straight.read_bytes()
    assert steps == [3, 4]
    assert not resumed.with_suffix(".checkpoint").exists()


def test_shipped_weights_score_well_on_fresh_renders(renders: Path) -> None:
    scores = evaluate(SHIPPED, renders)["all"]

    assert scores["iou_any_liquid"] > 0.85
    assert scores["presence_accuracy"] > 0.9
    assert scores["fill_error_median"] < 0.02


def test_a_folder_without_an_index_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataUnreadable, match="athanor vision render"):
        train(tmp_path, tmp_path / "own.safetensors", seed=1, epochs=1)


def test_training_goes_on_from_given_weights_and_remembers_theirs(renders: Path, tmp_path: Path) -> None:
    train(renders, tmp_path / "first.safetensors", seed=1, epochs=1)
    train(renders, tmp_path / "second.safetensors", seed=2, epochs=1, start=tmp_path / "first.safetensors")

    _, record = load(tmp_path / "second.safetensors")

    assert record.training.start is not None
    assert record.training.start.seed == 1
