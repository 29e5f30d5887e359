from pathlib import Path

import numpy as np
import pytest
import torch

from vision.errors import WeightsDamaged
from vision.eyes import Eyes
from vision.frame import Frame
from vision.segmentation import store
from vision.segmentation.closer import PARTS
from vision.segmentation.decode import belonging, decode
from vision.segmentation.runtime import by_torch, runner
from vision.segmentation.seen import KINDS
from vision.segmentation.sight import TrainedSight, fit
from vision.segmentation.store import Learning, Networks

MEBIBYTE = 1 << 20


@pytest.fixture(scope="module")
def networks() -> Networks:
    torch.set_num_threads(1)
    return Networks.new("plain-fpn-2", seed=1).eval()


@pytest.fixture
def learning() -> Learning:
    return Learning(data={"none": "at all"}, seed=1, steps=0, pictures=0, fold=None, commit="", date="", torch="")


def _planes(*middles: tuple[int, int, float]) -> np.ndarray:
    """Planes of 24 x 32 cells with boxes of 6 x 10 cells around some middles, of some logits."""
    planes = np.zeros((17, 24, 32), np.float32)
    planes[[0, 10]] = -9.0
    planes[11:15] = np.log(np.array([3.0, 5.0, 3.0, 5.0]))[:, None, None]
    for y, x, logit in middles:
        planes[10, y, x] = logit
        planes[0, y - 5 : y + 5, x - 3 : x + 3] = 5.0
        rows, columns = np.mgrid[y - 5 : y + 5, x - 3 : x + 3]
        planes[15, y - 5 : y + 5, x - 3 : x + 3] = x - columns
        planes[16, y - 5 : y + 5, x - 3 : x + 3] = y - rows
    return planes


def test_both_networks_fit_into_ten_megabytes(networks: Networks) -> None:
    assert len(store.half_precision(networks)) < 10 * MEBIBYTE


def test_a_picture_of_any_shape_is_seen_in_its_own_proportions(networks: Networks) -> None:
    sight = TrainedSight.of(networks, {}, threads=1)

    seen = sight.see(np.zeros((90, 300, 3), np.uint8))

    assert seen.vessel.shape == (round(90 / seen.cell_px), round(300 / seen.cell_px))
    assert np.allclose(seen.material.sum(axis=0), 1, atol=1e-5)


def test_a_view_is_padded_to_whole_strides() -> None:
    view, scale = fit(np.zeros((480, 640, 3), np.uint8))

    assert view.shape == (384, 512, 3)
    assert scale == 0.8


def test_onnxruntime_says_what_torch_says(networks: Networks) -> None:
    rng = np.random.default_rng(2)
    for part, shape in (("picture", (1, 3, 96, 128)), ("crop", (3, 4, 160, 128))):
        batch = rng.random(shape, np.float32)
        network = networks.items()[part]

        for ours, theirs in zip(by_torch(network)(batch), runner(network, part, threads=1)(batch), strict=True):
            assert np.abs(ours - theirs).max() < 1e-3


def test_a_peak_becomes_a_box() -> None:
    seen = decode(_planes((12, 10, 3.0)), 5.0, {})

    assert seen.boxes[0].px == pytest.approx((37.5, 37.5, 67.5, 87.5))
    assert len(seen.boxes) == 1


def test_of_two_boxes_of_one_vessel_the_better_stays() -> None:
    seen = decode(_planes((11, 10, 1.0), (13, 10, 3.0)), 5.0, {})

    assert len(seen.boxes) == 1
    assert seen.boxes[0].score > 0.9


def test_cells_belong_to_the_vessel_whose_middle_they_point_to() -> None:
    seen = decode(_planes((12, 10, 3.0), (12, 17, 2.0)), 4.0, {})

    owner = belonging(seen)

    assert owner[12, 9] == 0
    assert owner[12, 16] == 1
    assert owner[2, 30] == -1


def test_a_closer_look_says_all_of_each_vessel(networks: Networks) -> None:
    sight = TrainedSight.of(networks, {}, threads=1)
    picture = np.random.default_rng(1).integers(0, 255, (96, 128, 3), np.uint8)
    seen = decode(_planes((12, 10, 3.0), (12, 20, 2.0)), 4.0, {})

    closer = sight.look_closer(picture, seen, seen.boxes)

    assert len(closer) == 2
    assert closer[0].content.sum() == pytest.approx(1)
    assert closer[0].kind.shape == (len(KINDS),)
    assert 0 < closer[0].fill_height[0] < 1
    assert closer[0].vessel.shape == (80, 64)


def test_without_boxes_there_is_nothing_to_look_at(networks: Networks) -> None:
    sight = TrainedSight.of(networks, {}, threads=1)
    picture = np.zeros((96, 128, 3), np.uint8)

    assert sight.look_closer(picture, sight.see(picture), ()) == ()


def test_what_was_stored_is_what_is_loaded(networks: Networks, learning: Learning, tmp_path: Path) -> None:
    store.save(networks, tmp_path / "own.safetensors", learning, {"cap": 1.5}, {})

    loaded, record = store.load(tmp_path / "own.safetensors")

    assert store.half_precision(loaded) == store.half_precision(networks)
    assert record.temperatures == {"cap": 1.5}


def test_altered_weights_are_refused(networks: Networks, learning: Learning, tmp_path: Path) -> None:
    path = tmp_path / "own.safetensors"
    store.save(networks, path, learning, {}, {})
    path.write_bytes(path.read_bytes()[:-1] + b"x")

    with pytest.raises(WeightsDamaged, match="checksum"):
        store.load(path)


def test_weights_without_a_record_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsDamaged, match="record"):
        store.load(tmp_path / "none.safetensors")


def test_a_hot_head_is_less_sure() -> None:
    planes = _planes((12, 10, 3.0))

    assert decode(planes, 4.0, {"vessel": 4.0}).vessel.max() < decode(planes, 4.0, {}).vessel.max()


def test_states_are_as_many_as_their_parts() -> None:
    assert sum(PARTS.values()) == 47


def test_eyes_open_weights_of_both_networks_and_trust_them_as_their_record_says(
    networks: Networks, learning: Learning, tmp_path: Path
) -> None:
    path = tmp_path / "eyes.safetensors"
    store.save(networks, path, learning, {}, {})

    eyes = Eyes.load(path)
    reading, masks = eyes.read(Frame(np.full((120, 160, 3), 128, np.uint8), "a wall", 0.0))

    assert eyes.trust == store.TRUST
    assert masks.vessel.max() <= len(reading.vessels)


def test_eyes_without_a_readable_record_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsDamaged, match="record"):
        Eyes.load(tmp_path / "eyes.safetensors")
