from pathlib import Path

import pytest

from vision.errors import DataUnreadable
from vision.segmentation.weights import load
from vision.training.photographs import score_photographs

PHOTOGRAPHS = Path(__file__).parents[4] / "shared" / "data" / "vision" / "vessel_masks"


@pytest.mark.skipif(not PHOTOGRAPHS.is_dir(), reason="the labelled photographs are not beside this repository")
def test_real_photographs_are_scored_by_class() -> None:
    scores = score_photographs(load()[0], PHOTOGRAPHS)

    assert scores["pictures"] > 50
    assert 0 <= scores["iou_vessel"] <= 1


def test_a_folder_without_photographs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataUnreadable):
        score_photographs(load()[0], tmp_path)
