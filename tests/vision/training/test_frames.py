import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from vision.labelled.folder import LabelledFolder, LabelledPicture, LabelledWriter
from vision.labelled.folds import Fold
from vision.labelled.truth import IGNORE, PictureTruth, VesselTruth
from vision.state.vessel import Material
from vision.training.frames import Frames, Masked, without_vessels

SIZE = (120, 160)


@pytest.fixture
def frames(tmp_path: Path) -> Path:
    """Two frames: one with a capped tube and a mould, one with nothing."""
    folder = tmp_path / "frames"
    (folder / "images").mkdir(parents=True)
    states = {}
    for name in ("0001", "0002"):
        cv2.imwrite(str(folder / "images" / f"{name}.jpg"), np.full((*SIZE, 3), 128, np.uint8))
        states[f"{name}.jpg"] = {"camera": "arm", "station": f"rack {name}", "view": "top", "distance": "near"}
    states["0001.jpg"] |= {"tubes": [{"cap": "on", "content": "empty"}], "tubes_all_boxed": True}
    boxes = [(1, [40, 20, 20, 60]), (2, [40, 20, 20, 16]), (5, [100, 60, 40, 40])]
    coco = {
        "categories": [{"id": 1, "name": "test tube"}, {"id": 2, "name": "test tube cap"}, {"id": 5, "name": "mold"}],
        "images": [{"id": n, "file_name": f"images/000{n}.jpg", "width": 160, "height": 120} for n in (1, 2)],
        "annotations": [{"id": n, "image_id": 1, "category_id": kind, "bbox": box} for n, (kind, box) in enumerate(boxes)],
    }  # fmt: skip
    (folder / "states.json").write_text(json.dumps(states))
    (folder / "annotations.coco.json").write_text(json.dumps(coco))
    return folder


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    """The first frame, with the mask of the part of its tube that shows."""
    vessel = np.zeros(SIZE, np.uint8)
    vessel[22:50, 41:59] = 1
    truth = PictureTruth(name="sdl_0001", width=160, height=120, vessels=(VesselTruth(id=1),))
    writer = LabelledWriter(tmp_path / "photographs")
    writer.add(LabelledPicture(truth, np.full((*SIZE, 3), 128, np.uint8), vessel, vessel, None, None))
    writer.close()
    return tmp_path / "photographs"


def test_the_core_of_a_caps_box_is_cap(frames: Path) -> None:
    opened = Frames.open(frames)

    material = opened.load(opened.truths[0]).material

    assert material is not None
    assert material[28, 50] == Material.CAP
    assert material[60, 50] == IGNORE
    assert material[60, 5] == Material.BACKGROUND


def test_a_mould_is_no_vessel(frames: Path) -> None:
    opened = Frames.open(frames)

    assert [each.kind for each in opened.truths[0].vessels] == ["test tube"]


def test_frames_without_vessels_are_places_to_compose_into(frames: Path) -> None:
    assert [path.stem for path in without_vessels(frames, None)] == ["0002"]


def test_a_photograph_of_a_frame_has_its_pose_and_its_whole_box(frames: Path, photographs: Path) -> None:
    masked = Masked(LabelledFolder.open(photographs), Frames.open(frames))

    picture = masked.load(masked.truths[0])

    assert picture.truth.group == "arm, rack 0001, top, near"
    assert picture.truth.vessels[0].box_px == (40.0, 20.0, 60.0, 80.0)


def test_pictures_of_one_pose_lie_in_one_fold(frames: Path, photographs: Path) -> None:
    opened = Frames.open(frames)
    masked = Masked(LabelledFolder.open(photographs), opened)

    for fold in (Fold(number, 5) for number in range(1, 6)):
        assert fold.holds(opened.truths[0]) == fold.holds(masked.truths[0])
