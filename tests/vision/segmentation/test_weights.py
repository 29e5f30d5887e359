import hashlib
import json
import pickle
from pathlib import Path

import pytest

from vision.errors import WeightsDamaged
from vision.segmentation.model import VesselNet
from vision.segmentation.weights import SHIPPED, Calibration, Training, add_scores, load, save

ORIGIN = Training(data_seed=1, pictures=2, seed=3, epochs=4, commit="unknown", date="2026-11-22", torch="2")


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "vessels.safetensors"
    save(VesselNet(), path, ORIGIN, Calibration(), {})
    return path


def with_checksum(path: Path) -> None:
    """Let the record agree with whatever the file holds."""
    record = path.with_suffix(".json")
    facts = json.loads(record.read_text()) | {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    record.write_text(json.dumps(facts))


def test_the_shipped_weights_are_small_and_tell_how_they_came_about() -> None:
    _, record = load()

    assert SHIPPED.stat().st_size < 2_000_000
    assert len(record.training.commit) == 40
    assert record.scores


def test_what_was_saved_is_loaded(weights: Path) -> None:
    network, record = load(weights)

    assert record.training == ORIGIN
    assert not network.training


def test_altered_weights_are_refused(weights: Path) -> None:
    content = bytearray(weights.read_bytes())
    content[-100] ^= 1
    weights.write_bytes(content)

    with pytest.raises(WeightsDamaged, match="checksum"):
        load(weights)


def test_a_pickle_is_refused_even_with_the_right_checksum(weights: Path) -> None:
    weights.write_bytes(pickle.dumps({"classify.weight": [1.0]}))
    with_checksum(weights)

    with pytest.raises(WeightsDamaged, match="do not fit"):
        load(weights)


def test_weights_of_another_network_are_refused(weights: Path) -> None:
    record = weights.with_suffix(".json")
    record.write_text(json.dumps(json.loads(record.read_text()) | {"architecture": "other"}))

    with pytest.raises(WeightsDamaged, match="other"):
        load(weights)


def test_missing_weights_and_missing_records_are_refused_by_name(weights: Path) -> None:
    weights.unlink()
    with pytest.raises(WeightsDamaged, match=r"vessels\.safetensors"):
        load(weights)

    weights.with_suffix(".json").unlink()
    with pytest.raises(WeightsDamaged, match=r"vessels\.json"):
        load(weights)


def test_scores_can_be_added_to_the_record(weights: Path) -> None:
    add_scores(weights, {"real photographs": {"iou_vessel": 0.5}})

    assert load(weights)[1].scores == {"real photographs": {"iou_vessel": 0.5}}
