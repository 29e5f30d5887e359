import json
from pathlib import Path

import cv2
import numpy as np

from hardware_sim.render.truth import write_dataset

COUNT = 24


def test_the_same_seed_writes_the_same_files(tmp_path: Path) -> None:
    for name in ("first", "second"):
        write_dataset(tmp_path / name, 3, seed=4)

    for path in sorted((tmp_path / "first").rglob("*.*")):
        assert path.read_bytes() == (tmp_path / "second" / path.relative_to(tmp_path / "first")).read_bytes()


def test_index_and_masks_tell_the_same_truth(tmp_path: Path) -> None:
    write_dataset(tmp_path, COUNT, seed=4)

    index = json.loads((tmp_path / "index.json").read_text())

    assert len(index["pictures"]) == COUNT
    for truth in index["pictures"]:
        seen = set(np.unique(cv2.imread(str(tmp_path / truth["mask"]), cv2.IMREAD_GRAYSCALE)))
        assert (seen != {0}) == truth["present"]
        assert bool(seen & {2, 3, 4}) == (truth["content"] in ("liquid", "solid"))


def test_progress_is_told_after_each_picture(tmp_path: Path) -> None:
    told = []

    write_dataset(tmp_path, 3, seed=4, progress=lambda done, of, text: told.append((done, of)))

    assert told == [(1, 3), (2, 3), (3, 3)]
